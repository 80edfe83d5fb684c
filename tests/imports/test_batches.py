"""Lists of every kind: several sheets, pasted numbers, what differs from the record, files to take
along, the command, and taking an import back."""

import io
import json
import os
import tempfile
from datetime import timedelta

import pytest
from werkzeug import formparser

from app import clock
from app.audit import AuditEntry
from app.cli import check_list
from app.imports import actions
from app.imports.models import Upload, UploadRow
from app.imports.reader import read
from app.outbox import OutboxEvent
from app.people import actions as people
from app.people.models import Care, Document, KeptApart, Person
from app.sessions.models import Expected
from app.visits.models import Visit
from tests import build
from tests.imports.conftest import number_of, row
from tests.imports.files import HEADINGS, xlsx

NAMES = ["TRẦN VĂN BA", "LÊ THỊ TƯ", "HOÀNG VĂN NĂM", "ĐỖ THỊ SÁU"]
BORN = {"dob_year": 1950, "dob_month": 7, "dob_day": 15}


def states():
    return [r.state for r in UploadRow.select().order_by(UploadRow.id)]


def known(site, n=1, **given):
    return build.person(site, number_of(n), **{"name": NAMES[0], **BORN, **given})


def table(page):
    """The rows of cells of a file that was sent."""
    (sheet,) = read(page)
    return [line.cells for line in sheet.rows]


def paste(desk, text):
    page = desk.client.open_page(f"/sessions/{desk.session.id}/import/numbers")
    return page.submit("Gửi và kiểm tra", text=text)


class TestSheets:
    def test_the_lists_of_all_sheets_are_taken_and_named(self, desk):
        sheets = {
            "Bìa": [["Sở Y tế"]],
            "Thôn 1": [["Danh sách"], HEADINGS, row(1), row(2, NAMES[1])],
            "Thôn 2": [HEADINGS, row(3, NAMES[2], dob="31/02/1950"), row(1)],
        }
        page = desk.send(xlsx(sheets=sheets))
        assert "Trang tính không có danh sách: Bìa" in page.text
        assert states() == ["row_new", "row_new", "row_wrong", "row_double"]
        assert "2 (Thôn 2)" in desk.rows("wrong").text
        assert "giống dòng 3 (Thôn 1)" in desk.rows("out").text

    def test_half_a_list_is_not_passed_over(self, desk):
        sheets = {
            "Thôn 1": [HEADINGS, row(1)],
            "Thôn 2": [["Họ và tên", "Giới tính"], ["A", "Nam"]],
        }
        page = desk.send(xlsx(sheets=sheets))
        assert page.status == 422 and "Trang tính Thôn 2 không có cột: Ngày sinh" in page.text

    def test_a_heading_that_is_repeated_is_no_person(self, desk):
        desk.send_rows(row(1), HEADINGS, row(2, NAMES[1]))
        assert states() == ["row_new", "row_new"]


