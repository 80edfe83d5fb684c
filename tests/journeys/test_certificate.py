"""A certificate, from a dose to the traveller: the three steps of QĐ 5772/QĐ-BYT, and its end."""

import pytest

from app.certificates.models import Certificate
from app.people.models import Person
from app.visits.models import Dose
from tests import build
from tests.certificates.conftest import keys

__all__ = ["keys"]
pytestmark = pytest.mark.usefixtures("keys")


def test_from_the_dose_to_the_checkpoint(app, client):
    nation, province, site = build.country()
    dose = build.vaccinated(site, build.person(site))
    person = Person.get_by_id(dose.person_id)
    own = f"/people/{person.id}/certificate"

    # Nobody has confirmed who this is: the site is told who mends it, and can confirm nothing.
    build.sign_in(client, build.user(site, "reception"))
    assert "Chưa cấp được chứng nhận. Còn thiếu:" in client.open_page(own).text
    day = client.open_page("/certificates").css("td a")[0].get("href")
    page = client.open_page(day)
    assert "công an" in page.text.lower() and "đủ điều kiện" not in page.text

    build.sign_in(client, build.user(province, "police"))
    client.open_page(f"/people/{person.id}/verify").submit(right="yes")
    build.sign_in(client, build.user(site, "reception"))
    assert "Đã xác nhận 1 mũi." in client.open_page(day).submit("đủ điều kiện").text
    build.sign_in(client, build.user(site, "site_head"))
    page = client.open_page("/certificates/sign").submit("password", password=build.PASSWORD)
    assert "Đã ký 1 mũi." in page.text
    build.sign_in(client, build.user(nation, "national"))
    assert "Đã cấp 1 chứng nhận." in client.open_page("/certificates/issue").submit("Cấp cho").text

    # The site prints it, and the WHO's as well; anybody may check it.
    build.sign_in(client, build.user(site, "reception"))
    page = client.open_page(own)
    assert "Đang có chứng nhận." in page.text and not page.css(".warn")
    sheet = page.follow("In khổ A4")
    assert person.name in sheet.text
    sheet = client.open_page(own).submit("ICVP")
    assert person.name in sheet.text and Certificate.select().count() == 2
    assert client.open_page(own).follow("In chứng nhận của WHO").status == 200
    for row in Certificate.select():
        page = client.open_page("/kiem-tra").submit("text", text=row.code)
        assert page.css(".good") and not page.css(".bad"), row.kind

    # A dose that was corrected says something else: from that moment neither counts.
    Dose.update(lot_number="KHAC", version=Dose.version + 1).where(Dose.id == dose.id).execute()
    for row in Certificate.select():
        page = client.open_page("/kiem-tra").submit("text", text=row.code)
        assert page.css(".bad") and not page.css(".good"), row.kind
    assert "Đang có chứng nhận." not in client.open_page(own).text


def test_the_who_is_not_asked_before_there_is_one(app, client):
    site = build.country()[2]
    dose = build.vaccinated(site)
    build.sign_in(client, build.user(site, "reception"))
    page = client.open_page(f"/people/{dose.person_id}/certificate")
    assert "ICVP" not in page.text
    sent = client.send(f"/people/{dose.person_id}/certificate", {"key": "k" * 20})
    assert sent.status in (400, 422) and not Certificate.select().exists()
