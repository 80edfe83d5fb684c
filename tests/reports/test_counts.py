"""The count of a day: from the records, at every level, and the visits behind each number."""

import random
from datetime import timedelta

import pytest
from playhouse.test_utils import count_queries

from app import clock
from app.reactions.models import Reaction
from app.reports import models, rules
from app.vaccines.models import catalogue_on
from app.visits.models import Dose, Visit
from app.visits.rules import STATES
from tests import build
from tests.reports.days import DAY, EVERYTHING, day_at

TODAY = "10/08/2021"


def figures(page):
    """The counts that stand above the tables, by their words."""
    found = {}
    for item in page.css("ul.t li"):
        number, words = item.text_content().split(maxsplit=1)
        found[words] = int(number)
    return found


def table(page, caption):
    """The rows of a table as lists of texts."""
    for one in page.css("table"):
        if caption in one.cssselect("caption")[0].text:
            return [
                [cell.text_content().strip() for cell in row.cssselect("td")]
                for row in one.cssselect("tbody tr")
            ]
    raise AssertionError(f"no table {caption}: {page.text}")


def test_a_province_counts_what_its_sites_did(land):
    day_at(land.station, **EVERYTHING)
    day_at(land.mobile, done=2, refused=1)
    day_at(land.elsewhere, done=9, refused=9)
    page = land.client.open_page("/reports")
    assert figures(page) == {
        "Số đối tượng": 19, "Chuyển bệnh viện tiêm": 2, "Không đồng ý tiêm chủng": 4,
        "Hoãn tiêm": 2,
        "Chống chỉ định": 1, "Tiêm được": 6, "Rời điểm tiêm": 1, "Đang chờ": 3,
        "Phản ứng thông thường": 0, "Tai biến nặng": 0,
    }  # fmt: skip
    assert "Chưa có lượt nào: Bệnh viện Đa khoa" in page.text


def test_qd_3588_pl5_the_results_make_up_everybody(land):
    day_at(land.station, **EVERYTHING)
    counts = models.counts(land.province, DAY.date())[land.station.id]
    assert counts.adds_up and counts.of["received"] == 16
    assert sum(counts.of[name] for name in rules.OUTCOMES) == 16


def test_a_dose_that_is_missing_is_seen(land):
    visit = day_at(land.station, done=2)[0]
    assert "không khớp" not in land.client.open_page("/reports").text
    Dose.delete().where(Dose.visit == visit).execute()
    assert "không khớp" in land.client.open_page("/reports").text


def test_a_mobile_site_has_its_row_under_the_station(land):
    day_at(land.station, done=3)
    day_at(land.mobile, done=2)
    day_at(land.hospital, done=1)
    rows = table(land.client.open_page("/reports"), "Kết quả theo đơn vị")
    assert [row[:2] for row in rows] == [
        ["Bệnh viện Đa khoa", "1"], [land.station.name, "5"], ["Tổng", "6"]
    ]  # fmt: skip
    page = land.client.open_page(f"/reports?unit={land.station.id}")
    assert [row[:2] for row in table(page, "Kết quả theo đơn vị")] == [
        [f"{land.station.name} (tại chỗ)", "3"], [land.mobile.name, "2"], ["Tổng", "5"]
    ]  # fmt: skip


def test_doses_are_told_apart_by_kind_number_and_product(land):
    first = day_at(land.station, done=2)
    again = build.session(land.hospital, [build.holding(land.hospital, "VERO_CELL")])
    build.dose(build.visit(again, first[0].person))
    build.dose(build.visit(again), kind="NHAC_LAI")
    page = land.client.open_page("/reports")
    assert table(page, "theo loại mũi") == [
        ["Bệnh viện Đa khoa", "0", "1", "1"], [land.station.name, "2", "0", "0"],
        ["Tổng", "2", "1", "1"],
    ]  # fmt: skip
    heads = [th.text for th in page.css("table")[1].cssselect("th")]
    assert heads == ["Đơn vị", "Liều cơ bản 1", "Liều cơ bản 2", "Liều nhắc lại 1"]
    assert table(page, "theo vắc xin")[-1] == ["Tổng", "2", "2"]


def test_a_person_with_several_notes_is_one_reaction(land):
    ill, worse, *_ = day_at(land.station, done=3)
    for visit, serious in ((ill, False), (ill, False), (worse, False), (worse, True)):
        Reaction.create(
            visit=visit, dose=visit.doses.get(), unit=visit.unit_id, signs=["fever"],
            serious=serious, noted_at=clock.now(), noted_by=visit.arrived_by,
        )  # fmt: skip
    page = land.client.open_page("/reports")
    found = figures(page)
    assert (found["Phản ứng thông thường"], found["Tai biến nặng"]) == (1, 1)
    assert len(page.follow("Tai biến nặng").css("tbody tr")) == 1
    assert ill.person.name in page.follow("Phản ứng thông thường").text


def test_a_day_is_the_day_of_the_session(land):
    yesterday = DAY.date() - timedelta(days=1)
    day_at(land.station, on=yesterday, done=1)
    assert figures(land.client.open_page("/reports"))["Số đối tượng"] == 0
    page = land.client.open_page("/reports").submit(on="9/8/2021")
    assert figures(page)["Số đối tượng"] == 1
    assert "09/08/2021" in page.text


@pytest.mark.parametrize("typed", ["31/02/2021", "hôm qua", "11/08/2021", "08/2021", "x" * 1000])
def test_a_wrong_day_is_said_at_the_field(land, typed):
    page = land.client.open_page("/reports", query_string={"on": typed}, status=422)
    assert page.errors() and page.form("on").values["on"] == [typed]


