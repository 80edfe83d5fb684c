"""Screening before a dose: which form, what is missing, and what the answers lead to."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple, Protocol, TypeVar

from app.vaccines.rules.catalogue import Ages, Catalogue, Consent, Form, Item, Vital
from app.vaccines.rules.facts import FEMALE, Person, Problem, age_range, refuse, warn
from app.vaccines.rules.reading import OUTCOMES

ELIGIBLE = "DU_DIEU_KIEN"


class Answer(NamedTuple):
    """An answered question. text: what had to be written; leads_to: the conclusion chosen, where
    the form leaves it open."""

    yes: bool
    text: str = ""
    leads_to: str = ""


class Signs(NamedTuple):
    """Measured vital signs: degrees Celsius, beats and breaths a minute, mmHg. usual_systolic:
    of somebody whose high blood pressure is treated and on record."""

    temperature: Decimal | None = None
    pulse: int | None = None
    systolic: int | None = None
    diastolic: int | None = None
    respiration: int | None = None
    usual_systolic: int | None = None


class Computed(NamedTuple):
    """What the form's rule concludes. code: None while something is missing; because: the items
    (or signs) that led to it; all: every conclusion that is true, strongest first."""

    code: str | None
    because: tuple[str, ...] = ()
    all: tuple[tuple[str, tuple[str, ...]], ...] = ()
    missing: tuple[str, ...] = ()


Answers = Mapping[str, Answer]


class _Sheet(Protocol):
    @property
    def ages(self) -> Ages: ...


S = TypeVar("S", bound=_Sheet)


def form_for(person: Person, catalogue: Catalogue) -> Form | None:
    """The screening form for somebody on the catalogue's day. Where the age leaves it open, the
    form for the younger age: it asks for more. None when no form was in force."""
    return _for_age(catalogue.forms, person, catalogue.on)


def consent_for(person: Person, catalogue: Catalogue) -> Consent | None:
    """The consent sheet, likewise: where the age leaves it open, a parent signs too."""
    return _for_age(catalogue.consents, person, catalogue.on)


def _for_age(sheets: tuple[S, ...], person: Person, on: date) -> S | None:
    ages = age_range(person.birth, on) if person.birth else ()
    for years in ages:
        for sheet in sheets:
            if sheet.ages.covers(max(years, 0)):
                return sheet
    return None if ages else max(sheets, key=lambda sheet: sheet.ages.start or 0, default=None)


def asked(item: Item, person: Person) -> bool:
    """Whether this person has to answer this item."""
    return item.asked and not item.vital and (not item.female_only or person.sex == FEMALE)


def needed(vital: Vital, person: Person, on: date) -> bool:
    """Whether this sign has to be measured: temperature of everybody, others of some."""
    who = set(vital.measured_for)
    elderly = person.birth is not None and age_range(person.birth, on)[1] > 65
    return bool("everyone" in who or person.flags & who or (elderly and "over_65" in who))


def answer_problems(
    form: Form, answers: Answers, signs: Signs, person: Person, on: date
) -> list[Problem]:
    """What is missing or impossible on the sheet, each at its item or sign."""
    found = [refuse("answer_missing", item) for item in _unanswered(form, answers, person)]
    found += [refuse("sign_missing", code) for code in _unmeasured(form, signs, person, on)]
    for item in form.items:
        answer = answers.get(item.code)
        if item.detail and answer and answer.yes and not answer.text.strip():
            found.append(refuse("detail_missing", item.code))
    found += [refuse("choice_missing", code) for code in _unchosen(form, answers)]
    return found + _contradictions(form, answers) + _impossible(form, signs)


def _unanswered(form: Form, answers: Answers, person: Person) -> list[str]:
    return [i.code for i in form.items if asked(i, person) and i.code not in answers]


def _unmeasured(form: Form, signs: Signs, person: Person, on: date) -> list[str]:
    return [
        vital.code
        for vital in form.vitals
        if getattr(signs, vital.code) is None and needed(vital, person, on)
    ]


def _unchosen(form: Form, answers: Answers) -> list[str]:
    return [
        item.code
        for item in form.items
        if item.choices
        and _yes(answers, item.code)
        and answers[item.code].leads_to not in item.choices
    ]


def _contradictions(form: Form, answers: Answers) -> list[Problem]:
    """A woman is less than 13 weeks pregnant or more, not both."""
    yes = [i.code for i in form.items if i.flag == "pregnant" and _yes(answers, i.code)]
    return [refuse("only_one_yes", code) for code in yes[1:]]


def _yes(answers: Answers, code: str) -> bool:
    return code in answers and answers[code].yes


def _impossible(form: Form, signs: Signs) -> list[Problem]:
    found = []
    for vital in form.vitals:
        value = getattr(signs, vital.code)
        if value is not None and not vital.least <= value <= vital.most:
            limits = {"least": vital.least, "most": vital.most}
            found.append(refuse("sign_impossible", vital.code, **limits))
    high, low = signs.systolic, signs.diastolic
    if high is not None and low is not None and high <= low:
        found.append(refuse("pressure_swapped", "systolic"))
    return found


def sign_problems(form: Form, signs: Signs) -> list[Problem]:
    """The signs outside the form's limits (QĐ 4355/QĐ-BYT, kept by QĐ 5785/QĐ-BYT)."""
    found = []
    for vital in form.vitals:
        value = getattr(signs, vital.code)
        if value is None:
            continue
        if vital.low is not None and value < vital.low:
            found.append(warn("sign_low", vital.code, value=value, limit=vital.low))
        if vital.high is not None and value > vital.high:
            found.append(warn("sign_high", vital.code, value=value, limit=vital.high))
        usual = signs.usual_systolic
        if vital.above_usual is not None and usual and value > usual + vital.above_usual:
            found.append(warn("sign_above_usual", vital.code, value=value, limit=vital.above_usual))
    return found


