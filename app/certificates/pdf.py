"""Certificates of many people as one PDF: a page each, or eight cards to a page. Nothing is
fetched here; at most rules.PART of them go into one file (docs/decisions/bulk-pdf.md)."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path

from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from app.certificates import qr
from app.certificates.rules import Paper
from app.certificates.rules.paper import Value

rl_config.useA85 = 0  # streams as bytes: half the time, four fifths of the size
DATA = Path(__file__).parent / "data"
REGULAR, BOLD = "SoTiem", "SoTiemBold"
LEFT, RIGHT, TOP = 15 * mm, A4[0] - 15 * mm, A4[1] - 15 * mm
CARD = (85.6 * mm, 54 * mm)  # ISO/IEC 7810 ID-1
COLUMNS = 2
DARK = re.compile(rb"\x01+")
LAYOUTS = ("a4", "wallet")
PER_PAGE = {"a4": 1, "wallet": 8}


@cache
def _fonts() -> None:
    registerFont(TTFont(REGULAR, DATA / "DejaVuSans-vi.ttf"))
    registerFont(TTFont(BOLD, DATA / "DejaVuSans-Bold-vi.ttf"))


def document(papers: Sequence[Paper], layout: str, site: str) -> bytes:
    """The PDF. layout: of LAYOUTS; site: where a certificate is verified, as people type it."""
    _fonts()
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4, pageCompression=1, invariant=1, lang="vi")
    canvas.setTitle("Chứng nhận tiêm chủng COVID-19 / COVID-19 vaccination certificates")
    each = PER_PAGE[layout]
    draw: Callable[[Canvas, Paper, str, int], None] = _page if layout == "a4" else _card
    for at in range(0, len(papers), each):
        for place, paper in enumerate(papers[at : at + each]):
            draw(canvas, paper, site, place)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _page(canvas: Canvas, paper: Paper, site: str, _place: int) -> None:
    y = TOP
    for text, font, size in (
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", BOLD, 11),
        ("Độc lập – Tự do – Hạnh phúc", BOLD, 11),
        ("BỘ Y TẾ / MINISTRY OF HEALTH OF VIET NAM", BOLD, 11),
        ("CHỨNG NHẬN TIÊM CHỦNG COVID-19", BOLD, 16),
        ("COVID-19 VACCINATION CERTIFICATE", BOLD, 11),
    ):
        y -= size * 1.5
        canvas.setFont(font, size)
        canvas.drawCentredString(A4[0] / 2, y, text)
    y = _rows(canvas, paper, y - 5 * mm)
    _below(canvas, paper, site, y - 5 * mm)


def _rows(canvas: Canvas, paper: Paper, y: float) -> float:
    """The table of the fields, from `y` down; where it ends."""
    label, value = LEFT + 10 * mm, LEFT + 69 * mm
    for field in paper.fields:
        told = [(line, BOLD) for line in _lines(_both(field.value), BOLD, 9, RIGHT - value)]
        if field.number == 1:
            told += [(one, REGULAR) for one in _lines(paper.said.latin, REGULAR, 9, RIGHT - value)]
        height = 13 * max(2, len(told)) + 5
        canvas.line(LEFT, y, RIGHT, y)
        _text(canvas, LEFT + 4, y, [(str(field.number), BOLD)], 10)
        _text(canvas, label, y, [(field.vi, REGULAR), (field.en, REGULAR)], 9)
        _text(canvas, value, y, told, 9)
        y -= height
    canvas.line(LEFT, y, RIGHT, y)
    return y


def _below(canvas: Canvas, paper: Paper, site: str, y: float) -> None:
    """The QR, and beside it until when and with what it counts."""
    side = _qr(canvas, paper.code, LEFT, y, qr.ON_A4)
    told = [
        ("Có giá trị đến / Valid until", REGULAR), (_day(paper), BOLD), ("", REGULAR),
        ("Chỉ có giá trị khi xuất trình cùng giấy tờ tùy thân", REGULAR),
        ("của người được chứng nhận.", REGULAR),
        ("Valid only together with an identity document of the holder.", REGULAR), ("", REGULAR),
        (f"Kiểm tra: quét mã QR tại {site}/kiem-tra", REGULAR),
        ("To verify, scan the QR code there.", REGULAR),
    ]  # fmt: skip
    _text(canvas, LEFT + side + 5 * mm, y, told, 9)


def _card(canvas: Canvas, paper: Paper, site: str, place: int) -> None:
    """One of eight cards to cut out: the QR as high as the card, what it says beside it."""
    x = (A4[0] - COLUMNS * CARD[0]) / 2 + place % COLUMNS * CARD[0]
    top = A4[1] - 20 * mm - place // COLUMNS * CARD[1]
    canvas.setDash(2, 2)
    canvas.setLineWidth(0.5)
    canvas.rect(x, top - CARD[1], *CARD)
    canvas.setDash()
    side = _qr(canvas, paper.code, x + 1 * mm, top - 3 * mm, qr.ON_CARD)
    wide = CARD[0] - side - 3 * mm
    for size in (7.0, 6.5, 6.0, 5.5, 5.0):
        told = _on_card(paper, site, size, wide)
        if len(told) * size * 1.25 < CARD[1] - 4 * mm:
            break
    _text(canvas, x + side + 1.5 * mm, top - 2 * mm, told, size)


def _on_card(paper: Paper, site: str, size: float, wide: float) -> list[tuple[str, str]]:
    said = paper.said
    texts = (
        ("CHỨNG NHẬN TIÊM CHỦNG COVID-19", BOLD), ("VACCINATION CERTIFICATE", REGULAR),
        (said.name, BOLD), (said.latin, REGULAR), (said.born, REGULAR),
        (f"Liều số / Dose: {_both(said.dose)}", BOLD), (said.given_on, REGULAR),
        (paper.fields[8].value.vi, REGULAR), ("Có giá trị đến / Valid until", REGULAR),
        (_day(paper), BOLD), ("Dùng cùng giấy tờ tùy thân / with an ID document", REGULAR),
        (f"{site}/kiem-tra", REGULAR),
    )  # fmt: skip
    return [(line, font) for text, font in texts for line in _lines(text, font, size, wide)]


def _qr(canvas: Canvas, code: str, x: float, top: float, most: float) -> float:
    """Draw a QR of at most so many millimetres with its border; its width in points."""
    rows = qr.matrix(code, "Q")
    side = qr.width(rows, most) * mm
    module = side / (len(rows) + 2 * qr.BORDER)
    canvas.saveState()
    canvas.translate(x + qr.BORDER * module, top - qr.BORDER * module)
    canvas.scale(module, -module)
    # All modules as one filled path: quicker than thousands of shapes, and no seams between them.
    canvas.addLiteral("0 g " + " ".join(_runs(rows)) + " f")
    canvas.restoreState()
    return side


def _runs(rows: qr.Matrix) -> Iterator[str]:
    """The dark stretches of all rows as rectangles."""
    for y, row in enumerate(rows):
        for run in DARK.finditer(bytes(row)):
            x, end = run.span()
            yield f"{x} {y} {end - x} 1 re"


def _text(
    canvas: Canvas, x: float, top: float, lines: Sequence[tuple[str, str]], size: float
) -> None:
    step = 13 if size > 8 else size * 1.25
    for place, (line, font) in enumerate(lines, 1):
        canvas.setFont(font, size)
        canvas.drawString(x, top - place * step, line)


def _lines(text: str, font: str, size: float, wide: float) -> list[str]:
    """The text in lines of a width; a word that is wider is cut."""
    words = []
    for word in text.split():
        while stringWidth(word, font, size) > wide:
            fits = len(word) - 1
            while fits > 1 and stringWidth(word[:fits], font, size) > wide:
                fits -= 1
            words.append(word[:fits])
            word = word[fits:]
        words.append(word)
    return list(simpleSplit(" ".join(words), font, size, wide))


def _both(value: Value) -> str:
    return f"{value.vi} / {value.en}" if value.en not in ("", value.vi) else value.vi


def _day(paper: Paper) -> str:
    return f"{paper.until:%d/%m/%Y}"
