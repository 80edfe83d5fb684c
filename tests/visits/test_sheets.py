"""Paper sheets typed in afterwards: signed consents, and screenings on which all is Không."""

from decimal import Decimal

import pytest

from app import clock
from app.audit import chain_key, verify
from app.people.actions import add_alert
from app.visits import actions
from app.visits.models import Visit
from tests import build
from tests.visits.test_batch import left, state
from tests.visits.test_parallel import all_at_once, working


def page_of(here, name):
    return here.client.open_page(f"/sessions/{here.session.id}/{name}", status=200)


def waiting(here, count, state="arrived", **given):
    people = [build.person(here.site, **given) for _ in range(count)]
    return [build.visit(here.session, person, state) for person in people]


def test_signed_sheets_are_collected(here):
    visits = waiting(here, 3)
    page = here.client.open_page(f"/sessions/{here.session.id}/board?at=consent")
    page = page.follow("Ghi nhiều phiếu đồng ý")
    assert not page.css("input[checked]")
    form = page.form("visit").submit(button="Chọn tất cả").form("visit")
    form.values["visit"].remove(f"{visits[1].id}.1")
    pages = [form.submit(button="save") for _ in range(2)]
    assert all("Đã ghi 2 phiếu đồng ý (số 1, 3)" in page.text for page in pages)
    assert [state(visit) for visit in visits] == ["consented", "arrived", "consented"]
    signed = Visit.get_by_id(visits[0].id)
    assert (signed.consent_by, signed.consent_relation, signed.consent_signer) == (
        here.staff, "self", "",
    )  # fmt: skip
    assert signed.consent_text and signed.consent_at
    assert verify(chain_key())[1] == []


def test_a_childs_sheet_is_signed_on_its_own_page(here):
    child = waiting(here, 1, dob_year=clock.today().year - 13)[0]
    grown = waiting(here, 1)[0]
    page = page_of(here, "consents")
    assert len(page.css("[type=checkbox]")) == 1 and "giám hộ ký" in page.text
    page = page.form("visit").submit(
        button="save", visit=[f"{child.id}.1", f"{grown.id}.1"]
    )  # fmt: skip
    assert [state(child), state(grown)] == ["arrived", "consented"]
    assert "giám hộ ký" in left(page)[0]


def test_nobody_chosen_and_stale_ticks_are_told(here):
    visit = waiting(here, 1)[0]
    form = page_of(here, "consents").form("visit")
    page = form.submit(button="save")
    assert page.status == 422 and "Chưa chọn ai" in " ".join(page.errors())
    actions.leave(visit, 1, "", here.staff)
    page = form.submit(button="save", visit=[f"{visit.id}.1"])
    assert state(visit) == "left" and "Đã rời điểm tiêm" in left(page)[0]


def typed(visits, temperature="36,6"):
    return {f"t{v.id}": temperature for v in visits} | {f"n{v.id}": "1" for v in visits}


def test_a_grid_of_sheets_is_typed_in(here):
    visits = waiting(here, 3, "consented")
    page = here.client.open_page(f"/sessions/{here.session.id}/board?at=screening")
    page = page.follow("Nhập phiếu sàng lọc giấy")
    assert page.css("[autofocus]")[0].get("name") == f"t{visits[0].id}"
    assert not page.css("input[checked]") and "Chọn tất cả" not in page.text
    form = page.form(f"t{visits[0].id}")
    pages = [form.submit(**typed(visits[:2])) for _ in range(2)]
    assert all("Đã ghi 2 phiếu" in page.text and "(số 1, 2)" in page.text for page in pages)
    assert [state(visit) for visit in visits] == ["ready", "ready", "consented"]
    sheet = Visit.get_by_id(visits[0].id)
    assert (sheet.temperature, sheet.conclusion, sheet.computed, sheet.screened_by) == (
        Decimal("36.6"), "DU_DIEU_KIEN", "DU_DIEU_KIEN", here.staff,
    )  # fmt: skip
    assert sheet.answers and not any(answer["yes"] for answer in sheet.answers.values())


def test_a_row_is_the_same_as_the_sheet(here):
    one, two = waiting(here, 2, "consented")
    page_of(here, "sheets").submit(**typed([one]))
    page = here.client.open_page(f"/visits/{two.id}").form("temperature")
    page.submit(temperature="36,6")
    kept = ("answers", "flags", "computed", "conclusion", "screening_form", "temperature", "note")
    rows = [Visit.get_by_id(visit.id) for visit in (one, two)]
    assert [getattr(rows[0], name) for name in kept] == [getattr(rows[1], name) for name in kept]


