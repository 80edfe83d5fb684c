"""The daily report as it is seen, sent, sent again, and taken along."""

import io
from datetime import timedelta

import pytest
from python_calamine import load_workbook

from app import clock
from app.accounts.roles import ROLES
from app.audit import AuditEntry
from app.reports import actions, models, rules
from app.reports.models import SentReport
from app.visits.models import Visit
from app.words import Refused
from tests import build
from tests.reports.days import DAY, EVERYTHING, day_at, react, waste

REPORT = "/reports/daily"


@pytest.fixture
def site(land):
    """The head of the station is signed in."""
    land.user = build.user(land.station)
    build.sign_in(land.client, land.user)
    return land


def lines(page):
    """Part A as a list of rows, also where it stands upright."""
    table = page.css("table")[0]
    rows = [
        [cell.text_content().strip() for cell in row.cssselect("td")]
        for row in table.cssselect("tbody tr")
    ]
    return [list(row) for row in zip(*rows, strict=True)] if table.cssselect("tbody th") else rows


def heads(page):
    """The headings of part A, of an upright one the last words."""
    texts = [" ".join(th.text_content().split()) for th in page.css("table")[0].cssselect("th")]
    return [text.split(" – ")[-1] for text in texts]


def open_report(land, **asked):
    return land.client.open_page(REPORT, query_string=asked, status=200)


def test_a_day_with_every_outcome_fills_the_form(site):
    made = day_at(site.station, **EVERYTHING, round="Đợt 9")
    react(made[0], "fever", "rash")
    react(made[1], "local_pain")
    react(made[2], serious=True)
    waste(build.holding(site.station, "COMIRNATY"), 3)
    page = open_report(site)
    name = "Comirnaty (Pfizer-BioNTech)"
    row = ["1", site.station.name, "Đợt 9", name, "12", "2", "3", "2", "1", "4", "0", "7", "3",
           "2", "1", "1", "1", "1", "3 người đang chờ; 1 người rời điểm tiêm"]  # fmt: skip
    assert lines(page) == [row]
    assert lines(page.follow("Bản in A4")) == [row, ["", "Tổng cộng", "", "", *row[4:]]]
    assert "Mũi 1" in heads(page) and "Khác" in heads(page)
    assert "Còn 1 buổi tiêm chưa kết thúc" in page.text


def test_doses_of_other_kinds_have_a_column_when_there_are_some(site):
    day_at(site.station, done=1)
    assert heads(open_report(site)).count("Khác") == 1, "of the signs"
    build.dose(build.visit(build.session(site.station)), kind="NHAC_LAI", seq=2)
    page = open_report(site)
    assert heads(page).count("Khác") == 2
    assert lines(page)[-1][9:12] == ["1", "0", "1"]


def test_late_entries_are_told_apart(site):
    session = build.session(site.station)
    given = clock.now() - timedelta(hours=26, minutes=1)
    build.dose(build.visit(session), source="late", given_at=given)
    build.dose(build.visit(session), source="late", given_at=given + timedelta(hours=20))
    build.dose(build.visit(session))
    assert lines(open_report(site))[0][-1] == "trong đó hồi cứu 2 mũi, muộn nhất 27 giờ"


def test_an_empty_day_can_be_sent(site):
    page = open_report(site)
    assert lines(page) == [["", "Tổng cộng", "", "", *["0"] * 14, ""]]
    assert page.submit("shown").text.count("Đã gửi báo cáo, bản 1.") == 1
    assert SentReport.get().report.lines == []


def test_a_province_has_a_line_for_each_unit_and_product(land):
    day_at(land.station, done=1, delayed=1)
    day_at(land.station, done=2, product="ASTRAZENECA")
    day_at(land.mobile, done=1)
    day_at(land.hospital, refused=1, product="VERO_CELL")
    day_at(land.elsewhere, **EVERYTHING)
    page = open_report(land)
    assert [(row[1], row[3][:6], row[4]) for row in lines(page)] == [
        ("Bệnh viện Đa khoa", "COVID-", "1"), (land.station.name, "COVID-", "2"),
        (land.station.name, "Comirn", "3"), ("Tổng cộng", "", "6"),
    ]  # fmt: skip
    page = open_report(land, unit=land.station.id)
    assert [row[1] for row in lines(page)] == [
        f"{land.station.name} (tại chỗ)", f"{land.station.name} (tại chỗ)", land.mobile.name,
        "Tổng cộng",
    ]  # fmt: skip


