"""The page of a person, and who opened it."""

from datetime import date

import pytest
from playhouse.test_utils import count_queries

from app import clock
from app.audit import AuditEntry
from app.people import actions, rules
from app.people.models import Alert, Document, KeptApart, Person
from tests import build

NUMBER = "001080000017"


@pytest.fixture
def person(station):
    return build.person(
        station, NUMBER, name="NGUYỄN VĂN AN", phone="0912345678", ethnicity="08",
        priority_group="9", occupation="Nông dân", immunosuppressed=True,
        area_scheme="vn34", area_code="00004", address="Tổ 5",
    )  # fmt: skip


def page_of(client, person, status=200):
    return client.open_page(f"/people/{person.id}", status)


def test_the_page_says_who_this_is(desk, station, person):
    page = page_of(desk, person)
    for text in ("NGUYỄN VĂN AN", "17/05/1980", "Nam", NUMBER, "0912345678", "Chưa đối chiếu",
                 "Tổ 5, Phường Ba Đình, Thành phố Hà Nội", "Hmông", "9. ", "Nông dân",
                 station.name, "Suy giảm miễn dịch"):  # fmt: skip
        assert text in page.text, text


def test_ended_documents_versions_and_alerts_are_shown(desk, station, person):
    Document.create(
        person=person, kind="CMND", number="012345678", active=False, added_at=clock.now(),
        ended_at=clock.now(), ended_why="lost",
    )  # fmt: skip
    Alert.create(person=person, kind="reaction", text="Phản vệ độ 2", serious=True, at=clock.now())
    page_of(desk, person).follow("Sửa họ tên").submit(name="NGUYỄN VĂN ÂN", reason="Thẻ mới")
    page = page_of(desk, person)
    for text in ("012345678", "Bị mất", "Phản vệ độ 2", "VĂN AN", "VĂN ÂN", "Thẻ mới"):
        assert text in page.text, text


def test_who_is_dead_is_shown_so(desk, person):
    Person.update(deceased_on=date(2026, 1, 31)).where(Person.id == person.id).execute()
    assert "Đã mất ngày 31/01/2026" in page_of(desk, person).text
    assert "Đã mất" in desk.open_page("/people").submit(what="nguyen van an").text


def test_who_was_merged_leads_to_the_record_that_is_left(desk, station, person):
    other = build.person(station)
    Person.update(merged_into=other).where(Person.id == person.id).execute()
    assert page_of(desk, person).follow("Xem hồ sơ còn lại").url == f"/people/{other.id}"


def test_opening_is_written_down_and_shown_newest_first(desk, client, station, person):
    page_of(desk, person)
    other = build.user(station, "observer", name="Người Khác")
    page = page_of(build.sign_in(client, other), person)
    rows = [row.text_content() for row in page.css("table")[-1].cssselect("tbody tr")]
    assert "Người Khác" in rows[0] and station.name in rows[0] and "Xem" in rows[0]
    assert len(rows) == 2
    assert AuditEntry.select().where(AuditEntry.person_id == person.id).count() == 2


def test_all_openings_stand_on_pages_of_their_own(desk, person):
    for _ in range(52):
        page_of(desk, person)
    page = page_of(desk, person).follow("Xem tất cả")
    assert len(page.css("tbody tr")) == 50
    page = page.follow("Trang sau")
    assert len(page.css("tbody tr")) == 3
    assert len(page.follow("Về đầu danh sách").css("tbody tr")) == 50
    for before in ("x", "-5", "99999999999999999999999"):
        assert desk.open_page(f"/people/{person.id}/opened?before={before}").status == 200
    assert desk.open_page("/people/99999999999999999999999").status == 404


def test_the_police_see_the_identity_and_nothing_of_health(client, station, person):
    Alert.create(person=person, kind="reaction", text="Phản vệ độ 2", at=clock.now())
    page = page_of(build.sign_in(client, build.user(station, "police")), person)
    assert NUMBER in page.text and "17/05/1980" in page.text
    for hidden in ("Phản vệ", "9. ", "Nông dân", "Suy giảm", "Hmông", "Sửa"):
        assert hidden not in page.text, hidden


def test_ethnicity_is_shown_only_to_who_may_edit(client, station, person):
    """NĐ 356/2025 Đ4: ethnic origin is sensitive."""
    page = page_of(build.sign_in(client, build.user(station, "observer")), person)
    assert "Hmông" not in page.text and "Nông dân" in page.text


def test_a_strangers_person_does_not_exist(desk, away):
    person = build.person(away, NUMBER)
    for path in ("", "/opened", "/identity", "/details", "/documents", "/deceased"):
        assert desk.open_page(f"/people/{person.id}{path}").status == 404
    document = Document.get()
    assert desk.open_page(f"/documents/{document.id}/end").status == 404
    assert not AuditEntry.select().where(AuditEntry.action == "view").count()


def test_people_kept_apart_are_named_as_far_as_one_may_see(desk, station, away, person):
    twin = build.person(station, name="NGUYỄN VĂN ANH")
    far = build.person(away, name="NGUYỄN VĂN XA")
    by = build.user(station)
    for other, why in ((twin, "twins"), (far, "namesake")):
        KeptApart.create(low=person, high=other, reason=why, by=by, at=clock.now())
    page = page_of(desk, person)
    assert "NGUYỄN VĂN ANH" in page.text and "Sinh đôi" in page.text
    assert "NGUYỄN VĂN XA" not in page.body and "Một người ở nơi khác" in page.text


@pytest.mark.parametrize("role", ["storekeeper", "national", "auditor"])
def test_who_may_not_see_people_is_refused(client, station, person, role):
    build.sign_in(client, build.user(station, role))
    assert client.open_page(f"/people/{person.id}").status == 403
    assert client.open_page(f"/people/{person.id}/opened").status == 403


def test_the_number_of_queries_does_not_grow_with_the_history(desk, station, person):
    def queries() -> int:
        with count_queries() as counter:
            page_of(desk, person)
        return counter.count

    queries()
    few = queries()
    for n in range(4):
        actions.add_document(person.id, rules.Number("CMND", f"01234567{n}"))
        actions.add_alert(person.id, "reaction", "Sốt")
        actions.take_in_care(person.id, build.unit(parent=station).id)
    assert queries() == few
