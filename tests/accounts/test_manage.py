"""Heads and the accounts of their subtree."""

from datetime import timedelta

import pytest
from playhouse.test_utils import count_queries

from app import clock
from app.accounts.models import Membership, User
from app.audit import AuditEntry
from app.once import Submission
from tests import build
from tests.build import PASSWORD

NAME = "Trần Thị Thử"


@pytest.fixture
def country(app):
    return build.country()


@pytest.fixture
def province(country):
    return build.user(country[1], "province")


@pytest.fixture
def head(country):
    return build.user(country[2], "site_head")


@pytest.fixture
def station(country):
    return country[2]


def roles_of(user_id):
    return {m.unit_id: m.roles for m in Membership.select().where(Membership.user == user_id)}


def make(client, unit, **values):
    page = client.open_page(f"/accounts/new?unit_id={unit.id}")
    return page.submit(**({"name": NAME, "roles": ["vaccinator"]} | values))


def secret(page):
    return page.css("dd")[2].text_content()


def enter(client, username, password):
    return client.open_page("/sign-in").submit(username=username, password=password)


# Making


def test_a_head_makes_an_account_whose_first_password_is_for_one_use(app, client, head, station):
    build.sign_in(client, head)
    page = make(client, station, roles=["vaccinator", "observer"])
    assert page.status == 200 and "chỉ hiện ở đây một lần" in page.text
    made = User.get(User.name == NAME)
    assert (made.username, made.folded, made.unit_id) == ("thutt", "tran thi thu", station.id)
    assert roles_of(made.id) == {station.id: "vaccinator observer"}
    first = secret(page)
    assert first not in str(list(Submission.select().dicts())) + made.password
    entry = AuditEntry.get(AuditEntry.noun == "account")
    assert (entry.action, entry.noun_id, entry.user_id) == ("create", made.id, head.id)
    assert "thutt" not in str(entry.detail) and first not in str(entry.detail)

    newcomer = app.test_client()
    page = enter(newcomer, "thutt", first)
    assert page.url == "/password"
    page.submit(old=first, new="trâu trắng gặm cỏ", again="trâu trắng gặm cỏ")
    assert enter(app.test_client(), "thutt", first).status == 422
    assert first not in client.open_page(f"/accounts/{made.id}").body


def test_the_same_form_again_shows_the_same_password_and_makes_nothing(client, head, station):
    build.sign_in(client, head)
    form = client.open_page(f"/accounts/new?unit_id={station.id}").form("name")
    pages = [form.submit(name=NAME, roles=["observer"]) for _ in range(3)]
    assert len({secret(page) for page in pages}) == 1
    assert User.select().where(User.name == NAME).count() == 1
    assert form.submit(name="Người Khác", roles=["observer"]).status == 409


def test_namesakes_get_names_of_their_own(client, head, station):
    build.sign_in(client, head)
    for _ in range(3):
        make(client, station)
    names = [row.username for row in User.select().where(User.name == NAME).order_by(User.id)]
    assert names == ["thutt", "thutt2", "thutt3"]


@pytest.mark.parametrize(
    "typed, field, message",
    [
        ({"name": ""}, "name", "Mục này chưa điền."),
        ({"name": "Thử 2"}, "name", "Họ tên không có chữ số."),
        ({"name": "Tha\u202ethử"}, "name", "Có dấu đổi chiều chữ"),
        ({"username": "Có Dấu"}, "username", "Tên đăng nhập có 3 đến 30 ký tự"),
        ({"username": "x" * 100_000}, "username", "Tên đăng nhập có 3 đến 30 ký tự"),
        ({"username": "daco"}, "username", "Đã có người dùng"),
        ({"roles": []}, "roles", "Chọn ít nhất một vai trò."),
    ],
)
def test_what_is_wrong_is_told_at_the_field(client, head, station, typed, field, message):
    build.user(station, username="daco")
    build.sign_in(client, head)
    page = make(client, station, **typed)
    assert page.status == 422
    assert message in page.css(f"#{field}-e")[0].text_content()
    if "name" not in typed:
        assert page.css("#name")[0].get("value") == NAME
    if "roles" not in typed:
        assert page.css("[value=vaccinator]")[0].get("checked") is not None
    assert User.select().where(User.name == NAME).count() == 0


