"""The QR is read back by a reader that shares no code with us."""

import io
import re
import secrets
from types import SimpleNamespace

import pytest
from PIL import Image

from app.certificates import payload, qr, rules
from tests.codes import texts


def read(png: bytes) -> list[str]:
    return texts(Image.open(io.BytesIO(png)))


def from_svg(svg: str) -> qr.Matrix:
    """The modules that an SVG of ours draws, without its border."""
    side = int(re.search(r'viewBox="0 0 (\d+) \1"', svg)[1]) - 2 * qr.BORDER
    rows = [[False] * side for _ in range(side)]
    start = re.search(r'd="M(\d+) (\d+)\.5', svg)
    x, y = int(start[1]) - qr.BORDER, int(start[2]) - qr.BORDER
    for dx, dy, length in re.findall(r"m(-?\d+) (-?\d+)h(\d+)", svg):
        x, y = x + int(dx), y + int(dy)
        for at in range(x, x + int(length)):
            rows[y][at] = True
        x += int(length)
    return rows


@pytest.mark.parametrize("level", ["L", "M", "Q"])
@pytest.mark.parametrize("size", [2, 3, 4, 8])
def test_png_is_read_back(level, size):
    for _ in range(20):
        code = SimpleNamespace(code=rules.new_code(secrets.token_bytes(10)))
        content = payload.content(code, "https://tiem.example.vn")
        assert read(qr.png(qr.matrix(content, level), size)) == [content]


@pytest.mark.parametrize(
    "content", ["A", "https://so-tiem.example.vn/x/abc", "Tiếng Việt", "9" * 400]
)
def test_other_contents_too(content):
    assert read(qr.png(qr.matrix(content))) == [content]


def test_svg_draws_the_same_modules():
    for level in "LMQ":
        rows = qr.matrix("HTTPS://TIEM.EXAMPLE.VN/X/7QK2M9PXC4RT80WZ5", level)
        assert from_svg(qr.svg(rows)) == rows


def test_a_slips_qr_is_small():
    rows = qr.matrix("HTTPS://TIEM.EXAMPLE.VN/X/7QK2M9PXC4RT80WZ5")
    assert len(rows) == 25  # version 2: capitals, digits and a few signs only
    assert len(qr.png(rows, 2)) < 225
    assert len(qr.svg(rows)) < 1500


@pytest.mark.parametrize(
    ("public_url", "expected"),
    [
        ("https://tiem.example.vn", "HTTPS://TIEM.EXAMPLE.VN/X/C0DE"),
        ("http://localhost:8000", "HTTP://LOCALHOST:8000/X/C0DE"),
        ("https://Example.vn/so-tiem", "HTTPS://EXAMPLE.VN/so-tiem/X/C0DE"),
        ("https://example.vn/so-tiem/", "HTTPS://EXAMPLE.VN/so-tiem/X/C0DE"),
    ],
)
def test_what_the_qr_holds(public_url, expected):
    """Scheme and host do not mind capitals; a path does."""
    assert payload.content(SimpleNamespace(code="C0DE"), public_url) == expected
