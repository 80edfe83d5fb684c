"""The province approves, refuses and gives wishes to a site; the site sees whom it was given."""

from datetime import timedelta

import pytest
from playhouse.test_utils import count_queries

from app import clock
from app.audit import AuditEntry
from app.outbox import OutboxEvent
from app.registrations.models import PhoneProof, Registration
from tests import build
from tests.build import wish


@pytest.fixture
def places(app, client):
    """The province, its site; somebody of the province is signed in."""
    _nation, province, site = build.country()
    build.sign_in(client, build.user(province, "province"))
    return province, site


def now(row: Registration) -> Registration:
    return Registration.get_by_id(row.id)


def names(page) -> list[str]:
    return [" ".join(one.text_content().split()) for one in page.css("tbody label")]


def test_a_higher_group_comes_first_then_who_sent_first(client, places):
    third = wish(places[0], rank=16, sent_at=clock.now() - timedelta(9))
    second = wish(places[0], sent_at=clock.now() - timedelta(1))
    first = wish(places[0], sent_at=clock.now() - timedelta(2))
    assert names(client.open_page("/registrations")) == [first.name, second.name, third.name]


@pytest.mark.parametrize(
    ("what", "given", "state"),
    [
        ("approve", {}, "approved"),
        ("allocate", {"site": True}, "allocated"),
        ("reject", {"reason": "Ngoài địa bàn"}, "rejected"),
    ],
)
def test_the_province_decides(client, places, what, given, state):
    province, site = places
    row, other = wish(province), wish(province)
    given = {"site": str(site.id)} if "site" in given else given
    page = client.open_page("/registrations").form("ids").submit(what, ids=str(row.id), **given)
    assert page.status == 200 and "Đã ghi cho 1 người" in page.text
    assert (now(row).state, now(other).state) == (state, "sent")
    assert now(row).decided_at and now(row).reason == given.get("reason", "")
    assert now(row).site_id == (site.id if what == "allocate" else None)
    assert OutboxEvent.select().where(OutboxEvent.event == f"registration.{state}").count() == 1
    assert (
        AuditEntry.select()
        .where(AuditEntry.action == "change", AuditEntry.noun == "registration")
        .exists()
    )


@pytest.mark.parametrize(
    ("what", "told"), [("allocate", "Cơ sở tiêm"), ("reject", "Lý do không duyệt")]
)
def test_what_is_needed_is_asked_at_its_field(client, places, what, told):
    row = wish(places[0])
    page = client.open_page("/registrations").form("ids").submit(what)
    assert page.status == 422 and any(told in one for one in page.errors())
    assert now(row).state == "sent"


def test_nobody_chosen_is_told(client, places):
    row = wish(places[0])
    form = client.open_page("/registrations").form("ids")
    del form.values["ids"]
    page = form.submit("approve")
    assert page.status == 422 and now(row).state == "sent"


def test_pressed_twice_it_is_done_once(client, places):
    row = wish(places[0])
    form = client.open_page("/registrations").form("ids")
    for _ in range(2):
        assert form.submit("approve").status == 200
    assert now(row).state == "approved"
    assert OutboxEvent.select().where(OutboxEvent.event == "registration.approved").count() == 1


def test_what_somebody_else_decided_first_stays(client, places):
    row = wish(places[0])
    form = client.open_page("/registrations").form("ids")
    Registration.update(state="withdrawn").where(Registration.id == row.id).execute()
    assert form.submit("approve").status == 422
    assert now(row).state == "withdrawn"


def test_another_province_sees_and_decides_nothing(client, places):
    row = wish(places[0])
    form = client.open_page("/registrations").form("ids")
    _nation, other, _site = build.country()
    build.sign_in(client, build.user(other, "province"))
    assert "Không có đăng ký nào" in client.open_page("/registrations").text
    page = client.open_page("/registrations")
    assert not page.css("input[name=ids]")
    form.values["csrf_token"] = [page.css("input[name=csrf_token]")[0].get("value")]
    form.submit("approve")
    assert now(row).state == "sent"


def test_a_site_of_another_province_is_not_offered(client, places):
    row = wish(places[0])
    _nation, _other, site = build.country()
    page = client.open_page("/registrations").form("ids")
    page.values["site"] = [str(site.id)]
    page = page.submit("allocate")
    assert page.status == 422 and now(row).state == "sent"


def test_the_site_sees_whom_it_was_given(client, places):
    province, site = places
    row = wish(province, state="allocated", site=site)
    wish(province)
    build.sign_in(client, build.user(site, "site_head"))
    page = client.open_page("/registrations")
    assert row.name in page.text and len(page.css("tbody tr")) == 1
    assert not page.css("input[name=ids]")
    assert page.follow("Chọn buổi tiêm").url == "/sessions"


def test_the_site_decides_nothing(client, places):
    province, site = places
    row = wish(province, state="allocated", site=site)
    form = client.open_page("/registrations?state=allocated").form("ids")
    build.sign_in(client, build.user(site, "site_head"))
    token = client.open_page("/sessions/new").css("input[name=csrf_token]")[0].get("value")
    form.values["csrf_token"] = [token]
    assert form.submit("allocate").status == 403
    assert now(row).state == "allocated"


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("group=9", 1), ("group=10", 0), ("group=😀", 0), ("state=approved", 0), ("state=x", 1),
        ("commune=ba dinh, ha noi", 1), ("commune=vinh thinh", 0), ("commune=%00", 1),
        ("until=01/01/2020", 0), ("until=01/01/2999", 1), ("until=x", 1), ("after=x", 1),
    ],
)  # fmt: skip
def test_filters(client, places, query, seen):
    wish(places[0])
    assert len(names(client.open_page(f"/registrations?{query}"))) == seen


def test_a_commune_of_today_is_also_those_that_it_was_made_of(client, places):
    made_of = wish(places[0], area_scheme="vn63", area_code="00016")
    wish(places[0], area_scheme="vn63", area_code="00115")
    assert names(client.open_page("/registrations?commune=ba dinh, ha noi")) == [made_of.name]


def test_pages_follow_one_another(client, places):
    rows = [wish(places[0]) for _ in range(60)]
    first = client.open_page("/registrations")
    second = first.follow("Trang sau")
    assert names(first) + names(second) == [row.name for row in rows]


def test_statements_stay_few(client, places):
    wish(places[0])
    client.open_page("/registrations")
    with count_queries() as few:
        client.open_page("/registrations")
    for _ in range(30):
        wish(places[0], state="allocated", site=places[1])
        wish(places[0])
    with count_queries() as many:
        client.open_page("/registrations")
    assert many.count == few.count
    with count_queries() as given:
        client.open_page("/registrations?state=allocated")
    assert given.count <= few.count + 1


def test_a_proven_telephone_is_told(client, places):
    one, other = wish(places[0]), wish(places[0])
    for row, moment in ((one, clock.now()), (other, None)):
        PhoneProof.create(registration=row, asked_at=clock.now(), proven_at=moment)
    told = [row.text_content() for row in client.open_page("/registrations").css("tbody tr")]
    assert ["đã xác thực" in row for row in told] == [True, False]


def test_who_allocates_sees_the_doses_of_a_site_and_who_waits_there(client, places):
    province, site = places
    wish(province)
    for state in ("allocated", "listed", "done"):
        wish(province, site=site, state=state)
    build.holding(site, "COMIRNATY", 60)
    build.holding(site, "COMIRNATY", 30, expires_on=clock.today() - timedelta(1))
    texts = [one.text for one in client.open_page("/registrations").css("[name=site] option")]
    assert f"{site.name} (60 liều, 2 người chờ)" in texts
