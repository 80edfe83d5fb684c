"""A site calls people to a session by their wishes: found or made, listed, with an hour."""

import re
from datetime import date, datetime, time, timedelta

import pytest
from playhouse.test_utils import count_queries

from app import clock
from app.audit import AuditEntry
from app.outbox import OutboxEvent
from app.people.models import Care, Document, Person
from app.registrations.models import Registration
from app.sessions import actions
from app.sessions.models import Appointment, Expected, VaccinationSession
from app.sessions.views import calling
from app.words import Refused
from tests import build
from tests.sessions.wishes import given, now

AT_TEN = datetime(2021, 8, 10, 10)
TOMORROW = date(2021, 8, 11)


@pytest.fixture(autouse=True)
def at_ten():
    with clock.frozen(AT_TEN):
        yield


@pytest.fixture
def session(here):
    return build.session(here.site, [], held_on=TOMORROW, half_day="morning", capacity=16)


def numbered(here, who, **more):
    """A wish of somebody who is in the register."""
    known = {name: getattr(who, name) for name in ("name", "sex", "dob_year", "dob_month")}
    number = Document.get(Document.person == who).number
    return given(
        here, **(known | {"dob_day": who.dob_day, "kind": "CCCD", "number": number} | more)
    )


def press(here, session, **values):
    page = here.client.open_page(f"/sessions/{session.id}/wishes")
    return page.form("hour").submit(**values)


def hours():
    return [one.hour for one in Appointment.select().order_by(Appointment.id)]


def names(page):
    return [" ".join(one.text_content().split()) for one in page.css("tbody label")]


def test_a_wish_becomes_a_person_on_the_list_with_an_hour(here, session):
    row = given(here, kind="CCCD", number="001180000017", occupation="Nông dân")
    page = here.client.open_page(f"/sessions/{session.id}").follow("Gọi từ đăng ký")
    page = page.form("hour").submit(hour="08:30")
    assert page.status == 200 and "Đã đưa 1 người" in page.text and "08:30" in page.text
    person = now(row).person
    assert (person.name, person.sex, person.dob.iso()) == (row.name, "F", _iso(row))
    assert (person.phone, person.occupation) == (row.phone, "Nông dân")
    assert Document.get(Document.person == person).number == "001180000017"
    assert Care.select().where(Care.person == person, Care.unit == here.site).exists()
    listed = Expected.get()
    assert (listed.person_id, listed.session_id, listed.source) == (person.id, session.id, "wish")
    made = Appointment.get()
    assert (made.registration_id, made.hour, made.ended) == (row.id, time(8, 30), "")
    assert now(row).state == "listed"
    event = OutboxEvent.get(OutboxEvent.event == "appointment.made")
    assert event.payload == {"appointment": made.id}
    noted = AuditEntry.get(AuditEntry.noun == "registration", AuditEntry.action == "change")
    assert (noted.noun_id, noted.person_id) == (row.id, person.id)


def _iso(row):
    return f"{row.dob_year}-{row.dob_month:02}-{row.dob_day:02}"


def test_who_is_surely_known_is_not_made_again(here, session):
    person = build.person(build.unit("station", here.nation), sex="F")
    row = numbered(here, person)
    assert "Đã đưa 1 người" in press(here, session).text
    assert now(row).person_id == person.id and Person.select().count() == 1
    assert Care.select().where(Care.person == person, Care.unit == here.site).exists()


@pytest.mark.parametrize(
    "other", [{"name": "LÊ THỊ KHÁC", "folded": "le thi khac"}, {"dob_year": 1950}, {"sex": "M"}]
)
def test_somebody_with_anothers_number_is_left_and_named(here, session, other):
    person = build.person(here.site, sex="F")
    row, good = numbered(here, person, **other), given(here)
    page = press(here, session)
    assert "Đã đưa 1 người" in page.text and "1 người chưa đưa vào được" in page.text
    assert row.name in page.text and "Số giấy tờ này có trong hồ sơ khác" in page.text
    assert (now(row).state, now(row).person_id) == ("allocated", None)
    assert now(good).state == "listed"


