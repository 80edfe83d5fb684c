"""Certificates of many people: counted, ordered once, and read back from the PDF's pages."""

import subprocess
from types import SimpleNamespace

import pytest
from PIL import Image
from playhouse.test_utils import count_queries

from app import clock
from app.audit import AuditEntry
from app.certificates import envelope, pdf, rules
from app.certificates.actions import papers
from app.certificates.models import BulkPrint, Certificate
from tests import build
from tests.browsers import program
from tests.certificates.issued import issued
from tests.certificates.test_paper import LONG, spoilt
from tests.codes import texts

SCHOOL = "Trường THCS Kim Đồng"


@pytest.fixture
def school(app, client):
    """Nine vaccinated people of a school, in the order of their names reversed; certificates of
    eight."""
    _nation, _province, site = build.country()
    session = build.session(site)
    names = [f"TRẦN THỊ {letter}" for letter in ("YẾN", "VÂN", "THU", "SEN", "OANH", "NGA",
             "MAI", "LAN", "AN")]  # fmt: skip
    people = [
        build.person(site, name=name, workplace=SCHOOL, area_scheme="vn34", area_code="00004")
        for name in names
    ]
    doses = [build.dose(build.visit(session, person)) for person in people]
    rows = [issued(dose) for dose in doses[:8]]
    build.sign_in(client, build.user(site))
    return SimpleNamespace(
        client=client, site=site, session=session, people=people, rows=rows, doses=doses
    )


def choose(school, which=f"workplace:{SCHOOL}", layout="a4", **more):
    page = school.client.open_page("/certificates/bulk", status=200)
    return page.form("which").submit(which=which, layout=layout, **more)


def order(school, **more):
    return choose(school, **more).form("which").submit("Lập tệp PDF")


def drawn(data: bytes, tmp_path) -> list[Image.Image]:
    """The pages of a PDF at 300 dpi."""
    (tmp_path / "all.pdf").write_bytes(data)
    draw = [program("pdftoppm"), "-r", "300", "-gray", "-png", "all.pdf", "page"]
    subprocess.run(draw, cwd=tmp_path, check=True)
    return [Image.open(path) for path in sorted(tmp_path.glob("page*.png"))]


def words(data: bytes, tmp_path) -> str:
    (tmp_path / "all.pdf").write_bytes(data)
    say = [program("pdftotext"), "-layout", "all.pdf", "-"]
    return " ".join(subprocess.run(say, cwd=tmp_path, check=True, capture_output=True)
                    .stdout.decode().split())  # fmt: skip


@pytest.mark.parametrize("which", ["workplace", "session", "commune"])
def test_it_is_said_how_many_there_are_and_who_has_none(school, which):
    value = {
        "workplace": f"workplace:{SCHOOL}", "session": f"session:{school.session.id}",
        "commune": "commune:vn34:00004",
    }[which]  # fmt: skip
    page = choose(school, value)
    assert "8 chứng nhận in được. 1 người đã tiêm chưa có" in page.text
    lacking = page.css("table")[0].text_content()
    assert "TRẦN THỊ AN" in lacking and "TRẦN THỊ YẾN" not in lacking
    assert not BulkPrint.select().count()


def test_the_file_has_everybody_in_the_order_of_names(school, tmp_path):
    page = order(school)
    assert page.status == 200 and "0 trong 8" in page.text
    answer = school.client.get(page.css("a[href$='.pdf']")[0].get("href"))
    assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    codes = [texts(picture) for picture in drawn(answer.data, tmp_path)]
    assert codes == [[row.code] for row in reversed(school.rows)]
    page = school.client.open_page(page.url)
    assert "8 trong 8" in page.text and "Đã tải về" in page.text
    assert BulkPrint.get().ended_at
    entries = AuditEntry.select().where(AuditEntry.noun == "bulk_print").order_by(AuditEntry.id)
    assert [(e.action, e.detail) for e in entries] == [
        ("create", {"what": "workplace", "rows": 8}), ("print", {"part": 1, "rows": 8}),
    ]  # fmt: skip
    assert {row.prints for row in Certificate.select()} == {1}


def test_the_eleven_fields_stand_on_each_page_in_their_order(school, tmp_path):
    text = words(pdf.document(papers([school.rows[0].id]), "a4", "tiem.example.vn"), tmp_path)
    at = [text.index(f"{vi}") for vi, _en in rules.LABELS]
    assert at == sorted(at)
    for label in (en for _vi, en in rules.LABELS):
        assert label in text
    for value in (
        "TRẦN THỊ YẾN", "TRAN THI YEN", "17/05/1980", "Comirnaty (Pfizer-BioNTech)",
        school.rows[0].uvci, f"{clock.local(school.rows[0].expires_at):%d/%m/%Y}",
        "tiem.example.vn/kiem-tra",
    ):  # fmt: skip
        assert value in text, value


