"""What was told at home, when registering, is shown where it is asked again."""

from datetime import datetime

from playhouse.test_utils import count_queries

from app import clock
from app.registrations import rules
from app.registrations.models import Registration
from app.vaccines.models import ReferenceVersion, catalogue_on
from app.visits.models import Visit
from tests import build
from tests.visits.test_desk import found

SENT = datetime(2021, 11, 19, 18, 30)  # half past one of the next day in Viet Nam
NO = dict.fromkeys(rules.ITEMS, "no")


def wish(here, person, state="listed", **history: str) -> Registration:
    """The wish of a person who was called, as told at home."""
    sheet = ReferenceVersion.get(ReferenceVersion.code == "adult",
                                 ReferenceVersion.kind == "consent")  # fmt: skip
    return build.wish(
        here.province, person=person, state=state, sent_at=SENT, history=NO | history,
        consent=sheet, consent_by="LÒ VĂN PÁ", consent_at=SENT,
    )  # fmt: skip


def opened(here, person, state="consented"):
    row = build.visit(here.session, person, state=state)
    return here.client.open_page(f"/visits/{row.id}")


def legend(page, text: str) -> str:
    """The question of the sheet that begins with this, with what stands at it."""
    (one,) = [one for one in page.css("legend") if one.text_content().startswith(text)]
    return " ".join(one.text_content().split())


def test_the_doctor_sees_at_each_question_what_was_told_at_home(here):
    person = build.person(here.site)
    wish(here, person, allergy="yes", allergen="tôm", acute="unknown", chronic="yes")
    page = opened(here, person)
    acute = legend(page, "2. Đang mắc bệnh cấp tính")
    assert acute.endswith("Đã khai khi đăng ký (20/11): bệnh cấp tính (không rõ)")
    assert legend(page, "6. Tiền sử dị ứng").endswith("(20/11): dị ứng (tôm)")
    (above,) = page.css("main > p.warn")
    assert above.text_content().strip() == (
        "Đã khai khi đăng ký (20/11): bệnh mạn tính đang tiến triển"
    )
    assert page.text.count("Đã khai khi đăng ký") == 3


def test_what_was_told_at_home_answers_nothing(here):
    person = build.person(here.site)
    wish(here, person, acute="yes")
    page = opened(here, person)
    assert not page.css("input[type=radio][checked]")
    page.form("temperature").submit(temperature="36,6")
    row = Visit.get()
    assert (row.state, row.answers["2"]["yes"]) == ("ready", False)


def test_what_no_question_of_the_sheet_asks_a_man_stands_above_it(here):
    person = build.person(here.site, sex="M")
    wish(here, person, pregnant="yes")
    assert "mang thai, cho con bú" in opened(here, person).css("main > p.warn")[0].text_content()


def test_a_plain_history_is_one_short_line(here):
    person = build.person(here.site)
    wish(here, person)
    page = opened(here, person)
    assert page.text.count("Đã khai khi đăng ký") == 1
    assert "Đã khai khi đăng ký (20/11): không có tiền sử gì" in page.text


def test_the_consent_given_at_home_is_named_and_still_asked(here):
    person = build.person(here.site)
    wish(here, person)
    page = opened(here, person, "arrived")
    told = page.css("p.good")[0].text_content().strip()
    assert told == "Đã đồng ý khi đăng ký (20/11): LÒ VĂN PÁ, theo QĐ 3588/QĐ-BYT"
    assert Visit.get().consent_at is None
    page.form("agreed").submit(button="yes")
    assert Visit.get().state == "consented"


def test_the_one_desk_shows_all_of_it(here):
    person = build.person()
    wish(here, person, state="allocated", bleeding="yes", pregnant="unknown")
    page = found(here, person)
    assert page.css("p.warn")[0].text_content().strip() == (
        "Đã đồng ý khi đăng ký (20/11): LÒ VĂN PÁ, theo QĐ 3588/QĐ-BYT. Khai: "
        "mang thai, cho con bú (không rõ); rối loạn đông máu, thuốc chống đông"
    )


def test_a_wish_that_ended_or_told_nothing_is_not_shown(here):
    person = build.person(here.site)
    for state in ("draft", "done", "withdrawn", "rejected"):
        wish(here, person, state=state, acute="yes")
    build.wish(here.province, person=person, state="listed", relation=rules.ORGANISATION)
    wish(here, build.person(here.site), acute="yes")
    assert "khi đăng ký" not in opened(here, person).text
    assert "khi đăng ký" not in found(here, person).text


def test_the_last_wish_counts(here):
    person = build.person(here.site)
    wish(here, person, acute="yes")
    wish(here, person)
    assert "không có tiền sử gì" in opened(here, person).text


def test_it_takes_no_statement_more_at_the_desk_and_one_at_the_sheet(here):
    person = build.person(here.site)
    row = build.visit(here.session, person, state="consented")

    def asked() -> tuple[int, int]:
        with count_queries() as sheet:
            here.client.get(f"/visits/{row.id}")
        page = here.client.open_page(f"/sessions/{here.session.id}/desk")
        with count_queries() as desk:
            page.form("what").submit(what=person.name)
        return sheet.count, desk.count

    asked()  # the first act of a day begins the chain of the audit
    before = asked()
    wish(here, person, acute="yes")
    assert asked() == before


def test_the_sheets_of_many_show_it_at_the_name(here):
    people = [build.person(here.site, name=f"LÒ VĂN {n}") for n in range(4)]
    for person in people:
        build.visit(here.session, person, state="consented")
    wish(here, people[0], acute="unknown")
    wish(here, people[0], allergy="yes", allergen="tôm")
    wish(here, people[1])
    wish(here, people[2], state="done", acute="yes")
    page = here.client.open_page(f"/sessions/{here.session.id}/sheets")
    rows = [" ".join(row.text_content().split()) for row in page.css("tbody tr")]
    assert "Đã khai khi đăng ký (20/11): dị ứng (tôm)" in rows[0]
    assert [row for row in rows if "khi đăng ký" in row] == rows[:1]


def test_the_sheets_of_many_ask_for_it_once(here):
    def asked() -> int:
        with count_queries() as sheets:
            here.client.get(f"/sessions/{here.session.id}/sheets")
        return sheets.count

    def waits() -> None:
        person = build.person(here.site)
        build.visit(here.session, person, state="consented")
        wish(here, person, acute="yes")

    waits()
    asked()
    before = asked()
    waits()
    assert asked() == before


def test_every_sheet_knows_questions_that_are_asked_at_home(here):
    for sheet in catalogue_on(clock.today()).forms:
        names = [name for item in sheet.items for name in item.at_home]
        assert names and set(names) <= set(rules.ITEMS) and len(names) == len(set(names))
