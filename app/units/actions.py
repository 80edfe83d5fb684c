"""What is done to units and areas: loading the reference data."""

from datetime import date
from typing import Any

from peewee import Field, chunked

from app.db import BaseModel, db
from app.units.models import Area, AreaSuccessor, Level, reference

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