class TestNumbers:
    def test_a_column_of_numbers_makes_a_list(self, desk):
        old, other = known(desk.site), known(desk.site, 2, name=NAMES[2])
        text = f"{number_of(1)}\r\n\n{number_of(2)};hoàng văn năm\t15/7/1950\n{number_of(3)}\nabc\n"
        page = paste(desk, text + number_of(1))
        assert states() == ["row_known", "row_known", "row_wrong", "row_wrong", "row_double"]
        assert "Chưa ai có số này" in desk.rows("wrong").text
        assert NAMES[0] in desk.rows("known").text, "whom the number means is seen"
        page.form("Ghi 2 người").submit()
        assert [e.person_id for e in Expected.select().order_by(Expected.number)] == [
            old.id, other.id,
        ]  # fmt: skip
        assert Person.select().count() == 2, "nobody is registered by a number"

    @pytest.mark.parametrize(
        ("beside", "message"),
        [("PHẠM THỊ HOA", "có họ tên khác"), ("15/07/1951", "có ngày sinh khác")],
    )
    def test_what_stands_beside_the_number_must_agree(self, desk, beside, message):
        known(desk.site)
        paste(desk, f"{number_of(1)} {beside}")
        assert states() == ["row_wrong"] and message in desk.rows("wrong").text

    def test_of_a_stranger_only_the_minimum_is_shown(self, desk):
        elsewhere = build.unit("station", desk.province)
        known(elsewhere, 1, name="PHẠM THỊ HOA")
        page = paste(desk, number_of(1))
        assert "PHẠM T** HOA" in page.text and "PHẠM THỊ HOA" not in page.text
        assert AuditEntry.select().where(AuditEntry.action == "search").count() == 1

    @pytest.mark.parametrize("text", ["", " \n ", "x" * 400_001])
    def test_nothing_or_too_much_is_refused_at_the_field(self, desk, text):
        page = paste(desk, text)
        assert page.status == 422 and page.css("#text-e")
        assert not Upload.select().exists()

    def test_more_lines_than_a_list_may_have_are_refused(self, desk):
        page = paste(desk, "1\n" * 20_001)
        assert page.status == 422 and "hơn 20000 dòng" in page.css("#text-e")[0].text_content()

    @pytest.mark.parametrize("text", ["\0", "=1+1", "🙂" * 300, "<b>x</b>", "1" * 400])
    def test_bad_lines_are_told(self, desk, text):
        assert paste(desk, text + "\n5").status == 200
        assert set(states()) == {"row_wrong"}


class TestDifferences:
    def test_what_the_record_says_otherwise_is_told_and_kept(self, desk):
        old = known(desk.site, name="TRẤN VĂN BÁ", phone="0912345678")
        page = desk.send_rows(row(1, phone="0987654321"))
        assert states() == ["row_differs"]
        assert "Hồ sơ: TRẤN VĂN BÁ." in page.text and "Hồ sơ: 0912345678." in page.text
        page.form("Ghi 1 người").submit()
        person = Person.get_by_id(old.id)
        assert (person.name, person.phone, person.version) == ("TRẤN VĂN BÁ", "0912345678", 1)
        assert Expected.get().person_id == old.id

    def test_what_the_record_lacks_is_added_only_when_confirmed(self, desk):
        old = known(desk.site)
        page = desk.send_rows(row(1, phone="0987654321"))
        assert states() == ["row_differs"] and "Hồ sơ chưa có mục này" in page.text
        row_id = UploadRow.get().id
        page = page.submit("Lưu quyết định", **{f"r{row_id}": "fill"})
        assert states() == ["row_fill"] and Person.get_by_id(old.id).phone is None
        page = page.submit("Lưu quyết định", **{f"r{row_id}": "keep"})
        assert states() == ["row_differs"]
        page = page.form("fill_all").submit(button="Bổ sung mọi hồ sơ")
        assert states() == ["row_fill"]
        page.form("Ghi 1 người").submit()
        assert Person.get_by_id(old.id).phone == "0987654321" and states() == ["row_added"]

    def test_what_is_known_elsewhere_is_not_shown(self, desk):
        elsewhere = build.unit("station", desk.province)
        known(elsewhere, phone="0912345678")
        page = desk.send_rows(row(1, phone="0987654321"))
        assert states() == ["row_differs"] and "0912345678" not in page.text

    def test_nothing_is_filled_where_nothing_lacks(self, desk):
        known(desk.site, phone="0912345678")
        page = desk.send_rows(row(1, phone="0987654321"))
        page.submit("Lưu quyết định", **{f"r{UploadRow.get().id}": "fill"})
        assert states() == ["row_differs"]


