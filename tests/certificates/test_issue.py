"""Step 3: what is signed was committed, was confirmed and signed by its site, and still is so."""

from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from threading import Barrier, Thread
from typing import Any

import pytest

from app import clock
from app.audit import AuditEntry
from app.certificates import actions, envelope, payload, signing
from app.certificates.models import Certificate, Confirmation, LatinName, Signer
from app.db import db, is_postgres
from app.people.models import Document, IdentityVersion, Person
from app.visits.models import Dose
from app.words import Refused
from tests import build

pytestmark = pytest.mark.usefixtures("morning", "keys")
module = import_module("app.certificates.actions.issue")  # the package names a function so
MORNING = datetime(2026, 11, 25, 8)


@pytest.fixture
def morning():
    with clock.frozen(MORNING):
        yield


@pytest.fixture
def site():
    return build.country()[2]


def person_of(dose: Dose) -> Person:
    return Person.get_by_id(dose.person_id)


def codes(person_id: int) -> list[str]:
    with pytest.raises(Refused) as refused:
        actions.issue(person_id)
    return [code for _field, code, _values in refused.value.reasons]


def void(dose: Dose) -> None:
    Dose.update(voided_at=clock.now(), version=Dose.version + 1).where(Dose.id == dose.id).execute()


def change(dose: Dose) -> None:
    Dose.update(lot_number="KHAC", version=Dose.version + 1).where(Dose.id == dose.id).execute()


def rename(person: Person, name: str = "NGUYỄN VĂN BÌNH") -> None:
    Person.update(name=name).where(Person.id == person.id).execute()
    IdentityVersion.create(person=person, seq=2, name=name, sex="M", dob_year=1980, at=clock.now())


def test_what_was_signed_becomes_a_certificate(app, site, keys):
    dose = build.vaccinated(site)
    build.signed(dose)
    row = actions.issue(dose.person_id)
    opened = envelope.unpack(row.code)
    told = opened.claims[-260][1]
    assert (told["v"][0]["dn"], told["v"][0]["sd"], told["v"][0]["ci"]) == (1, 2, row.uvci)
    assert told["nam"]["fnt"] == "NGUYEN"
    assert signing.verifies(
        _public(keys), envelope.to_be_signed(opened.protected, opened.payload), opened.signature
    )
    assert (row.kind, row.kid, row.current) == ("DCC", keys.kid.hex(), True)
    assert [tuple(one) for one in row.doses] == [(dose.id, 1)] and row.identity_seq == 1
    hashes = envelope.hashes(row.uvci, "VN", keys.alg, opened.signature)
    assert (row.hash_uci, row.hash_country_uci, row.hash_signature) == hashes
    assert row.expires_at == row.issued_at.replace(year=2027)
    assert opened.claims[4] - opened.claims[6] == 365 * 86400
    assert AuditEntry.get(AuditEntry.action == "issue").noun_id == row.id


def _public(key):
    from cryptography import x509

    return x509.load_der_x509_certificate(key.certificate).public_key()


def test_a_second_asking_gives_the_same_one(app, site):
    row = build.certificate(site)
    assert actions.issue(row.person_id).id == row.id
    assert Certificate.select().count() == 1


def test_nothing_waits_any_more(app, site):
    build.certificate(site)
    assert actions.issue_waiting(0, 10).made == {}
    assert not Confirmation.select().where(Confirmation.waits).exists()


def test_nothing_is_signed_inside_a_transaction(app, site):
    dose = build.vaccinated(site)
    build.signed(dose)
    with db.atomic(), pytest.raises(RuntimeError, match="not committed"):
        actions.issue(dose.person_id)


def test_an_unsigned_dose_makes_no_certificate(app, site):
    dose = build.vaccinated(site)
    assert codes(dose.person_id) == ["miss_confirmed"]
    build.confirmed(dose)
    assert codes(dose.person_id) == ["miss_signed"]


def test_all_doses_have_to_be_signed(app, site):
    first = build.vaccinated(site, given_at=clock.now() - timedelta(days=40))
    row = build.certificate(who=person_of(first))
    second = build.vaccinated(build.country()[2], person_of(first))
    assert codes(first.person_id) == ["miss_confirmed"]
    assert actions.standing(row) == ""
    build.signed(second)
    newer = actions.issue(first.person_id)
    assert (newer.dose_id, newer.replaces_id) == (second.id, row.id)
    old = Certificate.get_by_id(row.id)
    assert not old.current and actions.standing(old) == ""


def test_a_citizen_is_verified(app, site):
    dose = build.vaccinated(site, build.person(site))
    build.signed(dose)
    assert codes(dose.person_id) == ["miss_verified"]


