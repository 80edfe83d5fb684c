"""The copy of all that is kept of a person."""

import pytest

from app import clock
from app.audit import AuditEntry
from app.corrections.models import Ticket
from app.people.models import Alert, Care
from app.reactions.models import Reaction, SelfReport
from app.visits.models import Dose
from tests import build
from tests.corrections.conftest import PHONE, at, filed


@pytest.fixture
def kept(told):
    """`told` with something of every kind, and a ticket that asks for a copy."""
    now, visit = clock.now(), told.dose.visit
    told.void = build.dose(build.visit(build.session(told.site), told.person))
    Dose.update(voided_at=now).where(Dose.id == told.void.id).execute()
    Alert.create(person=told.person, kind="reaction", text="DI UNG TOM", at=now)
    Reaction.create(visit=visit, dose=told.dose, unit=told.site, signs=["fever"], note="SOT NHE",
                    noted_at=now, noted_by=told.head)  # fmt: skip
    SelfReport.create(dose=told.dose, unit=told.site, channel="sms", phone=PHONE, signs=[],
                      serious=False, note="MOI TAY", told_at=now)  # fmt: skip
    told.wish = build.wish(told.province, person=told.person)
    told.row = filed(told, "copy", note="GUI QUA TRAM")
    return told


def test_it_holds_all_that_is_kept(kept):
    page = at(kept, kept.head).open_page(f"/corrections/{kept.row.id}").follow("In bản sao hồ sơ")
    for text in (
        kept.person.name, kept.number, PHONE, kept.dose.lot_number, kept.void.lot_number,
        "Đã hủy ghi nhận", "DI UNG TOM", "SOT NHE", "MOI TAY", kept.wish.name, kept.site.name,
        "Xin bản sao hồ sơ", "GUI QUA TRAM",
    ):  # fmt: skip
        assert text in page.text, text
    entry = AuditEntry.get(AuditEntry.action == "print", AuditEntry.noun == "person")
    assert entry.person_id == kept.person.id and entry.detail["ticket"] == kept.row.id
    assert entry.detail["rows"] == len(page.css("tbody tr"))


def test_nothing_of_anybody_else(kept):
    other = build.vaccinated(kept.site)
    number = other.person.documents[0].number
    page = at(kept, kept.head).open_page(f"/corrections/{kept.row.id}/copy", 200)
    assert other.person.name not in page.text and number not in page.text


@pytest.mark.parametrize("wrong", ["another kind", "ended", "nobody", "elsewhere"])
def test_only_for_an_open_ticket_of_somebody_in_care(kept, wrong):
    if wrong == "another kind":
        Ticket.update(kind="who_saw").execute()
    if wrong == "ended":
        Ticket.update(ended_at=clock.now(), state="settled").execute()
    if wrong == "nobody":
        Ticket.update(person=None).execute()
    if wrong == "elsewhere":
        Care.delete().where(Care.person == kept.person.id).execute()
    at(kept, kept.head)
    assert kept.client.get(f"/corrections/{kept.row.id}/copy").status_code == 404
