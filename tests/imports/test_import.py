"""From a file to the list of a session: sent, checked, decided on, written."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from playhouse.test_utils import count_queries

from app import clock
from app.audit import AuditEntry
from app.db import db
from app.imports import actions
from app.imports.models import Upload, UploadRow
from app.people.models import Care, Document, IdentityVersion, KeptApart, Person
from app.sessions.models import Expected
from tests import build
from tests.imports.conftest import number_of, row
from tests.imports.files import HEADINGS, csv, xlsx

NAMES = ["TRẦN VĂN BA", "LÊ THỊ TƯ", "HOÀNG VĂN NĂM", "ĐỖ THỊ SÁU", "VŨ VĂN BẢY", "BÙI THỊ TÁM"]


def states():
    return [r.state for r in UploadRow.select().order_by(UploadRow.number)]


def listed():
    query = Expected.select(Expected, Person).join(Person).order_by(Expected.number)
    return [expected.person.name for expected in query]


def known(site, n=1, **given):
    """A person whose number is that of row(n)."""
    values = {"name": "TRẦN VĂN BA", "dob_year": 1950, "dob_month": 7, "dob_day": 15} | given
    return build.person(site, number_of(n), **values)


def test_new_and_known_people_come_onto_the_list(desk):
    old = known(desk.site, 2, name=NAMES[1], sex="M")
    page = desk.send_rows(row(1), row(2, NAMES[1]), row(3, NAMES[2], note="đi lại khó"))
    assert states() == ["row_new", "row_known", "row_new"]
    assert not Expected.select().exists() and Person.select().count() == 1, "only checked so far"
    page = page.form("Ghi 3 người vào danh sách").submit()
    assert states() == ["row_registered", "row_added", "row_registered"]
    assert listed() == [NAMES[0], NAMES[1], NAMES[2]]
    assert Expected.get(Expected.person == old).source == "file"
    new = Person.get(Person.name == NAMES[2])
    assert Care.get(Care.person == new).unit_id == desk.site.id
    assert IdentityVersion.get(IdentityVersion.person == new).by_id == desk.head.id
    assert Expected.get(Expected.person == new).note == "đi lại khó"
    page = page.follow("Về buổi tiêm")
    assert "3 người" in page.text and NAMES[2] in page.text


def test_after_writing_nothing_of_the_file_is_kept(desk):
    page = desk.send_rows(row(1), row(2, NAMES[1], dob="31/02/1950"))
    assert UploadRow.select().where(UploadRow.cells.is_null()).count() == 0
    page = page.form("Ghi 1 người").submit()
    assert states() == ["row_registered", "row_out"]
    assert UploadRow.select().where(UploadRow.cells.is_null(False)).count() == 0
    assert Upload.get().state == "written" and Upload.get().ended_at
    assert "Ngày này không có trong lịch" in desk.rows("out").text
    assert NAMES[1] not in desk.rows("out").text
    done = AuditEntry.select().where(AuditEntry.noun == "upload", AuditEntry.action == "change")
    assert done.get().detail["row_registered"] == 1


def test_each_wrong_row_names_its_row_and_column(desk):
    page = desk.send_rows(
        row(1, dob="31/02/1950"),
        row(2, "", sex="?"),
        row(3, NAMES[2], number="12"),
        row(4, NAMES[3]),
    )
    page = desk.rows("wrong")
    texts = [" ".join(line.text_content().split()) for line in page.css("tbody tr")]
    assert "2" in texts[0] and "Cột Ngày sinh: Ngày này không có" in texts[0]
    assert "Cột Họ và tên: Mục này chưa điền" in texts[1]
    assert "Cột Giới tính: Ghi Nam hoặc Nữ" in texts[1]
    assert "Cột CMND/CCCD/Hộ chiếu: Không nhận ra" in texts[2]
    assert states() == ["row_wrong"] * 3 + ["row_new"]
    page.form("Ghi 1 người").submit()
    assert listed() == [NAMES[3]]


def test_a_restored_zero_is_shown_and_confirmed(desk):
    page = desk.send_rows(row(1, number=1050000017.0))
    assert states() == ["row_fix"]
    assert "1050000017 → 001050000017" in page.text
    assert not page.css("form[action$=write]"), "nothing is written before it is decided"
    page = page.form("Lưu quyết định").submit()
    assert states() == ["row_new"]
    page.form("Ghi 1 người").submit()
    assert Document.get().number == "001050000017"


def test_a_proposal_may_be_declined(desk):
    page = desk.send_rows(row(1, number=1050000017.0))
    row_id = UploadRow.get().id
    page = page.submit("Lưu quyết định", **{f"r{row_id}": "leave"})
    assert states() == ["row_left"]
    page = page.submit("Lưu quyết định", **{f"r{row_id}": "again"})
    assert states() == ["row_fix"]


def test_a_look_alike_is_the_same_person(desk):
    old = build.person(desk.site, None, name=NAMES[0], dob_year=1950, dob_month=7, dob_day=15)
    page = desk.send_rows(row(1))
    assert states() == ["row_alike"] and "Trùng họ tên, ngày sinh và giới tính" in page.text
    assert page.css(f"a[href='/people/{old.id}']")
    page = page.submit("Lưu quyết định", **{f"r{UploadRow.get().id}": f"same:{old.id}"})
    page = page.form("Ghi 1 người").submit()
    assert Person.select().count() == 1 and Expected.get().person_id == old.id


def test_a_look_alike_is_another_person(desk):
    old = build.person(desk.site, None, name=NAMES[0], dob_year=1950, dob_month=7, dob_day=15)
    page = desk.send_rows(row(1))
    page = page.submit("Lưu quyết định", **{f"r{UploadRow.get().id}": "other"})
    assert states() == ["row_new"]
    page.form("Ghi 1 người").submit()
    assert Person.select().count() == 2
    assert {KeptApart.get().low_id, KeptApart.get().high_id} == {p.id for p in Person.select()}
    assert Expected.get().person_id != old.id


def test_a_number_under_another_name_is_decided_by_the_clerk(desk):
    old = known(desk.site, 1, name="PHẠM THỊ HOA")
    page = desk.send_rows(row(1))
    assert states() == ["row_alike"] and "Trùng số giấy tờ" in page.text
    row_id = UploadRow.get().id
    assert f"r{row_id}" in page.form("Lưu").names
    assert "other" not in {item.get("value") for item in page.css(f"[name=r{row_id}]")}
    page.submit("Lưu quyết định", **{f"r{row_id}": "other"})
    assert states() == ["row_alike"], "a number in force belongs to one person"
    page = page.submit("Lưu quyết định", **{f"r{row_id}": f"same:{old.id}"})
    page.form("Ghi 1 người").submit()
    assert listed() == ["PHẠM THỊ HOA"], "nothing of the record is overwritten"


def test_a_decision_names_only_those_who_were_shown(desk):
    build.person(desk.site, None, name=NAMES[0], dob_year=1950, dob_month=7, dob_day=15)
    stranger = build.person(desk.nation)
    page = desk.send_rows(row(1))
    row_id = UploadRow.get().id
    for spoilt in (
        f"same:{stranger.id}",
        "same:",
        "same:x",
        "write",
        "unread",
        "x" * 999,
        "leave:1",
    ):
        page.submit("Lưu quyết định", **{f"r{row_id}": spoilt})
        if spoilt != "leave:1":
            assert states() == ["row_alike"], spoilt


def test_of_a_stranger_only_the_minimum_is_shown(desk):
    elsewhere = build.unit("station", desk.province)
    known(elsewhere, 1, name="PHẠM THỊ HOA", phone="0912345678")
    page = desk.send_rows(row(1))
    assert "PHẠM T** HOA" in page.text and elsewhere.name in page.text
    assert "PHẠM THỊ HOA" not in page.text and "0912345678" not in page.text
    assert AuditEntry.select().where(AuditEntry.action == "search").count() == 1


def test_what_seems_wrong_is_confirmed_with_a_reason(desk):
    page = desk.send_rows(row(1, sex="Nữ"), row(2, NAMES[1], dob="15/07/1951"))
    assert states() == ["row_doubt", "row_doubt"]
    assert "Giới tính khác với số CCCD" in page.text
    first, second = (r.id for r in UploadRow.select().order_by(UploadRow.number))
    again = page.submit("Lưu quyết định", **{f"r{first}": "accept"})
    assert again.status == 422 and states() == ["row_doubt", "row_doubt"]
    page = page.submit(
        "Lưu quyết định", why="đã xem thẻ", **{f"r{first}": "accept", f"r{second}": "leave"}
    )
    assert states() == ["row_new", "row_left"]
    page.form("Ghi 1 người").submit()
    assert Person.get().identity_note == "đã xem thẻ"


def test_doubled_rows_are_left_out_and_named(desk):
    page = desk.send_rows(
        row(1), row(2, NAMES[1]), row(1), row(9, NAMES[1], number=""), row(5, "VŨ VĂN A"),
        row(5, "VŨ VĂN B"),
    )  # fmt: skip
    assert states() == [
        "row_new", "row_new", "row_double", "row_double", "row_wrong", "row_wrong",
    ]  # fmt: skip
    assert "giống dòng 2" in desk.rows("out").text
    assert "Số này cũng ở dòng 7, với họ tên khác" in desk.rows("wrong").text
    page.form("Ghi 2 người").submit()
    assert listed() == [NAMES[0], NAMES[1]]


def test_a_doubled_row_may_be_another_person(desk):
    desk.send_rows(row(1), row(2, number=""))
    page = desk.rows("out")
    second = UploadRow.get(UploadRow.number == 3).id
    page = page.submit("Lưu quyết định", **{f"r{second}": "again"})
    assert states() == ["row_new", "row_new"]
    page = page.form("Ghi 2 người").submit()
    assert states() == ["row_registered", "row_alike"], "now there is somebody of that name"
    assert Upload.get().state == "checked"
    page = page.submit("Lưu quyết định", **{f"r{second}": "other"})
    page.form("Ghi 1 người").submit()
    assert states() == ["row_registered", "row_registered"]


def test_typical_messes_are_right(desk):
    page = desk.send_rows(
        row(1, "  nguyễn\u00a0văn   an ", date(1950, 7, 15)),
        row(2, "Le\u0302 Thi\u0323 Bi\u0300nh", 1951, "Nữ", number="001151000002", phone=912345678),
        row(3, "PHẠM VĂN CẢNH", 18459),
        row(4, "ĐỖ VĂN DŨNG", "7/1950", number="001 050 000 004"),
        ["", "", "", "", "", "", "", ""],
        ["", "Tổng cộng: 4 người"],
    )
    assert states() == ["row_new", "row_fix", "row_fix", "row_new"], "no person is the sum"
    page = page.form("Lưu quyết định").submit()
    page.form("Ghi 4 người").submit()
    people = {p.folded: p for p in Person.select()}
    assert str(people["nguyen van an"].dob) == "15/07/1950"
    assert people["nguyen van an"].name == "nguyễn văn an"
    assert people["le thi binh"].name == "Lê Thị Bình" and str(people["le thi binh"].dob) == "1951"
    assert people["le thi binh"].phone == "0912345678"
    assert str(people["pham van canh"].dob) == "15/07/1950"
    assert Document.get(Document.person == people["do van dung"]).number == "001050000004"


def test_headings_below_a_title_and_on_the_second_sheet(desk):
    title = [["SỞ Y TẾ"], ["DANH SÁCH ĐỐI TƯỢNG TIÊM"], []]
    below = [HEADINGS, ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)"], row(1)]
    desk.send(xlsx(sheets={"Bìa": title, "Danh sách": [*title, *below]}))
    assert states() == ["row_new"] and UploadRow.get().number == 6


def test_a_text_file(desk):
    texts = [[str(cell) for cell in line] for line in (HEADINGS, row(1), row(2, NAMES[1]))]
    desk.send(csv(texts, ";"), "danh-sach.csv")
    assert states() == ["row_new", "row_new"]


def test_columns_without_a_meaning_are_named(desk):
    page = desk.send_rows([*row(1), "x", "a@b.vn"], headings=[*HEADINGS, "Màu áo", "Email"])
    assert "Cột không dùng đến: Màu áo; Email." in page.text


def test_the_template_can_be_filled_in_and_sent(desk):
    page = desk.client.open_page(f"/sessions/{desk.session.id}/import")
    href = next(a.get("href") for a in page.css("a") if "tệp mẫu" in a.text_content())
    answer = desk.client.get(href)
    assert answer.status_code == 200 and "attachment" in answer.headers["Content-Disposition"]
    page = desk.send(answer.data)
    assert page.status == 422 and "không có dòng nào" in page.text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(b"", "Chọn tệp danh sách", id="no file"),
        pytest.param(b" ", "Tệp này trống", id="empty"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "Không đọc được tệp", id="picture"),
        pytest.param(b"a,b\0", "Không đọc được tệp", id="NUL"),
        pytest.param("Họ và tên".encode("utf-16-be"), "Không đọc được tệp", id="no mark"),
        pytest.param(b"Nguy\xea\xf2n,1950", "không phải Unicode", id="windows-1258"),
        pytest.param(xlsx([["a", "b"]]), "Không thấy cột: Họ và tên", id="no headings"),
        pytest.param(
            xlsx([["Họ và tên", "Giới tính"], ["A", "Nam"]]), "Không thấy cột: Ngày sinh",
            id="no birth date",
        ),
        pytest.param(xlsx([["x"]] * 30 + [HEADINGS, row(1)]), "Không thấy cột", id="too far down"),
        pytest.param(xlsx([HEADINGS]), "không có dòng nào", id="no rows"),
        pytest.param(
            xlsx([HEADINGS, row(1, "NguyÔn V¨n A"), row(2, "TrÇn ThÞ B")]), "bảng mã cũ",
            id="TCVN3",
        ),
        pytest.param(
            csv([HEADINGS, *([str(c) for c in row(1)] for _ in range(20_001))]), "hơn 20000 dòng",
            id="too many rows",
        ),
        pytest.param(
            xlsx([HEADINGS], **{"xl/media/1.png": b"\0" * (81 << 20)}), "quá lớn khi mở ra",
            id="zip bomb",
        ),
    ],
)  # fmt: skip
def test_a_file_without_a_list_is_refused_at_the_field(desk, data, message):
    page = desk.send(data, "danh-sach.xlsx" if data else "")
    assert page.status == 422 and message in page.css("#file-e")[0].text_content()
    assert not Upload.select().exists()


def test_a_file_that_is_too_large_is_told(desk):
    page = desk.client.open_page(f"/sessions/{desk.session.id}/import")
    data = {"file": (io.BytesIO(b"x" * (11 << 20)), "a.xlsx")}
    answer = desk.client.post(page.url, data=data, content_type="multipart/form-data")
    assert answer.status_code == 413 and "10 MB" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "cell",
    [
        "x" * 1_000_000, "\x01\x02", "\u202eabc", "🙂" * 50, "e\u0301" * 500, "=cmd|' /C calc'!A0",
        "<script>alert(1)</script>", "'; drop table person; --", "9" * 400, "-1", "31/02/2020",
        "%(name)s", "{{ 7*7 }}", "\ufffe", "\ue000",
    ],
)  # fmt: skip
def test_bad_cells_in_every_column_are_told_in_their_row(desk, cell):
    rows = []
    for column in range(1, len(HEADINGS)):
        line = row(column, NAMES[column % 6])
        line[column] = cell
        rows.append(line)
    if "\x01" in cell or "\ufffe" in cell:  # no XML may hold these
        page = desk.send(csv([[str(c) for c in line] for line in (HEADINGS, *rows)], ","))
    else:
        page = desk.send_rows(*rows)
    assert page.status in (200, 422)
    if page.status == 200:
        assert set(states()) <= {"row_wrong", "row_fix", "row_new", "row_doubt", "row_left"}
        assert "49" not in page.text.split(), "nothing is computed"
        page = (
            page.form("leave_rest").submit(button="Để lại mọi dòng") if "ask" in page.body else page
        )
    assert not Person.select().exists()


def test_the_same_file_twice_is_one_upload(desk):
    data = xlsx([HEADINGS, row(1)])
    assert desk.send(data).status == desk.send(data).status == 200
    assert Upload.select().count() == 1


def test_a_file_that_was_written_before_changes_nothing(desk):
    build_file = [row(1), row(2, NAMES[1], number=""), row(3, NAMES[2], dob="x")]
    desk.send_rows(*build_file).form("Ghi 2 người").submit()
    page = desk.send_rows(*build_file)
    again = UploadRow.select().join(Upload).where(Upload.ended_at.is_null())
    assert [r.state for r in again.order_by(UploadRow.number)] == [
        "row_listed", "row_listed", "row_wrong",
    ]  # fmt: skip
    page.form("Ghi 0 người").submit()
    assert Person.select().count() == Expected.select().count() == 2


def test_rows_of_a_longer_file_that_are_known_change_nothing(desk):
    desk.send_rows(row(1), row(2, NAMES[1])).form("Ghi 2 người").submit()
    page = desk.send_rows(row(1), row(2, NAMES[1]), row(3, NAMES[2]))
    page.form("Ghi 1 người").submit()
    assert Person.select().count() == Expected.select().count() == 3


def test_writing_twice_writes_once(desk):
    form = desk.send_rows(row(1), row(2, NAMES[1])).form("Ghi 2 người")
    form.submit()
    assert form.submit().status in (200, 422)
    assert Person.select().count() == Expected.select().count() == 2


def test_writing_stops_before_something_is_decided(desk):
    page = desk.send_rows(row(1), row(2, NAMES[1], number=1050000017.0))
    upload = Upload.get()
    values = page.form("Hủy lần nhập").values
    page = desk.client.send(f"/imports/{upload.id}/write", values)
    assert page.status == 422 and "Còn 1 dòng chưa quyết định" in page.text
    page = page.form("leave_rest").submit(button="Để lại mọi dòng")
    page.form("Ghi 1 người").submit()
    assert states() == ["row_registered", "row_out"]


def test_long_files_are_checked_and_written_in_several_requests(desk, monkeypatch):
    for module in (actions.check, actions.write):
        monkeypatch.setattr(module, "BATCH", 2)
    monkeypatch.setattr(actions.check.check_some, "__defaults__", (0.0,))
    monkeypatch.setattr(actions.write.write_some, "__defaults__", (0.0,))
    page = desk.send_rows(*(row(n, name) for n, name in enumerate(NAMES[:5], 1)))
    assert "Còn 3 dòng chưa kiểm tra" in page.text
    page = page.form("Kiểm tra tiếp").submit()
    page = page.form("Kiểm tra tiếp").submit()
    page = page.form("Ghi 5 người").submit()
    assert "còn 3 dòng" in page.text and len(listed()) == 2
    page = page.form("Ghi tiếp").submit()
    page = page.form("Ghi tiếp").submit()
    assert listed() == NAMES[:5] and Upload.get().state == "written"


def test_somebody_registered_meanwhile_is_noticed(desk):
    page = desk.send_rows(row(1), row(2, NAMES[1]))
    known(desk.site, 1)
    page = page.form("Ghi 2 người").submit()
    assert states() == ["row_known", "row_registered"]
    page.form("Ghi 1 người").submit()
    assert sorted(listed()) == sorted(NAMES[:2]) and Person.select().count() == 2


def test_a_deceased_person_is_not_listed(desk):
    known(desk.site, 1, deceased_on=clock.today())
    page = desk.send_rows(row(1))
    assert states() == ["row_wrong"] and "đã mất" in page.text


def test_a_person_without_a_number_is_registered(desk):
    desk.send_rows(row(1, number="chưa có")).form("Ghi 1 người").submit()
    assert Document.get().kind == "NONE"


def test_an_upload_is_given_up(desk):
    page = desk.send_rows(row(1))
    page = page.form("Hủy lần nhập này").submit()
    assert "Đã hủy" in page.text
    assert not UploadRow.select().exists() and Upload.get().state == "cancelled"
    assert desk.client.open_page(f"/imports/{Upload.get().id}").status == 200


def test_what_nobody_ended_is_forgotten(desk):
    desk.send_rows(row(1))
    Upload.update(at=clock.now() - timedelta(days=4)).execute()
    desk.send_rows(row(2, NAMES[1]))
    first, second = Upload.select().order_by(Upload.id)
    assert (first.state, second.state) == ("cancelled", "checked")
    assert not UploadRow.select().where(UploadRow.file == first).exists()


def test_a_session_that_is_over_takes_no_list(desk):
    desk.session.held_on = clock.today() - timedelta(1)
    desk.session.save()
    page = desk.client.open_page(f"/sessions/{desk.session.id}/import")
    assert not page.css("input[type=file]")
    values = {"file": (io.BytesIO(xlsx([HEADINGS, row(1)])), "a.xlsx")}
    answer = desk.client.post(page.url, data=values, content_type="multipart/form-data")
    assert answer.status_code in (400, 422) and not Upload.select().exists()


def test_two_requests_write_one_upload_at_once(desk):
    desk.send_rows(*(row(n, name) for n, name in enumerate(NAMES, 1)))
    upload_id, together = Upload.get().id, Barrier(3)

    def write(_n):
        with db.connection_context(), desk.app.app_context():
            upload = Upload.within("/").where(Upload.id == upload_id).get()
            together.wait()
            return actions.write_some(upload, desk.by)

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(write, range(3))) == [0, 0, 0]
    assert sorted(listed()) == sorted(NAMES) and Person.select().count() == len(NAMES)
    assert Upload.get().state == "written"


def test_the_page_of_many_rows_is_paged_and_needs_few_queries(desk):
    def queries():
        with count_queries() as counter:
            assert desk.client.open_page(f"/imports/{Upload.get().id}").status == 200
        return counter.count

    twin = {"dob_year": 1950, "dob_month": 7, "dob_day": 15}
    for _ in range(3):
        build.person(desk.site, None, name=NAMES[0], **twin)
    page = desk.send_rows(*(row(n, NAMES[0]) for n in range(1, 61)))
    assert len(page.css("tbody tr")) == 50
    assert len(page.follow("Trang sau").css("tbody tr")) == 10
    queries()
    assert queries() <= 10


PAGES = ("/imports/{id}", "/sessions/{session}/import")


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_does_not_see_that_it_exists(desk, path):
    page = desk.send_rows(row(1))
    elsewhere = build.user(build.unit("station", desk.province), "site_head")
    build.sign_in(desk.client, elsewhere)
    path = path.format(id=Upload.get().id, session=desk.session.id)
    assert desk.client.open_page(path).status == 404
    values = page.form("Ghi").values
    with desk.client.session_transaction():
        pass
    for act in ("check", "decide", "write", "cancel"):
        answer = desk.client.post(f"/imports/{Upload.get().id}/{act}", data=values)
        assert answer.status_code in (400, 404)
    assert not Person.select().exists()


@pytest.mark.parametrize("path", [*PAGES, "/imports/template.xlsx"])
def test_the_wrong_role_is_refused(desk, path):
    desk.send_rows(row(1))
    build.sign_in(desk.client, build.user(desk.site, "vaccinator"))
    path = path.format(id=Upload.get().id, session=desk.session.id)
    assert desk.client.get(path).status_code == 403
