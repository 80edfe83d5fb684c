"""What is done to units and areas: loading the reference data, making and changing units."""

from datetime import date
from typing import Any, NamedTuple

from peewee import Field, IntegrityError, chunked

from app import audit, clock
from app.db import BaseModel, db, is_postgres
from app.units import rules
from app.units.models import Area, AreaSuccessor, Level, Unit, reference
from app.words import Refused

BATCH = 1000  # five values a row; SQLite takes 32,766 in one statement

Row = tuple[Any, ...]


def load_areas() -> int:
    """Bring levels, areas and successors to what the data files say; how many rows that changed.
    Compares row by row, so a second call changes nothing, and one after a new release of the
    files only what is new. Areas and levels that left the files stay: addresses point to them."""
    with db.atomic():
        return (
            _renew(Level, ["code"], _levels())
            + _renew(Area, ["scheme", "code"], _areas("vn63") | _areas("vn34"))
            + _replace_successors(_successors())
        )


def _levels() -> set[Row]:
    return {
        (
            row["code"], row["name"], row["name_en"], int(row["rank"]), row["is_site"] == "1",
            date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        )
        for row in reference("levels")
    }  # fmt: skip


def _areas(scheme: str) -> set[Row]:
    return {
        (scheme, row["code"], row["name"], row["level"], row["parent_code"] or None)
        for row in reference(f"areas_{scheme}")
    }


def _successors() -> set[Row]:
    return {
        ("vn63", row["vn63"], "vn34", row["vn34"], row["is_default"] == "1")
        for row in reference("successors")
    }


def _renew(model: type[BaseModel], key: list[str], rows: set[Row]) -> int:
    fields = _fields(model)
    fresh = rows - set(model.select(*fields).tuples())
    target = [field for field in fields if field.name in key]
    values = [field for field in fields if field.name not in key]
    for batch in chunked(sorted(fresh, key=str), BATCH):
        insert = model.insert_many(batch, fields=fields)
        insert.on_conflict(conflict_target=target, preserve=values).execute()
    return len(fresh)


def _replace_successors(rows: set[Row]) -> int:
    """Nothing points to these rows, so a corrected list takes the place of the old one."""
    fields = _fields(AreaSuccessor)
    changed = rows ^ set(AreaSuccessor.select(*fields).tuples())
    if changed:
        AreaSuccessor.delete().execute()
        for batch in chunked(sorted(rows), BATCH):
            AreaSuccessor.insert_many(batch, fields=fields).execute()
    return len(changed)


def _fields(model: type[BaseModel]) -> list[Field]:
    return [field for field in model._meta.sorted_fields if field.name != "id"]


class Facts(NamedTuple):
    """What is told of a unit. `last`: its last day, if it is known."""

    name: str
    address: str
    area: Area | None
    last: date | None


def create(above: Unit, level: str, code: str, first: date, facts: Facts) -> int:
    """Make a unit below another; returns its id. An empty `code` is made (rules.stem).
    Raises Refused."""
    kind = Level.get_by_id(level)
    with db.atomic():
        _refuse(rules.date_problems(first, facts.last, (above.valid_from, above.valid_to)))
        if kind not in above.levels_below(first):
            raise Refused(("level", "not_a_choice"))
        row = _row(facts) | {"parent": above, "level": level, "valid_from": first}
        unit_id = _insert(row | {"code": code or _free_code(above, kind, facts.area)})
        Unit.update(path=f"{above.path}{unit_id}/").where(Unit.id == unit_id).execute()
        audit.record("create", "unit", unit_id, level=level)
    return unit_id


def _insert(row: dict[str, Any]) -> int:
    try:
        with db.atomic():
            return int(Unit.insert(row).execute())
    except IntegrityError as taken:
        raise Refused(("code", "code_taken")) from taken


def _free_code(above: Unit, kind: Level, area: Area | None) -> str:
    # Who makes units below the same one at the same moment comes one after the other.
    query = Unit.select().where(Unit.id == above.id)
    (query.for_update() if is_postgres() else query).get()
    start, digits = rules.stem(
        kind.kind, above.code, area.code if area else "", area.province_code() if area else ""
    )
    taken = Unit.select(Unit.code).where(Unit.code.startswith(start))
    return rules.next_code(start, digits, [row.code for row in taken])


def change(unit: Unit, facts: Facts, successor: Unit | None) -> int:
    """Write down what is new about a unit; returns its id. Doses keep the unit of their day, so
    neither its code nor its first day changes. Raises Refused."""
    with db.atomic():
        _refuse(_end_problems(unit, facts.last, successor))
        Unit.update(_row(facts) | {"successor": successor}).where(Unit.id == unit.id).execute()
        audit.record("change", "unit", unit.id, closed=facts.last is not None)
    return int(unit.id)


def _end_problems(unit: Unit, last: date | None, successor: Unit | None) -> list[Any]:
    above = unit.parent
    found: list[Any] = list(rules.date_problems(None, last, (above.valid_from, above.valid_to)))
    if last and last != unit.valid_to and last < clock.today():
        found.append(("valid_to", "unit_end_past"))
    if last and last < unit.valid_from:
        found.append(("valid_to", "unit_ends_first"))
    working = Unit.valid_to.is_null() | (Unit.valid_to > last)
    n = Unit.select().where(Unit.parent == unit.id, working).count() if last else 0
    if n:
        found.append(("valid_to", "unit_has_open", {"n": n}))
    if successor and (last is None or successor.id == unit.id):
        found.append(("successor", "successor_without_end"))
    return found


def _row(facts: Facts) -> dict[str, Any]:
    area = facts.area
    return {
        "name": facts.name, "address": facts.address, "valid_to": facts.last,
        "area_scheme": area and area.scheme, "area_code": area and area.code,
    }  # fmt: skip


def _refuse(problems: list[Any]) -> None:
    if problems:
        raise Refused(*problems)
