"""A whole day of a station: from a list that somebody typed in 2009's Excel to a closed session and
a report that says what the records say."""

import csv
import io
import unicodedata
from collections import Counter
from datetime import date
from types import SimpleNamespace

import pytest

from app.people.models import Person
from app.sessions.models import Expected, VaccinationSession
from app.stock.models import Holding
from app.visits.models import Dose, Visit
from tests import build
from tests.imports.files import xlsx
from tests.journeys.steps import (
    Clinic,
    OneDesk,
    at_work,
    doses_of,
    number_of,
    the_audit_holds,
    visit_of,
)
from tests.page_client import Page

HEADINGS = ["TT", "Họ và tên đối tượng", "Ngày tháng năm sinh", "Phái", "Nhóm ưu tiên", "SĐT",
            "Số CMND/CCCD", "Lưu ý"]  # fmt: skip
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ")
GIVEN = ("An", "Bình", "Cường", "Dũng", "Giang", "Hải")
CARD = "{number}||{name}|{day}|Nữ|Tổ 5, Phường Cống Vị, Quận Ba Đình, Hà Nội|15042021"
OTHERWISE = ("TRI_HOAN", "TRI_HOAN", "CHONG_CHI_DINH", "CHUYEN_BV")
ROLES = ("site_head", "reception", "screener", "vaccinator", "observer", "storekeeper")


def number(n: int) -> str:
    """The CCCD of a man born in 1960 + n / 2; no two look alike."""
    return f"0010{60 + n // 2:02}{n * 71_993 % 10**6:06}"


