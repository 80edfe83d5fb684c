"""The documents of a person."""

import pytest

from app.people.models import Document, Person
from tests import build

NUMBER = "001080000017"


@pytest.fixture
def person(station):
    return build.person(station, NUMBER)


def papers(desk, person):
    return desk.open_page(f"/people/{person.id}/documents", 200)


def known(person) -> dict[str, bool]:
    return {row.number: row.active for row in Document.of([person.id])[person.id]}


@pytest.mark.parametrize(
    ("given", "kind", "number", "country"),
    [
        ({"number": "012 345 678"}, "CMND", "012345678", "VN"),
        ({"number": "dn 4 79 0123456789"}, "BHYT", "DN4790123456789", "VN"),
        ({"kind": "PASSPORT", "number": "B1234567"}, "PASSPORT", "B1234567", "VN"),
        ({"number": "pa123456", "nationality": "Lào"}, "PASSPORT", "PA123456", "LA"),
        ({"kind": "BHYT", "number": NUMBER}, "BHYT", NUMBER, "VN"),
    ],
)
def test_another_document_is_added(desk, person, given, kind, number, country):
    page = papers(desk, person).submit("number", **given)
    assert page.url == f"/people/{person.id}" and number in page.text
    added = Document.select().order_by(Document.id.desc()).get()
    assert (added.kind, added.number, added.country, added.active) == (kind, number, country, True)


def test_somebody_without_documents_gets_one_later(desk, station):
    """Feature 4: a person without national ID, later completed."""
    page = desk.open_page("/people/new").submit(
        "name", name="Y Nga", dob="1990", sex="F", kind="NONE", number=""
    )
    person = Person.get()
    page = page.follow("Giấy tờ").submit("number", number="001190000017")
    assert Person.by_number("001190000017") == person
    code = next(number for number in known(person) if number.startswith("T"))
    assert Person.by_number(code) == person, "the code on an old slip still finds them"


def test_a_number_of_somebody_else_is_refused_with_who_has_it(desk, away, person):
    build.person(away, "001080000099")
    page = papers(desk, person).submit("number", number="001080000099")
    assert page.status == 422 and page.css("#number[aria-invalid]")
    assert away.name in page.text and known(person) == {NUMBER: True}


@pytest.mark.parametrize(
    ("number", "words"),
    [("", "Mục này chưa điền."), (NUMBER, "đã có trong hồ sơ"), ("123", "loại giấy tờ"),
     ("1080000017", "001080000017"), ("😀", "cảm xúc"), ("\x00", "điều khiển"), ("9" * 500, "dài"),
     ("\u202e1", "đổi chiều")],
)  # fmt: skip
def test_a_wrong_number_is_refused_at_its_field(desk, person, number, words):
    page = papers(desk, person).submit("number", number=number)
    assert page.status == 422 and page.css("#number[aria-invalid]")
    assert words in " ".join(page.errors()) and number in page.body
    assert known(person) == {NUMBER: True}


def test_a_number_that_disagrees_is_confirmed_with_a_reason(desk, person):
    page = papers(desk, person).submit("number", number="001190000018")
    assert page.status == 422
    assert "Giới tính khác" in page.text and "Năm sinh khác" in page.text
    assert page.submit(confirmed="y").status == 422
    page = page.submit(confirmed="y", note="Số cấp lại")
    assert page.status == 200 and Person.get().identity_note == "Số cấp lại"


def test_a_document_ends_and_stays_in_the_history(desk, person):
    page = papers(desk, person).follow("Không dùng nữa")
    page = page.submit(why="lost")
    assert "Bị mất" in page.text and Person.by_number(NUMBER) is None
    assert known(person)[NUMBER] is False
    assert desk.open_page("/people").submit(what=NUMBER).url == f"/people/{person.id}"


def test_an_ended_document_cannot_end_again(desk, person):
    first = papers(desk, person).follow("Không dùng nữa").form("why")
    second = papers(desk, person).follow("Không dùng nữa").form("why")
    assert first.submit(why="lost").status == 200
    assert first.submit(why="lost").status == 200, "the same form sent again"
    assert second.submit(why="expired").status == 422
    assert Document.get(Document.number == NUMBER).ended_why == "lost"


def test_the_reason_of_an_end_is_one_of_the_list(desk, person):
    form = papers(desk, person).follow("Không dùng nữa").form("why")
    page = desk.send(form.page.url, {**form.values, "why": ["x" * 5000]})
    assert page.status == 422 and known(person) == {NUMBER: True}


@pytest.mark.parametrize("role", ["police", "observer"])
def test_who_may_not_edit_is_refused(client, station, person, role):
    build.sign_in(client, build.user(station, role))
    assert client.open_page(f"/documents/{Document.get().id}/end").status == 403
