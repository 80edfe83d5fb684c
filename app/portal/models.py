"""What a look-up asks the database, and where one can be vaccinated."""

from collections.abc import Iterable
from datetime import date
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from peewee import ModelSelect, fn

from app.db import run
from app.sessions.models import VaccinationSession
from app.units.models import Area, AreaSuccessor, Unit

HELD = """select s.code, s.nonce, s.person_id, p.name, p.sex, p.dob_year, p.dob_month, p.dob_day,
p.deceased_on, p.immunosuppressed from slip s join person p on p.id = s.person_id """
BY_CODE = HELD + "where s.code = ?"
BY_NUMBER = (
    HELD + "join document d on d.person_id = p.id where d.number = ? order by s.id desc limit ?"
)


class Held(NamedTuple):
    """A slip, with what a look-up needs to know of its person."""

    code: str
    nonce: str
    person_id: int
    name: str
    sex: str
    dob_year: int
    dob_month: int | None
    dob_day: int | None
    deceased_on: Any
    immunosuppressed: bool


def slip_with(code: str) -> list[Held]:
    """The slip with this normal code, if there is one."""
    return [Held(*row) for row in run(BY_CODE, code)]


def slips_of(number: str, most: int) -> list[Held]:
    """The newest slips of whoever has, or had, a document with this normal number."""
    return [Held(*row) for row in run(BY_NUMBER, number, most)]


class Place(NamedTuple):
    """A commune of today or of before, and the code of the one of today that it lies in."""

    scheme: str
    code: str
    name: str
    now: str


def places_of(scheme: str, province: str) -> list[Place]:
    """All communes that lie in a province of `scheme`, older names included."""
    now = {area.code: area.name for area in Area.communes(scheme, province)}
    older: Any = (
        Area.select(Area.scheme, Area.code, Area.name, AreaSuccessor.new_code)
        .join(
            AreaSuccessor,
            on=(Area.scheme == AreaSuccessor.old_scheme) & (Area.code == AreaSuccessor.old_code),
        )
        .where(AreaSuccessor.new_scheme == scheme, AreaSuccessor.new_code.in_(list(now)))
    )
    found = [Place(scheme, code, name, code) for code, name in now.items()]
    return found + [Place(*row) for row in older.tuples()]


def sites_in(places: Iterable[tuple[str, str]], days: tuple[date, date], most: int) -> list[Unit]:
    """The sites in areas given by scheme and code that are open on the first of the days; those
    with the next session first, then by their names."""
    codes: dict[str, list[str]] = {}
    for scheme, code in places:
        codes.setdefault(scheme, []).append(code)
    if not codes:
        return []
    here = [
        (Unit.area_scheme == scheme) & Unit.area_code.in_(found) for scheme, found in codes.items()
    ]
    held = _open(days, VaccinationSession.unit == Unit.id)
    first = fn.COALESCE(held.select(fn.MIN(VaccinationSession.held_on)), date.max)
    query = Unit.sites("/", days[0]).where(reduce(or_, here))
    return list(query.order_by(first, Unit.name, Unit.id).limit(most))


def coming(units: Iterable[Unit], days: tuple[date, date]) -> dict[int, list[VaccinationSession]]:
    """Unit → its sessions from the first day to the last that are not ended, in their order."""
    found: dict[int, list[VaccinationSession]] = {}
    query = _open(days, VaccinationSession.unit.in_([unit.id for unit in units]))
    for row in query.order_by(VaccinationSession.held_on, VaccinationSession.id):
        found.setdefault(row.unit_id, []).append(row)
    return found


def _open(days: tuple[date, date], where: Any) -> "ModelSelect[VaccinationSession]":
    held = VaccinationSession.held_on.between(*days), VaccinationSession.closed_at.is_null()
    return VaccinationSession.select().where(where, *held)
