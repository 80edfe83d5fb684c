"""Reading a QR from what people send as a picture."""

import struct
import subprocess
import sys
import time
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from app.verification import picture
from tests.verification.pictures import drawn, photo, saved

TEXT = "HC1:" + "6BFOXN*TS0BI$ZD.P9UOL97O4-2HH77HRM3DSPTLRR+%3Q9 ZM.96/53VPJ" * 9
ROOM = 256 * 1024  # KB
OWN = """import resource, sys, time
from app.verification import picture
bare = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.process_time()
try:
    found = picture.read(open(sys.argv[1], "rb").read())[:4]
except picture.Unreadable as why:
    found = why.reason
took = time.process_time() - start
print(found, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - bare, round(took, 2))
"""


@pytest.mark.parametrize(
    "data",
    [
        lambda: saved(drawn(TEXT, 2), "PNG"),
        lambda: saved(drawn(TEXT, 2).convert("1"), "PNG"),
        lambda: saved(photo(TEXT, 1000, 800, 500).convert("P"), "GIF"),
        lambda: saved(photo(TEXT, 1000, 800, 500), "BMP"),
        lambda: saved(photo(TEXT, 1000, 800, 500).convert("RGB"), "WEBP"),
        lambda: saved(photo(TEXT, 640, 480, 420, 5, 0.6), quality=50),
        lambda: saved(photo(TEXT, 320, 240, 230), quality=70),
        lambda: saved(photo(TEXT, 3000, 4000, 600, 3, 1), quality=75),
        lambda: saved(photo(TEXT, 4000, 3000, 1500, 30, 2), quality=60),
        lambda: saved(photo(TEXT, 2000, 1500, 900, 15).point(lambda v: 40 + v // 8), quality=50),
        lambda: saved(photo(TEXT, 900, 900, 800).transpose(Image.Transpose.FLIP_LEFT_RIGHT)),
    ],
    ids=["png", "1 bit", "gif", "bmp", "webp", "640x480", "320x240", "A4 sheet", "tilted", "dark",
         "mirrored"],
)  # fmt: skip
def test_what_telephones_send_is_read(data):
    assert picture.read(data()) == TEXT


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_picture_that_says_it_is_turned(turn):
    exif = Image.Exif()
    exif[0x0112] = turn
    data = saved(photo(TEXT, 900, 700, 600), exif=exif)
    assert picture.read(data) == TEXT


def test_black_on_what_shines_through():
    code = drawn(TEXT, 4)
    clear = Image.new("LA", code.size, (0, 0))
    clear.putalpha(code.point(lambda v: 255 - v))
    assert picture.read(saved(clear, "PNG")) == TEXT


def reason(data: bytes) -> str:
    with pytest.raises(picture.Unreadable) as refused:
        picture.read(data)
    return refused.value.reason


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few KB with very many pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(10_000_000))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (lambda: b"", "picture_broken"),
        (lambda: b"abc", "picture_broken"),
        (lambda: b"%PDF-1.7 ...", "picture_broken"),
        (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture_broken"),
        (lambda: saved(photo(TEXT, 900, 900, 700))[:5000], "picture_broken"),
        (lambda: saved(photo(TEXT, 900, 900, 700), "TIFF"), "picture_broken"),
        (lambda: saved(Image.new("L", (800, 600), 90)), "picture_no_code"),
        (lambda: saved(Image.new("L", (1, 1))), "picture_no_code"),
        (lambda: saved(Image.new("L", (1, 4000))), "picture_no_code"),
        (lambda: bomb(100_000, 100_000), "picture_large"),
        (lambda: bomb(4000, 3300), "picture_large"),
        (lambda: saved(Image.new("L", (5000, 4100)), progressive=True), "picture_large"),
    ],
)
def test_what_cannot_be_read_has_a_reason(data, why):
    assert reason(data()) == why


def pair(one: str, other: str) -> bytes:
    sheet, left, right = Image.new("L", (1400, 700), 255), drawn(one, 5), drawn(other, 5)
    sheet.paste(left, (0, 0))
    sheet.paste(right, (700, 0))
    return saved(sheet, "PNG")


def test_a_sheet_of_several_certificates_is_not_guessed_at():
    assert reason(pair(TEXT, TEXT[:-1] + "9")) == "picture_many"


def test_a_certificate_beside_another_code_and_beside_itself():
    assert picture.read(pair(TEXT, "HTTP://LOCALHOST/X/7QK2M9PXC4RT80WZ5")) == TEXT
    assert picture.read(pair(TEXT, TEXT)) == TEXT


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (lambda: saved(photo(TEXT, 11000, 8500, 4000, 10, 3), quality=40), "HC1:"),
        (lambda: saved(photo(TEXT, 5000, 3990, 2000).convert("RGB"), progressive=True,
                       subsampling=0), "HC1:"),
        (lambda: saved(photo(TEXT, 4000, 3200, 2000).convert("RGBA"), "PNG"), "HC1:"),
        (lambda: saved(photo(TEXT, 4000, 3200, 2000).convert("RGBA"), "WEBP"), "HC1:"),
        (lambda: saved(Image.effect_noise((4000, 3200), 90).convert("RGB"), "WEBP", quality=5),
         "picture_no_code"),
    ],
    ids=["94 MP", "progressive", "png", "webp", "noise"],
)  # fmt: skip
def test_the_heaviest_pictures_stay_within_memory_and_time(data, found, tmp_path):
    file = tmp_path / "picture"
    file.write_bytes(data())
    told = subprocess.run(
        [sys.executable, "-c", OWN, str(file)], capture_output=True, text=True, check=True
    ).stdout.split()
    assert told[0] == found
    assert int(told[1]) <= ROOM and float(told[2]) < 10, told


def test_nobody_waits_for_ever_while_others_are_read(monkeypatch):
    monkeypatch.setattr(picture, "PATIENCE", 0.05)
    with picture._alone:
        start = time.monotonic()
        assert reason(saved(drawn(TEXT))) == "picture_busy"
        assert time.monotonic() - start < 2
    assert picture.read(saved(drawn(TEXT))) == TEXT


HEADS = [b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"BM", b"RIFF\x10\0\0\0WEBP"]
WHOLE = saved(photo(TEXT, 300, 300, 260)), saved(drawn(TEXT, 1), "PNG"), saved(
    drawn(TEXT, 1).convert("RGB"), "WEBP"), saved(drawn(TEXT, 1), "GIF"), saved(
    drawn(TEXT, 1), "BMP")  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(HEADS), st.binary(max_size=300))
def test_any_bytes_are_a_picture_or_have_a_reason(head, data):
    assert reason(head + data).startswith("picture_")


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(WHOLE), st.integers(0, 2**20), st.binary(min_size=1, max_size=8))
def test_a_damaged_picture_is_read_or_has_a_reason(whole, at, damage):
    at %= len(whole)
    try:
        assert isinstance(picture.read(whole[:at] + damage + whole[at + len(damage) :]), str)
    except picture.Unreadable as why:
        assert why.reason.startswith("picture_")
