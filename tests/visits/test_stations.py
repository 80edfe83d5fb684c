"""The stations: check-in, consent, screening, dose, observation, each on its own page."""

from datetime import timedelta

import pytest
from playhouse.test_utils import count_queries

from app import clock
from app.i18n import show_date
from app.people.models import Document
from app.stock.models import Holding
from app.visits.models import Dose, Visit
from tests import build


def number_of(person):
    return Document.get(Document.person == person).number


def test_a_whole_visit_station_by_station(here):
    person = build.person(here.site)
    page = here.client.open_page(f"/sessions/{here.session.id}/board")
    page = page.submit(what=number_of(person))
    assert person.name in page.text
    page = page.form("Tiếp đón").submit(button=str(person.id))
    assert "Chờ phiếu đồng ý" in page.text
    page = page.follow("Làm tiếp").form("agreed").submit(button="yes")
    visit = Visit.get()
    assert visit.state == "consented" and visit.consent_by == here.staff
    page = page.follow("Làm tiếp").submit(temperature="36,6")
    visit = Visit.get()
    assert (visit.state, visit.conclusion, visit.computed) == ("ready", *["DU_DIEU_KIEN"] * 2)
    page = page.follow("Làm tiếp")
    assert "Cơ bản 1" in page.text or "cơ bản 1" in page.text.lower()
    page = page.submit("holding_id")
    visit, dose = Visit.get(), Dose.get()
    assert visit.state == "observing"
    assert visit.observe_until - dose.given_at == timedelta(minutes=30)
    assert (dose.kind, dose.seq, dose.overall) == ("CO_BAN", 1, 1)
    assert dose.lot_number == here.lot.lot.number
    assert Holding.get_by_id(here.lot.id).balance == 9
    with clock.frozen(clock.local(visit.observe_until).replace(tzinfo=None)):
        page = here.client.open_page(f"/sessions/{here.session.id}/board?at=observation")
        page = page.form("Xong").submit()
    assert Visit.get().state == "done"
    assert person.name in page.text


def test_nobody_goes_before_thirty_minutes(here):
    visit = build.visit(
        here.session, state="observing", observe_until=clock.now() + timedelta(minutes=1)
    )
    page = here.client.open_page(f"/visits/{visit.id}")
    page = page.form("Kết thúc theo dõi").submit()
    assert page.status == 422 and "Chưa đủ 30 phút" in page.text
    assert Visit.get().state == "observing"


def test_a_dose_is_refused_before_its_step(here):
    visit = build.visit(here.session, state="consented")
    page = here.client.open_page(f"/visits/{visit.id}")
    token = page.form().values["csrf_token"]
    page = here.client.send(
        f"/visits/{visit.id}/dose",
        {
            "csrf_token": token, "key": "k" * 20, "version": "1", "holding_id": str(here.lot.id),
            "vaccinator_id": str(here.staff.id), "body_part": "left_arm", "table_no": "1",
        },
        status=409,
    )  # fmt: skip
    assert "Chờ khám sàng lọc" in page.text
    assert not Dose.select().count()
    assert Holding.get_by_id(here.lot.id).balance == 10


@pytest.mark.parametrize(
    ("conclusion", "state"),
    [("TRI_HOAN", "delayed"), ("CHONG_CHI_DINH", "contraindicated"), ("CHUYEN_BV", "referred")],
)
def test_the_doctor_may_be_more_careful_than_the_sheet(here, conclusion, state):
    visit = build.visit(here.session, state="consented")
    page = here.client.open_page(f"/visits/{visit.id}")
    page.submit(temperature="36.6", conclusion=conclusion)
    visit = Visit.get()
    assert (visit.state, visit.computed) == (state, "DU_DIEU_KIEN")
    assert visit.ended_by == here.staff


