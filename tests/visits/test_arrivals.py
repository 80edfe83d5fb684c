"""A whole bus: people of the list and cards, received with one press."""

from datetime import timedelta

import pytest

from app import clock
from app.audit import AuditEntry, chain_key, verify
from app.people.models import Care
from app.sessions.models import VaccinationSession
from app.visits import actions
from app.visits.models import Visit
from tests import build
from tests.visits.test_parallel import all_at_once, working
from tests.visits.test_stations import number_of


def page_of(here):
    return here.client.open_page(f"/sessions/{here.session.id}/arrivals", status=200)


def listed(here, count):
    return [
        build.expected(here.session, build.person(here.site), number=n).person
        for n in range(1, count + 1)
    ]


def rows(page):
    """What each line of the result says, without the form in it."""
    table = next((t for t in page.css("table") if "Kết quả" in t.text_content()), None)
    found = table.cssselect("tbody tr") if table is not None else []
    return [[" ".join(td.text_content().split()) for td in tr.cssselect("td")] for tr in found]


def test_ranges_of_the_list_are_received(here):
    people = listed(here, 50)
    page = here.client.open_page(f"/sessions/{here.session.id}").follow("Tiếp đón nhiều người")
    page = page.submit(numbers="1-45, 50")
    assert "Đã tiếp đón 46 người" in page.text and len(rows(page)) == 46
    came = [visit.person_id for visit in Visit.select().order_by(Visit.queue_no)]
    assert came == [person.id for person in (*people[:45], people[49])]
    assert VaccinationSession.get_by_id(here.session.id).last_queue_no == 46
    links = AuditEntry.select().where(AuditEntry.action == "create", AuditEntry.noun == "visit")
    assert links.count() == 46 and verify(chain_key())[1] == []
    waiting = [td.text_content() for td in page.css("label")]
    assert "46" in waiting and "45" not in waiting, "who came is off the list of those to come"


def test_people_are_ticked(here):
    people = listed(here, 3)
    page = page_of(here).submit("numbers", tick=["1", "3"])
    assert {visit.person_id for visit in Visit.select()} == {people[0].id, people[2].id}
    page = page.form("numbers").submit(button="Chọn tất cả")
    assert len(page.css("input[checked]")) == 1
    page.form("numbers").submit()
    assert Visit.select().count() == 3


def test_cards_are_scanned_line_by_line(here):
    stranger = build.person(build.country()[2], name="LÊ VĂN CƯỜNG")
    dead = build.person(here.site, deceased_on=clock.today())
    before = build.visit(here.session)
    card = f"{number_of(stranger)}||LÊ VĂN CƯỜNG|17051980|Nam|Hà Nội|01012021"
    lines = [card, number_of(dead), number_of(before.person), "001099999999", "lê văn cường", ""]
    form = page_of(here).form("cards")
    pages = [form.submit(cards="\r\n".join(lines)) for _ in range(2)]
    assert rows(pages[0]) == rows(pages[1])
    told = {row[0]: row[1:] for row in rows(pages[0])}
    assert told[number_of(stranger)] == ["LÊ VĂN CƯỜNG, 1980", "2", ""]
    assert "đã mất" in told[number_of(dead)][2]
    assert told[number_of(before.person)][1:] == ["1", "Người này đã có lượt tiêm trong buổi này."]
    assert "Chưa có ai trong hệ thống" in told["001099999999"][2]
    assert "Không đọc được số" in told["lê văn cường"][2]
    assert "Đã tiếp đón 1 người" in pages[0].text and "Chưa tiếp đón 4 người" in pages[0].text
    assert Visit.select().count() == 2
    assert Care.select().where(Care.person == stranger, Care.unit == here.site).exists()
    found = AuditEntry.select().where(AuditEntry.action == "search")
    assert found.count() == 4 and {one.detail["how"] for one in found} == {"number"}
    page = pages[0].form("Lập hồ sơ mới").submit()
    assert page.form("number").values["number"] == ["001099999999"]


def test_who_is_ticked_and_scanned_has_one_line(here):
    person = listed(here, 1)[0]
    page = page_of(here).submit(numbers="1", cards=number_of(person))
    assert len(rows(page)) == 1 and Visit.select().count() == 1


def test_numbers_that_are_not_on_the_list_are_told(here):
    listed(here, 1)
    page = page_of(here).submit(numbers="1, 7")
    assert rows(page)[0] == ["7", "", "", "Không có số này trong danh sách."]
    assert Visit.select().count() == 1


def test_who_left_is_received_again(here):
    person = listed(here, 1)[0]
    visit = build.visit(here.session, person, state="left")
    page_of(here).submit(numbers="1")
    assert Visit.get().state == "arrived" and Visit.get().id == visit.id


def test_the_rest_is_named_when_the_session_is_full(here):
    VaccinationSession.update(capacity=2).execute()
    listed(here, 3)
    page = page_of(here).submit(numbers="1-3")
    assert "Đã tiếp đón 2 người" in page.text
    assert rows(page)[0][3] == "Buổi tiêm đã đủ số người." and rows(page)[0][0] == "3"
    assert Visit.select().count() == 2


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"numbers": "", "cards": " \n "}, "Chưa chọn ai"),
        ({"numbers": "1-"}, "Ghi dạng 1-45, 50"),
        ({"numbers": "5-1"}, "Ghi dạng 1-45, 50"),
        ({"numbers": "0"}, "Ghi dạng 1-45, 50"),
        ({"numbers": "1-99999"}, "Ghi dạng 1-45, 50"),
        ({"numbers": "một"}, "Ghi dạng 1-45, 50"),
        ({"numbers": "²"}, "Ghi dạng 1-45, 50"),
        ({"numbers": "1\x00"}, "điều khiển"),
        ({"cards": "1\n" * 301}, "nhiều nhất 300 dòng"),
        ({"cards": "x" * 501}, "nhiều nhất 300 dòng"),
    ],
)
def test_bad_input_is_told_at_its_field_and_receives_nobody(here, typed, message):
    listed(here, 1)
    page = page_of(here).submit("numbers", tick=["1"] if "numbers" not in typed else [], **typed)
    assert page.status == 422 and message in " ".join(page.errors())
    assert not Visit.select().count()
    if typed.get("numbers", "").strip("\x00"):
        assert page.form("numbers").values["numbers"][0].startswith(typed["numbers"][0])


def test_ticks_stay_when_something_else_is_wrong(here):
    listed(here, 2)
    page = page_of(here).submit(numbers="x", tick=["2"])
    assert page.status == 422 and page.form("numbers").values["tick"] == ["2"]


def test_yesterdays_session_receives_nobody_and_says_so(here):
    session = build.session(here.site, held_on=clock.today() - timedelta(days=1))
    page = here.client.open_page(f"/sessions/{session.id}/arrivals", status=200)
    assert "không phải hôm nay" in page.text and not page.css("form [name=numbers]")


def test_two_desks_receive_the_same_bus_at_once(app):
    site = build.country()[2]
    staff, session = build.user(site), build.session(site)
    people = [build.person(site).id for _ in range(6)]
    found = all_at_once(
        app,
        [
            lambda order=order: actions.receive_all(session.id, order, working(staff.id))
            for order in (people, people[::-1], people)
        ],
    )
    received = [one for part in found for one, got in part.items() if not got.reasons]
    assert sorted(received) == people
    assert {got.reasons[0][1] for part in found for got in part.values() if got.reasons} == {
        "already_here"
    }
    assert sorted(visit.queue_no for visit in Visit.select()) == [1, 2, 3, 4, 5, 6]
