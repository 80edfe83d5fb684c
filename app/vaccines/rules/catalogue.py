"""The reference data in force on one day, as plain immutable values."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from app.vaccines.rules.facts import Span


class Document(NamedTuple):
    """The official paper that a rule comes from. day: None where only its name is known."""

    number: str
    day: date | None = None
    title: str = ""


class Source(NamedTuple):
    """Where an entry comes from. id: the stored version's id, kept with every record made by it."""

    id: int
    kind: str
    code: str
    document: Document
    effective_from: date
    effective_to: date | None = None
    unsure: bool = False
    note: str = ""


class Ages(NamedTuple):
    """Completed years: from `start` on and below `below`; None = no limit."""

    start: int | None = None
    below: int | None = None

    def covers(self, years: int) -> bool:
        """True when somebody of this age is inside."""
        return (self.start or 0) <= years and (self.below is None or years < self.below)


class AgeBand(NamedTuple):
    """An age group that a product is for, since when, and the volume of its dose."""

    ages: Ages
    volume_ml: Decimal
    since: date | None = None


class Interval(NamedTuple):
    """The wait since the dose before. min: not before; usual, latest: the advised window;
    source: None when it is the maker's label. The other fields say when it applies."""

    min: Span
    usual: Span | None = None
    latest: Span | None = None
    kind: str = ""
    seq: int | None = None
    before: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    ages: Ages = Ages()
    source: Source | None = None


class Illness(NamedTuple):
    """The wait since a COVID-19 illness. kind "" and seq None: before any dose."""

    wait: Span
    kind: str
    seq: int | None
    ages: Ages
    source: Source


class Product(NamedTuple):
    """A vaccine as it is received and given. family: what counts as "the same vaccine";
    component: 1 or 2 where the doses of a series differ; licensed_on: None if not known."""

    code: str
    family: str
    name: str
    maker: str
    platform: str
    mp: str
    ma: str
    vp: str
    vp_accepted: tuple[str, ...]
    base_doses: int
    intervals: tuple[Interval, ...]
    bands: tuple[AgeBand, ...]
    not_for: tuple[str, ...]
    licensed_on: date | None
    licence: str
    doses_per_vial: tuple[int, ...]
    hours_after_opening: int | None
    storage: str
    route: str
    component: int | None
    source: Source


class Mix(NamedTuple):
    """A permission: after a base of `before` (empty = any) a product of `to` may be given."""

    kind: str
    seq: int | None
    before: tuple[str, ...]
    to: tuple[str, ...]
    ages: Ages
    source: Source


class Group(NamedTuple):
    """People meant by a rule: of these ages, with these flags, after these base products."""

    ages: Ages
    flags: tuple[str, ...] = ()
    base: tuple[str, ...] = ()


class Who(NamedTuple):
    """Who is to have a dose of this kind and number: anybody of one of the groups."""

    kind: str
    seq: int | None
    groups: tuple[Group, ...]
    most: int | None
    source: Source


class VolumeChoice(NamedTuple):
    """The volumes that may be chosen for a family's doses of one kind."""

    kind: str
    family: str
    ages: Ages
    choices: tuple[Decimal, ...]
    default: Decimal
    source: Source


class Item(NamedTuple):
    """A screening question. leads_to: the conclusion when the answer is yes; choices: conclusions
    to choose from instead; detail: label of what must be written; asked: answered with yes or no
    (a heading is not); female_only: asked of women; vital: answered by the vital signs; at_home:
    the questions of registrations.rules.ITEMS that ask for the same."""

    code: str
    text: str
    text_en: str
    leads_to: str = ""
    choices: tuple[str, ...] = ()
    detail: str = ""
    detail_en: str = ""
    asked: bool = True
    female_only: bool = False
    vital: bool = False
    flag: str = ""
    delay: Span | None = None
    delay_from_illness: bool = False
    at_home: tuple[str, ...] = ()


class Vital(NamedTuple):
    """A vital sign: normal from `low` to `high`; impossible below `least` or above `most`;
    above_usual: too far above the person's own treated value; measured_for: "everyone", flags,
    or "over_65"."""

    code: str
    label: str
    label_en: str
    unit: str
    low: Decimal | None
    high: Decimal | None
    least: Decimal
    most: Decimal
    above_usual: Decimal | None
    measured_for: tuple[str, ...]
    leads_to: str


class Outcome(NamedTuple):
    """One box of a form's conclusion: exact label and exact rule text."""

    code: str
    label: str
    label_en: str
    rule: str


class Form(NamedTuple):
    """A screening form in force."""

    code: str
    title: str
    title_en: str
    ages: Ages
    items: tuple[Item, ...]
    vitals: tuple[Vital, ...]
    outcomes: tuple[Outcome, ...]
    notes: tuple[str, ...]
    source: Source


class PriorityGroup(NamedTuple):
    """One of the 16 groups."""

    code: str
    text: str
    short: str
    short_en: str
    source: Source


class Consent(NamedTuple):
    """The consent sheet, for an adult or for a child."""

    code: str
    title: str
    title_en: str
    ages: Ages
    points: tuple[str, ...]
    points_en: tuple[str, ...]
    statement: str
    statement_en: str
    agree: str
    agree_en: str
    refuse: str
    refuse_en: str
    labels: tuple[str, ...]
    signature: str
    source: Source


class Province(NamedTuple):
    """What a province's figures are held against. area: scheme and code of its area; adults: people
    of 18 and older; planned: doses that are to be allocated to it; None: not known."""

    area: tuple[str, str]
    adults: int | None
    planned: int | None
    source: Source


class Column(NamedTuple):
    """A column of a report. heads: its headings, from the one it shares to its own; kind, seq: of
    the doses in it (seq None: all numbers; kind "": whatever no other column shows); signs: codes
    of signs (none: those that no other column names)."""

    what: str
    heads: tuple[str, ...]
    kind: str = ""
    seq: int | None = None
    signs: tuple[str, ...] = ()


class Layout(NamedTuple):
    """The daily report as a paper has it. used_with_wasted: doses thrown away count as used."""

    code: str
    title: str
    part_a: str
    part_b: str
    columns: tuple[Column, ...]
    used_with_wasted: bool
    footnotes: tuple[str, ...]
    source: Source


class Catalogue(NamedTuple):
    """Everything in force on the day `on`. version: the newest stored row it was made from; rows
    never change, so version and day together say for ever what was in force."""

    on: date
    version: int
    products: Mapping[str, Product]
    intervals: tuple[Interval, ...] = ()
    illnesses: tuple[Illness, ...] = ()
    mixes: tuple[Mix, ...] = ()
    whos: tuple[Who, ...] = ()
    volumes: tuple[VolumeChoice, ...] = ()
    forms: tuple[Form, ...] = ()
    groups: tuple[PriorityGroup, ...] = ()
    consents: tuple[Consent, ...] = ()
    layouts: tuple[Layout, ...] = ()
    provinces: Mapping[tuple[str, str], Province] = MappingProxyType({})

    @property
    def in_vials(self) -> list[Product]:
        """The products that a site can receive: where a series has components, these."""
        of_parts = {product.family for product in self.products.values() if product.component}
        return [p for p in self.products.values() if p.component or p.family not in of_parts]

    @property
    def families(self) -> frozenset[str]:
        """The names that rules may use for products."""
        return frozenset(product.family for product in self.products.values())
