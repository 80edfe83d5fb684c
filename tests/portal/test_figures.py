"""The public figures: what was counted is what was recorded, and nobody waits for the counting."""

import json
from datetime import date, datetime, timedelta

import pytest
from playhouse.test_utils import count_queries

from app import clock
from app.accounts.models import User
from app.amendments.actions.undo import void_dose
from app.db import db
from app.registrations.models import Registration
from app.reports.actions import count_days
from app.reports.models import DayCount
from app.stock.models import Movement
from app.units.models import Area, Unit
from app.vaccines.actions import BadReference, load_reference
from app.vaccines.models import ReferenceVersion, look_again
from tests import build
from tests.amendments.conftest import working

NOON = datetime(2021, 8, 10, 12)
YESTERDAY = NOON.date() - timedelta(1)
PATHS = ("/so-lieu", "/so-lieu/dia-phuong")


@pytest.fixture(autouse=True)
def noon():
    with clock.frozen(NOON):
        yield


@pytest.fixture
def here(app):
    """Hà Nội with two sites, and another province with one."""
    nation, hanoi, near = build.country()
    far = build.unit("station", hanoi)
    other = build.unit("province", nation, name="Sở Y tế khác", code="T9999")
    return near, far, build.unit("station", other)


def given(site: Unit, day: date, **more):
    """A dose at a session of a day."""
    return build.dose(build.visit(build.session(site, held_on=day)), **more)


def wish(province: Unit, sent_at: datetime | None) -> None:
    now = clock.now()
    Registration.insert(
        code=str(Registration.select().count()), name="A", folded="a", sex="f", dob_year=1980,
        phone="0912345678", area_scheme="vn63", area_code="00001", unit=province.id,
        created_at=now, sent_at=sent_at, state="sent" if sent_at else "draft",
    ).execute()  # fmt: skip


def facts(page) -> list[str]:
    return [one.text_content() for one in page.css("dd")]


def rows(page, table: int) -> list[list[str]]:
    found = page.css("table")[table].cssselect("tbody tr")
    return [[cell.text_content() for cell in row.cssselect("td")] for row in found]


def test_nothing_is_told_before_it_was_counted(client, here):
    given(here[0], YESTERDAY)
    page = client.open_page("/so-lieu")
    assert page.status == 200 and "Chưa có số liệu" in page.text and not facts(page)


def test_the_page_says_what_was_recorded(client, here):
    near, far, other = here
    person = build.person(near)
    build.dose(build.visit(build.session(near, held_on=date(2021, 7, 1)), person))
    build.dose(build.visit(build.session(far, held_on=YESTERDAY), person))
    for site in (near, near, far, other):
        given(site, YESTERDAY)
    given(other, NOON.date())
    count_days()
    page = client.open_page("/so-lieu")
    assert "12:00" in page.text and "Hôm qua là 09/08/2021." in page.text
    assert facts(page) == ["0", "5", "3", "7", "6"]
    page = page.follow("Theo ngày và địa phương")
    assert rows(page, 0)[0] == ["09/08/2021", "5"] and rows(page, 0)[-1] == ["03/08/2021", "0"]
    hanoi = near.parent.name
    assert [row[:3] for row in rows(page, 1)] == [[hanoi, "4", "5"], ["Sở Y tế khác", "1", "2"]]


def test_a_voided_dose_is_not_counted_any_more(client, here):
    dose = given(here[0], NOON.date())
    count_days()
    assert facts(client.open_page("/so-lieu"))[3] == "1"
    with db.atomic():
        void_dose(dose, working(dose.vaccinator))
    count_days()
    assert facts(client.open_page("/so-lieu"))[3:] == ["0", "0"]
    assert rows(client.open_page("/so-lieu/dia-phuong"), 1)[0][1:3] == ["0", "0"]


