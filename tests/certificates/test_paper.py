"""A certificate on paper: the eleven fields, one sheet, a QR that a reader reads from it."""

import re
import subprocess
from datetime import timedelta

import pytest
from PIL import Image, ImageFilter
from playhouse.test_utils import count_queries

from app import clock
from app.audit import AuditEntry
from app.certificates import envelope, qr, rules
from app.certificates.models import Certificate
from app.db import is_postgres
from app.people.models import Person
from app.visits.models import Dose
from tests import build
from tests.browsers import chromium, fed_by, program
from tests.certificates.issued import issued
from tests.codes import texts

# QĐ 5772/QĐ-BYT, in this order.
FIELDS = (
    "Họ và tên", "Ngày tháng năm sinh", "Quốc tịch", "Bệnh dịch mà chứng nhận nhắm tới",
    "Số mũi tiêm đã nhận", "Ngày tiêm", "Liều số", "Vắc xin", "Sản phẩm vắc xin",
    "Nhà cung cấp hoặc sản xuất vắc xin", "Mã số của chứng nhận",
)  # fmt: skip
LONG = {"surname": "NGUYỄN PHÚC ƯỠNG " * 4 + "TRƯƠNG ƯỚC BẰNG", "given": "THỊ MINH PHƯỢNG " * 5}
LONG |= {"surname_latin": "NGUYEN<PHUC<UONG<" * 4, "given_latin": "THI<MINH<PHUONG<" * 4}
LONG = {name: text.strip().rstrip("<")[:80] for name, text in LONG.items()}


@pytest.fixture
def dose(app, client):
    """The dose of somebody; the client is signed in where they are cared for."""
    _nation, _province, site = build.country()
    found = build.dose(build.visit(build.session(site)))
    build.sign_in(client, build.user(site))
    return found


def url(certificate, layout: str = "paper") -> str:
    return f"/certificates/{certificate.id}/{layout}"


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_eleven_fields_stand_in_their_order_in_both_languages(client, dose, lang):
    row = issued(dose)
    page = client.open_page(f"{url(row)}?lang={lang}", status=200)
    cells = [
        [" ".join(cell.text_content().split()) for cell in line] for line in page.css("article tr")
    ]
    assert [line[0] for line in cells] == [str(number) for number in range(1, 12)]
    assert [line[1] for line in cells] == [f"{vi} {en}" for vi, en in rules.LABELS]
    assert tuple(vi for vi, _en in rules.LABELS) == FIELDS
    name = dose.person.name
    assert [line[2] for line in cells] == [
        f"{name} {_latin(name)}", "17/05/1980", "Việt Nam / Vietnam", "COVID-19", "1",
        clock.today().strftime("%d/%m/%Y"),
        "1/2", "Vắc xin mRNA / SARS-CoV-2 mRNA vaccine", "Comirnaty (Pfizer-BioNTech)",
        "Pfizer-BioNTech", row.uvci,
    ]  # fmt: skip
    paper = " ".join(page.css("article")[0].text_content().split())
    for words in (
        "CHỨNG NHẬN TIÊM CHỦNG COVID-19", "COVID-19 VACCINATION CERTIFICATE",
        f"Có giá trị đến Valid until {clock.local(row.expires_at):%d/%m/%Y}",
        "cùng giấy tờ tùy thân", "localhost/kiem-tra",
    ):  # fmt: skip
        assert words in paper, words


def _latin(name: str) -> str:
    return rules.latin(name).replace("<", " ")


def test_the_date_of_birth_stands_as_far_as_it_is_known(client, dose):
    page = client.open_page(url(issued(dose, said={"dob": (1980, 5, None)})))
    assert page.css("article tr")[1][2].text_content().strip() == "05/1980"


def test_the_who_certificate_has_the_same_fields(client, dose):
    row = issued(dose, "ICVP")
    page = client.open_page(url(row), status=200)
    values = [" ".join(line[2].text_content().split()) for line in page.css("article tr")]
    assert values[0] == dose.person.name and values[10] == row.uvci
    assert "World Health Organization" in page.text


