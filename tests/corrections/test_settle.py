"""What settles a ticket, and who may."""

from datetime import timedelta

import pytest

from app import clock
from app.amendments.models import Amendment
from app.corrections import actions
from app.corrections.models import Ticket, TicketEvent, answering, identity_answered
from app.people.actions import Details, add_document, change_identity, set_details
from app.people.models import IdentityVersion, Person
from app.people.rules import Number
from app.visits.models import Dose
from app.words import Refused
from tests import build
from tests.corrections.conftest import at, filed, working


def amended(told, kind, dose, **given):
    """An approved amendment of a dose of the person, decided now."""
    values = {
        "state": "approved", "unit": told.site, "person": told.person, "asked_by": told.head,
        "asked_at": clock.now(), "decided_by": told.doctor, "decided_at": clock.now(),
    }  # fmt: skip
    return Amendment.create(kind=kind, dose=dose, **(values | given))


def missing(told, day="", **said):
    """A missing dose of a day; today's, as told.dose is, unless another is said."""
    day = day or f"{clock.today():%d/%m/%Y}"
    return filed(told, "missing", given_on=day, place="Nhà văn hóa", **said)


def settle(ticket, who, text="", same=False):
    """Settle, as an action."""
    row = Ticket.get_by_id(ticket.id)
    return actions.act(row.id, "settle", row.version, text, "", working(who), same)


@pytest.mark.parametrize(
    "ticket, kind, answers",
    [
        ("wrong_dose", "change", True), ("wrong_dose", "void", True),
        ("wrong_dose", "elsewhere", False), ("wrong_dose", "late", False),
        ("not_me", "void", True), ("not_me", "undo", True), ("not_me", "change", False),
        ("not_me", "elsewhere", False),
    ],
)  # fmt: skip
def test_only_what_was_asked_for_settles(told, ticket, kind, answers):
    row, change = filed(told, ticket), amended(told, kind, told.dose)
    assert answering(row) == (change if answers else None)


@pytest.mark.parametrize("ticket", ["wrong_dose", "not_me"])
def test_another_dose_of_the_person_settles_nothing(told, ticket):
    row = filed(told, ticket)
    other = build.dose(build.visit(build.session(told.site), told.person))
    amended(told, "void", other)
    with pytest.raises(Refused, match="ticket_not_changed"):
        settle(row, told.head)
    right = amended(told, "void", told.dose)
    settle(row, told.head)
    assert Ticket.get().amendment_id == right.id


def test_what_was_decided_before_settles_nothing(told):
    row = filed(told)
    amended(told, "void", told.dose, decided_at=row.asked_at - timedelta(seconds=1))
    amended(told, "void", told.dose, state="rejected")
    assert answering(row) is None


def strangers(told, kind="wrong_dose"):
    """A ticket of somebody who was not looked up: it names neither person nor dose."""
    row = filed(told, kind)
    Ticket.update(person=None, dose=None, proven=False).where(Ticket.id == row.id).execute()
    return Ticket.get_by_id(row.id)


def linked(told, row):
    """The page after the head found whom it is about."""
    page = at(told, told.head).open_page(f"/corrections/{row.id}")
    page = page.submit("number", number=told.number)
    assert page.status == 200, page.errors()
    return page


def chosen(page, dose_id):
    """The page after one presses the button of a dose, whatever its value."""
    values = page.form("dose").values | {"dose": [str(dose_id)]}
    return page.client.send(page.form("dose").element.get("action"), values)


@pytest.mark.parametrize("kind, change", [("wrong_dose", "change"), ("not_me", "void")])
def test_until_somebody_says_which_dose_none_settles(told, kind, change):
    row = strangers(told, kind)
    page = linked(told, row)
    amended(told, change, told.dose)
    with pytest.raises(Refused, match="ticket_which_dose"):
        settle(row, told.head)
    page = page.form("dose").submit(str(told.dose.id))
    assert page.status == 200 and "(mũi được phản ánh)" in page.text
    assert TicketEvent.get(TicketEvent.act == "dose").after == told.dose.id
    settle(row, told.head)
    assert Ticket.get().amendment.dose_id == told.dose.id


def test_the_wrong_dose_does_not_settle_what_was_chosen(told):
    row = strangers(told)
    other = build.dose(build.visit(build.session(told.site), told.person))
    page = linked(told, row).form("dose").submit(str(other.id))
    amended(told, "change", told.dose)
    with pytest.raises(Refused, match="ticket_not_changed"):
        settle(row, told.head)
    # Who chose wrongly chooses again.
    page.form("dose").submit(str(told.dose.id))
    settle(row, told.head)
    assert Ticket.get().amendment.dose_id == told.dose.id


def test_only_a_dose_of_the_person_is_chosen(told):
    row = strangers(told)
    other = build.dose(build.visit(build.session(told.site), build.person(told.site)))
    build.dose(build.visit(build.session(told.site), told.person))
    page = linked(told, row).form("dose").submit(str(told.dose.id))
    assert chosen(page, other.id).status == 422
    assert chosen(page, "x").status == 422
    assert Ticket.get().dose_id == told.dose.id


