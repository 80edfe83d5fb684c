"""The page that makes the record of a new person."""

import pytest

from app import clock
from app.audit import AuditEntry
from app.people.models import Document, KeptApart, Person
from tests import build

NUMBER = "001080000017"
CARD = (
    f"{NUMBER}|012345678|Nguyễn Văn An|17051980|Nam|"
    "12 Lê Lợi, Phường Bến Nghé, Quận 1, TP. Hồ Chí Minh|01012022"
)
AN = {"name": "Nguyễn Văn An", "dob": "17/05/1980", "sex": "M", "number": NUMBER}


def fill(desk, url="/people/new", **values):
    return desk.open_page(url, 200).submit("name", **(AN | values))


def test_a_person_is_registered(desk, station):
    page = fill(
        desk, phone="+84 912 345 678", commune="ba dinh, ha noi", address="Tổ 5",
        priority_group="9", occupation="Nông dân", workplace="HTX", bhyt="DN4790123456789",
    )  # fmt: skip
    person = Person.get()
    assert page.url == f"/people/{person.id}"
    assert (person.name, str(person.dob), person.sex) == ("Nguyễn Văn An", "17/05/1980", "M")
    assert (person.phone, person.area_scheme, person.area_code) == ("0912345678", "vn34", "00004")
    assert (person.priority_group, person.occupation) == ("9", "Nông dân")
    assert [(d.kind, d.number) for d in person.documents] == [
        ("CCCD", NUMBER), ("BHYT", "DN4790123456789"),
    ]  # fmt: skip
    assert "Tổ 5, Phường Ba Đình, Thành phố Hà Nội" in page.text


def test_a_scan_fills_the_form_and_saves_nothing(desk):
    page = desk.open_page("/people/new").submit(scan=CARD)
    assert page.status == 200 and not Person.select().count()
    assert page.url == "/people/new", "nothing of the card stands in the address"
    values = page.form("name").values
    assert {name: values[name] for name in AN} == {name: [text] for name, text in AN.items()}
    assert values["old_number"] == ["012345678"]
    assert values["commune"] == ["Phường Bến Nghé, Quận 1, Thành phố Hồ Chí Minh"]
    assert values["address"] == ["12 Lê Lợi"] and values["scan"] == [""]
    assert page.css("#phone[autofocus]"), "the next key goes where something is missing"
    page.submit("name")
    person = Person.get()
    assert (person.area_scheme, person.area_code) == ("vn63", "26740")
    assert {d.number for d in person.documents} == {NUMBER, "012345678"}


def test_a_scanner_that_spoils_letters_still_fills_number_birth_and_sex(desk):
    page = desk.open_page("/people/new").submit(scan=f"{NUMBER}||NGUYEEXN VAWN AN|17051980|Nam|x|")
    values = page.form("name").values
    assert (values["number"], values["dob"], values["sex"]) == ([NUMBER], ["17/05/1980"], ["M"])
    assert values["name"] == [""] and "NGUYEEXN VAWN AN" in page.text
    assert page.css("#name[autofocus]")


def test_a_scan_keeps_what_was_typed_before(desk):
    page = desk.open_page("/people/new").submit(scan=CARD, phone="0912345678", occupation="Thợ")
    values = page.form("name").values
    assert (values["phone"], values["occupation"]) == (["0912345678"], ["Thợ"])


@pytest.mark.parametrize("typed", ["|||", "12|34", "?", "x" * 1001 + "|"])
def test_what_is_no_card_is_refused_at_the_field(desk, typed):
    page = desk.open_page("/people/new").submit(scan=typed, name="Nguyễn Văn An")
    assert page.status == 422 and page.css("#scan[aria-invalid]")
    assert page.form("name").values["name"] == ["Nguyễn Văn An"]


def test_the_scan_of_somebody_known_says_so_at_once(desk, station):
    known = build.person(station, NUMBER, name="NGUYỄN VĂN AN")
    page = desk.open_page("/people/new").submit(scan=CARD)
    assert "Trùng số giấy tờ" in page.text
    assert page.follow("Đúng là người này").url == f"/people/{known.id}"


