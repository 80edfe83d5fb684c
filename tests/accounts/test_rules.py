"""Names, passwords, pauses and ways back."""

from datetime import datetime, timedelta

import pytest

from app.accounts import rules
from app.accounts.actions.passwords import common

NOW = datetime(2026, 11, 23, 8)


@pytest.mark.parametrize(
    "name, taken, expected",
    [
        ("Nguyễn Văn An", (), "annv"),
        ("Nguyễn Văn An", ("annv", "annv2"), "annv3"),
        ("Đỗ Thị Ơn", (), "ondt"),
        ("H'Đăm", (), "hdam"),
        ("Y", (), "yxx"),
        ("王", (), "user"),
    ],
)
def test_username_is_suggested_from_the_name(name, taken, expected):
    found = rules.suggest_username(name, taken)
    assert found == expected
    assert rules.username(found) == found


@pytest.mark.parametrize(
    "typed, kept",
    [(" AnNV ", "annv"), ("an.nv-2_x", "an.nv-2_x"), ("an", ""), ("ánnv", ""), ("an nv", ""),
     ("an\x00nv", ""), (".annv", ""), ("a" * 31, ""), ("", "")],
)  # fmt: skip
def test_username_has_one_form(typed, kept):
    assert rules.username(typed) == kept


@pytest.mark.parametrize(
    "password, problems",
    [
        ("ngắn quá", ["password_short"]),
        ("x" * 201, ["password_long"]),
        ("Mật Khẩu 123", ["password_common"]),
        ("ababababababab", ["password_common"]),
        ("annv-annv-01", ["password_is_name"]),
        ("ANNV 123456", ["password_is_name"]),
        ("trâu trắng gặm cỏ", []),
        ("annv thích ăn xôi", []),
        ("k7mx-4wpq-r2hn", []),
    ],
)
def test_new_password(password, problems):
    assert rules.password_problems(password, "annv", common()) == problems


def test_common_passwords_are_written_as_they_are_compared():
    for word in common():
        assert rules.plain(word).replace(" ", "") == word
        assert rules.password_problems(word, "annv", common()) == ["password_common"]


def test_first_password_belongs_to_its_form():
    one = rules.first_password(b"s" * 32, "form one")
    assert one == rules.first_password(b"s" * 32, "form one")
    assert one != rules.first_password(b"s" * 32, "form two")
    assert one != rules.first_password(b"t" * 32, "form one")
    assert rules.password_problems(one, "annv", common()) == []
    assert set(one) <= set(rules.EASY + "-") and len(one) == 14


def test_pause_grows_from_the_fifth_wrong_try_to_five_minutes():
    seconds = [rules.pause(n).total_seconds() for n in range(1, 16)]
    assert seconds == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert rules.pause(10**9) == timedelta(minutes=5)


@pytest.mark.parametrize(
    "days_ago, expected",
    [((100, None, None), True), ((100, None, 1), False), ((100, 1, 95), False),
     ((200, 100, 95), True), ((90, None, None), False)],
)  # fmt: skip
def test_account_is_unseen_after_90_days(days_ago, expected):
    moments = [None if n is None else NOW - timedelta(days=n) for n in days_ago]
    assert rules.unseen(moments, NOW) is expected


@pytest.mark.parametrize("path", ["/", "/sessions?day=1", "/lots/3#m", "/people?x=http://a"])
def test_way_back_into_this_service(path):
    assert rules.local_path(path) == path


@pytest.mark.parametrize(
    "path",
    ["", "//evil.example", "https://evil.example/", "/\\evil.example", "\\\\evil.example",
     "/\t/evil.example", "/\n/evil.example", " //evil.example", "javascript:alert(1)",
     "evil.example", "http:/evil.example", "/x\x00y"],
)  # fmt: skip
def test_no_way_out_of_this_service(path):
    assert rules.local_path(path) == ""
