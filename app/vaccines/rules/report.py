"""The layout of the daily report as data say it: columns, groups of signs, notes. Pure."""

from app.vaccines.rules import catalogue as c
from app.vaccines.rules.facts import KINDS
from app.vaccines.rules.typed import Entry, Wrong

# What a column may show. "dose" of a kind (and number), or whatever no other column shows; "sign":
# the people with one of these signs, or with a sign that no other column names.
TEXTS = ("number", "place", "round", "product", "note")
COUNTS = (
    "received", "referred", "refused", "delayed", "contraindicated", "used", "wasted", "ordinary",
    "serious",
)  # fmt: skip
DOSE, SIGN = "dose", "sign"
DEEPEST = 3


def layout(code: str, entry: Entry, source: c.Source) -> c.Layout:
    """The layout that an entry describes. Raises Wrong: no count may be left out, and every dose
    needs a column."""
    columns = entry.each("columns", _column)
    shown = [column.what for column in columns]
    for what in (*TEXTS, *COUNTS):
        if shown.count(what) != 1:
            raise Wrong("columns", "ref_column_once", column=what)
    if not any(column.what == DOSE and not column.kind for column in columns):
        raise Wrong("columns", "ref_column_rest")
    return c.Layout(
        code=code,
        title=entry.text("title"),
        part_a=entry.text("part_a"),
        part_b=entry.text("part_b"),
        columns=columns,
        used_with_wasted=entry.flag("used_with_wasted"),
        footnotes=entry.texts("footnotes"),
        source=source,
    )


def _column(entry: Entry) -> c.Column:
    heads = entry.texts("heads")
    if not 1 <= len(heads) <= DEEPEST:
        raise Wrong("heads", "ref_out_of_range")
    return c.Column(
        what=entry.one_of("what", (*TEXTS, *COUNTS, DOSE, SIGN)),
        heads=heads,
        kind=entry.one_of("kind", KINDS, ""),
        seq=entry.maybe_ordinal("seq"),
        signs=entry.texts("signs"),
    )