def test_it_is_sent_as_it_was_seen(site):
    day_at(site.station, done=1, refused=2)
    page = open_report(site)
    assert "Chưa gửi. Hạn gửi: 10/08/2021 17:00." in page.text
    page = page.submit("shown")
    assert "Đã gửi báo cáo, bản 1." in page.text and "đúng hạn" in page.text
    assert not page.css("[name=shown]"), "there is nothing to send again"
    row = SentReport.get()
    assert (row.unit_id, row.day, row.version, row.sent_by_id, row.sent_at) == (
        site.station.id, DAY.date(), 1, site.user.id, clock.now(),
    )  # fmt: skip
    assert row.report.lines[0].numbers["received"] == 3 and row.report.open == 1
    entry = AuditEntry.get(AuditEntry.noun == "daily_report", AuditEntry.action == "create")
    assert (entry.noun_id, entry.detail) == (
        site.station.id, {"on": "2021-08-10", "version": 1},
    )  # fmt: skip


def test_a_double_press_sends_once(site):
    day_at(site.station, done=1)
    form = open_report(site).form("shown")
    assert "Đã gửi báo cáo, bản 1." in form.submit().text
    assert "Đã gửi báo cáo, bản 1." in form.submit().text
    assert SentReport.select().count() == 1


def test_nobody_sends_what_they_did_not_see(site):
    session = day_at(site.station, done=1)[0].session
    page = open_report(site)
    build.visit(session, state="delayed")
    page = page.submit("shown")
    assert page.status == 422 and "Số liệu vừa thay đổi" in page.errors()[0]
    assert not SentReport.select().count() and lines(page)[-1][4] == "2"
    assert "bản 1" in page.submit("shown").text, "the page shows the new figures: now they go"


def test_of_two_people_one_sends(site):
    day_at(site.station, done=1)
    page = open_report(site)
    open_report(site).submit("shown")
    again = page.submit("shown")
    assert again.status == 422 and SentReport.select().count() == 1


def test_an_unchanged_report_is_not_sent_again(site):
    day_at(site.station, done=1)
    open_report(site).submit("shown")
    report = models.present(site.station, DAY.date())
    with pytest.raises(Refused) as refused:
        actions.send(site.station, DAY.date(), rules.digest(report, 2), site.user)
    assert refused.value.reasons[0][1] == "report_same"


def test_what_changed_is_said_and_sent_as_another_version(site):
    visit = day_at(site.station, done=2, arrived=1)[-1]
    with clock.frozen(DAY.replace(hour=16, minute=59)):
        open_report(site).submit("shown")
    Visit.update(state="refused").where(Visit.id == visit).execute()
    react(Visit.get(Visit.state == "done"), "fever")
    page = open_report(site)
    name = f"{site.station.name}, Comirnaty (Pfizer-BioNTech)"
    changed = [li.text for li in page.css("div.warn li")]
    assert changed == [
        f"{name}: {what}" for what in (
            "Phản ứng thông thường 0 → 1", "Số đối tượng 2 → 3", "Không đồng ý tiêm chủng 0 → 1",
            "Sốt 0 → 1", "Đang chờ 1 → 0",
        )
    ]  # fmt: skip
    with clock.frozen(DAY.replace(hour=19, minute=5)):
        page = page.submit("shown")
        assert "Đã gửi báo cáo, bản 2." in page.text
        assert "muộn 2 giờ 5 phút" in page.text and "đúng hạn" in page.text
        page = page.follow("Bản 1")
        assert "Đây là bản 1, đúng như khi gửi lúc 10/08/2021 16:59." in page.text
        assert lines(page)[0][4] == "2" and not page.css("[name=shown]")
        assert lines(page.follow("Bản in A4"))[0][4] == "2"
        assert lines(page.follow("Xem số liệu bây giờ"))[0][4] == "3"


@pytest.mark.parametrize(("at", "tone", "words"), [
    ((16, 59), "warn", "Chưa gửi. Hạn gửi"), ((17, 1), "bad", "Chưa gửi. Hạn gửi"),
])  # fmt: skip
def test_tt_13_2026_it_is_due_at_17_00(site, at, tone, words):
    with clock.frozen(DAY.replace(hour=at[0], minute=at[1])):
        page = open_report(site)
        assert words in page.css(f"div.{tone}")[0].text


def test_a_serious_case_is_listed_with_its_lot(site, client):
    visit = day_at(site.station, done=1)[0]
    react(visit, "rash", serious=True)
    page = open_report(site)
    case = [td.text_content() for td in page.css("table")[1].cssselect("td")]
    lot = visit.doses.get().lot_number
    assert case == ["1", visit.person.name, "1980", "Nam", site.station.name,
                    "Comirnaty (Pfizer-BioNTech)", lot, "08/11/2021", "10/08/2021 09:00",
                    "10/08/2021 09:20", "Phát ban"]  # fmt: skip
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.action, entry.noun, entry.detail["hits"]) == ("view", "daily_report", 1)
    build.sign_in(client, build.user(site.province, "auditor"))
    page = client.open_page(REPORT)
    assert visit.person.name not in page.body and visit.person.masked in page.text


