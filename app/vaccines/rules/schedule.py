"""Which dose this would be, when the next one is due, and how much is given."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from app.vaccines.rules.case import Case
from app.vaccines.rules.catalogue import Ages, Catalogue, Illness, Interval, Product, Source, Who
from app.vaccines.rules.facts import BO_SUNG, CO_BAN, NHAC_LAI, GivenDose, Person

SHORT = date(2021, 2, 1)  # months from here on are not longer than from anywhere else
USUAL_SERIES = 2  # base doses of a product that is not in the catalogue: most vaccines have two


class Plan(NamedTuple):
    """One dose in the schedule. seq: number within its kind, without an upper limit; overall:
    number among all doses; of: base doses in the series; component: 1 or 2 when they differ."""

    kind: str
    seq: int
    overall: int
    of: int
    component: int | None = None
    source: Source | None = None


class Due(NamedTuple):
    """The next dose: allowed from `earliest`, advised on `on` and until `latest`."""

    kind: str
    seq: int
    on: date
    earliest: date
    latest: date | None
    document: str


class Volumes(NamedTuple):
    """Millilitres that may be given. default: None when the age leaves it open."""

    choices: tuple[Decimal, ...]
    default: Decimal | None


def plan(
    person: Person,
    history: Iterable[GivenDose],
    product: Product,
    today: date,
    catalogue: Catalogue,
) -> Plan:
    """What a dose of `product` would be for this person today: base doses first, then the
    additional dose for whom it is meant (CV 10722/BYT-DP), then boosters without end."""
    return planned(Case.of(person, history, product, today, catalogue))


def planned(case: Case) -> Plan:
    """The same for a case."""
    base, overall = case.of_kind(CO_BAN), len(case.doses) + 1
    total = _series(case)
    if len(base) < total and len(base) == len(case.doses):
        seq = _next(base)
        return Plan(CO_BAN, seq, overall, total, seq if _has_components(case) else None)
    who = _additional(case)
    if who:
        return Plan(BO_SUNG, _next(case.of_kind(BO_SUNG)), overall, total, source=who.source)
    return Plan(NHAC_LAI, _next(case.of_kind(NHAC_LAI)), overall, total)


def _series(case: Case) -> int:
    """Base doses in the series that the first base dose began, or that this one would begin."""
    base = case.of_kind(CO_BAN)
    if not base:
        return case.product.base_doses
    first = case.catalogue.products.get(base[0].product)
    return first.base_doses if first else USUAL_SERIES


def _next(doses: Sequence[GivenDose]) -> int:
    # An imported history may lack earlier doses, so the recorded number counts too.
    return max([len(doses), *(dose.seq for dose in doses)]) + 1


def _has_components(case: Case) -> bool:
    products = case.catalogue.products.values()
    return any(p.component for p in products if p.family == case.product.family)


def _additional(case: Case) -> Who | None:
    if case.of_kind(NHAC_LAI):
        return None
    given = len(case.of_kind(BO_SUNG))
    for who in case.catalogue.whos:
        left = who.most is None or given < who.most
        if who.kind == BO_SUNG and left and any(case.belongs(who.groups)):
            return who
    return None


def who_for(dose: Plan, catalogue: Catalogue) -> Who | None:
    """The rule that says who is to have this additional dose or booster."""
    fitting = [w for w in catalogue.whos if w.kind == dose.kind and w.seq in (None, dose.seq)]
    return max(fitting, key=lambda who: who.seq or 0, default=None)


def interval(case: Case, dose: Plan) -> Interval | None:
    """The wait that applies before this dose: the rule that names most of its facts; for a base
    dose without a rule the label of the vaccine given last. None: first dose, or no rule."""
    last = case.last
    if last is None:
        return None
    before, to = case.names(last.product), case.relations()
    fitting = [
        rule
        for rule in (*case.catalogue.intervals, *_label(case, dose))
        if rule.kind in ("", dose.kind)
        and rule.seq in (None, dose.seq)
        and (not rule.before or before & set(rule.before))
        and (not rule.to or to & set(rule.to))
        and any(case.aged(rule.ages))
    ]
    # Of two that are equally exact (an unsure age) the longer wait is the safe one.
    return max(fitting, key=lambda r: (_exactness(r), r.min.after(last.given_on)), default=None)


def _label(case: Case, dose: Plan) -> tuple[Interval, ...]:
    if dose.kind != CO_BAN or case.last is None:
        return ()
    return case.catalogue.products.get(case.last.product, case.product).intervals


def _exactness(rule: Interval) -> int:
    named = (rule.kind, rule.seq, rule.before, rule.to, rule.ages != Ages())
    return sum(map(bool, named)) if rule.source else -1


def document_of(case: Case, rule: Interval) -> str:
    """The number of the paper an interval comes from; for a label that of the licence."""
    product = case.catalogue.products.get(case.last.product if case.last else "", case.product)
    return (rule.source or product.source).document.number


def well_again(case: Case, dose: Plan) -> tuple[date, Illness] | None:
    """The day until which a COVID-19 illness puts this dose off, and the rule that says so."""
    ill = case.person.covid_on
    waits = [
        (rule.wait.after(ill), rule)
        for rule in case.catalogue.illnesses
        if ill
        and rule.kind in ("", dose.kind)
        and rule.seq in (None, dose.seq)
        and any(case.aged(rule.ages))
    ]
    return max(waits, key=lambda wait: wait[0], default=None)


def due_on(
    person: Person, history: Iterable[GivenDose], today: date, catalogue: Catalogue
) -> Due | None:
    """The next dose by the rules in force today, with the vaccine given last. None when nothing
    was given yet, the person has died, or no rule asks for another dose."""
    doses = list(history)
    newest = max(doses, key=lambda dose: dose.given_on, default=None)
    product = catalogue.products.get(newest.product) if newest else None
    if newest is None or product is None or person.deceased:
        return None
    case = Case.of(person, doses, product, today, catalogue)
    dose = planned(case)
    rule = interval(case, dose)
    if rule is None:
        return None
    earliest = rule.min.after(newest.given_on)
    on = (rule.usual or rule.min).after(newest.given_on)
    latest = rule.latest.after(newest.given_on) if rule.latest else None
    well = well_again(case, dose)
    if well:
        earliest, on = max(earliest, well[0]), max(on, well[0])
    if not _meant(case._replace(on=max(on, today)), dose):
        return None
    return Due(dose.kind, dose.seq, on, earliest, latest, document_of(case, rule))


def shortest_wait(catalogue: Catalogue) -> timedelta:
    """No next dose is due sooner than this after the one before, whoever it is."""
    labels = [rule for product in catalogue.products.values() for rule in product.intervals]
    spans = [rule.usual or rule.min for rule in (*catalogue.intervals, *labels)]
    return min((span.after(SHORT) - SHORT for span in spans), default=timedelta(0))


def most_boosters(catalogue: Catalogue) -> int | None:
    """Whoever had this booster or a later one is asked for no other dose; None: there is no end."""
    rules = [rule for rule in catalogue.intervals if rule.kind in ("", NHAC_LAI)]
    numbers = [rule.seq for rule in rules if rule.seq is not None]
    return max(numbers, default=1) if len(numbers) == len(rules) else None


def _meant(case: Case, dose: Plan) -> bool:
    who = who_for(dose, case.catalogue)
    return dose.kind == CO_BAN or (who is not None and any(case.belongs(who.groups)))


def volumes(
    product: Product, person: Person, dose: Plan, on: date, catalogue: Catalogue
) -> Volumes:
    """How many millilitres may be given: by a rule for this kind of dose (a half dose for adults),
    else by the age group. At an unsure age with two volumes somebody has to choose."""
    case = Case.of(person, (), product, on, catalogue)
    for rule in catalogue.volumes:
        if (rule.kind, rule.family) == (dose.kind, product.family) and all(case.aged(rule.ages)):
            return Volumes(rule.choices, rule.default)
    fitting = {band.volume_ml for band in case.bands() if any(case.aged(band.ages))}
    choices = tuple(sorted(fitting or {band.volume_ml for band in product.bands}))
    return Volumes(choices, choices[0] if len(choices) == 1 else None)
