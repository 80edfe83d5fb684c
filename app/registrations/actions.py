"""What is done to wishes: begun, filled in and sent in the portal, or entered by a list; decided
upon, given to a site, listed for a session, ended; and the proof of a telephone."""

import hmac
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zlib import crc32

from flask import current_app

from app import audit, clock
from app.accounts.actions import SignedIn
from app.db import add_many, batch, db, is_postgres, run
from app.outbox import emit, emit_many
from app.people import rules as people
from app.registrations import rules
from app.registrations.models import PhoneProof, Registration, keeper
from app.vaccines import rules as vaccines
from app.vaccines.models import catalogue_on
from app.words import Refused

LISTED = "update registration set state = 'listed', person_id = ? where id = ?"
TURN = 5773  # number of the locks by which wishes of one person take turns


def begin(given: dict[str, Any]) -> int:
    """A new draft; its id. `given`: the answers of the first step by the names of the columns.
    Raises Refused wish_already where this person's wish is under way. An earlier draft of the same
    person ends here: whoever lost its code begins again, and sees nothing of it."""
    with db.atomic():
        wish = Registration(
            code=rules.code(secrets.randbelow(rules.CODES)),
            folded=people.fold(given["name"]),
            unit=keeper(given["area_scheme"], given["area_code"]),
            created_at=clock.now(),
            **given,
        )
        _twin_of(wish)  # it may refuse; whose twin it is, is written when it is sent
        wish.save(force_insert=True)
        _end_drafts(wish)
        audit.record("create", "registration", wish.id)
        return wish.id


def _twin_of(wish: Registration) -> int | None:
    """The id of somebody else's wish with the same document, for the province to look at. Raises
    Refused wish_already where a wish of this very person is under way."""
    live = Registration.live(wish.wanted)
    if any(rules.same_person(wish.wanted, row.wanted) for row in live):
        raise Refused(("", "wish_already"))
    same = [row.id for row in live if wish.number and row.number == wish.number]
    return same[0] if same else None


def _end_drafts(wish: Registration) -> None:
    drafts = Registration.select().where(
        Registration.phone == wish.phone, Registration.state == "draft", Registration.id < wish.id
    )
    for row in drafts:
        if rules.same_person(wish.wanted, row.wanted):
            _move(row, "withdrawn")


def _move(wish: Registration, state: str, **more: Any) -> None:
    values = {"state": state} | more
    Registration.update(**values).where(Registration.id == wish.id).execute()
    audit.record("change", "registration", wish.id, state=state)


def keep(registration_id: int, given: dict[str, Any]) -> Registration:
    """Write the answers of a step into a draft; the draft. Raises Refused wish_is_sent."""
    with db.atomic():
        wish = _draft(registration_id)
        if "priority_group" in given:
            given = given | {"rank": rules.rank(given["priority_group"])}
        Registration.update(**given).where(Registration.id == wish.id).execute()
        audit.record("change", "registration", wish.id)
        return Registration.get_by_id(wish.id)


def correct(registration_id: int, given: dict[str, Any]) -> Registration:
    """Write who it is into a draft anew, `given` as for begin; the draft. Raises Refused:
    wish_is_sent, wish_already."""
    with db.atomic():
        wish = _draft(registration_id)
        place = keeper(given["area_scheme"], given["area_code"])
        for name, value in (given | {"folded": people.fold(given["name"]), "unit": place}).items():
            setattr(wish, name, value)
        _twin_of(wish)
        wish.save()
        _end_drafts(wish)
        audit.record("change", "registration", wish.id)
        return wish


def _draft(registration_id: int) -> Registration:
    query = Registration.select().where(Registration.id == registration_id)
    wish: Registration = (query.for_update() if is_postgres() else query).get()
    if wish.state != "draft":
        raise Refused(("", "wish_is_sent"))
    return wish


def born(wish: Registration) -> people.PartialDate:
    """The birth date as far as it is known."""
    return people.PartialDate(wish.dob_year, wish.dob_month, wish.dob_day)


def sheet(wish: Registration) -> vaccines.Consent | None:
    """The consent sheet that is in force for somebody of this age."""
    birth = vaccines.Birth(wish.dob_year, wish.dob_month, wish.dob_day)
    return vaccines.consent_for(vaccines.Person(birth, wish.sex), catalogue_on(clock.today()))