def test_look_alikes_are_shown_before_anything_is_saved(desk, station):
    twin = build.person(station, "001080000018", name="NGUYỄN VĂN AN")
    page = fill(desk)
    assert page.status == 422 and Person.select().count() == 1
    assert "Số giấy tờ khác một chữ số" in page.text or "Trùng họ tên" in page.text
    assert page.form("why").values["name"] == ["Nguyễn Văn An"]
    assert page.follow("Đúng là người này").url == f"/people/{twin.id}"
    page = page.submit(why="twins")
    second = Person.get(Person.id != twin.id)
    assert page.url == f"/people/{second.id}"
    assert [(k.low_id, k.high_id, k.reason) for k in KeptApart] == [(twin.id, second.id, "twins")]
    assert "Sinh đôi" in page.text and "NGUYỄN VĂN AN" in page.text


def test_whoever_comes_up_after_the_second_look_is_shown_too(desk, station):
    build.person(station, "001080000018", name="NGUYỄN VĂN AN")
    page = fill(desk)
    other = build.person(station, "001080000071", name="NGUYỄN VĂN AN")
    page = page.submit(why="twins")
    assert page.status == 422 and Person.select().count() == 2
    assert str(other.id) in page.form("why").values["others"][0].split(",")


def test_a_number_of_somebody_elsewhere_leads_to_receiving_them(desk, station, away):
    person = build.person(away, NUMBER, name="NGUYỄN VĂN AN", phone="0987654321", dob_day=3)
    page = fill(desk)
    assert page.status == 422
    assert "NGUYỄN V** AN" in page.text and away.name in page.text
    assert "0987654321" not in page.body and "03/05/1980" not in page.body
    assert AuditEntry.select().where(AuditEntry.person_id == person.id).count() == 1
    refused = page.submit(why="namesake")
    assert "thuộc hồ sơ khác" in refused.text and Person.select().count() == 1
    assert page.submit("tiếp nhận").url == f"/people/{person.id}"


def test_a_name_from_elsewhere_offers_no_way_in(desk, away):
    build.person(away, "001080999999", name="NGUYỄN VĂN AN")
    page = fill(desk)
    assert "NGUYỄN V** AN" in page.text
    assert "Đúng là người này" not in page.text and "hỏi số giấy tờ" in page.text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"sex": "F"}, "Giới tính khác với số CCCD."),
        ({"dob": "17/05/1981"}, "Năm sinh khác với số CCCD."),
        ({"number": "999080000017"}, None),
        ({"number": "099080000017"}, "Ba số đầu của CCCD không phải mã tỉnh hay mã nước nào."),
        ({"dob": "1905", "kind": "NONE", "number": ""}, "trên 110 tuổi"),
        ({"dob": "01/02/2020", "kind": "NONE", "number": ""}, "chưa ghi cha, mẹ"),
        ({"name": "NGUYEENX VAWN AN"}, "Telex"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_what_disagrees_is_warned_of_and_never_refused(desk, given, words):
    """Domain 4.1 [R2 R13]: a mismatch is a warning, not an error."""
    page = fill(desk, **given)
    if words is None:
        assert page.status == 200 and Person.select().count() == 1
        return
    assert page.status == 422 and words in page.text and not Person.select().count()
    without = page.submit(confirmed="y")
    assert without.status == 422 and without.css("#confirmed[aria-invalid]")
    page = page.submit(confirmed="y", note="Đã xem giấy khai sinh")
    assert page.status == 200
    assert Person.get().identity_note == "Đã xem giấy khai sinh" and "khai sinh" in page.text


def test_a_child_with_a_guardian_needs_no_second_look(desk):
    page = fill(desk, dob="01/02/2020", kind="NONE", number="", guardian_name="Lê Thị Mẹ",
                guardian_relation="mother", guardian_phone="0912345678")  # fmt: skip
    assert page.status == 200
    assert "Lê Thị Mẹ, Mẹ, 0912345678" in page.text and "Mã tạm" in page.text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("1950", (1950, None, None)), ("7/1950", (1950, 7, None)), ("15.7.1950", (1950, 7, 15))],
)
def test_a_birth_date_may_be_partial(desk, typed, kept):
    """Domain 4.6: year-only is common; 01/01 is never made up."""
    fill(desk, dob=typed, kind="NONE", number="")
    person = Person.get()
    assert (person.dob_year, person.dob_month, person.dob_day) == kept


