"""The queues of a session: who is next, who is called by number, who goes, and the counts."""

from datetime import timedelta

import pytest
from playhouse.test_utils import count_queries

from app import clock
from app.audit import AuditEntry
from app.db import is_postgres
from app.people.actions import add_alert
from app.visits import actions
from app.visits.models import Visit, tally
from tests import build
from tests.visits.test_parallel import all_at_once, working
from tests.visits.test_stations import number_of


def ago(minutes):
    return clock.now() - timedelta(minutes=minutes)


def at(here, station):
    return here.client.open_page(f"/sessions/{here.session.id}/board?at={station}")


def names(page):
    return [a.text_content() for a in page.css("tbody a:not(.b)")]


@pytest.mark.parametrize(
    ("station", "state", "column"),
    [
        ("consent", "arrived", "arrived_at"),
        ("screening", "consented", "consent_at"),
        ("dose", "ready", "screened_at"),
    ],
)
def test_who_waits_longest_at_the_station_stands_first(here, station, state, column):
    waits = {5: None, 40: None, 20: None}
    for minutes in waits:
        times = {"arrived_at": ago(100 - minutes), column: ago(minutes)}
        waits[minutes] = build.visit(here.session, state=state, **times).person.name
    page = at(here, station)
    assert names(page) == [waits[40], waits[20], waits[5]]
    assert [td.text_content().strip() for td in page.css("tbody tr td:last-child")] == [
        "40 phút", "20 phút", "5 phút",
    ]  # fmt: skip
    assert page.css("[autofocus]")[0].text_content() == waits[40]


def test_who_comes_back_waits_anew(here):
    gone = build.visit(here.session, arrived_at=ago(50))
    actions.leave(gone, gone.version, "", here.staff)
    stayed = build.visit(here.session, arrived_at=ago(20))
    assert actions.check_in(here.session.id, gone.person_id, here.staff) == gone.id
    assert names(at(here, "consent")) == [stayed.person.name, gone.person.name]
    gone = Visit.get_by_id(gone.id)
    assert (gone.queue_no, gone.ended_at, gone.ended_by) == (1, None, None)


def test_who_goes_back_to_the_doctor_is_seen_at_once(here):
    back = build.visit(here.session, state="ready", consent_at=ago(50), screened_at=ago(30))
    waiting = build.visit(here.session, state="consented", consent_at=ago(20))
    actions.screen_again(back, back.version)
    assert names(at(here, "screening")) == [back.person.name, waiting.person.name]


def test_a_number_calls_a_visit_at_its_step(here):
    build.visit(here.session)
    visit = build.visit(here.session, state="consented")
    page = at(here, "screening").submit(no="2")
    assert page.status == 200 and visit.person.name in page.text and page.form("temperature")
    assert page.css("#temperature[autofocus]")
    seen = AuditEntry.select().where(AuditEntry.action == "view", AuditEntry.noun == "visit")
    assert seen.get().person_id == visit.person_id


@pytest.mark.parametrize("typed", ["", "0", "3", "-1", "1.5", "một", "9" * 30, "²", "\x00"])
def test_a_wrong_number_is_told_at_the_field(here, typed):
    build.visit(here.session, state="ready")
    page = at(here, "dose").submit(no=typed)
    assert page.status == 422 and "không có số thứ tự đó" in page.css("#no-e")[0].text_content()
    assert page.css("[autofocus]")[0].get("id") == "no" and page.css("h1")[0].text_content()
    assert "Tiêm" in page.css("h1")[0].text_content()


def test_a_number_of_another_session_calls_nobody(here):
    elsewhere = build.session(build.country()[2])
    build.visit(elsewhere)
    assert at(here, "dose").submit(no="1").status == 422
    here.client.open_page(f"/sessions/{elsewhere.id}/call?no=1", status=404)


def test_the_desk_takes_the_number_in_the_hand_and_the_one_on_the_list(here):
    visit = build.visit(here.session, state="ready")
    desk = here.client.open_page(f"/sessions/{here.session.id}/desk")
    assert visit.person.name in desk.submit(what="1").css("h1")[0].text_content()
    listed = build.expected(here.session, build.person(here.site), number=1).person
    page = desk.submit(what="1")
    texts = [button.text_content() for button in page.css("button[name=person]")]
    assert len(texts) == 2 and page.status == 200
    assert listed.name in texts[0] and "số trong danh sách" in texts[0]
    assert visit.person.name in texts[1] and "số thứ tự" in texts[1]
    page.form("person").submit(button=str(visit.person_id)).submit("holding_id")
    assert Visit.get_by_id(visit.id).state == "observing"
    assert listed.name in desk.submit(what="00001").css("h1")[0].text_content()


