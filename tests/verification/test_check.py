"""The page where anybody checks a certificate."""

from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from playhouse.test_utils import count_queries

from app import clock
from app.audit import AuditEntry
from app.certificates import envelope
from app.certificates.models import Certificate, Signer
from app.certificates.rules import readings
from app.verification import picture, rules
from app.verification.actions import check
from app.verification.models import LookUpCount
from app.visits.models import Dose
from app.words import word
from tests import build
from tests.certificates import texts
from tests.verification.pictures import drawn, photo, saved
from tests.verification.signers import AT, END


def file(data: bytes, name: str = "anh.jpg"):
    return (BytesIO(data), name)


def facts(page) -> list[str]:
    return [item.text_content() for item in page.css("dd")]


def test_a_certificate_of_ours(desk):
    page = desk.ask(text=desk.valid)
    assert page.status == 200 and "Chứng nhận hợp lệ" in page.css(".good")[0].text_content()
    assert facts(page) == [
        "Nguyễn Văn An", "NGUYEN VAN AN", "02/03/1985", "Tiêm chủng COVID-19", "2/2",
        "Comirnaty (Pfizer-BioNTech)", "02/11/2021", "Bộ Y tế, VN", "VN",
        "20/12/2021 18:33", "02/12/2022 23:53",
    ]  # fmt: skip
    assert "Hãy so họ tên, ngày sinh với CCCD" in page.text
    assert not page.form("text").values["text"][0].strip()
    # On a small screen the field would push the verdict out of sight.
    assert [item.get("class") for item in page.css("[autofocus]")] == ["good"]


def test_a_foreign_certificate_with_a_name_and_a_product_of_its_own(desk):
    page = desk.ask(text=desk.foreign)
    assert page.css(".good")
    found = facts(page)
    assert found[:3] == ["Müller Jörg", "MUELLER JOERG", "01/1977"]
    assert "3/3" in found and "Unknown-X" in found and "DE" in found


def test_a_photo_of_it(desk):
    data = saved(photo(desk.valid, 2000, 1500, 1100, 12, 1), quality=60)
    page = desk.ask(picture=file(data))
    assert page.css(".good") and "Nguyễn Văn An" in facts(page)


def test_in_english(desk):
    page = desk.client.send("/kiem-tra?lang=en", {"text": desk.valid})
    assert "The certificate is valid" in page.text and "Compare name and birth date" in page.text


def bad(page, says: str) -> None:
    assert page.status == 200
    told = page.css(".bad")[0].text_content()
    assert "không có giá trị" in told and says in told
    assert not page.css(".good") and "Hãy so họ tên" not in page.text


def test_not_in_the_system_counts_for_nothing(desk):
    bad(desk.ask(text=desk.elsewhere), "Kết quả không có trong hệ thống thì không có giá trị")


def test_another_signature_over_the_same_content_is_not_in_the_system(desk):
    """Not even with the UVCI of one that is: whoever has our key did not issue it here."""
    bad(desk.ask(text=desk.ours.issue()), "Không có trong hệ thống")


def test_the_twin_of_a_signature_is_the_same_certificate(desk):
    n = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    opened = envelope.unpack(desk.valid)
    s = n - int.from_bytes(opened.signature[32:], "big")
    twin = envelope.pack(
        opened.protected, opened.payload, opened.signature[:32] + s.to_bytes(32, "big")
    )
    assert desk.ask(text=twin).css(".good")
    Certificate.update(revoked_at=AT).execute()
    bad(desk.ask(text=twin), "thu hồi")


def test_revoked_counts_no_more_at_once(desk):
    assert desk.ask(text=desk.valid).css(".good")
    Certificate.update(revoked_at=AT, revoked_why="asked").execute()
    bad(desk.ask(text=desk.valid), "đã bị thu hồi")


def test_a_dose_that_was_voided_or_corrected_ends_it_at_once(desk):
    """Also before anybody revoked the certificate."""
    Dose.update(version=Dose.version + 1).execute()
    bad(desk.ask(text=desk.valid), "đã thay đổi sau khi cấp")
    Dose.update(version=Dose.version - 1).execute()
    assert desk.ask(text=desk.valid).css(".good")
    Dose.update(voided_at=AT).execute()
    bad(desk.ask(text=desk.valid), "đã thay đổi sau khi cấp")


def test_an_unknown_signer_vouches_for_nothing(desk):
    page = desk.ask(text=desk.unknown)
    bad(page, "Không rõ nơi ký")
    assert not facts(page) and "Nguyễn" not in page.text


def test_a_signer_that_is_distrusted_is_unknown_at_once(desk):
    assert desk.ask(text=desk.foreign).css(".good")
    Signer.update(distrusted_at=AT).where(~Signer.own).execute()
    bad(desk.ask(text=desk.foreign), "Không rõ nơi ký")


