"""Photos for a ticket: taken in whatever they are, kept sealed, shown to few, gone at the end."""

from io import BytesIO

import pytest
from cryptography.exceptions import InvalidTag
from PIL import Image
from werkzeug.datastructures import FileStorage

from app.audit import AuditEntry
from app.corrections import actions, picture
from app.corrections.models import Evidence, Ticket, TicketEvent
from app.db import db
from tests import build
from tests.corrections.conftest import PHONE, at, filed, working
from tests.verification.pictures import saved

GPS, ORIENTATION, MAKE = 0x8825, 0x0112, 0x010F


def sheet(width=640, height=480):
    """A picture with a red half: its colours can be told apart."""
    image = Image.new("RGB", (width, height), "white")
    image.paste((200, 0, 0), (0, 0, width // 2, height))
    return image


def taken(turned=1):
    """A photo as a telephone writes it: with the place, the device, and how it was held."""
    notes = Image.Exif()
    notes[MAKE], notes[ORIENTATION] = "MAYANH-CUA-TOI", turned
    notes.get_ifd(GPS)[2] = (21.0, 1.0, 40.0)
    return saved(sheet(), "JPEG", exif=notes, comment=b"GHI-CHU-RIENG")


def page_of(told, row):
    """The citizen's page of a ticket."""
    page = told.client.open_page("/phan-anh/theo-doi")
    return page.submit("code", code=row.code, phone=PHONE)


def sends(told, row, data, name="anh.jpg"):
    """The citizen sends a file from the page of the ticket."""
    page = page_of(told, row).form("Gửi ảnh chứng minh").submit()
    file = FileStorage(BytesIO(data), name)
    form = {"mark": page.css("[name=mark]")[0].get("value"), "picture": file}
    return told.client.send("/phan-anh/anh", form, content_type="multipart/form-data")


def shown(told, row, number=1):
    return told.client.get(f"/corrections/{row.id}/photo/{number}")


def test_a_photo_is_sent_and_seen_by_who_answers(told):
    row = filed(told)
    page = sends(told, row, taken())
    assert page.status == 200 and "Ảnh chứng minh đã gửi: 1" in page.text
    page = at(told, told.head).open_page(f"/corrections/{row.id}")
    before = AuditEntry.select().where(AuditEntry.noun == "evidence").count()
    answer = told.client.get(page.css("a[href*=photo]")[0].get("href"))
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert answer.headers["Cache-Control"] == "no-store"
    image = Image.open(BytesIO(answer.data))
    assert (image.format, image.size) == ("JPEG", (640, 480))
    assert image.getpixel((10, 10))[1] < 60 < image.getpixel((630, 10))[1]
    assert "Gửi ảnh chứng minh" in page.text and TicketEvent.get(TicketEvent.act == "photo")
    views = AuditEntry.select().where(AuditEntry.noun == "evidence")
    assert views.count() == before + 1
    entry = views.order_by(AuditEntry.id.desc()).get()
    assert (entry.action, entry.user_id, entry.person_id) == (
        "view", told.head.id, told.person.id,
    )  # fmt: skip


def test_it_is_sent_right_after_the_ticket(told):
    page = told.client.send("/tra-cuu", {"what": told.number, "dob": "17/05/1980", "pin": told.pin})
    page = page.form("Gửi phản ánh").submit().form("kind").submit("not_me")
    page = page.submit("phone", phone=PHONE).form("Gửi ảnh chứng minh").submit()
    assert page.css("input[type=file]") and page.url == "/phan-anh/anh"


def test_where_and_with_what_it_was_taken_is_gone(told):
    data = taken()
    assert b"MAYANH" in data and b"GHI-CHU" in data and Image.open(BytesIO(data)).getexif()
    plain = picture.cleaned(data)
    assert b"MAYANH" not in plain and b"GHI-CHU" not in plain and b"Exif" not in plain
    image = Image.open(BytesIO(plain))
    assert not image.getexif() and not image.info.get("comment")


def test_it_stands_upright():
    image = Image.open(BytesIO(picture.cleaned(taken(turned=6))))
    assert image.size == (480, 640) and image.getpixel((240, 10))[1] < 60


def test_a_large_one_is_made_smaller():
    plain = picture.cleaned(saved(sheet(4000, 3000), "JPEG"))
    assert Image.open(BytesIO(plain)).size == (1600, 1200)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF", "BMP"])
def test_other_kinds_become_jpeg(kind):
    assert Image.open(BytesIO(picture.cleaned(saved(sheet(), kind)))).format == "JPEG"


def test_what_shines_through_is_white():
    clear = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    image = Image.open(BytesIO(picture.cleaned(saved(clear, "PNG"))))
    assert min(image.getpixel((4, 4))) > 250


BAD = {
    "bomb": (saved(Image.new("1", (20_000, 20_000)), "PNG"), "quá nhiều điểm ảnh"),
    "small bomb": (saved(Image.new("1", (5_000, 4_000)), "PNG"), "quá nhiều điểm ảnh"),
    "cut": (taken()[:900], "không phải ảnh, hoặc ảnh bị hỏng"),
    "HEIC": (b"\0\0\0\x24ftypheic\0\0\0\0mif1heic" + bytes(64), "Tương thích nhất"),
    "HEIF": (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic" + bytes(64), "Tương thích nhất"),
    "video": (b"\0\0\0\x18ftypmp42\0\0\0\0isommp42" + bytes(64), "không phải ảnh"),
    "text": (b"day khong phai la anh", "không phải ảnh, hoặc ảnh bị hỏng"),
    "empty": (b"", "không phải ảnh, hoặc ảnh bị hỏng"),
}


@pytest.mark.parametrize("bad", BAD)
def test_what_is_no_photo_is_refused_at_its_field(told, bad):
    data, says = BAD[bad]
    page = sends(told, filed(told), data)
    assert page.status == 422 and says in page.text and not Evidence.select().exists()
    assert page.css("#picture")[0].get("aria-invalid") == "true" and page.css("[name=mark]")


def test_none_chosen_is_said(told):
    page = sends(told, filed(told), b"", "")
    assert page.status == 422 and page.css("#picture")[0].get("aria-invalid") == "true"


def test_one_of_too_many_bytes_asks_for_the_ticket_again(told):
    page = sends(told, filed(told), b"x" * (10 * 1024 * 1024))
    assert page.status == 413 and "10 MB" in page.text and page.css("[name=code]")
    assert not Evidence.select().exists()


def test_two_are_enough(told):
    row = filed(told)
    form = page_of(told, row).form("Gửi ảnh chứng minh").submit()
    for _n in range(2):
        page = sends(told, row, taken())
    assert "Ảnh chứng minh đã gửi: 2" in page.text and "Gửi ảnh chứng minh" not in page.text
    mark = form.css("[name=mark]")[0].get("value")
    sent = {"mark": mark, "picture": FileStorage(BytesIO(taken()), "anh.jpg")}
    page = told.client.send("/phan-anh/anh", sent, 422, content_type="multipart/form-data")
    assert "Đã đủ ảnh" in page.text and Evidence.select().count() == 2


def test_what_cannot_be_read_is_not_sent_for_ever(told):
    row = filed(told)
    for _n in range(20):
        assert sends(told, row, b"x").status == 422
    page = sends(told, row, taken())
    assert page.status == 429 and page.response.headers["Retry-After"]


def test_without_a_mark_the_ticket_is_asked_for(told):
    assert told.client.open_page("/phan-anh/anh").url == "/phan-anh/theo-doi"
    sent = {"mark": "x", "picture": FileStorage(BytesIO(taken()), "anh.jpg")}
    told.client.post("/phan-anh/anh", data=sent, content_type="multipart/form-data")
    assert not Evidence.select().exists()


def test_the_database_cannot_be_read(told):
    row = filed(told)
    sends(told, row, taken())
    (stored,) = db.execute_sql("select sealed from evidence").fetchone()
    stored = bytes(stored)
    assert b"JFIF" not in stored and stored[:3] != b"\xff\xd8\xff"
    with pytest.raises(OSError):
        Image.open(BytesIO(stored))
    other = filed(told, "who_saw")
    Evidence.update(ticket=other.id).execute()
    at(told, told.head)
    with pytest.raises(InvalidTag), told.app.test_request_context():
        actions.photo(other, 1)


def test_another_half_or_unit_sees_none(told):
    row = filed(told)
    sends(told, row, taken())
    for who in (told.officer, build.user(build.country()[2], "site_head")):
        at(told, who)
        assert shown(told, row).status_code == 404
    at(told, build.user(told.site, "reception"))
    assert shown(told, row).status_code == 403
    at(told, told.head)
    assert (shown(told, row).status_code, shown(told, row, 2).status_code) == (200, 404)


@pytest.mark.parametrize("what, kind", [("refuse", "not_me"), ("settle", "who_saw")])
def test_at_the_end_it_is_deleted(told, what, kind):
    row, other = filed(told, kind), filed(told, "copy")
    for one in (row, other):
        sends(told, one, taken())
    actions.act(row.id, what, 2, "xong", "", working(told.head))
    assert [one.ticket_id for one in Evidence.select()] == [other.id]
    entry = AuditEntry.get(AuditEntry.action == "remove", AuditEntry.noun == "evidence")
    assert entry.detail == {"rows": 1, "ticket": row.id}
    at(told, told.head)
    assert shown(told, row).status_code == 404
    told.client.get("/sign-out")
    page = page_of(told, row)
    assert "Gửi ảnh chứng minh" not in page.text


def test_an_ended_ticket_takes_none(told):
    row = filed(told)
    form = page_of(told, row).form("Gửi ảnh chứng minh").submit()
    actions.act(row.id, "refuse", 1, "xong", "", working(told.head))
    sent = {
        "mark": form.css("[name=mark]")[0].get("value"),
        "picture": FileStorage(BytesIO(taken()), "anh.jpg"),
    }
    told.client.send("/phan-anh/anh", sent, 422, content_type="multipart/form-data")
    assert not Evidence.select().exists()


def test_who_has_the_ticket_open_looks_again(told):
    row = filed(told)
    page = at(told, told.head).open_page(f"/corrections/{row.id}")
    told.client = told.app.test_client()  # the citizen
    sends(told, row, taken())
    assert Ticket.get().version == 2
    assert page.form("act").submit("refuse", text="Không đúng.").status == 409


def test_telephones_are_asked_for_what_can_be_read(told):
    page = page_of(told, filed(told)).form("Gửi ảnh chứng minh").submit()
    assert page.css("#picture")[0].get("accept") == "image/jpeg,image/png"


def test_a_name_makes_no_heic(told):
    page = sends(told, filed(told), taken(), "IMG_0001.HEIC")
    assert page.status == 200 and Evidence.select().count() == 1
