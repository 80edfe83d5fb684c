"""What has waited for longer than a day at the sites below an authority, by its units. Pure."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

# How far the first pages look back for what nobody confirmed: at a site dose by dose, above it day
# by day. The page of step 1 shows all that waits.
AT_A_SITE, ABOVE = 31, 14


class Late(NamedTuple):
    """A child of an authority: days of its sites on which nothing was confirmed, days that wait
    for a signature, and the oldest of both."""

    unit_id: int
    unconfirmed: int
    unsigned: int
    since: date


def child_at(path: str, at: str) -> int:
    """The child of the unit at `path` that is above a unit below it, or is it; of the unit itself
    its own id."""
    return int(at.removeprefix(path).split("/")[0] or path.split("/")[-2])


def by_child(path: str, sites: Iterable[Any]) -> list[Late]:
    """What waits at sites below `path`, each (its path, unconfirmed, unsigned, since), put together
    by the child of the unit at `path` that is above them; what is oldest is first."""
    found: dict[int, Late] = {}
    for at, unconfirmed, unsigned, since in sites:
        below = child_at(path, at)
        known = found.get(below, Late(below, 0, 0, since))
        found[below] = Late(
            below, known.unconfirmed + int(unconfirmed), known.unsigned + int(unsigned),
            min(known.since, since),
        )  # fmt: skip
    return sorted(found.values(), key=lambda unit: (unit.since, unit.unit_id))