def test_what_the_citizen_named_is_not_chosen_again(told):
    row = filed(told, "wrong_dose")
    build.dose(build.visit(build.session(told.site), told.person))
    assert "Mũi nào" not in at(told, told.head).open_page(f"/corrections/{row.id}").text
    with pytest.raises(Refused, match="ticket_not_now"):
        actions.choose(row.id, row.version, told.dose.id, working(told.head))


def test_the_dose_of_one_person_is_not_that_of_another(told):
    row = strangers(told)
    page = linked(told, row).form("dose").submit(str(told.dose.id))
    other = build.person(told.site)
    build.dose(build.visit(build.session(told.site), other))
    page = page.submit("number", number=other.documents[0].number)
    assert page.status == 200 and Ticket.get().dose_id is None
    assert Ticket.get().person_id == other.id and "Mũi nào" in page.text


def test_a_dose_that_another_site_wrote_says_to_whom_it_goes(told):
    row = filed(told, "wrong_dose")
    other = build.unit("station", told.province)
    Ticket.update(unit=other).where(Ticket.id == row.id).execute()
    page = at(told, build.user(other, "site_head")).open_page(f"/corrections/{row.id}")
    assert told.site.code in page.css("#to-h")[0].text_content()
    assert not page.css("a[href*=change], a[href*=void]")


@pytest.mark.parametrize(
    "kind, answers", [("late", True), ("elsewhere", True), ("change", False), ("void", False)]
)
def test_a_missing_dose_is_settled_by_one_that_was_added(told, kind, answers):
    row, change = missing(told), amended(told, kind, told.dose)
    assert answering(row) == (change if answers else None)


def test_a_dose_that_was_added_and_voided_settles_nothing(told):
    row = missing(told)
    amended(told, "late", told.dose)
    Dose.update(voided_at=clock.now()).execute()
    assert answering(row) is None


@pytest.mark.parametrize(
    "said, answers",
    [
        ({}, True), ({"product": "COMIRNATY"}, True), ({"product": "SPIKEVAX"}, False),
        ({"day": "10/08/2021"}, False), ({"lot_number": "KHAC"}, True),
    ],
)  # fmt: skip
def test_a_missing_dose_is_of_the_day_and_the_vaccine_that_were_said(told, said, answers):
    row = missing(told, **said)
    change = amended(told, "elsewhere", told.dose)
    assert answering(row) == (change if answers else None)


def test_the_dose_that_fits_is_taken_of_two(told):
    row = missing(told)
    right = amended(told, "late", told.dose)
    other = build.dose(build.visit(build.session(told.site), told.person), product="SPIKEVAX")
    Dose.update(given_at=clock.now() - timedelta(days=40)).where(Dose.id == other.id).execute()
    amended(told, "elsewhere", other)
    assert answering(row) == right


def test_another_dose_settles_when_the_officer_says_why(told):
    row = missing(told, "10/08/2021")
    change = amended(told, "late", told.dose)
    page = at(told, told.head).open_page(f"/corrections/{row.id}")
    assert "khác ngày hoặc vắc xin" in page.text
    page = page.form("act").submit("settle")
    assert page.status == 422 and page.css("#same")[0].get("aria-invalid")
    page = page.form("act").submit("settle", same="y")
    assert page.status == 422 and page.css("#text")[0].get("aria-invalid")
    page = page.form("act").submit("settle", same="y", text="Sổ của trạm ghi ngày 11.")
    assert page.status == 200 and Ticket.get().amendment_id == change.id
    assert TicketEvent.get(TicketEvent.act == "settle").text == "Sổ của trạm ghi ngày 11."


def test_a_word_of_the_officer_settles_nothing_that_was_not_added(told):
    row = missing(told, "10/08/2021")
    assert not at(told, told.head).open_page(f"/corrections/{row.id}").css("#same")
    amended(told, "change", told.dose)
    with pytest.raises(Refused, match="ticket_not_changed"):
        settle(row, told.head, "đúng", True)


def test_one_added_dose_does_not_settle_two_missing_ones(told):
    first, second = missing(told), missing(told, "20/09/2021")
    amended(told, "late", told.dose)
    settle(first, told.head)
    with pytest.raises(Refused, match="ticket_not_changed"):
        settle(second, told.head)


def test_the_same_said_twice_is_settled_twice(told):
    """Through two channels, say."""
    first, second = missing(told), filed(
        told, "missing", given_on=f"{clock.today():%d/%m/%Y}", place="Nhà văn hóa xã"
    )  # fmt: skip
    assert first.id != second.id
    amended(told, "late", told.dose)
    settle(first, told.head)
    assert settle(second, told.head)


def renamed(told, name="NGUYỄN VĂN ĐÚNG"):
    """The station writes another name; the police have confirmed it."""
    person = Person.get_by_id(told.person.id)
    new = person.identity._replace(name=name)
    change_identity(person.id, person.version, new, "theo CCCD", working(told.head))
    Person.update(identity_state="verified").execute()


