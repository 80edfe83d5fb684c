"""Reading a QR from a picture that somebody sends, within bounds of memory and time.

The picture may be anything. It is never kept here and never logged.
"""

import re
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import zxingcpp
from PIL import Image, ImageFilter, ImageOps, UnidentifiedImageError
from PIL.JpegImagePlugin import JpegImageFile

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")  # what telephones send, old ones too
# A JPEG in one scan is made smaller while it is unpacked. One in several scans is unpacked as a
# whole, with up to 6 bytes a pixel; other pictures take up to 16.
MOST_PIXELS, MOST_PIXELS_IN_SCANS, MOST_PIXELS_IN_ONE_SCAN = 13_000_000, 20_000_000, 120_000_000
LONGEST_SIDE, SMALL, TINY = 4000, 1600, 800
START_OF_SCAN = b"\xff\xda"
PATIENCE = 5  # seconds; one picture at a time in each process, so that many do not fill the memory
# ISO/IEC 14496-12, 4.3: the size of a box, "ftyp", the brand. These are of ISO/IEC 23008-12.
HEIC = re.compile(rb".{4}ftyp(hei[cxms]|hev[cxms]|mif[12]|msf1)", re.DOTALL)
PREFIX = "HC1:"
QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_alone = threading.Lock()


class Unreadable(Exception):
    """No text came out of a picture; `reason`: a code of app/words.py."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read(data: bytes) -> str:
    """The text of the QR in a picture: of a certificate if there is one, else of any. Raises
    Unreadable: picture_broken, picture_heic, picture_large, picture_no_code, picture_many,
    picture_busy."""
    with alone():
        return _read(data)


@contextmanager
def alone() -> Iterator[None]:
    """Unpack no other picture meanwhile. Raises Unreadable picture_busy."""
    if not _alone.acquire(timeout=PATIENCE):
        raise Unreadable("picture_busy")
    try:
        yield
    finally:
        _alone.release()


def _read(data: bytes) -> str:
    for image in _tries(opened(data)):
        codes = zxingcpp.read_barcodes(image, QR, text_mode=zxingcpp.TextMode.Plain)
        found = {code.text for code in codes}
        certificates = {text for text in found if text[:4].upper() == PREFIX}
        if len(certificates or found) > 1:
            raise Unreadable("picture_many")
        if found:
            return (certificates or found).pop()
    raise Unreadable("picture_no_code")


def opened(data: bytes, mode: str = "L", longest: int = LONGEST_SIDE) -> Image.Image:
    """The picture in shades of grey ("L") or in colours ("RGB"), at most `longest` long. Raises
    Unreadable picture_broken, picture_heic, picture_large. Call it inside `alone`."""
    if HEIC.match(data):
        raise Unreadable("picture_heic")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # see _most
            with Image.open(BytesIO(data), formats=FORMATS) as image:
                if image.width * image.height > _most(image, data):
                    raise Unreadable("picture_large")
                image.draft(mode, (longest, longest))
                return _plain(image, mode, longest)
    except Image.DecompressionBombError:
        raise Unreadable("picture_large") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, KeyError,
            IndexError, TypeError, ZeroDivisionError, OverflowError, MemoryError):  # fmt: skip
        # What is broken in a file reaches Pillow's readers in all these ways.
        raise Unreadable("picture_broken") from None


def _most(image: Image.Image, data: bytes) -> int:
    """How many pixels a picture may have, by what it takes to unpack them."""
    if not isinstance(image, JpegImageFile) or not image.fp:
        return MOST_PIXELS
    # Pillow stands behind the first start of a scan now.
    more = data.find(START_OF_SCAN, image.fp.tell()) >= 0
    return MOST_PIXELS_IN_SCANS if more else MOST_PIXELS_IN_ONE_SCAN


def _plain(image: Image.Image, mode: str, longest: int) -> Image.Image:
    if image.mode in ("RGBA", "LA", "PA", "P"):
        # What shines through is white: black on black would be nothing.
        whole = image.convert("RGBA") if image.mode in ("P", "PA") else image
        paper = Image.new(mode, image.size, "white")
        paper.paste(whole.convert(mode), mask=whole.getchannel("A"))
        image = paper
    found = image if image.mode == mode else image.convert(mode)
    found.load()
    found = found.copy() if found is image else found
    found.thumbnail((longest, longest))
    return found


def _tries(image: Image.Image) -> Iterator[Image.Image]:
    """The picture in the ways that readers like: a small one first, which is quick and hides the
    grain; then all that there is; then with the light evened out."""
    if max(image.size) > SMALL:
        small = image.copy()
        small.thumbnail((SMALL, SMALL))
        yield small
    yield image
    if max(image.size) < TINY:
        image = image.resize((image.width * 2, image.height * 2), Image.Resampling.BICUBIC)
    yield ImageOps.autocontrast(image, cutoff=2)
    yield image.filter(ImageFilter.GaussianBlur(1.5))
