"""People whom their organisation registers by a spreadsheet, from the file to their wishes."""

import io
from datetime import timedelta
from functools import partial
from threading import Thread

import psycopg
import pytest

from app import clock
from app.audit import AuditEntry, chain_key, verify
from app.db import db, is_postgres
from app.imports import actions
from app.imports.models import WishFile, WishRow
from app.registrations import actions as registrations
from app.registrations import rules
from app.registrations.models import Registration
from app.units.models import Unit
from app.words import Refused
from tests import build
from tests.imports.conftest import number_of
from tests.imports.files import xlsx
from tests.registrations.test_queue import wish
from tests.registrations.test_send import WAITS

HEADINGS = ["Họ và tên", "Ngày sinh", "Giới tính", "CMND/CCCD", "Số điện thoại", "Nhóm đối tượng"]
COMPANY_PHONE = "0987654321"


def row(n=1, name="TRẦN VĂN BA", **given):
    cells = {
        "name": name, "dob": "15/07/1950", "sex": "Nam", "number": number_of(n), "phone": "",
        "group": "",
    }  # fmt: skip
    return list((cells | given).values())


@pytest.fixture
def province(app, client):
    """The province of Hà Nội; somebody of it is signed in."""
    _nation, mine, _site = build.country()
    Unit.update(area_scheme="vn34", area_code="01").where(Unit.id == mine.id).execute()
    build.sign_in(client, build.user(mine, "province"))
    return mine


def send(client, *rows, headings=HEADINGS, paste="", **typed):
    """Send rows below the headings, or pasted ones, as a browser does; the page that answers."""
    form = client.open_page("/organisations").form("file").values
    values = {key: form[key][0] for key in ("csrf_token", "key")}
    values |= {
        "name": "Công ty May Sông Hồng", "contact": "Lê Thị Hoa", "phone": COMPANY_PHONE,
        "commune": "Ba Đình, Hà Nội", "priority_group": "13", "half_day": "morning",
        "wished_on": (clock.today() + timedelta(7)).strftime("%d/%m/%Y"), "text": paste,
    }  # fmt: skip
    values["file"] = (io.BytesIO(xlsx([headings, *rows]) if rows else b""), "ds.xlsx" * bool(rows))
    return client.send("/organisations", values | typed, content_type="multipart/form-data")


def states():
    file = WishFile.select().order_by(WishFile.id.desc()).get()
    return [one.state for one in WishRow.select().where(WishRow.file == file).order_by(WishRow.seq)]


def wishes():
    return list(Registration.select().order_by(Registration.id))


def registered(client, *rows, **given):
    """The page after all good rows became wishes."""
    return send(client, *rows, **given).form("Đăng ký cho").submit()


def test_from_the_file_to_wishes(client, province):
    page = send(
        client, row(), row(2, "LÊ THỊ TƯ", dob="1960", sex="Nữ", number="", phone="0912345678"),
        row(3, "BÙI VĂN SÁU", group="9"),
    )  # fmt: skip
    assert states() == ["row_new"] * 3 and not wishes(), "only checked so far"
    page = page.form("Đăng ký cho 3 người").submit()
    assert states() == ["row_wished"] * 3 and "Đã ghi xong" in page.text
    ba, tu, sau = wishes()
    assert (ba.state, ba.unit, ba.relation) == ("sent", province, rules.ORGANISATION)
    assert (ba.by_name, ba.by_phone, ba.phone) == ("Lê Thị Hoa", COMPANY_PHONE, COMPANY_PHONE)
    assert (ba.workplace, ba.priority_group, ba.rank) == ("Công ty May Sông Hồng", "13", 13)
    assert (ba.wished_on, ba.half_day) == (clock.today() + timedelta(7), "morning")
    assert (ba.kind, ba.number, ba.area_code) == ("CCCD", number_of(1), "00004")
    assert (ba.consent, ba.history, ba.last_dose) == (None, {}, {}), "asked at the site"
    assert (tu.dob_year, tu.dob_month, tu.phone, tu.number) == (1960, None, "0912345678", "")
    assert (sau.priority_group, sau.rank) == ("9", 9)
    assert all(rules.normal(wish.code) == wish.code for wish in wishes())
    assert not WishRow.select().where(WishRow.cells.is_null(False)).exists(), "nothing is kept"
    verify(chain_key())


