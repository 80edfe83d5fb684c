"""The steps of a visit but the dose, each in one transaction."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from app import audit, clock
from app.accounts.actions import SignedIn
from app.db import db, is_postgres
from app.people.actions import add_alert, take_in_care
from app.people.models import Person
from app.sessions.actions import still_open
from app.sessions.models import VaccinationSession
from app.vaccines import rules as vaccines
from app.vaccines.models import catalogue_on
from app.visits import rules
from app.visits.models import Visit
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


def check_in(session_id: int, person_id: int, by: SignedIn) -> int:
    """Receive a person at a session of today; returns the id of the visit."""
    with db.atomic():
        person = locked_person(person_id)
        session = still_open(session_id)
        if session.held_on != clock.today():
            raise Refused(("", "session_not_today"))
        visit = Visit.get_or_none(Visit.session == session_id, Visit.person == person_id)
        if visit and visit.state != "left":
            raise Refused(("", "already_here"))
        if visit:
            # Whoever went away waits anew: those who stayed are not overtaken.
            came = {"arrived_at": clock.now(), "arrived_by": by.id}
            return move(visit, visit.version, "return", ended_at=None, ended_by=None, **came)
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


def hold_person(person_id: int) -> Person:
    """The person's row, held until the transaction ends: two sites may receive one person at the
    same moment, and the interval rules must see each other's dose; a dose is not taken back while
    somebody notes a reaction to it."""
    return hold_people([person_id])[0]


def locked_person(person_id: int) -> Person:
    """The held row of a person who may be received."""
    person = hold_person(person_id)
    if person.deceased_on:
        raise Refused(("", "person_deceased"))
    if person.merged_into_id:
        raise Refused(("", "person_merged"))
    return person


def hold_people(person_ids: Iterable[int]) -> list[Person]:
    """The held rows of these people in the order of their ids, so that two who hold several do not
    wait for each other in a ring. A row that only points to a person (on a list, say) may still
    be written meanwhile."""
    query = Person.select().where(Person.id.in_(list(person_ids))).order_by(Person.id)
    return list(query.for_update("FOR NO KEY UPDATE") if is_postgres() else query)  # type: ignore[arg-type]


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
            add_alert(visit.person_id, "contraindication", _why(found, computed), visit_id=visit.id)
        return move(visit, version, found.chosen, **_written(visit, found, computed, by))


def _why(found: Screening, computed: vaccines.Computed) -> str:
    texts = [item.text for item in found.sheet.items if item.code in computed.because]
    return found.note or "; ".join(texts) or word("contraindicated")


def _led(computed: vaccines.Computed) -> str:
    """What the answers lead to although a sign is missing: at one desk the temperature may have
    been measured and not typed."""
    return computed.all[0][0] if computed.all else vaccines.ELIGIBLE


def _delay_until(found: Screening, visit: Visit) -> date | None:
    """The doctor's day, or the one that the sheet proposes, of somebody who is put off."""
    if found.chosen != "TRI_HOAN":
        return None
    person = as_rules_see(visit.person)
    proposed = vaccines.delay_until(found.sheet, found.answers, person, clock.today())
    return found.delay_until or proposed


def _written(
    visit: Visit, found: Screening, computed: vaccines.Computed, by: SignedIn
) -> dict[str, Any]:
    ends = rules.after("consented", found.chosen) in rules.NOT_VACCINATED
    return {
        "screening_form": found.sheet.source.id, "computed": computed.code or _led(computed),
        "answers": {code: answer._asdict() for code, answer in found.answers.items()},
        "flags": " ".join(sorted(vaccines.flags(found.sheet, found.answers))),
        "conclusion": found.chosen, "note": found.note or found.reason,
        "delay_until": _delay_until(found, visit), "screened_at": clock.now(), "screened_by": by.id,
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


def sheet_for(person: vaccines.Person) -> vaccines.Form:
    """The screening form for this person today. Raises Refused when none is in force."""
    sheet = vaccines.form_for(person, catalogue_on(clock.today()))
    if sheet is None:
        raise Refused(("", "no_sheet"))
    return sheet


def all_no(sheet: vaccines.Form, person: vaccines.Person) -> dict[str, vaccines.Answer]:
    """The answers of somebody who said Không to every question of a sheet."""
    items = [item for item in sheet.items if vaccines.asked(item, person)]
    return {item.code: vaccines.Answer(False) for item in items}


def as_rules_see(person: Any, flags: str = "") -> vaccines.Person:
    """The facts about a person that the vaccine rules ask for. person: a Person or at_hand.Met;
    `flags` come from a screening."""
    found = set(flags.split()) | ({"immunosuppressed"} if person.immunosuppressed else set())
    birth = vaccines.Birth(person.dob_year, person.dob_month, person.dob_day)
    return vaccines.Person(birth, person.sex, bool(person.deceased_on), frozenset(found))


def next_dose(person: Any, doses: Iterable[Any]) -> vaccines.Due | None:
    """The next dose of somebody after these, if the rules of today ask for one."""
    given = [
        vaccines.GivenDose(dose.product, dose.kind, dose.seq, clock.local(dose.given_at).date())
        for dose in doses
    ]
    today = clock.today()
    return vaccines.due_on(as_rules_see(person), given, today, catalogue_on(today))
