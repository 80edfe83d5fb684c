"""Making the record of a new person, filled in by a scan where there is a card."""

from collections.abc import Sequence
from typing import Any

from flask import g, request, url_for
from werkzeug.wrappers import Response

from app import audit
from app.people import actions, rules
from app.people.forms import ReceiveForm, RegisterForm, whole
from app.people.models import LookAlike, Person, commune_on_card
from app.people.views import lists, pages
from app.people.views.find import known
from app.web import allow, go, page
from app.words import Refused, word


@pages.route("/people/new", methods=["GET", "POST"])
@allow("person.edit")
def new() -> Response:
    """Register a person. Look-alikes and doubts are shown before anything is saved."""
    form = RegisterForm(lists())
    if form.scan.data:
        return _scanned(form)
    doubted: Any = None
    if form.validate_on_submit():
        try:
            person_id = form.once(lambda: _register(form).id)
            return go("people.show", person_id=person_id, session=_session())
        except actions.Doubted as refused:
            doubted = refused
            form.refuse(refused)
        except Refused as refused:
            form.refuse(refused)
    if doubted:
        return _asked_again(form, doubted)
    return _page(form, 422 if form.is_submitted() else 200)


def _session() -> int | None:
    """The session from whose check-in one came, to go back there."""
    return request.args.get("session", type=whole)


def _register(form: RegisterForm) -> Person:
    identity = rules.Identity(form.name.data, form.dob.data, form.sex.data)
    details = actions.Details(**form.details())
    decided = actions.Decided(form.other_people(), form.why.data or "", form.reason())
    return actions.register(identity, form.numbers(), details, g.user.unit_id, g.user, decided)


def _asked_again(form: RegisterForm, doubted: actions.Doubted) -> Response:
    """The same page with those who look alike and what seems wrong."""
    for one in doubted.alikes:
        if not one.inside:
            audit.record("search", "person", person_id=one.person.id, how=one.sign)
    form.others.data = ",".join(str(one.person.id) for one in doubted.alikes)
    form.others.raw_data = None
    return _page(form, 422, doubted.alikes, doubted.doubts)


def _scanned(form: RegisterForm) -> Response:
    """Fill the form with what a scanner read, or with what was typed into the search before."""
    text, form.scan.data = form.scan.data, ""
    form.scan.raw_data = None
    card, wanted = rules.parse_card(text), rules.query(text)
    if card:
        _fill(form, card)
    elif "|" in text or not (wanted.number or wanted.words):
        form.scan.errors = [word("card_unreadable")]
        return _page(form, 422)
    elif wanted.number:
        form.show(number=wanted.number)
    else:
        form.show(name=text.strip())
    person = Person.by_number(wanted.number) if wanted.number else None
    if person:
        audit.record("search", "person", person_id=person.id, how="number")
    doubtful = card.name if card and card.name_doubtful else ""
    return _page(form, 200, [known(person)] if person else [], doubtful=doubtful)


def _fill(form: RegisterForm, card: rules.Card) -> None:
    """A name that suffered on the way is left to be typed from the card."""
    area, commune, address = commune_on_card(card.address)
    form.show(
        name="" if card.name_doubtful else card.name,
        dob=card.dob, sex=card.sex, kind="CCCD", number=card.number, old_number=card.old_number,
        address=address, commune=commune, area=area,
    )  # fmt: skip


def _page(
    form: RegisterForm,
    status: int,
    alikes: Sequence[LookAlike] = (),
    doubts: Sequence[str] = (),
    doubtful: str = "",
) -> Response:
    """doubtful: the name as a scanner spoilt it."""
    receive = ReceiveForm(None, data={"number": _number_of(form, alikes)})
    return page(
        "people/new.html", status, form=form, url=url_for("people.new", session=_session()),
        session_id=_session(), alikes=alikes, doubts=doubts, doubtful=doubtful, receive=receive,
    )  # fmt: skip


def _number_of(form: RegisterForm, alikes: Sequence[LookAlike]) -> str:
    """Which of the typed numbers belongs to somebody from elsewhere, who may be received by it."""
    away = {one.person.id for one in alikes if one.sign == "same_number" and not one.inside}
    typed = [field.data for field in (form.number, form.old_number, form.bhyt) if field.data]
    for number in typed if away else []:
        person = Person.by_number(number)
        if person and person.id in away:
            return str(number)
    return ""