def send(registration_id: int, signer: str) -> Registration:
    """Send a draft with the consent of `signer` to the sheet in force; pressed twice it is sent
    once. Raises Refused: wish_unfinished, wish_child, no_sheet, wish_already."""
    with db.atomic():
        try:
            wish = _draft(registration_id)
        except Refused:
            return Registration.get_by_id(registration_id)
        take_turns([wish.wanted])
        if rules.next_step(wish) != "consent":
            raise Refused(("", "wish_unfinished"))
        if wish.relation == "self" and born(wish).age_range(clock.today())[1] < rules.OF_AGE:
            raise Refused(("", "wish_child"))  # the birth date was corrected after that answer
        read = sheet(wish)
        if read is None:
            raise Refused(("", "no_sheet"))
        now = clock.now()
        _move(
            wish, "sent", consent=read.source.id, consent_by=signer, consent_at=now, sent_at=now,
            twin=_twin_of(wish),
        )  # fmt: skip
        emit("registration.sent", registration=wish.id)
        return Registration.get_by_id(wish.id)


def take_turns(wanted: Iterable[rules.Wanted]) -> None:
    """Wishes of one person that are sent at the same moment, in the portal or by lists, come one
    after the other until the end of the transaction: who is the same has the same telephone or the
    same document. Whoever asks next sees what the one before wrote. (SQLite has one writer.)"""
    if is_postgres():
        texts = {text for one in wanted for text in (one.phone, one.number) if text}
        # In one order, so that two lists do not wait for each other.
        with batch():
            for turn in sorted(crc32(text.encode()) - 2**31 for text in texts):
                run("select pg_advisory_xact_lock(?::int, ?::int)", TURN, turn)


def enter(rows: Sequence[dict[str, Any]]) -> list[int]:
    """New wishes that an organisation sends by a list (see imports); their ids, in the same order.
    `rows`: columns. Consent and history are asked at the site. One SMS for each would go to the
    same telephone: nothing is said to the outbox."""
    ids = add_many(Registration, [_entered(row) for row in rows])
    for wish_id in ids:
        audit.record("create", "registration", wish_id)
    return ids


def _entered(row: dict[str, Any]) -> dict[str, Any]:
    now, code = clock.now(), rules.code(secrets.randbelow(rules.CODES))
    return row | {
        "code": code, "state": "sent", "rank": rules.rank(row["priority_group"]),
        "last_dose": "{}", "history": "{}", "created_at": now, "sent_at": now,
    }  # fmt: skip


def take_back(ids: Iterable[int]) -> set[int]:
    """Withdraw wishes on which nobody decided yet; the ids of those that were."""
    query = Registration.select(Registration.id).where(
        Registration.id.in_(list(ids)), Registration.state == "sent"
    )
    query = query.order_by(Registration.id)
    gone = [row.id for row in (query.for_update() if is_postgres() else query)]
    Registration.update(state="withdrawn").where(Registration.id.in_(gone)).execute()
    for wish_id in gone:
        audit.record("change", "registration", wish_id, state="withdrawn")
    return set(gone)


def decide(
    ids: Iterable[int], what: str, by: SignedIn, site_id: int | None = None, reason: str = ""
) -> list[int]:
    """Do one of rules.MOVES with wishes, as far as they stand where it may be done and belong to
    the unit of `by`; the ids of those that moved. Raises Refused."""
    before, after = rules.MOVES[what]
    if what == "reject" and not reason:
        raise Refused(("reason", "required"))
    if what == "allocate" and site_id is None:
        raise Refused(("site", "required"))
    values: dict[str, Any] = {"state": after, "decided_by": by.id, "decided_at": clock.now()}
    if what == "allocate":
        values["site"] = site_id
    if what == "reject":
        values["reason"] = reason
    with db.atomic():
        mine = Registration.unit == by.unit_id, Registration.state.in_(list(before))
        moved = _held(ids, *mine)
        if not moved:
            raise Refused(("ids", "wish_none"))
        Registration.update(values).where(Registration.id.in_(moved)).execute()
        for wish_id in moved:
            audit.record("change", "registration", wish_id, state=after, site=site_id)
        emit_many(f"registration.{after}", [{"registration": wish_id} for wish_id in moved])
    return moved


def _held(ids: Iterable[int], *which: Any) -> list[int]:
    """Lock these rows in one order, so that two officers do not wait for each other."""
    return _held_where(Registration.id.in_(sorted(set(ids))), *which)


