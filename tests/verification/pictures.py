"""Pictures of a QR as people send them."""

from io import BytesIO
from typing import Any

from PIL import Image, ImageFilter

from app.certificates import qr


def drawn(text: str, size: int = 4, level: str = "Q") -> Image.Image:
    """The QR alone, `size` pixels a module."""
    return Image.open(BytesIO(qr.png(qr.matrix(text, level), size))).convert("L")


def photo(
    text: str, width: int, height: int, side: int, turned: float = 0, blurred: float = 0
) -> Image.Image:
    """A photo of a sheet with the QR in its middle, `side` pixels wide."""
    sheet = Image.new("L", (width, height), 230)
    code = drawn(text, 8).resize((side, side), Image.Resampling.LANCZOS)
    code = code.rotate(turned, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    sheet.paste(code, ((width - code.width) // 2, (height - code.height) // 2))
    return sheet.filter(ImageFilter.GaussianBlur(blurred)) if blurred else sheet


def saved(image: Image.Image, kind: str = "JPEG", **how: Any) -> bytes:
    """The bytes of a picture file."""
    file = BytesIO()
    image.save(file, kind, **how)
    return file.getvalue()