def test_reception_takes_the_number_on_the_list_only(here):
    visit = build.visit(here.session)
    page = here.client.open_page(f"/sessions/{here.session.id}/board").submit(what="1")
    assert visit.person.name not in page.text


def sitting(here, minutes, **given):
    until = clock.now() + timedelta(minutes=minutes)
    return build.visit(
        here.session, state="observing", arrived_at=ago(60), observe_until=until, **given
    )


def test_everybody_whose_time_is_up_goes_with_one_press(here):
    up = [sitting(here, -minutes) for minutes in (0, 1, 10)]
    still = sitting(here, 1)
    page = at(here, "observation")
    form = page.form("Kết thúc cho 3 người đã đủ 30 phút")
    pages = [form.submit(), form.submit()]
    assert all("Đã kết thúc theo dõi cho 3 người" in page.text for page in pages)
    assert {Visit.get_by_id(v.id).state for v in up} == {"done"}
    assert Visit.get_by_id(up[0].id).ended_by == here.staff
    assert Visit.get_by_id(still.id).state == "observing"
    assert "Kết thúc cho" not in pages[1].text
    links = AuditEntry.select().where(AuditEntry.action == "change", AuditEntry.noun == "visit")
    assert links.count() == 3


def test_who_had_a_reaction_is_let_go_alone(here):
    sick, well = sitting(here, -5), sitting(here, -5)
    add_alert(sick.person_id, "reaction", "Phát ban", visit_id=sick.id)
    add_alert(well.person_id, "reaction", "Sốt", visit_id=sick.id)
    at(here, "observation").form("Kết thúc cho 1 người").submit()
    assert Visit.get_by_id(sick.id).state == "observing"
    assert Visit.get_by_id(well.id).state == "done"


def test_two_observers_press_at_once(app):
    site = build.country()[2]
    staff, session = build.user(site), build.session(site)
    for _ in range(8):
        build.visit(session, state="observing", arrived_at=ago(60), observe_until=ago(1))
    found = all_at_once(
        app, [lambda: actions.finish_all(session.id, working(staff.id)) for _ in range(4)]
    )
    assert sum(found) == 8
    assert {visit.state for visit in Visit.select()} == {"done"}


def test_the_counts_of_a_session(here):
    for _ in range(3):
        build.expected(here.session, build.person(here.site))
    other = build.holding(here.site, "SPIKEVAX")
    for lot in (here.lot, here.lot, other):
        build.dose(build.visit(here.session, state="ready"), lot)
    for state in ("arrived", "ready", "ready", "delayed", "left"):
        build.visit(here.session, state=state)
    voided = build.dose(build.visit(here.session, state="ready"))
    voided.voided_at = clock.now()
    voided.save()
    Visit.update(state="voided").where(Visit.id == voided.visit_id).execute()
    found = tally(here.session.id)
    assert (found.expected, found.received, found.doses) == (3, 9, 3)
    assert found.states == {
        "arrived": 1, "ready": 2, "done": 3, "delayed": 1, "left": 1, "voided": 1,
    }  # fmt: skip
    assert found.products == {"COMIRNATY": 2, "SPIKEVAX": 1}
    for url in (f"/sessions/{here.session.id}/board", f"/sessions/{here.session.id}"):
        page = here.client.open_page(url)
        told = [" ".join(li.text_content().split()) for li in page.css("#n li")]
        assert told == [
            "3 Dự kiến", "9 Đã đến", "1 Chờ phiếu đồng ý", "0 Chờ khám sàng lọc", "2 Chờ tiêm",
            "0 Đang theo dõi",
            "3 Đã tiêm: Comirnaty 2, Spikevax 1", "1 Trì hoãn tiêm chủng", "1 Đã rời điểm tiêm",
        ]  # fmt: skip


def test_the_counts_are_one_statement(here):
    with count_queries() as asked:
        tally(here.session.id)
    assert asked.count == (0 if is_postgres() else 1)  # there it is prepared, past the counter


def test_the_page_of_a_session_nobody_came_to_has_no_counts(here):
    assert not here.client.open_page(f"/sessions/{here.session.id}").css("#n")


def test_what_is_searched_by_a_short_number_is_written_down(here):
    person = build.expected(here.session, build.person(here.site), number=7).person
    page = here.client.open_page(f"/sessions/{here.session.id}/board").submit(what="7")
    assert person.name in page.text and number_of(person) not in page.text
    assert AuditEntry.get(AuditEntry.action == "search").detail == {"how": "called", "hits": 1}