class TestFiles:
    def test_failed_rows_come_with_the_reason_and_can_be_sent_again(self, desk):
        headings = [*HEADINGS, "Màu áo"]
        desk.send_rows(
            [*row(1), "xanh"], [*row(2, NAMES[1], dob="31/02/1950"), "đỏ"], headings=headings
        )
        sent = desk.client.get(f"/imports/{Upload.get().id}/failed.xlsx")
        heads, line = table(sent.data)
        assert heads == [*headings, "Dòng", "Kết quả", "Lý do"]
        assert line[1:4] == [NAMES[1], "31/02/1950", "Nam"] and line[-4:-1] == ["đỏ", "3", "Lỗi"]
        assert line[-1] == "Cột Ngày sinh: Ngày này không có trong lịch."
        entry = AuditEntry.get(AuditEntry.action == "print")
        assert (entry.noun, entry.detail["rows"]) == ("upload", 1)
        line[2] = "28/02/1950"
        desk.send(xlsx([heads, line]))
        assert states()[-1] == "row_new"

    def test_all_rows_come_with_what_was_found(self, desk):
        desk.send_rows(row(1), row(1), row(2, NAMES[1], number=1050000017.0))
        sent = desk.client.get(f"/imports/{Upload.get().id}/all.xlsx")
        found = [(line[-2], line[-1]) for line in table(sent.data)[1:]]
        assert found[0] == ("Mới", "")
        assert found[1] == ("Dòng lặp", "Giống dòng 2.")
        assert "Có thể là: 001050000017." in found[2][1]

    def test_formulas_of_a_file_come_back_as_text(self, desk):
        desk.send_rows(row(1, "=cmd|' /C calc'!A0"))
        sent = desk.client.get(f"/imports/{Upload.get().id}/failed.xlsx")
        assert table(sent.data)[1][1].startswith("'=")

    def test_the_template_offers_what_may_be_chosen(self, desk):
        sheets = read(desk.client.get("/imports/template.xlsx").data)
        assert [sheet.name for sheet in sheets] == ["Danh sách", "Danh mục", "Hướng dẫn"]
        codes = [line.cells for line in sheets[1].rows]
        assert codes[0][0] == "Nhóm" and codes[1][0].startswith("1.") and len(codes) > 50

    def test_a_choice_of_the_template_is_understood(self, desk):
        codes = read(desk.client.get("/imports/template.xlsx").data)[1].rows
        line = row(1)
        line[4] = codes[9].cells[0]
        desk.send_rows(line)
        assert states() == ["row_new"]

    def test_nothing_of_a_large_file_stays_on_disk(self, desk, tmp_path, monkeypatch):
        opened = []

        class Spooled(tempfile.SpooledTemporaryFile):
            def __init__(self, *args, **kwargs):
                super().__init__(*args, **kwargs)
                opened.append(self)

        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        monkeypatch.setattr(formparser, "SpooledTemporaryFile", Spooled)
        line = row(1)
        line[-1] = os.urandom(700_000).hex()  # so large that it does not stay in memory
        desk.send_rows(line)
        assert list(tmp_path.iterdir()) == []
        assert opened and all(file.closed for file in opened)


class TestProgress:
    @pytest.fixture(autouse=True)
    def slow(self, monkeypatch):
        for module in (actions.check, actions.write, actions.undo):
            monkeypatch.setattr(module, "BATCH", 2)
        for work in (actions.check_some, actions.write_some, actions.undo_some):
            monkeypatch.setattr(work, "__defaults__", (0.0,))

    def test_without_javascript_the_page_goes_on_by_itself(self, desk):
        page = desk.send_rows(*(row(n, name) for n, name in enumerate(NAMES, 1)))
        refresh = page.css("noscript meta[http-equiv=refresh]")
        assert refresh and page.css("progress[max='4'][value='2']")
        path = f"/imports/{Upload.get().id}"
        assert refresh[0].get("content") == f"1;url={path}"
        page = desk.client.open_page(path)
        assert not page.css("meta[http-equiv]") and Upload.get().state == "checked"
        page = page.form("Ghi 4 người").submit()
        assert page.css("meta[http-equiv]") and Expected.select().count() == 2
        desk.client.open_page(path)
        assert Upload.get().state == "written" and Expected.select().count() == 4

    def test_nobody_else_goes_on_by_looking(self, desk):
        desk.send_rows(*(row(n, name) for n, name in enumerate(NAMES, 1)))
        build.sign_in(desk.client, build.user(desk.site, "site_head"))
        page = desk.client.open_page(f"/imports/{Upload.get().id}")
        assert "Còn 2 dòng" in page.text and not page.css("meta[http-equiv]")
        page.form("Kiểm tra tiếp").submit()
        assert Upload.get().state == "checked"

    def test_taking_back_goes_on_too(self, desk):
        path = f"/imports/{desk_upload(desk)}"
        page = desk.client.open_page(path).form("Rút lại lần nhập này").submit()
        assert Upload.get().state == "undoing" and "còn 2 dòng" in page.text
        page.form("Rút lại tiếp").submit()
        assert Upload.get().state == "undone" and not Expected.select().exists()


