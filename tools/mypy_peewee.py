"""Tells mypy what peewee adds to a model: `id`, and `person_id` beside `person`."""

from collections.abc import Callable

from mypy.nodes import AssignmentStmt, CallExpr, MemberExpr, NameExpr
from mypy.plugin import ClassDefContext, Plugin
from mypy.plugins.common import add_attribute_to_class
from mypy.types import AnyType, TypeOfAny

BASE = "app.db.BaseModel"


def add_columns(ctx: ClassDefContext) -> None:
    """Add the columns that no line of the class names. Their type is Any: a value or a field."""
    written = set(ctx.cls.info.names)
    for name in ["id", *(f"{key}_id" for key in _foreign_keys(ctx))]:
        if name not in written:
            add_attribute_to_class(ctx.api, ctx.cls, name, AnyType(TypeOfAny.special_form))


def _foreign_keys(ctx: ClassDefContext) -> list[str]:
    return [
        line.lvalues[0].name
        for line in ctx.cls.defs.body
        if isinstance(line, AssignmentStmt)
        and isinstance(line.lvalues[0], NameExpr)
        and isinstance(line.rvalue, CallExpr)
        and isinstance(line.rvalue.callee, (NameExpr, MemberExpr))
        and line.rvalue.callee.name == "ForeignKeyField"
    ]


class PeeweePlugin(Plugin):
    """Answers mypy's question about each subclass of BaseModel."""

    def get_base_class_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:
        """`fullname` is a base class of the class that mypy reads."""
        return add_columns if fullname == BASE else None


def plugin(_version: str) -> type[Plugin]:
    """Called by mypy."""
    return PeeweePlugin