def test_wishes_are_counted_on_the_vietnamese_day_they_were_sent(client, here):
    province = here[0].parent
    midnight = datetime(2021, 8, 9, 17)  # as stored: the tenth begins
    wish(province, midnight - timedelta(seconds=1))
    wish(province, midnight)
    wish(province, None)
    count_days()
    assert facts(client.open_page("/so-lieu"))[0] == "2"
    found = DayCount.select(DayCount.day, DayCount.wishes).where(DayCount.unit == province)
    assert sorted(found.tuples()) == [(YESTERDAY, 1), (NOON.date(), 1)]


def test_the_last_days_alone_leave_the_others_as_they_were(client, here):
    given(here[0], YESTERDAY - timedelta(30))
    count_days()
    given(here[0], YESTERDAY)
    given(here[0], YESTERDAY - timedelta(30))
    count_days(YESTERDAY)
    assert facts(client.open_page("/so-lieu"))[3] == "2"
    count_days()
    assert facts(client.open_page("/so-lieu"))[3] == "3"


def test_a_ministry_site_is_in_the_sum(client, here):
    given(build.unit("hospital", here[0].parent.parent), YESTERDAY)
    count_days()
    page = client.open_page("/so-lieu")
    assert facts(page)[3] == "1"
    assert rows(client.open_page("/so-lieu/dia-phuong"), 1)[0][:3] == ["Bộ Y tế", "1", "1"]


def moved(holding, kind: str, doses: int, at: datetime) -> None:
    Movement.create(holding=holding, kind=kind, doses=doses, by=User.get(), at=at)


def test_what_was_received_and_not_given_back_is_allocated(client, here):
    near, far, other = here
    holding = build.holding(near, doses=0)
    build.user(near)
    moved(holding, "receipt", 60, datetime(2021, 8, 9, 1))
    moved(holding, "return", -20, datetime(2021, 8, 9, 2))
    moved(holding, "correction", -5, datetime(2021, 8, 9, 3))
    moved(build.holding(far, doses=0), "receipt", 10, datetime(2021, 7, 1))
    count_days()
    page = client.open_page("/so-lieu/dia-phuong")
    assert rows(page, 1) == [[near.parent.name, "0", "0", "50", "0,0%"]]
    count_days(NOON.date())
    assert rows(client.open_page("/so-lieu/dia-phuong"), 1)[0][3] == "50", "older days stay"


@pytest.fixture
def known(here, tmp_path, monkeypatch):
    """The people of both provinces, and the doses planned for one of them."""
    near, _far, other = here
    Unit.update(area_scheme="vn34", area_code="01").where(Unit.id == near.parent.id).execute()
    Unit.update(area_scheme="vn34", area_code="79").where(Unit.id == other.parent.id).execute()
    entries = [
        {"code": "vn34-01", "scheme": "vn34", "area": "01", "adults": 8, "planned": 1200},
        {"code": "vn34-79", "scheme": "vn34", "area": "79", "adults": 4},
    ]
    common = {"effective_from": "2021-08-01", "document": {"number": "QĐ thử"}}
    file = tmp_path / "provinces.json"
    file.write_text(json.dumps({"kind": "province", "entries": [e | common for e in entries]}))
    load_reference([file])
    yield
    ReferenceVersion.delete().where(ReferenceVersion.kind == "province").execute()
    look_again()


def test_shares_of_the_people_stand_where_their_number_is_known(client, here, known):
    near, far, other = here
    for site in (near, far, other, other):
        given(site, YESTERDAY)
    given(other, YESTERDAY, overall=2)
    count_days()
    page = client.open_page("/so-lieu/dia-phuong")
    hanoi, hcm = "Thành phố Hà Nội", "Thành phố Hồ Chí Minh"
    assert rows(page, 1) == [
        [hanoi, "2", "2", "200", "1,0%", "1.200", "8", "25,0%"],
        [hcm, "3", "3", "300", "1,0%", "", "4", "50,0%"],
    ]
    assert rows(page, 2) == [[hcm, "50,0%"], [hanoi, "25,0%"]]
    assert rows(page, 3) == [[hanoi, "25,0%"], [hcm, "50,0%"]]
    english = client.open_page("/so-lieu/dia-phuong?lang=en")
    assert rows(english, 3)[0][1] == "25.0%"


