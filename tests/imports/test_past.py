"""Doses given before, from a file to requests that a second person approves."""

import io
from types import SimpleNamespace

import pytest

from app import clock
from app.amendments.models import Amendment
from app.audit import AuditEntry, chain_key, verify
from app.imports import actions
from app.imports.models import PastFile, PastRow
from app.visits.models import Dose
from app.words import Refused
from tests import build
from tests.amendments.conftest import working
from tests.imports.conftest import number_of
from tests.imports.files import xlsx

HEADINGS = [
    "Họ và tên", "Ngày sinh", "Giới tính", "CMND/CCCD/Hộ chiếu", "Tên vắc xin", "Ngày tiêm",
    "Mũi tiêm", "Số lô", "Cơ sở tiêm", "Phản ứng sau tiêm",
]  # fmt: skip


def row(n=1, name="TRẦN VĂN BA", **given):
    cells = {
        "name": name, "dob": "15/07/1950", "sex": "Nam", "number": number_of(n),
        "product": "AstraZeneca", "given_on": "15/08/2021", "dose": "1", "lot": "ABV5811",
        "place": "Bệnh viện Bạch Mai", "reaction": "",
    }  # fmt: skip
    return list((cells | given).values())


def known(site, n=1, **given):
    values = {"name": "TRẦN VĂN BA", "dob_year": 1950, "dob_month": 7, "dob_day": 15} | given
    return build.person(site, number_of(n), **values)


class Desk(SimpleNamespace):
    """site, staff (asks), doctor (approves), client; see `send`."""

    def send(self, *rows, headings=HEADINGS, **typed):
        """Send rows below the headings, as a browser does; the page that answers."""
        page = self.client.open_page("/past-doses")
        form = page.form("file").values
        values = {key: form[key][0] for key in ("csrf_token", "key")}
        values |= {"proof": "proof_book", "evidence": "sổ A1", "reason": ""} | typed
        values["file"] = (io.BytesIO(xlsx([headings, *rows])), "mui.xlsx")
        return self.client.send("/past-doses", values, content_type="multipart/form-data")


def states():
    file = PastFile.select().order_by(PastFile.id.desc()).get()
    rows = PastRow.select().where(PastRow.file == file.id).order_by(PastRow.seq)
    return [one.state for one in rows]


def told(page):
    return [" ".join(line.text_content().split()) for line in page.css("tbody tr")]


@pytest.fixture
def desk(app, client):
    site = build.country()[2]
    staff, doctor = build.user(site), build.user(site, "screener", name="Bác Sĩ Duyệt")
    build.sign_in(client, staff)
    return Desk(site=site, staff=staff, doctor=doctor, client=client, app=app)


def test_from_the_file_to_doses_that_count(desk):
    ba, tu = known(desk.site), known(desk.site, 2, name="LÊ VĂN TƯ")
    page = desk.send(
        row(reaction="sốt nhẹ"), row(given_on="20/11/2021", dose="Mũi 2"), row(2, "LÊ VĂN TƯ")
    )
    assert states() == ["past_ready"] * 3 and not Amendment.select().exists(), "only checked so far"
    page = page.form("Ghi 3 mũi").submit()
    assert states() == ["past_asked"] * 3 and "Người thứ hai duyệt" in page.text
    assert not Dose.select().exists()
    first = Amendment.select().order_by(Amendment.id).get()
    assert (first.person, first.unit, first.asked_by) == (ba, desk.site, desk.staff)
    assert (first.cause, first.evidence) == ("proof_book", "sổ A1")
    assert first.reason == "Phản ứng sau tiêm: sốt nhẹ"
    build.sign_in(desk.client, desk.doctor)
    page = desk.client.open_page("/amendments")
    assert not page.css("input[name=row][checked]")
    page = page.follow("Đánh dấu mọi mũi")
    assert len(page.css("input[name=row][checked]")) == 3
    page = page.form("Duyệt các dòng").submit()
    assert "Đã duyệt 3 mũi tiêm" in page.text
    doses = Dose.of(ba.id)
    assert [(one.seq, one.source, one.place) for one in doses] == [
        (1, "elsewhere", "Bệnh viện Bạch Mai"), (2, "elsewhere", "Bệnh viện Bạch Mai"),
    ]  # fmt: skip
    assert Dose.of(tu.id).count() == 1 and verify(chain_key())[1] == []


def test_each_row_that_cannot_be_says_why(desk):
    known(desk.site)
    page = desk.send(
        row(given_on="31/02/2021"), row(product="Cúm", given_on="12/08/2021"), row(7),
        row(name="TRẦN VĂN BỐN", given_on="14/08/2021"),
        row(dob="16/07/1950", given_on="13/08/2021"), row(), row(lot="KHAC"),
    )  # fmt: skip
    assert states() == [
        "row_wrong", "row_wrong", "past_nobody", "past_other", "past_other", "past_ready",
        "row_double",
    ]  # fmt: skip
    lines = told(page)
    assert "Cột Ngày tiêm: Ngày này không có" in lines[0]
    assert "Cột Tên vắc xin: Không có vắc xin này" in lines[1]
    assert "Cột CMND/CCCD/Hộ chiếu: Chưa ai có số này" in lines[2]
    assert "Cột Họ và tên: Hồ sơ của người có số này ghi khác" in lines[3]
    assert "Cột Ngày sinh: Hồ sơ" in lines[4] and "ngày với dòng 7" in lines[5]
    page.form("Ghi 1 mũi").submit()
    assert Amendment.select().count() == 1
    assert not PastRow.select().where(PastRow.cells.is_null(False)).exists(), "nothing is kept"