def test_expired_and_not_yet(desk):
    with clock.frozen(END.replace(year=2022, month=12, day=31)):
        page = desk.ask(text=desk.valid)
        bad(page, "Hết hạn")
        assert "Nguyễn Văn An" in facts(page)
    with clock.frozen(AT.replace(year=2021, month=8)):
        bad(desk.ask(text=desk.valid), "chưa đến ngày")


def broken(text: str) -> dict[str, str]:
    """Fault of transport → a text with it."""
    whole = envelope.unpack(text)
    payload = texts.cbor(texts.claims(exp=float("nan")))
    forged = envelope.pack(whole.protected, payload, whole.signature)
    return {
        "bad_prefix": text[4:],
        "bad_base45": text[:200] + "~" + text[200:],
        "bad_zlib": text[:301],
        "bad_cose": texts.coded(b"\x80"),
        "bad_claims": forged,
        "bad_signature": envelope.pack(whole.protected, whole.payload, b"1" * 64),
        "too_large": texts.coded(bytes(5_000_000)),
    }


def other(desk) -> dict[str, str]:
    """What the list knows and refuses, and shapes that are signed and wrong."""
    issue, two = desk.ours.issue, [texts.CONTENT["v"][0]] * 2
    return {
        "wrong_algorithm": issue(alg=envelope.PS256),
        "bad_schema": issue(texts.CONTENT | {"v": two}),
        "not_yet_valid": issue(iat=texts.EXPIRES - 1),
        "expired": issue(exp=texts.ISSUED + 1.5),
    }


def test_each_fault_has_words_of_its_own(desk):
    for code, text in (broken(desk.valid) | other(desk)).items():
        bad(desk.ask(text=text), word(code))


@pytest.mark.parametrize(
    "content",
    [
        texts.CONTENT | {"ver": "../../etc/passwd"},
        {"v": 1, "nam": [], "dob": {}, "ver": None},
        {"v": [[]], "nam": {"fn": 1, "gn": None, "fnt": []}, "dob": 10**30},
        {"v": [{"dn": 10**400, "mp": {"a": 1}, "dt": True}], "nam": "x" * 50_000},
        texts.CONTENT | {"nam": {"fn": "\u202eab<b>", "fnt": "A"}},
    ],
    ids=["path", "no lists", "no texts", "huge", "right to left"],
)
def test_signed_nonsense_is_told_calmly(desk, content):
    page = desk.ask(text=desk.ours.issue(content))
    assert page.status == 200 and page.css(".bad")
    assert "\u202e" not in page.body and "<b>ab" not in page.body


@pytest.mark.parametrize("times", [{"iat": -1e300}, {"exp": 1e300}, {"iat": -(10**12)}])
def test_moments_of_no_calendar(desk, times):
    assert desk.ask(text=desk.ours.issue(**times)).status == 200


def mangled(text: str) -> dict[str, str]:
    return {
        "spaces around": f"  \r\n{text}  \n",
        "lower case": text.lower(),
        "words before": f"Chứng nhận của tôi: {text}",
        "lines of 76": "\r\n".join(text[at : at + 76] for at in range(0, len(text), 76)),
        "other spaces": text.replace(" ", "\u00a0"),
        "nothing put in": "\ufeff" + text[:50] + "\u200b" + text[50:],
    }


def with_spaces(desk) -> str:
    """A certificate of ours with spaces in its text, one of them at the end."""
    for _ in range(3000):
        text = desk.ours.issue()
        if text.endswith(" ") and " " in text[:-1]:
            return text
    raise AssertionError("chance")


def test_what_messengers_do_to_a_code_is_undone(desk):
    text = desk.valid
    for how, sent in mangled(text).items():
        assert desk.ask(text=sent).css(".good"), how


def test_a_space_is_a_sign(desk):
    text = desk.ours.issue({**texts.CONTENT, "dob": "1985"})
    while " " not in text[10:-1]:
        text = desk.ours.issue({**texts.CONTENT, "dob": "1985"})
    at = text.index(" ", 10)
    assert texts.envelope.unpack(text)
    for sent in (text, text[:at] + "\n" + text[at + 1 :]):
        assert "Không có trong hệ thống" in desk.ask(text=sent).text, "the signature holds"
    assert "Không có trong hệ thống" not in desk.ask(text=text.replace(" ", "")).text


@pytest.mark.parametrize("end", ["", " "])
def test_a_space_at_the_end_may_be_lost_or_added(end):
    read = readings("HC1:ABC" + end)
    assert {"HC1:ABC", "HC1:ABC "} <= set(read)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("HTTP://LOCALHOST/X/7QK2M9PXC4RT80WZ5", "7QK2M9PXC4RT80WZ5"),
        ("https://sotiem.vn/tiem/x/7qk2-m9px-c4rt-80wz5/", "7qk2-m9px-c4rt-80wz5"),
        (" 7QK2-M9PX-C4RT-80WZ5 ", "7QK2-M9PX-C4RT-80WZ5"),
    ],
)
def test_the_code_in_the_address_of_a_slip(text, code):
    assert rules.code_of_slip(text) == code


