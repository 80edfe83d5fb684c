"""Signing in: who gets in, who waits, and what stays of a stranger's session."""

from datetime import datetime, timedelta

import pytest

from app import clock
from app.accounts.models import Membership, SignInTry, User
from app.audit import AuditEntry
from app.web import public
from tests import build
from tests.build import PASSWORD

DAY = datetime(2026, 11, 23, 7, 30)


@pytest.fixture
def station(app):
    return build.country()[2]


def enter(client, who, password=PASSWORD, **query):
    page = client.open_page("/sign-in", query_string=query)
    return page.submit(username=who if isinstance(who, str) else who.username, password=password)


def signed_in(client) -> bool:
    return client.open_page("/password").url == "/password"


def test_sign_in_and_out(client, station):
    who = build.user(station)
    assert not signed_in(client)
    page = enter(client, who)
    assert page.status == 200 and station.name in page.text
    with client.session_transaction() as session:
        assert session["unit"] == station.id and session.permanent
    assert User.get_by_id(who.id).last_seen_at is not None
    client.open_page("/password").submit("Đăng xuất")
    assert not signed_in(client)
    acts = [(e.action, e.chain, e.user_id) for e in AuditEntry.select().order_by(AuditEntry.seq)]
    assert acts == [("sign_in", station.id, who.id), ("sign_out", station.id, who.id)]


def test_name_is_read_in_capitals_and_password_in_any_keyboard(client, station):
    build.user(station, username="annv", password=build.accounts.hash_password("tế bào mới tinh"))
    decomposed = "te\u0302\u0301 ba\u0300o mo\u031b\u0301i tinh"
    enter(client, " AnNV ", decomposed)
    assert signed_in(client)


@pytest.mark.parametrize("case", ["unknown", "wrong", "closed", "not a name", "long", "nul"])
def test_every_wrong_answer_is_the_same(client, station, case):
    who = build.user(station, active=case != "closed")
    name = {"unknown": "khongco", "not a name": "Ông Ấy", "nul": "an\x00nv"}.get(case, who.username)
    password = {"wrong": "sai mat khau", "long": "x" * 100_000}.get(case, PASSWORD)
    page = enter(client, name, password)
    assert page.status == 422
    assert page.errors() == ["Chưa đăng nhập được:Tên đăng nhập hoặc mật khẩu không đúng."]
    assert page.css("[name=username]")[0].get("value") == name.replace("\x00", "\ufffd")
    assert password not in page.body
    assert not signed_in(client)


def test_an_unknown_name_costs_the_same_work(app, client, station, monkeypatch):
    """Time on a busy machine proves nothing, so the hashes that are computed are counted."""
    from app.accounts.actions import passwords

    build.user(station, username="annv")
    build.user(station, username="closed", active=False)
    kept = []
    true_verify = type(passwords.HASHER).verify

    def verify(self, hashed, password):
        kept.append(hashed.split("$")[1:4])
        return true_verify(self, hashed, password)

    monkeypatch.setattr(type(passwords.HASHER), "verify", verify)
    for name in ("annv", "closed", "khongco"):
        enter(client, name, "sai mat khau")
    assert kept == [["argon2id", "v=19", "m=19456,t=2,p=1"]] * 3


@pytest.mark.parametrize("field", ["username", "password"])
def test_missing_field_is_told_at_the_field(client, station, field):
    values = {"username": "annv", "password": PASSWORD} | {field: ""}
    page = client.open_page("/sign-in").submit(**values)
    assert page.status == 422
    assert page.css(f"#{field}-e")[0].text_content() == "Mục này chưa điền."


def test_wrong_tries_slow_down_one_name_only(client, station):
    who, other = build.user(station), build.user(station)
    for n in range(9):
        with clock.frozen(DAY + timedelta(minutes=10 * n)):
            page = enter(client, who, f"sai lan {n}")
            assert "không đúng" in page.errors()[0]
    moment = DAY + timedelta(minutes=80)
    with clock.frozen(moment + timedelta(seconds=15)):
        page = enter(client, who)
        assert page.status == 422 and "Hãy chờ 1 giây" in page.errors()[0]
        enter(client, other)
        assert signed_in(client)
        client.open_page("/password").submit("Đăng xuất")
    with clock.frozen(moment + timedelta(seconds=16)):
        enter(client, who)
        assert signed_in(client)
    assert SignInTry.select().count() == 0
    refusals = AuditEntry.select().where(AuditEntry.action == "refuse").order_by(AuditEntry.seq)
    assert [(e.noun_id, e.detail) for e in refusals] == [
        (who.id, {"wrong": n}) for n in range(5, 10)
    ]


def test_an_unknown_name_waits_like_a_known_one(client, station):
    with clock.frozen(DAY):
        texts = [enter(client, "khongco", "x").errors()[0] for _ in range(6)]
    assert ["chờ" in text for text in texts] == [False] * 5 + [True]
    assert "khongco" not in SignInTry.get().name_digest


def test_old_tries_are_forgotten(client, station):
    for n in range(5):
        with clock.frozen(DAY):
            enter(client, "khongco", str(n))
    with clock.frozen(DAY + timedelta(days=1, minutes=6)):
        enter(client, "khacnua", "x")
    assert [row.wrong for row in SignInTry.select()] == [1]


def test_sign_in_lasts_a_working_day_whatever_is_done_in_it(client, station):
    who = build.user(station)
    with clock.frozen(DAY):
        enter(client, who)
    with clock.frozen(DAY + timedelta(hours=11, minutes=59)):
        assert signed_in(client)
        with client.session_transaction() as session:
            session["lang"] = "vi"  # the cookie is written anew, and its own age begins again
    with clock.frozen(DAY + timedelta(hours=12, minutes=1)):
        assert not signed_in(client)


