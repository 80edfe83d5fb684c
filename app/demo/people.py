"""Made-up people in any number, and the quick way of their rows into the database."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from random import Random
from typing import Any, NamedTuple

from peewee import Model, fn

from app import clock
from app.db import db, is_postgres
from app.demo import names
from app.people.models import Care, Document, IdentityVersion, Person
from app.units.models import Unit, reference

BATCH = 10_000


class Made(NamedTuple):
    """A person that nobody is. `number`: a CCCD that fits province, sex and year of birth;
    `phone`: "0900" and six digits, or None; `mother`: the guardian of a child, or None."""

    name: str
    folded: str
    sound: str
    sort_key: str
    sex: str
    dob_year: int
    dob_month: int | None
    dob_day: int | None
    number: str
    phone: str | None
    mother: str | None


def people(n: int, seed: int, first: int = 1, year: int | None = None) -> Iterator[Made]:
    """`n` people, the same for the same arguments. Their numbers begin at the serial number
    `first`, so that two calls do not make the same numbers; `year`: the present one."""
    chance, year = Random(f"{seed} {first}"), year or clock.today().year
    parts = _parts()
    codes = [row["code"] for row in reference("id_province_codes")]
    for serial in range(first, first + n):
        sex = chance.choice("MF")
        family, middle, given = _name(chance, parts, sex)
        born = year - _age(chance)
        month = chance.randint(1, 12) if chance.random() < 0.97 else None
        day = chance.randint(1, 28) if month and chance.random() < 0.97 else None
        yield Made(
            f"{family.name} {middle.name} {given.name}",
            f"{family.folded} {middle.folded} {given.folded}",
            f"{family.sound} {middle.sound} {given.sound}",
            f"{given.sort_key} {middle.sort_key} {family.sort_key}",
            sex, born, month, day, _number(serial, sex, born, codes),
            f"0900{serial % 10**6:06}" if chance.random() < 0.8 else None,
            " ".join(part.name for part in _name(chance, parts, "F")) if born > year - 19 else None,
        )  # fmt: skip


def _name(chance: Random, parts: dict[tuple[str, str], list[names.Part]], sex: str) -> Any:
    return [chance.choice(parts[kind, sex]) for kind in names.KINDS]


def _parts() -> dict[tuple[str, str], list[names.Part]]:
    found: dict[tuple[str, str], list[names.Part]] = {}
    for part in names.parts():
        found.setdefault((part.kind, part.sex), []).append(part)
    return found


def _age(chance: Random) -> int:
    """Children, grown-ups and the old in the proportions of the census of 2019."""
    drawn = chance.random()
    if drawn < 0.27:
        return chance.randint(0, 17)
    return chance.randint(19, 63) if drawn < 0.91 else chance.randint(64, 95)


def _number(serial: int, sex: str, born: int, codes: Sequence[str]) -> str:
    """Province, century and sex, year, six digits (NĐ 137/2015/NĐ-CP). Those who share the six
    digits have different provinces."""
    million, rest = divmod(serial, 10**6)
    century = (sex == "F") + 2 * (born >= 2000)
    return f"{codes[(rest * 7919 + million) % len(codes)]}{century}{born % 100:02}{rest:06}"


def add_people(n: int, seed: int, sites: Sequence[Unit]) -> None:
    """Write `n` new people, each in the care of one of `sites`. PostgreSQL takes a million in a
    few minutes."""
    known = Person.select(fn.MAX(Person.id)).scalar() or 0
    chance, left = Random(f"{seed} {known} site"), people(n, seed, known + 1)
    while batch := list(islice(left, BATCH)):
        with db.atomic():
            _write_batch(known + 1, batch, [chance.choice(sites) for _ in batch])
        known += len(batch)
    _set_sequence(Person)
    # So many new rows change how they are best looked for.
    db.execute_sql("analyze")


def _write_batch(first: int, batch: list[Made], homes: list[Unit]) -> None:
    now, ids = str(clock.now()), range(first, first + len(batch))
    rows = list(zip(ids, batch, homes, strict=True))
    identity = ("name", "sex", "dob_year", "dob_month", "dob_day")
    keys = (*identity, "folded", "sound", "sort_key", "phone")
    write(
        Person,
        (
            "id",
            *keys,
            "guardian_name",
            "guardian_relation",
            "area_scheme",
            "area_code",
            "created_at",
        ),
        (
            (
                i,
                *_only(made, keys),
                made.mother,
                made.mother and "mother",
                at.area_scheme,
                at.area_code,
                now,
            )
            for i, made, at in rows
        ),
    )
    write(
        IdentityVersion,
        ("person_id", "seq", "at", *identity),
        ((i, 1, now, *_only(made, identity)) for i, made, _ in rows),
    )
    write(
        Document,
        ("person_id", "kind", "number", "added_at"),
        ((i, "CCCD", made.number, now) for i, made, _ in rows),
    )
    write(Care, ("person_id", "unit_id", "since"), ((i, at.id, now) for i, _, at in rows))


def _only(made: Made, fields: Iterable[str]) -> list[Any]:
    return [getattr(made, name) for name in fields]


def write(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of `columns`; the other columns get what the model would write. The values
    are plain: text, numbers, dates, None."""
    usual = {
        field.column_name: field.default
        for field in model._meta.sorted_fields
        if field.default is not None and field.column_name not in columns
    }
    into = ", ".join(f'"{name}"' for name in (*columns, *usual))
    table, more = model._meta.table_name, tuple(usual.values())
    whole = ((*row, *more) for row in rows)
    if not is_postgres():
        marks = ", ".join("?" * (len(columns) + len(more)))
        db.connection().executemany(f'insert into "{table}" ({into}) values ({marks})', whole)
        return
    with db.cursor() as cursor, cursor.copy(f'copy "{table}" ({into}) from stdin') as copy:
        for row in whole:
            copy.write_row(row)


def _set_sequence(model: type[Model]) -> None:
    """The ids were written by hand, so PostgreSQL counts on from the last one."""
    last = model.select(fn.MAX(model._meta.primary_key)).scalar()
    if is_postgres() and last:
        table = model._meta.table_name
        db.execute_sql(f"select setval(pg_get_serial_sequence('{table}', 'id'), %s)", (last,))
