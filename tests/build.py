"""Rows for tests: valid by default, one keyword to deviate. All people are made up."""

import itertools
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import Flask

from app import clock
from app.accounts import actions as accounts
from app.accounts.models import Membership, User
from app.certificates import signing
from app.certificates.actions import issue, issue_slip, pin_key
from app.certificates.models import Certificate, Confirmation, SignedDay, Slip
from app.certificates.rules import pin
from app.commands import ceremony
from app.people.models import Care, Document, IdentityVersion, Person
from app.people.rules import fold, sort_key, sound
from app.registrations.models import Registration
from app.registrations.rules import code
from app.sessions.models import Expected, SessionLot, VaccinationSession
from app.stock.models import Holding, Lot, Movement
from app.units.models import Unit
from app.visits.models import Dose, Visit
from app.visits.rules import OBSERVATION
from tests.page_client import PageClient

numbers = itertools.count(1)
PASSWORD = "mot mat khau du dai"
EVERYTHING_AT_A_SITE = "site_head reception screener vaccinator observer storekeeper"


def unit(level: str = "station", parent: Unit | None = None, **given: Any) -> Unit:
    """A unit below `parent`; `level` is a code of levels.tsv."""
    n = next(numbers)
    values = {"name": f"Trạm y tế xã {n}", "code": f"T{n:04}", "valid_from": date(2021, 3, 8)}
    row = Unit.create(level=level, parent=parent, **(values | given))
    row.path = f"{parent.path if parent else '/'}{row.id}/"
    row.save()
    return row


def country() -> tuple[Unit, Unit, Unit]:
    """The Ministry, a province below it, and a commune station below that."""
    nation = Unit.get_or_none(Unit.level == "national") or unit("national", name="Bộ Y tế")
    province = unit("province", nation, name=f"Sở Y tế {next(numbers)}")
    return nation, province, unit("station", province)


def user(at: Unit, roles: str = EVERYTHING_AT_A_SITE, **given: Any) -> User:
    """An account with `roles` at a unit; its password is PASSWORD."""
    n = next(numbers)
    values: dict[str, Any] = {
        "username": f"nguoi{n}", "name": f"Nhân Viên {n}", "must_change": False, "unit": at,
        "password": accounts.hash_password(PASSWORD), "created_at": clock.now(),
    }  # fmt: skip
    row = User.create(**(values | given))
    Membership.create(user=row, unit=at, roles=roles)
    return row


def sign_in(client: PageClient, who: User) -> PageClient:
    """The client, signed in as this person at the unit of their account."""
    with client.session_transaction() as session:
        session.clear()
        session["_user_id"] = f"{who.id}.{who.epoch}"
        session["unit"] = who.unit_id
        session["until"] = 2**33  # tests set the clock where they like
        session.permanent = True
    return client


def person(at: Unit | None = None, number: str | None = "", **given: Any) -> Person:
    """A made-up adult with a national number (`number=None`: none), in the care of `at`."""
    n = next(numbers)
    values: dict[str, Any] = {
        "name": f"NGUYỄN VĂN {_word(n)}", "sex": "M", "dob_year": 1980, "dob_month": 5,
        "dob_day": 17, "created_at": clock.now(),
    } | given  # fmt: skip
    name = values["name"]
    values |= {"folded": fold(name), "sound": sound(name), "sort_key": sort_key(name)}
    row = Person.create(**values)
    known = {k: values.get(k) for k in ("name", "sex", "dob_year", "dob_month", "dob_day")}
    IdentityVersion.create(person=row, seq=1, at=clock.now(), **known)
    if number is not None:
        century = {"M": 0, "F": 1}.get(row.sex, 0) + (2 if row.dob_year >= 2000 else 0)
        digits = number or f"001{century}{row.dob_year % 100:02}{n:06}"
        Document.create(person=row, kind="CCCD", number=digits, added_at=clock.now())
    if at:
        Care.create(person=row, unit=at, since=clock.now())
    return row


def _word(n: int) -> str:
    letters = "BCDGHKLMNPQRSTVX"
    return "A" + "".join(letters[(n >> shift) % 16] for shift in (12, 8, 4, 0))


def holding(at: Unit, product: str = "COMIRNATY", doses: int = 100, **given: Any) -> Holding:
    """A lot at a site with `doses` received."""
    values = {"number": f"LO{next(numbers)}", "expires_on": clock.today() + timedelta(days=90)}
    lot = Lot.create(product=product, **(values | given))
    row = Holding.create(lot=lot, unit=at, balance=doses)
    if doses:
        by = User.select().first() or user(at)
        Movement.create(holding=row, kind="receipt", doses=doses, by=by, at=clock.now())
    return row


def session(at: Unit, lots: list[Holding] | None = None, **given: Any) -> VaccinationSession:
    """A session of a site today, with a lot."""
    by = User.select().where(User.unit == at).first() or user(at)
    values: dict[str, Any] = {
        "held_on": clock.today(), "half_day": "day", "created_by": by, "created_at": clock.now(),
    }  # fmt: skip
    row = VaccinationSession.create(unit=at, **(values | given))
    for lot in lots if lots is not None else [holding(at)]:
        SessionLot.create(session=row, holding=lot)
    return row


def expected(at: VaccinationSession, who: Person, **given: Any) -> Expected:
    """A person on the list of a session."""
    values = {"number": next(numbers), "added_by": at.created_by, "added_at": clock.now()}
    return Expected.create(session=at, person=who, **(values | given))