@pytest.mark.parametrize(
    ("name", "kept"),
    [("Y", "Y"), ("H'Đăm Niê", "H'Đăm Niê"), ("Nguye\u0302\u0303n Va\u0306n An", "Nguyễn Văn An"),
     ("  Nguyễn \u00a0 Văn\u200bAn ", "Nguyễn VănAn")],
)  # fmt: skip
def test_names_are_kept_in_one_form(desk, name, kept):
    """Domain 4.5: NFC, single spaces, one word is enough."""
    assert fill(desk, name=name).status == 200
    assert Person.get().name == kept


@pytest.mark.parametrize(
    ("nationality", "kind", "number", "country"),
    [("Lào", "PASSPORT", "PA1234567", "LA"), ("united states", "", "C12345678", "US"),
     ("vn", "PASSPORT", "B1234567", "VN"), ("Lào", "CCCD", NUMBER, "VN")],
)  # fmt: skip
def test_a_passport_belongs_to_a_country(desk, nationality, kind, number, country):
    assert fill(desk, nationality=nationality, kind=kind, number=number).status == 200
    assert Document.get().country == country


def test_several_communes_of_one_name_are_offered(desk):
    page = fill(desk, commune="Tân Phú")
    assert page.status == 422 and page.css("#commune[aria-invalid]")
    assert len(page.css("[name=area][type=radio]")) > 3
    page = page.submit(area="vn34:27031")
    assert page.status == 200 and "Phường Tân Phú, Thành phố Hồ Chí Minh" in page.text


def test_another_commune_typed_after_choosing_is_looked_up_again(desk):
    page = fill(desk, commune="Tân Phú").submit(
        area="vn34:27031", commune="Ba Đình, Hà Nội", name=""
    )
    assert page.status == 422 and page.form("name").values["area"] == ["vn34:00004"]


def test_the_same_form_sent_again_makes_one_person(desk):
    form = desk.open_page("/people/new").form("name")
    pages = [form.submit(**AN) for _ in range(3)]
    assert Person.select().count() == 1
    assert {page.url for page in pages} == {f"/people/{Person.get().id}"}
    other = form.submit(**(AN | {"name": "Khác"}))
    assert other.status == 409 and Person.select().count() == 1


def test_the_session_one_comes_from_is_kept_on_the_way(desk):
    page = desk.open_page("/people/new?session=7").submit(scan=CARD)
    sent = desk.post(page.form("name").element.get("action"), data=page.form("name").values)
    assert sent.headers["Location"].endswith("?session=7")
    page = desk.open_page("/people/new?session=7").submit(scan=CARD)
    links = [link.get("href") for link in page.css("main a")]
    assert f"/people/{Person.get().id}?session=7" in links


def test_without_a_session_nothing_of_the_sign_in_gets_into_links(desk, station):
    build.person(station, NUMBER)
    page = desk.open_page("/people/new?session=x").submit(scan=CARD)
    assert "session" not in "".join(link.get("href") for link in page.css("main a"))


@pytest.mark.parametrize("role", ["screener", "vaccinator", "police", "province"])
def test_who_may_not_register_is_refused(client, station, role):
    build.sign_in(client, build.user(station, role))
    assert client.open_page("/people/new").status == 403


TEXTS = ("name", "dob", "number", "nationality", "phone", "address", "commune", "guardian_name",
         "guardian_phone", "occupation", "workplace", "old_number", "bhyt")  # fmt: skip
BAD = {
    "NUL": "Nguyễn\x00An",
    "control": "Nguyễn\x07An",
    "direction": "Nguyễn\u202eAn",
    "emoji": "Nguyễn 😀",
    "unreadable": "Nguyễn\ufffe",
    "long": "n" * 600,
    "very long": "ế" * 100_000,
}


