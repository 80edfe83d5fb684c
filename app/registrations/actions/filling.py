"""Wishes are begun, filled in and sent in the portal, or entered by a list."""

import secrets
from collections.abc import Iterable, Sequence
from typing import Any
from zlib import crc32

from app import audit, clock
from app.db import add_many, batch, db, is_postgres, run
from app.outbox import emit
from app.people import rules as people
from app.registrations import rules
from app.registrations.actions.moving import move
from app.registrations.models import Registration, keeper
from app.vaccines import rules as vaccines
from app.vaccines.models import catalogue_on
from app.words import Refused

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
            move(row, "withdrawn")


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
        move(
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