def test_what_is_known_or_waits_is_not_asked_again(desk):
    person = known(desk.site)
    desk.send(row()).form("Ghi 1 mũi").submit()
    page = desk.send(row(lot="KHAC"))
    assert states() == ["past_there"] and "chờ duyệt" in told(page)[0]
    assert not page.css("form[action$='/ask']")
    visit = build.visit(build.session(desk.site, [build.holding(desk.site)]), person)
    build.dose(visit, build.holding(desk.site))
    today = clock.today().strftime("%d/%m/%Y")
    page = desk.send(row(given_on=today, product="Pfizer", dose="2"))
    assert states() == ["past_there"] and "cùng ngày" in told(page)[0]
    assert Amendment.select().count() == 1


def test_the_same_file_again_asks_nobody_twice(desk):
    known(desk.site)
    page = desk.send(row())
    desk.send(row())
    assert PastFile.select().count() == 1 and PastRow.select().count() == 1
    form = page.form("Ghi 1 mũi")
    form.submit()
    form.submit()
    assert Amendment.select().count() == 1
    Amendment.update(state="rejected", decided_at=clock.now()).execute()
    page = desk.send(row())
    assert PastFile.select().count() == 2 and states() == ["past_there"]
    assert "lần gửi trước" in told(page)[0] and Amendment.select().count() == 1


def test_a_dose_that_came_meanwhile_is_found_when_asking(desk):
    known(desk.site)
    page = desk.send(row())
    desk.send(row(lot="KHAC")).form("Ghi 1 mũi").submit()
    page.form("Ghi 1 mũi").submit()
    assert Amendment.select().count() == 1
    assert PastRow.select().where(PastRow.state == "past_there").count() == 1


def test_work_goes_on_where_time_was_up(desk):
    rows = [known(desk.site, n) and row(n) for n in range(1, 61)]
    by, papers = working(desk.staff), actions.Papers("proof_book", "1", "")
    first = actions.take_past(xlsx([HEADINGS, *rows]), papers, by)
    with pytest.raises(Refused, match="rows_unread"):
        actions.ask_past(PastFile.get_by_id(first), by)
    left = [actions.check_past(PastFile.get_by_id(first), seconds=0) for _batch in range(2)]
    left += [actions.ask_past(PastFile.get_by_id(first), by, seconds=0) for _batch in range(2)]
    assert left == [10, 0, 10, 0]
    assert Amendment.select().count() == 60 and PastFile.get().state == "written"


def test_a_search_by_number_is_written_down(desk):
    far = known(None)
    desk.send(row(), row(7))
    found = AuditEntry.select().where(AuditEntry.action == "search")
    assert [one.person_id for one in found] == [far.id]


@pytest.mark.parametrize(
    ("field", "typed"),
    [("evidence", " "), ("proof", "X"), ("reason", "")],
)
def test_the_papers_are_said_once(desk, field, typed):
    page = desk.send(row(), **({"proof": "proof_other"} | {field: typed}))
    assert page.status == 422 and page.css(f"#{field}-e") and not PastFile.select().exists()


def test_a_list_without_doses_is_refused(desk):
    page = desk.send(row()[:4], headings=HEADINGS[:4])
    assert page.status == 422 and "Tên vắc xin" in page.css("#file-e")[0].text_content()


def test_the_rows_to_mend_and_the_template_are_files(desk):
    known(desk.site)
    desk.send(row(given_on="31/02/2021"), row())
    answer = desk.client.get(f"/past-doses/{PastFile.get().id}/failed.xlsx")
    assert answer.status_code == 200 and answer.data[:2] == b"PK"
    entry = AuditEntry.select().where(AuditEntry.noun == "past_file", AuditEntry.action == "print")
    assert entry.get().detail["rows"] == 1
    assert desk.client.get("/past-doses/template.xlsx").data[:2] == b"PK"


def test_giving_up_erases_the_rows(desk):
    known(desk.site)
    desk.send(row()).form("Hủy lần nhập này").submit()
    assert PastFile.get().state == "cancelled" and not PastRow.select().exists()


def test_others_neither_see_nor_approve(desk):
    known(desk.site)
    desk.send(row()).form("Ghi 1 mũi").submit()
    page = desk.client.open_page("/amendments")
    assert not page.css("input[name=row]"), "nobody approves what they asked"
    build.sign_in(desk.client, build.user(build.country()[2]))
    desk.client.open_page(f"/past-doses/{PastFile.get().id}", status=404)
    page = desk.client.open_page("/amendments")
    assert not page.css("input[name=row]")


def test_of_ticked_rows_those_that_may_not_be_are_passed_over(desk):
    person = known(desk.site)
    desk.send(row()).form("Ghi 1 mũi").submit()
    build.sign_in(desk.client, desk.doctor)
    form = desk.client.open_page("/amendments?all=1").form("Duyệt các dòng")
    lot = build.holding(desk.site)
    visit = build.visit(build.session(desk.site, [lot]), person)
    at = clock.day_bounds(Amendment.get().asked_at.date().replace(2021, 8, 15))[0]
    build.dose(visit, lot, given_at=at)
    page = form.submit()
    assert page.status == 422 and "cùng ngày" in page.text
    assert Amendment.get().state == "pending" and Dose.select().count() == 1
    page = desk.client.open_page("/amendments").form("Duyệt các dòng").submit()
    assert page.status == 422 and "Duyệt" in page.text
