"""Loading reference files: versions are added, never changed; a wrong file changes nothing."""

import json
import time
from datetime import date

import pytest

from app import clock
from app.db import db
from app.vaccines.actions import BadReference, load_reference
from app.vaccines.models import ReferenceVersion, catalogue_on, look_again
from tests.vaccines.cases import book, day

TODAY = date(2026, 11, 23)


@pytest.fixture
def loading(app):
    """Whatever a test stores is gone after it."""
    with db.atomic() as transaction:
        yield
        transaction.rollback()
    look_again()


def write(folder, *entries, kind="volume", name="edited.json"):
    path = folder / name
    path.write_text(json.dumps({"kind": kind, "entries": list(entries)}), "utf-8")
    return path


def half_dose(**given):
    return {
        "code": "SPIKEVAX-NHAC_LAI",
        "effective_from": "2022-01-01",
        "document": {"number": "Cục Quản lý Dược 01/2022"},
        "kind": "NHAC_LAI",
        "family": "SPIKEVAX",
        "choices": [0.25, 0.5],
        "default": 0.25,
    } | given


def test_loading_again_changes_nothing(loading):
    before = ReferenceVersion.newest()
    again = load_reference()
    assert (again.new, ReferenceVersion.newest()) == (0, before)
    assert again.known > 70


def test_the_stored_rules_are_those_of_the_files(loading):
    stored, written = catalogue_on(TODAY), book(TODAY)
    assert stored.products.keys() == written.products.keys()
    assert len(stored.mixes) == len(written.mixes)
    assert stored.version == ReferenceVersion.newest()


def test_an_edited_file_becomes_the_rule_at_once(loading, tmp_path):
    before = catalogue_on(TODAY)
    loaded = load_reference([write(tmp_path, half_dose(default=0.5))])
    after = catalogue_on(TODAY)
    assert loaded.new == 1
    assert str(before.volumes[0].default) == "0.25"
    assert str(after.volumes[0].default) == "0.5"
    assert after.version > before.version


def test_the_version_of_a_record_stays_as_it_was(loading, tmp_path):
    old = catalogue_on(TODAY).volumes[0].source.id
    load_reference([write(tmp_path, half_dose(default=0.5))])
    assert ReferenceVersion.get_by_id(old).body["default"] == 0.25


def test_starting_again_does_not_undo_what_was_edited(loading, tmp_path):
    load_reference([write(tmp_path, half_dose(default=0.5))])
    load_reference()
    assert str(catalogue_on(TODAY).volumes[0].default) == "0.5"


def test_a_later_rule_counts_from_its_day_and_an_ended_one_no_more(loading, tmp_path):
    later = half_dose(effective_from="2026-12-01", choices=[0.5], default=0.5)
    load_reference([write(tmp_path, later | {"effective_to": "2026-12-31"})])
    defaults = {
        on: [str(rule.default) for rule in catalogue_on(day(on)).volumes]
        for on in ("30/11/2026", "1/12/2026", "31/12/2026", "1/1/2027")
    }
    assert defaults == {
        "30/11/2026": ["0.25"],
        "1/12/2026": ["0.5"],
        "31/12/2026": ["0.5"],
        "1/1/2027": [],
    }


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"code": ""}, "code: thiếu"),
        ({"code": 7}, "code: sai kiểu"),
        ({"effective_from": "1/1/2022"}, "effective_from: phải là ngày"),
        ({"effective_from": None}, "effective_from: thiếu"),
        ({"effective_to": "2021-12-31"}, "effective_to: giá trị ngoài khoảng"),
        ({"document": None}, "document: thiếu"),
        ({"document": {}}, "number: thiếu"),
        ({"kind": "MUI_3"}, "kind: phải là một trong: BO_SUNG, CO_BAN, NHAC_LAI"),
        ({"choices": ["x"]}, "choices: phải là số"),
        ({"choices": [-1]}, "choices: giá trị ngoài khoảng"),
        ({"choices": [1e9]}, "choices: giá trị ngoài khoảng"),
        ({"choices": "0.5"}, "choices: sai kiểu"),
        ({"choices": [True]}, "choices: sai kiểu"),
        ({"default": 0.3}, "default: phải là một trong: 0.25, 0.5"),
        ({"family": "SPIKEWAX"}, "không có vắc xin nào tên SPIKEWAX"),
        ({"ages": {"from": 18, "below": 18}}, "ages.below: giá trị ngoài khoảng"),
        ({"ages": []}, "ages: sai kiểu"),
        ({"confidence": "maybe"}, "confidence: phải là một trong: sure, unsure"),
    ],
)
def test_a_wrong_entry_is_named_and_nothing_is_stored(loading, tmp_path, change, message):
    good = half_dose(code="ANOTHER")
    before = ReferenceVersion.newest()
    with pytest.raises(BadReference) as refused, db.atomic():
        load_reference([write(tmp_path, good, half_dose(**change))])
    assert message in str(refused.value)
    assert ReferenceVersion.newest() == before


