"""Lists of sessions and of units: on screen, on paper, as files; masked, in order, logged."""

import csv
import io
import zipfile
from datetime import time, timedelta

import pytest
from playhouse.test_utils import count_queries

from app import clock
from app.audit import AuditEntry
from app.people.models import Document, Person
from app.sessions.models import Appointment
from app.visits.models import Visit
from tests import build
from tests.lists.conftest import PEOPLE

BY_NAME = ["NGUYỄN VĂN AN", "LÊ VĂN ÂN", "TRẦN THỊ BÌNH", "ĐỖ THỊ ĐÀO", "H'ĐĂM NIÊ"]


def printed(page):
    """The rows of the tables of a page, as text."""
    return [[" ".join(td.text_content().split()) for td in tr.cssselect("td")]
            for tr in page.css("tbody tr")]  # fmt: skip


def logged():
    return (
        AuditEntry.select().where(AuditEntry.action == "print").order_by(AuditEntry.id.desc()).get()
    )


def test_the_session_leads_to_its_lists(here):
    page = here.client.open_page(f"/sessions/{here.session.id}").follow("Danh sách buổi tiêm")
    assert [row[1] for row in printed(page)] == BY_NAME
    assert AuditEntry.get(AuditEntry.noun == "list").detail["hits"] == 5
    page = page.follow("In")
    assert [row[1] for row in printed(page)] == BY_NAME
    assert "Mục đích: tiếp đón và ký tên" in page.text and here.head.name in page.text
    assert "Tài liệu chứa dữ liệu cá nhân nhạy cảm" in page.text and "Cộng: 5 người" in page.text


def test_numbers_are_masked_where_the_purpose_does_not_need_them(here):
    number = Document.get(Document.person == here.people["LÊ VĂN ÂN"]).number
    url = f"/sessions/{here.session.id}/lists/session"
    for page in (here.client.open_page(url), here.client.open_page(f"{url}/print")):
        assert f"…{number[-4:]}" in page.text and number not in page.body
        assert "…001" in page.text and "0912345001" not in page.body
    invitation = here.client.open_page(f"/sessions/{here.session.id}/lists/invitation/print")
    assert "0912345001" in invitation.text and number[-4:] not in invitation.text


def test_the_invitation_goes_by_hamlet(here):
    page = here.client.open_page(f"/sessions/{here.session.id}/lists/invitation/print")
    heads = [th.text_content().partition(":")[0] for th in page.css("thead th[colspan]")]
    assert heads == ["Buôn Đỗ", "Thôn 2", "Thôn 10", "Chưa rõ thôn, tổ"]
    tables = [
        [td.text_content() for td in t.cssselect("td:nth-child(3)")] for t in page.css("table")
    ]
    assert tables[1][:2] == ["NGUYỄN VĂN AN", "TRẦN THỊ BÌNH"]
    assert len(page.css("table.b")) == 3, "each hamlet has a sheet of its own"
    assert "buổi tiêm" in page.text and clock.today().strftime("%d/%m/%Y") in page.text


@pytest.mark.parametrize("form", ["print", "csv", "xlsx"])
def test_what_went_out_is_logged_with_its_rows(here, form):
    answer = here.client.get(f"/sessions/{here.session.id}/lists/session/{form}")
    assert answer.status_code == 200 and answer.get_data()
    row = logged()
    assert (row.noun, row.chain) == ("list", here.site.id)
    assert row.detail == {
        "kind": "session", "form": form, "rows": 5, "unit": here.site.id,
        "session": here.session.id,
    }  # fmt: skip


def test_who_breaks_off_is_logged_with_what_went_out(here):
    for _ in range(1200):
        build.expected(here.session, here.people["LÊ VĂN ÂN"].__class__.create(
            name="A", folded="a", sound="a", sort_key="a0", sex="M", dob_year=1980,
            created_at=clock.now()))  # fmt: skip
    answer = here.client.get(f"/sessions/{here.session.id}/lists/session/csv", buffered=False)
    pieces = answer.iter_encoded()
    next(pieces)
    answer.close()
    assert 0 < logged().detail["rows"] < 1205