def line(n: int) -> list:
    """A row of the list as somebody typed it: a few clean, most of them not quite."""
    name = f"{FAMILY[(n - 1) % 10]} Văn {GIVEN[(n - 1) // 10]}"
    born: str | date = date(1960 + n // 2, 1 + n % 12, 1 + n % 28)
    if n % 5 == 1:
        name = unicodedata.normalize("NFD", name)
    if n % 7 == 2:
        name = f"  {name.replace(' ', chr(0xA0))} "
    if n % 3 == 0:
        born = f"{born:%d/%m/%Y}"
    elif n % 10 == 4:
        born = str(born.year)
    return [n, name, born, "Nam", "9", f"09{n * 99_991 % 10**8:08}", number(n), ""]


def one_off(number: str) -> str:
    """The number with one wrong digit."""
    return number[:-1] + str((int(number[-1]) + 5) % 10)


def messy(known: Person, alike: Person) -> bytes:
    """Sixty people below a title, with what goes wrong in such lists."""
    rows = [line(n) for n in range(1, 61)]
    rows[4][6] = int(number(5))  # a cell of numbers: the zeros are gone
    rows[9][6] = int(number(10))
    rows[19][2] = "31/02/1970"
    rows[29] = [30, *rows[7][1:]]  # the same person twice
    rows[39][1:7] = [known.name, date(1980, 5, 17), "Nam", "9", "", number_of(known)]
    rows[49][1:7] = [alike.name, date(1980, 5, 17), "Nam", "9", "", one_off(number_of(alike))]
    title = [["UBND XÃ PHÚ THỌ"], ["DANH SÁCH NGƯỜI TIÊM VẮC XIN PHÒNG COVID-19"], []]
    return xlsx([*title, HEADINGS, *rows, [], ["", "Tổng cộng: 60 người"]])


@pytest.fixture
def day(app, later) -> SimpleNamespace:
    """A station with two lots, its people at work, and a session this morning."""
    _nation, province, site = build.country()
    staff = {role: at_work(app, build.user(site, role)) for role in ROLES}
    staff["everything"] = at_work(app, build.user(site))
    staff["province"] = at_work(app, build.user(province, "province"))
    lot, other = build.holding(site, doses=60), build.holding(site, "ASTRAZENECA", doses=20)
    session = build.session(site, [lot, other], tables=2, default_lot=lot)
    clinic = Clinic(app, site, staff, session.id, later)
    known, alike = (build.person(site, name=name) for name in ("LƯƠNG VĂN ĐÌNH", "TẠ VĂN LỘC"))
    return SimpleNamespace(
        clinic=clinic, site=site, staff=staff, session=session, lot=lot, other=other,
        known=known, alike=alike, later=later, desk=OneDesk(clinic), head=staff["site_head"],
    )  # fmt: skip


def brings_the_list(day) -> Page:
    page = day.head.open_page(f"/sessions/{day.session.id}").follow("Nhập từ tệp")
    form = page.form("file")
    sent = {**form.values, "file": [(io.BytesIO(messy(day.known, day.alike)), "ds tiem xa.xls")]}
    return page.client.send(form.element.get("action"), sent)


def decides(page: Page, alike: Person) -> Page:
    """The zeros are put back, the look-alike is the person who is known."""
    assert "0010625" not in page.text
    chosen = {f"r{row}": "accept" for row in rows_in(page, "Có vẻ mất số 0")}
    chosen |= {f"r{row}": f"same:{alike.id}" for row in rows_in(page, "Nghi trùng")}
    assert len(chosen) == 3
    return page.form("Lưu quyết định").submit(**chosen)


def rows_in(page: Page, text: str) -> list[str]:
    """The ids of the rows that say this and wait for a decision."""
    found = [tr for tr in page.css("tbody tr") if text in tr.text_content()]
    return [tr.cssselect("input[type=radio]")[0].get("name")[1:] for tr in found]


def the_list(day) -> list[Person]:
    """Who is expected, in the order of the list."""
    return [row.person for row in Expected.listed(day.session.id)]


def a_bus_is_received(day, last: int) -> None:
    page = day.staff["reception"].open_page(f"/sessions/{day.session.id}/arrivals")
    page = page.submit(numbers=f"1-{last}")
    assert f"Đã tiếp đón {last} người" in page.text


def the_bus_is_vaccinated(day, people: list[Person]) -> None:
    """Consent and screening person by person; the doses of all with one press."""
    for person in people:
        page = day.staff["reception"].open_page(f"/visits/{visit_of(person).id}")
        page.form("agreed").submit(button="yes")
        page = day.staff["screener"].open_page(f"/visits/{visit_of(person).id}")
        page.submit(temperature="36,6")
    page = day.staff["vaccinator"].open_page(f"/sessions/{day.session.id}/batch")
    page = page.form("holding_id").submit(button="Chọn tất cả", holding_id=str(day.lot.id))
    form = page.form("holding_id")
    page = form.submit(button="Đã tiêm những người đã chọn")
    assert f"Đã ghi {len(people)} mũi tiêm" in page.text
    assert f"Đã ghi {len(people)} mũi tiêm" in form.submit(button="Đã tiêm những người").text
    assert [doses_of(person) for person in people] == [1] * len(people)


def a_wrong_lot_is_refused(day, person: Person) -> None:
    theirs = build.holding(build.country()[2])
    page = day.desk.meets(person).submit(holding_id=str(theirs.id))
    assert page.status == 422 and doses_of(person) == 0


def a_double_press_is_one_dose(day, person: Person) -> None:
    form = day.desk.meets(person).form("holding_id")
    assert form.submit().status == form.submit().status == 200
    assert doses_of(person) == 1


def a_wrong_dose_is_undone(day, person: Person) -> None:
    page = day.desk.meets(person).submit(holding_id=str(day.other.id))
    page = page.form("Hoàn tác").submit()
    assert visit_of(person).state == "ready" and Holding.get_by_id(day.other.id).balance == 20
    page.submit(holding_id=str(day.lot.id))
    assert visit_of(person).state == "observing"
    assert Dose.at_visit(visit_of(person).id).holding_id == day.lot.id


def a_walk_in_comes(day, card: str) -> None:
    page = day.clinic.board("reception").submit(what=card)
    page = page.form("Lập hồ sơ mới").submit().submit(phone="0912345678")
    page.form("Tiếp đón").submit()
    day.desk.vaccinates(Person.select().order_by(Person.id.desc()).get())


def somebody_without_papers_comes(day) -> None:
    page = day.staff["reception"].open_page(f"/people/new?session={day.session.id}")
    page = page.submit(name="Giàng A Páo", dob="1971", sex="M", kind="NONE")
    page.form("Tiếp đón").submit()
    person = Person.get(Person.name == "Giàng A Páo")
    page = day.clinic.staff["everything"].open_page(f"/sessions/{day.session.id}/desk")
    page = page.submit(what="giang a pao")
    page.submit("holding_id")
    assert doses_of(person) == 1


def the_power_is_cut(day, people: list[Person]) -> None:
    """Five people are vaccinated by the contingency list; in the afternoon the list is entered,
    and the head of the site approves."""
    sheet = day.head.open_page(f"/sessions/{day.session.id}/paper").submit("blank")
    assert people[0].name.upper() in sheet.text.upper()
    day.later(120)
    page = day.staff["everything"].open_page(f"/sessions/{day.session.id}/late")
    for n, person in enumerate(people, 1):
        page = page.submit(what=number_of(person))
        page = page.submit(
            given_time=f"9:{n:02}", holding_id=str(day.lot.id), cause="cause_cut",
            evidence=f"danh sách dự phòng, dòng {50 + n}", papers="yes",
        )  # fmt: skip
        assert "Chờ người thứ hai duyệt" in page.text and doses_of(person) == 0
    page = day.head.open_page(f"/sessions/{day.session.id}/late")
    form = page.form("Duyệt các dòng")
    page = form.submit(row=[box.get("value") for box in page.css("input[name=row]")])
    assert "Đã duyệt 5 mũi tiêm" in page.text
    assert {dose.source for dose in Dose.select().where(Dose.person.in_(people))} == {"late"}


def the_vials_are_counted(day, taken: int, broken: int, left: int) -> None:
    lots = f"/sessions/{day.session.id}/lots"
    page = day.staff["vaccinator"].open_page(f"{lots}/waste")
    page.submit(lot=str(day.lot.id), doses=str(broken), reason="waste_broken")
    page = day.staff["vaccinator"].open_page(f"{lots}/{day.lot.id}")
    page.submit(taken=str(taken), returned=str(left), why="đếm cuối buổi")


def closing_says_what_is_missing_and_closes(day) -> None:
    page = day.head.open_page(f"/sessions/{day.session.id}/closing")
    page = page.form("Kết thúc buổi tiêm").submit()
    assert page.status == 422 and "Chưa kết thúc được" in page.text
    the_vials_are_counted(day, taken=60, broken=6, left=1)
    board = day.clinic.board("observer", "observation")
    board.form("đã đủ 30 phút").submit()
    page = day.head.open_page(f"/sessions/{day.session.id}/closing")
    page = page.form("Kết thúc buổi tiêm").submit()
    assert "Biên bản kết thúc" in page.text
    assert VaccinationSession.get().closed_at


def the_report_says_what_the_records_say(day) -> None:
    """As a file, and sent before five; the sum holds (QĐ 3588/QĐ-BYT, PL 5)."""
    page = day.head.open_page("/reports/daily")
    assert "Chưa gửi" in page.text and "chưa kết thúc" not in page.text
    file = page.follow("Tải tệp .csv").response.get_data().decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(file)))
    heads = next(row for row in lines if row and row[0] == "TT")
    total = dict(zip(heads, next(row for row in lines if "Tổng cộng" in row), strict=False))

    def said(heading: str) -> int:
        return sum(int(n or 0) for head, n in total.items() if heading.lower() in head.lower())

    states = Counter(visit.state for visit in Visit.select())
    assert said("Số đối tượng") == 59 == sum(states.values())
    assert said("chuyển bệnh viện") == states["referred"]
    assert said("không đồng ý") == states["refused"]
    assert said("hoãn") == states["delayed"]
    assert said("chống chỉ định") == states["contraindicated"]
    assert said("Số tiêm được") == Dose.select().where(Dose.voided_at.is_null()).count() == 53
    assert said("Số hủy") == 6 and "hồi cứu" in file
    page = page.form("Gửi báo cáo").submit()
    assert "Đã gửi báo cáo" in page.text and "đúng hạn" in page.text


