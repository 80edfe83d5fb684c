"""The slip of a visit: issued once, printed as often as asked."""

import threading
from datetime import datetime

import pytest
from PIL import Image
from playhouse.test_utils import count_queries

from app import audit, clock
from app.audit import AuditEntry
from app.certificates import rules
from app.certificates.actions import issue_slip, pin_key
from app.certificates.models import Slip
from app.db import db, is_postgres
from app.schema import MODELS
from app.visits.models import Visit
from app.visits.rules import STATES
from tests import build
from tests.certificates.test_qr import from_svg
from tests.codes import texts

OFFICIAL = (
    "GIẤY XÁC NHẬN ĐÃ TIÊM VẮC XIN COVID-19", "CERTIFICATE OF COVID-19 VACCINATION",
    "Họ và tên/Name", "Ngày sinh/Date of birth (day/month/year)", "Số CCCD/CMT/hộ chiếu/ID",
    "Số điện thoại/Tel", "Địa chỉ (Address)",
    "Đã được tiêm vắc xin phòng bệnh COVID-19/Has been vaccinated with COVID-19 vaccine:",
    "Mũi 1/First dose", "Mũi 2/Second dose", "Ngày/date", "Loại vắc xin/Vaccine",
    "Cơ sở tiêm chủng/Immunization unit", "Ký tên, đóng dấu", "(Sign and Stamp)",
    "Liều cơ bản", "Liều bổ sung", "Liều nhắc lại",
)  # fmt: skip


@pytest.fixture
def visit(app, client):
    """A finished visit with a dose; the client is signed in at its site."""
    _nation, _province, site = build.country()
    staff = build.user(site)
    person = build.person(site, phone="0912345678", address="Số 5 ngõ 12")
    dose = build.dose(build.visit(build.session(site), person))
    build.sign_in(client, staff)
    return dose.visit


def url(visit) -> str:
    return f"/visits/{visit.id}/slip"


def issue(client, visit):
    return client.open_page(url(visit), status=200).submit("key")


def test_it_is_issued_by_a_button_and_looks_like_the_official_paper(client, visit):
    before = client.open_page(url(visit))
    assert "GIẤY XÁC NHẬN" not in before.text and not Slip.select().count()
    assert before.css("button[autofocus]")
    page = before.submit("key")
    assert page.status == 200 and page.url == url(visit)
    for words in OFFICIAL:
        assert words in page.text, words
    slip, person, dose = Slip.get(), visit.person, visit.doses.get()
    for value in (
        person.name, "17/05/1980", person.documents[0].number, "0912345678", "Số 5 ngõ 12",
        "Comirnaty (Pfizer-BioNTech)", dose.lot_number, visit.unit.name,
        rules.grouped(slip.code), rules.pin(pin_key(), slip.nonce), "localhost/tra-cuu",
    ):  # fmt: skip
        assert value in page.text, value


def test_the_paper_says_what_to_text_and_where(app, client, visit, monkeypatch):
    page = issue(client, visit)
    assert "nhắn" not in page.text, "there is no number"
    config = app.extensions["config"]
    monkeypatch.setitem(app.extensions, "config", config._replace(sms_number="8899"))
    code = Slip.get().code
    assert f"nhắn TC {code} <năm sinh> <PIN> đến 8899" in page.submit("key").text


def test_the_address_ends_with_its_area(client, visit):
    visit.person.area_scheme, visit.person.area_code = "vn34", "01"
    visit.person.save()
    assert "Số 5 ngõ 12, Thành phố Hà Nội" in issue(client, visit).text


def test_the_qr_on_the_paper_opens_the_verification_page(client, visit):
    page = issue(client, visit)
    svg = page.body[page.body.index("<svg") : page.body.index("</svg>")]
    rows = from_svg(svg)
    side = len(rows) + 8
    picture = Image.new("L", (side, side), 255)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            picture.putpixel((x + 4, y + 4), 0 if dark else 255)
    read = texts(picture.resize((4 * side, 4 * side), Image.Resampling.NEAREST))
    assert read == [f"HTTP://LOCALHOST/X/{Slip.get().code}"]


@pytest.mark.parametrize("state", [state for state in STATES if state != "done"])
def test_no_slip_before_the_observation_ends_nor_without_a_dose(client, visit, state):
    visit.state = state
    visit.observe_until = clock.now()
    visit.save()
    page = client.open_page(url(visit), status=200)
    assert page.css(".warn") and not page.css("main form")
    csrf = client.open_page("/roles").form("csrf_token").values["csrf_token"][0]
    page = client.send(url(visit), {"csrf_token": csrf, "key": "k" * 20}, status=422)
    told = "Chưa hết thời gian theo dõi" if state == "observing" else "không có mũi tiêm"
    assert told in page.text
    assert not Slip.select().count()


def test_the_second_submit_is_harmless_and_each_printing_counts(client, visit):
    form = client.open_page(url(visit)).form("key")
    first, again = form.submit(), form.submit()
    assert first.status == again.status == 200
    slip = Slip.get()
    assert slip.prints == 1
    page = first.submit("key")
    later = Slip.get()
    assert (later.prints, later.code, later.nonce) == (2, slip.code, slip.nonce)
    assert "Lần in: 2" in page.text
    client.open_page(url(visit))
    assert Slip.get().prints == 2


def test_printing_and_seeing_are_audited(client, visit):
    page = issue(client, visit)
    page.submit("key")
    client.open_page(url(visit))
    slip = Slip.get()
    rows = AuditEntry.select().where(AuditEntry.noun == "slip").order_by(AuditEntry.id)
    assert [(r.action, r.noun_id, r.person_id, r.detail) for r in rows] == [
        ("print", slip.id, visit.person_id, {"prints": 1}),
        ("print", slip.id, visit.person_id, {"prints": 2}),
        ("view", slip.id, visit.person_id, {}),
    ]


