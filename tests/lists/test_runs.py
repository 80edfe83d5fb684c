"""Lists that go out on paper with a code in each row, and come back."""

import pytest

from app import clock
from app.audit import AuditEntry
from app.lists import actions
from app.lists.models import PrintedRow, PrintRun
from app.people.models import Document, Person
from app.sessions.models import Expected
from tests import build
from tests.lists.test_lists import BY_NAME, logged, printed


def set_down(here):
    """The list for the police of the present people, as it is printed."""
    return here.client.open_page("/lists/police").form("Lập danh sách").submit()


def column(page, number):
    return [row[number] for row in printed(page)]


def test_the_police_gets_whole_numbers_of_those_who_are_not_verified(here):
    Person.update(identity_state="verified").where(Person.name == "LÊ VĂN ÂN").execute()
    Person.update(identity_state="mismatch").where(Person.name == "TRẦN THỊ BÌNH").execute()
    build.person(here.site, name="JOHN SMITH", nationality="US")
    build.person(here.site, number=None, name="PHẠM VĂN BÉ")
    page = here.client.open_page("/lists").follow("Danh sách đối chiếu")
    known = Document.get(Document.person == here.people["H'ĐĂM NIÊ"]).number
    assert known not in page.body and f"…{known[-4:]}" in page.text
    assert "LÊ VĂN ÂN" not in page.text and "JOHN" not in page.text
    page = page.form("Lập danh sách").submit()
    doubts = dict(zip(column(page, 2), column(page, 7), strict=True))
    assert doubts == {
        "NGUYỄN VĂN AN": "Chưa đối chiếu", "PHẠM VĂN BÉ": "Chưa có số",
        "TRẦN THỊ BÌNH": "Đối chiếu: sai thông tin", "ĐỖ THỊ ĐÀO": "Chưa đối chiếu",
        "H'ĐĂM NIÊ": "Chưa đối chiếu",
    }  # fmt: skip
    number = Document.get(Document.person == here.people["NGUYỄN VĂN AN"]).number
    assert printed(page)[0][5] == number and "0912345" not in page.text
    for who in ("Người lập danh sách", "Trưởng trạm Y tế", "Công an cấp xã", "CV 2262/BYT-CNTT"):
        assert who in page.text
    assert actions.run_code(PrintRun.get().id) in page.text


def test_setting_down_and_printing_are_both_in_the_audit(here):
    set_down(here)
    made = AuditEntry.get(AuditEntry.action == "create", AuditEntry.noun == "list")
    assert (made.noun_id, made.detail) == (PrintRun.get().id, {"kind": "police", "rows": 5})
    assert logged().detail == {"kind": "police", "form": "print", "rows": 5, "unit": here.site.id}
    run = PrintRun.get()
    assert (run.rows, run.unit_id, run.by_id) == (5, here.site.id, here.head.id)
    links = {a.text: a.get("href") for a in here.client.open_page("/lists").css("tbody a")}
    assert here.client.get(links["Excel"]).status_code == 200
    assert logged().detail["form"] == "xlsx"


def test_the_second_press_sets_nothing_down_again(here):
    form = here.client.open_page("/lists/police").form("Lập danh sách")
    form.submit()
    form.submit()
    assert PrintRun.select().count() == 1 and PrintedRow.select().count() == 5


def test_a_list_stays_as_it_went_out(here):
    page = set_down(here)
    build.person(here.site, name="AN AN")
    Person.update(identity_state="verified").execute()
    again = here.client.open_page(f"/lists/runs/{PrintRun.get().id}/print")
    assert column(again, 1) == column(page, 1) and column(again, 2) == BY_NAME


def test_the_code_of_a_row_leads_back_to_the_record(here):
    page = set_down(here)
    code = column(page, 1)[2]
    opened = here.client.open_page("/lists").submit("code", code=f" {code.lower()} ")
    assert opened.url == f"/people/{here.people[BY_NAME[2]].id}"


@pytest.mark.parametrize("wrong", ["", "1", "1-0001", "%%%", "1-9999Z", "x" * 40, "\x00"])
def test_a_wrong_code_is_told_at_its_field(here, wrong):
    page = here.client.open_page("/lists").submit("code", code=wrong)
    assert page.status == 422 and page.errors()


