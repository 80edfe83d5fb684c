"""One desk: two requests for a whole dose."""

import secrets
from datetime import timedelta

import pytest

from app import clock
from app.audit import AuditEntry, chain_key, verify
from app.db import is_postgres
from app.once import Submission
from app.outbox import OutboxEvent
from app.people.models import Care
from app.stock.models import Holding, Movement
from app.visits import actions
from app.visits.models import Dose, Visit
from tests import build
from tests.visits.test_stations import number_of


def found(here, person):
    page = here.client.open_page(f"/sessions/{here.session.id}/desk")
    return page.submit(what=number_of(person))


def test_two_requests_are_a_whole_dose(here):
    person = build.person()
    page = found(here, person)
    assert person.name in page.text and "17/05/1980" in page.text
    page = page.submit("holding_id")
    visit, dose = Visit.get(), Dose.get()
    assert page.status == 200 and person.name in page.text and dose.lot_number in page.text
    assert (visit.state, visit.conclusion) == ("observing", "DU_DIEU_KIEN")
    assert visit.consent_at and visit.screened_by == here.staff
    assert (dose.kind, dose.seq, dose.vaccinator) == ("CO_BAN", 1, here.staff)
    assert Holding.get_by_id(here.lot.id).balance == 9
    assert Movement.get(Movement.kind == "dose").source_id == dose.id
    assert Care.get(Care.person == person).unit == here.site
    assert page.form("what").values["what"] == [""]
    assert verify(chain_key())[1] == []
    long_way = AuditEntry.select().where(AuditEntry.noun == "visit").count()
    assert bool(long_way) == (not is_postgres())


def test_lot_table_and_vaccinator_stay_for_the_next_person(here):
    other_lot = build.holding(here.site, doses=5)
    mate = build.user(here.site, "vaccinator")
    one, two = build.person(), build.person()
    page = found(here, one).submit(
        holding_id=str(other_lot.id), vaccinator_id=str(mate.id), table_no="2",
        body_part="right_arm",
    )  # fmt: skip
    page = page.submit(what=number_of(two))
    values = page.form("holding_id").values
    assert values["holding_id"] == [str(other_lot.id)]
    assert values["vaccinator_id"] == [str(mate.id)]
    assert values["table_no"] == ["2"] and values["body_part"] == ["right_arm"]
    page.submit("holding_id")
    assert [(d.vaccinator, d.table_no) for d in Dose.select()] == [(mate, 2), (mate, 2)]


def test_a_yes_opens_the_whole_sheet(here):
    person = build.person()
    page = found(here, person).form("holding_id").submit(button="sheet")
    assert Visit.get().state == "consented" and not Dose.select().count()
    assert page.form("temperature")


def test_a_fever_opens_the_whole_sheet(here):
    page = found(here, build.person()).submit(temperature="38,5")
    assert Visit.get().state == "consented" and not Dose.select().count()
    assert page.form("temperature").values["temperature"] == ["38,5"]


def test_no_consent_ends_it(here):
    page = found(here, build.person()).form("holding_id").submit(button="no")
    assert Visit.get().state == "refused" and not Dose.select().count()
    assert "Không đồng ý tiêm chủng" in page.text


def test_somebody_received_before_goes_on_at_the_desk(here):
    person = build.person()
    build.visit(here.session, person, state="arrived")
    found(here, person).submit("holding_id")
    assert Visit.get().state == "observing" and Dose.select().count() == 1


def test_a_child_needs_a_guardian(here):
    child = build.person(dob_year=clock.today().year - 13)
    page = found(here, child)
    refused = page.submit("holding_id")
    assert refused.status == 422 and "giám hộ" in refused.text
    assert not Visit.select().count()
    refused.submit("holding_id", signer="LÊ THỊ MAI")
    assert Visit.get().consent_signer == "LÊ THỊ MAI"
    assert Dose.select().count() == 1


def test_a_warning_needs_a_reason_and_a_second_person(here):
    person = build.person(here.site)
    before = build.session(here.site, [here.lot], held_on=clock.today() - timedelta(days=7))
    build.dose(build.visit(before, person, state="ready"), given_at=clock.now() - timedelta(days=7))
    doctor = build.user(here.site, "screener")
    page = found(here, person)
    assert page.css(".warn")
    page = page.submit("holding_id")
    assert page.status == 422 and Dose.select().count() == 1
    page = page.submit(
        "holding_id", reason="sắp đi xa", confirm_name=doctor.username,
        confirm_password=build.PASSWORD,
    )  # fmt: skip
    dose = Dose.select().order_by(Dose.id.desc()).get()
    assert (dose.confirmed_by, dose.reason, dose.seq) == (doctor, "sắp đi xa", 2)
    assert dose.warnings


def test_one_cannot_confirm_oneself(here):
    person = build.person(here.site)
    before = build.session(here.site, [here.lot], held_on=clock.today() - timedelta(days=7))
    build.dose(build.visit(before, person, state="ready"), given_at=clock.now() - timedelta(days=7))
    page = found(here, person).submit(
        "holding_id", reason="sắp đi xa", confirm_name=here.staff.username,
        confirm_password=build.PASSWORD,
    )  # fmt: skip
    assert page.status == 422 and Dose.select().count() == 1