def test_the_pin_is_stored_nowhere(client, visit):
    issue(client, visit)
    slip = Slip.get()
    pin = rules.pin(pin_key(), slip.nonce)
    for model in MODELS:
        for row in model.select().tuples():
            assert pin not in [str(value) for value in row], model


def test_all_doses_of_the_person_stand_in_their_slots(client, visit):
    _nation, _province, other = build.country()
    later = build.session(other)
    build.dose(build.visit(later, visit.person))
    for kind in ("BO_SUNG", "NHAC_LAI", "NHAC_LAI", "NHAC_LAI", "NHAC_LAI"):
        build.dose(build.visit(build.session(visit.unit), visit.person), kind=kind)
    page = issue(client, visit)
    assert other.name in page.text
    groups = [
        ["*" if cell.text_content().count("/20") else "-" for cell in group.cssselect("td")]
        for group in page.css("tbody")
    ]
    # The additional dose has a second cell, for the signature.
    assert groups == [list("**-"), list("*-"), list("***") + list("*-")]


def test_the_date_is_that_of_viet_nam(app, client):
    _nation, _province, site = build.country()
    with clock.frozen(datetime(2021, 8, 2, 6, 30)):
        dose = build.dose(build.visit(build.session(site)))
        build.sign_in(client, build.user(site))
        assert "Ngày/date: 02/08/2021" in issue(client, dose.visit).text


@pytest.mark.parametrize(("size", "paper"), [("a5", "a5"), ("a4", None), ("x", None)])
def test_a4_and_a5(client, visit, size, paper):
    issue(client, visit)
    page = client.open_page(f"{url(visit)}?size={size}")
    assert page.css("main")[0].get("class") == paper
    assert page.css("article") and page.css("link[href*='slip.css']")


def test_the_paper_is_the_same_for_an_english_reader(client, visit):
    issue(client, visit)
    page = client.open_page(f"{url(visit)}?lang=en")
    paper = " ".join(page.css("article")[0].text_content().split())
    assert all(words in paper for words in OFFICIAL)


def test_someone_without_papers_has_a_slip_too(app, client):
    _nation, _province, site = build.country()
    person = build.person(site, number=None, dob_month=None, dob_day=None)
    dose = build.dose(build.visit(build.session(site), person))
    build.sign_in(client, build.user(site))
    page = issue(client, dose.visit)
    assert "(day/month/year): 1980" in page.text and "ID: Số điện thoại" in page.text


def test_who_may(app, client, visit):
    for roles, allowed in (
        ("reception", True), ("observer", True), ("vaccinator", False), ("storekeeper", False),
        ("police", False), ("auditor", False),
    ):  # fmt: skip
        build.sign_in(client, build.user(visit.unit, roles))
        assert client.open_page(url(visit)).status == (200 if allowed else 403), roles


def test_another_site_sees_nothing_and_the_province_does(app, client, visit):
    _nation, province, other = build.country()
    build.sign_in(client, build.user(other))
    client.open_page(url(visit), status=404)
    csrf = client.open_page("/roles").form("csrf_token").values["csrf_token"][0]
    client.send(url(visit), {"csrf_token": csrf, "key": "k" * 20}, status=404)
    assert not Slip.select().count()
    build.sign_in(client, build.user(visit.unit.parent, "province"))
    client.open_page(url(visit), status=200)


def test_a_stranger_is_sent_to_the_sign_in_page(app, visit):
    assert app.test_client().open_page(url(visit)).url == "/sign-in"


def test_what_is_no_visit(client, visit):
    client.open_page("/visits/999999/slip", status=404)


def test_a_post_without_key_issues_nothing(client, visit):
    csrf = client.open_page(url(visit)).form("key").values["csrf_token"][0]
    client.send(url(visit), {"csrf_token": csrf}, status=422)
    assert not Slip.select().count()


def test_statements_do_not_grow_with_the_doses(client, visit):
    issue(client, visit)
    client.open_page(url(visit))
    with count_queries() as one:
        client.open_page(url(visit))
    for _ in range(3):
        build.dose(build.visit(build.session(visit.unit), visit.person))
    with count_queries() as four:
        client.open_page(url(visit))
    assert one.count == four.count <= 16


def test_two_desks_at_once_issue_one_slip(app, visit):
    if not is_postgres():
        pytest.skip("threads share one writer in SQLite")
    start = threading.Barrier(8)

    def press() -> None:
        with app.app_context():
            start.wait()
            issue_slip(visit, visit.arrived_by)
            db.close()

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [slip.prints for slip in Slip.select()] == [8]
    assert audit.verify(audit.chain_key())[1] == []


def test_the_visit_leads_to_its_slip_and_back(client, visit):
    page = client.open_page(f"/visits/{visit.id}").follow("In giấy xác nhận")
    assert page.url == url(visit)
    assert page.submit("key").follow("Về buổi tiêm").url == f"/sessions/{visit.session_id}/board"


def test_who_ends_the_observation_prints_at_once(app, client):
    _nation, _province, site = build.country()
    staff = build.user(site)
    build.sign_in(client, staff)
    at = build.session(site)
    dose = build.dose(build.visit(at))
    Visit.update(state="observing", observe_until=clock.now()).execute()
    page = client.open_page(f"/sessions/{at.id}/board?at=observation").form("Xong").submit()
    page = page.follow("In giấy xác nhận").submit("key")
    assert Slip.get().visit == dose.visit and page.css("article")
