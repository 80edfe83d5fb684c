"""What each list is made of: whom it names, in which order, and what stands in a row."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any, NamedTuple

from app import clock
from app.i18n import show_date
from app.lists import actions, models, rules
from app.lists.models import PrintedRow, PrintRun
from app.lists.rules import Line
from app.people.models import Document, Person, commune_label
from app.people.rules import sort_key
from app.sessions.models import Appointment, Expected, VaccinationSession
from app.units.models import Unit
from app.vaccines import rules as vaccines
from app.vaccines.models import catalogue_on
from app.words import word

Lines = list[tuple[int, Line]]
LOOKED_AT = 600  # people of whom the rules are asked for one page
NATIONAL = ("CCCD", "CMND")  # the numbers that the police compares


class Source(NamedTuple):
    """A list. ids: of its people in their order, those after a person; lines: (id, line) of some
    of them in the same order; session, day: what it is about; args: of the address of its page."""

    kind: str
    unit: Unit
    ids: Callable[[Person | None], Iterable[int]]
    lines: Callable[[list[int]], Lines]
    args: dict[str, Any]
    session: VaccinationSession | None = None
    day: date | None = None
    run: PrintRun | None = None

    def all(self, after: Person | None = None, size: int = models.AT_ONCE) -> Iterator[Any]:
        """(id, line) of everybody, fetched `size` people at a time; last the empty rows."""
        for some in models.batches(self.ids(after), size):
            yield from self.lines(some)
        if self.run:
            for row in range(self.run.rows + 1, self.run.rows + self.run.blank + 1):
                yield 0, _to_fill_in(self.run, row, Line())


def of_session(kind: str, session: VaccinationSession) -> Source:
    """The list of a session, by name or by hamlet."""
    people = models.expected(session.id)
    ids = _in_order(people) if kind == "session" else partial(_by_hamlet, people)
    args = {"session_id": session.id, "kind": kind}
    return Source(kind, session.unit, ids, partial(_expected, session.id), args, session)


def _in_order(people: Any) -> Callable[[Person | None], Iterable[int]]:
    return lambda after: models.ids(models.by_name(people, after))


def _by_hamlet(people: Any, after: Person | None) -> list[int]:
    """Those without a hamlet come last."""
    query: Any = models.by_name(people).select(Person.id, Person.address)
    rows = [(_place(rules.hamlet(address)), key) for key, address in query.tuples()]
    found = [key for _place, key in sorted(rows, key=lambda row: row[0])]
    return found[found.index(after.id) + 1 :] if after and after.id in found else found


def _place(hamlet: str) -> tuple[bool, list[str]]:
    """The place of a hamlet among others: as in a dictionary, numbers as numbers."""
    return not hamlet, [sort_key(word) for word in rules.in_order(hamlet)]


def _people(some: list[int], kinds: tuple[str, ...] = ()) -> Iterator[tuple[Person, Line]]:
    """These people in this order, with what all lists may say of them. kinds: of the documents
    whose number is wanted."""
    found = {person.id: person for person in Person.select().where(Person.id.in_(some))}
    papers = Document.of(some)
    for key in some:
        person = found[key]
        commune = commune_label(person.area_scheme, person.area_code)
        active = [one for one in papers.get(key, []) if one.active]
        numbers = [one.number for one in active if not kinds or one.kind in kinds]
        yield person, Line(
            name=person.name, born=str(person.dob), sex=word(person.sex), phone=person.phone or "",
            number=numbers[0] if numbers else "", place=rules.hamlet(person.address),
            address=", ".join(filter(None, (person.address, commune))),
        )  # fmt: skip


def _expected(session_id: int, some: list[int]) -> Lines:
    query: Any = Expected.select(Expected.person, Expected.number, Expected.note)
    mine = query.where(Expected.session == session_id, Expected.person.in_(some))
    listed = {person_id: (no, note) for person_id, no, note in mine.tuples()}
    hours = {key: f"{hour:%H:%M}" for key, hour in Appointment.hours(session_id, some).items()}
    # Somebody may have been taken off the list after it went out on paper.
    told = ((person.id, line, *listed.get(person.id, ("", ""))) for person, line in _people(some))
    return [(key, line._replace(no=no, note=note, hour=hours.get(key, "")))
            for key, line, no, note in told]  # fmt: skip


def due(unit: Unit, by: date) -> Source:
    """Who in the care of a unit is due for a dose on a day, or has been before."""
    args = {"kind": "due", "unit": unit.id, "on": show_date(by)}
    ids = _in_order(models.vaccinated(unit.path))
    return Source("due", unit, ids, partial(_due, by), args, day=by)


class Found(NamedTuple):
    """lines: of so many people as were asked for; last: the person after whom others may be due,
    0 when everybody was looked at."""

    lines: Lines
    last: int


def due_for(session: VaccinationSession, after: int, most: int) -> Found:
    """Who in the care of a site is due on the day of a session and expected nowhere, the longest
    since the last dose first. after: the last one of the page before. Of very many who are not
    due only so many are looked at together."""
    book, at = catalogue_on(clock.today()), after
    found: Lines = []
    until = clock.day_bounds(session.held_on - vaccines.shortest_wait(book))[1]
    ids = models.longest_since(session.unit.path, until, vaccines.most_boosters(book), after)
    candidates = list(models.ids(ids.limit(LOOKED_AT + 1)))
    for some in models.batches(candidates[:LOOKED_AT], most):
        for line in _due(session.held_on, models.to_call(some, clock.today())):
            if len(found) == most:
                return Found(found, found[-1][0])
            found.append(line)
        at = some[-1]
    return Found(found, at if len(candidates) > LOOKED_AT else 0)


def _due(by: date, some: list[int]) -> Lines:
    doses, products, today = models.doses_of(some), catalogue_on(clock.today()).products, {}
    for person in Person.select().where(Person.id.in_(some)):
        coming = actions.next_dose(person, doses.get(person.id, []), clock.today())
        if coming and coming.on <= by:
            today[person.id] = coming
    rows = []
    for person, line in _people([key for key in some if key in today]):
        given, coming = doses[person.id][-1], today[person.id]
        name = products[given.product].name if given.product in products else given.product
        told = line._replace(
            # Without the maker behind it, which makes three lines of two.
            last=f"{show_date(given.given_at)} {name.partition(' (')[0]}", due=show_date(coming.on),
            next=f"{word(coming.kind)} {coming.seq}",
        )  # fmt: skip
        rows.append((person.id, told))
    return rows


def absent(unit: Unit, since: date) -> Source:
    """Who was expected at a session since a day and has not come."""
    when = unit.path, since, clock.today() - timedelta(days=1)
    args = {"kind": "absent", "unit": unit.id, "on": show_date(since)}
    ids = _in_order(models.absent(*when))
    return Source("absent", unit, ids, partial(_absent, when), args, day=since)


def _absent(when: tuple[str, date, date], some: list[int]) -> Lines:
    missed: Any = models.absences(*when).where(Expected.person.in_(some))
    rows = {row.person_id: row.session for row in missed}
    found = ((person.id, line, rows.get(person.id)) for person, line in _people(some))
    return [(key, line._replace(expected=_when(at))) for key, line, at in found if at]


def _when(session: VaccinationSession) -> str:
    return f"{show_date(session.held_on)} {word(session.half_day).lower()}"


def police(unit: Unit) -> Source:
    """Who in the care of a unit would stand on a list for the police made now."""
    ids = _in_order(models.unverified(unit.path))
    return Source("police", unit, ids, _doubted, {"kind": "police", "unit": unit.id})


def _doubted(some: list[int]) -> Lines:
    rows = []
    for person, line in _people(some, NATIONAL):
        doubt = word(person.identity_state if line.number else "no_number")
        rows.append((person.id, line._replace(doubt=doubt)))
    return rows


def handed_out(run: PrintRun) -> Source:
    """A list as it went out on paper, with the code of each row."""
    rows: Any = PrintedRow.select(PrintedRow.person).where(PrintedRow.run == run.id)
    lines = _doubted if run.kind == "police" else partial(_expected, run.session_id)

    def coded(some: list[int]) -> Lines:
        mine = rows.select(PrintedRow.person, PrintedRow.row).where(PrintedRow.person.in_(some))
        place = dict(mine.tuples())
        return [(key, _to_fill_in(run, place[key], line)) for key, line in lines(some)]

    ids = models.ids(rows.order_by(PrintedRow.row))
    return Source(run.kind, run.unit, lambda _after: ids, coded, {"run_id": run.id}, run.session,
                  run=run)  # fmt: skip


def _to_fill_in(run: PrintRun, row: int, line: Line) -> Line:
    """A line with the code of its row, and the boxes of the screen's conclusions."""
    boxes = " ".join(f"{rules.BOX}\xa0{word(f'short_{code}')}" for code in conclusions())
    return line._replace(code=actions.row_code(run.id, row), conclusion=boxes)


def conclusions() -> list[str]:
    """The codes of the conclusions of a screening, in the order of the screen."""
    forms = catalogue_on(clock.today()).forms
    return list(dict.fromkeys(outcome.code for form in forms for outcome in form.outcomes))
