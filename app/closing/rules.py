"""Whether the doses of a session are accounted for, and what stands against closing it. Pure."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

MOST_DOSES = 100_000
OLD = timedelta(days=1)  # what is missing longer than this is marked


class LotCount(NamedTuple):
    """A lot at a session. What people counted: `taken` out of the store to the tables, `returned`
    unopened. What was written down: `recorded` doses that stand (`late` of them entered
    afterwards), `wasted`. balance: what the books say is left in the store, tables included."""

    holding_id: int
    product: str
    number: str
    balance: int = 0
    taken: int = 0
    recorded: int = 0
    late: int = 0
    wasted: int = 0
    returned: int = 0

    @property
    def difference(self) -> int:
        """Doses that were taken and are written nowhere; below zero: more was written than
        taken. While people work this is what lies on the tables."""
        return self.taken - self.recorded - self.wasted - self.returned


def differences(lots: Iterable[LotCount]) -> list[LotCount]:
    """The lots that are not accounted for."""
    return [lot for lot in lots if lot.difference]


def problems(
    lots: Iterable[LotCount], waiting: int, pending: int, held_on: date, today: date
) -> list[tuple[str, dict[str, Any]]]:
    """(reason code, values) against closing a session. waiting: visits without an end;
    pending: requests about its doses that nobody has decided."""
    if held_on > today:
        return [("session_to_come", {})]
    found: list[tuple[str, dict[str, Any]]] = []
    for lot in differences(lots):
        code = "doses_missing" if lot.difference > 0 else "doses_beyond"
        found.append((code, {"lot": lot.number, "n": abs(lot.difference)}))
    if waiting:
        found.append(("visits_waiting", {"n": waiting}))
    if pending:
        found.append(("requests_pending", {"n": pending}))
    return found


def count_problems(
    lot: LotCount, taken: int, returned: int
) -> list[tuple[str, str, dict[str, Any]]]:
    """(field, reason code, values) against counting a lot as `taken` and `returned`. What lies on
    the tables is still in the books of the store, so nobody takes more than these say."""
    if returned > taken:
        return [("returned", "returned_too_many", {"taken": taken})]
    most = lot.taken + max(0, lot.balance - lot.difference)
    if taken > max(most, lot.taken):
        return [("taken", "taken_too_many", {"left": most - lot.taken})]
    return []


class UnitGap(NamedTuple):
    """What is open at or below a unit: `sessions` of earlier days, `since` the oldest; in them
    `gap` doses that are not accounted for and `waiting` visits; `old`: sessions with a gap that
    should have been closed more than a day ago."""

    unit_id: int
    sessions: int
    since: date
    old: int
    gap: int
    waiting: int


def by_child(path: str, sites: Iterable[Any]) -> list[UnitGap]:
    """What is open at sites below `path`, each (its path, sessions, since, old, gap, waiting), put
    together by the child of the unit at `path` that is above them; what is oldest is first."""
    found: dict[int, UnitGap] = {}
    for at, sessions, since, *numbers in sites:
        below = at.removeprefix(path).split("/")[0] or path.split("/")[-2]
        known = found.get(int(below), UnitGap(int(below), 0, since, 0, 0, 0))
        sums = (a + int(b) for a, b in zip(known[3:], numbers, strict=True))
        found[int(below)] = UnitGap(
            known.unit_id, known.sessions + sessions, min(known.since, since), *sums
        )
    return sorted(found.values(), key=lambda unit: (unit.since, unit.unit_id))


def is_old(held_on: date, today: date) -> bool:
    """Whether a session that is still open should have been closed more than a day ago."""
    return held_on < today - OLD
