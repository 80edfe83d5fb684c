"""The data files: codes and official texts."""

import json
from datetime import date

import pytest

from app.vaccines.actions import DATA
from app.vaccines.rules import Birth, Person, form_for
from tests.vaccines.cases import book, day, stored

TODAY = date(2026, 11, 23)

# mp, ma, vp and the vp that are accepted, from the value sets 2.12.0 of the EU Digital COVID
# Certificate (vaccine-encoding-instructions); base doses from 3.1.
CODES = {
    "ASTRAZENECA": ("EU/1/21/1529", "ORG-100001699", "29061000087103", 2),
    "COMIRNATY": ("EU/1/20/1528", "ORG-100030215", "1119349007", 2),
    "COMIRNATY_5_11": ("EU/1/20/1528", "ORG-100030215", "1119349007", 2),
    "SPIKEVAX": ("EU/1/20/1507", "ORG-100031184", "1119349007", 2),
    "VERO_CELL": ("BBIBP-CorV", "ORG-100020693", "1157024006", 2),
    "HAYAT_VAX": ("Hayat-Vax", "ORG-100023050", "1157024006", 2),
    "SPUTNIK_V": ("Sputnik-V", "Gamaleya-Research-Institute", "29061000087103", 2),
    "SPUTNIK_V_1": ("Sputnik-V", "Gamaleya-Research-Institute", "29061000087103", 2),
    "SPUTNIK_V_2": ("Sputnik-V", "Gamaleya-Research-Institute", "29061000087103", 2),
    "SPUTNIK_LIGHT": ("Sputnik-Light", "Gamaleya-Research-Institute", "29061000087103", 1),
    "JANSSEN": ("EU/1/20/1525", "ORG-100001417", "29061000087103", 1),
    "ABDALA": ("Abdala", "CIGB", "28531000087107", 3),
    "COVAXIN": ("Covaxin", "Bharat-Biotech", "1157024006", 2),
}


@pytest.mark.parametrize("code", CODES, ids=lambda code: f"EU DCC-{code}")
def test_products_carry_the_codes_of_the_certificate(code):
    product = book(TODAY).products[code]
    assert (product.mp, product.ma, product.vp, product.base_doses) == CODES[code]
    assert product.vp in product.vp_accepted
    assert "28531000087107" in product.vp_accepted
    assert "J07BX03" in product.vp_accepted  # deprecated: never issued, still met


def test_there_are_no_other_products():
    assert set(book(TODAY).products) == set(CODES)


def test_ten_vaccines_are_on_file():
    entries = json.loads((DATA / "products.json").read_text("utf-8"))["entries"]
    assert len(entries) == 10
    assert all(product.route == "IM" for product in book(TODAY).products.values())


SCHEDULE = ("interval", "after_illness", "mix", "who", "volume")
SINCE = {
    "HDSD của nhà sản xuất": "1/1/2021",
    "CV 6030/BYT-DP": "27/7/2021",
    "CV 7548/BYT-DP": "8/9/2021",
    "CV 7820/BYT-DP": "20/9/2021",
    "CV 10225/BYT-DP": "1/12/2021",
    "Công văn khẩn của Bộ Y tế 12/12/2021": "12/12/2021",
    "CV 10722/BYT-DP": "17/12/2021",
    "Cục Quản lý Dược 01/2022": "1/1/2022",
    "Công văn của Bộ Y tế 28/03/2022": "28/3/2022",
    "CV 1535/BYT-DP": "28/3/2022",
    "CV 2357/BYT-DP": "29/4/2022",
    "CV 3309/BYT-DP, CV 3405/BYT-DP": "23/6/2022",
}


@pytest.mark.parametrize("number", SINCE)
def test_the_rules_of_a_paper_begin_on_its_day(number):
    rules = [row for row in stored() if row.kind in SCHEDULE]
    days = {row.effective_from for row in rules if row.body["document"]["number"] == number}
    assert days == {day(SINCE[number])}


def test_there_is_no_rule_without_a_known_paper():
    papers = {row.body["document"]["number"] for row in stored() if row.kind in SCHEDULE}
    assert papers == set(SINCE)


def test_of_a_vaccine_in_two_components_only_these_come_in_vials():
    codes = {product.code for product in book(TODAY).in_vials}  # QĐ 1654/QĐ-BYT
    assert set(CODES) - codes == {"SPUTNIK_V"}


