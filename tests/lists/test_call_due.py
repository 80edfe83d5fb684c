"""A site calls those whose next dose is due: listed, with an hour, and told of it."""

from datetime import date, datetime, time, timedelta

import pytest
from playhouse.test_utils import count_queries

from app import clock, outbox
from app.accounts.actions import signed_in
from app.accounts.models import Membership
from app.lists.views import calling, sources
from app.notices.actions import send, take
from app.people.models import Person
from app.sessions import actions
from app.sessions.models import Appointment, Expected, VaccinationSession
from app.visits.models import Dose
from tests import build
from tests.notices.conftest import gateway

__all__ = ["gateway"]

AT_TEN = datetime(2021, 8, 10, 10)
TOMORROW = date(2021, 8, 11)
# PFIZER's second dose is due three weeks after the first.
LONG_AGO, AGO, LATELY = date(2021, 5, 1), date(2021, 7, 1), date(2021, 8, 9)


@pytest.fixture(autouse=True)
def at_ten():
    with clock.frozen(AT_TEN):
        yield


@pytest.fixture
def due(here):
    """A session of tomorrow, and three people who had a first dose."""
    Expected.delete().execute()
    here.coming = build.session(here.site, [], held_on=TOMORROW, half_day="morning", capacity=16)
    given = zip(
        ("LÊ VĂN ÂN", "TRẦN THỊ BÌNH", "NGUYỄN VĂN AN"), (AGO, LONG_AGO, LATELY), strict=True
    )
    for name, day in given:
        with clock.frozen(datetime(day.year, day.month, day.day, 10)):
            build.dose(build.visit(build.session(here.site, held_on=day), here.people[name]))
    return here


def opened(due):
    return due.client.open_page(f"/sessions/{due.coming.id}/due")


def names(page):
    return [" ".join(one.text_content().split()) for one in page.css("tbody label")]


def test_who_is_due_is_called_the_longest_since_first(due):
    page = due.client.open_page(f"/sessions/{due.coming.id}").follow("Gọi người đến hạn")
    assert names(page) == ["TRẦN THỊ BÌNH", "LÊ VĂN ÂN"], "who had one lately is not due"
    page = page.form("hour").submit(hour="08:30")
    assert page.status == 200 and "Đã đưa 2 người" in page.text and names(page) == []
    rows = [(row.person.name, row.hour, row.registration_id) for row in Appointment.select()]
    assert rows == [("TRẦN THỊ BÌNH", time(8, 30), None), ("LÊ VĂN ÂN", time(8, 30), None)]
    assert [row.source for row in Expected.select()] == ["due", "due"]
    page = due.client.open_page(f"/sessions/{due.coming.id}")
    assert page.text.count("08:30") == 2


def test_a_second_press_calls_nobody_else(due):
    form = opened(due).form("hour")
    first = [form.submit(ids=str(due.people["LÊ VĂN ÂN"].id)) for _ in range(2)]
    assert [page.status for page in first] == [200, 200]
    assert all("Đã đưa 1 người" in page.text for page in first)
    assert Appointment.select().count() == Expected.select().count() == 1


def test_who_is_expected_elsewhere_is_not_shown(due):
    other = build.session(due.site, [], held_on=TOMORROW + timedelta(5))
    build.expected(other, due.people["TRẦN THỊ BÌNH"], number=1)
    past = build.session(due.site, [], held_on=AGO + timedelta(1))
    build.expected(past, due.people["LÊ VĂN ÂN"], number=1)
    assert names(opened(due)) == ["LÊ VĂN ÂN"]


def test_who_finds_no_place_is_named(due):
    VaccinationSession.update(capacity=1).execute()
    page = opened(due).form("hour").submit()
    assert "Đã đưa 1 người" in page.text and "1 người chưa đưa vào được" in page.text
    assert [row.person.name for row in Appointment.select()] == ["TRẦN THỊ BÌNH"]


def test_strangers_cannot_be_called(due):
    other = build.person(build.unit("station", due.nation))
    page = opened(due).form("hour").submit(ids=str(other.id))
    assert page.status == 200 and not Expected.select().exists()


