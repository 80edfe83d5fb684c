"""Spreadsheets for tests, written part by part so that a test can spoil any part of them."""

import io
import zipfile
from datetime import date
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACK = "http://schemas.openxmlformats.org/package/2006/relationships"
HEADINGS = [
    "STT", "Họ và tên (*)", "Ngày sinh (*) (dd/mm/yyyy)", "Giới tính (*) (Nam/Nữ)",
    "Nhóm đối tượng (*) (mã 1–16)", "Số điện thoại (*)", "CMND/CCCD/Hộ chiếu (*)", "Ghi chú",
]  # fmt: skip
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts><font/></fonts><fills><fill/></fills>'
    "<borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs>"
    '<cellXfs><xf/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


class Error(str):
    """A cell that shows an error, like #N/A."""


def cell(value) -> str:
    """A text, number or date as a spreadsheet keeps it."""
    if isinstance(value, date):
        return f'<c s="1"><v>{(value - date(1899, 12, 30)).days}</v></c>'
    if isinstance(value, Error):
        return f'<c t="e"><v>{value}</v></c>'
    if isinstance(value, (int, float)):
        return f"<c><v>{value}</v></c>"
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def sheet(rows) -> str:
    """The rows of cells as the XML of a sheet."""
    return "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)


class _Package(zipfile.ZipFile):
    """Parts without the time of day: the same rows are the same file. `spoilt`: names of parts
    that are written last, by hand."""

    spoilt = ()

    def writestr(self, name, data):
        if name in self.spoilt:
            return
        part = zipfile.ZipInfo(name)
        part.compress_type = self.compression
        super().writestr(part, data)


def xlsx(rows=(), xml=None, sheets=None, **parts) -> bytes:
    """A workbook of one sheet, or of several in `sheets` (name → rows); `xml`: rows written by
    hand; `parts`: further files in the package."""
    bodies = [xml if xml is not None else sheet(rows)]
    names = ["Danh sách"]
    if sheets:
        names, bodies = list(sheets), [sheet(part) for part in sheets.values()]
    numbers = range(1, len(names) + 1)
    file = io.BytesIO()
    with _Package(file, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.spoilt = parts
        listed = "".join(
            f'<sheet name="{escape(name)}" sheetId="{n}" r:id="r{n}"/>'
            for n, name in zip(numbers, names, strict=True)
        )
        links = "".join(
            f'<Relationship Id="r{n}" Type="{REL}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in numbers
        )
        links += f'<Relationship Id="s" Type="{REL}/styles" Target="styles.xml"/>'
        pack.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACK}"><Relationship Id="r1" Type="{REL}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        pack.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets>{listed}</sheets></workbook>',
        )
        pack.writestr(
            "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{PACK}">{links}</Relationships>'
        )
        pack.writestr("xl/styles.xml", STYLES)
        for n, body in zip(numbers, bodies, strict=True):
            pack.writestr(
                f"xl/worksheets/sheet{n}.xml",
                f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>',
            )
        pack.spoilt = ()
        for name, content in parts.items():
            pack.writestr(name, content)
    return file.getvalue()


def csv(rows, comma=",", encoding="utf-8-sig") -> bytes:
    """The rows as a text file."""
    lines = (comma.join(f'"{text}"' if comma in text else text for text in row) for row in rows)
    return "\r\n".join(lines).encode(encoding)