def conclude(form: Form, answers: Answers, signs: Signs, person: Person, on: date) -> Computed:
    """The form's own conclusion: the strongest of those that the answers lead to."""
    missing = (
        *_unanswered(form, answers, person),
        *_unchosen(form, answers),
        *_unmeasured(form, signs, person, on),
    )
    led: dict[str, list[str]] = {}
    for cause, code in [*_causes(form, answers), *_sign_causes(form, signs)]:
        if cause not in led.setdefault(code, []):
            led[code].append(cause)
    every = tuple((code, tuple(led[code])) for code in OUTCOMES if code in led)
    code, because = every[0] if every else (ELIGIBLE, ())
    return Computed(None if missing else code, because, every, missing)


def _causes(form: Form, answers: Answers) -> list[tuple[str, str]]:
    found = []
    for item in form.items:
        if _yes(answers, item.code):
            chosen = answers[item.code].leads_to
            code = chosen if item.choices else item.leads_to
            found.append((item.code, code))
    return [(cause, code) for cause, code in found if code]


def _sign_causes(form: Form, signs: Signs) -> list[tuple[str, str]]:
    leads_to = {vital.code: vital.leads_to for vital in form.vitals}
    item = next((item.code for item in form.items if item.vital), None)
    return [(item or sign.field, leads_to[sign.field]) for sign in sign_problems(form, signs)]


def conclusion_problems(computed: Computed, chosen: str) -> list[Problem]:
    """The doctor decides. A conclusion milder than the form's needs a reason and a second person;
    a stricter one stands by itself. chosen: one of OUTCOMES."""
    strongest = computed.all[0][0] if computed.all else ELIGIBLE
    if OUTCOMES.index(chosen) <= OUTCOMES.index(strongest):
        return []
    items = ", ".join(computed.because)
    return [warn("conclusion_milder", computed=strongest, items=items)]


def flags(form: Form, answers: Answers) -> frozenset[str]:
    """What the answers tell the schedule rules: pregnant, immunosuppressed."""
    return frozenset(i.flag for i in form.items if i.flag and _yes(answers, i.code))


def delay_until(form: Form, answers: Answers, person: Person, today: date) -> date | None:
    """A day to propose when the dose is put off; the doctor changes it. None: no proposal."""
    days = [
        item.delay.after((person.covid_on or today) if item.delay_from_illness else today)
        for item in form.items
        if item.delay and _yes(answers, item.code)
    ]
    return max(days, default=None)