@pytest.mark.parametrize("written", ["{}", "HTTP://LOCALHOST/X/{}", " {}\n"])
def test_a_slip_leads_to_the_page_of_slips(desk, written):
    visit = build.visit(build.session(build.country()[2]))
    build.dose(visit)
    slip, _pin = build.slip(visit)
    page = desk.ask(text=written.format(slip.code))
    assert "Giấy này có trong hệ thống" in page.text and page.url.endswith(slip.code)


def test_the_qr_of_a_slip_in_a_picture(desk):
    visit = build.visit(build.session(build.country()[2]))
    build.dose(visit)
    slip, _pin = build.slip(visit)
    data = saved(drawn(f"HTTP://LOCALHOST/X/{slip.code}", 4, "M"), "PNG")
    assert "Giấy này có trong hệ thống" in desk.ask(picture=file(data)).text


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "Dán mã, hoặc chọn ảnh"),
        ({"text": " \r\n "}, "Dán mã, hoặc chọn ảnh"),
        ({"picture": b""}, "không phải ảnh"),
        ({"picture": b"%PDF-1.7"}, "không phải ảnh"),
        ({"picture": "grey"}, "Không thấy mã QR"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field(desk, fields, says):
    data = fields.get("picture")
    if data is not None:
        grey = saved(Image.new("L", (300, 200), 128))
        fields = {"picture": file(grey if data == "grey" else data)}
    page = desk.ask(**fields)
    assert page.status == 422 and says in " ".join(page.errors())
    assert page.css("[aria-invalid]")


def test_a_photo_of_20_mb_is_refused_in_words_and_read_to_its_end(desk):
    body = BytesIO(b"\xff\xd8" + bytes(20_000_000))
    page = desk.client.send("/kiem-tra", {"picture": (body, "a.jpg")})
    assert page.status == 413 and "quá 10 MB" in " ".join(page.errors())


def test_a_text_that_is_far_too_long(desk):
    page = desk.ask(text="HC1:" + "A" * 300_000)
    assert page.status == 200 and "quá mức" in page.text
    assert desk.ask(text="A" * 600_000).status in (200, 413)


def test_no_cookie_nothing_kept_and_no_content_in_the_audit(app, desk):
    client = app.test_client(use_cookies=False)
    response = client.post("/kiem-tra", data={"text": desk.valid})
    assert response.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in response.headers
    row = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (row.action, row.noun, row.noun_id, row.person_id, row.detail) == (
        "verify", "certificate", desk.row.id, desk.row.person_id, {"layer": "", "reasons": []},
    )  # fmt: skip
    client.post("/kiem-tra", data={"text": desk.unknown})
    row = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (row.noun_id, row.person_id) == (None, None)
    assert row.detail == {"layer": "signer", "reasons": ["unknown_signer"]}


def test_too_many_in_vain_have_to_wait(desk):
    assert desk.ask(text=desk.valid).status == 200
    assert not LookUpCount.select().count()
    desk.ask(text="HC1:ABC")
    LookUpCount.update(tries=rules.VERIFY[0].most).execute()
    page = desk.ask(text=desk.valid)
    assert page.status == 429 and "Hãy thử lại sau" in page.text
    assert "Retry-After" in page.response.headers and not facts(page)


def test_too_many_pictures_without_a_code_have_to_wait(desk, monkeypatch):
    desk.ask(picture=file(b"x"))
    LookUpCount.update(tries=rules.PICTURES[0].most).execute()
    monkeypatch.setattr(picture, "read", lambda data: pytest.fail("it was read"))
    assert desk.ask(picture=file(saved(drawn(desk.valid)))).status == 429


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=400) | st.text("HC1: 0AZ%/", max_size=80).map("HC1:".__add__))
def test_any_text_gets_an_answer(desk, text):
    page = desk.ask(text=text)
    assert page.status in (200, 422) and page.css(".bad, .err")


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=2000), st.sampled_from([b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n"]))
def test_any_bytes_as_a_picture_get_an_answer(desk, data, head):
    page = desk.ask(picture=file(head + data))
    assert page.status == 422 and page.errors()


def test_a_check_asks_the_database_little(desk):
    check(desk.valid, "")  # the chain of strangers begins
    with count_queries() as counted:
        assert check(desk.valid, "").valid
    assert counted.count <= 12


def test_the_pages_lead_to_each_other(client):
    page = client.open_page("/tra-cuu").follow("Hướng dẫn").follow("Kiểm tra")
    assert page.url == "/kiem-tra"
    assert page.follow("Tra cứu").url == "/tra-cuu"
    assert page.follow("Quét mã").follow("Dán mã").url == "/kiem-tra"