def test_one_whose_number_says_otherwise_is_written_by_hand_from_what_was_sent(here, session):
    row = given(here, name="TRẦN THỊ BƯỞI", sex="F", dob_year=1980, kind="CCCD",
                number="001075123456", address="Thôn 3")  # fmt: skip
    other = given(here)
    page = press(here, session)
    assert (now(row).state, now(other).state) == ("allocated", "listed")
    assert "Giới tính khác với số CCCD. Năm sinh khác với số CCCD. Hãy gọi hỏi lại." in page.text
    assert "đánh dấu và ghi lý do" not in page.text and "Người khác thì" not in page.text
    page = page.form("scan").submit()
    assert page.url == "/people/new" and not Person.by_number(row.number)
    form = page.form("dob")
    assert form.values["name"] == ["TRẦN THỊ BƯỞI"] and form.values["number"] == [row.number]
    page = form.submit(sex="F", nationality="VN")
    assert page.status == 422 and "Giới tính khác với số CCCD" in page.text
    page.form("dob").submit(confirmed="y", note="Đã xem thẻ")
    press(here, session)
    assert now(row).person == Person.by_number(row.number) and now(row).state == "listed"


def test_who_only_looks_like_somebody_has_no_form_of_a_new_person(here, session):
    person = build.person(here.site, sex="F", name="TRẦN THỊ BÌNH")
    given(here, name=person.name, dob_month=5, dob_day=17)
    page = press(here, session)
    assert not page.css("input[name=scan]") and "Người khác thì lập hồ sơ" in page.text


def test_a_look_alike_is_never_merged(here, session):
    person = build.person(here.site, sex="F", name="TRẦN THỊ BÌNH")
    row = given(here, name=person.name, dob_month=5, dob_day=17)
    page = press(here, session)
    assert "Có hồ sơ giống người này" in page.text
    assert now(row).state == "allocated" and Person.select().count() == 1
    assert not Expected.select().exists() and not Appointment.select().exists()


def test_the_worker_decides_that_a_look_alike_is_this_very_person(here, session):
    person = build.person(here.site, sex="F", name="TRẦN THỊ BÌNH")
    row, other = given(here, name=person.name, dob_month=5, dob_day=17), given(here)
    page = press(here, session, ids=str(row.id))
    form = page.form("Đúng là người này")
    for _ in range(2):
        page = form.submit()
        assert page.status == 200 and "Đã đưa 1 người" in page.text
    assert (now(row).state, now(row).person_id) == ("listed", person.id)
    assert now(other).state == "allocated" and Person.select().count() == 1


def test_nobody_is_taken_for_one_who_does_not_look_alike(here, session):
    person = build.person(here.site, sex="F", name="TRẦN THỊ BÌNH")
    stranger = build.person(build.unit("station", here.nation))
    row = given(here, name=person.name, dob_month=5, dob_day=17)
    form = press(here, session).form("Đúng là người này")
    button = form.element.cssselect("button")[0]
    for wrong in (f"{row.id}.{stranger.id}", f"{row.id}.999999", f"999999.{person.id}", "x.y"):
        button.set("value", wrong)
        form.submit()
    assert now(row).state == "allocated" and not Expected.select().exists()


def test_of_somebody_from_elsewhere_only_the_minimum_is_shown(here, session):
    person = build.person(build.unit("station", here.nation), name="LÊ VĂN CƯỜNG", sex="F")
    numbered(here, person, name="LÊ THỊ KHÁC", folded="le thi khac")
    page = press(here, session)
    assert person.masked in page.text and person.name not in page.text
    found = AuditEntry.get(AuditEntry.action == "search", AuditEntry.noun == "person")
    assert found.person_id == person.id


def test_two_wishes_of_one_person_make_one_place(here, session):
    person = build.person(here.site, sex="F")
    first, second = numbered(here, person), numbered(here, person)
    page = press(here, session)
    assert "đã được gọi đến buổi tiêm này theo đăng ký khác" in page.text
    assert [now(first).state, now(second).state] == ["listed", "allocated"]
    assert Expected.select().count() == 1


