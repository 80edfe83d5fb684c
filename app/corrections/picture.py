"""A photo that shows what a citizen says: made small and plain, within bounds of memory."""

from io import BytesIO

from PIL import Image

from app.verification.picture import Unreadable, alone, opened

__all__ = ["Unreadable", "cleaned"]

LONGEST_SIDE, QUALITY = 1600, 75  # a sheet of A4 can be read; about 300 KB
ORIENTATION = 0x0112
# How a camera was held → what turns the picture upright (Exif 2.3, 4.6.4).
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90,
}  # fmt: skip


def cleaned(data: bytes) -> bytes:
    """The picture as a JPEG, at most LONGEST_SIDE long, with nothing of what the camera wrote
    beside it (place, time, device). Raises Unreadable: picture_broken, picture_heic,
    picture_large, picture_busy."""
    with alone():
        image = opened(data, "RGB", LONGEST_SIDE)
        turn = TURNS.get(_held(image))
        # A new picture has the points of the old one and nothing else.
        plain = Image.new("RGB", image.size)
        plain.paste(image)
        file = BytesIO()
        (plain.transpose(turn) if turn else plain).save(file, "JPEG", quality=QUALITY)
        return file.getvalue()


def _held(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except Exception:  # notes of a camera that cannot be read turn nothing
        return 1