def test_guessing_at_a_second_persons_password_slows_down(here):
    person, doctor = build.person(here.site), build.user(here.site, "screener")
    before = build.session(here.site, [here.lot], held_on=clock.today() - timedelta(days=7))
    build.dose(build.visit(before, person, state="ready"), given_at=clock.now() - timedelta(days=7))
    given = {"reason": "sắp đi xa", "confirm_name": doctor.username}
    with clock.frozen(clock.local(clock.now()).replace(tzinfo=None)):
        page = found(here, person)
        for n in range(5):
            page = page.submit("holding_id", confirm_password=f"đoán lần {n}", **given)
            assert page.status == 422 and "chờ" not in " ".join(page.errors())
        page = page.submit("holding_id", confirm_password=build.PASSWORD, **given)
        assert page.status == 422 and "Hãy chờ 1 giây" in " ".join(page.errors())
    assert Dose.select().count() == 1


def test_pressing_ten_times_is_one_dose(here):
    form = found(here, build.person()).form("holding_id")
    pages = [form.submit() for _ in range(10)]
    assert {page.status for page in pages} == {200}
    assert len({page.css(".warn, .good")[0].text_content() for page in pages}) == 1
    assert Dose.select().count() == Visit.select().count() == 1
    assert Holding.get_by_id(here.lot.id).balance == 9


def test_two_pages_of_one_person_are_one_dose(here):
    person = build.person()
    one, two = found(here, person), found(here, person)
    one.submit("holding_id")
    page = two.submit("holding_id")
    assert page.status == 422 and "đã có lượt" in page.text
    assert Dose.select().count() == 1


def test_an_empty_lot_is_refused_and_nothing_is_written(here):
    page = found(here, build.person())
    Holding.update(balance=0).execute()
    page = page.submit("holding_id")
    assert page.status == 422
    assert not Visit.select().count() and not Dose.select().count()


def test_several_with_one_name_are_picked(here):
    twins = [build.person(here.site, name="LÊ VĂN AN") for _ in range(2)]
    page = here.client.open_page(f"/sessions/{here.session.id}/desk").submit(what="le van an")
    page = page.form("LÊ VĂN AN").submit(button=str(twins[1].id))
    page.submit("holding_id")
    assert Dose.get().person == twins[1]


def test_an_unknown_number_leads_to_a_new_record(here):
    page = here.client.open_page(f"/sessions/{here.session.id}/desk").submit(what="001099123456")
    assert "Lập hồ sơ mới" in page.text


def test_finding_is_audited_without_the_number(here):
    person = build.person()
    found(here, person)
    rows = list(AuditEntry.select().where(AuditEntry.action == "search"))
    assert [row.person_id for row in rows] == [person.id]
    assert number_of(person) not in str([row.detail for row in rows])


BAD = ["", "x" * 2000, "\x00", "\u202e1", "😀", "-1", "0", "999999999999999999999", "1.5", "é" * 70]


@pytest.mark.parametrize("value", BAD, ids=range(len(BAD)))
@pytest.mark.parametrize(
    "field", ["holding_id", "vaccinator_id", "body_part", "table_no", "temperature", "person"]
)
def test_bad_input_never_gives_a_dose(here, field, value):
    page = found(here, build.person())
    answer = page.submit("holding_id", **{field: value})
    harmless = field == "temperature" and value == ""
    assert answer.status == (200 if harmless else 422)
    assert Dose.select().count() == harmless
    assert Visit.select().count() == harmless


@pytest.mark.parametrize("value", BAD, ids=range(len(BAD)))
def test_anything_may_be_scanned(here, value):
    page = here.client.open_page(f"/sessions/{here.session.id}/desk").submit(what=value)
    assert page.status in (200, 422)


OWN = {"id", "person", "visit", "queue_no", "version", "source_id", "key", "result", "body"}
TIMES = {"arrived_at", "consent_at", "screened_at", "observe_until", "given_at", "recorded_at"}


def rows_of(model):
    """The rows without what differs from dose to dose."""
    left_out = OWN | TIMES | {"at", "since", "payload", "created_at"}
    return [
        {name: value for name, value in row.items() if name not in left_out}
        for row in model.select().dicts()
    ]


def test_the_routine_way_and_the_long_way_write_the_same(here, monkeypatch):
    found(here, build.person()).submit("holding_id")
    monkeypatch.setattr(actions, "routine_dose", lambda *_asked: None)
    found(here, build.person()).submit("holding_id")
    for model in (Visit, Dose, Care, OutboxEvent, Submission):
        routine, long = rows_of(model)
        assert routine == long, model
    receipt, routine, long = rows_of(Movement)
    assert routine == long
    for visit in Visit.select():
        assert visit.observe_until - visit.arrived_at >= timedelta(minutes=30)
        assert all(getattr(visit, name) for name in ("consent_at", "screened_at"))


@pytest.mark.parametrize("way", ["desk/dose", "desk/person", "check-in"])
def test_nobody_acts_on_somebody_whom_the_desk_has_not_met(here, way):
    """Ids can be guessed; only who was found, and audited, can be received."""
    page, stranger = found(here, build.person()), build.person()
    values = {name: value[0] for name, value in page.form("holding_id").values.items()}
    for guess in (str(stranger.id), f"{stranger.id}.{values['person'].partition('.')[2]}"):
        sent = values | {"person": guess, "go": "dose", "key": secrets.token_hex(16)}
        answer = here.client.send(f"/sessions/{here.session.id}/{way}", sent)
        assert answer.status == 422 and stranger.name not in answer.text
    assert not Visit.select().count()