@pytest.mark.parametrize(
    "giver, at, role",
    [("site_head", 2, "site_head"), ("site_head", 2, "province"), ("site_head", 2, "national"),
     ("site_head", 2, "auditor"), ("province", 1, "national"), ("province", 2, "national"),
     ("province", 2, "province"), ("province", 1, "vaccinator"), ("national", 1, "national"),
     ("national", 2, "root")],
)  # fmt: skip
def test_no_role_beyond_ones_own_can_be_smuggled_in(client, country, giver, at, role):
    where = {"site_head": country[2], "province": country[1], "national": country[0]}[giver]
    build.sign_in(client, build.user(where, giver))
    page = client.open_page(f"/accounts/new?unit_id={country[at].id}")
    assert not page.css(f"[name=roles][value={role}]")
    form = page.form("name")
    page = form.submit(name=NAME, roles=[role])
    assert page.status == 422
    assert User.select().where(User.name == NAME).count() == 0


def test_no_account_at_a_unit_of_others(client, country, head):
    build.sign_in(client, head)
    for stranger in (country[0], country[1], build.unit(parent=country[1])):
        assert client.open_page(f"/accounts/new?unit_id={stranger.id}").status == 404
    assert client.open_page("/accounts/new?unit_id=99999999999999999999").status == 404


def test_no_account_at_a_closed_unit(client, province, country):
    closed = build.unit(parent=country[1], valid_to=clock.today() - timedelta(days=1))
    build.sign_in(client, province)
    page = make(client, closed)
    assert page.status == 422 and "Đơn vị này không hoạt động." in page.errors()[0]


# Closing, opening, a new first password


def test_close_ends_the_sign_in_and_reopening_does_not_bring_it_back(app, client, head, station):
    nurse, theirs = build.user(station, "vaccinator"), app.test_client()
    enter(theirs, nurse.username, PASSWORD)
    build.sign_in(client, head)
    page = client.open_page(f"/accounts/{nurse.id}").submit("Đóng tài khoản")
    assert page.status == 200 and "Đã đóng" in page.text
    assert theirs.open_page("/roles").url == "/sign-in"
    assert enter(theirs, nurse.username, PASSWORD).status == 422
    page = page.submit("Mở lại tài khoản")
    assert "Đang dùng" in page.text
    assert theirs.open_page("/roles").url == "/sign-in"
    assert enter(theirs, nurse.username, PASSWORD).url != "/sign-in"
    acts = [e.detail["act"] for e in AuditEntry.select().where(AuditEntry.noun == "account",
            AuditEntry.action == "change").order_by(AuditEntry.seq)]  # fmt: skip
    assert acts == ["close", "reopen"]


def test_new_first_password_replaces_the_forgotten_one(app, client, head, station):
    nurse, theirs = build.user(station, "vaccinator"), app.test_client()
    enter(theirs, nurse.username, PASSWORD)
    build.sign_in(client, head)
    page = client.open_page(f"/accounts/{nurse.id}").submit("Cấp lại mật khẩu lần đầu")
    assert page.status == 200
    assert theirs.open_page("/roles").url == "/sign-in"
    assert enter(theirs, nurse.username, PASSWORD).status == 422
    assert enter(theirs, nurse.username, secret(page)).url == "/password"


def test_sleeping_account_is_shown_and_opened_again(client, head, station):
    ago = clock.now() - timedelta(days=91)
    nurse = build.user(station, "vaccinator", created_at=ago, last_seen_at=ago)
    build.sign_in(client, head)
    assert "Quá 90 ngày không dùng" in client.open_page("/accounts").text
    page = client.open_page(f"/accounts/{nurse.id}").submit("Mở lại tài khoản")
    assert "Đang dùng" in page.text


ACTS = ["close", "reopen", "first-password"]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    "case", ["own", "other head", "also above", "also elsewhere", "also head elsewhere"]
)
def test_no_power_over_accounts_that_may_more(client, country, head, station, act, case):
    """A new first password for somebody above would be a way up."""
    _, province, _ = country
    other = head if case == "own" else build.user(
        station, "site_head vaccinator" if case == "other head" else "vaccinator"
    )  # fmt: skip
    if case == "also above":
        Membership.create(user=other, unit=province, roles="province")
    if case == "also elsewhere":
        Membership.create(user=other, unit=build.unit(parent=province), roles="vaccinator")
    if case == "also head elsewhere":
        Membership.create(user=other, unit=build.unit("mobile", station), roles="site_head")
    before = User.get_by_id(other.id).__data__
    build.sign_in(client, head)
    page = client.open_page(f"/accounts/{other.id}")
    assert not [form for form in page.css("form") if act in form.get("action")]
    page = client.send(f"/accounts/{other.id}/{act}", form_data(client))
    assert page.status == 422
    assert page.errors()[0].startswith("Chưa làm được:")
    assert User.get_by_id(other.id).__data__ == before


