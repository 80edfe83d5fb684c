"""One press takes back what was just pressed wrongly."""

from datetime import timedelta

import pytest

from app import clock
from app.accounts.models import Membership
from app.amendments.models import Amendment
from app.audit import AuditEntry, chain_key, verify
from app.once import new_key
from app.outbox import OutboxEvent
from app.people.models import Alert
from app.reactions import actions as reactions
from app.sessions.models import VaccinationSession
from app.stock.models import Holding, Movement
from app.visits.models import Dose, Visit
from tests import build
from tests.amendments.conftest import working
from tests.visits.test_stations import number_of


@pytest.fixture
def given(here):
    """The page that answers a dose at the one desk."""
    person = build.person(here.site)
    page = here.client.open_page(f"/sessions/{here.session.id}/desk").submit(what=number_of(person))
    return page.submit("holding_id")


def undo(here, visit=None):
    """Press the button of the visit's page, as it would be if it were shown."""
    page = here.client.open_page(f"/visits/{(visit or Visit.get()).id}")
    return page.form("Hoàn tác").submit()


def press(here, visit=None):
    """Send the button of another page that is not (or no more) shown."""
    token = here.client.open_page(f"/sessions/{here.session.id}/desk").form("what").values
    visit = visit or Visit.get()
    sent = {"csrf_token": token["csrf_token"], "key": new_key(), "version": visit.version}
    return here.client.send(f"/visits/{visit.id}/undo", sent)


def test_a_wrong_dose_is_taken_back_in_one_press(here, given):
    page = given.form("Hoàn tác").submit()
    visit, dose = Visit.get(), Dose.get()
    assert page.status == 200 and "Đã hoàn tác" in page.text and "Chờ tiêm" in page.text
    assert (visit.state, visit.observe_until) == ("ready", None)
    assert dose.voided_at and dose.version == 2
    assert Holding.get_by_id(here.lot.id).balance == 10
    lines = Movement.select().where(Movement.source_id == dose.id).order_by(Movement.id)
    assert [(line.kind, line.doses) for line in lines] == [("dose", -1), ("undo", 1)]
    assert OutboxEvent.get(OutboxEvent.event == "dose.voided").payload == {"dose": dose.id}
    row = Amendment.get()
    assert (row.kind, row.dose, row.asked_by, row.decided_by) == (
        "undo", dose, here.staff, here.staff,
    )  # fmt: skip
    assert AuditEntry.select().where(AuditEntry.noun == "dose", AuditEntry.noun_id == dose.id)
    assert verify(chain_key())[1] == []


def test_and_given_again(here, given):
    page = given.form("Hoàn tác").submit()
    page.submit("holding_id", body_part="right_arm")
    old, new = Dose.select().order_by(Dose.id)
    assert old.voided_at and not new.voided_at and new.body_part == "right_arm"
    assert (new.kind, new.seq) == (old.kind, old.seq)
    assert Visit.get().state == "observing"
    assert Holding.get_by_id(here.lot.id).balance == 9


def test_an_old_tab_does_not_take_back_a_newer_dose(here, given):
    old = given.form("Hoàn tác")
    undo(here).submit("holding_id")
    page = old.submit()
    assert page.status == 422 and "người khác sửa" in page.text
    assert Visit.get().state == "observing"
    assert [dose.voided_at is None for dose in Dose.select().order_by(Dose.id)] == [False, True]


def test_pressing_twice_is_one_undo(here, given):
    form = given.form("Hoàn tác")
    assert form.submit().status == form.submit().status == 200
    assert Movement.select().where(Movement.kind == "undo").count() == 1
    assert Holding.get_by_id(here.lot.id).balance == 10


def test_the_board_has_the_button_too(here):
    visit = build.visit(here.session, state="ready")
    page = here.client.open_page(f"/visits/{visit.id}").submit("holding_id")
    page = page.form("Hoàn tác").submit()
    assert page.status == 200 and Visit.get().state == "ready"


def test_a_refusal_at_the_desk_is_taken_back(here):
    person = build.person(here.site)
    page = here.client.open_page(f"/sessions/{here.session.id}/desk").submit(what=number_of(person))
    page = page.form("holding_id").submit(button="no")
    page = page.form("Hoàn tác").submit()
    visit = Visit.get()
    assert (visit.state, visit.ended_at, visit.consent_at) == ("arrived", None, None)
    assert "Chờ phiếu đồng ý" in page.text
    page.form("agreed").submit(button="yes")
    assert Visit.get().state == "consented"


