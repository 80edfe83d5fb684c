"""Where one can be vaccinated: found by the commune of today and of before, with its sessions."""

from datetime import timedelta

import pytest
from playhouse.test_utils import count_queries

from app import clock
from app.units.models import Area, Unit
from tests import build


@pytest.fixture
def here(app):
    """Two stations of Hà Nội: one lies where the old commune 00007 was, the other elsewhere."""
    _nation, province, near = build.country()
    Unit.update(area_scheme="vn34", area_code="00004", name="Trạm gần").where(
        Unit.id == near.id
    ).execute()
    far = build.unit("station", province, name="Trạm xa", area_scheme="vn34", area_code="00008")
    return near, far


def rows(page) -> list[str]:
    return [" ".join(row.text_content().split()) for row in page.css("tbody tr")]


def test_nothing_is_listed_before_a_province_is_chosen(client, here):
    page = client.open_page("/diem-tiem")
    assert page.status == 200 and not rows(page)
    assert len(page.css("select[name=tinh] option")) == 34


def test_who_has_a_session_soon_comes_first(client, here):
    near, far = here
    build.session(far, held_on=clock.today() + timedelta(3), half_day="morning")
    page = client.open_page("/diem-tiem?tinh=01")
    assert ["Trạm xa" in row for row in rows(page)] == [True, False]
    assert "buổi sáng" in rows(page)[0] and "Chưa có lịch" in rows(page)[1]


@pytest.mark.parametrize("days", [-1, 15])
def test_what_is_past_or_far_ahead_is_no_session_to_come(client, here, days):
    build.session(here[0], held_on=clock.today() + timedelta(days))
    assert "Chưa có lịch" in rows(client.open_page("/diem-tiem?tinh=01&xa=ba+dinh"))[0]


def test_a_session_that_is_ended_is_not_offered(client, here):
    one = build.session(here[0])
    assert "Chưa có lịch" not in rows(client.open_page("/diem-tiem?tinh=01&xa=Ba Đình"))[0]
    one.closed_at = clock.now()
    one.save()
    assert "Chưa có lịch" in rows(client.open_page("/diem-tiem?tinh=01&xa=Ba Đình"))[0]


@pytest.mark.parametrize("typed", ["ba dinh", "BA ĐÌNH", "phường Ba Đình"])
def test_a_commune_is_found_however_it_is_typed(client, here, typed):
    (row,) = rows(client.open_page(f"/diem-tiem?tinh=01&xa={typed}"))
    assert "Trạm gần" in row and "Phường Ba Đình" in row


def test_an_older_name_leads_to_where_it_lies_now(client, here):
    assert not Area.select().where(Area.scheme == "vn34", Area.name == "Phường Trúc Bạch").exists()
    (row,) = rows(client.open_page("/diem-tiem?tinh=01&xa=truc bach"))
    assert "Trạm gần" in row and "Phường Ba Đình" in row


def test_a_site_that_keeps_its_older_code_is_found_by_the_new_name(client, here):
    (old,) = Area.select().where(Area.scheme == "vn63", Area.code == "00004")
    Unit.update(area_scheme="vn63", area_code="00004").where(Unit.id == here[0].id).execute()
    name = next(iter(old.successors())).name
    assert any("Trạm gần" in row for row in rows(client.open_page(f"/diem-tiem?tinh=01&xa={name}")))


def test_a_closed_site_and_an_authority_are_no_site(client, here):
    Unit.update(valid_to=clock.today() - timedelta(1)).where(Unit.id == here[1].id).execute()
    assert [row for row in rows(client.open_page("/diem-tiem?tinh=01")) if "xa" in row] == []
    assert not any("Sở Y tế" in row for row in rows(client.open_page("/diem-tiem?tinh=01")))


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("tinh=01&xa=khong co", "Không có xã, phường nào tên như vậy"),
        ("tinh=04", "Chưa có điểm tiêm nào"),
        ("tinh=99", ""), ("tinh=&xa=ba dinh", ""), ("tinh=01&xa=%00", ""),
        ("tinh=" + "9" * 300, ""),
        ("tinh=01&xa=" + "a" * 5000, "Không có xã"), ("tinh=01&xa=<b>", ""),
    ],
)  # fmt: skip
def test_what_does_not_exist_is_told(client, here, query, told):
    page = client.open_page(f"/diem-tiem?{query}")
    assert page.status == 200 and told in page.text


def test_strangers_may_keep_the_page_and_staff_may_not(client, here):
    page = client.open_page("/diem-tiem?tinh=01")
    assert page.response.headers["Cache-Control"] == "public, max-age=300"
    assert "Cookie" in page.response.headers["Vary"]
    assert "Set-Cookie" not in page.response.headers
    build.sign_in(client, build.user(here[0]))
    page = client.open_page("/diem-tiem?tinh=01")
    assert page.response.headers["Cache-Control"] == "no-store"


def test_statements_do_not_grow_with_the_sites(client, here):
    client.open_page("/diem-tiem?tinh=01")
    with count_queries() as few:
        client.open_page("/diem-tiem?tinh=01")
    for n in range(60):
        site = build.unit("station", here[0].parent, name=f"Trạm {n}", area_scheme="vn34",
                          area_code="00004")  # fmt: skip
        build.session(site)
    with count_queries() as many:
        page = client.open_page("/diem-tiem?tinh=01")
    assert many.count == few.count and len(rows(page)) == 50
    assert "hãy ghi tên xã, phường" in page.text
