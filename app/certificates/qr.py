"""QR pictures: PNG for screens, SVG for paper."""

import struct
import zlib
from base64 import b64encode
from collections.abc import Sized
from itertools import groupby
from typing import Any

from zxingcpp import BarcodeFormat, create_barcode

Matrix = list[list[bool]]
DOT = 25.4 / 300  # millimetres
# What a QR with its border may take on paper. On A4 the dark part is then 42 mm or more at every
# size that certificates have (77 to 133 modules); on a card 54 mm high even PS256 with long names
# has 0.34 mm to a module (4 dots).
ON_A4, ON_CARD = 56.0, 48.0
BORDER = 4  # modules of white around it, as ISO/IEC 18004 asks
DIGITS = b"0" + b"1" * 255  # of a byte of a picture: dark or light


def matrix(content: str, level: str = "L") -> Matrix:
    """The modules of the smallest QR that holds `content`, true where dark; `level`: how much of
    it may be spoilt, "L", "M", "Q" or "H". Capitals, digits and $%*+-./: take the least room."""
    return [[not one for one in row] for row in _light(content, level)]


def bits(content: str, level: str) -> list[bytes]:
    """The same as rows of a picture of one bit per module, 0 where dark, for a PDF."""
    rows = [row.translate(DIGITS) for row in _light(content, level)]
    size = -(-len(rows) // 8)
    return [int(row.ljust(size * 8, b"1"), 2).to_bytes(size, "big") for row in rows]


def _light(content: str, level: str) -> list[bytes]:
    """The rows with a byte for each module, 0 where dark."""
    code = create_barcode(content, BarcodeFormat.QRCode, ec_level=level)
    image: Any = code.to_image(scale=1, add_quiet_zones=False)
    light, side = bytes(memoryview(image)), image.shape[0]
    return [light[at : at + side] for at in range(0, side * side, side)]


def png(rows: Matrix, size: int = 4) -> bytes:
    """A PNG of one bit per pixel with a white border; `size`: pixels of a module."""
    side = (len(rows) + 2 * BORDER) * size
    light = [False] * BORDER
    margin = [light * 2 + [False] * len(rows)] * BORDER
    framed = [*margin, *(light + row + light for row in rows), *margin]
    again = b"\2" + bytes(-(-side // 8))  # the filter "Up": nothing differs from the line above
    lines = b"".join(_line(row, size, side) + again * (size - 1) for row in framed)
    # With long repetitions only: short ones take more room than the few bytes that a QR has.
    packer = zlib.compressobj(9, strategy=zlib.Z_FILTERED)
    data = packer.compress(lines) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _line(row: list[bool], size: int, side: int) -> bytes:
    bits = "".join(("0" if dark else "1") * size for dark in row).ljust(-(-side // 8) * 8, "1")
    return b"\0" + int(bits, 2).to_bytes(len(bits) // 8, "big")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def width(rows: Sized, most: float) -> float:
    """Millimetres of a QR with its border, at most `most`: each module a whole number of the dots
    of a 300 dpi printer (hcert-spec: whole-number scaling), so of one of 600 dpi too."""
    modules = len(rows) + 2 * BORDER
    return max(1, int(most / modules / DOT)) * DOT * modules


def svg(rows: Matrix, label: str = "QR", most: float = 0) -> str:
    """An SVG element with one path of relative strokes: sharp at any size on paper. `most`: the
    millimetres that it may take there; without it the style sheet says."""
    side, at, path = len(rows) + 2 * BORDER, (0, 0), []
    wide = f" width={width(rows, most):.3f}mm height={width(rows, most):.3f}mm" if most else ""
    for y, row in enumerate(rows):
        for x, length in _runs(row):
            path.append(f"m{x - at[0]} {y - at[1]}h{length}")
            at = (x + length, y)
    return (
        f'<svg role=img aria-label="{label}"{wide} viewBox="0 0 {side} {side}">'
        f'<path stroke=#000 d="M{BORDER} {BORDER}.5{"".join(path)}"/></svg>'
    )


def printed(content: str, most: float) -> str:
    """The QR of a certificate for paper (level Q, as hcert-spec recommends)."""
    return svg(matrix(content, "Q"), most=most)


def packed(content: str, most: float) -> str:
    """The same as a picture inside the SVG, a quarter lighter, for many on one sheet; the style
    sheet keeps its pixels square."""
    rows = matrix(content, "Q")
    side, wide = len(rows) + 2 * BORDER, width(rows, most)
    return (
        f"<svg role=img aria-label=QR width={wide:.3f}mm height={wide:.3f}mm "
        f'viewBox="0 0 {side} {side}"><image width={side} height={side} '
        f'xlink:href="data:image/png;base64,{b64encode(png(rows, 2)).decode()}"/></svg>'
    )


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """(where, how long) of the dark stretches of a row."""
    found, at = [], 0
    for dark, same in groupby(row):
        length = len(list(same))
        if dark:
            found.append((at, length))
        at += length
    return found
