"""Certificates of many people as one PDF: a page each, or eight cards to a page. Nothing is
fetched here; at most rules.PART of them go into one file (docs/decisions/bulk-pdf.md)."""

from collections.abc import Callable, Sequence
from functools import cache
from io import BytesIO
from itertools import accumulate
from pathlib import Path

from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from app.certificates import qr, rules
from app.certificates.rules import Paper
from app.certificates.rules.paper import Field, Value

rl_config.useA85 = 0  # streams as bytes: half the time, four fifths of the size
DATA = Path(__file__).parent / "data"
REGULAR, BOLD = "SoTiem", "SoTiemBold"
LEFT, RIGHT, TOP = 15 * mm, A4[0] - 15 * mm, A4[1] - 15 * mm
HEAD = (
    ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 11),
    ("Độc lập – Tự do – Hạnh phúc", 11),
    ("BỘ Y TẾ / MINISTRY OF HEALTH OF VIET NAM", 11),
    ("CHỨNG NHẬN TIÊM CHỦNG COVID-19", 16),
    ("COVID-19 VACCINATION CERTIFICATE", 11),
)
START = TOP - 1.5 * sum(size for _words, size in HEAD) - 5 * mm  # where the fields begin
LABEL, VALUE = LEFT + 10 * mm, LEFT + 69 * mm
CARD = (85.6 * mm, 54 * mm)  # ISO/IEC 7810 ID-1
COLUMNS = 2
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
    told = [_told(paper, field) for field in paper.fields]
    edges = tuple(accumulate((-13 * max(2, len(one)) - 5 for one in told), initial=START))
    rows, below = qr.bits(paper.code, "Q"), edges[-1] - 5 * mm
    beside = LEFT + qr.width(rows, qr.ON_A4) * mm + 5 * mm
    canvas.doForm(_frame(canvas, edges, beside, site))
    for top, lines in zip(edges, told, strict=False):
        _text(canvas, VALUE, top, lines, 9)
    _qr(canvas, rows, LEFT, below, qr.ON_A4)
    _text(canvas, beside, below - 13, [(_day(paper), BOLD)], 9)


def _told(paper: Paper, field: Field) -> list[tuple[str, str]]:
    """What stands in a field, in lines."""
    told = [(line, BOLD) for line in _lines(_both(field.value), BOLD, 9, RIGHT - VALUE)]
    if field.number == 1:
        told += [(one, REGULAR) for one in _lines(paper.said.latin, REGULAR, 9, RIGHT - VALUE)]
    return told


def _frame(canvas: Canvas, edges: tuple[float, ...], beside: float, site: str) -> str:
    """The name of what is alike on all pages with these lines between the fields: it is drawn
    into the file once, and the pages point to it."""
    name = "-".join(f"{at:g}" for at in (*edges, beside))
    if not canvas.hasForm(name):
        canvas.beginForm(name)
        _head(canvas)
        for place, (top, words) in enumerate(zip(edges, rules.LABELS, strict=False), 1):
            _text(canvas, LEFT + 4, top, [(str(place), BOLD)], 10)
            _text(canvas, LABEL, top, [(one, REGULAR) for one in words], 9)
        for y in edges:
            canvas.line(LEFT, y, RIGHT, y)
        _text(canvas, beside, edges[-1] - 5 * mm, _explained(site), 9)
        canvas.endForm()
    return name


def _head(canvas: Canvas) -> None:
    y = TOP
    for text, size in HEAD:
        y -= size * 1.5
        canvas.setFont(BOLD, size)
        canvas.drawCentredString(A4[0] / 2, y, text)


def _explained(site: str) -> list[tuple[str, str]]:
    """Beside the QR: until when (the day has a line of its own) and with what it counts."""
    texts = (
        "Có giá trị đến / Valid until", "", "",
        "Chỉ có giá trị khi xuất trình cùng giấy tờ tùy thân", "của người được chứng nhận.",
        "Valid only together with an identity document of the holder.", "",
        f"Kiểm tra: quét mã QR tại {site}/kiem-tra", "To verify, scan the QR code there.",
    )  # fmt: skip
    return [(text, REGULAR) for text in texts]


def _card(canvas: Canvas, paper: Paper, site: str, place: int) -> None:
    """One of eight cards to cut out: the QR as high as the card, what it says beside it."""
    x = (A4[0] - COLUMNS * CARD[0]) / 2 + place % COLUMNS * CARD[0]
    top = A4[1] - 20 * mm - place // COLUMNS * CARD[1]
    canvas.setDash(2, 2)
    canvas.setLineWidth(0.5)
    canvas.rect(x, top - CARD[1], *CARD)
    canvas.setDash()
    side = _qr(canvas, qr.bits(paper.code, "Q"), x + 1 * mm, top - 3 * mm, qr.ON_CARD)
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


def _qr(canvas: Canvas, rows: Sequence[bytes], x: float, top: float, most: float) -> float:
    """Draw a QR of at most so many millimetres with its border; its width in points."""
    side = qr.width(rows, most) * mm
    border = side / (len(rows) + 2 * qr.BORDER) * qr.BORDER
    dark = side - 2 * border
    # A mask of one bit per module, painted black where it is 0: no seams between the modules.
    canvas.addLiteral(
        f"q 0 g {dark:.4f} 0 0 {dark:.4f} {x + border:.4f} {top - border - dark:.4f} cm "
        f"BI /W {len(rows)} /H {len(rows)} /IM true /BPC 1 /F /AHx ID {b''.join(rows).hex()}> EI Q"
    )
    return side


def _text(
    canvas: Canvas, x: float, top: float, lines: Sequence[tuple[str, str]], size: float
) -> None:
    step = 13 if size > 8 else size * 1.25
    text = canvas.beginText(x, top - step)
    for line, font in lines:
        text.setFont(font, size, step)
        text.textLine(line)
    canvas.drawText(text)


def _lines(text: str, font: str, size: float, wide: float) -> list[str]:
    """The text in lines of a width; a word that is wider is cut."""
    text = " ".join(text.split())
    if text and stringWidth(text, font, size) <= wide:
        return [text]
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
