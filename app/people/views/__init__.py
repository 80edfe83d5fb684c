"""Finding, registering, showing and changing people."""

from flask import Blueprint

from app.people.forms import Lists
from app.people.models import communes, country
from app.units.models import name_of, reference
from app.vaccines.models import group_names
from app.words import Refused

pages = Blueprint("people", __name__)
FEW = 5  # with fewer hits than this, what nearly fits is shown too


def lists() -> Lists:
    """What the forms look up and offer."""
    ethnic = [(row["code"], name_of(row)) for row in reference("ethnic_groups")]
    return Lists(country, communes, groups(), ethnic)


def groups() -> list[tuple[str, str]]:
    """The priority groups in force: (code, its number and short name)."""
    return list(group_names().items())


def is_stale(refused: Refused) -> bool:
    """Whether somebody else was quicker; the page then shows both versions."""
    return any(code == "stale" for _name, code, _values in refused.reasons)


from app.people.views import change, find, papers, register, show  # noqa: E402, F401  (routes)