def test_pasted_rows_and_their_own_days(client, province):
    day = clock.today() + timedelta(20)
    heads = "\t".join([*HEADINGS[:4], "Ngày muốn được tiêm (dự kiến)", "Buổi tiêm mong muốn"])
    lines = [
        f"Trần Văn Ba\t1950\tNam\t{number_of(1)}\t{day:%d/%m/%Y}\tBuổi chiều",
        f"Lê Văn Tư\t1950\tNam\t{number_of(2)}\t01/01/2020\tlúc nào cũng được",
    ]
    page = send(client, paste="\n".join([heads, *lines]))
    assert states() == ["row_new", "row_fix"]
    assert "Chọn một ngày từ hôm nay" in page.text and "Ghi Buổi sáng, Buổi chiều" in page.text
    page.form("Nhận cách sửa").submit().form("Đăng ký cho 2 người").submit()
    ba, tu = wishes()
    assert (ba.wished_on, ba.half_day) == (day, "afternoon")
    assert (tu.wished_on, tu.half_day) == (clock.today() + timedelta(7), "morning")


def test_what_is_wrong_is_named_with_its_row_and_column(client, province):
    page = send(
        client, row(), row(2, "LÊ VĂN TƯ", dob="31/02/1960"), row(1),
        row(3, "BÙI VĂN SÁU", phone="12"), row(4, "LÊ VĂN BÉ", dob="15/07/2020"),
    )  # fmt: skip
    assert states() == ["row_new", "row_wrong", "row_double", "row_fix", "row_doubt"]
    ask, wrong = page, page.follow("Cần sửa")
    assert "Cột Số điện thoại" in ask.text and "12 → bỏ trống" in ask.text
    assert "Chưa đủ 18 tuổi" in ask.text or "giám hộ" in ask.text
    assert "Cột Ngày sinh" in wrong.text and "Giống dòng 2" in wrong.text
    file = client.get(f"/organisations/{WishFile.get().id}/failed.xlsx")
    assert file.status_code == 200 and file.data.startswith(b"PK")
    entry = AuditEntry.get(AuditEntry.action == "print", AuditEntry.noun == "wish_file")
    assert entry.detail["rows"] == 4
    ask.form("Đăng ký cho 1 người").submit()
    assert states() == ["row_wished", *["row_out"] * 4] and len(wishes()) == 1


def test_an_accepted_row_is_read_again_or_taken_as_it_is(client, province):
    page = send(
        client, row(3, "BÙI VĂN SÁU", phone="12"), row(4, "LÊ VĂN BÉ", dob="15/07/2020", number="")
    )
    both = [str(one.id) for one in WishRow.select()]
    page = page.form("Nhận cách sửa").submit(rows=both)
    assert states() == ["row_new"] * 2
    page.form("Đăng ký cho 2 người").submit()
    assert [wish.phone for wish in wishes()] == [COMPANY_PHONE] * 2


def test_a_number_that_lost_its_zeros_is_proposed(client, province):
    page = send(client, row(name="NGÔ VĂN NĂM", dob="1990", number="1090000123", phone="12"))
    assert "1090000123 → 001090000123" in page.text
    page.form("Nhận cách sửa").submit().form("Đăng ký cho 1 người").submit()
    assert (wishes()[0].number, wishes()[0].phone) == ("001090000123", COMPANY_PHONE)


