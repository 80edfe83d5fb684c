"""The holder's own certificate, from the look-up: on the telephone and on paper."""

import io
import re
import subprocess
from base64 import b64decode
from datetime import timedelta

import pytest
from PIL import Image

from app import clock
from app.audit import AuditEntry
from app.certificates import envelope
from app.certificates.models import Certificate
from app.db import is_postgres
from app.portal import actions
from tests.browsers import chromium, fed_by, program
from tests.certificates.issued import issued
from tests.codes import texts


def open_qr(holder, **given):
    row = issued(holder.dose, **given)
    return row, holder.ask().form("Mã QR").submit("Mã QR")


def test_the_result_says_until_when_the_certificate_counts(holder):
    row = issued(holder.dose)
    page = holder.ask()
    assert f"có giá trị đến {clock.local(row.expires_at):%d/%m/%Y}" in page.text
    assert "Chưa có chứng nhận" not in page.text


def test_the_result_says_what_is_missing(holder):
    assert "Chưa có chứng nhận tiêm chủng COVID-19:" in holder.ask().text
    row = issued(holder.dose)
    Certificate.update(revoked_at=clock.now()).where(Certificate.id == row.id).execute()
    page = holder.ask()
    assert "Chưa có chứng nhận" in page.text and not page.css("form [name=a4]")


@pytest.mark.parametrize("alg", [envelope.ES256, envelope.PS256], ids=["ES256", "PS256"])
@pytest.mark.parametrize("kind", ["DCC", "ICVP"])
def test_the_qr_is_small_and_read_also_as_a_browser_enlarges_it(holder, alg, kind):
    row, page = open_qr(holder, alg=alg, kind=kind)
    assert page.status == 200 and page.url == "/chung-nhan"
    image = page.css("img")[0]
    data = b64decode(image.get("src").removeprefix("data:image/png;base64,"))
    picture, wide = Image.open(io.BytesIO(data)), int(image.get("width"))
    assert not page.css("main")[0].get("class")
    assert picture.mode == "1" and len(data) < 1300 and wide <= 216
    for width in (wide, 2 * wide, 3 * wide):
        seen = picture.convert("L").resize((width, width), Image.Resampling.BILINEAR)
        assert texts(seen) == [row.code]
    entry = AuditEntry.get(AuditEntry.action == "view")
    assert (entry.noun, entry.noun_id, entry.person_id) == (
        "certificate", row.id, holder.person.id,
    )  # fmt: skip


def test_nothing_personal_stands_in_addresses_or_cookies(holder):
    _row, page = open_qr(holder)
    assert page.response.request.query_string == b""
    assert "Set-Cookie" not in page.response.headers
    assert page.response.headers["Cache-Control"] == "no-store"
    mark = holder.ask().form("Mã QR").values["mark"][0]
    for secret in (holder.number, holder.pin, holder.slip.code, "1980"):
        assert secret not in mark and secret not in page.body.replace("17/05/1980", "")


def test_the_sheet_is_printed_and_counted(holder):
    row = issued(holder.dose)
    page = holder.ask().form("Mã QR").submit("In A4")
    assert page.status == 200 and len(page.css("article tr")) == 11 and row.uvci in page.text
    assert Certificate.get().prints == 1
    entry = AuditEntry.get(AuditEntry.action == "print", AuditEntry.noun == "certificate")
    assert (entry.user_id, entry.person_id) == (None, holder.person.id)


def test_the_sheet_is_read_from_the_printer(holder, client, tmp_path):
    if is_postgres():
        pytest.skip("paper is the same on both databases")
    row = issued(holder.dose)
    with chromium() as browser:
        page = browser.new_page()
        fed_by(client, page)
        page.goto("http://localhost/tra-cuu")
        for name, value in (("what", holder.number), ("dob", "17/05/1980"), ("pin", holder.pin)):
            page.fill(f"#{name}", value)
        for press in ("Tra cứu", "In A4"):
            with page.expect_navigation():
                page.get_by_role("button", name=press).click()
        pdf = page.pdf(prefer_css_page_size=True)
        # On a telephone nothing stands beside anything else, so words need not break.
        page.set_viewport_size({"width": 240, "height": 320})
        cells = page.locator("article td")
        assert min(cells.evaluate_all("cells => cells.map(cell => cell.clientWidth)")) > 180
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    (tmp_path / "p.pdf").write_bytes(pdf)
    draw = [program("pdftoppm"), "-r", "300", "-gray", "-png", "-singlefile", "p.pdf", "p"]
    subprocess.run(draw, cwd=tmp_path, check=True)
    assert texts(Image.open(tmp_path / "p.png")) == [row.code]


@pytest.mark.parametrize("mark", ["", "x", "MQ.aaaa.bbbb", "\x00", "x" * 5000])
def test_a_made_up_mark_leads_back_to_the_look_up(holder, mark):
    issued(holder.dose)
    page = holder.client.send("/chung-nhan", {"mark": mark}, status=422)
    assert "Hãy tra cứu lại" in page.text and page.css("#what") and not page.css("img")


def test_a_mark_grows_old(app, holder, monkeypatch):
    issued(holder.dose)
    form = holder.ask().form("Mã QR")
    monkeypatch.setattr(actions, "STAY", -1)
    assert form.submit("Mã QR").status == 422


def test_what_was_revoked_since_is_not_shown(holder):
    issued(holder.dose)
    form = holder.ask().form("Mã QR")
    Certificate.update(expires_at=clock.now() - timedelta(minutes=1)).execute()
    for press in ("Mã QR", "In A4"):
        page = form.submit(press)
        assert page.status == 422 and not page.css("img") and not page.css("article")


def test_opened_by_its_address_it_leads_to_the_look_up(client):
    assert client.open_page("/chung-nhan").url == "/tra-cuu"