def test_a_province_without_a_dose_is_the_lowest(client, here, known):
    """Where its people are known; of others nothing is said."""
    near, _far, other = here
    build.unit("province", near.parent.parent, name="Sở Y tế lặng", code="T9998")
    given(near, YESTERDAY)
    count_days()
    page, hcm = client.open_page("/so-lieu/dia-phuong"), "Thành phố Hồ Chí Minh"
    assert rows(page, 3) == [[hcm, "0,0%"], ["Thành phố Hà Nội", "12,5%"]]
    assert [row[:3] for row in rows(page, 1)][1] == [hcm, "0", "0"]
    Unit.update(valid_to=YESTERDAY).where(Unit.id == other.parent.id).execute()
    assert hcm not in client.open_page("/so-lieu/dia-phuong").text


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ({}, "adults"),
        ({"adults": 0}, "adults"),
        ({"adults": "8"}, "adults"),
        ({"planned": 10**9}, "planned"),
        ({"adults": 8, "area": ""}, "area"),
    ],
)  # fmt: skip
def test_a_mistake_about_a_province_is_named(app, tmp_path, entry, field):
    common = {"code": "a", "effective_from": "2021-08-01", "document": {"number": "QĐ thử"}}
    body = common | {"scheme": "vn34", "area": "01"} | entry
    file = tmp_path / "provinces.json"
    file.write_text(json.dumps({"kind": "province", "entries": [body]}))
    with pytest.raises(BadReference, match=f"provinces.json: a: {field}: "):
        load_reference([file])


def test_the_command_counts(app, client, here):
    given(here[0], YESTERDAY)
    done = app.test_cli_runner().invoke(args=["figures", "--days", "2"])
    assert done.exit_code == 0 and done.output == "counted since 09/08/2021\n"
    assert facts(client.open_page("/so-lieu"))[3] == "1"


@pytest.mark.parametrize("path", PATHS)
def test_the_page_costs_three_statements_however_much_there_is(client, here, path):
    given(here[0], YESTERDAY)
    count_days()
    client.open_page(path)
    for ago in range(20):
        given(here[ago % 3], YESTERDAY - timedelta(ago))
    count_days()
    with count_queries() as asked:
        client.open_page(path)
    assert asked.count == 3


def test_english_groups_digits_the_english_way(client, here):
    count_days()
    DayCount.update(doses=1234567).execute()
    assert "1.234.567" in client.open_page("/so-lieu").text
    page = client.open_page("/so-lieu?lang=en")
    assert "1,234,567" in page.text and "Doses given nationwide" in page.text


@pytest.mark.parametrize(("path", "most"), [(PATHS[0], 650), (PATHS[1], 1500)])
def test_a_page_of_all_provinces_is_small(client, here, path, most):
    for n, area in enumerate(Area.provinces("vn34")):
        unit = build.unit(
            "province", here[0].parent.parent, area_scheme="vn34", area_code=area.code
        )
        for ago in range(9):
            sums = {"doses": (n + 7) ** 4 % 98765, "first": n, "sites": n, "wishes": n**4}
            DayCount.create(
                unit=unit, day=NOON.date() - timedelta(ago), counted_at=clock.now(), **sums
            )
    for lang in ("vi", "en"):
        answer = client.get(f"{path}?lang={lang}", headers={"Accept-Encoding": "gzip"})
        assert len(answer.data) < most, lang


@pytest.mark.parametrize("path", PATHS)
def test_strangers_may_keep_the_page_and_ask_whether_it_changed(client, here, path):
    count_days()
    first = client.get(path)
    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert "Cookie" in first.headers["Vary"] and "Set-Cookie" not in first.headers
    again = {"If-None-Match": first.headers["ETag"]}
    assert client.get(path, headers=again).status_code == 304
    given(here[0], NOON.date())
    count_days()
    assert client.get(path, headers=again).status_code == 200


def test_staff_keep_nothing(client, here):
    build.sign_in(client, build.user(here[0]))
    assert client.get("/so-lieu").headers["Cache-Control"] == "no-store"
