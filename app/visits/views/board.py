"""The queues of a session, station by station, and the check-in."""

from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from app import clock
from app.accounts.scope import get_or_404
from app.people.models import Person
from app.sessions.models import VaccinationSession
from app.vaccines.models import catalogue_on
from app.visits import actions
from app.visits.forms import FindForm, FinishForm, PickForm
from app.visits.models import Tally, Visit, tally
from app.visits.views import pages
from app.web import allow, page
from app.words import Refused

# Which people stand at which station, and who serves them.
STATIONS = {
    "consent": ("arrived", "visit.consent"),
    "screening": ("consented", "visit.screen"),
    "dose": ("ready", "dose.record"),
    "observation": ("observing", "visit.observe"),
}
LONGEST_QUEUE = 60
FIRST_OF_EACH = 3  # on the board of all stations, which must stay small on a weak link


@pages.get("/sessions/<int:session_id>/board")
@allow("session.view")
def board(session_id: int) -> Response:
    """Who stands where. `?at=` shows one station."""
    return board_page(get_or_404(VaccinationSession, session_id), request.args.get("at", ""))


def board_page(session: Any, at: str, status: int = 200, **more: Any) -> Response:
    """The board, after something was done (`saved`: the visit) or refused (`problems`)."""
    at = at if at in STATIONS else ""
    states = [STATIONS[at][0]] if at else [state for state, _verb in STATIONS.values()]
    return page(
        "visits/board.html",
        status,
        session=session,
        at=at,
        stations=STATIONS,
        tally=standing(session.id),
        due=Visit.may_go(session.id).count() if at == "observation" else 0,
        queue=list(Visit.queue(session.id, states, LONGEST_QUEUE if at else FIRST_OF_EACH)),
        now=clock.now(),
        find_form=more.pop("find_form", None) or FindForm(formdata=None),
        finish_form=FinishForm(formdata=None),
        **more,
    )


@pages.app_template_global("standing")
def standing(session_id: int) -> Tally:
    """How a session stands, products by their short names (without the maker); the page of the
    session shows it, too."""
    products, found = catalogue_on(clock.today()).products, tally(session_id)
    names = {code: product.name.partition(" (")[0] for code, product in products.items()}
    named = {names.get(code, code): number for code, number in found.products.items()}
    return found._replace(products=named)


@pages.post("/sessions/<int:session_id>/find")
@allow("visit.check_in")
def find_person(session_id: int) -> Response:
    """Who is this? By card, number, name or place on the list."""
    session = get_or_404(VaccinationSession, session_id)
    form = FindForm()
    if not form.validate_on_submit():
        return board_page(session, "", 422, find_form=form, form=form)
    return found_page(session, form, actions.find(session, form.what.data))


def found_page(session: Any, form: FindForm, found: actions.Found, status: int = 200) -> Response:
    """The people found, each with a button that receives them."""
    return page(
        "visits/found.html", status, session=session, found=found, find_form=form,
        form=form, pick_form=PickForm(formdata=None),
    )  # fmt: skip


@pages.post("/sessions/<int:session_id>/check-in")
@allow("visit.check_in")
def check_in(session_id: int) -> Response:
    """Receive the person whose button was pressed."""
    session = get_or_404(VaccinationSession, session_id)
    form = PickForm()
    person_id = actions.met(session.id, form.person.data)
    if not form.validate_on_submit() or not person_id:
        return board_page(session, "", 422)
    try:
        visit_id = form.once(lambda: actions.check_in(session.id, person_id, g.user))
    except Refused as refused:
        form.refuse(refused)
        return board_page(session, "", 422, problems=form.summary)
    return board_page(session, "", saved=_with_person(visit_id))


def _with_person(visit_id: str) -> Visit:
    return Visit.select(Visit, Person).join(Person).where(Visit.id == int(visit_id)).get()


@pages.post("/sessions/<int:session_id>/finish")
@allow("visit.observe")
def finish(session_id: int) -> Response:
    """End the observation of the person whose button was pressed. Pressing twice does no harm:
    the button carries the version of the visit."""
    session = get_or_404(VaccinationSession, session_id)
    form = FinishForm()
    visit_id, version = form.chosen()
    if not visit_id:
        return board_page(session, "observation", 422)
    visit = get_or_404(Visit, visit_id)
    if visit.state == "done" and visit.version == version + 1:
        return board_page(session, "observation", saved=visit)
    try:
        actions.finish(visit, version, g.user)
    except Refused as refused:
        form.refuse(refused)
        return board_page(session, "observation", 422, problems=form.summary)
    return board_page(session, "observation", saved=_with_person(str(visit.id)))


@pages.post("/sessions/<int:session_id>/finish-all")
@allow("visit.observe")
def finish_all(session_id: int) -> Response:
    """End the observation of everybody whose time is up."""
    session, form = get_or_404(VaccinationSession, session_id), FinishForm()
    if not form.validate_on_submit():
        return board_page(session, "observation", 422)
    count = form.once(lambda: actions.finish_all(session.id, g.user))
    return board_page(session, "observation", finished=int(count))


def station_of(visit: Visit) -> str:
    """The station that serves somebody in this state; "" when none does."""
    return next((name for name, (state, _) in STATIONS.items() if state == visit.state), "")
