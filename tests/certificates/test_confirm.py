"""Step 1: a site sees what waits and what is missing, and confirms what is complete."""

from datetime import date, datetime, timedelta

import pytest
from playhouse.test_utils import count_queries

from app import clock
from app.accounts.actions import signed_in
from app.accounts.models import Membership
from app.amendments.models import Amendment
from app.audit import AuditEntry
from app.certificates import actions, rules
from app.certificates.models import Confirmation, LatinName
from app.people.models import Document, Person
from app.visits.models import Dose
from tests import build

NOW = datetime(2026, 11, 25, 8)
ADDRESS = "/certificates/days/2026-11-25"
BUTTON = "đủ điều kiện"


@pytest.fixture(autouse=True)
def morning():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def site(app):
    return build.country()[2]


@pytest.fixture
def clerk(client, site):
    return build.sign_in(client, build.user(site, "reception"))


def acting(user):
    return signed_in(Membership.get(Membership.user == user))


def elsewhere(site, **given) -> Dose:
    """A dose of another country that the site entered."""
    who = build.person(site, identity_state="verified")
    by = build.user(site)
    row = Dose.create(
        person=who, place="Seoul", product="COMIRNATY", lot_number="X", kind="CO_BAN", seq=1,
        overall=1, body_part="", given_at=clock.now(), recorded_by=by, recorded_at=clock.now(),
        source="elsewhere", **given,
    )  # fmt: skip
    Amendment.create(
        kind="elsewhere", state="approved", unit=site, person=who, dose=row, asked_by=by,
        asked_at=clock.now(), decided_at=clock.now(),
    )  # fmt: skip
    return row


def test_the_day_is_confirmed_with_one_press(site, clerk):
    doses = [build.vaccinated(site) for _ in range(3)]
    page = clerk.open_page(ADDRESS)
    assert "Xác nhận 3 mũi đủ điều kiện" in page.text
    page = page.submit(BUTTON)
    assert "Đã xác nhận 3 mũi." in page.text and "Đã xác nhận, chờ ký" in page.text
    rows = list(Confirmation.select().order_by(Confirmation.dose))
    assert [row.dose_id for row in rows] == [dose.id for dose in doses]
    assert {(row.dose_version, row.identity_seq, row.unit_id, row.day) for row in rows} == {
        (1, 1, site.id, date(2026, 11, 25))
    }
    assert not rows[0].waits and rows[0].signed_id is None
    entries = AuditEntry.select().where(
        AuditEntry.noun == "confirmation", AuditEntry.action == "create"
    )
    assert {entry.person_id for entry in entries} == {dose.person_id for dose in doses}


def test_a_second_press_does_no_harm(site, clerk):
    build.vaccinated(site)
    page = clerk.open_page(ADDRESS)
    page.submit(BUTTON)
    assert "Đã xác nhận 1 mũi." in page.submit(BUTTON).text
    assert Confirmation.select().count() == 1


def test_what_changed_since_the_page_is_not_confirmed(site, clerk):
    dose = build.vaccinated(site)
    page = clerk.open_page(ADDRESS)
    Dose.update(version=2).where(Dose.id == dose.id).execute()
    page = page.submit(BUTTON)
    assert page.status == 422 and "vừa thay đổi" in page.text
    assert not Confirmation.select().exists()


@pytest.mark.parametrize("marks", ["", "x", "1.2", "1.1.1.1 2", "9" * 30, "1.1.1 " * 3])
def test_spoilt_marks_confirm_nothing(site, clerk, marks):
    build.vaccinated(site, build.person(site))
    page = clerk.open_page(ADDRESS)
    dose = build.vaccinated(site)
    page = clerk.open_page(ADDRESS)
    Dose.update(version=7).where(Dose.id == dose.id).execute()
    assert page.form(BUTTON).submit(marks=marks).status == 422
    assert not Confirmation.select().exists()


def test_who_gave_is_not_asked_when_unverified(site, clerk):
    build.vaccinated(site, build.person(site))
    page = clerk.open_page(ADDRESS)
    assert "Nhân thân chưa được đối chiếu." in page.text
    assert "công an đối chiếu nhân thân" in page.text
    assert not page.css("main form button")


def test_whoever_may_mend_it_gets_the_link(site, clerk):
    who = build.person(site, None, name="John Smith", nationality="US")
    build.vaccinated(site, who)
    page = clerk.open_page(ADDRESS)
    links = {link.get("href") for link in page.css("main td a")}
    assert {f"/people/{who.id}/documents", f"/people/{who.id}/latin-name"} <= links


