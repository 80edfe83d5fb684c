"""Who stands on which list, in the Vietnamese order of names, and the lists that went out on
paper with a code in each row."""

from array import array
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from peewee import (
    Case,
    DateTimeField,
    Expression,
    ForeignKeyField,
    IntegerField,
    ModelSelect,
    TextField,
    Tuple,
    Value,
    fn,
)

from app.accounts.models import User
from app.corrections.models import consent_withdrawn
from app.db import BaseModel
from app.people.models import Care, Person
from app.sessions.models import Expected, VaccinationSession
from app.units.models import Unit
from app.visits.models import Dose, Visit

AT_ONCE = 500  # people whose rows are fetched together


class PrintRun(BaseModel):
    """A list that was handed out on paper: `kind` of rules.OF_RUN, for a unit or for a session of
    it. `rows`: how many people stand on it; `blank`: the empty rows below them."""

    unit = ForeignKeyField(Unit)
    kind = TextField()
    session = ForeignKeyField(VaccinationSession, null=True)
    rows = IntegerField(default=0)
    blank = IntegerField(default=0)
    at = DateTimeField()
    by = ForeignKeyField(User, index=False)

    class Meta:
        table_name = "print_run"

    @classmethod
    def within(cls, path: str) -> "ModelSelect[PrintRun]":
        """The lists of units at or below `path`, with their unit."""
        return cls.select(cls, Unit).join(Unit).where(Unit.below(path))

    def fill(self, people: Any) -> int:
        """Give each of these people a row, in one statement; returns how many there are."""
        place = fn.ROW_NUMBER().over(order_by=[Person.sort_key, Person.id])
        rows = people.select(Value(self.id), place, Person.id)
        fields = [PrintedRow.run, PrintedRow.row, PrintedRow.person]
        PrintedRow.insert_from(rows, fields).execute()
        self.rows = PrintedRow.select().where(PrintedRow.run == self.id).count()
        self.save(only=[PrintRun.rows])
        return self.rows


class PrintedRow(BaseModel):
    """Which person stands in which row of a list on paper, so that what comes back with the code
    of the row is written to the right record."""

    run = ForeignKeyField(PrintRun, on_delete="CASCADE", index=False)
    row = IntegerField()
    person = ForeignKeyField(Person, on_delete="CASCADE", index=False)

    class Meta:
        table_name = "printed_row"
        indexes = ((("run", "row"), True),)

    @classmethod
    def within(cls, path: str) -> "ModelSelect[PrintedRow]":
        """The rows of the lists of units at or below `path`."""
        return cls.select(cls).join(PrintRun).join(Unit).where(Unit.below(path))


def by_name(people: Any, after: Person | None = None) -> Any:
    """The ids of these people in the order of names; `after`: the last one of the page before."""
    if after:
        here = Tuple(Person.sort_key, Person.id)
        people = people.where(Expression(here, ">", Tuple(after.sort_key, after.id)))
    return people.select(Person.id).order_by(Person.sort_key, Person.id)


def ids(people: Any) -> "array[int]":
    """All of them at once: eight bytes for each, however long the list."""
    return array("q", (row[0] for row in people.tuples().iterator()))


def batches(people: Iterable[int], size: int = AT_ONCE) -> Iterator[list[int]]:
    """The ids in lots that can be fetched together."""
    lot: list[int] = []
    for person_id in people:
        lot.append(person_id)
        if len(lot) == size:
            yield lot
            lot = []
    if lot:
        yield lot


def expected(session_id: int) -> Any:
    """The people on the list of a session."""
    mine = Expected.select(Expected.person).where(Expected.session == session_id)
    return Person.select().where(Person.id.in_(mine))


def _present() -> Any:
    return Person.merged_into.is_null() & Person.deceased_on.is_null()


def _alive(path: str) -> Any:
    return Person.within(path).where(_present())


def vaccinated(path: str) -> Any:
    """The people in care at or below `path` who have had a dose and did not withdraw their
    consent; vaccines.rules say of each when the next one is due."""
    had = Dose.select(Dose.id).where(Dose.person == Person.id, Dose.voided_at.is_null())
    return _alive(path).where(fn.EXISTS(had), ~consent_withdrawn(Person.id))