def _held_where(*which: Any) -> list[int]:
    query = Registration.select(Registration.id).where(*which).order_by(Registration.id)
    return [row.id for row in (query.for_update() if is_postgres() else query)]


def ask_code(registration_id: int) -> None:
    """Have a code sent to the telephone of a wish; an earlier one is worth nothing any more. Not
    again within a minute: the button was pressed twice."""
    now = clock.now()
    with db.atomic():
        asked = PhoneProof.insert(registration=registration_id, asked_at=now).on_conflict(
            conflict_target=[PhoneProof.registration], preserve=[PhoneProof.asked_at],
            where=PhoneProof.asked_at < now - rules.CODE_AGAIN,
        )  # fmt: skip
        if list(asked.returning(PhoneProof.id).execute()):
            emit("registration.code_asked", registration=registration_id)


def code_of(registration_id: int) -> str | None:
    """The code that is good now; None when none was asked for, or too long ago."""
    proof = PhoneProof.get_or_none(PhoneProof.registration == registration_id)
    if proof is None or clock.now() - proof.asked_at > rules.CODE_STAYS:
        return None
    key = current_app.extensions["config"].key("phone code")
    text = f"{registration_id} {proof.asked_at}"
    return rules.phone_code(hmac.new(key, text.encode(), "sha256").digest())


def prove(registration_id: int, typed: str) -> bool:
    """Note that the telephone of a wish is proven, if this is the code that was sent there."""
    with db.atomic():
        right = code_of(registration_id)
        if right is None or not hmac.compare_digest(right, typed):
            return False
        PhoneProof.update(proven_at=clock.now()).where(
            PhoneProof.registration == registration_id, PhoneProof.proven_at.is_null()
        ).execute()
        audit.record("change", "registration", registration_id, phone="proven")
        return True


def hold(ids: Iterable[int], site_ids: Iterable[int]) -> list[int]:
    """Lock those of these wishes that were given to one of the sites; their ids."""
    return _held(ids, Registration.site.in_(list(site_ids)))


def list_all(persons: Mapping[int, int], session_id: int) -> None:
    """These wishes (id → the person) have a place on the list of a session."""
    with batch():
        for wish_id, person_id in persons.items():
            run(LISTED, person_id, wish_id)
    for wish_id, person_id in persons.items():
        audit.record(
            "change", "registration", wish_id, person_id, state="listed", session=session_id
        )


def finish_for(given: Mapping[int, datetime]) -> list[int]:
    """These people were vaccinated at this moment: what they had wished before is done. The ids of
    the wishes that ended so."""
    mine = Registration.person.in_(list(given)), Registration.state.in_(rules.LIVE)
    rows = Registration.select().where(*mine)
    return finish(row.id for row in rows if row.sent_at and row.sent_at <= given[row.person_id])


def hold_of(person_ids: Iterable[int]) -> None:
    """Lock the wishes of these people: of a dose that ends one and the same dose taken back, the
    second sees what the first did."""
    _held_where(Registration.person.in_(list(person_ids)))


def wish_again(person_id: int, last: datetime | None) -> None:
    """A dose of this person does not stand any more. last: when the last one was given that does.
    What was wished after it is not done, and waits where it was, unless it was wished anew."""
    hold_of([person_id])
    mine = Registration.person == person_id, Registration.state == "done"
    since = Registration.sent_at > (last or datetime.min)
    for wish in Registration.select().where(*mine, since).order_by(Registration.id.desc()):
        anew = (
            rules.same_person(wish.wanted, row.wanted) for row in Registration.live(wish.wanted)
        )
        if not any(anew):
            _move(wish, rules.before_done(wish.site_id, wish.decided_by_id))


def unlist(ids: Iterable[int]) -> None:
    """These wishes lost their place on a list: they wait again where they were."""
    _end(ids, ("listed",), "allocated")


def finish(ids: Iterable[int]) -> list[int]:
    """These people were vaccinated; the ids of the wishes that ended so."""
    return _end(ids, rules.LIVE, "done")


def _end(ids: Iterable[int], before: Iterable[str], after: str) -> list[int]:
    held = _held(ids, Registration.state.in_(list(before)))
    Registration.update(state=after).where(Registration.id.in_(held)).execute()
    for wish_id in held:
        audit.record("change", "registration", wish_id, state=after)
    return held