def test_eight_cards_on_a_page_are_read_also_from_a_poor_picture(school, tmp_path):
    page = order(school, layout="wallet")
    answer = school.client.get(page.css("a[href$='.pdf']")[0].get("href"))
    pictures = drawn(answer.data, tmp_path)
    assert len(pictures) == 1
    codes = {row.code for row in school.rows}
    assert set(texts(pictures[0])) == set(texts(spoilt(pictures[0]))) == codes


@pytest.mark.parametrize("layout", pdf.LAYOUTS)
def test_the_longest_names_fit(app, school, tmp_path, layout):
    row = issued(school.doses[8], alg=envelope.PS256, said=LONG)
    data = pdf.document(papers([row.id]), layout, "tiem.example.vn")
    pictures = drawn(data, tmp_path)
    assert len(pictures) == 1 and texts(pictures[0]) == [row.code]
    text = words(data, tmp_path).replace(" ", "")
    latin = (LONG["surname_latin"] + LONG["given_latin"]).replace("<", "")
    assert text.count("PHƯỢNG") >= 5 and latin[-20:] in text or layout == "wallet"
    if layout == "wallet":
        assert "kiem-tra" in text


def test_the_second_press_orders_once_and_a_file_may_be_fetched_again(school):
    form = choose(school).form("which")
    first, again = form.submit("Lập tệp PDF"), form.submit("Lập tệp PDF")
    assert first.url == again.url and BulkPrint.select().count() == 1
    link = first.css("a[href$='.pdf']")[0].get("href")
    assert [school.client.get(link).status_code for _ in range(2)] == [200, 200]
    assert BulkPrint.get().done == 8


def test_who_lost_the_certificate_since_is_left_out(school, tmp_path):
    page = order(school)
    gone = school.rows[0]
    Certificate.update(revoked_at=clock.now(), current=False).where(
        Certificate.id == gone.id
    ).execute()
    answer = school.client.get(page.css("a[href$='.pdf']")[0].get("href"))
    codes = [texts(picture) for picture in drawn(answer.data, tmp_path)]
    assert len(codes) == 7 and [gone.code] not in codes
    assert AuditEntry.get(AuditEntry.action == "print").detail == {"part": 1, "rows": 7}


def test_nobody_to_print_is_told(school):
    page = choose(school)
    Certificate.delete().execute()
    page = page.form("which").submit("Lập tệp PDF")
    assert page.status == 422 and "Không có chứng nhận nào" in page.text
    assert not BulkPrint.select().count()


@pytest.mark.parametrize("which", ["", "session:999999", "workplace:Khác", "commune:x", "x"])
def test_what_was_not_offered_is_refused_at_its_field(school, which):
    page = choose(school, which)
    assert page.status == 422 and page.css("#which[aria-invalid]")


def test_another_site_is_offered_nothing_and_sees_no_order(app, school):
    link = order(school).css("a[href$='.pdf']")[0].get("href")
    _nation, _province, other = build.country()
    build.sign_in(school.client, build.user(other))
    assert school.client.get(link).status_code == 404
    page = school.client.open_page("/certificates/bulk")
    assert SCHOOL not in page.text and "chung-nhan" not in page.text


def test_a_file_that_is_not_there(school):
    page = order(school)
    assert school.client.get(f"{page.url}/2.pdf").status_code == 404


def test_statements_do_not_grow_with_the_people(app, school):
    with count_queries() as few:
        choose(school)
    for _ in range(5):
        person = build.person(school.site, workplace=SCHOOL)
        issued(build.dose(build.visit(school.session, person)))
    with count_queries() as more:
        choose(school)
    assert few.count == more.count


def test_parts():
    assert rules.parts(0) == [] and rules.parts(500) == [(1, 500)]
    assert rules.parts(1201) == [(1, 500), (501, 1000), (1001, 1201)]


def test_marks_of_viet_nam_are_in_the_font(app):
    pdf._fonts()
    from reportlab.pdfbase.pdfmetrics import getFont

    letters = "ĂÂĐÊÔƠƯÀẢÃÁẠẰẲẴẮẶẦẨẪẤẬÈẺẼÉẸỀỂỄẾỆÌỈĨÍỊÒỎÕÓỌỒỔỖỐỘỜỞỠỚỢÙỦŨÚỤỪỬỮỨỰỲỶỸÝỴ"
    for name in (pdf.REGULAR, pdf.BOLD):
        known = getFont(name).face.charToGlyph
        assert not [one for one in letters + letters.lower() if ord(one) not in known]


def test_zxing_reads_what_it_is_given():
    """The reader of these tests is not fooled by an empty page."""
    assert texts(Image.new("L", (500, 500), 255)) == []
