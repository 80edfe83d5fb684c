"""One's own password: a new one ends all other sign-ins, and a first one does nothing else."""

import pytest

from app import clock
from app.accounts.actions import confirmer, load, signed_in
from app.accounts.models import Membership, User
from app.audit import AuditEntry
from app.words import Refused
from tests import build
from tests.build import PASSWORD

NEW = "trâu trắng gặm cỏ"


@pytest.fixture
def station(app):
    return build.country()[2]


@pytest.fixture
def who(station):
    return build.user(station, username="annv")


def change(client, old=PASSWORD, new=NEW, again=None):
    page = client.open_page("/password")
    return page.submit(old=old, new=new, again=new if again is None else again)


def enter(client, who, password):
    return client.open_page("/sign-in").submit(username=who.username, password=password)


def test_all_other_sign_ins_end_and_this_one_stays(app, client, who):
    elsewhere = app.test_client()
    enter(client, who, PASSWORD)
    enter(elsewhere, who, PASSWORD)
    assert elsewhere.open_page("/roles").url == "/roles"
    page = change(client)
    assert page.status == 200 and "Đã đổi mật khẩu" in page.text
    assert client.open_page("/roles").url == "/roles"
    assert elsewhere.open_page("/roles").url == "/sign-in"
    assert enter(elsewhere, who, PASSWORD).status == 422
    assert enter(elsewhere, who, NEW).status == 200
    entry = AuditEntry.get(AuditEntry.noun == "password")
    assert (entry.action, entry.noun_id, entry.detail) == ("change", who.id, {})


@pytest.mark.parametrize(
    "typed, field, message",
    [
        ({"old": "khong phai no"}, "old", "Mật khẩu đang dùng không đúng."),
        ({"new": "ngắn"}, "new", "Mật khẩu mới phải có ít nhất 10 ký tự."),
        ({"new": "x" * 10_000}, "new", "Mật khẩu mới dài quá 200 ký tự."),
        ({"new": "matkhau123"}, "new", "Mật khẩu này quá dễ đoán. Hãy chọn mật khẩu khác."),
        ({"new": "annv123456"}, "new", "Mật khẩu mới không được chứa tên đăng nhập."),
        ({"new": PASSWORD}, "new", "Mật khẩu mới phải khác mật khẩu đang dùng."),
        ({"again": NEW + "x"}, "again", "Hai lần nhập mật khẩu mới không giống nhau."),
        ({"old": ""}, "old", "Mục này chưa điền."),
    ],
)
def test_what_is_wrong_is_told_at_the_field(client, who, typed, field, message):
    build.sign_in(client, who)
    page = change(client, **typed)
    assert page.status == 422
    assert page.css(f"#{field}-e")[0].text_content() == message
    assert not any(item.get("value") for item in page.css("[type=password]"))
    kept = User.get_by_id(who.id)
    assert (kept.epoch, kept.password) == (who.epoch, who.password)


def test_the_old_password_cannot_be_guessed_in_a_stolen_session(client, who):
    build.sign_in(client, who)
    with clock.frozen(clock.local(clock.now()).replace(tzinfo=None)):
        pages = [change(client, old=f"thu lan {n}") for n in range(6)]
        assert "Hãy chờ 1 giây" in " ".join(pages[-1].errors())
        assert "Hãy chờ 1 giây" in " ".join(change(client).errors())


def test_a_first_password_opens_nothing_but_the_page_for_a_new_one(client, station):
    who = build.user(station, must_change=True)
    page = enter(client, who, PASSWORD)
    assert page.url == "/password" and "chỉ dùng một lần" in page.text
    assert client.open_page("/roles").url == "/password"
    page = change(client)
    assert page.status == 200
    assert client.open_page("/roles").url == "/roles"
    client.open_page("/roles").submit("Đăng xuất")
    assert enter(client, who, PASSWORD).status == 422


def test_who_has_a_first_password_may_sign_out(client, station):
    build.sign_in(client, build.user(station, must_change=True))
    client.open_page("/password").submit("Đăng xuất")
    assert client.open_page("/roles").url == "/sign-in"


def test_password_page_is_for_people_who_are_signed_in(client, app):
    assert client.open_page("/password").url == "/sign-in"
    assert client.post("/password", data={"old": "x"}).status_code == 303


def test_an_old_key_of_a_sign_in_opens_nothing(app, who):
    with app.test_request_context():
        from flask import session

        session.update(unit=who.unit_id, until=2**33)
        assert load(f"{who.id}.{who.epoch}").id == who.id
        newer = f"{who.id}.{who.epoch + 1}"
        for key in ("", ".", "1", f"{who.id}.", newer, "-1.1", "1.1.1", "x.1"):
            assert load(key) is None


@pytest.mark.parametrize(
    "case, may",
    [("screener here", True), ("head above", True), ("vaccinator here", False),
     ("screener elsewhere", False), ("closed", False), ("first password", False),
     ("wrong password", False), ("unseen", False)],
)  # fmt: skip
def test_second_person_who_confirms(app, station, who, case, may):
    beside = signed_in(Membership.get(Membership.user == who))
    at, roles = {
        "screener elsewhere": (build.unit(parent=station.parent), "screener"),
        "head above": (station.parent, "site_head"),
        "vaccinator here": (station, "vaccinator"),
    }.get(case, (station, "screener"))
    given = {"closed": {"active": False}, "first password": {"must_change": True},
             "unseen": {"created_at": clock.now().replace(year=2021)}}.get(case, {})  # fmt: skip
    second = build.user(at, roles, **given)
    password = "sai mat khau" if case == "wrong password" else PASSWORD
    assert confirmer(second.username, password, beside) == (second.id if may else None)


def test_second_person_waits_after_wrong_tries(app, who):
    beside = signed_in(Membership.get(Membership.user == who))
    with clock.frozen(clock.local(clock.now()).replace(tzinfo=None)):
        for _ in range(5):
            assert confirmer("annv", "sai", beside) is None
        with pytest.raises(Refused):
            confirmer("annv", PASSWORD, beside)
