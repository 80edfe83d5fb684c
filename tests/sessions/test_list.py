"""The list of a session: shown, searched, added to by hand, taken from."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from peewee import IntegrityError

from app import clock
from app.audit import AuditEntry
from app.db import db
from app.people.models import Care, Document, Person
from app.sessions import actions
from app.sessions.models import Expected, VaccinationSession
from app.words import Refused
from tests import build


def codes(refused):
    return [code for _field, code, _values in refused.value.reasons]


def number_of(person):
    return Document.get(Document.person == person).number


@pytest.fixture
def session(here):
    return build.session(here.site, [])


def test_somebody_in_care_is_found_by_name_and_added(here, session):
    person = build.person(here.site, name="TRẦN THỊ BÌNH")
    page = here.client.open_page(f"/sessions/{session.id}").follow("Thêm người")
    page = page.submit(what="binh tran")
    assert "TRẦN THỊ BÌNH" in page.text
    page = page.form("Thêm").submit(button=str(person.id))
    assert "Đã thêm: 1. TRẦN THỊ BÌNH" in page.text
    row = Expected.get()
    assert (row.session_id, row.person_id, row.number, row.source) == (
        session.id,
        person.id,
        1,
        "hand",
    )
    page = page.follow("Về danh sách")
    assert "TRẦN THỊ BÌNH" in page.text and "1 người" in page.text
    assert AuditEntry.get(AuditEntry.noun == "expected").person_id == person.id


def test_somebody_from_elsewhere_is_found_by_exact_number_with_the_minimum(here, session):
    stranger = build.person(build.unit("station", here.nation), name="LÊ VĂN CƯỜNG")
    page = here.client.open_page(f"/sessions/{session.id}/add")
    assert "CƯỜNG" not in page.submit(what="lê văn cường").text
    page = page.submit(what=number_of(stranger))
    assert "LÊ V** CƯỜNG" in page.text and "LÊ VĂN CƯỜNG" not in page.text
    assert "17/05/1980" not in page.text
    found = AuditEntry.get(AuditEntry.person_id == stranger.id)
    assert (found.action, found.detail["how"]) == ("search", "number")
    page = page.form("Thêm").submit(button=str(stranger.id))
    assert "Đã thêm" in page.text
    assert Care.select().where(Care.person == stranger, Care.unit == here.site).exists()


def test_nobody_is_added_by_guessing_ids(here, session):
    stranger = build.person(build.unit("station", here.nation))
    mine = build.person(here.site)
    page = here.client.open_page(f"/sessions/{session.id}/add").submit(what=number_of(mine))
    form = page.form("Thêm")
    for number in ("", number_of(mine)):
        page = form.submit(number=number, button=str(mine.id))
        form.element.cssselect("button")[0].set("value", str(stranger.id))
        page = form.submit(number=number, button=str(stranger.id))
        assert page.status == 404
        form.element.cssselect("button")[0].set("value", str(mine.id))
    assert not Care.select().where(Care.person == stranger, Care.unit == here.site).exists()


def test_nobody_is_found(here, session):
    page = here.client.open_page(f"/sessions/{session.id}/add").submit(what="001099999999")
    assert "Chưa có ai" in page.text
    page = page.form("Lập hồ sơ mới").submit()
    assert page.url == "/people/new" and page.status == 200
    assert page.form("number").values["number"] == ["001099999999"]


def test_somebody_new_is_registered_and_put_on_the_list(here, session):
    page = here.client.open_page(f"/sessions/{session.id}/add").submit(what="HỒ THỊ MỚI")
    page = page.form("Lập hồ sơ mới").submit()
    page = page.submit(
        "number", name="HỒ THỊ MỚI", dob="15/07/1980", sex="F", number="001180000017"
    )
    assert page.url.startswith("/people/")
    page = page.form("Thêm vào danh sách").submit()
    assert "Đã thêm: 1. HỒ THỊ MỚI" in page.text
    assert Expected.get().person.name == "HỒ THỊ MỚI"


@pytest.mark.parametrize(
    ("typed", "status", "message"),
    [
        ("", 422, "chưa điền"),
        ("\x00", 422, "điều khiển"),
        ("\u202e123", 422, "đổi chiều"),
        ("🙂", 422, "biểu tượng"),
        ("x" * 100_000, 422, "Dài quá"),
        ("%%%%", 200, "Chưa có ai"),
        ("nguye\u0302\u0303n", 200, "NGUYỄN"),
    ],
)
def test_bad_input_in_the_search_field(here, session, typed, status, message):
    build.person(here.site)
    page = here.client.open_page(f"/sessions/{session.id}/add").submit(what=typed)
    assert page.status == status and message in page.text


def test_the_second_press_of_a_button_adds_nobody_twice(here, session):
    person = build.person(here.site)
    page = here.client.open_page(f"/sessions/{session.id}/add").submit(what=number_of(person))
    form = page.form("Thêm")
    assert "Đã thêm" in form.submit().text
    assert "Đã thêm" in form.submit().text
    page = here.client.open_page(f"/sessions/{session.id}/add").submit(what=number_of(person))
    page = page.form("Thêm").submit()
    assert page.status == 422 and "đã có trong danh sách, số 1" in page.text
    assert Expected.select().count() == 1


def test_somebody_is_taken_off_and_keeps_no_number(here, session):
    first, second = build.person(here.site), build.person(here.site)
    for person in (first, second):
        actions.expect(session.id, person.id, here.by)
    page = here.client.open_page(f"/sessions/{session.id}").follow("Bỏ bớt người")
    page = page.form("Bỏ").submit(button=str(second.id))
    assert f"Đã bỏ {second.name}" in page.text
    assert actions.expect(session.id, second.id, here.by) == 3
    gone = AuditEntry.select().where(AuditEntry.action == "change", AuditEntry.noun == "expected")
    assert gone.get().person_id == second.id
    page.form("Bỏ").submit(button=str(first.id))
    assert [row.person_id for row in Expected.select()] == [second.id]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("an", {"NGUYỄN VĂN AN"}),
        ("AN nguyen", {"NGUYỄN VĂN AN"}),
        ("1955", {"TRẦN THỊ AN NHIÊN"}),
        ("2", {"TRẦN THỊ AN NHIÊN"}),
        ("nobody", set()),
        ("\x00\x01", set()),
    ],
)
def test_the_list_is_searched(here, session, typed, found):
    for name, year in (("NGUYỄN VĂN AN", 1980), ("TRẦN THỊ AN NHIÊN", 1955)):
        person = build.person(here.site, name=name, dob_year=year)
        actions.expect(session.id, person.id, here.by)
    for _ in range(20):
        actions.expect(session.id, build.person(here.site, name="LÊ BÁ TÙNG").id, here.by)
    page = here.client.open_page(f"/sessions/{session.id}").submit(q=typed)
    names = {a.text_content() for a in page.css("tbody a")}
    if typed == "an":
        found = {"NGUYỄN VĂN AN", "TRẦN THỊ AN NHIÊN"}
    assert names == found


def test_a_long_list_is_paged(here, session):
    for _ in range(55):
        actions.expect(session.id, build.person(here.site).id, here.by)
    page = here.client.open_page(f"/sessions/{session.id}")
    assert len(page.css("tbody tr")) == 50
    assert len(page.follow("Trang sau").css("tbody tr")) == 5


def test_more_people_than_can_be_received_is_told(here):
    session = build.session(here.site, [], capacity=1)
    for _ in range(2):
        actions.expect(session.id, build.person(here.site).id, here.by)
    assert "dài hơn số người tiếp đón" in here.client.open_page(f"/sessions/{session.id}").text


@pytest.mark.parametrize(
    ("person", "held", "code"),
    [
        ({"deceased_on": clock.today()}, 0, "person_deceased"),
        ({}, -1, "session_over"),
    ],
)
def test_who_cannot_be_expected(here, person, held, code):
    session = build.session(here.site, [], held_on=clock.today() + timedelta(held))
    with pytest.raises(Refused) as refused:
        actions.expect(session.id, build.person(here.site, **person).id, here.by)
    assert codes(refused) == [code]
    assert VaccinationSession.get().last_listed == 0, "nothing half-written"


def test_a_merged_record_is_not_expected(here, session):
    kept = build.person(here.site)
    merged = build.person(here.site)
    Person.update(merged_into=kept).where(Person.id == merged.id).execute()
    with pytest.raises(Refused) as refused:
        actions.expect(session.id, merged.id, here.by)
    assert codes(refused) == ["person_merged"]


def test_two_desks_add_people_at_once(here, session):
    people = [build.person(here.site) for _ in range(4)] * 2
    together = Barrier(len(people))

    def put(person):
        with db.connection_context(), here.app.app_context():
            together.wait()
            try:
                return actions.expect(session.id, person.id, here.by)
            except Refused as refused:
                return refused.reasons[0][1]

    with ThreadPoolExecutor(len(people)) as pool:
        results = list(pool.map(put, people))
    assert sorted(map(str, results)) == ["1", "2", "3", "4", *["already_listed"] * 4]


def test_the_database_itself_refuses_a_number_twice(here, session):
    build.expected(session, build.person(here.site), number=5)
    with pytest.raises(IntegrityError), db.atomic():
        build.expected(session, build.person(here.site), number=5)


def test_a_person_of_the_province_sees_the_list(here, session):
    actions.expect(session.id, build.person(here.site).id, here.by)
    build.sign_in(here.client, build.user(here.province, "province"))
    page = here.client.open_page(f"/sessions/{session.id}")
    assert page.status == 200 and "NGUYỄN VĂN" in page.text and "Bỏ" not in page.text


def test_many_are_expected_like_one_after_the_other(here, session):
    people = [build.person(here.site, name=f"NGUYỄN VĂN {word}") for word in ("AN", "BA", "CAM")]
    dead = build.person(here.site, deceased_on=clock.today())
    stranger = build.person(None)
    first = actions.expect(session.id, people[1].id, here.by)
    notes = {one.id: f"dòng {one.id}" for one in (*people, dead, stranger)}
    found = actions.expect_many(session.id, notes, here.by)
    assert list(found) == list(notes)
    numbers = [found[one.id] for one in (people[0], people[2], stranger)]
    assert numbers == [first + 1, first + 2, first + 3], "without a gap"
    assert found[people[1].id].reasons == [("", "already_listed", {"number": first})]
    assert found[dead.id].reasons == [("", "person_deceased", {})]
    row = Expected.get(Expected.person == stranger)
    assert (row.note, row.source, row.added_by_id) == (notes[stranger.id], "file", here.by.id)
    assert Care.get(Care.person == stranger).unit_id == here.site.id
    acts = AuditEntry.select().where(AuditEntry.noun == "expected", AuditEntry.action == "create")
    assert [a.person_id for a in acts.order_by(AuditEntry.seq)][1:] == [
        people[0].id, people[2].id, stranger.id,
    ]  # fmt: skip
    assert actions.expect(session.id, build.person(here.site).id, here.by) == first + 4
    assert actions.expect_many(session.id, {}, here.by) == {}
