"""Whose certificates are printed together: of a commune, of a session, of a workplace."""

from typing import Any

from peewee import JOIN, fn

from app.certificates.models.certificate import Certificate
from app.people.models import Person
from app.sessions.models import VaccinationSession
from app.units.models import Area
from app.visits.models import Dose

MOST = 200  # communes, and workplaces, to choose from
SESSIONS = 30


def communes(path: str) -> list[tuple[str, str, int]]:
    """(value, name, people in care) of the communes that most of them live in."""
    counted = fn.COUNT(Person.id)
    query: Any = Person.within(path).where(Person.area_code.is_null(False))
    query = query.select(Person.area_scheme, Person.area_code, counted)
    query = query.group_by(Person.area_scheme, Person.area_code).order_by(counted.desc())
    found = list(query.limit(MOST).tuples())
    areas = Area.select().where(Area.code.in_([code for _scheme, code, _n in found]))
    names = {(area.scheme, area.code): area.name for area in areas}
    return [(f"{s}:{code}", names.get((s, code), code), n) for s, code, n in found]


def workplaces(path: str) -> list[tuple[str, str, int]]:
    """(value, name, people in care) of the workplaces and schools that most of them go to."""
    counted = fn.COUNT(Person.id)
    query: Any = Person.within(path).where(Person.workplace != "")
    query = query.select(Person.workplace, counted).group_by(Person.workplace)
    found = query.order_by(counted.desc()).limit(MOST).tuples()
    return [(name, name, n) for name, n in found]


def sessions(path: str) -> list[VaccinationSession]:
    """The newest sessions that were not called off, with their unit."""
    query = VaccinationSession.within(path).where(VaccinationSession.off_reason == "")
    query = query.order_by(VaccinationSession.held_on.desc())
    return list(query.limit(SESSIONS))


def people_of(path: str, what: str, which: str) -> Any:
    """The people of a place who are in care at or below `path`."""
    people = Person.within(path).where(Person.merged_into.is_null())
    if what == "commune":
        scheme, _, code = which.partition(":")
        return people.where(Person.area_scheme == scheme, Person.area_code == code)
    if what == "workplace":
        return people.where(Person.workplace == which)
    return people.where(
        Person.id.in_(
            Dose.select(Dose.person).where(Dose.session == int(which), Dose.voided_at.is_null())
        )
    )


def holdings(people: Any) -> list[tuple[int, int | None]]:
    """(person, their present certificate or None) of those who were vaccinated, in the order of
    names."""
    mine = (
        (Certificate.person == Person.id) & Certificate.current & (Certificate.kind == "DCC")
    )  # fmt: skip
    given = Dose.select(Dose.id).where(Dose.person == Person.id, Dose.voided_at.is_null())
    query = people.join(Certificate, JOIN.LEFT_OUTER, on=mine).where(fn.EXISTS(given))
    return list(
        query.select(Person.id, Certificate.id).order_by(Person.sort_key, Person.id).tuples()
    )