def form_data(client):
    """Token and key of some form that this person may open."""
    values = client.open_page("/password").form("key").values
    return {name: values[name][0] for name in ("csrf_token", "key")}


# Several places


def test_a_province_lets_a_nurse_work_at_two_stations(app, client, country, province, station):
    other = build.unit(parent=country[1], code="79123")
    nurse = build.user(station, "vaccinator")
    build.sign_in(client, province)
    page = client.open_page(f"/accounts/{nurse.id}").follow("Thêm nơi làm việc")
    page = page.submit(code="79123", roles=["observer"])
    assert page.url == f"/accounts/{nurse.id}" and other.name in page.text
    assert roles_of(nurse.id) == {station.id: "vaccinator", other.id: "observer"}
    theirs = build.sign_in(app.test_client(), nurse)
    assert (
        "Người theo dõi" in theirs.open_page("/at").submit(other.name).client.open_page("/at").text
    )


def test_roles_are_changed_and_taken(client, province, country, station):
    other = build.unit(parent=country[1])
    nurse = build.user(station, "vaccinator")
    Membership.create(user=nurse, unit=other, roles="reception")
    build.sign_in(client, province)
    page = client.open_page(f"/accounts/{nurse.id}/places/{other.id}")
    assert page.css("[value=reception]")[0].get("checked") is not None
    page.submit(roles=["screener", "storekeeper"])
    assert roles_of(nurse.id)[other.id] == "screener storekeeper"
    page = client.open_page(f"/accounts/{nurse.id}/places/{other.id}").submit("Thôi làm việc")
    assert roles_of(nurse.id) == {station.id: "vaccinator"}
    page = client.open_page(f"/accounts/{nurse.id}/places/{station.id}").submit("Thôi làm việc")
    assert page.status == 422 and "nơi làm việc duy nhất" in page.errors()[0]
    assert roles_of(nurse.id) == {station.id: "vaccinator"}


@pytest.mark.parametrize(
    "typed, field, message",
    [({"code": "khongco"}, "code", "Không có đơn vị nào mang mã này"),
     ({"code": "above"}, "code", "Không có đơn vị nào mang mã này"),
     ({"code": ""}, "code", "Mục này chưa điền."),
     ({"code": "x" * 10_000}, "code", "Dài quá 40 ký tự."),
     ({"roles": []}, "roles", "Chọn ít nhất một vai trò."),
     ({"roles": ["site_head"]}, "roles", "Hãy chọn một mục trong danh sách."),
     ({"roles": ["reception", "national"]}, "roles", "Hãy chọn một mục trong danh sách.")],
)  # fmt: skip
def test_wrong_places_are_told_at_the_field(client, country, head, station, typed, field, message):
    country[1].code = "above"
    country[1].save()
    tent = build.unit("mobile", station, code="79001-1")
    nurse = build.user(station, "vaccinator")
    build.sign_in(client, head)
    page = client.open_page(f"/accounts/{nurse.id}/places/new")
    page = page.submit(**({"code": tent.code, "roles": ["reception"]} | typed))
    assert page.status == 422
    assert message in page.css(f"#{field}-e")[0].text_content()
    assert roles_of(nurse.id) == {station.id: "vaccinator"}


def test_role_that_the_unit_does_not_use(client, province, station):
    nurse = build.user(station, "vaccinator")
    build.sign_in(client, province)
    page = client.open_page(f"/accounts/{nurse.id}/places/new")
    page = page.submit(code=station.code, roles=["province"])
    assert page.status == 422
    assert "không dùng vai trò: Sở Y tế / CDC tỉnh" in page.css("#roles-e")[0].text_content()


@pytest.mark.parametrize("case", ["own", "other head"])
def test_a_head_changes_no_heads(client, head, station, case):
    other = head if case == "own" else build.user(station, "site_head")
    build.sign_in(client, head)
    url = f"/accounts/{other.id}/places/{station.id}"
    page = client.open_page(url).submit("roles", roles=["vaccinator"])
    assert page.status == 422
    assert client.send(f"{url}/leave", form_data(client)).status == 422
    assert roles_of(other.id) == {station.id: "site_head"}


