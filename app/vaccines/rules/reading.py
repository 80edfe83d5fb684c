"""Stored reference entries become values; what was in force on a day becomes a catalogue."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from app.vaccines.rules import catalogue as c
from app.vaccines.rules.facts import FLAGS, KINDS
from app.vaccines.rules.report import layout
from app.vaccines.rules.typed import Entry, Wrong

# In the order in which one wins over the other when several are true of a person.
OUTCOMES = ("CHONG_CHI_DINH", "TRI_HOAN", "CHUYEN_BV", "THAN_TRONG", "DU_DIEU_KIEN")
VITALS = ("temperature", "pulse", "systolic", "diastolic", "respiration")
PLATFORMS = ("mRNA", "vector", "inactivated", "subunit")
# What rules may say instead of naming a family.
SAME_AS_BASE, SAME_AS_LAST, PLATFORM = "same_as_base", "same_as_last", "platform:"


class Stored(NamedTuple):
    """One version of one entry. id is 0 before it is stored."""

    id: int
    kind: str
    code: str
    effective_from: date
    effective_to: date | None
    body: dict[str, Any]


def _source(row: Stored) -> c.Source:
    entry = Entry(row.body)
    paper = entry.one("document")
    number, day = paper.text("number"), paper.maybe_day("date")
    document = c.Document(number, day, paper.text_or("title", ""))
    unsure = entry.one_of("confidence", ("sure", "unsure"), "sure") == "unsure"
    return c.Source(
        row.id, row.kind, row.code, document, row.effective_from, row.effective_to,
        unsure, entry.text_or("note", ""),
    )  # fmt: skip


def _interval(entry: Entry, source: c.Source | None = None) -> c.Interval:
    return c.Interval(
        min=entry.span("min"),
        usual=entry.maybe_span("usual"),
        latest=entry.maybe_span("latest"),
        kind=entry.one_of("kind", KINDS, ""),
        seq=entry.maybe_ordinal("seq"),
        before=entry.texts("from"),
        to=entry.texts("to"),
        ages=entry.ages(),
        source=source,
    )


def _illness(row: Stored) -> c.Illness:
    entry = Entry(row.body)
    kind, seq = entry.one_of("kind", KINDS, ""), entry.maybe_ordinal("seq")
    return c.Illness(entry.span("wait"), kind, seq, entry.ages(), _source(row))


def _band(entry: Entry) -> c.AgeBand:
    return c.AgeBand(entry.band("ages"), entry.decimal("volume_ml"), entry.maybe_day("since"))


def _products(row: Stored) -> list[c.Product]:
    """The product itself and its variants (a children's formulation, a component of a series):
    a variant is written as its differences from the product."""
    entry, source = Entry(row.body), _source(row)
    family = entry.text_or("family", row.code)
    variants = entry.each(
        "variants", lambda v: _product(v.text("code"), family, Entry(row.body | v.body), source)
    )
    return [_product(row.code, family, entry, source), *variants]


def _product(code: str, family: str, entry: Entry, source: c.Source) -> c.Product:
    bands = entry.each("ages", _band)
    if not bands:
        raise Wrong("ages", "ref_missing")
    return c.Product(
        code=code,
        family=family,
        name=entry.text("name"),
        maker=entry.text("maker"),
        platform=entry.one_of("platform", PLATFORMS),
        mp=entry.text("mp"),
        ma=entry.text("ma"),
        vp=entry.text("vp"),
        vp_accepted=entry.texts("vp_accepted"),
        base_doses=entry.maybe_ordinal("base_doses") or 1,
        intervals=entry.each("intervals", _interval),
        bands=bands,
        not_for=entry.texts("not_for", FLAGS),
        licensed_on=entry.maybe_day("licensed_on"),
        licence=entry.text_or("licence", ""),
        doses_per_vial=tuple(int(n) for n in entry.numbers("doses_per_vial")),
        hours_after_opening=entry.maybe_whole("hours_after_opening"),
        storage=entry.text_or("storage", ""),
        route=entry.one_of("route", ("IM",)),
        component=entry.maybe_ordinal("component"),
        source=source,
    )


def _mix(row: Stored) -> c.Mix:
    entry = Entry(row.body)
    kind, seq, to = entry.one_of("kind", KINDS), entry.maybe_ordinal("seq"), entry.texts("to")
    if not to:
        raise Wrong("to", "ref_missing")
    return c.Mix(kind, seq, entry.texts("from"), to, entry.ages(), _source(row))


def _group(entry: Entry) -> c.Group:
    return c.Group(entry.ages(), entry.texts("flags", FLAGS), entry.texts("base"))


def _who(row: Stored) -> c.Who:
    entry = Entry(row.body)
    kind, seq = entry.one_of("kind", KINDS), entry.maybe_ordinal("seq")
    return c.Who(kind, seq, entry.each("groups", _group), entry.maybe_ordinal("most"), _source(row))


def _volume(row: Stored) -> c.VolumeChoice:
    entry = Entry(row.body)
    choices, default = entry.numbers("choices"), entry.decimal("default")
    if default not in choices:
        raise Wrong("default", "ref_not_one_of", allowed=", ".join(map(str, choices)))
    kind, family = entry.one_of("kind", KINDS), entry.text("family")
    return c.VolumeChoice(kind, family, entry.ages(), choices, default, _source(row))


def _item(entry: Entry) -> c.Item:
    item = c.Item(
        code=entry.text("code"),
        text=entry.text("text"),
        text_en=entry.text_or("text_en", ""),
        leads_to=entry.one_of("leads_to", OUTCOMES, ""),
        choices=entry.texts("choices", OUTCOMES),
        detail=entry.text_or("detail", ""),
        detail_en=entry.text_or("detail_en", ""),
        asked=entry.flag("asked", True),
        female_only=entry.flag("female_only"),
        vital=entry.flag("vital"),
        flag=entry.one_of("flag", FLAGS, ""),
        delay=entry.maybe_span("delay"),
        delay_from_illness=entry.flag("delay_from_illness"),
        at_home=entry.texts("at_home"),
    )
    if item.asked and not (item.leads_to or item.choices):
        raise Wrong("leads_to", "ref_missing")
    return item


def _vital(entry: Entry) -> c.Vital:
    return c.Vital(
        code=entry.one_of("code", VITALS),
        label=entry.text("label"),
        label_en=entry.text_or("label_en", ""),
        unit=entry.text("unit"),
        low=entry.maybe_decimal("low"),
        high=entry.maybe_decimal("high"),
        least=entry.decimal("least"),
        most=entry.decimal("most"),
        above_usual=entry.maybe_decimal("above_usual"),
        measured_for=entry.texts("measured_for", FLAGS | {"everyone", "over_65"}),
        leads_to=entry.one_of("leads_to", OUTCOMES),
    )


def _outcome(entry: Entry) -> c.Outcome:
    code, label = entry.one_of("code", OUTCOMES), entry.text("label")
    return c.Outcome(code, label, entry.text_or("label_en", ""), entry.text("rule"))


def _form(row: Stored) -> c.Form:
    entry = Entry(row.body)
    form = c.Form(
        code=row.code,
        title=entry.text("title"),
        title_en=entry.text_or("title_en", ""),
        ages=entry.ages(),
        items=entry.each("items", _item),
        vitals=entry.each("vitals", _vital),
        outcomes=entry.each("outcomes", _outcome),
        notes=entry.texts("notes"),
        source=_source(row),
    )
    _check_form(form)
    return form


def _check_form(form: c.Form) -> None:
    boxes = {outcome.code for outcome in form.outcomes}
    for item in form.items:
        for code in {item.leads_to, *item.choices, "DU_DIEU_KIEN"} - {""} - boxes:
            raise Wrong("outcomes", "ref_outcome_missing", item=item.code, outcome=code)
    if len({item.code for item in form.items}) < len(form.items):
        raise Wrong("items", "ref_twice")


def _priority_group(row: Stored) -> c.PriorityGroup:
    entry = Entry(row.body)
    if not row.code.isdecimal():
        raise Wrong("code", "ref_not_number")
    short, short_en = entry.text("short"), entry.text_or("short_en", "")
    return c.PriorityGroup(row.code, entry.text("text"), short, short_en, _source(row))


CONSENT_TEXTS = (
    "title", "title_en", "statement", "statement_en", "agree", "agree_en", "refuse", "refuse_en",
    "signature",
)  # fmt: skip


def _consent(row: Stored) -> c.Consent:
    entry = Entry(row.body)
    values: dict[str, Any] = {name: entry.text(name) for name in CONSENT_TEXTS}
    values |= {name: entry.texts(name) for name in ("points", "points_en", "labels")}
    return c.Consent(code=row.code, ages=entry.ages(), source=_source(row), **values)


def _province(row: Stored) -> c.Province:
    entry = Entry(row.body)
    adults, planned = entry.maybe_count("adults"), entry.maybe_count("planned")
    if adults is None and planned is None:
        raise Wrong("adults", "ref_missing")
    return c.Province((entry.text("scheme"), entry.text("area")), adults, planned, _source(row))


READERS: Mapping[str, Callable[[Stored], Any]] = MappingProxyType(
    {
        "product": _products,
        "interval": lambda row: _interval(Entry(row.body), _source(row)),
        "after_illness": _illness,
        "mix": _mix,
        "who": _who,
        "volume": _volume,
        "screening_form": _form,
        "priority_group": _priority_group,
        "consent": _consent,
        "daily_report": lambda row: layout(row.code, Entry(row.body), _source(row)),
        "province": _province,
    }
)


def read(row: Stored) -> list[Any]:
    """The values of one entry (a product may have variants). Raises Wrong."""
    if row.kind not in READERS:
        raise Wrong("kind", "ref_not_one_of", allowed=", ".join(READERS))
    if row.effective_to is not None and row.effective_to < row.effective_from:
        raise Wrong("effective_to", "ref_out_of_range")
    value = READERS[row.kind](row)
    return value if isinstance(value, list) else [value]


def in_force(rows: Iterable[Stored], on: date) -> list[Stored]:
    """Of each entry the version in force on a day: the one that began last; of two that began on
    the same day, the one that was stored last."""
    begun: dict[tuple[str, str], Stored] = {}
    for row in sorted(rows, key=lambda row: (row.effective_from, row.id)):
        if row.effective_from <= on:
            begun[row.kind, row.code] = row
    return [row for row in begun.values() if row.effective_to is None or on <= row.effective_to]


def assemble(rows: Iterable[Stored], on: date) -> c.Catalogue:
    """The catalogue of a day from all stored versions. Raises Wrong for an unreadable one."""
    rows = list(rows)
    made: dict[str, list[Any]] = {kind: [] for kind in READERS}
    for row in in_force(rows, on):
        made[row.kind] += read(row)
    return c.Catalogue(
        on=on,
        version=max((row.id for row in rows), default=0),
        products=MappingProxyType({product.code: product for product in made["product"]}),
        intervals=tuple(made["interval"]),
        illnesses=tuple(made["after_illness"]),
        mixes=tuple(made["mix"]),
        whos=tuple(made["who"]),
        volumes=tuple(made["volume"]),
        forms=tuple(made["screening_form"]),
        groups=tuple(sorted(made["priority_group"], key=lambda group: int(group.code))),
        consents=tuple(made["consent"]),
        layouts=tuple(made["daily_report"]),
        provinces=MappingProxyType({province.area: province for province in made["province"]}),
    )


def unknown_names(catalogue: c.Catalogue) -> list[tuple[c.Source, str]]:
    """Rules that name a family or platform that no product has: a slip of typing in the data."""
    known = catalogue.families | {SAME_AS_BASE, SAME_AS_LAST, *(PLATFORM + p for p in PLATFORMS)}
    named: list[tuple[c.Source | None, tuple[str, ...]]] = [
        *((rule.source, rule.before + rule.to) for rule in catalogue.intervals),
        *((rule.source, rule.before + rule.to) for rule in catalogue.mixes),
        *((rule.source, group.base) for rule in catalogue.whos for group in rule.groups),
        *((rule.source, (rule.family,)) for rule in catalogue.volumes),
    ]
    return [(source, name) for source, names in named for name in names
            if source and name not in known]  # fmt: skip
