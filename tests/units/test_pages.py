"""The tree of units: seeing, making, changing, closing."""

from datetime import date, timedelta

import pytest
from playhouse.test_utils import count_queries

from app import clock
from app.audit import AuditEntry
from app.units.models import Unit
from tests import build

HANOI = {"area_scheme": "vn34", "area_code": "01"}
BA_DINH = {"area_scheme": "vn34", "area_code": "00004"}


@pytest.fixture
def nation(app):
    return build.unit("national", name="Bộ Y tế")


@pytest.fixture
def province(nation):
    return build.unit("province", nation, name="Sở Y tế Hà Nội", code="SYT01", **HANOI)


@pytest.fixture
def commune(province):
    return build.unit("commune", province, name="Phường Ba Đình", code="DV00004", **BA_DINH)


@pytest.fixture
def station(commune):
    return build.unit("station", commune, name="Trạm y tế Ba Đình", code="01015", **BA_DINH)


@pytest.fixture
def client(client, province):
    return build.sign_in(client, build.user(province, "province"))


def make(client, above, **values):
    page = client.open_page(f"/units/{above.id}/new")
    return page.submit(**({"name": "Điểm mới"} | values))


def options(page, name):
    return [item.get("value") for item in page.css(f"[name={name}] option")]


def test_one_walks_down_the_tree_and_up_again(client, station):
    page = client.open_page("/units")
    assert "Sở Y tế Hà Nội" in page.css("h1")[0].text_content()
    page = page.follow("Phường Ba Đình").follow("Trạm y tế Ba Đình")
    for text in ("01015", "Trạm y tế", "Phường Ba Đình, Thành phố Hà Nội", "08/03/2021"):
        assert text in page.text
    assert "Bộ Y tế" not in page.css("main")[0].text_content()
    up = page.css("main a")[0]
    assert up.text_content() == "Sở Y tế Hà Nội"
    assert "Phường Ba Đình" in client.open_page(up.get("href")).css("td")[1].text_content()


def test_a_province_makes_a_commune_and_its_station(client, province):
    page = make(client, province, level="commune", name="Phường Ngọc Hà", area="vn34:00008")
    assert page.status == 200 and "Phường Ngọc Hà" in page.css("h1")[0].text_content()
    office = Unit.get(Unit.name == "Phường Ngọc Hà")
    assert (office.code, office.parent_id) == ("DV00008", province.id)
    assert office.path == f"{province.path}{office.id}/"
    for n, name in ((1, "Trạm y tế Ngọc Hà"), (2, "Trạm y tế Đội Cấn")):
        page = make(client, office, level="station", name=name, address="12 Phố Thử")
        made = Unit.get(Unit.name == name)
        assert (made.code, made.area_code, made.address) == (f"0100{n}", "00008", "12 Phố Thử")
    page = make(client, made, level="mobile", name="Nhà văn hóa", valid_to="31/12/2099")
    tent = Unit.get(Unit.name == "Nhà văn hóa")
    assert (tent.code, tent.valid_to) == ("01002-1", date(2099, 12, 31))
    assert AuditEntry.select().where(AuditEntry.noun == "unit").count() == 4


def test_what_is_offered_follows_the_level_above(client, nation, province, commune, station):
    page = client.open_page(f"/units/{province.id}/new")
    assert options(page, "level") == ["commune", "hospital", "medical_centre", "service", "station"]
    assert len(options(page, "area")) == 1 + 126
    page = client.open_page(f"/units/{commune.id}/new")
    assert "commune" not in options(page, "level") and options(page, "area") == ["vn34:00004"]
    page = client.open_page(f"/units/{station.id}/new")
    assert options(page, "level") == ["mobile"]
    build.sign_in(client, build.user(nation, "national"))
    page = client.open_page(f"/units/{nation.id}/new")
    assert options(page, "level")[0] == "province" and len(options(page, "area")) == 1 + 34


