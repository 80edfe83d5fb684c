"""Where: every list, search and object is limited to the subtree of the unit one works at."""

from typing import Any, TypeVar

from flask import abort, g
from peewee import Model, ModelSelect

M = TypeVar("M", bound=Model)

# Models without a unit, and why nobody sees more than they should through them.
UNSCOPED: dict[str, str] = {
    "Area": "reference data",
    "AreaSuccessor": "reference data",
    "Level": "reference data",
    "ReferenceVersion": "reference data",
    "Lot": "the same at all sites; who holds it is scoped",
    "Suspension": "stops a lot everywhere, so everybody may know",
    "AuditEntry": "kept by the chain of a unit; its pages ask by chain",
    "AuditHead": "the ends of the chains; no page shows them",
    "DayCount": "sums of provinces, for everybody",
    "Signer": "public certificates, published as the trust list",
    "OutboxEvent": "ids for commands; no page shows them",
    "Submission": "found by its key and its user only",
    "SignInTry": "nobody is signed in yet",
    "PhoneProof": "a mark on a wish that is found scoped",
    "LookUpCount": "counts of people without an account",
    "Tally": "numbers of a day, without people",
}


def scoped(model: type[M]) -> "ModelSelect[M]":
    """The rows of `model` at or below the present unit. The model says how it hangs on the tree
    in `within(path)`, which returns a query; refine it further."""
    return model.within(g.user.unit_path)  # type: ignore[attr-defined]


def get_or_404(model: type[M], row_id: Any) -> M:
    """One row inside the present subtree; a stranger's row does not exist (404)."""
    if not isinstance(row_id, int) or row_id.bit_length() > 63:
        abort(404)  # nothing that a database can look for
    row = scoped(model).where(model._meta.primary_key == row_id).get_or_none()
    if row is None:
        abort(404)
    return row