def test_who_registered_already_is_named_and_not_doubled(client, province):
    registered(client, row(), row(2, "LÊ VĂN TƯ", number=""))
    page = registered(client, row(), row(2, "LÊ VĂN TƯ", number=""), row(5, "NGÔ VĂN NĂM"))
    assert states() == ["row_there", "row_there", "row_wished"]
    assert "Đã có đăng ký từ trước" in page.text and len(wishes()) == 3


def test_a_number_with_another_name_is_left_to_the_province(client, province):
    registered(client, row())
    page = send(client, row(name="PHẠM VĂN XA", phone="0912345678"))
    page.form("Đăng ký cho 1 người").submit()
    first, second = wishes()
    assert second.twin == first and first.twin is None


def test_who_registers_between_check_and_writing_is_not_doubled(client, province):
    page, again = send(client, row()), send(client, row(), contact="Lê Thị Mai")
    page.form("Đăng ký cho 1 người").submit()
    again.form("Đăng ký cho 1 người").submit()
    assert states() == ["row_there"] and len(wishes()) == 1


def at_once(app, postgres_url, first, second):
    """Do `first`, and `second` on a connection of its own before the first is committed."""

    def do():
        with db.connection_context(), app.app_context():
            second()

    other = Thread(target=do)
    with psycopg.connect(postgres_url, autocommit=True) as watch, db.atomic():
        first()
        other.start()
        while is_postgres() and other.is_alive() and not watch.execute(WAITS).fetchone():
            pass
    other.join()


@pytest.mark.parametrize("by", ["number", "telephone"])
def test_two_lists_written_at_once_make_one_wish_of_one_person(
    client, app, province, postgres_url, by
):
    known = {"phone": ""} if by == "number" else {"number": "", "phone": "0912345678"}
    send(client, row(**known), row(2, "LÊ VĂN TƯ"))
    send(client, row(3, "LÒ VĂN MÙI"), row(**known), contact="Lê Thị Mai", phone="0911111111")
    files = list(WishFile.select().order_by(WishFile.id))
    at_once(app, postgres_url, *(partial(actions.write_wishes, file) for file in files))
    names = sorted(wish.name for wish in wishes())
    assert names == ["LÊ VĂN TƯ", "LÒ VĂN MÙI", "TRẦN VĂN BA"]
    assert states() == ["row_wished", "row_there"]


def test_a_list_written_while_the_person_sends_a_draft_makes_no_second_wish(
    client, app, province, postgres_url
):
    send(client, row())
    draft = wish(province, name="TRẦN VĂN BA", folded="tran van ba", sex="male", dob_year=1950,
                 dob_month=7, dob_day=15, number=number_of(1), phone="0912345678", state="draft",
                 sent_at=None, occupation="Nông dân",
                 history=dict.fromkeys(rules.ITEMS, "no"))  # fmt: skip
    sent = partial(registrations.send, draft.id, "Trần Văn Ba")
    at_once(app, postgres_url, sent, partial(actions.write_wishes, WishFile.get()))
    assert [one.state for one in wishes()] == ["sent"] and states() == ["row_there"]


def test_pressed_twice_it_is_done_once(client, province):
    page = send(client, row())
    page.form("Đăng ký cho").submit()
    page.form("Đăng ký cho").submit()
    assert len(wishes()) == 1
    assert send(client, row(2)).status == 200 and send(client, row(2)).status == 200
    assert WishFile.select().count() == 2, "the same file sent again is the same one"


def test_undo_withdraws_what_nobody_decided_upon(client, province):
    page = registered(client, row(), row(2, "LÊ VĂN TƯ"))
    Registration.update(state="approved").where(Registration.id == wishes()[0].id).execute()
    page = page.form("Rút lại lần nhập này").submit()
    assert [wish.state for wish in wishes()] == ["approved", "withdrawn"]
    assert states() == ["row_decided", "row_undone"] and "Đã có quyết định" in page.text