def test_areas_are_those_of_the_day(client, nation):
    """A unit of 2021 lies in the old scheme; one below an old province today in the new one."""
    old = build.unit("province", nation, name="Sở Y tế Yên Bái", area_scheme="vn63", area_code="15")
    build.sign_in(client, build.user(old, "province"))
    page = client.open_page(f"/units/{old.id}/new")
    assert len(options(page, "area")) > 90  # Yên Bái went into Lào Cai, code 15 in the new scheme
    assert all(value.startswith("vn34:") for value in options(page, "area")[1:])
    page = page.submit(name="Trạm cũ", level="station", valid_from="01/10/2021", area="vn34:00001")
    assert page.status == 422
    assert all(value.startswith("vn63:") for value in options(page, "area")[1:])
    assert "district" in options(page, "level")
    assert page.css("[name=name]")[0].get("value") == "Trạm cũ"
    page = page.submit(name="Trạm cũ", level="station", area=options(page, "area")[1])
    made = Unit.get(Unit.name == "Trạm cũ")
    assert (made.area_scheme, made.code, made.valid_from) == ("vn63", "15001", date(2021, 10, 1))


@pytest.mark.parametrize(
    "typed, field, message",
    [
        ({"name": ""}, "name", "Mục này chưa điền."),
        ({"name": "x" * 10_000}, "name", "Dài quá 150 ký tự."),
        ({"name": "Trạm\u202e"}, "name", "Có dấu đổi chiều chữ"),
        ({"address": "x" * 201}, "address", "Dài quá 200 ký tự."),
        ({"level": "national"}, "level", "Hãy chọn một mục trong danh sách."),
        ({"level": "mobile"}, "level", "Hãy chọn một mục trong danh sách."),
        ({"area": ""}, "area", "Mục này chưa điền."),
        ({"area": "vn34:26734"}, "area", "Hãy chọn một mục trong danh sách."),
        ({"code": "mã 1"}, "code", "Mã đơn vị có 2 đến 20 ký tự"),
        ({"code": "dv00004"}, "code", "Đã có đơn vị mang mã này."),
        ({"valid_from": ""}, "valid_from", "Mục này chưa điền."),
        ({"valid_from": "31/02/2026"}, "valid_from", "Ngày này không có trong lịch."),
        ({"valid_from": "11/2026"}, "valid_from", "Nhập đủ ngày, tháng và năm."),
        ({"valid_from": "01/01/2020"}, "valid_from", "Đơn vị cấp trên không hoạt động"),
        ({"valid_to": "01/01/2022"}, "valid_to", "Ngày ngừng ở trước ngày bắt đầu."),
        ({"valid_to": "x"}, "valid_to", "Nhập ngày dạng"),
    ],
)
def test_what_is_wrong_is_told_at_the_field(client, province, commune, typed, field, message):
    before = Unit.select().count()
    given = {"level": "station", "area": "vn34:00008", "address": "12 Phố Thử"}
    page = make(client, province, **(given | typed))
    assert page.status == 422
    assert message in page.css(f"#{field}-e")[0].text_content()
    if field != "address":
        assert page.css("#address")[0].get("value") == "12 Phố Thử"
    assert Unit.select().count() == before


def test_the_same_form_again_makes_nothing_new(client, province):
    form = client.open_page(f"/units/{province.id}/new").form("name")
    for _ in range(3):
        page = form.submit(name="Trạm A", level="station", area="vn34:00008")
        assert page.status == 200
    assert Unit.select().where(Unit.name == "Trạm A").count() == 1


def test_nothing_below_a_closed_unit(client, province, commune):
    commune.valid_to = clock.today() - timedelta(days=1)
    commune.save()
    page = make(client, commune, level="station")
    assert page.status == 422
    assert "Đơn vị cấp trên không hoạt động" in page.errors()[0]


# Changing and closing


def change(client, unit, **values):
    return client.open_page(f"/units/{unit.id}/edit").submit("name", **values)


def test_a_unit_is_renamed_closed_and_opened_again(client, province, commune, station):
    other = build.unit("station", commune, code="01016")
    page = change(client, station, name="Trạm y tế mới", address="5 Phố Thử")
    assert "Trạm y tế mới" in page.css("h1")[0].text_content() and "5 Phố Thử" in page.text
    today = clock.today()
    page = change(client, station, valid_to=f"{today:%d/%m/%Y}", successor="01016")
    assert "Đang hoạt động" in page.text and other.name in page.text
    assert (Unit.get_by_id(station.id).valid_to, Unit.get_by_id(station.id).successor_id) == (
        today, other.id)  # fmt: skip
    with clock.frozen(clock.local(clock.now()).replace(tzinfo=None) + timedelta(days=1)):
        assert "Ngừng hoạt động" in client.open_page(f"/units/{station.id}").text
        # What stays as it was is not refused because the day has passed.
        assert change(client, station, name="Trạm y tế cũ").status == 200
        page = change(client, station, valid_to="", successor="")
    assert "Đang hoạt động" in page.text
    assert Unit.get_by_id(station.id).valid_to is None