def test_a_request_that_waits_stops_the_dose(site, clerk):
    dose = build.vaccinated(site)
    Amendment.create(
        kind="change", unit=site, person=dose.person_id, dose=dose, version=1,
        asked_by=dose.recorded_by_id, asked_at=clock.now(),
    )  # fmt: skip
    assert "đang có đề nghị chờ duyệt" in clerk.open_page(ADDRESS).text


def test_a_dose_from_elsewhere_is_confirmed_by_who_entered_it(site, clerk):
    dose = elsewhere(site)
    clerk.open_page(ADDRESS).submit(BUTTON)
    row = Confirmation.get()
    assert (row.dose_id, row.unit_id) == (dose.id, site.id)


def test_a_dose_from_elsewhere_is_not_of_the_place_it_names(site, client):
    other = build.country()[2]
    elsewhere(other, unit=site)
    build.sign_in(client, build.user(site, "reception"))
    assert "không có mũi tiêm nào" in client.open_page(ADDRESS).text


def test_other_sites_see_nothing(site, clerk):
    dose = build.vaccinated(build.country()[2])
    assert "không có mũi tiêm nào" in clerk.open_page(ADDRESS).text
    assert "Mọi mũi tiêm đã" in clerk.open_page("/certificates").text
    by = build.user(site, "reception")
    signed_in = acting(by)
    assert actions.confirm([actions.Mark(dose.id, 1, 1)], signed_in) == 0


def test_voided_doses_are_not_there(site, clerk):
    dose = build.vaccinated(site)
    Dose.update(voided_at=clock.now()).where(Dose.id == dose.id).execute()
    assert "không có mũi tiêm nào" in clerk.open_page(ADDRESS).text


@pytest.mark.parametrize("day", ["2026-13-01", "x", "25-11-2026"])
def test_no_such_day(clerk, day):
    assert clerk.open_page(f"/certificates/days/{day}").status == 404


def test_the_days_with_their_counts_the_oldest_first(site, clerk):
    build.signed(build.vaccinated(site))
    build.vaccinated(site)
    build.confirmed(build.vaccinated(site, given_at=clock.now() - timedelta(days=3)))
    done = build.vaccinated(site, given_at=clock.now() - timedelta(days=9))
    build.signed(done)
    rows = clerk.open_page("/certificates").css("tbody tr")
    cells = [[cell.text_content().strip() for cell in row.cssselect("td")] for row in rows]
    assert cells == [
        ["22/11/2026", "", "1 mũi chờ ký", ""],
        ["25/11/2026", "1 mũi chưa xác nhận", "", "1 mũi đã ký"],
    ]


def test_a_day_begins_at_midnight_in_viet_nam(site, clerk):
    build.vaccinated(site, given_at=datetime(2026, 11, 24, 17))
    build.vaccinated(site, given_at=datetime(2026, 11, 24, 16, 59))
    rows = clerk.open_page("/certificates").css("tbody tr td:first-child")
    assert [row.text_content().strip() for row in rows] == ["24/11/2026", "25/11/2026"]


def test_what_changes_after_the_signature_is_back(site, clerk):
    dose = build.vaccinated(site)
    build.signed(dose)
    assert "Mọi mũi tiêm đã" in clerk.open_page("/certificates").text
    Dose.update(version=2).where(Dose.id == dose.id).execute()
    assert "25/11/2026" in clerk.open_page("/certificates").text


def test_a_backlog_is_confirmed_in_batches(site, clerk, monkeypatch):
    from importlib import import_module

    module = import_module("app.certificates.actions.confirm")
    monkeypatch.setattr(module, "BATCH", 2)
    monkeypatch.setattr(module, "AT_ONCE", 2)
    for days in range(5):
        build.vaccinated(site, given_at=clock.now() - timedelta(days=days))
    build.vaccinated(site, build.person(site), given_at=clock.now() - timedelta(days=2))
    page = clerk.open_page("/certificates").submit("until", until="24/11/2026")
    assert "Đã xác nhận 2 mũi." in page.text and "Chưa hết" in page.text
    page = page.submit("until")
    assert "Đã xác nhận 2 mũi." in page.text
    page = page.submit("until")
    assert "1 mũi còn thiếu" in page.text and "Chưa hết" not in page.text
    assert Confirmation.select().count() == 4