def test_a_whole_day(day):
    page = decides(brings_the_list(day), day.alike).form("Ghi 58 người").submit()
    while page.css('form[action$="/write"]'):  # a slow machine writes it in several goes
        page = page.form("Ghi tiếp").submit()
    people = the_list(day)
    assert len(people) == 58 and day.known in people and day.alike in people

    a_bus_is_received(day, 30)
    the_bus_is_vaccinated(day, people[:30])
    for person in people[30:32]:
        day.desk.is_refused_by(person)
    for person, conclusion in zip(people[32:36], OTHERWISE, strict=True):
        day.desk.finds(person, conclusion)
    a_wrong_lot_is_refused(day, people[36])
    a_double_press_is_one_dose(day, people[36])
    a_wrong_dose_is_undone(day, people[37])
    for person in people[38:50]:
        day.desk.vaccinates(person)
    a_walk_in_comes(day, CARD.format(number="001190123456", name="LÝ THỊ MƠ", day="05061990"))
    a_walk_in_comes(day, CARD.format(number="001192654321", name="CHU THỊ NHÀN", day="07081992"))
    day.desk.vaccinates(build.person(build.country()[2], name="KHÁCH TỈNH KHÁC"))
    somebody_without_papers_comes(day)
    day.later(40)
    the_power_is_cut(day, people[50:55])
    closing_says_what_is_missing_and_closes(day)

    states = Counter(visit.state for visit in Visit.select())
    assert states == {"done": 53, "refused": 2, "delayed": 2, "contraindicated": 1, "referred": 1}
    assert Holding.get_by_id(day.lot.id).balance == 60 - 53 - 6
    the_report_says_what_the_records_say(day)
    the_audit_holds(at_least=300)
