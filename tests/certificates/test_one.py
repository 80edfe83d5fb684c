"""The page of one certificate, for those who issue: how it is found, and what it tells of whom."""

import pytest

from app import clock
from app.accounts.roles import ROLES
from app.audit import AuditEntry
from app.certificates import envelope, rules
from app.certificates.models import Certificate
from app.visits.models import Dose
from tests import build

pytestmark = pytest.mark.usefixtures("keys")
FIND = "/certificates/find"


@pytest.fixture
def row(app) -> Certificate:
    return build.certificate(build.country()[2])


@pytest.fixture
def centre(client, row):
    """The client of the Ministry."""
    return build.sign_in(client, build.user(build.country()[0], "national"))


def typed(uvci: str) -> list[str]:
    """Ways in which people write it."""
    random = uvci[15:47]
    return [
        uvci, uvci.lower(), f"  {random[:8]} {random[8:16]}-{random[16:]}\u00a0", random,
        random + uvci[-1], f"01:VN:{random}#{uvci[-1]}", uvci[:-2], uvci[:-1],
        "urn:uvci:01:vn:" + random.replace("0", "O").replace("1", "l"),
    ]  # fmt: skip


def test_an_identifier_is_read_however_it_is_typed():
    for chance in (b"\x01" * 16, b"\x10\xab" * 8, bytes(range(16))):
        uvci = rules.uvci(chance)
        assert {rules.typed_uvci(text) for text in typed(uvci)} == {uvci}


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda uvci: uvci[:20] + uvci[21:], "uvci_form"),
        (lambda uvci: uvci[:20] + "G" + uvci[21:], "uvci_form"),
        (lambda uvci: "xin chào", "uvci_form"),
        (lambda uvci: "#", "uvci_form"),
        (lambda uvci: uvci[:20] + ("A" if uvci[20] != "A" else "B") + uvci[21:], "uvci_check"),
        (lambda uvci: uvci[:16] + uvci[17] + uvci[16] + uvci[18:], "uvci_check"),
        (lambda uvci: uvci + "X", "uvci_check"),
        (lambda uvci: uvci.replace("VN", "SE"), "uvci_foreign"),
    ],
)
def test_what_is_mistyped_is_told(spoil, code):
    uvci = rules.uvci(bytes(range(100, 116)))
    with pytest.raises(rules.NoUvci) as wrong:
        rules.typed_uvci(spoil(uvci))
    assert wrong.value.code == code


def test_it_is_found_by_its_identifier_and_by_its_code(centre, row):
    for text in (row.uvci.lower(), row.code, f"Mã: {row.code.lower()}\n"):
        page = centre.open_page("/certificates/issue").follow("Tìm một chứng nhận")
        page = page.submit(what=text)
        assert (page.status, page.url) == (200, f"/certificates/{row.id}"), page.errors()
    found = AuditEntry.select().where(AuditEntry.action == "search").order_by(AuditEntry.id)
    assert [one.detail["how"] for one in found] == ["uvci", "code", "code"]
    assert {(one.noun_id, one.person_id) for one in found} == {(row.id, row.person_id)}


def test_what_was_typed_wrong_stands_in_the_field(centre, row):
    other = rules.uvci(b"\x02" * 16)
    for text, told in (
        (row.uvci[:-1] + ("A" if row.uvci[-1] != "A" else "B"), "Ký tự kiểm tra"),
        (other, "Không có chứng nhận nào"), ("", "chưa điền"), ("   ", "chưa điền"),
        (row.uvci[:30], "32 chữ số"), (row.code[:-9], "Mã "), ("HC1:abc", "Mã"),
        ("HC1:" + "A" * 6000, "Dài quá"), ("\0" * 32, "32 chữ số"),
    ):  # fmt: skip
        page = centre.open_page(FIND).submit(what=text)
        assert page.status == 422 and told in " ".join(page.errors()), text[:60]
        (field,) = page.css("#what")
        assert field.get("aria-invalid") and (field.get("value") or "").strip() == (
            text.replace("\0", "\ufffd").strip() if "\0" in text else text.strip()
        )
    assert not AuditEntry.select().where(AuditEntry.action == "search").exists()


