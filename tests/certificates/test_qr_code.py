"""The QR of a certificate: how it is made, and that a poor picture of it is read too."""

import io
import random

import pytest
import zxingcpp
from PIL import Image, ImageFilter
from qrcode.main import QRCode
from qrcode.util import MODE_ALPHA_NUM

from app.certificates import envelope, payload, qr, rules
from tests.certificates.test_payload import PLAIN
from tests.codes import QR, texts

PARTS = {envelope.ES256: 64, envelope.PS256: 256}
LONG = PLAIN._replace(
    surname="Nguyễn Phước Trần Đặng Thị Tuyết Ánh Minh Châu Bảo Ngọc Quỳnh Hương Giang Tiên",
    given="Công Tằng Tôn Nữ Thị Ngọc Diễm Phương Thùy Trang Kiều Oanh Mỹ Duyên Bích Hạnh An",
)
LONG = LONG._replace(surname_latin=rules.latin(LONG.surname), given_latin=rules.latin(LONG.given))
FACTS = {
    "usual": PLAIN,
    "long": LONG,
    "one name": PLAIN._replace(surname="Vỡn", surname_latin="VON", given="", given_latin=""),
}


def code(facts: payload.Facts, alg: int = envelope.ES256, kind: int = envelope.DCC) -> str:
    """The text of a QR, with random bytes for a signature."""
    chance = random.Random(f"{facts.surname}{alg}")
    content = payload.dcc(facts) if kind == envelope.DCC else payload.icvp(facts)
    signed = envelope.claims("VN", 1795564800, 1795564800 + 31536000, kind, content)
    header = envelope.protected(alg, chance.randbytes(8))
    return envelope.pack(header, signed, chance.randbytes(PARTS[alg]))


def picture(text: str, size: int, level: str = "Q") -> Image.Image:
    return Image.open(io.BytesIO(qr.png(qr.matrix(text, level), size))).convert("L")


def test_the_long_names_are_as_long_as_may_be():
    assert max(len(LONG.surname), len(LONG.given)) >= 78 and payload.problems(LONG) == []


@pytest.mark.parametrize("alg", [envelope.ES256, envelope.PS256])
@pytest.mark.parametrize("level", ["L", "M", "Q"])
@pytest.mark.parametrize("name", FACTS)
def test_modules_are_those_of_another_encoder_in_alphanumeric_mode(name, level, alg):
    """The same symbol, module by module, as the package qrcode makes it when it is told to."""
    text = code(FACTS[name], alg)
    rows = qr.matrix(text, level)
    (found,) = zxingcpp.read_barcodes(picture(text, 3, level), QR)
    assert found.text == text and found.ec_level == level
    assert 17 + 4 * int(found.extra["Version"]) == len(rows)
    same = QRCode(
        error_correction="MLHQ".index(level), border=0, mask_pattern=found.extra["DataMask"]
    )
    same.add_data(text, optimize=0)
    same.make()
    assert {part.mode for part in same.data_list} == {MODE_ALPHA_NUM}
    assert rows == [[bool(dark) for dark in row] for row in same.modules]


@pytest.mark.parametrize(
    ("name", "alg", "most"),
    [
        ("usual", envelope.ES256, 18),
        ("usual", envelope.PS256, 23),
        ("one name", envelope.ES256, 18),
        ("long", envelope.ES256, 26),
        ("long", envelope.PS256, 30),
    ],
)
def test_a_certificate_is_small(name, alg, most):
    assert len(qr.matrix(code(FACTS[name], alg), "Q")) <= 17 + 4 * most


@pytest.mark.parametrize("kind", [envelope.DCC, envelope.ICVP])
@pytest.mark.parametrize("alg", [envelope.ES256, envelope.PS256])
@pytest.mark.parametrize("name", FACTS)
@pytest.mark.parametrize("size", [1, 2, 3])
def test_it_is_read_from_the_screen(name, alg, kind, size):
    text = code(FACTS[name], alg, kind)
    assert texts(picture(text, size)) == [text]


@pytest.mark.parametrize("alg", [envelope.ES256, envelope.PS256])
@pytest.mark.parametrize("name", FACTS)
@pytest.mark.parametrize("angle", [-7, -3, 2, 5, 12, 93])
def test_it_is_read_when_it_is_tilted_and_blurred(name, alg, angle):
    text = code(FACTS[name], alg)
    image = picture(text, 4).rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    assert texts(image.filter(ImageFilter.GaussianBlur(1.5))) == [text]


def test_it_is_read_from_a_small_grey_photo_with_a_spot():
    text = code(PLAIN)
    image = picture(text, 6).rotate(4, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    image = image.resize((image.width // 2, image.height // 2), Image.Resampling.BILINEAR)
    image = image.point(lambda light: 70 + light // 2)
    image.paste(
        90, (image.width // 2, image.height // 2, image.width // 2 + 40, image.height // 2 + 40)
    )
    assert texts(image) == [text]


def test_a_text_too_long_for_any_qr_is_an_error():
    with pytest.raises(ValueError):
        qr.matrix("X" * 2500, "Q")