@pytest.mark.parametrize("address", [
    "/reports?unit=999999", "/reports?unit=x", "/reports?unit=-1", "/reports?unit=9999999999999999",
    "/reports/visits?on=31/02/2021", "/reports/visits?count=nobody", "/reports/visits?kind=MUI_1",
    "/reports/visits?after=x", "/reports/visits?kind=CO_BAN&seq=two",
])  # fmt: skip
def test_an_address_that_no_link_has_is_not_there(land, address):
    assert land.client.get(address).status_code == 404


def test_what_is_elsewhere_is_not_there(land):
    for page in ("", "/visits"):
        for unit in (land.elsewhere, land.nation):
            assert land.client.get(f"/reports{page}?unit={unit.id}").status_code == 404


def test_every_count_leads_to_as_many_visits(land):
    day_at(land.station, **EVERYTHING)
    day_at(land.mobile, done=2, delayed=1, product="ASTRAZENECA")
    day_at(land.elsewhere, **EVERYTHING)
    followed = 0
    for unit in (land.province, land.station):
        page = land.client.open_page(f"/reports?unit={unit.id}")
        for link in page.css("td a, ul.t a"):
            if not link.get("href").startswith("/reports/visits"):
                continue
            text = link.text if link.text.isdecimal() else link.getparent().cssselect("b")[0].text
            behind = land.client.open_page(link.get("href"), status=200)
            assert len(behind.css("tbody tr")) == int(text), link.get("href")
            followed += 1
    assert followed > 40


def test_names_are_for_those_who_may_see_people(land, client):
    visit = day_at(land.station, done=1)[0]
    page = land.client.open_page("/reports").follow("Tiêm được")
    assert visit.person.name in page.text
    assert page.follow(visit.person.name).url == f"/visits/{visit.id}"
    build.sign_in(client, build.user(land.province, "auditor"))
    page = client.open_page("/reports").follow("Tiêm được")
    assert visit.person.name not in page.body and visit.person.masked in page.text
    assert not page.css(f'a[href*="/visits/{visit.id}"]')


def test_a_long_list_goes_on_where_it_stopped(land):
    made = day_at(land.station, done=0, delayed=60) + day_at(land.hospital, delayed=45)
    page = land.client.open_page("/reports").follow("Hoãn tiêm")
    seen = [a.get("href") for a in page.css("td a")]
    while page.css("a[rel=next]"):
        page = page.follow("Trang sau")
        seen += [a.get("href") for a in page.css("td a")]
    assert sorted(seen) == sorted(f"/visits/{visit.id}" for visit in made)
    assert page.follow("Về đầu danh sách").url == "/reports/visits"


def test_a_page_asks_the_database_as_often_at_every_size(land):
    catalogue_on(DAY.date())
    day_at(land.station, done=1)
    with count_queries(only_select=True) as few:
        land.client.open_page(f"/reports?unit={land.province.id}")
    for number in range(12):
        site = build.unit("station", land.province, name=f"Trạm {number}")
        day_at(site, done=2, refused=2, product=("COMIRNATY", "ASTRAZENECA")[number % 2])
    with count_queries(only_select=True) as many:
        land.client.open_page(f"/reports?unit={land.province.id}")
    assert few.count == many.count <= 6


def test_the_day_of_a_real_province_weighs_4_kb(land):
    """A2: a hundred stations. Their own numbers are links on their own pages, the sums here."""
    chosen = random.Random(1)
    for number in range(100):
        site = build.unit("station", land.province, name=f"Trạm Y tế xã {chosen.choice(NAMES)} "
                          f"{chosen.choice(NAMES)} {number}")  # fmt: skip
        session = build.session(site, [])
        states = {"refused": 3, "delayed": 4, "referred": 2, "arrived": 3}
        for state, most in states.items():
            for _ in range(chosen.randint(0, most)):
                build.visit(session, state=state)
    answer = land.client.get("/reports", headers={"Accept-Encoding": "gzip"})
    assert len(answer.get_data()) <= 4000
    page = land.client.open_page("/reports")
    assert len(table(page, "Kết quả theo đơn vị")) > 90
    rows = page.css("table")[0].cssselect("tbody tr")
    assert len(rows[0].cssselect("a")) == 1 and len(rows[-1].cssselect("a")) > 4
    page = page.follow(rows[0].cssselect("a")[0].text)
    assert page.css("ul.t a") and page.css("h1")[0].text.startswith("Số liệu, Trạm Y tế xã")


NAMES = ["An", "Bình", "Cường", "Dũng", "Giang", "Hải", "Hòa", "Lạc", "Minh", "Phú", "Sơn", "Tân"]


@pytest.mark.parametrize("role", ["reception", "storekeeper", "police"])
def test_others_have_no_counts(land, client, role):
    build.sign_in(client, build.user(land.station, role))
    assert client.get("/reports").status_code == 403
    assert client.get("/reports/visits").status_code == 403


def test_every_state_is_counted_once():
    counted = [state for states in rules.OUTCOMES.values() for state in states]
    assert sorted([*counted, rules.VOIDED]) == sorted(STATES)


def test_the_list_says_who_looked_at_names(land):
    from app.audit import AuditEntry

    day_at(land.station, refused=1)
    land.client.open_page("/reports").follow("Không đồng ý")
    entry = AuditEntry.get(AuditEntry.noun == "report")
    assert (entry.user_id, entry.detail["hits"]) == (land.head.id, 1)
    assert Visit.get().person.name not in str(entry.detail)