def test_a_code_that_was_never_issued_is_not_found(centre, row):
    opened = envelope.unpack(row.code)
    other = envelope.pack(opened.protected, opened.payload, b"\x01" * 64)
    page = centre.open_page(FIND).submit(what=other)
    assert page.status == 422 and "Không có trong hệ thống" in " ".join(page.errors())


def test_a_forged_code_does_not_pass_for_the_one_whose_signature_it_has(centre, row):
    opened = envelope.unpack(row.code)
    other = opened.payload.replace(b"bdn\x01", b"bdn\x02")
    assert other != opened.payload
    forged = envelope.pack(opened.protected, other, opened.signature)
    page = centre.open_page(FIND).submit(what=forged)
    assert page.status == 422 and "Chữ ký sai" in " ".join(page.errors())


def test_the_page_tells_all_of_the_certificate_and_nothing_of_the_person(centre, row):
    page = centre.open_page(f"/certificates/{row.id}")
    dose, person = row.dose, row.person
    for text in (row.uvci, "Chuẩn EU", "Đang dùng", dose.unit.name, "1/2", row.kid):
        assert text in page.text, text
    assert person.name not in page.text and "17/05/1980" not in page.text
    seen = AuditEntry.get(AuditEntry.action == "view")
    assert (seen.noun, seen.noun_id, seen.person_id) == ("certificate", row.id, row.person_id)
    assert row.uvci not in page.url


def test_who_may_see_people_sees_whose_it_is(client, row, monkeypatch):
    monkeypatch.setitem(ROLES, "national", ROLES["national"] | {"person.view"})
    build.sign_in(client, build.user(build.country()[0], "national"))
    page = client.open_page(f"/certificates/{row.id}")
    assert "17/05/1980" in page.text and row.person.name.split()[-1].title() in page.text.title()


def test_another_unit_finds_nothing(client, row):
    elsewhere = build.user(build.country()[1], "national")
    build.sign_in(client, elsewhere)
    for method in ("GET", "POST"):
        assert client.open(f"/certificates/{row.id}", method=method).status_code in (400, 404)
    assert client.get(f"/certificates/{row.id}").status_code == 404
    for text in (row.uvci, row.code):
        page = client.open_page(FIND).submit(what=text)
        assert page.status == 422
    seen = AuditEntry.person_id == row.person_id, AuditEntry.user_id == elsewhere.id
    assert not AuditEntry.select().where(*seen).exists()


def test_who_does_not_issue_is_refused(client, row):
    """Also whoever confirms, signs and prints."""
    build.sign_in(client, build.user(row.dose.unit, "site_head reception"))
    for address in (FIND, f"/certificates/{row.id}", f"/certificates/{row.id}/revoke"):
        assert client.get(address).status_code == 403


def test_other_certificates_of_the_dose_are_named(centre, row):
    who = build.certificate(who=row.person, kind="ICVP")
    page = centre.open_page(f"/certificates/{row.id}").follow(page_date(centre, who))
    assert page.url == f"/certificates/{who.id}" and "Chuẩn WHO" in page.text
    assert page.css(f"a[href='/certificates/{row.id}']")


def page_date(centre, other: Certificate) -> str:
    page = centre.open_page(f"/certificates/{other.id}")
    (link,) = page.css("td a")
    return " ".join(link.text_content().split())


def test_every_state_has_its_words(centre, row):
    Dose.update(version=2).where(Dose.id == row.dose_id).execute()
    assert "mũi tiêm đã thay đổi" in centre.open_page(f"/certificates/{row.id}").text
    Dose.update(version=1).where(Dose.id == row.dose_id).execute()
    Certificate.update(expires_at=clock.now()).where(Certificate.id == row.id).execute()
    assert "Hết hạn" in centre.open_page(f"/certificates/{row.id}").text
    Certificate.update(current=False).where(Certificate.id == row.id).execute()
    assert "Đã có bản mới" in centre.open_page(f"/certificates/{row.id}").text


def test_revoking_leads_back_to_the_page(centre, row):
    page = centre.open_page(f"/certificates/{row.id}").follow("Thu hồi")
    page = page.submit(why="cấp nhầm")
    assert page.url == f"/certificates/{row.id}"
    assert "Đã thu hồi: cấp nhầm" in page.text and "Cấp lại" in page.text
