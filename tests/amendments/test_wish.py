"""A wish ends with a dose; when that dose is taken back, the wish is seen again at its place."""

from datetime import datetime, time, timedelta

import pytest

from app import clock
from app.amendments import actions
from app.notices.actions import take
from app.people.models import Document
from app.registrations import rules
from app.registrations.models import Registration
from app.sessions.actions import call
from app.visits.models import Dose, Visit
from tests import build
from tests.amendments.conftest import working
from tests.sessions.wishes import given, now

NINE = datetime(2026, 11, 25, 9)


@pytest.fixture(autouse=True)
def at_nine():
    with clock.frozen(NINE):
        yield


@pytest.fixture
def wish(here):
    """The first of two wishes; it was called to the session of today, and the dose is given."""
    first, _second = given(here), given(here)
    call(here.session.id, [first.id], time(16), working(here.staff))
    number = Document.get(Document.person == now(first).person).number
    page = here.client.open_page(f"/sessions/{here.session.id}/desk").submit(what=number)
    page.submit("holding_id")
    take()
    assert now(first).state == "done" and waiting(here) == [first.id + 1]
    return first


def waiting(here):
    """The wishes on the page from which people are called, in their order."""
    page = here.client.open_page(f"/sessions/{here.session.id}/wishes")
    return [int(box.get("value")) for box in page.css("input[name=ids]")]


def undo(here):
    here.client.open_page(f"/visits/{Visit.get().id}").form("Hoàn tác").submit()
    assert Dose.get().voided_at


def void(here):
    row = actions.ask_void(Dose.get().id, 1, "nhầm", "", working(here.staff))
    actions.decide(row, True, "", working(here.doctor))
    assert Dose.get().voided_at


@pytest.mark.parametrize("back", [undo, void])
def test_the_wish_waits_again_at_its_place(here, wish, back):
    back(here)
    take()
    assert now(wish).state == "allocated" and waiting(here) == [wish.id, wish.id + 1]
    answer = here.client.open_page("/ket-qua-dang-ky")
    page = answer.submit(code=wish.code, phone=wish.phone, year=str(wish.dob_year))
    assert "chưa phải lịch hẹn" in page.text


def test_the_right_dose_ends_it_anew(here, wish):
    undo(here)
    dose = build.dose(build.visit(build.session(here.site), now(wish).person))
    from app.outbox import emit

    emit("dose.recorded", dose=dose.id)
    take()
    assert now(wish).state == "done"


def test_taken_back_before_anybody_knew_it_stays_where_it_was(here):
    first = given(here)
    call(here.session.id, [first.id], time(16), working(here.staff))
    number = Document.get(Document.person == now(first).person).number
    page = here.client.open_page(f"/sessions/{here.session.id}/desk").submit(what=number)
    page.submit("holding_id")
    undo(here)
    take()
    assert now(first).state == "listed"


@pytest.mark.parametrize(("days", "state"), [(-1, "done"), (-60, "allocated")])
def test_another_dose_that_stands_decides(here, wish, days, state):
    """The wish was sent 30 days ago."""
    other = build.session(here.site)
    build.dose(build.visit(other, now(wish).person), given_at=clock.now() + timedelta(days=days))
    dose = Dose.get(Dose.session == here.session.id)
    row = actions.ask_void(dose.id, 1, "nhầm", "", working(here.staff))
    actions.decide(row, True, "", working(here.doctor))
    assert now(wish).state == state


def test_who_wished_anew_has_one_wish(here, wish):
    same = {name: getattr(wish, name) for name in ("name", "folded", "sex", "dob_year", "dob_month",
            "dob_day", "phone", "kind", "number")}  # fmt: skip
    given(here, **same, sent_at=clock.now())
    void(here)
    assert now(wish).state == "done"


def test_an_older_wish_of_somebody_else_is_left_alone(here, wish):
    other = given(here, state="done", person=build.person(here.site))
    gone = given(here, state="withdrawn", person=now(wish).person)
    void(here)
    assert (now(other).state, now(gone).state) == ("done", "withdrawn")


@pytest.mark.parametrize(
    ("site", "decided", "state"),
    [(3, 1, "allocated"), (None, 1, "approved"), (None, None, "sent")],
)
def test_where_it_waits(site, decided, state):
    assert rules.before_done(site, decided) == state


def test_a_wish_that_the_province_never_saw_waits_for_it(here, wish):
    Registration.update(site=None).where(Registration.id == wish.id).execute()
    void(here)
    assert now(wish).state == "sent"
