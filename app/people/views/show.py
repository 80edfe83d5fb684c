"""The page of a person, and the list of who opened it."""

from flask import g, request
from werkzeug.wrappers import Response

from app import audit
from app.accounts.models import User
from app.accounts.scope import get_or_404, scoped
from app.people.forms import whole
from app.people.models import (
    Alert,
    Care,
    Document,
    IdentityVersion,
    KeptApart,
    Person,
    commune_label,
    country_name,
)
from app.people.views import groups, pages
from app.units.models import Unit, name_of, reference
from app.web import allow, page

MOST = 50


@pages.get("/people/<int:person_id>")
@allow("person.view")
def show(person_id: int) -> Response:
    """Identity, documents, contact, history, and who opened it."""
    person = get_or_404(Person, person_id)
    audit.record("view", "person", person.id, person.id)
    health = g.user.can("session.view")  # not the police: doses, groups and health are not theirs
    return page(
        "people/show.html", person=person, facts_of=facts_of(person, health), health=health,
        documents=Document.of([person.id]).get(person.id, []), versions=_versions(person),
        carers=_carers(person), apart=_apart(person), openings=person.openings(),
        alerts=_alerts(person) if health else [],
        session_id=request.args.get("session", type=whole),
    )  # fmt: skip


def facts_of(person: Person, health: bool) -> dict[str, str]:
    """What is shown in the list of facts, by the names of the columns."""
    commune = commune_label(person.area_scheme, person.area_code)
    facts = {
        "nationality": country_name(person.nationality), "phone": person.phone or "",
        "address": ", ".join(part for part in (person.address, commune) if part),
    }  # fmt: skip
    if health:
        facts["group"] = dict(groups()).get(person.priority_group or "", "")
    if g.user.can("person.edit"):
        facts["ethnicity"] = ethnic_name(person.ethnicity)
    return facts


def ethnic_name(code: str | None) -> str:
    """The name of an ethnic group; "" when it is not told."""
    return next((name_of(row) for row in reference("ethnic_groups") if row["code"] == code), "")


def _versions(person: Person) -> list[IdentityVersion]:
    query = IdentityVersion.select(IdentityVersion, User).left_outer_join(User)
    mine = query.where(IdentityVersion.person == person)
    return list(mine.order_by(IdentityVersion.seq.desc()))


def _alerts(person: Person) -> list[Alert]:
    return list(Alert.select().where(Alert.person == person).order_by(Alert.at.desc()))


def _apart(person: Person) -> list[tuple[Person | None, str]]:
    """Who is somebody else, and why; None for those one may not see."""
    others = KeptApart.of(person.id)
    seen = {one.id: one for one in scoped(Person).where(Person.id.in_(list(others)))}
    return [(seen.get(key), why) for key, why in others.items()]


def _carers(person: Person) -> list[Care]:
    query = Care.select(Care, Unit).join(Unit).where(Care.person == person)
    return list(query.order_by(Care.since.desc(), Care.id.desc()))


@pages.get("/people/<int:person_id>/opened")
@allow("person.view")
def opened(person_id: int) -> Response:
    """Everybody who saw, searched or changed this person, the latest first."""
    person = get_or_404(Person, person_id)
    openings = person.openings(request.args.get("before", type=whole), MOST + 1)
    more = openings[MOST - 1].id if len(openings) > MOST else None
    return page("people/opened.html", person=person, openings=openings[:MOST], more=more)