def screened(here, conclusion, **more):
    visit = build.visit(here.session, state="consented")
    page = here.client.open_page(f"/visits/{visit.id}")
    page.submit("conclusion", temperature="36,8", conclusion=conclusion, **more)
    return Visit.get_by_id(visit.id)


@pytest.mark.parametrize(
    ("conclusion", "state"),
    [
        ("TRI_HOAN", "delayed"),
        ("CHONG_CHI_DINH", "contraindicated"),
        ("CHUYEN_BV", "referred"),
    ],
)
def test_a_wrong_conclusion_is_taken_back(here, conclusion, state):
    visit = build.visit(here.session, state="consented")
    page = here.client.open_page(f"/visits/{visit.id}")
    page.form("conclusion").submit(button="Tất cả KHÔNG", temperature="36,8", conclusion=conclusion)
    assert Visit.get().state == state
    assert Alert.select().count() == (state == "contraindicated")
    page = undo(here)
    visit = Visit.get()
    assert (visit.state, visit.conclusion, visit.delay_until) == ("consented", None, None)
    assert (visit.ended_at, visit.ended_by) == (None, None)
    assert not Alert.select().count(), "the next screening must not see it"
    assert page.form("conclusion")


def test_the_alert_of_another_visit_stays(here):
    visit = build.visit(here.session, state="consented")
    Alert.create(person=visit.person, kind="contraindication", text="Phản vệ", at=clock.now())
    page = here.client.open_page(f"/visits/{visit.id}")
    page.form("conclusion").submit(
        button="Tất cả KHÔNG", temperature="36,8", conclusion="CHONG_CHI_DINH"
    )
    undo(here)
    assert [alert.text for alert in Alert.select()] == ["Phản vệ"]


def refused(here, text):
    page = press(here)
    assert page.status == 422 and text in page.css("[role=alert]")[0].text_content()
    assert not Dose.get().voided_at and Visit.get().state == "observing"
    assert Holding.get_by_id(here.lot.id).balance == 9
    assert page.follow("Lượt tiêm").status == 200


def test_nobody_undoes_what_another_pressed(here, given):
    build.sign_in(here.client, build.user(here.site))
    assert not here.client.open_page(f"/visits/{Visit.get().id}").css("form[action$='/undo']")
    refused(here, "Chỉ người đã ghi")


def test_after_a_quarter_of_an_hour_it_is_too_late(here, given):
    with clock.frozen(clock.local(clock.now()).replace(tzinfo=None) + timedelta(minutes=16)):
        assert not here.client.open_page(f"/visits/{Visit.get().id}").css("form[action$='/undo']")
        refused(here, "Đã quá 15 phút")


def test_not_in_a_closed_session(here, given):
    VaccinationSession.update(closed_at=clock.now()).execute()
    refused(here, "Buổi tiêm đã kết thúc")


def test_not_after_a_reaction(here, given):
    here.client.open_page(f"/visits/{Visit.get().id}/reaction").submit(keys="1")
    refused(here, "Đã ghi phản ứng")


def test_a_reaction_of_another_visit_is_no_hindrance(here, given):
    person, site = Visit.get().person, here.site
    before = build.visit(build.session(site, [here.lot]), person, state="ready")
    build.dose(before, here.lot)
    by = working(here.staff)
    with here.app.test_request_context():
        reactions.note(before, ["fever"], False, "", by)
    page = given.form("Hoàn tác").submit()
    assert "Đã hoàn tác" in page.text


def test_nothing_to_undo_before_the_dose(here):
    build.visit(here.session, state="ready")
    page = press(here)
    assert page.status == 422 and "không có gì để hoàn tác" in page.text


def test_strangers_and_others_are_kept_out(here, given):
    visit = Visit.get()
    build.sign_in(here.client, build.user(build.country()[2], "vaccinator"))
    assert here.client.post(f"/visits/{visit.id}/undo").status_code in (400, 404)
    build.sign_in(here.client, build.user(here.site, "observer"))
    assert here.client.post(f"/visits/{visit.id}/undo").status_code == 403
    assert not Dose.get().voided_at
    assert Membership.select().count() > 2
