"""A small spreadsheet of text cells, written without a library."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACK = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACK}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACK}/relationships"><Relationship Id="r1" '
    f'Type="{_REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACK}/relationships">'
    f'<Relationship Id="r1" Type="{_REL}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{_REL}/styles" Target="styles.xml"/></Relationships>',
    # Number format 49 is text: a spreadsheet then keeps the zeros in front of what is typed.
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts>'
    '<fills count="1"><fill/></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf/><xf numFmtId="49" applyNumberFormat="1"/></cellXfs></styleSheet>',
}


def safe(text: str) -> str:
    """`text` so that no spreadsheet program takes it for a formula (OWASP: CSV injection)."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def xlsx(title: str, rows: Iterable[Sequence[str]], columns: int = 40, width: int = 20) -> bytes:
    """The rows as an .xlsx file with one sheet of text cells."""
    lines = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
    sheet = (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><cols><col min="1" max="{columns}" width="{width}" '
        f'style="1" customWidth="1"/></cols><sheetData>{lines}</sheetData></worksheet>'
    )
    book = (
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>'
        f'<sheet name="{escape(title)}" sheetId="1" r:id="r1"/></sheets></workbook>'
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, text in _PARTS.items():
            pack.writestr(name, _HEAD + text)
        pack.writestr("xl/workbook.xml", book)
        pack.writestr("xl/worksheets/sheet1.xml", sheet)
    return file.getvalue()


def _cell(text: str) -> str:
    return f'<c t="inlineStr" s="1"><is><t xml:space="preserve">{escape(safe(text))}</t></is></c>'
