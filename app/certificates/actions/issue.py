"""Step 3 of QĐ 5772/QĐ-BYT: the centre issues. What is signed was read from committed rows, and
is stored only if these rows still say the same; nobody hands a payload in."""

from collections import Counter
from collections.abc import Callable, Iterable, Set
from datetime import datetime, timezone
from typing import Any, NamedTuple

from app import audit, clock, outbox
from app.accounts.actions import SignedIn
from app.certificates import envelope, payload, rules, signing
from app.certificates.actions.facts import Reason
from app.certificates.actions.review import basis, ready
from app.certificates.actions.signers import publish_own
from app.certificates.actions.standing import ended_by_hand, standing_many
from app.certificates.models import Certificate, Confirmation, Signer, running_out, waiting_people
from app.certificates.payload import Facts
from app.db import db
from app.visits.actions import hold_people
from app.words import Refused

BATCH = 200  # people in a transaction
KINDS: dict[str, tuple[int, Callable[[Facts], dict[str, Any]]]] = {
    "DCC": (envelope.DCC, payload.dcc), "ICVP": (envelope.ICVP, payload.icvp),
}  # fmt: skip
HAS = "cert_has"


class Issued(NamedTuple):
    """What one go did: person → certificate, person → reasons why none, and the last person it
    looked at (0: it came to the end)."""

    made: dict[int, int]
    refused: dict[int, list[Reason]]
    last: int = 0

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Reason code → how many people, the commonest first; who has one already is none."""
        codes = Counter(code for found in self.refused.values() for _f, code, _v in found)
        return [(code, n) for code, n in codes.most_common() if code != HAS]


class Again(NamedTuple):
    """Who issues says that a certificate ended by hand gets another one in its place. `why`: a
    code, for the audit."""

    certificate_id: int
    why: str


class _Wish(NamedTuple):
    """What is to be issued, for whom it is done, and whether instead of one ended by hand."""

    kind: str
    by: SignedIn | None
    again: Again | None


class _Signed(NamedTuple):
    """A certificate that is signed and not yet stored. `held`: the one that it replaces."""

    facts: Facts
    kid: str
    code: str
    hashes: envelope.Hashes
    issued_at: datetime
    expires_at: datetime
    held: int | None


def issue(person_id: int, by: SignedIn | None = None, kind: str = "DCC") -> Certificate:
    """The person's certificate: a new one where it is needed, otherwise the one there is. Never
    inside a transaction. Raises Refused with everything that is missing, no_signing_key."""
    done = issue_many([person_id], by, kind)
    reasons = [one for one in done.refused.get(person_id, []) if one[1] != HAS]
    if reasons:
        raise Refused(*reasons)
    mine = Certificate.person == person_id, Certificate.kind == kind
    return Certificate.get(*mine, Certificate.current)


def issue_many(
    person_ids: Iterable[int], by: SignedIn | None = None, kind: str = "DCC",
    again: Again | None = None,
) -> Issued:  # fmt: skip
    """The same for many people, in transactions of BATCH. Several workers may do it at once."""
    ids, done, wish = sorted(set(person_ids)), Issued({}, {}), _Wish(kind, by, again)
    for start in range(0, len(ids), BATCH):
        _issue_batch(ids[start : start + BATCH], wish, done)
    return done


def issue_again(certificate_id: int, why: str, by: SignedIn) -> Certificate:
    """Another certificate in the place of one that was ended by hand, which stays ended; when
    there is one already, that. Never inside a transaction. Raises Refused again_not, and
    everything that is missing."""
    row = Certificate.get_by_id(certificate_id)
    if ended_by_hand([row.person_id], row.kind).get(row.person_id) == row.id:
        done = issue_many([row.person_id], by, row.kind, Again(row.id, why))
        if reasons := [one for one in done.refused.get(row.person_id, []) if one[1] != HAS]:
            raise Refused(*reasons)
    mine = Certificate.person == row.person_id, Certificate.replaces == row.id
    made: Certificate | None = Certificate.get_or_none(*mine)
    if made is None:
        raise Refused(("", "again_not"))
    return made


def issue_waiting(after: int, most: int, by: SignedIn | None = None) -> Issued:
    """Certificates for the next people who wait, from the one after `after` on."""
    ids = waiting_people(after, most)
    return issue_many(ids, by)._replace(last=ids[-1] if len(ids) == most else 0)


def renew(after: int, most: int) -> Issued:
    """Certificates for the next people whose one runs out: the same facts, signed anew."""
    ids = running_out(clock.now() + rules.RENEWED_BEFORE, after, most)
    return issue_many(ids)._replace(last=ids[-1] if len(ids) == most else 0)


def _issue_batch(ids: list[int], wish: _Wish, done: Issued) -> None:
    if db.in_transaction():
        raise RuntimeError("what is not committed must not be signed")
    publish_own()
    now = clock.now().replace(microsecond=0)
    key = signing.key(now, _lost())
    end = rules.expires(now, key.not_after)
    wanted, has = _needed(ids, wish, now, end, done)
    signed = {
        person_id: _sign(key, wish.kind, facts, now, end, held)
        for person_id, (facts, held) in wanted.items()
    }
    with db.atomic(), audit.at_end():
        hold_people(sorted(signed.keys() | has))
        again, has = _needed(signed.keys() | has, wish, now, end, done)
        for person_id, found in again.items():
            # Whatever changed since it was signed: the result is thrown away.
            if person_id in signed and _same(found, signed[person_id]):
                done.made[person_id] = _store(person_id, wish, signed[person_id])
            else:
                done.refused[person_id] = [("", "cert_moved", {})]
        _wait_no_more(has if wish.kind == "DCC" else ())


Wanted = tuple[Facts, int | None]  # what it says, and the certificate that it replaces


def _needed(
    ids: Iterable[int], wish: _Wish, now: datetime, end: datetime, done: Issued
) -> tuple[dict[int, Wanted], set[int]]:
    """Those who need one and lack nothing, and those who have it. Who gets none is noted."""
    wanted, has, held = {}, set(), _held(ids, wish.kind)
    ended = ended_by_hand(ids, wish.kind)
    again = wish.again.certificate_id if wish.again else None
    lifted = {key: row for key, row in ended.items() if row == again}
    may = _may_have(ids, wish.kind, ended.keys(), lifted.keys())
    for person_id, facts in ready(ids).items():
        mine = held.get(person_id)
        if not isinstance(facts, Facts):
            done.refused[person_id] = list(facts)
        elif person_id not in may:
            why = "again_eu" if person_id in lifted else "cert_ended"
            done.refused[person_id] = [("", why, {})]
        elif rules.needed(_as_held(mine), basis(facts).doses, basis(facts).identity_seq, now, end):
            wanted[person_id] = (facts, mine.id if mine else lifted.get(person_id))
        else:
            done.refused[person_id] = [("", HAS, {})]
            has.add(person_id)
    return wanted, has


def _may_have(ids: Iterable[int], kind: str, ended: Set[int], lifted: Set[int]) -> set[int]:
    """Those of whom something signed waits, or who have one that stands: what was `ended` by hand
    comes back by itself neither as an EU certificate nor as the WHO's. Of the latter the EU's has
    to stand, also where the end of the WHO's is `lifted`."""
    held = list(_held(ids, "DCC").values())
    faults = standing_many(held)
    standing = {row.person_id for row in held if not faults[row.id]}
    if kind != "DCC":
        return standing - (ended - lifted)
    waits: Any = Confirmation.select(Confirmation.person).where(
        Confirmation.person.in_(list(ids)), Confirmation.waits
    )
    return {row[0] for row in waits.tuples()} | standing | lifted