def desk_upload(desk):
    """Four people, written."""
    desk.send_rows(*(row(n, name) for n, name in enumerate(NAMES, 1)))
    upload = Upload.get()
    while actions.check_some(upload, desk.by):
        pass
    upload = Upload.within("/").get()
    while actions.write_some(upload, desk.by):
        upload = Upload.within("/").get()
    return upload.id


class TestUndo:
    def undo(self, desk):
        page = desk.client.open_page(f"/imports/{Upload.get().id}")
        return page.form("Rút lại lần nhập này").submit()

    def test_whoever_was_registered_is_gone_and_whoever_was_known_is_off_the_list(self, desk):
        old = known(desk.site, 2, name=NAMES[1])
        by_hand = build.person(desk.site)
        build.expected(desk.session, by_hand)
        desk.send_rows(row(1), row(2, NAMES[1])).form("Ghi 2 người").submit()
        page = self.undo(desk)
        assert states() == ["row_undone", "row_undone"] and "Đã rút lại" in page.text
        assert {p.id for p in Person.select()} == {old.id, by_hand.id}
        assert [e.person_id for e in Expected.select()] == [by_hand.id]
        assert Document.select().count() == 2
        gone = AuditEntry.get(AuditEntry.action == "remove")
        assert gone.detail == {"why": "registered_by_mistake"} and gone.noun == "person"
        assert OutboxEvent.select().where(OutboxEvent.event == "person.removed").count() == 1

    def test_the_same_file_can_be_sent_again(self, desk):
        desk.send_rows(row(1)).form("Ghi 1 người").submit()
        self.undo(desk)
        desk.send_rows(row(1)).form("Ghi 1 người").submit()
        assert Person.select().count() == Expected.select().count() == 1

    def test_twice_is_once(self, desk):
        desk.send_rows(row(1), row(2, NAMES[1])).form("Ghi 2 người").submit()
        form = desk.client.open_page(f"/imports/{Upload.get().id}").form("Rút lại")
        assert form.submit().status == form.submit().status == 200
        assert states() == ["row_undone"] * 2
        assert AuditEntry.select().where(AuditEntry.action == "remove").count() == 2

    def test_nothing_is_taken_back_once_somebody_was_received(self, desk):
        desk.send_rows(row(1), row(2, NAMES[1])).form("Ghi 2 người").submit()
        build.visit(desk.session, Person.select().first())
        page = self.undo(desk)
        assert page.status == 422 and "1 người của lần nhập này đã được tiếp nhận" in page.text
        assert Expected.select().count() == Person.select().count() == 2
        assert Upload.get().state == "written"

    @pytest.mark.parametrize(
        "since", ["visit", "list", "edit", "paper", "care", "alert", "upload", "apart"]
    )
    def test_somebody_with_whom_something_was_done_since_stays(self, desk, since):
        desk.send_rows(row(1)).form("Ghi 1 người").submit()
        person, other = Person.get(), build.session(desk.site, [])
        later = clock.now() + timedelta(minutes=1)
        if since == "visit":
            build.visit(other, person)
        elif since == "list":
            build.expected(other, person)
        elif since == "edit":
            Person.update(version=2).execute()
        elif since == "paper":
            Document.create(person=person, kind="CMND", number="010500001", added_at=later)
        elif since == "care":
            Care.create(person=person, unit=desk.province, since=later)
        elif since == "alert":
            people.add_alert(person.id, "reaction", "sốt")
        elif since == "upload":
            UploadRow.create(file=Upload.get(), seq=99, number=99, person=person)
        elif since == "apart":
            twin = build.person(desk.site)
            KeptApart.create(low=person, high=twin, reason="twin", by=desk.head, at=later)
        self.undo(desk)
        assert Person.select().where(Person.id == person.id).exists() == (since != "apart")
        assert not Expected.select().where(Expected.session == desk.session).exists()

    def test_what_was_not_written_cannot_be_taken_back(self, desk):
        page = desk.send_rows(row(1))
        values = page.form("Hủy lần nhập").values
        page = desk.client.send(f"/imports/{Upload.get().id}/undo", values)
        assert page.status == 422 and "đã ghi xong" in page.text
        assert Visit.select().count() == 0