def test_there_are_sixteen_priority_groups():
    groups = book(day("8/7/2021")).groups
    assert [group.code for group in groups] == [str(n) for n in range(1, 17)]
    assert {group.source.document.number for group in groups} == {"QĐ 3355/QĐ-BYT"}
    assert book(day("7/7/2021")).groups == ()


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("1", "Người làm việc trong các cơ sở y tế, ngành y tế (công lập và tư nhân)"),
        ("3", "Lực lượng Quân đội"),
        ("9", "Người mắc các bệnh mạn tính; Người trên 65 tuổi"),
        ("11", "Người nghèo, các đối tượng chính sách xã hội"),
        ("14", "Các chức sắc, chức việc các tôn giáo"),
        ("15", "Người lao động tự do"),
    ],
    ids=lambda value: f"QĐ 3355/QĐ-BYT-{value}"[:30],
)
def test_the_groups_have_their_official_texts(code, text):
    assert next(group.text for group in book(TODAY).groups if group.code == code) == text


@pytest.mark.parametrize(
    ("code", "number", "labels"),
    [
        ("adult", "QĐ 3588/QĐ-BYT", ("Họ tên người được tiêm chủng", "Số điện thoại")),
        (
            "child",
            "CV 1535/BYT-DP",
            ("Họ tên cha/mẹ hoặc người giám hộ", "Số điện thoại", "Họ tên trẻ được tiêm chủng"),
        ),
    ],
    ids=["QĐ 3588/QĐ-BYT", "CV 1535/BYT-DP"],
)
def test_the_consent_sheets_have_their_official_labels(code, number, labels):
    sheet = next(sheet for sheet in book(TODAY).consents if sheet.code == code)
    assert sheet.title == "PHIẾU ĐỒNG Ý THAM GIA TIÊM CHỦNG VẮC XIN PHÒNG COVID-19"
    assert (sheet.source.document.number, sheet.labels) == (number, labels)
    assert len(sheet.points) == len(sheet.points_en) == 3


@pytest.mark.parametrize(
    ("on", "years", "labels"),
    [
        (
            "1/11/2021",
            1980,
            {
                "DU_DIEU_KIEN": "Đủ điều kiện tiêm chủng ngay",
                "CHONG_CHI_DINH": "Chống chỉ định tiêm chủng vắc xin cùng loại",
                "TRI_HOAN": "Trì hoãn tiêm chủng",
                "CHUYEN_BV": "Chỉ định tiêm tại các cơ sở y tế có đủ điều kiện cấp cứu phản vệ",
                "THAN_TRONG": "Nhóm thận trọng khi tiêm chủng",
            },
        ),
        (
            "1/11/2022",
            1980,
            {
                "DU_DIEU_KIEN": "Đủ điều kiện tiêm chủng ngay",
                "CHONG_CHI_DINH": "Chống chỉ định tiêm chủng vắc xin cùng loại",
                "TRI_HOAN": "Trì hoãn tiêm chủng",
                "CHUYEN_BV": "Chỉ định tiêm tại các cơ sở y tế có đủ điều kiện cấp cứu phản vệ",
                "THAN_TRONG": "Nhóm thận trọng khi tiêm chủng",
            },
        ),
        (
            "1/11/2022",
            2014,
            {
                "DU_DIEU_KIEN": "Đủ điều kiện tiêm chủng ngay",
                "CHONG_CHI_DINH": "Chống chỉ định tiêm chủng vắc xin cùng loại",
                "TRI_HOAN": "Trì hoãn tiêm chủng",
                "CHUYEN_BV": "Chuyển khám sàng lọc và tiêm chủng tại bệnh viện",
            },
        ),
    ],
    ids=["QĐ 4355/QĐ-BYT", "QĐ 5785/QĐ-BYT", "QĐ 5002/QĐ-BYT"],
)
def test_the_conclusions_have_their_official_labels(on, years, labels):
    form = form_for(Person(Birth(years)), book(day(on)))
    assert {outcome.code: outcome.label for outcome in form.outcomes} == labels


def test_everything_shown_has_an_english_text():
    rules = book(TODAY)
    for form in rules.forms:
        shown = [*form.items, *form.vitals, *form.outcomes]
        assert all(
            getattr(thing, "text_en", "") or getattr(thing, "label_en", "") for thing in shown
        )
        assert all(item.detail_en for item in form.items if item.detail)
    assert all(group.short_en for group in rules.groups)


def test_unsure_entries_say_what_is_unsure():
    rules = book(TODAY)
    sources = [
        *(product.source for product in rules.products.values()),
        *(rule.source for rule in (*rules.intervals, *rules.mixes, *rules.whos, *rules.volumes)),
        *(sheet.source for sheet in (*rules.forms, *rules.consents)),
    ]
    assert all(source.note for source in sources if source.unsure)
    assert any(source.unsure for source in sources)