@pytest.mark.parametrize("bad", BAD)
def test_bad_text_is_refused_at_its_field_and_kept(desk, bad):
    page = desk.open_page("/people/new")
    for field in TEXTS:
        answer = page.submit("name", **(AN | {field: BAD[bad]}))
        assert answer.status == 422, field
        assert answer.css(f"#{field}[aria-invalid]"), field
        assert BAD[bad] in answer.body, f"{field}: what was typed is gone"
    assert not Person.select().count()


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("name", "", "Mục này chưa điền."),
        ("name", "Nguy?n", "đã mất chữ"),
        ("name", "NguyÔn V¨n", "TCVN3"),
        ("name", "Nguyễn 2", "không có chữ số"),
        ("dob", "", "Mục này chưa điền."),
        ("dob", "31/02/1980", "không có trong lịch"),
        ("dob", "05/17/1980", "bị đảo"),
        ("dob", "17/05/80", "đủ 4 chữ số"),
        ("dob", "1899", "từ 1900"),
        ("dob", "17/05/2090", "chưa tới"),
        ("dob", "hôm qua", "Nhập ngày dạng"),
        ("sex", "", "Mục này chưa điền."),
        ("sex", "X", "Hãy chọn một mục trong danh sách."),
        ("kind", "VISA", "Hãy chọn một mục trong danh sách."),
        ("number", "", "hoặc chọn “Chưa có giấy tờ”"),
        ("number", "1080000017", "001080000017"),
        ("number", "12345", "loại giấy tờ"),
        ("number", "1,09E+11", "loại giấy tờ"),
        ("nationality", "Xứ Sở", "Không có nước này"),
        ("nationality", "", "Mục này chưa điền."),
        ("phone", "12", "10 chữ số"),
        ("phone", "0912345678/0987654321", "một số điện thoại"),
        ("phone", "+1 212 555 0100", "Việt Nam"),
        ("commune", "Xứ Sở", "Không tìm thấy xã"),
        ("priority_group", "99", "Hãy chọn một mục trong danh sách."),
        ("guardian_relation", "uncle", "Hãy chọn một mục trong danh sách."),
        ("guardian_phone", "abc", "10 chữ số"),
        ("old_number", "123", "CMND"),
        ("bhyt", "123", "BHYT"),
        ("why", "because", "Hãy chọn một mục trong danh sách."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(desk, field, typed, words):
    data = desk.open_page("/people/new").form("name").values | {k: [v] for k, v in AN.items()}
    page = desk.send("/people/new", data | {field: [typed]})
    assert page.status == 422 and not Person.select().count()
    assert words in " ".join(page.errors()), page.errors()
    if field != "why":  # shown only where somebody looks alike
        assert page.css(f"#{field}[aria-invalid], .e #{field}"), field


@pytest.mark.parametrize(
    "hidden",
    [{"others": "x"}, {"others": "1," * 9000}, {"area": "vn34"}, {"area": "\x00"}, {"key": ""},
     {"key": "x"}, {"others": "99999999999999999999"}],
)  # fmt: skip
def test_hidden_fields_that_somebody_changed_break_nothing(desk, hidden):
    page = desk.open_page("/people/new")
    data = page.form("name").values | {name: [text] for name, text in AN.items()}
    answer = desk.send(
        "/people/new", data | {k: [v] for k, v in hidden.items()} | {"why": ["twins"]}
    )
    assert answer.status in (200, 422)


def test_nothing_at_all_is_refused_calmly(desk):
    token = desk.open_page("/people/new").form("name").values["csrf_token"]
    page = desk.send("/people/new", {"csrf_token": token})
    assert page.status == 422 and not Person.select().count()


def test_today_is_a_birthday_too(desk):
    born = clock.today().strftime("%d/%m/%Y")
    page = fill(desk, dob=born, kind="NONE", number="", guardian_name="Lê Thị Mẹ")
    assert page.status == 200
