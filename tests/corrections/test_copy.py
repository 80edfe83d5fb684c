"""The copy of all that is kept of a person."""

from datetime import time

import pytest

from app import clock
from app.audit import AuditEntry
from app.corrections.models import Ticket
from app.notices.models import Notice
from app.people.models import Alert, Care, Person
from app.reactions.models import Reaction, SelfReport
from app.sessions.models import Appointment
from app.vaccines.models import catalogue_on
from app.visits.models import Dose, Visit
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


def test_words_stand_where_codes_are_kept(kept, tmp_path, monkeypatch):
    form = next(one for one in catalogue_on(clock.today()).forms if one.ages.covers(46))
    item = form.items[0]
    Person.update(ethnicity="01", priority_group="9").execute()
    Visit.update(
        screening_form=form.source.id, answers={item.code: {"yes": True, "text": "TOM"}}
    ).execute()
    extensions = kept.app.extensions
    monkeypatch.setitem(extensions, "signing", extensions["signing"])
    build.signing_keys(kept.app, tmp_path)
    build.certificate(who=kept.person)
    text = at(kept, kept.head).open_page(f"/corrections/{kept.row.id}/copy").text
    assert f"{item.text}: TOM" in text and "Kinh" in text and "9. " in text
    assert "Chuẩn EU" in text


def sent(kept, kind, about, **given):
    """A message that a telephone got."""
    values = {
        "unit": kept.site, "phone": PHONE, "lang": "vi", "next_try_at": clock.now(),
        "created_at": clock.now(), "state": "delivered", "event": Notice.select().count() + 1,
    }  # fmt: skip
    reference = f"r{values['event']}"
    return Notice.create(kind=kind, about=about, reference=reference, **(values | given))


def test_messages_are_listed_without_their_texts(kept):
    session = build.session(kept.site)
    mine, other = (
        Appointment.create(session=session, person=who, hour=time(8, 30))
        for who in (kept.person, build.person(kept.site))
    )
    sent(kept, "dose_recorded", {"dose": kept.dose.id}, person=kept.person)
    sent(kept, "invited", {"appointments": [other.id, mine.id]}, state="failed")
    sent(kept, "phone_code", {"registration": kept.wish.id})
    # Of somebody else with the same telephone.
    sent(kept, "was_absent", {"appointments": [other.id]})
    sent(kept, "phone_code", {"registration": kept.wish.id + 1}, state="given_up")
    page = at(kept, kept.head).open_page(f"/corrections/{kept.row.id}/copy")
    rows = page.css("table")[-1].cssselect("tbody tr")
    cells = [[cell.text_content() for cell in row][1:] for row in rows]
    assert cells == [
        ["Báo mũi tiêm", "Đã đến"], ["Mời tiêm", "Không gửi được"], ["Mã xác thực", "Đã đến"],
    ]  # fmt: skip
    entry = AuditEntry.get(AuditEntry.action == "print", AuditEntry.noun == "notice")
    assert (entry.person_id, entry.detail) == (kept.person.id, {"rows": 3})


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
