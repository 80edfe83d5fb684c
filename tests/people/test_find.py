"""The page that finds people."""

import pytest
from playhouse.test_utils import count_queries

from app.audit import AuditEntry
from app.people.models import Care, Person
from tests import build

NUMBER = "001080000017"


def test_a_name_is_found_without_marks_in_any_order(desk, station):
    build.person(station, NUMBER, name="NGUYỄN THỊ HÒA")
    page = desk.open_page("/people", 200).submit(what="hoa nguyen")
    assert page.status == 200
    assert "NGUYỄN THỊ HÒA" in page.text
    assert "…0017" in page.text and NUMBER not in page.text, "the list shows the end only"
    assert page.url == "/people", "what was typed does not stand in the address"


def test_a_scanned_card_opens_the_person(desk, station):
    person = build.person(station, NUMBER)
    page = desk.open_page("/people").submit(what=f"{NUMBER}||NGUYEN VAN AN|17051980|Nam|Hà Nội|")
    assert page.url == f"/people/{person.id}"


def test_typing_alone_opens_nothing(desk, station):
    """htmx sends the field while somebody types; only Enter or the button says `open`."""
    build.person(station, NUMBER)
    form = desk.open_page("/people").form("what")
    sent = desk.post("/people", data={**form.values, "what": [NUMBER]}, headers={"HX-Request": "1"})
    assert sent.status_code == 200


def test_what_is_nearly_right_is_offered_apart(desk, station):
    build.person(station, NUMBER, name="TRẦN VĂN ÂN")
    page = desk.open_page("/people").submit(what="chan van an")
    assert "Không có ai khớp" in page.text
    assert "Gần giống" in page.text and "TRẦN VĂN ÂN" in page.text
    page = page.submit(what="001080000071")
    assert "Gần giống" in page.text and "TRẦN VĂN ÂN" in page.text


def test_somebody_from_elsewhere_shows_the_minimum_and_can_be_received(desk, station, away):
    person = build.person(away, NUMBER, name="PHẠM VĂN XUÂN", phone="0912345678", dob_day=28)
    page = desk.open_page("/people").submit(what=NUMBER)
    assert "PHẠM V** XUÂN" in page.text and away.name in page.text and "1980" in page.text
    for hidden in ("PHẠM VĂN XUÂN", "28/05/1980", "0912345678"):
        assert hidden not in page.body
    seen = AuditEntry.get(AuditEntry.person_id == person.id)
    assert (seen.action, seen.detail["how"]) == ("search", "number")
    assert desk.open_page(f"/people/{person.id}").status == 404
    page = page.submit("tiếp nhận")
    assert page.url == f"/people/{person.id}"
    assert Care.select().where(Care.person == person, Care.unit == station).count() == 1
    assert AuditEntry.select().where(AuditEntry.noun == "care").get().person_id == person.id


def test_a_name_finds_nobody_elsewhere(desk, away):
    build.person(away, NUMBER, name="PHẠM VĂN XUÂN")
    page = desk.open_page("/people").submit(what="pham van xuan")
    assert "PHẠM" not in page.text
    page = desk.open_page("/people").submit(what="0017")
    assert "PHẠM" not in page.text


def test_receiving_needs_the_number_itself(desk, away):
    person = build.person(away, NUMBER)
    form = desk.open_page("/people").submit(what=NUMBER).form("tiếp nhận")
    for number in ("", "001080000018", "x" * 2000, "\x00"):
        page = desk.send(f"/people/{person.id}/receive", {**form.values, "number": [number]})
        assert page.status == 422
    assert Care.select().count() == 1
    assert desk.send("/people/999999/receive", form.values).status == 422


def test_pages_follow_each_other_by_post(desk, station):
    for _ in range(23):
        build.person(station, name="LÊ VĂN AN")
    page = desk.open_page("/people").submit(what="an")
    first = {link.get("href") for link in page.css("tbody a")}
    page = page.submit("Trang sau")
    second = {link.get("href") for link in page.css("tbody a")}
    assert (len(first), len(second)) == (20, 3)
    assert not first & second


def test_a_new_person_takes_over_what_was_scanned(desk):
    page = desk.open_page("/people").submit(what=f"{NUMBER}||NGUYỄN VĂN AN|17051980|Nam|Hà Nội|")
    page = page.submit("Thêm người mới")
    values = page.form("name").values
    assert (values["name"], values["number"], values["sex"]) == (["NGUYỄN VĂN AN"], [NUMBER], ["M"])


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "x" * 1001, "é" * 400_000],
    ids=["nothing", "blanks", "long", "very long"],
)
def test_nonsense_is_refused_at_the_field(desk, typed):
    page = desk.open_page("/people").submit(what=typed)
    assert page.status == 422
    assert page.css("#what[aria-invalid]") and page.errors()
    assert page.form("what").values["what"] == [typed]


@pytest.mark.parametrize(
    "typed",
    ["%", "_", "'", '"', "\x00", "\x07", "\u202eabc", "😀", "e\u0302\u0301", "<b>", "{{7*7}}",
     "|||||||", "-1", "9" * 900, "999999999999999999999999"],
)  # fmt: skip
def test_nothing_typed_breaks_the_search(desk, station, typed):
    build.person(station, NUMBER)
    page = desk.open_page("/people").submit(what=typed)
    assert page.status == 200
    assert NUMBER not in page.body
    for after in ("x", "-1", "99999999999999999999", "1", "0"):
        sent = {**page.form("what").values, "what": ["an"], "after": [after]}
        assert desk.send("/people", sent).status == 200


def test_a_megabyte_gets_a_calm_answer(desk):
    assert desk.open_page("/people").submit(what="x" * 1_000_000).status in (413, 422)


@pytest.mark.parametrize("role", ["storekeeper", "national", "auditor"])
def test_who_may_not_search_is_refused(client, station, role):
    build.sign_in(client, build.user(station, role))
    assert client.open_page("/people").status == 403
    assert client.open_page("/people/1").status == 403


def test_the_search_is_audited_without_what_was_typed(desk, station):
    build.person(station, NUMBER, name="NGUYỄN THỊ HÒA")
    desk.open_page("/people").submit(what="hoa 1980")
    entry = AuditEntry.get()
    assert (entry.action, entry.detail) == ("search", {"how": "words", "hits": 1, "near": 0})


def test_the_number_of_queries_does_not_grow_with_the_hits(desk, station):
    def queries(wanted: str) -> int:
        page = desk.open_page("/people")
        with count_queries() as counter:
            assert page.submit(what=wanted).status == 200
        return counter.count

    for _ in range(6):
        build.person(station, name="LÊ VĂN AN")
    queries("an")  # the first of the day notes that somebody is there
    few = queries("an")
    for _ in range(10):
        build.person(station, name="LÊ VĂN AN")
    assert queries("an") == few
    assert Person.select().count() == 16