@pytest.mark.parametrize(
    "typed, field, message",
    [
        ({"name": ""}, "name", "Mục này chưa điền."),
        ({"valid_to": "01/01/2026"}, "valid_to", "Ngày ngừng phải từ hôm nay trở đi."),
        ({"valid_to": "01/01/2020"}, "valid_to", "Ngày ngừng ở trước ngày bắt đầu."),
        ({"valid_to": "01/01/2090"}, "valid_to", "Còn 1 đơn vị bên dưới hoạt động sau ngày này."),
        ({"successor": "01015"}, "successor", "Chỉ ghi đơn vị thay thế khác khi có ngày ngừng."),
        ({"successor": "DV00004", "valid_to": "01/01/2099"}, "successor", "đơn vị thay thế khác"),
        ({"successor": "NATION", "valid_to": "01/01/2099"}, "successor", "Không có đơn vị nào"),
        ({"successor": "\x00'"}, "successor", "Không có đơn vị nào"),
    ],
)
def test_wrong_changes_are_told(client, nation, commune, station, typed, field, message):
    nation.code = "NATION"
    nation.save()
    before = Unit.get_by_id(commune.id).__data__
    with clock.frozen(clock.local(clock.now()).replace(2026, 11, 23, tzinfo=None)):
        page = change(client, commune, **typed)
    assert page.status == 422
    assert message in page.css(f"#{field}-e")[0].text_content()
    assert Unit.get_by_id(commune.id).__data__ == before


def test_a_head_makes_mobile_sites_but_does_not_change_the_own_unit(client, station):
    build.sign_in(client, build.user(station, "site_head"))
    assert "Sửa, đóng đơn vị" not in client.open_page("/units").text
    assert client.open_page(f"/units/{station.id}/edit").status == 404
    make(client, station, name="Nhà văn hóa")
    assert Unit.get(Unit.name == "Nhà văn hóa").level_id == "mobile"


# Finding, and who sees what


@pytest.mark.parametrize("typed", ["01015", "0101", "Ba Đình", "ba"])
def test_found_by_name_or_code(client, station, typed):
    assert station.name in client.open_page("/units").submit(q=typed).text


@pytest.mark.parametrize("typed", ["NATION", "%", "_", "zz\x00z", "x" * 1000, "🙂", "'"])
def test_not_found(client, nation, station, typed):
    nation.code = "NATION"
    nation.save()
    page = client.open_page("/units").submit(q=typed)
    assert "Không tìm thấy đơn vị nào." in page.text


def test_list_is_paged_and_costs_the_same_for_many(client, province, commune):
    with count_queries() as few:
        client.open_page("/units")
    for n in range(60):
        build.unit("station", province, code=f"01{n + 100}", name=f"Trạm {n + 100}")
    with count_queries() as many:
        page = client.open_page("/units")
    assert many.count <= few.count <= 7
    seen = [td.text_content() for td in page.css("td:first-child")]
    page = page.follow("Trang sau")
    seen += [td.text_content() for td in page.css("td:first-child")]
    assert len(seen) == 61 and seen == sorted(seen)


PAGES = ["/units", "/units/{}", "/units/{}/new", "/units/{}/edit"]


@pytest.mark.parametrize("url", PAGES)
def test_only_for_those_who_manage_units(client, station, url):
    build.sign_in(client, build.user(station, "reception vaccinator storekeeper"))
    assert client.open_page(url.format(station.id)).status == 403


@pytest.mark.parametrize("url", PAGES[1:])
def test_units_of_others_do_not_exist(client, nation, province, url):
    stranger = build.unit("province", nation)
    for unit_id in (nation.id, stranger.id, 0, 99999999999999999999):
        assert client.open_page(url.format(unit_id)).status == 404
    assert client.open_page(f"/units/{province.id}?after={stranger.id}").status == 404
