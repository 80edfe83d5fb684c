"""The page of vaccines and rules, and the command that loads an edited file."""

import json

import pytest

from app.accounts.roles import ROLES
from app.vaccines.models import ReferenceVersion
from tests import build


@pytest.fixture
def station(app):
    return build.country()[2]


def test_the_page_shows_products_rules_and_their_papers(client, station):
    page = build.sign_in(client, build.user(station)).open_page("/vaccines")
    assert page.status == 200
    assert "Comirnaty (Pfizer-BioNTech)" in page.text
    assert "Liều nhắc lại 2; ít nhất 4 tháng – CV 3309/BYT-DP, CV 3405/BYT-DP" in page.text
    assert "cần kiểm tra" in page.text
    assert len(page.css("ol li")) == 16


def test_the_page_is_in_english_too(client, station):
    page = build.sign_in(client, build.user(station)).open_page("/vaccines?lang=en")
    assert "Screening before COVID-19 vaccination" in page.text


@pytest.mark.parametrize("role", ROLES)
def test_only_those_who_may_look_see_it(client, station, role):
    page = build.sign_in(client, build.user(station, role)).open_page("/vaccines")
    assert page.status == (200 if "reference.view" in ROLES[role] else 403)


def test_a_file_is_loaded_by_the_command(app, tmp_path):
    path = tmp_path / "odd.json"
    path.write_text(json.dumps({"kind": "mix", "entries": [{"code": "X"}]}))
    before = ReferenceVersion.newest()
    result = app.test_cli_runner().invoke(args=["load-reference", str(path)])
    assert result.exit_code == 1
    assert "odd.json: X: effective_from" in result.output
    assert ReferenceVersion.newest() == before
