"""What the counts of a day are, and whether they add up. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

# How a visit may stand, in the words and order of the daily report (QĐ 3588/QĐ-BYT, phụ lục 5):
# count → states of visits.rules. The states of all counts together are all states but VOIDED.
OUTCOMES: Mapping[str, tuple[str, ...]] = {
    "referred": ("referred",),
    "refused": ("refused",),
    "delayed": ("delayed",),
    "contraindicated": ("contraindicated",),
    "vaccinated": ("observing", "done"),
    "left": ("left",),
    "waiting": ("arrived", "consented", "ready"),
}
VOIDED = "voided"  # such a visit never was: it is counted nowhere
REACTIONS = ("ordinary", "serious")
COUNTS = ("received", *OUTCOMES, *REACTIONS)

DoseKind = tuple[str, int]  # ("CO_BAN", 1)


class Records(NamedTuple):
    """What the statements of sql/ found: tuples that begin with the id of the row. visits: state,
    planned product, number; doses: kind, number, product, doses, of these entered late, hours of
    the latest; reactions: product, serious or not, signs as text, people; wasted: product, doses.
    """

    visits: Sequence[tuple[int, str, str, int]] = ()
    doses: Sequence[tuple[int, str, int, str, int, int, float]] = ()
    reactions: Sequence[tuple[int, str, int, str, int]] = ()
    wasted: Sequence[tuple[int, str, int]] = ()


class Counts(NamedTuple):
    """The counts of a unit on a day: `of` by the names of COUNTS; the doses by kind and number,
    and by product."""

    of: Mapping[str, int]
    kinds: Mapping[DoseKind, int]
    products: Mapping[str, int]

    @property
    def adds_up(self) -> bool:
        """Số đối tượng = chuyển bệnh viện + không đồng ý + hoãn + chống chỉ định + tiêm được, and
        those who left or still wait. The doses are counted by themselves, so this can fail."""
        return self.of["received"] == sum(self.of[name] for name in OUTCOMES)


def counts(
    visits: Mapping[str, int],
    doses: Mapping[tuple[str, int, str], int],
    reactions: tuple[int, int] = (0, 0),
) -> Counts:
    """From the visits by state, the doses by (kind, number, product), and the people with an
    ordinary and with a serious reaction."""
    of = {"received": sum(number for state, number in visits.items() if state != VOIDED)}
    for name, states in OUTCOMES.items():
        of[name] = sum(visits.get(state, 0) for state in states)
    of["vaccinated"] = sum(doses.values())
    of |= dict(zip(REACTIONS, reactions, strict=True))
    kinds: Counter[DoseKind] = Counter()
    products: Counter[str] = Counter()
    for (kind, seq, product), number in doses.items():
        kinds[kind, seq] += number
        products[product] += number
    return Counts(of, kinds, products)


def total(rows: Iterable[Counts]) -> Counts:
    """The sum of the counts of several units."""
    of, kinds, products = Counter(dict.fromkeys(COUNTS, 0)), Counter[DoseKind](), Counter[str]()
    for row in rows:
        of.update(row.of)
        kinds.update(row.kinds)
        products.update(row.products)
    return Counts(of, kinds, products)


class Asked(NamedTuple):
    """Which visits are asked for: those behind a count (`what`, one of COUNTS), those whose dose is
    of a kind and number, or of a product. `own`: without the units below."""

    what: str = "received"
    kind: str = ""
    seq: int = 0
    product: str = ""
    own: bool = False


class Traced(NamedTuple):
    """Which entries of the audit are asked for; what is None is not asked. `before`: the last
    entry of the page before."""

    person_id: int | None = None
    user_id: int | None = None
    action: str | None = None
    day: date | None = None
    before: int | None = None