def test_who_stands_on_the_list_by_hand_gets_an_hour_there(here, session):
    person = build.person(here.site, sex="F")
    actions.expect(session.id, person.id, here.by)
    row = numbered(here, person)
    press(here, session)
    assert now(row).state == "listed" and Expected.select().count() == 1


def test_thirty_at_once_in_the_order_of_the_queue(here):
    session = build.session(here.site, [], held_on=TOMORROW, half_day="day", capacity=100)
    rows = [given(here, rank=10 - n % 2) for n in range(30)]
    last = given(here, rank=16)
    page = press(here, session, hour="07:00")
    assert "Đã đưa 30 người" in page.text and "hẹn từ 07:00 đến 09:00" in page.text
    order = sorted(rows, key=lambda row: (row.rank, row.sent_at))
    numbers = {one.registration_id: one.hour for one in Appointment.select()}
    assert [numbers[row.id] for row in order] == sorted(numbers.values())
    assert {now(row).state for row in rows} == {"listed"}
    assert names(page) == [last.name]


def test_the_session_takes_no_more_than_its_capacity(here, session):
    VaccinationSession.update(capacity=3).execute()
    actions.expect(session.id, build.person(here.site).id, here.by)
    rows = [given(here) for _ in range(4)]
    page = press(here, session)
    assert "Đã đưa 2 người" in page.text
    assert page.text.count("Buổi tiêm đã đủ số người") == 2
    assert [now(row).state for row in rows] == ["listed"] * 2 + ["allocated"] * 2
    assert Person.select().count() == 3  # nobody was made who is not called


def test_an_hour_takes_its_share_and_the_next_press_goes_on(here, session):
    rows = [given(here) for _ in range(5)]
    page = press(here, session, ids=[str(row.id) for row in rows[:3]], hour="08:00")
    assert hours() == [time(8), time(8), time(8, 30)]
    page.form("hour").submit()
    assert hours()[3:] == [time(8, 30), time(9)]


def test_after_the_last_hour_nobody_is_called(here, session):
    rows = [given(here) for _ in range(3)]
    page = press(here, session, hour="10:30")
    assert hours() == [time(10, 30)] * 2
    assert "Buổi tiêm đã đủ số người" in page.text and now(rows[2]).state == "allocated"


def test_today_only_hours_to_come_are_offered(here):
    session = build.session(here.site, [], half_day="morning")
    row = given(here)
    page = here.client.open_page(f"/sessions/{session.id}/wishes")
    assert [one.text_content().strip() for one in page.css("option")] == ["10:30"]
    form = page.form("hour")
    with clock.frozen(AT_TEN + timedelta(hours=2)):
        page = here.client.open_page(f"/sessions/{session.id}/wishes")
        assert "không còn giờ nào" in page.text
        page = form.submit()
    assert page.status == 422 and now(row).state == "allocated"


def test_pressed_twice_it_is_done_once(here, session):
    row = given(here)
    form = here.client.open_page(f"/sessions/{session.id}/wishes").form("hour")
    for _ in range(2):
        page = form.submit()
        assert page.status == 200 and "Đã đưa 1 người" in page.text
    assert now(row).state == "listed" and Appointment.select().count() == 1
    assert OutboxEvent.select().where(OutboxEvent.event == "appointment.made").count() == 1


def test_who_was_called_or_taken_away_meanwhile_is_told(here, session):
    gone, elsewhere, row = given(here), given(here), given(here)
    form = here.client.open_page(f"/sessions/{session.id}/wishes").form("hour")
    Registration.update(state="withdrawn").where(Registration.id == gone.id).execute()
    other = build.unit("station", here.province)
    Registration.update(site=other).where(Registration.id == elsewhere.id).execute()
    page = form.submit()
    assert (
        "Đã đưa 1 người" in page.text
        and gone.name in page.text
        and "Đăng ký này đã được gọi" in page.text
    )
    assert elsewhere.name not in page.text  # nothing of what belongs to others
    assert [now(one).state for one in (gone, elsewhere, row)] == [
        "withdrawn", "allocated", "listed",
    ]  # fmt: skip