def test_a_fever_is_put_before_the_doctor_who_then_agrees_with_the_sheet(here):
    visit = build.visit(here.session, state="consented")
    page = here.client.open_page(f"/visits/{visit.id}").submit(temperature="38,2")
    assert page.status == 422 and Visit.get().state == "consented"
    assert page.css("#conclusion[autofocus]") and page.form("conclusion").values["i_1"] == ["no"]
    page.form("conclusion").submit(button="Ghi kết luận")
    visit = Visit.get()
    assert (visit.state, visit.conclusion, visit.computed) == ("ready", *["THAN_TRONG"] * 2)


def test_a_milder_conclusion_needs_a_reason_and_a_second_person(here):
    other = build.user(here.site, "screener")
    visit = build.visit(here.session, state="consented")
    page = here.client.open_page(f"/visits/{visit.id}")
    page = page.submit(temperature="38,2", conclusion="DU_DIEU_KIEN")
    milder = {"conclusion": "DU_DIEU_KIEN", "reason": "đã đo lại"}
    page = page.submit("temperature", **milder)
    assert page.status == 422 and Visit.get().state == "consented"
    assert page.form("temperature").values["temperature"] == ["38,2"]
    named = milder | {"confirm_name": other.username}
    page = page.submit("temperature", **named, confirm_password="sai mật khẩu này")
    assert page.status == 422 and "không đúng" in page.text
    page.submit("temperature", **named, confirm_password=build.PASSWORD)
    assert Visit.get().state == "ready"


def test_consent_refused_ends_the_visit(here):
    visit = build.visit(here.session)
    page = here.client.open_page(f"/visits/{visit.id}")
    page = page.form("agreed").submit(button="no")
    assert Visit.get().state == "refused"
    assert "Không đồng ý tiêm chủng" in page.text


def test_a_child_needs_a_guardian_by_name(here):
    child = build.person(here.site, dob_year=clock.today().year - 9)
    visit = build.visit(here.session, child)
    page = here.client.open_page(f"/visits/{visit.id}")
    page = page.form("agreed").submit(button="yes")
    assert page.status == 422 and "giám hộ" in page.text
    page.submit("agreed", signer="TRẦN THỊ BÌNH")
    assert Visit.get().consent_signer == "TRẦN THỊ BÌNH"


def test_a_stale_page_is_told_and_changes_nothing(here):
    visit = build.visit(here.session)
    first = here.client.open_page(f"/visits/{visit.id}")
    second = here.client.open_page(f"/visits/{visit.id}")
    first.form("agreed").submit(button="yes")
    page = second.form("agreed").submit(button="no")
    assert page.status == 409
    assert Visit.get().state == "consented"


def test_the_same_form_twice_is_one_step(here):
    visit = build.visit(here.session, state="ready")
    form = here.client.open_page(f"/visits/{visit.id}").form("holding_id")
    first, again = form.submit(), form.submit()
    assert first.status == again.status == 200
    assert Dose.select().count() == 1
    assert Holding.get_by_id(here.lot.id).balance == 9


def test_the_same_key_with_another_body_is_refused(here):
    visit = build.visit(here.session, state="ready")
    form = here.client.open_page(f"/visits/{visit.id}").form("holding_id")
    form.submit()
    page = form.submit(body_part="right_arm")
    assert page.status == 409
    assert Dose.get().body_part == "left_arm"


def test_lots_of_other_sites_and_dead_lots_are_no_choice(here):
    _nation, _province, other = build.country()
    strange = build.holding(other)
    old = build.holding(here.site, expires_on=clock.today() - timedelta(days=1))
    empty = build.holding(here.site, doses=0)
    visit = build.visit(here.session, state="ready")
    page = here.client.open_page(f"/visits/{visit.id}")
    offered = {o.get("value") for o in page.css("#holding_id option")}
    assert offered == {str(here.lot.id)}
    for lot in (strange, old, empty):
        answer = page.submit(holding_id=str(lot.id))
        assert answer.status == 422
        assert not Dose.select().count()


def test_a_stranger_sees_nothing(here):
    _nation, _province, other = build.country()
    visit = build.visit(here.session)
    build.sign_in(here.client, build.user(other))
    here.client.open_page(f"/visits/{visit.id}", status=404)
    here.client.open_page(f"/sessions/{here.session.id}/board", status=404)


