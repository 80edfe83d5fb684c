"""When messages leave and what they say."""

import string
from datetime import datetime, timedelta

import pytest

from app.notices import rules

VALUES = {"name": "NGUYỄN T** ĐÀO", "n": "2", "product": "Comirnaty", "day": "12/08/2021"}


def test_a_message_has_no_accents():
    assert rules.text("dose_recorded", "vi", VALUES) == (
        "So Tiem: NGUYEN T** DAO da tiem mui 2 vac xin Comirnaty ngay 12/08/2021. "
        "Neu khong dung, nhan SAI. Bi phan ung, nhan PU."
    )
    assert rules.text("dose_recorded", "en", VALUES).endswith(
        "If wrong, text WRONG. If unwell, text ILL."
    )


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("kind", rules.TEXTS)
def test_a_message_is_one_part_whatever_is_put_in(kind, lang):
    fields = [name for _text, name, *_rest in string.Formatter().parse(rules.TEXTS[kind][lang])]
    for long in ("Ư" * 300, "x" * 160, "a {b} ^€~ \n中"):
        text = rules.text(kind, lang, {name: long for name in fields if name})
        assert len(text) <= rules.LONGEST and set(text) <= rules.LETTERS


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("kind", ["dose_recorded", "dose_recorded_due"])
def test_the_number_to_text_is_said_and_never_cut(kind, lang):
    values = VALUES | {"name": "Ư" * 300, "product": "x" * 160, "due": "12/09/2021"}
    text = rules.text(kind, lang, values, "+84912345678")
    assert "+84912345678. " in text and len(text) <= rules.LONGEST
    assert (
        "+84" not in rules.text(kind, lang, values) and "{to}" not in rules.TEXTS["invited"][lang]
    )


def test_what_is_long_is_cut_and_the_rest_stays():
    text = rules.text("dose_recorded", "vi", VALUES | {"name": "A " * 200})
    assert len(text) >= rules.LONGEST - 2 and text.endswith("nhan PU.") and "Comirnaty" in text


def test_both_languages_say_the_same_values():
    for one in rules.TEXTS.values():
        names = [{f for _t, f, *_r in string.Formatter().parse(one[lang]) if f} for lang in one]
        assert set(one) == {"vi", "en"} and names[0] == names[1]


@pytest.mark.parametrize(("hour", "minute", "quiet"), [
    (6, 59, True), (7, 0, False), (20, 59, False), (21, 0, True), (0, 0, True),
])  # fmt: skip
def test_nobody_is_woken(hour, minute, quiet):
    assert rules.quiet(datetime(2021, 8, 12, hour, minute)) is quiet


def test_pauses_grow():
    pauses = [rules.pause(n) for n in range(1, rules.MOST_ATTEMPTS)]
    assert pauses == sorted(set(pauses)) and pauses[0] == timedelta(minutes=1)
    assert rules.pause(1000) == pauses[-1]
    assert sum(pauses, timedelta()) < rules.TOO_OLD


def test_the_second_gateway_is_tried_after_refusals():
    assert [rules.gateway("invited", n, 2) for n in range(5)] == [0, 0, 0, 1, 1]
    assert [rules.gateway(rules.URGENT, n, 2) for n in range(3)] == [0, 1, 1]
    assert rules.gateway("invited", 5, 1) == rules.gateway(rules.URGENT, 5, 1) == 0


@pytest.mark.parametrize(("phone", "fits"), [
    ("0912345678", True), ("02438251234", False), ("", False), (None, False),
])  # fmt: skip
def test_landlines_take_no_messages(phone, fits):
    assert rules.mobile(phone) is fits
