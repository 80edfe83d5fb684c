"""Issued again in the place of what was ended by hand: by the same way as the first, by a press
and by nothing else."""

from threading import Barrier, Thread

import pytest

from app.audit import AuditEntry
from app.certificates import actions
from app.certificates.models import Certificate, Confirmation
from app.db import db, is_postgres
from app.people.models import Person
from app.visits.models import Dose
from app.words import Refused
from tests import build

pytestmark = pytest.mark.usefixtures("keys")


@pytest.fixture
def by(app):
    return build.user(build.country()[0], "national")


@pytest.fixture
def row(app, by) -> Certificate:
    """A certificate that was ended by hand."""
    made = build.certificate(build.country()[2])
    actions.revoke(made.id, "cấp nhầm", by)
    return fresh(made)


@pytest.fixture
def centre(client, by):
    return build.sign_in(client, by)


def fresh(row: Certificate) -> Certificate:
    return Certificate.get_by_id(row.id)


def change(row: Certificate) -> Dose:
    Dose.update(version=Dose.version + 1, lot_number="KHAC").where(Dose.id == row.dose_id).execute()
    return Dose.get_by_id(row.dose_id)


def codes(certificate_id: int, by) -> list[str]:
    with pytest.raises(Refused) as refused:
        actions.issue_again(certificate_id, "again_checked", by)
    return [code for _field, code, _values in refused.value.reasons]


def test_a_press_gives_another_and_the_old_one_stays_ended(centre, row):
    page = centre.open_page(f"/certificates/{row.id}").submit(why="again_mistake")
    newer = Certificate.get(Certificate.current)
    assert (page.status, page.url) == (200, f"/certificates/{newer.id}")
    assert "Đã thu hồi nhầm" in page.text and "Đang dùng" in page.text
    assert (newer.replaces_id, newer.kind, newer.dose_id) == (row.id, "DCC", row.dose_id)
    assert newer.uvci != row.uvci and actions.standing(newer) == ""
    assert actions.standing(fresh(row)) == "revoked" and fresh(row).revoked_why == "cấp nhầm"
    entry = AuditEntry.get(AuditEntry.action == "issue", AuditEntry.noun_id == newer.id)
    assert entry.detail["again"] == "again_mistake"


def test_a_double_press_gives_one(centre, row):
    form = centre.open_page(f"/certificates/{row.id}").form("why")
    pages = [form.submit(why="again_mistake") for _ in range(2)]
    newer = Certificate.get(Certificate.current)
    assert {(page.status, page.url) for page in pages} == {(200, f"/certificates/{newer.id}")}
    assert Certificate.select().count() == 2


def test_without_a_reason_nothing_is_issued(centre, row):
    page = centre.open_page(f"/certificates/{row.id}").submit("why")
    assert page.status == 422 and "chưa điền" in " ".join(page.errors())
    assert Certificate.select().count() == 1


def test_what_is_missing_is_told(centre, row):
    form = centre.open_page(f"/certificates/{row.id}").form("why")
    dose = change(row)
    page = form.submit(why="again_checked")
    assert page.status == 422 and "chưa xác nhận 1 mũi" in " ".join(page.errors())
    build.signed(dose)
    page = page.submit(why="again_checked")
    assert Certificate.get(Certificate.current).replaces_id == row.id


def test_nothing_else_issues_it_again(app, by, row):
    assert actions.sweep(0) == ([], 0)
    assert actions.issue_waiting(0, 10).made == actions.issue_many([row.person_id]).made == {}
    assert actions.renew(0, 10).made == {}


def test_an_older_one_that_falls_does_not_bring_it_back(app, by):
    """The certificates that were only replaced, and the WHO's, may still be believed."""
    older = build.certificate(build.country()[2])
    who = build.certificate(who=older.person, kind="ICVP")
    Certificate.update(current=False).where(Certificate.id == older.id).execute()
    Confirmation.update(waits=True).execute()
    newer = actions.issue(older.person_id)
    actions.revoke(newer.id, "x", by)
    assert not Confirmation.select().where(Confirmation.waits).exists()
    Person.update(identity_state="mismatch").where(Person.id == older.person_id).execute()
    assert actions.sweep(0)[0] == [older.person_id]
    assert fresh(older).revoked_at and fresh(who).revoked_at
    Person.update(identity_state="verified").where(Person.id == older.person_id).execute()
    assert not Confirmation.select().where(Confirmation.waits).exists()
    assert actions.issue_waiting(0, 10).made == {}


def test_what_was_signed_before_does_not_bring_it_back(app, by):
    first = build.certificate(build.country()[2])
    build.signed(build.vaccinated(build.country()[2], first.person))
    actions.revoke(first.id, "x", by)
    assert actions.issue_waiting(0, 10).made == {}


def test_a_dose_that_is_signed_later_makes_one(app, by, row):
    build.signed(build.vaccinated(build.country()[2], row.person))
    assert list(actions.issue_waiting(0, 10).made) == [row.person_id]
    assert codes(row.id, by) == ["again_not"]


WAYS = {
    "a dose was changed": lambda row, by: (change(row), actions.sweep(0)),
    "a key was lost": lambda row, by: actions.revoke_signer(row.kid, "lộ khóa"),
    "it counts": lambda row, by: None,
    "the name is written anew": lambda row, by: actions.write_latin(
        row.person_id, actions.latin_parts(row.person)._replace(given_latin="X"), by
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_was_not_ended_by_hand_has_no_such_way(centre, by, way):
    row = build.certificate(build.country()[2])
    WAYS[way](row, by)
    assert codes(row.id, by) == ["again_not"]
    page = centre.open_page(f"/certificates/{row.id}")
    assert not page.css("[name=why]")
    assert Certificate.select().count() == 1


def test_only_the_newest_is_issued_again(app, by, row):
    newer = actions.issue_again(row.id, "again_mistake", by)
    actions.revoke(newer.id, "x", by)
    assert actions.issue_again(row.id, "again_mistake", by).id == newer.id
    newest = actions.issue_again(newer.id, "again_copied", by)
    assert newest.current and Certificate.select().count() == 3


def test_a_word_of_the_machine_is_no_reason(app, by):
    row = build.certificate(build.country()[2])
    with pytest.raises(Refused, match="why_needed"):
        actions.revoke(row.id, "name", by)


def test_the_who_certificate_comes_back_by_the_centre_only(app, by):
    first = build.certificate(build.country()[2])
    who = build.certificate(who=first.person, kind="ICVP")
    actions.revoke(who.id, "x", by)
    with pytest.raises(Refused, match="cert_ended"):
        actions.issue(first.person_id, by, "ICVP")
    actions.revoke(first.id, "x", by)
    assert codes(who.id, by) == ["again_eu"]
    assert actions.issue_again(first.id, "again_checked", by).kind == "DCC"
    assert actions.issue_again(who.id, "again_checked", by).kind == "ICVP"


def test_two_at_once_make_one(app, by, row):
    if not is_postgres():
        pytest.skip("SQLite has one writer")
    start, made = Barrier(2), []

    def press() -> None:
        with app.app_context(), db.connection_context():
            start.wait()
            made.append(actions.issue_again(row.id, "again_mistake", by).id)

    presses = [Thread(target=press) for _ in range(2)]
    for one in presses:
        one.start()
    for one in presses:
        one.join()
    assert len(made) == 2 and len(set(made)) == 1
    assert Certificate.select().count() == 2