def test_one_wrong_sign_in_a_code_is_noticed(here):
    set_down(here)
    code = actions.row_code(PrintRun.get().id, 1)
    assert actions.row_with(code, here.site.path) == here.people[BY_NAME[0]]
    for place, sign in enumerate(code):
        if sign != "-":
            other = code[:place] + ("2" if sign != "2" else "3") + code[place + 1 :]
            assert actions.row_with(other, here.site.path) is None, other


def test_the_code_of_another_unit_leads_nowhere(here):
    set_down(here)
    code = actions.row_code(PrintRun.get().id, 1)
    other = build.unit("station", here.nation)
    assert actions.row_with(code, other.path) is None
    build.sign_in(here.client, build.user(other, "site_head"))
    assert here.client.open_page("/lists").submit("code", code=code).status == 422
    assert here.client.get(f"/lists/runs/{PrintRun.get().id}/print").status_code == 404


def test_codes_stay_short(here):
    assert actions.row_code(1, 1) == f"1-0001{actions.row_code(1, 1)[-1]}"
    assert len(actions.row_code(40_000, 99_999)) == 10


def paper(here, blank="3"):
    page = here.client.open_page(f"/sessions/{here.session.id}").follow("Giấy dùng khi mất điện")
    return page.submit("blank", blank=blank)


def test_the_list_for_a_power_cut_has_codes_and_empty_rows(here):
    page = paper(here)
    rows = printed(page)
    assert [row[3] for row in rows] == [*BY_NAME, "", "", ""]
    assert all(row[1] for row in rows) and len({row[1] for row in rows}) == 8
    heads = [th.text_content() for th in page.css("thead th")]
    for head in ("Đồng ý", "Nhiệt độ", "Kết luận khám", "Số lô", "Giờ tiêm", "Người tiêm ký"):
        assert head in heads
    assert "Cộng: 5 người" in page.text and logged().detail["rows"] == 5
    run = PrintRun.get()
    assert (run.kind, run.session_id, run.rows, run.blank) == ("paper", here.session.id, 5, 3)
    assert actions.row_with(rows[7][1], here.site.path) is None, "nobody stands there yet"


def test_who_was_taken_off_the_list_stays_on_the_paper(here):
    page = paper(here)
    Expected.delete().where(Expected.number == 1).execute()
    again = here.client.open_page(f"/lists/runs/{PrintRun.get().id}/print")
    assert column(again, 3) == column(page, 3)


@pytest.mark.parametrize("blank", ["", "-1", "201", "x", "9" * 30])
def test_a_wrong_number_of_empty_rows(here, blank):
    page = paper(here, blank)
    assert page.status == 422 and page.errors() and not PrintRun.select().exists()


def test_the_empty_forms_match_the_screen(here):
    page = here.client.open_page(f"/sessions/{here.session.id}/paper").follow("NGƯỜI TỪ 18")
    visit = build.visit(here.session, state="consented")
    build.sign_in(here.client, build.user(here.site))
    screen = here.client.open_page(f"/visits/{visit.id}")
    for legend in screen.css("fieldset.yn legend"):
        assert " ".join(legend.text_content().split()) in page.text
    for option in screen.css("[name=conclusion] option"):
        assert option.text_content() in page.text
    assert "Đồng ý tiêm chủng" in page.text and "độ C" in page.text
    assert logged().detail == {"kind": "forms_blank", "rows": 0, "session": here.session.id}


def test_a_child_has_the_sheets_for_children(here):
    child = build.person(
        here.site, name="LÊ BÉ", dob_year=clock.today().year - 8, guardian_name="LÊ MẸ"
    )
    build.expected(here.session, child)
    page = here.client.open_page(f"/sessions/{here.session.id}/paper/named")
    assert len(page.css("section")) == 12 and logged().detail["rows"] == 6
    text = [" ".join(s.text_content().split()) for s in page.css("section")]
    mine = [n for n, one in enumerate(text) if "LÊ BÉ" in one]
    assert "người giám hộ" in text[mine[0]] and len(mine) == 2
    assert sum("Cha, mẹ hoặc người giám hộ" in one for one in text) == 1
    assert here.client.get(f"/sessions/{here.session.id}/paper/blank?sheet=x").status_code == 404


def test_forms_with_names_come_by_the_hundred(here):
    for _ in range(100):
        build.expected(here.session, build.person(here.site))
    page = here.client.open_page(f"/sessions/{here.session.id}/paper")
    first, rest = page.follow("người thứ 1 đến 100"), page.follow("người thứ 101 đến 105")
    assert len(first.css("section")) == 200 and len(rest.css("section")) == 10
    assert logged().detail["rows"] == 5
