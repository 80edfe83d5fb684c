"""What a row of a list of doses given before says."""

from datetime import date

import pytest

from app.imports.kinds import past_doses as kind
from app.imports.kinds.headings import PAST, field_of
from app.vaccines.models import catalogue_on

TODAY = date(2021, 12, 1)
ROW = {
    "name": "TRẦN VĂN BA", "dob": "15/07/1950", "sex": "Nam", "number": "001050000017",
    "product": "AstraZeneca", "given_on": "15/08/2021", "dose": "1", "lot_number": "ABV5811",
    "place": "Bệnh viện Bạch Mai", "reaction": "sốt nhẹ",
}  # fmt: skip


def read(**cells):
    return kind.read(ROW | cells, TODAY, catalogue_on(TODAY).products)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        *((heading, field) for field, heading in PAST.items()),
        ("Loại vắc xin", "product"), ("VACCINE", "product"), ("Mũi số", "dose"),
        ("Lô", "lot_number"), ("Nơi tiêm", "place"), ("Ngày tiêm", "given_on"), ("Giờ tiêm", None),
        ("Ngày sinh", "dob"), ("Họ và tên", "name"),
    ],
)  # fmt: skip
def test_headings(text, field):
    assert field_of(text) == field


def test_a_whole_row(app):
    said = read()
    assert said.problems == [] and said.identity.name == "TRẦN VĂN BA"
    assert said.numbers[0].number == "001050000017" and said.reaction == "sốt nhẹ"
    dose = said.dose
    assert (dose.product, dose.given_on) == ("ASTRAZENECA", date(2021, 8, 15))
    assert (dose.kind, dose.seq, dose.lot_number) == ("CO_BAN", 1, "ABV5811")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Vắc xin AstraZeneca", "ASTRAZENECA"), ("AZ", "ASTRAZENECA"), ("Pfizer", "COMIRNATY"),
        ("COMIRNATY (Pfizer-BioNTech)", "COMIRNATY"), ("moderna", "SPIKEVAX"),
        ("Vero Cell", "VERO_CELL"), ("Sinopharm", "VERO_CELL"), ("Sputnik V", "SPUTNIK_V"),
        ("Sputnik Light", "SPUTNIK_LIGHT"), ("Janssen", "JANSSEN"), ("Abdala", "ABDALA"),
        ("hayat-vax", "HAYAT_VAX"),
    ],
)  # fmt: skip
def test_what_papers_call_a_vaccine(app, text, code):
    assert kind.product(text, catalogue_on(TODAY).products) == code


def test_every_vaccine_is_known_by_the_name_in_the_template(app):
    products = catalogue_on(TODAY).products
    assert [kind.product(one.name, products) for one in products.values()] == list(products)


@pytest.mark.parametrize(
    ("text", "dose"),
    [
        ("1", ("CO_BAN", 1)), ("Mũi 2", ("CO_BAN", 2)), ("mũi2", ("CO_BAN", 2)),
        ("Mũi thứ 1", ("CO_BAN", 1)), ("Bổ sung 1", ("BO_SUNG", 1)),
        ("Mũi nhắc lại lần 1", ("NHAC_LAI", 1)), ("nhắc 2", ("NHAC_LAI", 2)),
        ("Cơ bản 3", ("CO_BAN", 3)),
    ],
)  # fmt: skip
def test_which_dose(app, text, dose):
    said = read(dose=text)
    assert not said.problems and (said.dose.kind, said.dose.seq) == dose


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("product", "", "required"), ("product", "Cúm", "product_unknown"),
        ("product", "Vắc xin COVID-19", "product_unknown"), ("product", "nt", "ditto"),
        ("given_on", "", "required"), ("given_on", "31/02/2021", "date_impossible"),
        ("given_on", "08/2021", "date_day_missing"), ("given_on", "01/01/2099", "date_future"),
        ("given_on", "hôm qua", "date_form"), ("dose", "", "required"), ("dose", "x", "dose_form"),
        ("dose", "1 và 2", "dose_form"), ("dose", "nhắc lại", "dose_form"),
        ("dose", "3", "dose_kind"), ("place", "", "required"), ("place", "x" * 151, "too_long"),
        ("lot_number", "x" * 31, "too_long"), ("reaction", "x" * 101, "too_long"),
        ("number", "", "required"), ("number", "12", "number_form"), ("name", "", "required"),
        ("dob", "31/02/1950", "date_impossible"), ("sex", "?", "sex_unknown"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_named_at_its_column(app, field, text, code):
    assert [one[:2] for one in read(**{field: text}).problems] == [(field, code)]


def test_three_doses_are_the_whole_of_some_vaccines(app):
    said = read(product="Abdala", dose="3")
    assert not said.problems and (said.dose.kind, said.dose.seq) == ("CO_BAN", 3)


def test_the_number_says_the_sex_too(app):
    assert read(sex="").problems == []