def test_nobody_chosen_is_told(here, session):
    given(here)
    form = here.client.open_page(f"/sessions/{session.id}/wishes").form("hour")
    del form.values["ids"]
    page = form.submit()
    assert page.status == 422 and "Chưa chọn ai" in page.text


def test_a_past_or_closed_session_calls_nobody(here, session):
    row = given(here)
    form = here.client.open_page(f"/sessions/{session.id}/wishes").form("hour")
    VaccinationSession.update(closed_at=clock.now()).execute()
    page = form.submit()
    assert page.status == 422 and now(row).state == "allocated"
    assert not here.client.open_page(f"/sessions/{session.id}/wishes").css("input[name=ids]")


def test_the_page_says_why_each_stands_where_it_stands(here, session):
    late = given(here, rank=16, priority_group="16", sent_at=clock.now() - timedelta(50))
    second = given(here, sent_at=clock.now() - timedelta(3))
    first = given(here, sent_at=clock.now() - timedelta(4))
    again = given(here, rank=16, priority_group="16")
    missed = build.session(here.site, [], held_on=date(2021, 8, 2))
    Appointment.create(registration=again, session=missed, person=build.person(), hour=time(8),
                       ended="absent")  # fmt: skip
    page = here.client.open_page(f"/sessions/{session.id}/wishes")
    assert names(page) == [first.name, second.name, late.name, again.name]
    assert "Vắng mặt, ngày 02/08/2021; nhóm 16" in page.text
    assert "nhóm 9, gửi ngày 06/08/2021, đã chờ 4 ngày" in page.text


def test_pages_follow_one_another(here, session):
    rows = [given(here) for _ in range(40)]
    first = here.client.open_page(f"/sessions/{session.id}/wishes")
    second = first.follow("Trang sau")
    assert names(first) + names(second) == [row.name for row in rows]


def test_a_station_calls_to_its_mobile_site_but_not_from_elsewhere(here, session):
    mobile = build.unit("mobile", here.site)
    there = build.session(mobile, [], held_on=TOMORROW)
    mine, other = given(here), given(here, site=build.unit("station", here.province))
    assert names(here.client.open_page(f"/sessions/{there.id}/wishes")) == [mine.name]
    with pytest.raises(Refused, match="wish_none"):
        actions.call(there.id, [other.id], time(8), here.by)


def test_a_child_is_made_with_who_registered_it(here, session):
    row = given(here, dob_year=2012, by_name="NGUYỄN VĂN CHA", by_phone="0912000001",
                relation="Cha")  # fmt: skip
    press(here, session)
    person = now(row).person
    assert (person.guardian_name, person.guardian_phone) == ("NGUYỄN VĂN CHA", "0912000001")


def test_statements_do_not_grow_with_the_people(here, session):
    VaccinationSession.update(capacity=500).execute()
    counts = []
    for many in (3, 13):
        rows = [given(here) for _ in range(many)]
        with count_queries(only_select=True) as asked:
            actions.call(session.id, [row.id for row in rows], time(7), here.by)
        counts.append(asked.count)
    assert counts[1] <= counts[0]


def test_no_personal_data_are_kept_of_an_answer(here, session):
    from app.once import Submission

    person = build.person(here.site, sex="F")
    row = numbered(here, person, name="LÊ THỊ KHÁC", folded="le thi khac")
    press(here, session)
    kept = Submission.get().result
    assert re.search(str(row.id), kept) and "KHÁC" not in kept


def test_those_of_the_station_and_of_its_mobile_site_wait_in_one_order(here, monkeypatch):
    mobile = build.unit("mobile", here.site)
    there = build.session(mobile, [], held_on=TOMORROW)
    for n, (site, group) in enumerate([(mobile, "9"), (mobile, "1"), (here.site, "4")] * 2):
        given(here, site=site, name=f"LÒ VĂN {'ABCDEG'[n]}", priority_group=group, rank=int(group))
    monkeypatch.setattr(calling, "AT_ONCE", 4)
    page = here.client.open_page(f"/sessions/{there.id}/wishes")
    assert [name[-1] for name in names(page)] == ["B", "E", "C", "G"]
    assert [name[-1] for name in names(page.follow("Trang sau"))] == ["A", "D"]
