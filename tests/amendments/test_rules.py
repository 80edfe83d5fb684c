"""Until when, and by whom."""

from datetime import datetime, timedelta

import pytest

from app.amendments import rules

NOW = datetime(2021, 10, 20, 8, 0)
JUST = NOW - timedelta(minutes=1)
EDGE = NOW - rules.UNDO_WITHIN
OVER = EDGE - timedelta(seconds=1)


@pytest.mark.parametrize(
    ("state", "by", "at", "codes"),
    [
        ("observing", 1, JUST, []),
        ("observing", 1, EDGE, []),
        ("observing", 1, OVER, ["undo_too_late"]),
        ("observing", 2, JUST, ["undo_not_yours"]),
        ("observing", None, JUST, ["undo_not_yours"]),
        ("refused", 1, JUST, []),
        ("delayed", 1, JUST, []),
        ("contraindicated", 1, JUST, []),
        ("referred", 1, JUST, []),
        ("done", 1, JUST, ["undo_nothing"]),
        ("ready", 1, JUST, ["undo_nothing"]),
        ("left", 1, JUST, ["undo_nothing"]),
        ("voided", 1, JUST, ["undo_nothing"]),
        ("refused", 1, None, ["undo_nothing"]),
    ],
)
def test_who_pressed_wrongly_may_undo_within_a_quarter_of_an_hour(state, by, at, codes):
    assert rules.undo_problems(rules.Step(state, by, at), 1, NOW) == codes


@pytest.mark.parametrize(
    ("mine", "site", "mine_is_site", "ended", "found"),
    [
        ("/1/2/3/", "/1/2/3/", True, False, True),
        ("/1/2/3/", "/1/2/3/4/", True, False, True),  # a mobile site of the station
        ("/1/2/", "/1/2/3/", False, False, False),
        ("/1/2/", "/1/2/3/", False, True, True),
        ("/1/5/", "/1/2/3/", False, True, False),
        ("/1/2/3/4/", "/1/2/3/", True, True, False),
        ("/1/2/3/", "/1/2/31/", True, True, False),
    ],
)
def test_only_the_site_that_recorded_decides(mine, site, mine_is_site, ended, found):
    assert rules.in_charge(mine, site, mine_is_site, ended) == found


@pytest.mark.parametrize(
    ("state", "asker", "approve", "answer", "codes"),
    [
        ("pending", 1, True, "", []),
        ("pending", 1, False, "không đúng giấy", []),
        ("pending", 1, False, "  ", [("answer", "answer_needed")]),
        ("pending", 2, True, "", [("", "amend_own")]),
        ("pending", 2, False, "x", [("", "amend_own")]),
        ("approved", 1, True, "", [("", "amend_decided")]),
        ("withdrawn", 1, True, "", [("", "amend_decided")]),
    ],
)
def test_a_second_person_decides_once(state, asker, approve, answer, codes):
    assert rules.decision_problems(state, asker, 2, approve, answer) == codes


@pytest.mark.parametrize(
    ("cause", "reason", "codes"),
    [
        ("cause_cut", "", []),
        ("cause_service", "từ 9 giờ", []),
        ("cause_other", "hết mực", []),
        ("cause_other", " ", [("reason", "note_needed")]),
        ("", "", [("cause", "not_a_choice")]),
        ("power", "", [("cause", "not_a_choice")]),
    ],
)
def test_why_it_comes_late(cause, reason, codes):
    assert rules.cause_problems(cause, reason) == codes


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        (NOW, []),
        (datetime(2021, 10, 20, 0, 0), []),
        (NOW + timedelta(minutes=1), [("given_time", "time_to_come")]),
        (datetime(2021, 10, 19, 23, 59), [("given_time", "time_other_day")]),
        (datetime(2021, 10, 21, 0, 0), [("given_time", "time_other_day")]),
    ],
)
def test_given_on_the_day_of_the_session_and_not_in_the_future(given, codes):
    assert rules.moment_problems(given, NOW.date(), NOW) == codes


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("8:05", (8, 5)), ("08:05", (8, 5)), ("8h05", (8, 5)), ("8.05", (8, 5)), ("0805", (8, 5)),
        (" 23:59 ", (23, 59)), ("8g30", (8, 30)), ("00:00", (0, 0)),
        ("24:00", None), ("8:60", None), ("8", None), ("805", None), ("8:5", None), ("", None),
        ("-8:05", None), ("8:05:00", None), ("٨:٠٥", None), ("x", None),
    ],
)  # fmt: skip
def test_a_time_as_people_write_it(typed, found):
    read = rules.read_time(typed)
    assert (read and (read.hour, read.minute)) == found


@pytest.mark.parametrize(
    ("minutes", "hours"), [(0, "0.0"), (6, "0.1"), (90, "1.5"), (60 * 26, "26.0"), (1, "0.0")]
)
def test_hours_from_the_injection_to_the_entry(minutes, hours):
    assert str(rules.hours_late(NOW, NOW + timedelta(minutes=minutes))) == hours


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ((1, "Huế", "proof_slip", "", "số 7"), []),
        ((0, "Huế", "proof_slip", "", "số 7"), ["seq"]),
        ((100, "Huế", "proof_slip", "", "số 7"), ["seq"]),
        ((1, " ", "proof_slip", "", "số 7"), ["place"]),
        ((1, "Huế", "", "", "số 7"), ["proof"]),
        ((1, "Huế", "proof_other", "", "số 7"), ["reason"]),
        ((1, "Huế", "proof_other", "thẻ", ""), ["evidence"]),
    ],
)
def test_what_is_said_about_a_dose_from_elsewhere(said, fields):
    assert [name for name, _code in rules.elsewhere_problems(*said)] == fields