class TestCommand:
    def run(self, desk, data, *args):
        runner = desk.app.test_cli_runner()
        with tempfile.NamedTemporaryFile() as file:
            file.write(data)
            file.flush()
            return runner.invoke(check_list, [file.name, *args])

    def test_each_row_has_a_verdict_and_nothing_is_written(self, desk):
        old = known(desk.site, 3, name=NAMES[2])
        twin = build.person(desk.site, None, name=NAMES[3], **BORN)
        data = xlsx([
            HEADINGS, row(1), row(1), row(2, NAMES[1], number=1050000017.0),
            row(3, NAMES[2]), row(4, NAMES[3]), row(5, "PHAN VĂN X", dob="31/02/1950"),
            row(6, "PHAN THỊ Y", sex="Nữ"),
        ])  # fmt: skip
        answer = self.run(desk, data)
        lines = [json.loads(line) for line in answer.output.splitlines()]
        assert answer.exit_code == 0
        assert [line["verdict"] for line in lines] == [
            "new", "double", "fix", "known", "alike", "wrong", "doubt",
        ]  # fmt: skip
        assert [line["row"] for line in lines] == list(range(2, 9))
        assert lines[2]["suggestions"] == {"number": "001050000017"}
        assert [lines[n]["person"] for n in (0, 3, 4)] == [None, old.id, twin.id]
        assert lines[5]["reasons"][0]["column"] == "dob" and lines[1]["reasons"][0]["code"]
        assert not Upload.select().exists() and Person.select().count() == 2
        assert not AuditEntry.select().exists()

    def test_a_file_without_a_list_is_one_line_and_a_failure(self, desk):
        answer = self.run(desk, b"\x89PNG\0")
        assert answer.exit_code == 1
        assert json.loads(answer.output) == {"file": "file_unknown", "values": {}}

    def test_one_sheet_alone_for_somebody_at_a_unit(self, desk):
        sheets = {"Thôn 1": [HEADINGS, row(1)], "Thôn 2": [HEADINGS, row(2, NAMES[1])]}
        lines = self.run(desk, xlsx(sheets=sheets)).output.splitlines()
        assert [json.loads(line)["sheet"] for line in lines] == ["Thôn 1", "Thôn 2"]
        unit = str(desk.site.id)
        lines = self.run(desk, xlsx(sheets=sheets), "--sheet", "Thôn 2", "--unit", unit).output
        assert json.loads(lines)["row"] == 2
        assert self.run(desk, xlsx(sheets=sheets), "--sheet", "Thôn 3").exit_code == 1
        assert self.run(desk, xlsx(sheets=sheets), "--unit", "99").exit_code == 1


@pytest.mark.parametrize("path", ["failed.xlsx", "all.xlsx"])
def test_files_of_an_upload_are_hidden_from_others(desk, path):
    desk.send_rows(row(1))
    elsewhere = build.user(build.unit("station", desk.province), "site_head")
    build.sign_in(desk.client, elsewhere)
    assert desk.client.get(f"/imports/{Upload.get().id}/{path}").status_code == 404


def test_a_list_is_never_sent_twice_as_a_file_and_as_numbers(desk):
    known(desk.site)
    first = paste(desk, number_of(1))
    assert paste(desk, number_of(1)).status == first.status == 200
    assert Upload.select().count() == 1
    assert desk.send(io.BytesIO(number_of(1).encode()).read()).status == 422
