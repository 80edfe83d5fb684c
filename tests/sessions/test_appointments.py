"""What becomes of those who were called: told, moved, taken off, absent, vaccinated, reminded."""

from datetime import date, datetime, time, timedelta

import pytest

from app import clock, outbox
from app.closing import actions as closing
from app.notices.actions import take
from app.outbox import OutboxEvent
from app.registrations.models import Registration
from app.sessions import actions
from app.sessions.models import Appointment, Expected, VaccinationSession
from tests import build
from tests.sessions.wishes import given, now

AT_TEN = datetime(2021, 8, 10, 10)
DAY = date(2021, 8, 15)


@pytest.fixture(autouse=True)
def at_ten():
    with clock.frozen(AT_TEN):
        yield


def on(day, hour=12):
    return clock.frozen(datetime.combine(day, time(hour)))


@pytest.fixture
def session(here):
    return build.session(here.site, [], held_on=DAY, half_day="morning", capacity=16)


@pytest.fixture
def called(here, session):
    """Two wishes that were called for 08:00."""
    rows = [given(here), given(here)]
    actions.call(session.id, [row.id for row in rows], time(8), here.by)
    return [now(row) for row in rows]


def events(name):
    rows = OutboxEvent.select().where(OutboxEvent.event == f"appointment.{name}")
    return [row.payload["appointment"] for row in rows.order_by(OutboxEvent.id)]


def of(row):
    return Appointment.select().where(Appointment.registration == row).order_by(Appointment.id)[-1]


def plan_of(session, **changed):
    values = {"held_on": session.held_on, "half_day": session.half_day, "capacity": 16} | changed
    return actions.Plan(**values)


def opened(here, row):
    page = here.client.open_page("/ket-qua-dang-ky")
    return page.submit(code=row.code, phone=row.phone, year=str(row.dob_year))


def test_the_citizen_sees_day_hour_and_site(here, session, called):
    page = opened(here, called[0])
    assert "Đã có lịch tiêm" in page.text
    assert f"Lịch hẹn tiêm: 08:00 ngày 15/08/2021, {here.site.name}" in page.text
    assert "chưa phải lịch hẹn" not in page.text
    assert "Lịch hẹn tiêm" not in opened(here, given(here)).text


def test_the_list_shows_the_hours(here, session, called):
    page = here.client.open_page(f"/sessions/{session.id}")
    assert "Giờ hẹn" in page.text and page.text.count("08:00") == 2


def test_who_is_taken_off_the_list_waits_again(here, session, called):
    first, second = called
    actions.remove(session.id, first.person_id)
    actions.remove(session.id, first.person_id)
    assert (now(first).state, now(second).state) == ("allocated", "listed")
    assert of(first).ended == "removed" and events("removed") == [of(first).id]
    assert "Lịch hẹn tiêm" not in opened(here, first).text
    actions.remove_many(session.id, [second.person_id])
    assert now(second).state == "allocated" and len(events("removed")) == 2


def test_who_was_taken_off_can_be_called_again(here, session, called):
    actions.remove(session.id, called[0].person_id)
    actions.call(session.id, [called[0].id], time(9), here.by)
    assert now(called[0]).state == "listed" and of(called[0]).hour == time(9)


def test_another_day_is_told_with_the_same_hour(here, session, called):
    actions.change(session, plan_of(session, held_on=date(2021, 8, 20)), here.by)
    assert sorted(events("changed")) == sorted(of(row).id for row in called)
    assert of(called[0]).hour == time(8)
    assert "08:00 ngày 20/08/2021" in opened(here, called[0]).text


def test_another_half_day_gives_hours_of_it(here, session, called):
    actions.change(session, plan_of(session, half_day="afternoon"), here.by)
    assert [of(row).hour for row in called] == [time(13), time(15)]
    assert len(events("changed")) == 2


def test_a_change_of_anything_else_is_told_to_nobody(here, session, called):
    actions.change(session, plan_of(session, tables=3), here.by)
    assert events("changed") == []


def close(here, session):
    """Close it on its day, with the first one vaccinated or not."""
    with on(DAY):
        closing.close(session.id, here.by)