def test_nothing_of_the_session_before_survives(client, station):
    client.open_page("/sign-in")
    with client.session_transaction() as session:
        session["planted"] = "x"
        token = session["csrf_token"]
    enter(client, build.user(station))
    with client.session_transaction() as session:
        assert "planted" not in session and session.get("csrf_token") != token


def test_sign_in_needs_the_token_of_its_own_page(client, station):
    who = build.user(station)
    response = client.post("/sign-in", data={"username": who.username, "password": PASSWORD})
    assert response.status_code in (400, 422)
    assert "Trang đã cũ" in response.get_data(as_text=True)
    assert not signed_in(client)


@pytest.mark.parametrize("tampered", ["_user_id", "unit", "until", "epoch", "cookie", "text"])
def test_tampered_session_is_nobody(client, station, tampered):
    who = build.user(station)
    enter(client, who)
    stranger = build.user(build.country()[2])
    with client.session_transaction() as session:
        session |= {
            "_user_id": {"_user_id": f"{stranger.id}.1"}, "unit": {"unit": stranger.unit_id},
            "until": {"until": 1}, "epoch": {"_user_id": f"{who.id}.2"},
            "text": {"_user_id": "1 or 1=1"},
        }.get(tampered, {})  # fmt: skip
    if tampered == "cookie":
        cookie = client.get_cookie("s").value
        client.set_cookie("s", ("A" if cookie[0] != "A" else "B") + cookie[1:])
    assert not signed_in(client)


def test_closing_the_account_or_the_unit_ends_the_sign_in(client, station):
    who = build.user(station)
    enter(client, who)
    User.update(active=False).where(User.id == who.id).execute()
    assert not signed_in(client)
    User.update(active=True).where(User.id == who.id).execute()
    assert signed_in(client)
    station.valid_to = clock.today() - timedelta(days=1)
    station.save()
    assert not signed_in(client)
    page = enter(client, who)
    assert "chưa được giao việc" in page.errors()[0]


def test_account_unseen_for_90_days_is_refused_until_a_head_opens_it(client, station):
    with clock.frozen(DAY):
        who = build.user(station)
    with clock.frozen(DAY + timedelta(days=91)):
        assert "90 ngày" in enter(client, who).errors()[0]
        assert "không đúng" in enter(client, who, "sai mat khau").errors()[0]
        assert not signed_in(client)
        User.update(opened_at=clock.now()).where(User.id == who.id).execute()
        enter(client, who)
        assert signed_in(client)


def test_way_back_leads_where_one_wanted_to_go(client, station):
    page = client.open_page("/roles")
    assert page.url == "/sign-in"
    page = page.submit(username=build.user(station).username, password=PASSWORD)
    assert page.url == "/roles"


@pytest.mark.parametrize("way", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_way_back_never_leaves_the_service(client, station, way):
    who = build.user(station)
    page = client.open_page("/sign-in", query_string={"next": way})
    action = page.form("username").element.get("action")
    data = page.form("username").values | {"username": who.username, "password": PASSWORD}
    response = client.post(action, data=data)
    assert response.status_code == 303 and "evil" not in response.location


def test_password_of_an_older_kind_is_renewed(client, station):
    from argon2 import PasswordHasher

    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    who = build.user(station, password=old)
    enter(client, who)
    assert "m=19456,t=2,p=1" in User.get_by_id(who.id).password
    assert signed_in(client)


def test_last_place_is_the_first_of_the_next_day(client, station):
    other, closed = build.unit(parent=station.parent), build.unit(parent=station.parent)
    who = build.user(station)
    for place in (other, closed):
        Membership.create(user=who, unit=place, roles="reception")
    enter(client, who)
    client.open_page("/at").submit(other.name)
    with client.session_transaction() as session:
        assert session["unit"] == other.id
    client.open_page("/password").submit("Đăng xuất")
    page = enter(client, who)
    assert other.name in page.text
    closed.valid_to = clock.today() - timedelta(days=1)
    closed.save()
    assert closed.name not in client.open_page("/at").text
    assert client.send("/at", {"unit_id": closed.id} | token(client)).status == 404


def test_no_place_of_others(client, station):
    stranger = build.unit(parent=station.parent)
    enter(client, build.user(station))
    for value in (stranger.id, 0, -1, "x", "", 2**70):
        assert client.send("/at", {"unit_id": value} | token(client)).status == 404
    with client.session_transaction() as session:
        assert session["unit"] == station.id


def token(client):
    form = client.open_page("/password").form("csrf_token")
    return {"csrf_token": form.values["csrf_token"][0]}


@pytest.mark.parametrize(
    "roles, begins",
    [("national", "/reports"), ("province", "/reports"), ("auditor", "/audit"),
     ("police", "/people"), ("site_head", "/sessions"), ("reception", "/sessions"),
     ("screener", "/sessions"), ("vaccinator", "/sessions"), ("observer", "/sessions"),
     ("storekeeper", "/sessions"), ("police auditor", "/people")],
)  # fmt: skip
def test_each_role_begins_where_its_work_is(client, station, roles, begins):
    page = enter(client, build.user(station, roles))
    assert (page.status, page.url) == (200, begins)
    assert client.open_page("/").url == begins


def test_nobody_begins_at_the_public_front(client, station):
    assert client.open_page("/").url == "/tra-cuu"


def test_home_keeps_the_weak_switch(client, station):
    response = client.get("/?weak=1")
    assert response.status_code == 303
    assert client.get_cookie("weak").value == "1"
    client.get("/?weak=0")
    assert client.get_cookie("weak") is None
    assert client.get("/?weak=<script>").status_code == 303


def test_front_page_is_for_everybody():
    from app.accounts.views.sign_in import home, sign_in

    assert home.access == sign_in.access == public(lambda: None).access
