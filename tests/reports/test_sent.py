"""Who has sent the report of a day: what a province and the nation see."""

from playhouse.test_utils import count_queries

from app import clock
from app.reports import actions, models, rules
from app.reports.models import SentReport
from app.visits.models import Visit
from tests import build
from tests.reports.days import DAY, EVERYTHING, day_at, random_day, react, waste
from tests.reports.test_counts import figures

SENT = "/reports/sent"


def send(unit, by, hour=16, version=1):
    """The report of a unit is sent at an hour of the day."""
    with clock.frozen(DAY.replace(hour=hour)):
        report = models.present(unit, DAY.date())
        return actions.send(unit, DAY.date(), rules.digest(report, version), by)


def rows(page):
    return [
        [cell.text_content().strip() for cell in row.cssselect("td")]
        for row in page.css("tbody tr")
    ]


def at(land, hour, minute=0):
    with clock.frozen(DAY.replace(hour=hour, minute=minute)):
        return land.client.open_page(SENT, status=200)


def test_a_province_sees_its_sites(land):
    day_at(land.station, **EVERYTHING)
    day_at(land.mobile, done=1)
    day_at(land.hospital, done=1)
    day_at(land.elsewhere, done=1)
    idle = build.unit("station", land.province, name="Trạm không tiêm")
    send(land.station, land.head)
    page = at(land, 16, 30)
    assert rows(page) == [
        ["Bệnh viện Đa khoa", "Chưa gửi", ""],
        [land.station.name, "Gửi đúng hạn", "10/08/2021 16:00, đúng hạn"],
    ]
    assert figures(page) == {"Chưa gửi": 1, "Gửi đúng hạn": 1} and idle.name not in page.text
    assert rows(at(land, 17, 1))[0][1] == "Chưa gửi, quá hạn"
    send(land.hospital, land.head, hour=18)
    assert rows(at(land, 19))[0] == [
        "Bệnh viện Đa khoa", "Gửi muộn", "10/08/2021 18:00, muộn 1 giờ 0 phút",
    ]  # fmt: skip
    assert page.follow(land.station.name).css("h1")[0].text.endswith(land.station.name)


def test_what_changed_since_stands_before_what_is_fine(land):
    """Also at the mobile site, whose figures are in the report of its station."""
    day_at(land.hospital, done=1)
    visit = day_at(land.mobile, done=1, arrived=1)[-1]
    for unit in (land.station, land.hospital):
        send(unit, land.head)
    assert figures(at(land, 18)) == {"Gửi đúng hạn": 2}
    Visit.update(state="refused").where(Visit.id == visit).execute()
    assert rows(at(land, 18))[0][:2] == [land.station.name, "Số liệu đã đổi sau khi gửi"]
    send(land.station, land.head, hour=19, version=2)
    row = rows(at(land, 20))[1]
    assert row[1:] == ["Gửi đúng hạn", "10/08/2021 16:00, đúng hạn; bản 2 lúc 10/08/2021 19:00"]


def test_any_change_is_seen(land):
    """Whatever changes the report of a site changes its state in the list, and nothing else."""
    visit = day_at(land.station, done=2)[0]
    send(land.station, land.head)
    unseen = models.sites(land.province, DAY.date())
    assert [site.changed for site in unseen] == [False]
    react(visit, "fever")
    lot = build.holding(land.station)
    changed = [models.sites(land.province, DAY.date())[0].changed]
    send(land.station, land.head, version=2)
    waste(lot, 1)
    changed.append(models.sites(land.province, DAY.date())[0].changed)
    assert changed == [True, True]


def test_the_list_and_the_report_agree_on_random_days(land):
    units = [land.station, land.mobile, land.hospital]
    random_day(units, 5)
    for unit in (land.station, land.hospital):
        send(unit, land.head)
    assert not any(site.changed for site in models.sites(land.province, DAY.date()))
    day_at(land.mobile, delayed=1)
    found = {site.unit.id: site.changed for site in models.sites(land.province, DAY.date())}
    assert found == {land.station.id: True, land.hospital.id: False}


def test_the_nation_sees_its_provinces(land):
    for unit in (land.station, land.hospital, land.elsewhere):
        day_at(unit, done=1)
    day_at(land.mobile, done=1)
    send(land.station, land.head)
    send(land.province, land.head)
    build.sign_in(land.client, build.user(land.nation, "national"))
    page = at(land, 18)
    assert rows(page) == [
        [land.other.name, "Chưa gửi, quá hạn", "", "0/1"],
        [land.province.name, "Gửi đúng hạn", "10/08/2021 16:00, đúng hạn", "1/2"],
    ]
    day_at(land.hospital, refused=1)
    assert rows(at(land, 18))[1][1] == "Số liệu đã đổi sau khi gửi"
    page = page.follow(land.other.name)
    assert rows(page) == [[land.elsewhere.name, "Chưa gửi", ""]]


def test_a_day_without_sessions_is_said(land):
    assert "Không có buổi tiêm nào." in at(land, 18).text
    page = land.client.open_page(f"{SENT}?on=31/02/2021", status=422)
    assert page.errors()


def test_the_list_asks_as_often_at_every_size(land):
    day_at(land.station, done=1)
    send(land.station, land.head)
    at(land, 18)
    with count_queries(only_select=True) as few:
        at(land, 18)
    for n in range(12):
        site = build.unit("station", land.province, name=f"Trạm {n}")
        day_at(site, done=1, refused=1)
        if n % 2:
            send(site, land.head)
    with count_queries(only_select=True) as many:
        page = at(land, 18)
    assert few.count == many.count <= 9
    assert len(rows(page)) == 13 and SentReport.select().count() == 7