def test_who_did_not_come_waits_again_in_the_same_place(here, session, called):
    first, second = called
    with on(DAY, 9):
        build.dose(build.visit(session, first.person), here.lots[0])
        actions_lot(session, here)
    close(here, session)
    assert (now(first).state, now(second).state) == ("done", "allocated")
    assert (of(first).ended, of(second).ended) == ("came", "absent")
    assert events("absent") == [of(second).id]
    assert "Vắng mặt ngày 15/08/2021" in opened(here, second).text
    later = build.session(here.site, [], held_on=date(2021, 8, 20))
    higher, after = given(here, rank=1), given(here)
    page = here.client.open_page(f"/sessions/{later.id}/wishes")
    assert "Vắng mặt, ngày 15/08/2021" in page.text
    shown = [box.get("value") for box in page.css("input[name=ids]")]
    assert shown == [str(row.id) for row in (higher, second, after)]


def actions_lot(session, here):
    """The dose is accounted for."""
    from app.sessions.models import SessionLot

    SessionLot.create(session=session, holding=here.lots[0], taken=1)


def test_who_came_without_a_dose_waits_again_and_was_not_absent(here, session, called):
    with on(DAY, 9):
        build.visit(session, called[0].person, state="deferred", ended_at=clock.now())
    close(here, session)
    assert (now(called[0]).state, of(called[0]).ended) == ("allocated", "came")
    assert events("absent") == [of(called[1]).id]


def test_closing_again_tells_nothing_again(here, session, called):
    close(here, session)
    with on(DAY):
        closing.reopen(session.id, "Nhầm", here.by)
    actions.call(build.session(here.site, [], held_on=date(2021, 8, 20)).id,
                 [called[0].id], time(8), here.by)  # fmt: skip
    close(here, session)
    assert len(events("absent")) == 2
    assert (now(called[0]).state, of(called[0]).ended) == ("listed", "")


@pytest.mark.parametrize(("days", "state"), [(0, "done"), (-40, "listed")])
def test_a_dose_anywhere_ends_the_wish_that_was_sent_before_it(here, called, days, state):
    elsewhere = build.session(build.unit("station", here.nation))
    dose = build.dose(
        build.visit(elsewhere, called[0].person), given_at=clock.now() + timedelta(days=days)
    )
    outbox.emit("dose.recorded", dose=dose.id)
    take()
    assert (now(called[0]).state, now(called[1]).state) == (state, "listed")
    assert of(called[0]).ended == ("came" if state == "done" else "")


def test_the_day_before_everybody_is_reminded_once(here, session, called):
    take()
    assert events("tomorrow") == []
    with on(DAY - timedelta(1)):
        take()
        take()
    assert sorted(events("tomorrow")) == sorted(of(row).id for row in called)


def test_who_is_called_for_tomorrow_is_not_reminded_too(here):
    session = build.session(here.site, [], held_on=AT_TEN.date() + timedelta(1))
    actions.call(session.id, [given(here).id], time(8), here.by)
    take()
    assert events("tomorrow") == []


def test_a_moved_session_is_reminded_of_anew(here, session, called):
    with on(DAY - timedelta(1)):
        take()
        actions.change(session, plan_of(session, held_on=DAY + timedelta(9)), here.by)
    with on(DAY + timedelta(8)):
        take()
    assert len(events("tomorrow")) == 4


@pytest.mark.parametrize("why", ["removed", "closed"])
def test_who_is_not_expected_any_more_is_not_reminded(here, session, called, why):
    if why == "closed":
        VaccinationSession.update(closed_at=clock.now()).execute()
    else:
        actions.remove_many(session.id, [row.person_id for row in called])
    with on(DAY - timedelta(1)):
        take()
    assert events("tomorrow") == []


def test_a_wish_has_one_appointment_that_stands(here, called):
    from peewee import IntegrityError

    from app.db import db

    other = build.session(here.site, [], held_on=DAY)
    with pytest.raises(IntegrityError), db.atomic():
        Appointment.create(registration=called[0], session=other, person=called[0].person,
                           hour=time(8))  # fmt: skip
    assert Expected.select().count() == 2 and Registration.select().count() == 2