def other_sex(told):
    """The station writes another sex; the police have confirmed it."""
    person = Person.get_by_id(told.person.id)
    new = person.identity._replace(sex="F")
    change_identity(person.id, person.version, new, "theo CCCD", working(told.head), True)
    Person.update(identity_state="verified").execute()


def naturalised(told):
    """The station writes another nationality of somebody whom the police know."""
    set_details(told.person.id, told.person.version, Details(nationality="LA"))


def numbered(told):
    """A number is added to a person whom the police know."""
    add_document(told.person.id, Number("BHYT", "DN4010123456789"))


@pytest.mark.parametrize(
    "claim, done, answers",
    [
        ({"name": "Nguyễn Văn Đúng"}, renamed, True),
        ({"dob": "1981"}, renamed, False),
        ({"name": "Nguyễn Văn Đúng", "sex": "F"}, renamed, True),
        ({"sex": "F"}, renamed, False),
        ({"sex": "F"}, other_sex, True),
        ({"name": "Nguyễn Văn Đúng"}, other_sex, False),
        ({"nationality": "Lào"}, naturalised, True),
        ({"nationality": "Hoa Kỳ"}, naturalised, False),
        ({"name": "Nguyễn Văn Đúng", "nationality": "Việt Nam"}, other_sex, False),
        ({"number": "001080012345"}, renamed, False),
        ({"name": "Nguyễn Văn Đúng"}, numbered, False),
        ({"number": "001080012345"}, numbered, True),
    ],
)
def test_identity_is_settled_by_what_was_said_to_be_wrong(told, claim, done, answers):
    row = filed(told, "wrong_identity", **claim)
    assert not identity_answered(Ticket.get_by_id(row.id))
    done(told)
    assert identity_answered(Ticket.get_by_id(row.id)) == answers
    assert not identity_answered(filed(told, "wrong_identity", name="Nguyễn Văn Khác"))


def test_who_complains_when_registered_is_answered_by_the_next_version(told):
    row = filed(told, "wrong_identity", name="Nguyễn Văn Đúng")
    IdentityVersion.update(at=row.asked_at).execute()
    assert not identity_answered(Ticket.get_by_id(row.id))
    renamed(told)
    assert identity_answered(Ticket.get_by_id(row.id))


def test_a_new_name_waits_for_the_police(told):
    row = filed(told, "wrong_identity", name="Nguyễn Văn Đúng")
    renamed(told)
    Person.update(identity_state="unverified").execute()
    with pytest.raises(Refused, match="ticket_not_verified"):
        settle(row, told.officer)


@pytest.fixture
def unpoliced(told):
    """A ticket of identity where no police work on the way up; above: who may appoint them."""
    told.officer.active = False
    told.officer.save()
    told.above = build.user(told.province, "province")
    told.row = filed(told, "wrong_identity", name="Nguyễn Văn Đúng")
    return told


def test_without_police_it_reaches_who_may_appoint_them(unpoliced):
    assert unpoliced.row.unit_id == unpoliced.province.id
    page = at(unpoliced, unpoliced.above).open_page("/corrections")
    page = page.follow(unpoliced.row.code[:4])
    assert "lập tài khoản công an" in page.text
    assert not page.css("[value=settle], [value=refuse]")
    page = page.form("act").submit("answer", text="Đang cử công an xác minh.")
    assert page.status == 200 and Ticket.get().state == "answered"


@pytest.mark.parametrize("what", ["settle", "refuse"])
def test_who_stands_in_ends_nothing(unpoliced, what):
    with pytest.raises(Refused, match="ticket_needs_police"):
        actions.act(unpoliced.row.id, what, 1, "x", "", working(unpoliced.above))


def test_once_police_are_there_it_is_theirs(unpoliced):
    at(unpoliced, unpoliced.above)
    officer = build.user(unpoliced.province, "police")
    assert unpoliced.client.get(f"/corrections/{unpoliced.row.id}").status_code == 404
    assert unpoliced.row.code[:4] not in unpoliced.client.open_page("/corrections?show=all").text
    page = at(unpoliced, officer).open_page("/corrections")
    assert page.follow(unpoliced.row.code[:4]).css("[value=settle]")


def test_who_stands_in_sees_no_ticket_of_another_unit(unpoliced):
    Ticket.update(unit=unpoliced.site).execute()
    at(unpoliced, unpoliced.above)
    assert unpoliced.row.code[:4] not in unpoliced.client.open_page("/corrections?show=all").text
    assert unpoliced.client.get(f"/corrections/{unpoliced.row.id}").status_code == 404


def test_who_stands_in_sends_it_to_police(unpoliced):
    commune = build.unit("commune", unpoliced.province)
    build.user(commune, "police")
    actions.act(unpoliced.row.id, "send", 1, "", commune.code, working(unpoliced.above))
    assert Ticket.get().unit_id == commune.id
