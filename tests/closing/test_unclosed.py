"""Sessions of earlier days that are still open stand on top of the first pages."""

from datetime import timedelta

import pytest
from playhouse.test_utils import count_queries

from app import clock
from app.closing.models import open_by_unit, open_sessions
from app.sessions.models import VaccinationSession
from tests import build
from tests.closing.conftest import count


def day(ago):
    return clock.today() - timedelta(ago)


@pytest.fixture
def nation(client):
    """Two provinces with two stations each; the first station has two sessions left open."""
    root, province, site = build.country()
    second = build.unit("station", province)
    other_province = build.unit("province", root)
    far = build.unit("station", other_province)
    for unit in (site, second, far):
        build.user(unit)
    old = build.session(site, held_on=day(3))
    build.dose(build.visit(old, state="ready"))
    fresh = build.session(site, held_on=day(1))
    build.visit(fresh)
    return root, province, site, second, far, old, fresh


def read(client, who, path):
    build.sign_in(client, who)
    return client.open_page(path)


def test_a_site_sees_its_open_sessions_first(client, nation):
    _root, _province, site, *_rest, old, fresh = nation
    page = read(client, build.user(site), "/sessions")
    top = page.css("main div.warn")[0].text_content()
    assert "Còn 2 buổi tiêm của ngày trước chưa kết thúc" in top
    assert [a.get("href") for a in page.css("main div li a")] == [
        f"/sessions/{old.id}/closing", f"/sessions/{fresh.id}/closing",
    ]  # fmt: skip
    items = [item.text_content() for item in page.css("main div li")]
    assert "lệch 1 liều" in items[0] and "1 lượt chưa xong" in items[1]
    assert [b.text_content() for b in page.css("main div li b.bad")] == ["lệch 1 liều"]


def test_what_is_missing_since_yesterday_is_not_red(client, nation):
    *_rest, old, fresh = nation
    VaccinationSession.update(closed_at=clock.now()).where(
        VaccinationSession.id == old.id
    ).execute()
    build.dose(build.visit(fresh, state="ready"))
    page = read(client, build.user(fresh.unit), "/sessions")
    assert page.css("main div.warn") and not page.css("main .bad")
    assert "lệch 1 liều" in page.css("main div li")[0].text_content()


def test_a_province_sees_them_by_unit(client, nation):
    _root, province, site, second, *_rest = nation
    build.session(second, [], held_on=day(2))
    page = read(client, build.user(province, "province"), "/")
    rows = [
        [cell.text_content().strip() for cell in row]
        for row in page.css("main div:first-of-type tbody tr")
    ]
    assert [row[:2] + row[3:] for row in rows] == [
        [site.name, "2 buổi", "lệch 1 liều", "1 lượt chưa xong"], [second.name, "1 buổi", "", ""],
    ]  # fmt: skip
    page = page.follow(site.name)
    assert site.name in page.css("h1")[0].text_content()
    assert len(page.css("main li")) == 2


def test_the_nation_sees_them_by_province(client, nation):
    root, province, *_ = nation
    build.session(nation[4], [], held_on=day(2))
    page = read(client, build.user(root, "national"), "/")
    assert [a.text_content() for a in page.css("main div:first-of-type td a")] == [
        province.name, nation[4].parent.name,
    ]  # fmt: skip


def test_nothing_is_shown_when_all_is_well(client, nation):
    _root, _province, site, second, far, *_rest = nation
    for path in ("/sessions", "/"):
        page = read(client, build.user(far), path)
        assert "chưa kết thúc" not in page.text and not page.css("main .bad, main .warn")
    build.session(second)  # today's is not late
    assert "chưa kết thúc" not in read(client, build.user(second), "/sessions").text
    page = read(client, build.user(second), "/sessions/open")
    assert "đã kết thúc" in page.text and page.status == 200


def test_a_gap_is_counted_lot_by_lot(app, nation):
    *_rest, old, _fresh = nation
    first = build.holding(old.unit)
    count(old, first, 4, 1)  # 3 taken of one lot, 1 given of another
    (row,) = open_sessions(old.unit.path, day(2), 9)
    assert (row.session_id, row.gap, row.waiting) == (old.id, 4, 0)
    (unit,) = open_by_unit(old.unit.path, clock.today())
    assert (unit.sessions, unit.since, unit.old, unit.gap, unit.waiting) == (2, day(3), 1, 4, 1)


def test_a_mobile_site_is_below_its_station(client, nation):
    site = nation[2]
    mobile = build.unit("mobile", site)
    build.session(mobile, [], held_on=day(1))
    page = read(client, build.user(site), "/sessions")
    rows = [row[0].text_content() for row in page.css("main div table tbody tr")]
    assert rows == [site.name, mobile.name]


def test_a_long_list_is_paged(client, nation):
    site = nation[2]
    for ago in range(4, 60):
        build.session(site, [], held_on=day(ago))
    page = read(client, build.user(site), "/sessions").follow("Còn 58 buổi")
    assert len(page.css("main ul li")) == 50
    rest = page.follow("Trang sau")
    assert len(rest.css("main ul li")) == 8
    hrefs = {a.get("href") for one in (page, rest) for a in one.css("main ul a")}
    assert len(hrefs) == 58


@pytest.mark.parametrize("path", ["/sessions", "/reports"])
def test_it_costs_one_statement_when_all_is_well_and_two_otherwise(client, nation, path):
    def queries(who):
        build.sign_in(client, who)
        client.open_page(path)
        with count_queries() as counter:
            assert client.open_page(path).status == 200
        return counter.count

    province, site, far = nation[1], nation[2], nation[4]
    well = queries(build.user(far, "site_head"))
    assert queries(build.user(site, "site_head")) <= well + 2  # two sessions more
    for _ in range(5):
        build.session(build.unit("station", province), [], held_on=day(1))
    assert queries(build.user(province, "province")) <= well + 3


def test_another_units_page_is_not_there(client, nation):
    far, site = nation[4], nation[2]
    page = read(client, build.user(far), f"/sessions/open?unit={site.id}")
    assert page.status == 404
    assert read(client, build.user(far), "/sessions/open?unit=x&after=y").status == 200


def test_the_list_of_sessions_says_which_are_open(client, nation):
    *_rest, old, fresh = nation
    VaccinationSession.update(closed_at=clock.now()).where(
        VaccinationSession.id == old.id
    ).execute()
    page = read(client, build.user(old.unit), "/sessions")
    rows = [row.text_content() for row in page.css("main > table tr") if "/" in row.text_content()]
    assert ["Đã kết thúc" in row for row in rows] == [False, True]
    assert ["Chưa kết thúc" in row for row in rows] == [True, False]
