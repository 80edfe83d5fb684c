"""A family's certificates on one sheet, found one after the other at the counter."""

import re
import subprocess
from types import SimpleNamespace

import pytest
from PIL import Image

from app import clock
from app.audit import AuditEntry
from app.certificates.models import Certificate
from app.db import is_postgres
from app.people.models import Document
from tests import build
from tests.browsers import chromium, fed_by, program
from tests.certificates.issued import issued
from tests.certificates.test_paper import texts


@pytest.fixture
def counter(app, client):
    """Two people in care here, one from elsewhere; all with certificates."""
    _nation, _province, here = build.country()
    _nation, _province, away = build.country()
    people = [build.person(at, name=f"LÊ THỊ {name}") for at, name in (
        (here, "MẬN"), (here, "ĐÀO"), (away, "CÚC"))]  # fmt: skip
    rows = [
        issued(build.dose(build.visit(build.session(site), person)))
        for site, person in zip((here, here, away), people, strict=True)
    ]
    build.sign_in(client, build.user(here))
    numbers = [Document.get(Document.person == person).number for person in people]
    return SimpleNamespace(
        client=client, here=here, away=away, people=people, rows=rows, numbers=numbers
    )


def add(page, number, dob=""):
    return page.form("what").submit(what=number, dob=dob)


def gathered(counter):
    page = counter.client.open_page("/certificates/family", status=200)
    page = add(page, counter.numbers[0])
    return add(page, counter.numbers[2], "17/05/1980")


def test_the_list_grows_and_is_printed_as_one_sheet(counter):
    page = gathered(counter)
    assert page.status == 200 and page.url == "/certificates/family"
    assert "LÊ THỊ MẬN" in page.text and "LÊ THỊ CÚC" in page.text and page.css("#what[autofocus]")
    sheet = page.form("In một tờ").submit("In một tờ")
    assert sheet.status == 200 and len(sheet.css(".card")) == len(sheet.css("svg")) == 2
    assert [row.prints for row in Certificate.select().order_by(Certificate.id)] == [1, 0, 1]
    entries = AuditEntry.select().where(AuditEntry.action == "print").order_by(AuditEntry.id)
    assert [(e.noun, e.noun_id, e.detail["layout"]) for e in entries] == [
        ("certificate", counter.rows[0].id, "family"),
        ("certificate", counter.rows[2].id, "family"),
    ]


def test_the_second_press_prints_once(counter):
    form = gathered(counter).form("In một tờ")
    first, again = form.submit("In một tờ"), form.submit("In một tờ")
    assert first.status == again.status == 200 and len(again.css("svg")) == 2
    assert Certificate.get_by_id(counter.rows[0].id).prints == 1


def test_somebody_is_taken_off_again(counter):
    page = gathered(counter).form("In một tờ").submit(str(counter.rows[0].id))
    assert "MẬN" not in page.text and "CÚC" in page.text and page.status == 200
    assert not Certificate.get_by_id(counter.rows[0].id).prints


def test_who_is_not_in_care_needs_the_birth_date(counter):
    page = counter.client.open_page("/certificates/family")
    refused = add(page, counter.numbers[2])
    assert refused.status == 422 and refused.css("#dob[aria-invalid]")
    wrong = add(refused, counter.numbers[2], "18/05/1980")
    assert wrong.status == 422 and "không khớp" in wrong.text and "CÚC" not in wrong.text
    assert AuditEntry.get(AuditEntry.action == "refuse").person_id == counter.people[2].id
    assert "CÚC" in add(wrong, counter.numbers[2], "17/05/1980").text


def test_what_was_found_stays_when_the_next_is_refused(counter):
    page = add(gathered(counter), "001099999999")
    assert page.status == 422 and "Không có ai" in page.text and "MẬN" in page.text
    page = add(page, counter.numbers[0])
    assert page.status == 422 and "đã có trong tờ" in page.text and "CÚC" in page.text


@pytest.mark.parametrize("typed", ["", "lê thị mận", "\x00", "x" * 5000])
def test_what_is_no_number(counter, typed):
    page = add(counter.client.open_page("/certificates/family"), typed)
    assert page.status == 422 and page.css("#what[aria-invalid]")


def test_no_certificate_that_counts_is_told(counter):
    Certificate.update(revoked_at=clock.now()).execute()
    page = add(counter.client.open_page("/certificates/family"), counter.numbers[0])
    assert page.status == 422 and "chưa có chứng nhận in được" in page.text


def test_who_loses_it_meanwhile_stops_the_sheet(counter):
    page = gathered(counter)
    Certificate.update(revoked_at=clock.now()).where(Certificate.id == counter.rows[2].id).execute()
    refused = page.form("In một tờ").submit("In một tờ")
    assert refused.status == 422 and "đã thu hồi" in refused.text and not refused.css("svg")
    assert not Certificate.select().where(Certificate.prints > 0).exists()


def test_the_list_is_sealed(app, counter):
    """Nobody adds a certificate to it by hand, and another clerk's list is not theirs."""
    page = gathered(counter)
    form = page.form("In một tờ")
    seal = form.values["chosen"][0]
    for text in ("", "[1,[3]]", seal[:-3] + "AAA", seal.replace(".", "..")):
        refused = form.submit("In một tờ", chosen=text)
        assert refused.status == 422 and not refused.css("svg")
    build.sign_in(counter.client, build.user(counter.here))
    stolen = counter.client.open_page("/certificates/family").form("chosen").values
    page = counter.client.send(
        "/certificates/family/print", stolen | {"chosen": [seal]}, status=422
    )
    assert not page.css("svg") and not Certificate.select().where(Certificate.prints > 0).exists()


def test_eight_at_most(counter):
    page = counter.client.open_page("/certificates/family")
    for _ in range(8):
        person = build.person(counter.here)
        issued(build.dose(build.visit(build.session(counter.here), person)))
        page = add(page, Document.get(Document.person == person).number)
    assert len(page.css("tbody tr")) == 8
    assert not page.css("#what")
    sheet = page.form("In một tờ").submit("In một tờ")
    assert len(sheet.css(".card")) == 8


def test_eight_cards_stand_on_one_sheet_and_are_read(counter, client, tmp_path):
    if is_postgres():
        pytest.skip("paper is the same on both databases")
    codes = []
    with chromium() as browser:
        page = browser.new_page()
        fed_by(client, page)
        page.goto("http://localhost/certificates/family")
        for _ in range(8):
            person = build.person(counter.here, name="NGUYỄN PHÚC THỊ MINH PHƯƠNG KHUÊ")
            codes.append(issued(build.dose(build.visit(build.session(counter.here), person))).code)
            page.fill("#what", Document.get(Document.person == person).number)
            with page.expect_navigation():
                page.keyboard.press("Enter")
        with page.expect_navigation():
            page.get_by_text("In một tờ", exact=True).click()
        pdf = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    (tmp_path / "f.pdf").write_bytes(pdf)
    draw = [program("pdftoppm"), "-r", "300", "-gray", "-png", "-singlefile", "f.pdf", "f"]
    subprocess.run(draw, cwd=tmp_path, check=True)
    assert set(texts(Image.open(tmp_path / "f.png"))) == set(codes)