def test_what_was_sent_holds_no_names(site):
    visit = day_at(site.station, done=1)[0]
    react(visit, "rash", serious=True)
    open_report(site).submit("shown")
    assert visit.person.name.split()[-1] not in str(SentReport.get().figures)
    assert visit.person.name in open_report(site, version=1).text


@pytest.mark.parametrize("address", [
    "?unit=999999", "?version=1", "?version=x", ".csv?version=7", "/paper?on=31/02/2021",
    ".pdf", ".csv?on=hom-qua",
])  # fmt: skip
def test_an_address_that_no_link_has_is_not_there(site, address):
    assert site.client.get(f"{REPORT}{address}").status_code == 404


def test_a_wrong_day_is_said_at_the_field(site):
    page = site.client.open_page(f"{REPORT}?on=31/02/2021", status=422)
    assert page.errors() and not page.css("table")


def test_what_is_elsewhere_is_not_there(site):
    day_at(site.station, done=1)
    for unit in (site.elsewhere, site.province, site.hospital):
        for page in (REPORT, f"{REPORT}/paper", f"{REPORT}.csv", "/reports/sent"):
            assert site.client.get(f"{page}?unit={unit.id}").status_code == 404
    form = open_report(site).form("shown")
    form.element.set("action", f"{REPORT}?unit={site.hospital.id}&on=10/08/2021")
    assert form.submit().status == 404 and not SentReport.select().count()


@pytest.mark.parametrize("role", ["national", "province", "site_head", "auditor"])
def test_who_may_send(land, client, role):
    at = {"national": land.nation, "site_head": land.station}.get(role, land.province)
    build.sign_in(client, build.user(at, role))
    assert bool(client.open_page(REPORT).css("[name=shown]")) == ("report.send" in ROLES[role])


def test_a_form_without_its_figures_sends_nothing(site):
    page = open_report(site).submit("shown", shown="")
    assert page.status == 422 and not SentReport.select().count()


def test_an_english_reader_gets_the_same_form(site):
    day_at(site.station, left=1, done=1)
    page = site.client.open_page(f"{REPORT}?lang=en")
    assert page.dom.get("lang") == "en" and "Send the report" in page.text
    assert "Số đối tượng trong ngày" in heads(page)
    assert lines(page)[0][-1] == "1 người rời điểm tiêm"


def test_files_have_the_same_cells_and_no_formula(site):
    site.station.name = "=cmd|Trạm"
    site.station.save()
    day_at(site.station, done=2, refused=1)
    wanted = lines(open_report(site))
    answer = site.client.get(f"{REPORT}.xlsx")
    rows = load_workbook(io.BytesIO(answer.get_data())).get_sheet_by_index(0).to_python()
    assert [_text(cell) for cell in rows[6]] == [wanted[0][0], "'=cmd|Trạm", *wanted[0][2:]]
    assert [_text(cell) for cell in rows[7]] == ["", "Tổng cộng", "", "", *wanted[0][4:]]
    assert isinstance(rows[6][4], float), "numbers can be summed"
    assert answer.headers["Content-Disposition"].endswith('"bao-cao-ngay-2021-08-10.xlsx"')
    text = site.client.get(f"{REPORT}.csv").get_data()
    assert text.startswith(b"\xef\xbb\xbf")
    assert ",3,0,1,0,0,2," in text.decode()
    assert b'"=' not in text and b",=" not in text


def _text(cell):
    return str(int(cell)) if isinstance(cell, float) else cell


def test_prints_and_exports_are_written_down(site):
    visit = day_at(site.station, done=1)[0]
    react(visit, "fever", serious=True)
    for address in (f"{REPORT}/paper", f"{REPORT}.csv", f"{REPORT}.xlsx"):
        assert site.client.get(address).status_code == 200
    found = AuditEntry.select().where(AuditEntry.noun == "daily_report").order_by(AuditEntry.id)
    assert [(one.action, one.detail) for one in found] == [
        (act, {"on": "2021-08-10", "rows": 2}) for act in ("print", "export", "export")
    ]


def test_it_is_reached_from_the_counts(site):
    page = site.client.open_page("/reports?on=9/8/2021").follow("Báo cáo ngày")
    assert page.url == REPORT and "09/08/2021" in page.css("h1")[0].text