def _held(ids: Iterable[int], kind: str) -> dict[int, Certificate]:
    query = Certificate.select().where(
        Certificate.person.in_(list(ids)), Certificate.kind == kind, Certificate.current
    )
    return {row.person_id: row for row in query}


def _as_held(row: Certificate | None) -> rules.Held | None:
    return None if row is None else rules.Held(row.doses, row.identity_seq, row.expires_at)


def _lost() -> list[bytes]:
    """The kids of our keys that are not to be used any more."""
    query = Signer.select(Signer.kid).where(Signer.own, Signer.distrusted_at.is_null(False))
    return [bytes.fromhex(row.kid) for row in query]


def _sign(
    key: signing.Key, kind: str, facts: Facts, now: datetime, end: datetime, held: int | None
) -> _Signed:
    facts = facts._replace(valid_until=clock.local(end).date())
    number, content = KINDS[kind]
    header = envelope.protected(key.alg, key.kid)
    claims = envelope.claims(payload.COUNTRY, _seconds(now), _seconds(end), number, content(facts))
    signature = key.sign(envelope.to_be_signed(header, claims))
    return _Signed(
        facts, key.kid.hex(), envelope.pack(header, claims, signature),
        envelope.hashes(facts.uvci, payload.COUNTRY, key.alg, signature), now, end, held,
    )  # fmt: skip


def _seconds(moment: datetime) -> int:
    return int(moment.replace(tzinfo=timezone.utc).timestamp())


def _same(again: Wanted, one: _Signed) -> bool:
    """Whether the rows still say what was signed, under an identifier of their own."""
    told = one.facts._replace(valid_until=None)
    return again == (told._replace(uvci=again[0].uvci), one.held)


def _store(person_id: int, wish: _Wish, one: _Signed) -> int:
    """Keep it; the person is held. The one before is no longer the one to show."""
    rows, by = basis(one.facts), wish.by
    Certificate.update(current=False).where(Certificate.id == one.held).execute()
    certificate = Certificate.create(
        kind=wish.kind, person=person_id, dose=rows.dose_id, doses=rows.doses,
        identity_seq=rows.identity_seq, uvci=one.facts.uvci, kid=one.kid, code=one.code,
        hash_uci=one.hashes.uci, hash_country_uci=one.hashes.country_uci,
        hash_signature=one.hashes.signature, issued_at=one.issued_at, expires_at=one.expires_at,
        issued_by=by.id if by else None, replaces=one.held,
    )  # fmt: skip
    if wish.kind == "DCC":
        _wait_no_more([person_id])
    again = {"again": wish.again.why} if wish.again else {}
    audit.record(
        "issue", "certificate", certificate.id, person_id, kind=wish.kind, kid=one.kid, **again
    )
    outbox.emit("certificate.issued", certificate=certificate.id)
    return int(certificate.id)


def _wait_no_more(person_ids: Iterable[int]) -> None:
    """Nothing of these people waits; they are held, and all that stands is in the certificate."""
    ids = list(person_ids)
    if ids:
        Confirmation.update(waits=False).where(
            Confirmation.person.in_(ids), Confirmation.waits
        ).execute()