def test_what_is_given_up_is_erased(client, province):
    send(client, row()).form("Hủy lần nhập này").submit()
    assert WishFile.get().state == "cancelled" and not WishRow.select().exists()
    with pytest.raises(Refused):
        actions.write_wishes(WishFile.get())
    with pytest.raises(Refused):
        actions.undo_wishes(WishFile.get())


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"name": ""}, "Tên cơ quan, tổ chức"),
        ({"phone": "12"}, "Số điện thoại liên hệ"),
        ({"commune": "Không Đâu"}, "Xã/Phường"),
        ({"commune": "Tân An, Cần Thơ"}, "Nơi này thuộc tỉnh khác"),
        ({"wished_on": "01/01/2020"}, "Chọn một ngày từ hôm nay"),
        ({"priority_group": ""}, "Nhóm ưu tiên"),
    ],
)
def test_what_is_wrong_with_the_organisation_is_said_at_its_field(client, province, typed, told):
    other = build.country()[1]
    Unit.update(area_scheme="vn34", area_code="92").where(Unit.id == other.id).execute()
    page = send(client, row(), **typed)
    assert page.status == 422 and told in page.css("[role=alert]")[0].text_content()
    assert not WishFile.select().exists()


def test_where_no_province_is_known_the_one_that_took_the_list_decides(client, province):
    page = send(client, row(), commune="Tân An, Cần Thơ")
    page.form("Đăng ký cho 1 người").submit()
    assert wishes()[0].unit == province


def test_a_list_needs_a_file_or_pasted_rows(client, province):
    assert send(client).status == 422
    page = send(client, paste="chỉ là chữ")
    assert page.status == 422 and "chỉ là chữ" in page.text


def test_the_queue_says_whom_an_organisation_sent_and_what_is_asked_at_the_site(client, province):
    registered(client, row())
    line = client.open_page("/registrations").css("tbody tr")[0].text_content()
    assert "Công ty May Sông Hồng" in line and "hỏi tại điểm tiêm" in line
    assert f"{COMPANY_PHONE} (Lê Thị Hoa)" in line


def test_the_queue_shows_those_of_organisations_alone(client, province):
    registered(client, row())
    mine = Registration.select().dicts().get() | {"code": rules.code(7), "relation": "self"}
    mine |= {"name": "LÒ THỊ MẨY", "number": ""}
    del mine["id"]
    Registration.create(**mine)
    page = client.open_page("/registrations")
    assert len(page.css("tbody tr")) == 2
    page = page.form("Lọc").submit(sent="list")
    assert [one.text_content() for one in page.css("tbody label")] == ["TRẦN VĂN BA"]
    assert page.css("input[name=sent][checked]")


def test_a_head_of_a_site_sends_a_list_and_sees_those_of_the_site_alone(client, app, province):
    registered(client, row())
    site = Unit.get(Unit.parent == province)
    head = build.sign_in(app.test_client(), build.user(site, "site_head"))
    assert head.open_page(f"/organisations/{WishFile.get().id}", 404)
    page = registered(head, row(2, "LÊ VĂN TƯ"))
    assert page.status == 200 and "LÊ VĂN TƯ" in page.text and wishes()[1].unit == province


def test_the_codes_are_given_out_as_a_file_that_is_no_formula(client, province):
    registered(client, row(), row(2, "LÊ VĂN TƯ", dob="1950", phone="0912345678"))
    file = client.get(f"/organisations/{WishFile.get().id}/codes.csv")
    lines = file.data.decode("utf-8-sig").splitlines()
    first, second = wishes()
    assert lines[0] == "Dòng,Họ và tên,Năm sinh,Số điện thoại,Mã đặt tiêm"
    assert lines[1] == f"2,TRẦN VĂN BA,1950,{COMPANY_PHONE},{rules.grouped(first.code)}"
    assert lines[2] == f"3,LÊ VĂN TƯ,1950,0912345678,{rules.grouped(second.code)}"
    entry = AuditEntry.get(AuditEntry.action == "export", AuditEntry.noun == "wish_file")
    assert entry.detail == {"rows": 2, "what": "codes"}
