"""Settings come from the environment; a wrong one is named at the start, with what to do."""

import os
import subprocess
import sys

import pytest

from app.config import DEMO_DATABASE, ConfigError, load
from bench.serve import ROOT

GOOD = {"SECRET_KEY": "s" * 32, "DATA_KEY": "d" * 32}


def test_two_keys_are_enough():
    settings = load(GOOD)
    assert settings.database_url == DEMO_DATABASE
    assert (settings.proxies, settings.connections, settings.https) == (0, 4, False)


def test_all_settings_are_read():
    settings = load(GOOD | {
        "DATABASE_URL": "postgresql://a:b@h/d", "PUBLIC_URL": "https://sotiem.vn/", "PROXIES": "1",
        "DB_CONNECTIONS": "4",
    })  # fmt: skip
    assert settings.database_url == "postgresql://a:b@h/d"
    assert (settings.public_url, settings.https) == ("https://sotiem.vn", True)
    assert (settings.proxies, settings.connections) == (1, 4)


@pytest.mark.parametrize(("name", "value"), [
    ("SECRET_KEY", ""), ("SECRET_KEY", "s" * 31), ("DATA_KEY", ""), ("DATA_KEY", "short"),
    ("DATABASE_URL", ""), ("DATABASE_URL", "mysql://x"), ("DATABASE_URL", "so-tiem.db"),
    ("PUBLIC_URL", "sotiem.vn"), ("PUBLIC_URL", "ftp://sotiem.vn"),
    ("PROXIES", "one"), ("PROXIES", "-1"), ("PROXIES", ""), ("PROXIES", "1.5"),
    ("SMS_NUMBER", "free"), ("SMS_NUMBER", "12"), ("SMS_NUMBER", "8899; 1"), ("SMS_NUMBER", "٨٨٩٩"),
    ("DB_CONNECTIONS", "many"), ("DB_CONNECTIONS", "0"), ("DB_CONNECTIONS", "²"),
])  # fmt: skip
def test_a_wrong_setting_is_named(name, value):
    with pytest.raises(ConfigError, match=name):
        load(GOOD | {"SMS_WEBHOOK_KEY": "w" * 32, name: value})


@pytest.mark.parametrize(("given", "number"), [
    ("", ""), ("8899", "8899"), ("0912 345 678", "0912345678"), ("+84912345678", "+84912345678"),
])  # fmt: skip
def test_the_number_to_text(given, number):
    assert load(GOOD | {"SMS_NUMBER": given, "SMS_WEBHOOK_KEY": "w" * 32}).sms_number == number


def test_nobody_is_told_to_text_where_nothing_is_heard():
    with pytest.raises(ConfigError, match="SMS_WEBHOOK_KEY"):
        load(GOOD | {"SMS_NUMBER": "8899"})


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATA_KEY"])
def test_no_key_is_ever_shown(name):
    secret = "the key that somebody chose"
    with pytest.raises(ConfigError) as wrong:
        load(GOOD | {name: secret})
    assert secret not in str(wrong.value)


def test_the_password_of_the_database_is_never_shown():
    with pytest.raises(ConfigError) as wrong:
        load(GOOD | {"DATABASE_URL": "mysql://a:geheim@h/d"})
    assert "geheim" not in str(wrong.value)


def test_each_purpose_has_a_key_of_its_own():
    settings = load(GOOD)
    keys = [settings.key(purpose) for purpose in ("audit", "pin", "digest")]
    assert len(set(keys)) == 3 and {len(key) for key in keys} == {32}
    assert settings.key("audit") == load(GOOD | {"SECRET_KEY": "x" * 32}).key("audit")
    assert settings.key("audit") != load(GOOD | {"DATA_KEY": "x" * 32}).key("audit")


@pytest.mark.parametrize("program", [
    ["flask", "--app", "wsgi", "migrate", "--status"],
    ["gunicorn", "-c", "deploy/gunicorn.conf.py", "wsgi"],
], ids=["flask", "gunicorn"])  # fmt: skip
@pytest.mark.parametrize("name", ["DATABASE_URL", "DB_CONNECTIONS", "SECRET_KEY"])
def test_the_message_comes_without_a_trace(program, name):
    env = {key: value for key, value in os.environ.items() if key not in ("PORT", "HOST")}
    env |= GOOD | {name: "wrong"}
    run = subprocess.run(
        [sys.executable, "-m", *program], cwd=ROOT, env=env, capture_output=True, text=True,
        timeout=60,
    )  # fmt: skip
    assert run.returncode != 0
    assert name in run.stderr and "Traceback" not in run.stderr + run.stdout