@pytest.mark.parametrize("layout", ["paper", "wallet"])
def test_each_press_is_one_printing_and_looking_is_none(client, dose, layout):
    row = issued(dose)
    page = client.open_page(url(row, layout), status=200)
    assert page.css("article") and page.css("div.np article"), "shown, but not on paper"
    form = page.form("key")
    first, again = form.submit(), form.submit()
    assert first.status == again.status == 200 and not first.css("div.np article")
    assert "Lần in: 1." in first.text and Certificate.get().prints == 1
    first.submit("key")
    entries = AuditEntry.select().where(AuditEntry.noun == "certificate").order_by(AuditEntry.id)
    paper = "a4" if layout == "paper" else "wallet"
    assert [(e.action, e.noun_id, e.person_id, e.detail) for e in entries] == [
        ("view", row.id, row.person_id, {}),
        ("print", row.id, row.person_id, {"layout": paper, "prints": 1}),
        ("print", row.id, row.person_id, {"layout": paper, "prints": 2}),
    ]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"revoked_at": clock.now(), "current": False}, "đã thu hồi"),
        ({"current": False}, "mới hơn"),
        ({"expires_at": clock.now() - timedelta(minutes=1)}, "đã hết hạn"),
    ],
)
@pytest.mark.parametrize("layout", ["paper", "wallet"])
def test_what_counts_no_more_is_not_printed_and_the_page_says_why(
    client, dose, given, told, layout
):
    row = issued(dose)
    form = client.open_page(url(row, layout)).form("key")
    Certificate.update(given).execute()
    for page in (form.submit(), client.open_page(url(row, layout), status=200)):
        assert told in page.text and not page.css("article") and not page.css("svg")
    assert Certificate.get().prints == 0


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda dose: Dose.update(version=Dose.version + 1), "Mũi tiêm đã thay đổi"),
        (lambda dose: Dose.update(voided_at=clock.now()), "Mũi tiêm đã thay đổi"),
        (lambda dose: Person.update(identity_state="mismatch"), "Nhân thân đã thay đổi"),
        (lambda dose: Person.update(merged_into=dose.person_id), "Hồ sơ đã gộp"),
    ],
)
def test_what_says_something_else_than_the_record_is_not_printed(client, dose, change, told):
    row = issued(dose)
    form = client.open_page(url(row)).form("key")
    change(dose).execute()
    page = form.submit()
    assert page.status == 422 and told in page.text and not page.css("svg")
    assert Certificate.get().prints == 0


def test_another_site_sees_nothing_and_the_province_prints(app, client, dose):
    row, site = issued(dose), dose.unit
    _nation, _province, other = build.country()
    build.sign_in(client, build.user(other))
    client.open_page(url(row), status=404)
    client.open_page(url(row, "wallet"), status=404)
    build.sign_in(client, build.user(site.parent, "province"))
    client.open_page(url(row), status=200)


def test_statements_stay_few(client, dose):
    row = issued(dose)
    client.open_page(url(row))
    with count_queries() as asked:
        client.open_page(url(row))
    assert asked.count <= 14


def test_modules_are_whole_dots_and_large_enough():
    """hcert-spec: whole-number scaling; ours: 42 mm on A4, 0.3 mm to a module on a card."""
    for modules in range(77, 137, 4):
        for most, least in ((qr.ON_A4, 42), (qr.ON_CARD, 30)):
            wide = qr.width([[]] * modules, most)
            module = wide / (modules + 8)
            assert round(module * 300 / 25.4, 6) == round(module * 300 / 25.4)
            assert wide <= most and module >= 0.3, (modules, most)
            assert module * modules >= least


@pytest.fixture
def browser(app):
    if is_postgres():
        pytest.skip("paper is the same on both databases")
    with chromium() as found:
        yield found


@pytest.fixture
def picture(browser, client, tmp_path):
    """What comes out of the printer: (address) → its only page at 300 dpi."""

    def printed(path: str) -> Image.Image:
        page = browser.new_page()
        fed_by(client, page)
        page.goto(f"http://localhost{path}")
        with page.expect_navigation():
            page.locator("form[method=post]").evaluate("form => { form.submit() }")
        pdf = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
        (tmp_path / "paper.pdf").write_bytes(pdf)
        draw = [program("pdftoppm"), "-r", "300", "-gray", "-png", "-singlefile", "paper.pdf", "p"]
        subprocess.run(draw, cwd=tmp_path, check=True)
        return Image.open(tmp_path / "p.png")

    return printed


def spoilt(picture: Image.Image) -> Image.Image:
    """As a telephone sees it: turned, smaller, out of focus."""
    turned = picture.convert("L").rotate(7, Image.Resampling.BILINEAR, expand=True, fillcolor=255)
    return turned.reduce(2).filter(ImageFilter.GaussianBlur(0.7))


@pytest.mark.parametrize("layout", ["paper", "wallet"])
@pytest.mark.parametrize("said", [{}, LONG], ids=["usual", "longest"])
@pytest.mark.parametrize("alg", [envelope.ES256, envelope.PS256], ids=["ES256", "PS256"])
def test_the_qr_is_read_from_one_printed_sheet(dose, picture, layout, said, alg):
    row = issued(dose, alg=alg, said=said)
    seen = picture(url(row, layout))
    assert texts(seen) == texts(spoilt(seen)) == [row.code]


def test_nothing_of_the_longest_names_is_cut_off(client, dose, browser):
    """Neither on A4 nor on the card."""
    row = issued(dose, alg=envelope.PS256, said=LONG)
    Person.update(nationality="GS").execute()  # the longest name of a country
    page = browser.new_page()
    fed_by(client, page)
    for layout in ("paper", "wallet"):
        page.goto(f"http://localhost{url(row, layout)}")
        page.emulate_media(media="print")
        over = page.locator("article, .card, td").evaluate_all(
            "all => all.filter(one => one.scrollHeight > one.clientHeight + 1"
            " || one.scrollWidth > one.clientWidth + 1).map(one => one.innerText)"
        )
        assert not over, layout
        page.emulate_media(media="screen")