def test_a_foreigner_goes_by_passport(app, site):
    who = build.person(site, None, name="John Smith", nationality="US")
    dose = build.vaccinated(site, who)
    build.signed(dose)
    assert set(codes(who.id)) == {"miss_passport", "cert_name_split"}
    Document.create(
        person=who, kind="PASSPORT", number="A1234567", country="US", added_at=clock.now()
    )
    LatinName.create(
        person=who, identity_seq=1, surname="Smith", given="John", surname_latin="SMITH",
        given_latin="JOHN", by=dose.recorded_by, at=clock.now(),
    )  # fmt: skip
    assert actions.issue(who.id).current


MEANWHILE: dict[str, Callable[[Dose], Any]] = {
    "a dose is voided": void,
    "a dose is changed": change,
    "the identity is changed": lambda dose: rename(person_of(dose)),
    "the identity is found wrong": lambda dose: Person.update(identity_state="mismatch")
    .where(Person.id == dose.person_id)
    .execute(),
    "the people are merged": lambda dose: Person.update(merged_into=build.person())
    .where(Person.id == dose.person_id)
    .execute(),
    "another dose is given": lambda dose: build.vaccinated(
        build.country()[2], person_of(dose), given_at=clock.now() + timedelta(minutes=1)
    ),
    "the name is written in another way": lambda dose: LatinName.create(
        person=dose.person_id, identity_seq=1, surname="NGUYỄN VĂN", given="A",
        surname_latin="NGUYEN<VAN", given_latin="A", by=dose.recorded_by_id, at=clock.now(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", MEANWHILE)
def test_what_changes_between_signing_and_storing_is_not_stored(app, site, monkeypatch, what):
    dose = build.vaccinated(site)
    build.signed(dose)
    whole = module._sign

    def signed(*args):
        result = whole(*args)
        MEANWHILE[what](dose)
        return result

    monkeypatch.setattr(module, "_sign", signed)
    assert codes(dose.person_id)
    assert not Certificate.select().exists()


def test_the_signer_bounds_the_end(app, site, keys):
    with clock.frozen(clock.local(keys.not_after).replace(tzinfo=None) - timedelta(days=20)):
        row = build.certificate(site)
    assert row.expires_at == keys.not_after


def test_a_lost_key_signs_nothing(app, site, keys):
    dose = build.vaccinated(site)
    build.signed(dose)
    Signer.create(
        kid=keys.kid.hex(), digest="0" * 64, country="VN", certificate="", own=True,
        not_before=keys.not_before, not_after=keys.not_after, added_at=clock.now(),
        distrusted_at=clock.now(),
    )  # fmt: skip
    with pytest.raises(Refused, match="no_signing_key"):
        actions.issue(dose.person_id)


def test_renewed_by_itself_after_twelve_months(app, site, keys, tmp_path):
    row = build.certificate(site)
    with clock.frozen(MORNING + timedelta(days=300)):
        assert actions.renew(0, 10).made == {}
    with clock.frozen(MORNING + timedelta(days=340)):
        done = actions.renew(0, 10)
        newer = Certificate.get_by_id(done.made[row.person_id])
        assert newer.expires_at > row.expires_at and newer.uvci != row.uvci
        assert actions.renew(0, 10).made == {}
    assert actions.standing(Certificate.get_by_id(row.id)) == ""


def test_no_renewal_that_ends_no_later(app, site, keys):
    end = clock.local(keys.not_after).replace(tzinfo=None)
    with clock.frozen(end - timedelta(days=20)):
        build.certificate(site)
        assert actions.renew(0, 10).made == {}


def test_the_who_certificate_on_demand(app, site):
    row = build.certificate(site)
    other = actions.issue(row.person_id, None, "ICVP")
    assert other.uvci != row.uvci and other.current
    assert Certificate.get_by_id(row.id).current
    assert envelope.unpack(other.code).claims[-260][envelope.ICVP]["v"]["dn"] == "1"
    assert actions.current(row.person_id, "ICVP") == other


def test_in_bulk_the_number_of_statements_stays(app, site, monkeypatch):
    for _ in range(6):
        build.signed(build.vaccinated(site))
    done = actions.issue_waiting(0, 4)
    assert len(done.made) == 4 and done.last
    rest = actions.issue_waiting(done.last, 4)
    assert len(rest.made) == 2 and not rest.last


def test_several_workers_make_one_each(app, site):
    if not is_postgres():
        pytest.skip("SQLite has one writer")
    people = []
    for _ in range(8):
        dose = build.vaccinated(site)
        build.signed(dose)
        people.append(dose.person_id)
    start, done = Barrier(2), []

    def work() -> None:
        with app.app_context(), db.connection_context():
            start.wait()
            done.append(actions.issue_many(people))

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(done) == 2
    made = [person_id for one in done for person_id in one.made]
    assert sorted(made) == sorted(people)
    assert Certificate.select().where(Certificate.current).count() == 8


def test_facts_hold_no_way_in():
    """issue() takes the ids of people; nothing that could be signed."""
    assert set(actions.issue.__annotations__) == {"person_id", "by", "kind", "return"}
    assert payload.COUNTRY == "VN"
