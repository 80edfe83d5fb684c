"""A certificate stops counting at once when what it says is no longer so; the sweep ends it for
all, and another one is issued once all steps are there again."""

from datetime import timedelta
from importlib import import_module

import pytest
from playhouse.test_utils import count_queries

from app import clock
from app.audit import AuditEntry
from app.certificates import actions
from app.certificates.models import Certificate, Confirmation
from app.people.models import IdentityVersion, Person
from app.visits.models import Dose
from app.words import Refused
from tests import build

module = import_module("app.certificates.actions.revoke")  # the package names a function so
pytestmark = pytest.mark.usefixtures("keys")


@pytest.fixture
def site():
    return build.country()[2]


def fresh(row: Certificate) -> Certificate:
    return Certificate.get_by_id(row.id)


def change(dose_id: int, **values) -> Dose:
    Dose.update(**values, version=Dose.version + 1).where(Dose.id == dose_id).execute()
    return Dose.get_by_id(dose_id)


def another_identity(person_id: int) -> None:
    known = Person.get_by_id(person_id)
    IdentityVersion.create(
        person=person_id, seq=2, name=known.name, sex="F", dob_year=1981, at=clock.now()
    )


FAULTS = {
    "changed": lambda row: change(row.dose_id, lot_number="KHAC"),
    "voided": lambda row: change(row.dose_id, voided_at=clock.now()),
    "before": lambda row: build.vaccinated(
        build.country()[2], row.person, given_at=clock.now() - timedelta(days=50)
    ),
    "identity": lambda row: another_identity(row.person_id),
    "mismatch": lambda row: (
        Person.update(identity_state="mismatch").where(Person.id == row.person_id).execute()
    ),
    "merged": lambda row: (
        Person.update(merged_into=build.person()).where(Person.id == row.person_id).execute()
    ),
}
WHY = {"voided": "changed", "before": "changed", "mismatch": "identity"}


@pytest.mark.parametrize("what", FAULTS)
def test_it_fails_at_once_and_is_swept(app, site, what):
    row, other = build.certificate(site), build.certificate(site)
    assert actions.standing(row) == ""
    FAULTS[what](row)
    assert actions.standing(fresh(row)) == WHY.get(what, what)
    people, last = actions.sweep(0)
    assert (people, last) == ([row.person_id], 0)
    ended = fresh(row)
    assert ended.revoked_at and not ended.current
    assert ended.revoked_why == WHY.get(what, what)
    assert actions.standing_many([ended, other]) == {row.id: "revoked", other.id: ""}
    assert AuditEntry.get(AuditEntry.action == "revoke").person_id == row.person_id
    assert actions.sweep(0) == ([], 0)


def test_death_ends_nothing(app, site):
    row = build.certificate(site)
    Person.update(deceased_on=clock.today()).where(Person.id == row.person_id).execute()
    assert actions.standing(fresh(row)) == ""


def test_a_later_dose_ends_nothing(app, site):
    row = build.certificate(site)
    later = clock.now() + timedelta(minutes=5)
    build.vaccinated(build.country()[2], row.person, given_at=later)
    assert actions.sweep(0) == ([], 0)


def test_an_amended_dose_gets_another_after_both_steps(app, site):
    row = build.certificate(site)
    dose = change(row.dose_id, lot_number="KHAC")
    people, _last = actions.sweep(0)
    assert actions.issue_many(people).made == {}
    build.signed(dose)
    done = actions.issue_waiting(0, 10)
    newer = Certificate.get_by_id(done.made[row.person_id])
    assert newer.current and actions.standing(newer) == ""
    assert actions.standing(fresh(row)) == "revoked"


def test_when_the_newest_dose_is_voided_the_one_before_counts(app, site):
    first = build.vaccinated(site, given_at=clock.now() - timedelta(days=40))
    build.signed(first)
    second = build.vaccinated(build.country()[2], Person.get_by_id(first.person_id))
    row = build.certificate(who=Person.get_by_id(first.person_id))
    assert row.dose_id == second.id
    change(second.id, voided_at=clock.now())
    people, _last = actions.sweep(0)
    newer = Certificate.get_by_id(actions.issue_many(people).made[first.person_id])
    assert newer.dose_id == first.id


def test_by_hand_is_for_good(app, site):
    row, by = build.certificate(site), build.user(site)
    with pytest.raises(Refused, match="why_needed"):
        actions.revoke(row.id, " ", by)
    actions.revoke(row.id, "cấp nhầm", by)
    with pytest.raises(Refused, match="cert_ended"):
        actions.revoke(row.id, "cấp nhầm", by)
    assert fresh(row).revoked_by_id == by.id
    assert actions.issue_waiting(0, 10).made == {}
    for kind in ("DCC", "ICVP"):
        with pytest.raises(Refused, match="cert_ended"):
            actions.issue(row.person_id, None, kind)
    assert actions.current(row.person_id) is None


def test_each_revocation_has_a_later_moment(app, site):
    """Also when the clock of one machine is behind: by it the lists notice a change."""
    rows, by = [build.certificate(site) for _ in range(3)], build.user(site)
    actions.revoke(rows[0].id, "x", by)
    with clock.frozen(clock.now() - timedelta(seconds=5)):
        for row in rows[1:]:
            actions.revoke(row.id, "x", by)
    moments = [fresh(row).revoked_at for row in rows]
    assert moments == sorted(set(moments))


def test_a_lost_key(app, site, keys, monkeypatch):
    monkeypatch.setattr(module, "BATCH", 2)
    rows = [build.certificate(site) for _ in range(3)]
    assert actions.revoke_signer("00" * 8, "lộ khóa") == 0
    assert actions.revoke_signer(keys.kid.hex(), "lộ khóa") == 3
    assert {actions.standing(fresh(row)) for row in rows} == {"revoked"}
    assert Confirmation.select().where(Confirmation.waits).count() == 3
    assert len(actions.issue_waiting(0, 10).made) == 3


def test_the_sweep_goes_on_where_it_stopped(app, site):
    rows = [build.certificate(site) for _ in range(3)]
    for row in rows:
        change(row.dose_id, lot_number="KHAC")
    people, last = actions.sweep(0, 2)
    assert (len(people), last) == (2, rows[1].id)
    assert len(actions.sweep(last, 2)[0]) == 1


def test_many_are_asked_in_the_same_number_of_statements(app, site):
    rows = [build.certificate(site) for _ in range(2)]
    with count_queries() as few:
        actions.standing_many(rows)
    rows += [build.certificate(site) for _ in range(4)]
    with count_queries() as many:
        actions.standing_many(rows)
    assert few.count == many.count == 3
