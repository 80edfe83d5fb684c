"""A visit's steps, each in one transaction: check-in, consent, screening, dose, observation."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from app import audit, clock, outbox
from app.accounts.actions import SignedIn
from app.accounts.models import Membership, User
from app.accounts.roles import verbs
from app.db import db, is_postgres
from app.people.actions import add_alert, take_in_care
from app.people.models import Person
from app.sessions.models import SessionLot, VaccinationSession
from app.stock.actions import take_dose
from app.stock.models import Holding, Lot
from app.units.models import Unit
from app.vaccines import rules as vaccines
from app.vaccines.models import catalogue_on
from app.visits import rules
from app.visits.models import Dose, Visit
from app.words import Refused, word


class Consent(NamedTuple):
    """What the person (or a child's parent or guardian) signed; text: version of the sheet."""

    agreed: bool
    signer: str = ""
    relation: str = "self"
    text: int | None = None


class Screening(NamedTuple):
    """sheet: the screening form in force; chosen: the doctor's own conclusion, one of
    vaccines.rules.OUTCOMES; reason and confirmed_by: needed when it is milder than the form's."""

    sheet: vaccines.Form
    answers: Mapping[str, vaccines.Answer]
    signs: vaccines.Signs
    chosen: str
    note: str = ""
    delay_until: date | None = None
    reason: str = ""
    confirmed_by: int | None = None


class Injection(NamedTuple):
    """A dose as it is about to be recorded. volume_ml None: the usual one."""

    holding_id: int
    vaccinator_id: int
    body_part: str = "left_arm"
    table_no: int = 1
    volume_ml: Decimal | None = None
    reason: str = ""
    confirmed_by: int | None = None


def check_in(session_id: int, person_id: int, by: SignedIn) -> int:
    """Receive a person at a session of today; returns the id of the visit."""
    with db.atomic():
        person = locked_person(person_id)
        session = VaccinationSession.get_by_id(session_id)
        if session.held_on != clock.today():
            raise Refused(("", "session_not_today"))
        visit = Visit.get_or_none(Visit.session == session_id, Visit.person == person_id)
        if visit and visit.state != "left":
            raise Refused(("", "already_here"))
        if visit:
            return move(visit, visit.version, "return")
        return _receive(session, person, by)


def _receive(session: VaccinationSession, person: Person, by: SignedIn) -> int:
    number = _next_queue_no(session)
    visit_id = Visit.insert(
        session=session.id, unit=session.unit_id, person=person.id, state="arrived",
        queue_no=number, arrived_at=clock.now(), arrived_by=by.id,
    ).execute()  # fmt: skip
    take_in_care(person.id, session.unit_id)
    audit.record("create", "visit", visit_id, person.id, session=session.id)
    return visit_id


def _next_queue_no(session: VaccinationSession) -> int:
    VaccinationSession.update(last_queue_no=VaccinationSession.last_queue_no + 1).where(
        VaccinationSession.id == session.id, VaccinationSession.last_queue_no < session.capacity
    ).execute() or _full()
    return VaccinationSession.get_by_id(session.id).last_queue_no


def _full() -> int:
    raise Refused(("", "session_full"))


def locked_person(person_id: int) -> Person:
    """The person's row, held until the transaction ends: two sites may receive one person at the
    same moment, and the interval rules must see each other's dose."""
    query = Person.select().where(Person.id == person_id)
    person = (query.for_update() if is_postgres() else query).get()
    if person.deceased_on:
        raise Refused(("", "person_deceased"))
    if person.merged_into_id:
        raise Refused(("", "person_merged"))
    return person


def move(visit: Visit, version: int, event: str, **changes: Any) -> int:
    """Take the visit to its next state and write `changes`, only if nobody else moved it."""
    state = rules.after(visit.state, event)
    if state is None:
        raise Refused(("", "not_now", {"state": word(visit.state)}))
    moved = (
        Visit.update(state=state, version=Visit.version + 1, **changes)
        .where(Visit.id == visit.id, Visit.version == version, Visit.state == visit.state)
        .execute()
    )
    if not moved:
        raise Refused(("", "stale"))
    audit.record("change", "visit", visit.id, visit.person_id, event=event, state=state)
    return visit.id


def ending(by: SignedIn) -> dict[str, Any]:
    """What is written when a visit ends."""
    return {"ended_at": clock.now(), "ended_by": by.id}


def consent(visit: Visit, version: int, given: Consent, by: SignedIn) -> int:
    """Write the consent sheet: agreed, or the visit ends as refused."""
    changes = {
        "consent_at": clock.now(), "consent_by": by.id, "consent_text": given.text,
        "consent_signer": given.signer, "consent_relation": given.relation,
    }  # fmt: skip
    if given.agreed:
        return move(visit, version, "agree", **changes)
    return move(visit, version, "disagree", **changes, **ending(by))


def screen(visit: Visit, version: int, found: Screening, by: SignedIn) -> int:
    """Write the screening form and the doctor's conclusion, which decides how the visit goes on.
    The answers must be complete (see vaccines.rules.answer_problems)."""
    person, today = as_rules_see(visit.person), clock.today()
    computed = vaccines.conclude(found.sheet, found.answers, found.signs, person, today)
    milder = vaccines.conclusion_problems(computed, found.chosen)
    refused = rules.confirmation_problems(
        [problem.code for problem in milder], found.reason, by.id, found.confirmed_by
    )
    if refused:
        raise Refused(*(("conclusion", p.code, p.params) for p in milder), *refused)
    with db.atomic():
        if found.chosen == "CHONG_CHI_DINH":
            add_alert(visit.person_id, "contraindication", _why(found, computed))
        return move(visit, version, found.chosen, **_written(found, computed, by))


def _why(found: Screening, computed: vaccines.Computed) -> str:
    texts = [item.text for item in found.sheet.items if item.code in computed.because]
    return found.note or "; ".join(texts) or word("contraindicated")


def _written(found: Screening, computed: vaccines.Computed, by: SignedIn) -> dict[str, Any]:
    ends = rules.after("consented", found.chosen) in rules.NOT_VACCINATED
    return {
        "screening_form": found.sheet.source.id, "computed": computed.code,
        "answers": {code: answer._asdict() for code, answer in found.answers.items()},
        "flags": " ".join(sorted(vaccines.flags(found.sheet, found.answers))),
        "conclusion": found.chosen, "note": found.note or found.reason,
        "delay_until": found.delay_until, "screened_at": clock.now(), "screened_by": by.id,
        **found.signs._asdict(), **(ending(by) if ends else {}),
    }  # fmt: skip


def leave(visit: Visit, version: int, note: str, by: SignedIn) -> int:
    """The person goes away before the dose."""
    return move(visit, version, "leave", note=note, **ending(by))


def screen_again(visit: Visit, version: int) -> int:
    """Back to the doctor before the dose."""
    return move(visit, version, "screen_again", conclusion=None, computed=None)


def finish(visit: Visit, version: int, by: SignedIn) -> int:
    """End the observation, not before its time."""
    if visit.observe_until and not rules.may_finish(visit.observe_until, clock.now()):
        until = clock.local(visit.observe_until).strftime("%H:%M")
        raise Refused(("", "too_soon", {"until": until}))
    return move(visit, version, "finish", **ending(by))


class Planned(NamedTuple):
    """What a dose of a product would be for a person today, how much, and what speaks against."""

    product: vaccines.Product
    step: vaccines.Plan
    volumes: vaccines.Volumes
    problems: list[vaccines.Problem]
    version: int

    @property
    def warnings(self) -> list[vaccines.Problem]:
        """What a reason and a second person can overrule."""
        return [problem for problem in self.problems if problem.severity == "warn"]

    @property
    def refusals(self) -> list[vaccines.Problem]:
        """What nobody can overrule."""
        return [problem for problem in self.problems if problem.severity == "refuse"]


def as_rules_see(person: Person, flags: str = "") -> vaccines.Person:
    """The facts about a person that the vaccine rules ask for; `flags` come from a screening."""
    found = set(flags.split()) | ({"immunosuppressed"} if person.immunosuppressed else set())
    birth = vaccines.Birth(person.dob_year, person.dob_month, person.dob_day)
    sex = "female" if person.sex == "F" else "male"
    return vaccines.Person(birth, sex, bool(person.deceased_on), frozenset(found))


def history(person_id: int) -> list[vaccines.GivenDose]:
    """The person's doses as the rules see them, oldest first."""
    rows = (
        Dose.select(Dose.product, Dose.kind, Dose.seq, Dose.given_at)
        .where(Dose.person == person_id)
        .order_by(Dose.given_at, Dose.id)
        .tuples()
    )
    return [vaccines.GivenDose(p, k, s, clock.local(at).date()) for p, k, s, at in rows]


def plan(person: vaccines.Person, doses: list[vaccines.GivenDose], code: str) -> Planned:
    """Ask the rules in force today about one product. Raises Refused for one not in use."""
    today = clock.today()
    book = catalogue_on(today)
    product = book.products.get(code)
    if product is None:
        raise Refused(("holding_id", "lot_not_here"))
    step = vaccines.plan(person, doses, product, today, book)
    volumes = vaccines.volumes(product, person, step, today, book)
    found = vaccines.problems(product, person, doses, today, book)
    return Planned(product, step, volumes, found, book.version)


def record_dose(visit: Visit, version: int, given: Injection, by: SignedIn) -> int:
    """Record the dose of a visit that waits for it; returns the id of the dose.

    One transaction: the person is locked, so that two desks see each other; the rules are asked;
    the visit moves; a unit is taken from the lot; the dose is added. Raises Refused.
    """
    with db.atomic():
        person = locked_person(visit.person_id)
        lot = _lot_here(given.holding_id, visit.session)
        planned = plan(as_rules_see(person, visit.flags), history(person.id), lot.product)
        _refuse(visit, given, planned)
        now = clock.now()
        move(visit, version, "inject", observe_until=rules.observe_until(now))
        dose_id = Dose.insert(**_dose(visit, given, lot, planned, by, now)).execute()
        take_dose(given.holding_id, dose_id, by)
        audit.record("create", "dose", dose_id, person.id, product=lot.product)
        outbox.emit("dose.recorded", dose=dose_id)
        return dose_id


def lots_for(session: VaccinationSession) -> Any:
    """The lots that may be injected at a session now: planned for it, or held by its site."""
    planned = SessionLot.select(SessionLot.holding).where(SessionLot.session == session.id)
    return Holding.usable(clock.today()).where(
        (Holding.unit == session.unit_id) | Holding.id.in_(planned)
    )


def _lot_here(holding_id: int, session: VaccinationSession) -> Lot:
    holding = lots_for(session).where(Holding.id == holding_id).get_or_none()
    if holding is None:
        raise Refused(("holding_id", "lot_not_here"))
    return holding.lot


def _refuse(visit: Visit, given: Injection, planned: Planned) -> None:
    """Raise Refused with every reason that stands against this dose."""
    reasons: list[Any] = [("", problem.code, problem.params) for problem in planned.refusals]
    reasons += rules.body_problems(given.body_part, given.table_no, visit.session.tables)
    if given.vaccinator_id not in dict(vaccinators(visit.unit)):
        reasons.append(("vaccinator_id", "vaccinator_not_here"))
    volume = given.volume_ml or planned.volumes.default
    if volume not in planned.volumes.choices:
        reasons.append(("volume_ml", "dose_volume"))
    reasons += rules.confirmation_problems(
        [problem.code for problem in planned.warnings],
        given.reason, given.vaccinator_id, given.confirmed_by,
    )  # fmt: skip
    if reasons:
        raise Refused(*reasons)


def vaccinators(unit: Unit) -> list[tuple[int, str]]:
    """(id, name) of those who may inject at a site: its own people and those of the units above
    it (a mobile site has the people of its station)."""
    above = [int(part) for part in unit.path.split("/") if part]
    rows = (
        Membership.select(Membership, User)
        .join(User)
        .where(Membership.unit.in_(above), User.active)
        .order_by(User.name)
    )
    return [(row.user_id, row.user.name) for row in rows if "dose.record" in verbs(row.roles.split())]


def _dose(
    visit: Visit, given: Injection, lot: Lot, planned: Planned, by: SignedIn, now: datetime
) -> dict[str, Any]:
    step, warnings = planned.step, [problem.code for problem in planned.warnings]
    return {
        "visit": visit.id, "person": visit.person_id, "unit": visit.unit_id,
        "session": visit.session_id, "holding": given.holding_id, "product": lot.product,
        "lot_number": lot.number, "expires_on": lot.expires_on, "kind": step.kind,
        "seq": step.seq, "overall": step.overall,
        "volume_ml": given.volume_ml or planned.volumes.default,
        "body_part": given.body_part, "table_no": given.table_no, "given_at": now,
        "vaccinator": given.vaccinator_id, "recorded_by": by.id, "recorded_at": now,
        "rules_version": planned.version, "warnings": warnings, "reason": given.reason,
        "confirmed_by": given.confirmed_by if warnings else None,
    }  # fmt: skip


class AtDesk(NamedTuple):
    """All of a visit at one desk. wanted: "dose", "sheet" (something was answered with Có: the
    whole screening sheet is filled in next) or "no" (không đồng ý)."""

    session_id: int
    person_id: int
    wanted: str
    signer: str
    temperature: Decimal | None
    injection: Injection


def at_desk(asked: AtDesk, by: SignedIn) -> int:
    """Check-in, consent, a screening sheet whose answers are all Không, and the dose: one
    transaction, the same steps as at the stations. Returns the id of the visit."""
    with db.atomic():
        visit = _at_desk(asked, by)
        if visit.state == "arrived":
            visit = _consented(visit, asked, by)
        if visit.state == "consented" and asked.wanted == "dose":
            visit = _found_fit(visit, asked.temperature, by)
        if visit.state == "ready" and asked.wanted == "dose":
            record_dose(visit, visit.version, asked.injection, by)
        return visit.id


def fresh(visit_id: int) -> Visit:
    """A visit with its person, session and unit."""
    return Visit.within("/").where(Visit.id == visit_id).get()


def _at_desk(asked: AtDesk, by: SignedIn) -> Visit:
    """The visit of this session that waits for the person, or a new one."""
    locked_person(asked.person_id)
    waiting = ("arrived", "consented", "ready")
    known = (
        Visit.within("/")
        .where(Visit.session == asked.session_id, Visit.person == asked.person_id)
        .where(Visit.state.in_(waiting))
        .get_or_none()
    )
    return known or fresh(check_in(asked.session_id, asked.person_id, by))


def _consented(visit: Visit, asked: AtDesk, by: SignedIn) -> Visit:
    person, today = as_rules_see(visit.person), clock.today()
    sheet = vaccines.consent_for(person, catalogue_on(today))
    child = vaccines.age_range(person.birth, today)[0] < rules.ADULT
    if child and not asked.signer and asked.wanted != "no":
        raise Refused(("signer", "signer_needed"))
    given = Consent(
        asked.wanted != "no", asked.signer if child else "", "guardian" if child else "self",
        sheet.source.id if sheet else None,
    )  # fmt: skip
    consent(visit, visit.version, given, by)
    return fresh(visit.id)


def _found_fit(visit: Visit, temperature: Decimal | None, by: SignedIn) -> Visit:
    """Every question answered with Không. A temperature outside the limits needs the sheet."""
    person, today = as_rules_see(visit.person), clock.today()
    sheet = vaccines.form_for(person, catalogue_on(today))
    answers = {
        item.code: vaccines.Answer(False) for item in sheet.items if vaccines.asked(item, person)
    }
    signs = vaccines.Signs(temperature=temperature)
    if vaccines.sign_problems(sheet, signs):
        return visit
    screen(visit, visit.version, Screening(sheet, answers, signs, vaccines.ELIGIBLE), by)
    return fresh(visit.id)


def product_of(holding_id: int) -> str:
    """The product code of a lot at a site."""
    return Lot.select(Lot.product).join(Holding).where(Holding.id == holding_id).scalar()
