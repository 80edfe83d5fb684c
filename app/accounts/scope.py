"""Where: every list, search and object is limited to the subtree of the unit one works at."""

from typing import Any, TypeVar

from flask import abort, g
from peewee import Model, ModelSelect

M = TypeVar("M", bound=Model)

# Models that are the same for everybody: reference data and bookkeeping of the service itself.
UNSCOPED: dict[str, str] = {}


def scoped(model: type[M]) -> "ModelSelect[M]":
    """The rows of `model` at or below the present unit. The model says how it hangs on the tree
    in `within(path)`, which returns a query; refine it further."""
    return model.within(g.user.unit_path)  # type: ignore[attr-defined]


def get_or_404(model: type[M], row_id: Any) -> M:
    """One row inside the present subtree; a stranger's row does not exist (404)."""
    if isinstance(row_id, int) and row_id.bit_length() > 63:
        abort(404)  # more than a database can look for
    row = scoped(model).where(model._meta.primary_key == row_id).get_or_none()
    if row is None:
        abort(404)
    return row