def test_a_session_that_is_over_calls_nobody(due):
    form = opened(due).form("hour")
    with clock.frozen(AT_TEN + timedelta(2)):
        page = form.submit()
        assert page.status == 422 and not Appointment.select().exists()
        assert "không sửa được nữa" in page.text


def told(gateway, at):
    with clock.frozen(at):
        take()
        before = set(gateway.sent)
        send([gateway])
    return [gateway.sent[one] for one in gateway.sent if one not in before]


@pytest.fixture
def called(due):
    by = signed_in(Membership.get(Membership.user == due.head))
    actions.call_people(due.coming.id, [due.people["LÊ VĂN ÂN"].id], time(8), by)
    due.by = by
    return due


LATER = AT_TEN + timedelta(minutes=16)


def test_the_person_is_told_by_name(called, gateway):
    ((phone, text),) = told(gateway, LATER)
    assert phone == "0912345001"
    assert text.startswith("So Tiem: moi tiem vac xin (LE VAN AN) luc 08:00 ngay 11/08/2021 tai ")


def test_a_foreigner_is_told_in_english(called, gateway):
    Person.update(nationality="FR").execute()
    ((_phone, text),) = told(gateway, LATER)
    assert "come for vaccination (LE VAN AN) at 08:00" in text


def test_a_family_is_told_in_one_message(due, gateway):
    Person.update(phone="0912345099").execute()
    opened(due).form("hour").submit(hour="08:00")
    ((phone, text),) = told(gateway, LATER)
    assert phone == "0912345099" and "moi 2 nguoi tiem" in text
    assert "(TRAN THI BINH, LE VAN AN)" in text


def test_who_has_no_telephone_is_not_told(called, gateway):
    Person.update(phone=None).execute()
    assert told(gateway, LATER) == []


def test_who_is_taken_off_is_told_and_due_again(called, gateway):
    told(gateway, LATER)
    actions.remove(called.coming.id, called.people["LÊ VĂN ÂN"].id)
    ((_phone, text),) = told(gateway, LATER + timedelta(minutes=16))
    assert "(LE VAN AN)" in text and "da huy" in text
    assert "LÊ VĂN ÂN" in names(opened(called))


def test_who_did_not_come_is_told(called, gateway):
    told(gateway, LATER)
    actions.settle(called.coming.id, {})
    ((_phone, text),) = told(gateway, LATER + timedelta(minutes=16))
    assert "vang mat" in text and Appointment.get().ended == "absent"


def test_a_dose_elsewhere_ends_the_appointment(called, gateway):
    entered(called, AT_TEN)
    assert Appointment.get().ended == "came"


YEAR_LATER = AT_TEN + timedelta(365)


@pytest.mark.parametrize(
    ("given_at", "in_days", "stays"),
    [
        (datetime(2021, 8, 1, 10), 1, True),  # it was the second one: now the booster is due
        (YEAR_LATER - timedelta(30), 1, False),  # after that no other one is due for months
        (YEAR_LATER - timedelta(1), 200, True),
        (YEAR_LATER, 200, False),  # given when they were called already: it was meant by the call
        (YEAR_LATER + timedelta(hours=2), 1, False),
    ],
)
def test_a_dose_entered_late_ends_it_only_if_no_other_one_is_due(due, given_at, in_days, stays):
    who = due.people["LÊ VĂN ÂN"]
    with clock.frozen(YEAR_LATER):
        day = YEAR_LATER.date() + timedelta(in_days)
        by = signed_in(Membership.get(Membership.user == due.head))
        actions.call_people(build.session(due.site, [], held_on=day).id, [who.id], time(8), by)
    with clock.frozen(YEAR_LATER + timedelta(hours=3)):
        entered(due, given_at)
    assert (Appointment.get().ended == "") == stays


def test_a_dose_entered_late_after_which_none_is_due_ends_it(called):
    entered(called, datetime(2021, 7, 25, 10))
    assert Appointment.get().ended == "came"


