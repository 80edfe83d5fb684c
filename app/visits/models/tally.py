"""How a session stands, in one statement: boards ask for it every few seconds."""

from typing import NamedTuple

from app.db import run
from app.visits import rules


class Tally(NamedTuple):
    """expected: how many are on the list; states: state → visits; products: product code → doses
    that stand."""

    expected: int
    states: dict[str, int]
    products: dict[str, int]

    @property
    def received(self) -> int:
        """How many people came."""
        return sum(self.states.values())

    @property
    def doses(self) -> int:
        """How many doses were given."""
        return sum(self.products.values())


TALLY = """select 'expected', '', count(*) from expected where session_id = ?
union all select 'state', state, count(*) from visit where session_id = ? group by state
union all select 'product', product, count(*) from dose
 where session_id = ? and voided_at is null group by product"""


def tally(session_id: int) -> Tally:
    """The counts of a session; what nobody is in is left out."""
    rows = run(TALLY, session_id, session_id, session_id).fetchall()
    counts = {(kind, code): number for kind, code, number in rows}
    return Tally(
        counts["expected", ""],
        {state: counts["state", state] for state in rules.STATES if ("state", state) in counts},
        {code: number for (kind, code), number in sorted(counts.items()) if kind == "product"},
    )