def unwilling(person_ids: Iterable[int]) -> set[int]:
    """Those of these people who withdrew their consent."""
    some = Person.id.in_(list(person_ids)), consent_withdrawn(Person.id)
    return {row.id for row in Person.select(Person.id).where(*some)}


def longest_since(
    path: str, until: datetime, boosters: int | None, after: int | None = None
) -> Any:
    """The ids of people in care at or below `path` whose last dose was before `until`, the longest
    since it first. boosters: of those who had fewer only; after: the last one of the page before.
    In one pass over care and doses: what they are besides is asked of few (see `to_call`)."""
    last: Any = fn.MAX(Dose.given_at)
    stands = Dose.voided_at.is_null()
    units = [row.id for row in Unit.within(path).order_by(Unit.id)]
    query = Dose.select(Dose.person).join(Care, on=(Care.person == Dose.person))
    query = query.where(Care.unit.in_(units), stands).group_by(Dose.person).having(last < until)
    if boosters is not None:
        query = query.having(fn.MAX(Case(Dose.kind, [("NHAC_LAI", Dose.seq)], 0)) < boosters)
    if after:
        other = Dose.alias()
        mark: Any = other.select(fn.MAX(other.given_at))
        mark = mark.where(other.person == after, other.voided_at.is_null())
        query = query.having((last > mark) | ((last == mark) & (Dose.person > after)))
    return query.order_by(last, Dose.person)


def to_call(some: list[int], today: date) -> list[int]:
    """Those of these people who can be called, in the same order: who lives, did not withdraw
    consent, and is not expected at a session of today or later."""
    coming = Expected.select(Expected.id).join(VaccinationSession)
    coming = coming.where(
        Expected.person == Person.id, VaccinationSession.held_on >= today,
        VaccinationSession.closed_at.is_null(),
    )  # fmt: skip
    willing = _present(), ~consent_withdrawn(Person.id)
    query: Any = Person.select(Person.id).where(Person.id.in_(some), *willing, ~fn.EXISTS(coming))
    found = {key for (key,) in query.tuples()}
    return [key for key in some if key in found]


def unverified(path: str) -> Any:
    """The Vietnamese in care at or below `path` whose identity the police has not confirmed
    (CV 2262/BYT-CNTT; foreigners are not compared, CV 8938/BYT-DP)."""
    return _alive(path).where(Person.identity_state != "verified", Person.nationality == "VN")


def absent(path: str, first: date, last: date) -> Any:
    """Those who were last expected at a session of first..last at or below `path` and did not
    come, neither then nor later."""
    missed = absences(path, first, last).select(Expected.person)
    return Person.select().where(_present(), Person.id.in_(missed))


def absences(path: str, first: date, last: date) -> Any:
    """The places on lists of sessions of first..last that nobody came for (see `absent`)."""
    session = VaccinationSession
    return (
        Expected.select(Expected, session)
        .join(session)
        .join(Unit)
        .where(
            Unit.below(path),
            session.held_on.between(first, last),
            ~fn.EXISTS(_came_since()),
            ~fn.EXISTS(_asked_again()),
        )  # fmt: skip
    )


def _came_since() -> Any:
    then = VaccinationSession.alias()
    return (
        Visit.select(Visit.id)
        .join(then, on=(Visit.session == then.id))
        .where(
            Visit.person == Expected.person,
            Visit.state != "voided",
            then.held_on >= VaccinationSession.held_on,
        )  # fmt: skip
    )


def _asked_again() -> Any:
    other, then = Expected.alias(), VaccinationSession.alias()
    later = (then.held_on > VaccinationSession.held_on) | (
        (then.held_on == VaccinationSession.held_on) & (other.id > Expected.id)
    )
    return (
        other.select(other.id)
        .join(then, on=(other.session == then.id))
        .where(other.person == Expected.person, later)
    )


def doses_of(people: list[int]) -> dict[int, list[Any]]:
    """Person id → their doses that stand, the oldest first: product, kind, seq, given_at."""
    found: dict[int, list[Any]] = {}
    query: Any = Dose.select(Dose.person, Dose.product, Dose.kind, Dose.seq, Dose.given_at)
    mine = query.where(Dose.person.in_(people), Dose.voided_at.is_null())
    for row in mine.order_by(Dose.given_at, Dose.id).namedtuples():
        found.setdefault(row.person, []).append(row)
    return found