def entered(called, given_at):
    """A dose of the one who was called is entered, given elsewhere at this moment."""
    who = called.people["LÊ VĂN ÂN"]
    visit = build.visit(build.session(called.site, [], held_on=given_at.date()), who)
    dose = build.dose(visit, given_at=given_at)
    outbox.emit("dose.recorded", dose=dose.id)
    take()


def test_as_many_statements_for_many_as_for_few(due):
    def cost():
        with count_queries() as asked:
            opened(due).form("hour").submit()
        return asked.count

    few = cost()
    for n in range(20):
        with clock.frozen(datetime(2021, 6, 1 + n, 10)):
            who = build.person(due.site, phone=f"09123460{n:02}")
            build.dose(build.visit(build.session(due.site, held_on=date(2021, 6, 1 + n)), who))
    VaccinationSession.update(capacity=100).execute()
    assert cost() <= few + 2


def had(due, day, kinds="CO_BAN", **person):
    """Somebody in the care of the site who was vaccinated that day, with doses of these kinds."""
    who = build.person(due.site, **person)
    for number, kind in enumerate(kinds.split()):
        with clock.frozen(datetime.combine(day, time(9)) + timedelta(hours=number)):
            build.dose(build.visit(build.session(due.site, held_on=day), who), kind=kind)
    return who


def test_who_is_not_called_now_is_shown_on_the_next_page(due, monkeypatch):
    monkeypatch.setattr(calling, "AT_ONCE", 1)
    page = opened(due)
    assert names(page) == ["TRẦN THỊ BÌNH"]
    page = page.follow("Trang sau")
    assert names(page) == ["LÊ VĂN ÂN"] and "Trang sau" not in page.text
    page = page.form("hour").submit(hour="08:00")
    assert "Đã đưa 1 người" in page.text and "Không có ai đến hạn" in page.text
    assert names(page.follow("Về đầu danh sách")) == ["TRẦN THỊ BÌNH"]


def test_those_of_one_moment_are_all_shown(due, monkeypatch):
    monkeypatch.setattr(calling, "AT_ONCE", 2)
    for n in range(5):
        had(due, LONG_AGO - timedelta(9), name=f"PHẠM THỊ {n}")
    page, seen = opened(due), []
    while True:
        seen += names(page)
        if "Trang sau" not in page.text:
            break
        page = page.follow("Trang sau")
    assert seen == [f"PHẠM THỊ {n}" for n in range(5)] + ["TRẦN THỊ BÌNH", "LÊ VĂN ÂN"]


def test_behind_many_who_are_not_due_somebody_is_found(due, monkeypatch):
    """A series that is complete asks for no dose, yet only the rules know that."""
    monkeypatch.setattr(sources, "LOOKED_AT", 2)
    for _ in range(4):
        had(due, date(2021, 4, 1), "CO_BAN CO_BAN")
    page = opened(due)
    for _ in range(2):
        assert names(page) == [] and "Hãy xem tiếp" in page.text
        page = page.follow("Trang sau")
    assert names(page) == ["TRẦN THỊ BÌNH", "LÊ VĂN ÂN"]


def test_who_had_the_last_booster_or_a_dose_lately_is_not_even_looked_at(due, monkeypatch):
    had(due, date(2021, 4, 1), "CO_BAN CO_BAN NHAC_LAI")
    seen = []
    monkeypatch.setattr(sources.models, "to_call", lambda some, _day: seen.extend(some) or some)
    assert names(opened(due)) == ["TRẦN THỊ BÌNH", "LÊ VĂN ÂN"]
    assert len(seen) == 2


def test_who_died_or_is_double_is_not_called(due):
    first, second = (due.people[name] for name in ("TRẦN THỊ BÌNH", "LÊ VĂN ÂN"))
    Person.update(deceased_on=AGO).where(Person.id == first.id).execute()
    assert names(opened(due)) == ["LÊ VĂN ÂN"]
    Person.update(merged_into=first.id).where(Person.id == second.id).execute()
    assert names(opened(due)) == []


def test_a_dose_taken_back_does_not_count(due):
    Dose.update(voided_at=clock.now()).where(Dose.person == due.people["LÊ VĂN ÂN"].id).execute()
    assert names(opened(due)) == ["TRẦN THỊ BÌNH"]
