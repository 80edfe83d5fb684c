"""What speaks against a dose: refusals that stand, and warnings that a reason can overrule."""

from collections.abc import Iterable
from datetime import date

from app.vaccines.rules.case import Case
from app.vaccines.rules.catalogue import Catalogue, Mix, Product
from app.vaccines.rules.facts import (
    CO_BAN,
    GivenDose,
    Person,
    Problem,
    birth_bounds,
    refuse,
    warn,
)
from app.vaccines.rules.schedule import Plan, document_of, interval, planned, well_again, who_for

# Conclusions after which a dose may be given: "đủ điều kiện", and "thận trọng", which is counted
# among the vaccinated (QĐ 4355/QĐ-BYT; daily report of QĐ 3588/QĐ-BYT).
ALLOW_DOSE = frozenset({"DU_DIEU_KIEN", "THAN_TRONG"})


def problems(
    product: Product,
    person: Person,
    history: Iterable[GivenDose],
    today: date,
    catalogue: Catalogue,
    chosen: Plan | None = None,
    given_on: date | None = None,
) -> list[Problem]:
    """All that speaks against giving `product` on `given_on` (today if not said). chosen: the dose
    as somebody wants to record it, when it is not what plan() says. Lot and screening are asked
    with lot_problems and screening_problems."""
    case = Case.of(person, history, product, given_on or today, catalogue)
    due = planned(case)
    dose = chosen or due
    return [
        *_dates(case, today),
        *_chosen(due, dose),
        *_age(case),
        *_order(case),
        *_wait(case, dose),
        *_illness(case, dose),
        *_who(case, dose),
        *_mix(case, dose),
        *_product(case, dose),
    ]


def screening_problems(conclusion: str | None) -> list[Problem]:
    """No dose without a screening that allows it (QĐ 4355/QĐ-BYT; TT 13/2026/TT-BYT)."""
    if not conclusion:
        return [refuse("not_screened")]
    return [] if conclusion in ALLOW_DOSE else [refuse("screening_no_dose", conclusion=conclusion)]


def lot_problems(expires_on: date, units_left: int, suspended: bool, on: date) -> list[Problem]:
    """Why a lot cannot be used on a day. The day of expiry is the last good day."""
    wrong = {
        "lot_expired": expires_on < on,
        "lot_exhausted": units_left < 1,
        "lot_suspended": suspended,
    }
    return [refuse(code) for code, found in wrong.items() if found]


def _dates(case: Case, today: date) -> list[Problem]:
    product, birth, found = case.product, case.person.birth, []
    if case.on > today:
        found.append(refuse("date_in_future"))
    if birth and case.on < birth_bounds(birth)[0]:
        found.append(refuse("before_birth"))
    if product.licensed_on and case.on < product.licensed_on:
        since = product.licensed_on
        found.append(refuse("before_licence", product=product.name, licensed_on=since))
    if case.person.deceased:
        found.append(refuse("deceased"))
    return found


def _chosen(due: Plan, dose: Plan) -> list[Problem]:
    if (due.kind, due.seq) == (dose.kind, dose.seq):
        return []
    return [
        warn("kind_differs", due=due.kind, due_seq=due.seq, kind=dose.kind, seq=dose.seq),
    ]


def _age(case: Case) -> list[Problem]:
    ages, bands, name = case.ages(), case.bands(), case.product.name
    if ages is None:
        return [warn("age_unknown")]
    inside = [any(band.ages.covers(years) for band in bands) for years in ages]
    if all(inside):
        return []
    if any(inside):
        return [warn("age_unsure", product=name, youngest=ages[0], oldest=ages[1])]
    start = min((band.ages.start or 0 for band in bands), default=0)
    if ages[1] < start:
        return [warn("too_young", product=name, start=start, years=ages[1])]
    return [warn("age_outside", product=name, years=ages[0])]


def _order(case: Case) -> list[Problem]:
    if any(dose.given_on == case.on for dose in case.doses):
        return [warn("same_day")]
    later = [dose.given_on for dose in case.doses if dose.given_on > case.on]
    return [warn("later_dose", given_on=later[0])] if later else []


def _wait(case: Case, dose: Plan) -> list[Problem]:
    rule, last = interval(case, dose), case.last
    if rule is None or last is None or last.given_on >= case.on:
        return []
    paper = document_of(case, rule)
    for code, span in (("too_early", rule.min), ("sooner_than_usual", rule.usual)):
        earliest = span.after(last.given_on) if span else case.on
        if case.on < earliest:
            days = (earliest - case.on).days
            return [warn(code, days=days, earliest=earliest, document=paper)]
    return []


def _illness(case: Case, dose: Plan) -> list[Problem]:
    well = well_again(case, dose)
    if well is None or case.on >= well[0]:
        return []
    return [warn("after_illness", earliest=well[0], document=well[1].source.document.number)]


def _who(case: Case, dose: Plan) -> list[Problem]:
    if dose.kind == CO_BAN:
        return []
    who = who_for(dose, case.catalogue)
    if who is None:
        return [warn("no_rule", kind=dose.kind, seq=dose.seq)]
    inside = case.belongs(who.groups)
    if all(inside):
        return []
    code = "group_unsure" if any(inside) else "not_in_group"
    return [warn(code, kind=dose.kind, seq=dose.seq, document=who.source.document.number)]


def _mix(case: Case, dose: Plan) -> list[Problem]:
    if case.last is None:
        return []
    known = case.catalogue.products
    unknown = [given.product for given in case.doses if given.product not in known]
    if unknown:
        return [warn("history_unknown", product=unknown[0])]
    if any(_grants(rule, case, dose) for rule in case.catalogue.mixes):
        return []
    before = known[case.last.product].name
    return [warn("mix_not_allowed", product=case.product.name, before=before)]


def _grants(rule: Mix, case: Case, dose: Plan) -> bool:
    return bool(
        rule.kind == dose.kind
        and rule.seq in (None, dose.seq)
        and case.relations() & set(rule.to)
        and (not rule.before or all(each & set(rule.before) for each in case.base()))
        and all(case.aged(rule.ages))
    )


def _product(case: Case, dose: Plan) -> list[Problem]:
    product, flags = case.product, case.person.flags
    found = [
        warn("product_not_for", product=product.name, flag=flag)
        for flag in product.not_for
        if flag in flags
    ]
    if dose.component and product.component and dose.component != product.component:
        found.append(warn("wrong_component", product=product.name, component=dose.component))
    return found