def wish(unit: Unit, **given: Any) -> Registration:
    """A wish that was sent to a province."""
    n = next(numbers)
    name = given.get("name", f"NGUYỄN THỊ {_word(n)}")
    values = {
        "code": code(n), "state": "sent", "name": name, "folded": fold(name), "sex": "F",
        "dob_year": 1980, "phone": "0912345678", "area_scheme": "vn34", "area_code": "00004",
        "priority_group": "9", "rank": 9, "unit": unit, "wished_on": clock.today() + timedelta(7),
        "created_at": clock.now(), "sent_at": clock.now() + timedelta(seconds=n),
    }  # fmt: skip
    return Registration.create(**(values | given))


def visit(
    at: VaccinationSession, who: Person | None = None, state: str = "arrived", **given: Any
) -> Visit:
    """A visit of a person at a session in a state before the dose."""
    who = who or person(at.unit)
    VaccinationSession.update(last_queue_no=VaccinationSession.last_queue_no + 1).where(
        VaccinationSession.id == at.id
    ).execute()
    number = VaccinationSession.get_by_id(at.id).last_queue_no
    values: dict[str, Any] = {
        "state": state, "queue_no": number, "arrived_at": clock.now(), "arrived_by": at.created_by,
    }  # fmt: skip
    if state in ("consented", "ready"):
        values |= {"consent_at": clock.now(), "consent_by": at.created_by}
    if state == "ready":
        values |= {
            "conclusion": "DU_DIEU_KIEN",
            "screened_at": clock.now(),
            "screened_by": at.created_by,
        }
    return Visit.create(session=at, unit=at.unit, person=who, **(values | given))


def dose(at: Visit, lot: Holding | None = None, **given: Any) -> Dose:
    """The dose of a visit, which is done with it: the next of its kind, from `lot`, by who
    received the person. The ledger has it too."""
    kind = given.get("kind", "CO_BAN")
    planned = SessionLot.get_or_none(SessionLot.session == at.session_id)
    lot = lot or (planned.holding if planned else holding(at.unit))
    before = list(Dose.select(Dose.kind).where(Dose.person == at.person_id).tuples())
    values: dict[str, Any] = {
        "kind": kind, "seq": before.count((kind,)) + 1, "overall": len(before) + 1,
        "product": lot.lot.product, "lot_number": lot.lot.number, "expires_on": lot.lot.expires_on,
        "volume_ml": Decimal("0.3"), "body_part": "left_arm", "given_at": clock.now(),
        "recorded_at": clock.now(), "vaccinator": at.arrived_by, "recorded_by": at.arrived_by,
    } | given  # fmt: skip
    row = Dose.create(
        visit=at, person=at.person_id, unit=at.unit_id, session=at.session_id, holding=lot, **values
    )
    Holding.update(balance=Holding.balance - 1).where(Holding.id == lot.id).execute()
    Movement.create(
        holding=lot, kind="dose", doses=-1, source_id=row.id, by=at.arrived_by, at=row.given_at
    )
    at.state, at.observe_until = "done", row.given_at + OBSERVATION
    at.ended_at, at.ended_by = at.observe_until, at.arrived_by
    at.save()
    return row


def slip(at: Visit) -> tuple[Slip, str]:
    """The slip of a finished visit, and its PIN."""
    row = Slip.get_by_id(issue_slip(at, at.arrived_by))
    return row, pin(pin_key(), row.nonce)


def signing_keys(app: Flask, folder: Path) -> signing.Key:
    """A key of a day ago in a folder of its own, which the application signs with."""
    ceremony.begin(folder, clock.now() - timedelta(days=1))
    app.extensions["signing"] = signing.load(str(folder))
    return signing.key(clock.now())


def vaccinated(at: Unit, who: Person | None = None, **given: Any) -> Dose:
    """A dose of today of somebody whose identity was verified (or of `who`)."""
    who = who or person(at, identity_state="verified")
    here = VaccinationSession.get_or_none(VaccinationSession.unit == at) or session(at)
    return dose(visit(here, who), **given)


def confirmed(*doses: Dose) -> list[Confirmation]:
    """Each dose confirmed as it is now (step 1)."""
    rows = []
    for one in doses:
        seq = IdentityVersion.select().where(IdentityVersion.person == one.person_id).count()
        rows.append(
            Confirmation.create(
                dose=one, dose_version=one.version, person=one.person_id, identity_seq=seq,
                unit=one.unit_id, day=clock.local(one.given_at).date(), by=one.recorded_by_id,
                at=clock.now(),
            )
        )  # fmt: skip
    return rows


def signed(*doses: Dose) -> SignedDay:
    """The doses confirmed and signed (steps 1 and 2)."""
    rows = confirmed(*doses)
    signing_ = SignedDay.create(
        unit=rows[0].unit_id, day=rows[0].day, doses=len(rows), digest="d" * 64, by=rows[0].by_id,
        at=clock.now(),
    )  # fmt: skip
    ids = [row.id for row in rows]
    Confirmation.update(signed=signing_, waits=True).where(Confirmation.id.in_(ids)).execute()
    return signing_


def certificate(
    at: Unit | None = None, who: Person | None = None, kind: str = "DCC"
) -> Certificate:
    """A certificate of somebody with one dose, or of `who` with the doses they have, which are
    signed. Needs `signing_keys`."""
    doses = list(Dose.of(who.id)) if who else [vaccinated(at or country()[2])]
    done = Confirmation.select(Confirmation.dose)
    if left := [one for one in doses if one.id not in {row.dose_id for row in done}]:
        signed(*left)
    return issue(doses[0].person_id, None, kind)
