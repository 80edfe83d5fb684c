"""Who did what, read by those who may: at their own units, newest first, filtered."""

from datetime import datetime, timedelta

import pytest
from playhouse.test_utils import count_queries

from app import audit, clock
from app.audit import AuditEntry
from tests import build

DAY = datetime(2021, 8, 10, 9, 0)


@pytest.fixture
def house(app, client):
    """A station, its nurse who looked somebody up, and its head who reads the trail."""
    with clock.frozen(DAY):
        nation, province, site = build.country()
        nurse = build.user(site, "reception", name="LÊ THỊ NGA")
        person = build.person(site)
        build.sign_in(client, nurse).open_page(f"/people/{person.id}", status=200)
        head = build.user(site, "site_head", name="TRẦN VĂN TÀI")
        build.sign_in(client, head)
        yield site, nurse, person, head


def rows(page):
    return [[cell.text_content().strip() for cell in row] for row in page.css("tbody tr")]


def test_it_says_when_who_where_and_what(house, client):
    site, nurse, person, _head = house
    page = client.open_page("/audit", status=200)
    assert rows(page)[0][:4] == [
        "10/08/2021 09:00", "LÊ THỊ NGA", site.name, f"Xem: hồ sơ người được tiêm {person.id}"
    ]  # fmt: skip
    assert person.name not in page.body


def test_reading_it_is_written_too(house, client):
    client.open_page("/audit")
    page = client.open_page("/audit")
    assert rows(page)[0][1:4] == ["TRẦN VĂN TÀI", house[0].name, "Xem: nhật ký truy cập"]


def test_it_is_filtered_by_person_by_whom_by_act_and_by_day(house, client):
    _site, nurse, person, head = house
    other = build.person(house[0])
    build.sign_in(client, nurse).open_page(f"/people/{other.id}")
    build.sign_in(client, head)
    page = client.open_page("/audit").submit("person", person=str(person.id))
    assert len(rows(page)) == 1 and f"người {person.id}" in page.text
    page = client.open_page("/audit")
    assert {row[1] for row in rows(page)} == {"LÊ THỊ NGA", "TRẦN VĂN TÀI"}
    page = page.follow("LÊ THỊ NGA")
    assert {row[1] for row in rows(page)} == {"LÊ THỊ NGA"} and "LÊ THỊ NGA" in page.css("h1")[
        0
    ].text
    page = page.submit("action", action="print")
    assert not rows(page) and "Không có việc nào" in page.text
    page = page.follow("Bỏ lọc").submit("action", action="view")
    assert rows(page)
    assert not rows(page.submit("on", on="09/08/2021"))
    assert rows(page.submit("on", on="10/08/2021"))


@pytest.mark.parametrize(("field", "value"), [
    ("person", "0"), ("person", "An"), ("person", "9" * 30), ("on", "31/02/2021"), ("on", "mai"),
    ("action", "drop"),
])  # fmt: skip
def test_a_wrong_filter_is_said_at_its_field(house, client, field, value):
    page = client.open_page("/audit", query_string={field: value}, status=422)
    assert page.errors() and not rows(page)
    if field != "action":
        assert page.form("person").values[field] == [value]


@pytest.mark.parametrize("address", ["/audit?user=x", "/audit?before=-1", "/audit?before=1e9"])
def test_an_address_that_no_link_has_is_not_there(house, client, address):
    assert client.get(address).status_code == 404


def test_each_sees_their_own_units(house, client):
    site, nurse, person, head = house
    other = build.country()
    build.sign_in(client, build.user(other[2])).open_page("/audit")
    assert "LÊ THỊ NGA" not in client.open_page("/audit").text
    page = client.open_page(f"/audit?user={nurse.id}")
    assert not rows(page) and "LÊ THỊ NGA" not in page.text
    above = build.user(site.parent, "auditor")
    assert "LÊ THỊ NGA" in build.sign_in(client, above).open_page("/audit").text


def test_what_nobody_signed_in_did_is_seen_by_the_nation(house, client):
    site = house[0]
    entry = {
        "action": "refuse", "noun": "sign_in", "user_id": None, "detail": {}, "at": clock.now(),
        "seal": "",
    }  # fmt: skip
    AuditEntry.create(chain=0, seq=1, **entry)
    assert "chưa đăng nhập" not in client.open_page("/audit").text
    build.sign_in(client, build.user(site.parent.parent, "national"))
    assert "Người chưa đăng nhập" in client.open_page("/audit").text


def test_a_long_trail_goes_on_where_it_stopped(house, client):
    with client.application.test_request_context():
        for number in range(110):
            at = clock.now() - timedelta(days=1)
            link = audit.Link(
                house[0].id, 0, at, house[1].id, "search", "person", None, None, {"hits": number}
            )
            audit.write([link])
    page, seen = client.open_page("/audit?action=search"), []
    while True:
        seen += [row[4] for row in rows(page)]
        if not page.css("a[rel=next]"):
            break
        page = page.follow("Trang sau")
    assert seen == [f"hits={number}" for number in reversed(range(110))]
    assert page.follow("Về đầu danh sách").css("a[rel=next]")


def test_it_asks_the_database_as_often_for_every_length(house, client):
    with count_queries(only_select=True) as few:
        client.open_page("/audit")
    for _ in range(5):
        client.open_page("/audit")
    with count_queries(only_select=True) as many:
        client.open_page("/audit")
    assert few.count == many.count <= 3


@pytest.mark.parametrize("role", ["reception", "screener", "vaccinator", "storekeeper", "police"])
def test_others_do_not_read_it(house, client, role):
    build.sign_in(client, build.user(house[0], role))
    assert client.get("/audit").status_code == 403
