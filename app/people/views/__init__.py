"""Finding, registering, showing and changing people."""

from flask import Blueprint

from app import clock
from app.i18n import language
from app.people.forms import Lists
from app.people.models import communes, country
from app.units.models import name_of, reference
from app.vaccines.models import catalogue_on
from app.words import Refused

pages = Blueprint("people", __name__)
FEW = 5  # with fewer hits than this, what nearly fits is shown too


def lists() -> Lists:
    """What the forms look up and offer."""
    ethnic = [(row["code"], name_of(row)) for row in reference("ethnic_groups")]
    return Lists(country, communes, groups(), ethnic)


def groups() -> list[tuple[str, str]]:
    """The priority groups in force: (code, its number and short name)."""
    english = language() == "en"
    return [
        (group.code, f"{group.code}. {group.short_en if english else group.short}")
        for group in catalogue_on(clock.today()).groups
    ]


def is_stale(refused: Refused) -> bool:
    """Whether somebody else was quicker; the page then shows both versions."""
    return any(code == "stale" for _name, code, _values in refused.reasons)


from app.people.views import change, find, papers, register, show  # noqa: E402, F401  (routes)