def test_a_wrong_day_is_told_at_its_field(site, clerk):
    build.vaccinated(site)
    page = clerk.open_page("/certificates").submit("until", until="hôm qua")
    assert page.status == 422 and page.errors()
    assert page.form("until").values["until"] == ["hôm qua"]


def test_the_number_of_queries_does_not_grow(site, clerk):
    def queries() -> int:
        with count_queries() as counter:
            clerk.open_page(ADDRESS)
        return counter.count

    build.vaccinated(site)
    clerk.open_page(ADDRESS)
    few = queries()
    for _ in range(6):
        build.vaccinated(site)
    elsewhere(site)
    assert queries() == few


def test_a_long_day_has_pages(site, clerk, monkeypatch):
    monkeypatch.setattr("app.certificates.views.confirm.DOSES", 2)
    for _ in range(3):
        build.vaccinated(site)
    page = clerk.open_page(ADDRESS)
    assert "Xác nhận 2 mũi" in page.text
    assert "Xác nhận 1 mũi" in page.follow("Trang sau").text


def test_a_name_is_written_by_hand(site, clerk):
    who = build.person(site, name="H'HEN NIÊ", identity_state="verified")
    build.vaccinated(site, who)
    page = clerk.open_page(ADDRESS).follow("tiếp đón sửa hồ sơ")
    assert page.form("surname").values["surname"] == ["H'HEN"]
    page = page.submit("surname", surname="NIÊ", given="H'HEN", surname_latin="", given_latin="")
    assert page.url.endswith("/certificate")
    row = LatinName.get()
    assert (row.surname, row.given, row.surname_latin, row.given_latin) == (
        "NIÊ", "H'HEN", "NIE", "HHEN",
    )  # fmt: skip
    assert "Xác nhận 1 mũi" in clerk.open_page(ADDRESS).text


def test_another_name_is_refused_at_its_field(site, clerk):
    who = build.person(site, name="H'HEN NIÊ")
    page = clerk.open_page(f"/people/{who.id}/latin-name")
    page = page.submit("surname", surname="NIÊ", given="H'HOA")
    assert page.status == 422 and "H'HEN NIÊ" in " ".join(page.errors())
    assert page.form("surname").values["given"] == ["H'HOA"]
    assert not LatinName.select().exists()


@pytest.mark.usefixtures("keys")
def test_a_name_that_is_written_anew_ends_the_certificate(site, client):
    row = build.certificate(site)
    by = acting(build.user(site))
    known = actions.latin_parts(row.person)
    actions.write_latin(row.person_id, known._replace(given_latin="ABC"), by)
    assert actions.current(row.person_id) is None
    assert len(actions.issue_waiting(0, 10).made) == 1


PERSON = {
    "a verified citizen": (("VN", "verified", False), []),
    "a citizen nobody verified": (("VN", "unverified", True), ["miss_verified"]),
    "a wrong identity": (("VN", "mismatch", True), ["miss_mismatch"]),
    "a foreigner with a passport": (("US", "unverified", True), []),
    "a foreigner without": (("US", "verified", False), ["miss_passport"]),
    "a foreigner with a wrong identity": (("US", "mismatch", True), ["miss_mismatch"]),
}


@pytest.mark.parametrize("who", PERSON)
def test_the_identity_by_cv_8938(who):
    known, expected = PERSON[who]
    assert rules.of_person(rules.Known(*known)) == expected


def test_everything_missing_has_somebody_who_mends_it():
    codes = [*rules.of_dose(True, False), "miss_confirmed", "miss_signed", "cert_name_split"]
    assert [rules.mender(code) for code in codes] == [
        "approver", "centre", "site", "head", "reception",
    ]  # fmt: skip
    assert rules.mender("cert_codes") == "centre"


def test_documents_and_state_are_read(site, clerk):
    who = build.person(site, None, name="NGUYỄN VĂN AN", nationality="LA")
    build.vaccinated(site, who)
    Document.create(person=who, kind="PASSPORT", number="A12345", country="LA", added_at=NOW)
    text = clerk.open_page(ADDRESS).text
    assert "hộ chiếu" not in text and "Chưa rõ đâu là họ" in text
    Person.update(nationality="VN", identity_state="verified").where(Person.id == who.id).execute()
    assert "Xác nhận 1 mũi" in clerk.open_page(ADDRESS).text