def test_files_hold_the_same_rows(here):
    url = f"/sessions/{here.session.id}/lists/session"
    text = here.client.get(f"{url}/csv").get_data().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][:4] == ["Số", "Họ và tên", "Ngày sinh", "Giới tính"]
    assert [row[1] for row in rows[1:]] == BY_NAME
    book = zipfile.ZipFile(io.BytesIO(here.client.get(f"{url}/xlsx").get_data()))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row>") == 6 and "NGUYỄN VĂN AN" in sheet


@pytest.fixture
def called(here):
    """Two of the list were called for an hour; for one of them it does not stand any more."""
    for name, ended in (("LÊ VĂN ÂN", ""), ("H'ĐĂM NIÊ", "removed")):
        Appointment.create(
            registration=build.wish(here.province), session=here.session, ended=ended,
            person=here.people[name], hour=time(13, 30),
        )  # fmt: skip


@pytest.mark.parametrize("kind", ["session", "invitation"])
def test_whoever_was_called_sees_the_hour_on_paper(here, called, kind):
    url = f"/sessions/{here.session.id}/lists/{kind}"
    for page in (here.client.open_page(url), here.client.open_page(f"{url}/print")):
        heads = [th.text_content() for th in page.css("thead th:not([colspan])")]
        place = heads.index("Giờ hẹn") % (len(heads) // len(page.css("table")))
        hours = {row[heads.index("Họ và tên")]: row[place] for row in printed(page)}
        assert hours == dict.fromkeys(BY_NAME, "") | {"LÊ VĂN ÂN": "13:30"}


@pytest.mark.parametrize("kind", ["session", "invitation"])
def test_the_hour_stands_in_the_files(here, called, kind):
    url = f"/sessions/{here.session.id}/lists/{kind}"
    rows = list(
        csv.DictReader(io.StringIO(here.client.get(f"{url}/csv").get_data().decode("utf-8-sig")))
    )
    assert {row["Họ và tên"]: row["Giờ hẹn"] for row in rows}["LÊ VĂN ÂN"] == "13:30"
    assert [row["Giờ hẹn"] for row in rows].count("") == 4
    book = zipfile.ZipFile(io.BytesIO(here.client.get(f"{url}/xlsx").get_data()))
    assert "13:30" in book.read("xl/worksheets/sheet1.xml").decode()


def test_a_long_list_is_paged_on_screen_and_whole_on_paper(here):
    for _ in range(100):
        build.expected(here.session, build.person(here.site))
    for kind in ("session", "invitation"):
        url = f"/sessions/{here.session.id}/lists/{kind}"
        page, names = here.client.open_page(url), []
        for _ in range(3):
            names += [row[1] for row in printed(page)]
            page = page.follow("Trang sau") if "Trang sau" in page.text else page
        whole = printed(here.client.open_page(f"{url}/print"))
        assert len(whole) == 105 and sorted(names) == sorted(
            row[1 if kind == "session" else 2] for row in whole
        )


def vaccinated(at, days_ago, product="COMIRNATY", **given):
    """A person with one dose so many days ago."""
    person = build.person(at, **given)
    day = clock.today() - timedelta(days_ago)
    session = build.session(at, [build.holding(at, product)], held_on=day)
    moment = clock.now() - timedelta(days_ago)
    build.dose(build.visit(session, person), given_at=moment, recorded_at=moment)
    return person


def test_who_is_due_by_a_day(here):
    vaccinated(here.site, 30, name="TRẦN VĂN ĐẾN", phone="0987654321")
    vaccinated(here.site, 10, name="TRẦN VĂN SỚM")
    vaccinated(here.site, 30, name="TRẦN VĂN MẤT", deceased_on=clock.today())
    page = here.client.open_page("/lists").follow("Danh sách người đến hạn tiêm")
    assert [row[0] for row in printed(page)] == ["TRẦN VĂN ĐẾN"]
    assert "Liều cơ bản 2" in page.text and "0987654321" in page.text
    later = (clock.today() + timedelta(20)).strftime("%d/%m/%Y")
    page = page.submit("on", on=later)
    assert [row[0] for row in printed(page)] == ["TRẦN VĂN ĐẾN", "TRẦN VĂN SỚM"]
    page = page.follow("In")
    assert len(printed(page)) == 2 and logged().detail["rows"] == 2


def test_a_wrong_day_is_told_at_its_field(here):
    page = here.client.open_page("/lists/due?on=31/02/2026")
    assert page.status == 422 and "không có trong lịch" in page.text
    assert page.css("#on")[0].get("value") == "31/02/2026"
    assert here.client.get("/lists/due/print?on=31/02/2026").status_code == 404


def test_who_was_expected_and_did_not_come(here):
    past = build.session(here.site, [], held_on=clock.today() - timedelta(3))
    names = ("VẮNG", "ĐẾN", "ĐẾN SAU", "HẸN LẠI", "HỦY", "MẤT")
    people = {name: build.person(here.site, name=f"LÊ THỊ {name}") for name in names}
    for person in people.values():
        build.expected(past, person)
    build.visit(past, people["ĐẾN"], state="refused")
    build.visit(past, people["HỦY"], state="voided")
    build.visit(here.session, people["ĐẾN SAU"])
    build.expected(here.session, people["HẸN LẠI"])
    Person.update(deceased_on=clock.today()).where(Person.id == people["MẤT"].id).execute()
    page = here.client.open_page("/lists").follow("Danh sách người vắng buổi tiêm")
    assert [row[0] for row in printed(page)] == ["LÊ THỊ HỦY", "LÊ THỊ VẮNG"]
    assert past.held_on.strftime("%d/%m/%Y") in page.text
    today = clock.today().strftime("%d/%m/%Y")
    assert "Không có ai" in page.submit("on", on=today).text
    assert Visit.select().count() == 3


def test_the_lists_of_another_unit_are_not_there(here):
    other = build.unit("station", here.nation)
    vaccinated(other, 30)
    session = build.session(other, [])
    for url in (f"/lists/due?unit={other.id}", f"/lists/absent/print?unit={other.id}",
                f"/lists/police?unit={other.id}", f"/sessions/{session.id}/lists/session",
                f"/sessions/{session.id}/lists/session/xlsx", f"/sessions/{session.id}/paper",
                "/lists/due?unit=x"):  # fmt: skip
        assert here.client.get(url).status_code == 404, url
    assert "Không có ai" in here.client.open_page("/lists/due").text


def test_a_province_chooses_one_of_its_units(here):
    vaccinated(here.site, 30, name="TRẦN VĂN ĐẾN")
    other = build.unit("station", here.province)
    build.sign_in(here.client, build.user(here.province, "province"))
    page = here.client.open_page("/lists/due")
    assert "TRẦN VĂN ĐẾN" in page.text
    assert "Không có ai" in page.submit("on", unit=str(other.id)).text


@pytest.mark.parametrize("role", ["screener", "vaccinator", "observer", "storekeeper"])
def test_nobody_else_prints(here, role):
    build.sign_in(here.client, build.user(here.site, role))
    assert here.client.get(f"/sessions/{here.session.id}/lists/session/print").status_code == 403


@pytest.mark.parametrize("kind", ["session", "invitation"])
def test_the_number_of_queries_does_not_grow(here, kind):
    def queries():
        with count_queries() as counter:
            here.client.open_page(f"/sessions/{here.session.id}/lists/{kind}", 200)
        return counter.count

    queries()  # the first of the day begins the chain of the audit
    few = queries()
    for _ in range(40):
        build.expected(here.session, build.person(here.site))
    assert queries() == few <= 12


def test_every_row_of_the_fixture_is_on_the_list():
    assert len(PEOPLE) == len(BY_NAME)