def test_a_borrowed_nurse_is_seen_and_sent_back_but_not_closed(client, head, station, country):
    home = build.unit(parent=country[1])
    nurse = build.user(home, "vaccinator")
    Membership.create(user=nurse, unit=station, roles="observer")
    build.sign_in(client, head)
    assert nurse.name in client.open_page("/accounts").text
    assert client.send(f"/accounts/{nurse.id}/close", form_data(client)).status == 422
    assert client.open_page(f"/accounts/{nurse.id}/places/{home.id}").status == 404
    client.open_page(f"/accounts/{nurse.id}/places/{station.id}").submit("Thôi làm việc")
    assert roles_of(nurse.id) == {home.id: "vaccinator"}
    assert client.open_page(f"/accounts/{nurse.id}").status == 404


# The list, and who sees it


def test_list_is_found_by_name_with_or_without_marks(client, head, station):
    made = build.user(station, name="Đặng Thị Mơ", folded="dang thi mo", username="modt")
    other = build.user(station, name="Lê Văn Cò", folded="le van co", username="colv")
    build.sign_in(client, head)
    for typed in ("đặng thị", "DANG", "mo", "modt", "Mơ"):
        page = client.open_page("/accounts").submit(q=typed)
        assert made.name in page.text and other.name not in page.text, typed
        assert "?" not in page.url
    for typed in ("%", "_", "'", "a\x00b", "x" * 10_000, "🙂"):
        page = client.open_page("/accounts").submit(q=typed)
        assert page.status == 200 and "Không có tài khoản nào." in page.text, typed


def test_list_is_paged_by_what_comes_next(client, head, station):
    for n in range(65):
        build.user(station, username=f"nurse{n:03}")
    build.sign_in(client, head)
    page, seen = client.open_page("/accounts"), []
    while True:
        seen += [td.text_content() for td in page.css("td:nth-child(2)")]
        if not page.css("[rel=next]"):
            break
        assert "nurse" not in page.css("[rel=next]")[0].get("href")
        page = page.follow("Trang sau")
    assert len(seen) == 66 and seen == sorted(seen) and len(set(seen)) == 66


def test_list_costs_the_same_for_many(client, head, station):
    build.sign_in(client, head)
    with count_queries() as few:
        client.open_page("/accounts")
    for _ in range(25):
        build.user(station)
    with count_queries() as many:
        client.open_page("/accounts")
    assert many.count == few.count <= 3


@pytest.mark.parametrize("url", ["/accounts?after=99999999999999999999", "/accounts?after=-1",
                                 "/accounts?unit_id=99999999999999999999"])  # fmt: skip
def test_impossible_addresses(client, head, url):
    build.sign_in(client, head)
    assert client.open_page(url).status == 404


PAGES = ["/accounts", "/accounts/new", "/accounts/{}", "/accounts/{}/places/new",
         "/accounts/{}/places/{}"]  # fmt: skip
POSTS = ["/accounts/{}/close", "/accounts/{}/reopen", "/accounts/{}/first-password",
         "/accounts/{}/places/{}/leave"]  # fmt: skip


@pytest.mark.parametrize("url", PAGES + POSTS)
def test_only_for_those_who_manage_accounts(client, station, url):
    nurse = build.user(station, "reception screener vaccinator observer storekeeper")
    build.sign_in(client, nurse)
    address = url.format(nurse.id, station.id)
    page = client.open_page(address) if url in PAGES else client.send(address, {})
    assert page.status == 403


@pytest.mark.parametrize("url", [page for page in PAGES + POSTS if "{}" in page])
def test_accounts_of_others_do_not_exist(client, head, country, url):
    elsewhere = build.unit(parent=country[1])
    stranger = build.user(elsewhere, "vaccinator")
    build.sign_in(client, head)
    address = url.format(stranger.id, elsewhere.id)
    ask = client.open_page(address) if url in PAGES else client.send(address, form_data(client))
    assert ask.status == 404
    above = build.user(country[1], "province")
    assert client.open_page(f"/accounts/{above.id}").status == 404
    assert client.open_page("/accounts/99999999999999999999").status == 404
    assert stranger.name not in client.open_page("/accounts").text