def test_leaving_and_coming_back(here):
    person = build.person(here.site)
    visit = build.visit(here.session, person)
    page = here.client.open_page(f"/visits/{visit.id}").form("Đã rời điểm tiêm").submit()
    assert Visit.get().state == "left"
    page = page.client.open_page(f"/sessions/{here.session.id}/board")
    page = page.submit(what=number_of(person))
    page.form("Tiếp đón").submit(button=str(person.id))
    assert Visit.get().state == "arrived"


def test_a_second_check_in_is_refused(here):
    person = build.person(here.site)
    build.visit(here.session, person)
    page = here.client.open_page(f"/sessions/{here.session.id}/board").submit(
        what=number_of(person)
    )
    page = page.form("Tiếp đón").submit(button=str(person.id))
    assert page.status == 422 and "đã có lượt" in page.text
    assert Visit.select().count() == 1


def test_yesterdays_session_takes_nobody(here):
    session = build.session(here.site, [here.lot], held_on=clock.today() - timedelta(days=1))
    person = build.person(here.site)
    page = here.client.open_page(f"/sessions/{session.id}/board").submit(what=number_of(person))
    page = page.form("Tiếp đón").submit(button=str(person.id))
    assert page.status == 422 and "không phải hôm nay" in page.text
    assert not Visit.select().count()


def test_the_dead_are_not_received(here):
    person = build.person(here.site, deceased_on=clock.today())
    page = here.client.open_page(f"/sessions/{here.session.id}/board").submit(
        what=number_of(person)
    )
    assert "Đã mất" in page.text
    page = page.form("Tiếp đón").submit(button=str(person.id))
    assert page.status == 422
    assert not Visit.select().count()


def test_the_board_shows_the_first_of_each_station(here):
    for _ in range(7):
        build.visit(here.session)
    later = build.visit(here.session, state="consented")
    page = here.client.open_page(f"/sessions/{here.session.id}/board")
    assert "Xem cả 7 người" in page.text and later.person.name in page.text
    first = page.css("table")[0].cssselect("tbody tr")
    assert len(first) == 3
    page = page.follow("Xem cả 7 người")
    assert len(page.css("table")[0].cssselect("tbody tr")) == 7


def test_the_board_takes_the_same_few_statements_however_long(here):
    url = f"/sessions/{here.session.id}/board"
    with count_queries() as few:
        here.client.get(url)
    for _ in range(8):
        build.visit(here.session)
    with count_queries() as many:
        here.client.get(url)
    assert few.count == many.count <= 5


def test_without_a_sheet_in_force_nobody_is_screened_and_the_page_says_so(here, monkeypatch):
    monkeypatch.setattr("app.vaccines.rules.form_for", lambda *_asked: None)
    visit = build.visit(here.session, state="consented")
    page = here.client.open_page(f"/visits/{visit.id}", status=200)
    assert "Chưa có phiếu sàng lọc" in page.text
    page.form("Đã rời điểm tiêm").submit()
    assert Visit.get().state == "left"


@pytest.mark.parametrize("days", [-1, 0, 367, 1000])
def test_a_delay_ends_on_a_day_to_come(here, days):
    visit = build.visit(here.session, state="consented")
    day = show_date(clock.today() + timedelta(days=days))
    page = here.client.open_page(f"/visits/{visit.id}")
    page = page.submit(temperature="36,6", conclusion="TRI_HOAN", delay_until=day)
    assert page.status == 422 and "Ngày hẹn lại" in page.text
    assert page.form("delay_until").values["delay_until"] == [day]
    assert Visit.get().state == "consented"


def test_only_a_delay_has_a_day(here):
    visit = build.visit(here.session, state="consented")
    tomorrow = show_date(clock.today() + timedelta(days=1))
    page = here.client.open_page(f"/visits/{visit.id}")
    page.submit(temperature="36,6", conclusion="CHUYEN_BV", delay_until=tomorrow)
    assert Visit.get().delay_until is None