@pytest.mark.parametrize(
    ("kind", "entry", "message"),
    [
        ("interval", {"min": {"years": 1}}, "min: phải là số tháng, tuần, ngày"),
        ("interval", {"min": {}}, "min: phải là số tháng, tuần, ngày"),
        ("interval", {"min": {"weeks": -1}}, "weeks: giá trị ngoài khoảng"),
        ("interval", {"min": {"weeks": 4}, "seq": 0}, "seq: giá trị ngoài khoảng"),
        ("interval", {"min": {"weeks": 4}, "from": ["AZ"]}, "không có vắc xin nào tên AZ"),
        ("mix", {"kind": "CO_BAN"}, "to: thiếu"),
        ("who", {"kind": "NHAC_LAI", "groups": [{"flags": ["tall"]}]}, "groups[1].flags: phải là"),
        ("who", {"kind": "NHAC_LAI", "groups": [7]}, "groups[1]: phải là một nhóm"),
        ("product", {"ages": [], "platform": "mRNA"}, "ages: thiếu"),
        ("priority_group", {"text": "x", "short": "x"}, "code: phải là số"),
        ("screening_form", {"title": "x", "items": [{"code": "1", "text": "x"}]},
         "items[1].leads_to: thiếu"),
        ("screening_form", {"title": "x", "items": [
            {"code": "1", "text": "x", "leads_to": "TRI_HOAN"}]}, "outcomes: phiếu không có"),
        ("consent", {"title": "x"}, "title_en: thiếu"),
        ("tall", {}, "kind: phải là một trong"),
    ],
)  # fmt: skip
def test_every_kind_of_entry_is_checked(loading, tmp_path, kind, entry, message):
    body = {"code": "X", "effective_from": "2022-01-01", "document": {"number": "CV 1"}} | entry
    with pytest.raises(BadReference) as refused:
        load_reference([write(tmp_path, body, kind=kind)])
    assert message in str(refused.value)


@pytest.mark.parametrize(
    "text",
    ["", "{", "7", "[7]", "{}", '{"kind": "mix"}', '{"kind": "mix", "entries": {}}', "[" * 100_000,
     '{"kind": "mix", "entries": [null]}', "\x00", "é"],
)  # fmt: skip
def test_a_file_that_is_not_reference_data_is_named(loading, tmp_path, text):
    path = tmp_path / "odd.json"
    path.write_text(text, "latin-1")
    with pytest.raises(BadReference, match=r"odd\.json"):
        load_reference([path])


def test_a_missing_file_is_named(loading, tmp_path):
    with pytest.raises(BadReference, match=r"none\.json"):
        load_reference([tmp_path / "none.json"])


def test_another_process_sees_new_rules_after_half_a_minute(loading, monkeypatch):
    monkeypatch.setattr("app.vaccines.models.LOOK_AGAIN", 30)
    look_again()
    before = catalogue_on(TODAY)
    row = ReferenceVersion.get_by_id(before.volumes[0].source.id)
    ReferenceVersion.insert(
        kind=row.kind, code="OTHER", effective_from=row.effective_from, digest="x",
        body=row.body, loaded_at=clock.now(),
    ).execute()  # fmt: skip
    assert catalogue_on(TODAY) is before
    seconds = time.monotonic()
    monkeypatch.setattr("app.vaccines.models.time.monotonic", lambda: seconds + 31)
    assert len(catalogue_on(TODAY).volumes) == 2