def test_a_fever_goes_to_its_own_sheet_and_holds_up_nobody(here):
    ill, well = waiting(here, 2, "consented")
    page = page_of(here, "sheets").submit(**(typed([well]) | typed([ill], "38,2")))
    assert page.status == 200 and "Đã ghi 1 phiếu" in page.text
    assert [state(ill), state(well)] == ["consented", "ready"]
    assert ill.person.name in left(page)[0] and "Thận trọng" in left(page)[0]
    assert left(page)[0].endswith("Ghi ở phiếu riêng."), "who types rows is asked for nothing more"
    assert page.css(f"li a[href='/visits/{ill.id}']")


@pytest.mark.parametrize(
    ("temperature", "tick", "message"),
    [
        ("abc", "1", "Hãy nhập một số"),
        ("", "1", "Người này cần đo"),
        ("366", "1", "Giá trị phải từ"),
        ("NaN", "1", "Hãy nhập một số"),
        ("36,6", "", "Đánh dấu “Tất cả KHÔNG”"),
        ("9" * 1000, "1", "Giá trị phải từ"),
    ],
)
def test_a_wrong_row_is_told_at_its_field_and_nothing_is_written(here, temperature, tick, message):
    wrong, fine = waiting(here, 2, "consented")
    row = {f"t{wrong.id}": temperature, f"n{wrong.id}": tick}
    page = page_of(here, "sheets").submit(**(typed([fine]) | row))
    assert page.status == 422 and message in page.css(f"#t{wrong.id}-e")[0].text_content()
    assert page.css("[autofocus]")[0].get("name") == f"t{wrong.id}"
    values = page.form(f"t{fine.id}").values
    assert values[f"t{fine.id}"] == ["36,6"] and values[f"n{fine.id}"] == ["1"]
    if temperature != "NaN":
        assert values[f"t{wrong.id}"] == [temperature]
    assert {state(wrong), state(fine)} == {"consented"}


def test_who_needs_more_than_a_temperature_has_no_row_of_fields(here):
    old = waiting(here, 1, "consented", dob_year=clock.today().year - 80)[0]
    child = waiting(here, 1, "consented", dob_year=clock.today().year - 9)[0]
    warned, plain = waiting(here, 2, "consented")
    add_alert(warned.person_id, "reaction", "Phản vệ", serious=True)
    page = page_of(here, "sheets")
    assert [i.get("name") for i in page.css("td input")] == [f"t{plain.id}", f"n{plain.id}"]
    form = page.form(f"t{plain.id}")
    alone = [old, child, warned]
    form.names |= set(typed(alone))
    page = form.submit(**typed([*alone, plain]))
    assert state(plain) == "ready" and {state(visit) for visit in alone} == {"consented"}
    assert len(left(page)) == 3


def test_an_empty_grid_says_what_is_missing(here):
    visit = waiting(here, 1, "consented")[0]
    page = page_of(here, "sheets").form(f"t{visit.id}").submit()
    assert page.status == 422 and "Chưa chọn ai" in " ".join(page.errors())


def test_a_row_of_somebody_who_went_on_meanwhile_is_told(here):
    gone, here_still = waiting(here, 2, "consented")
    form = page_of(here, "sheets").form(f"t{gone.id}")
    actions.leave(gone, 1, "", here.staff)
    page = form.submit(**typed([gone, here_still]))
    assert [state(gone), state(here_still)] == ["left", "ready"]
    assert gone.person.name in left(page)[0]


def test_a_visit_of_another_unit_is_none_of_ours(here):
    stranger = build.visit(build.session(build.country()[2]), state="consented")
    waiting(here, 1, "consented")
    form = page_of(here, "sheets").form("Ghi các phiếu")
    form.names |= set(typed([stranger]))
    page = form.submit(**typed([stranger]))
    assert state(stranger) == "consented" and stranger.person.name not in page.text


def test_two_helpers_type_in_the_same_sheets_at_once(app):
    site = build.country()[2]
    staff, session = build.user(site), build.session(site)
    visits = [build.visit(session, state="consented") for _ in range(6)]

    def type_in(order):
        papers = {visit.id: actions.Paper(1, Decimal("36.6")) for visit in order}
        return actions.screen_all(session, papers, working(staff.id))

    found = all_at_once(app, [lambda o=o: type_in(o) for o in (visits, visits[::-1], visits)])
    done = [visit for one in found for visit, why in one.items() if not why]
    assert sorted(done) == [visit.id for visit in visits]
