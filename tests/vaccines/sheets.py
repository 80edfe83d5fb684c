"""Screening sheets filled in, in few words."""

from decimal import Decimal

from app.vaccines.rules import Answer, Signs, asked, conclude, form_for
from tests.vaccines.cases import ADULT, CHILD, book, day

MAN = ADULT._replace(sex="M")
NORMAL = Signs(Decimal("36.6"), 80, 120, 75, 18)
DAYS = {"4355": day("1/11/2021"), "5785": day("23/11/2026"), "5002": day("23/11/2026")}
PEOPLE = {"4355": ADULT, "5785": ADULT, "5002": CHILD}


def sheet(number: str):
    """The form of a decision, with somebody it is for and a day on which it is in force."""
    on, person = DAYS[number], PEOPLE[number]
    form = form_for(person, book(on))
    assert form.source.document.number == f"QĐ {number}/QĐ-BYT"
    return form, person, on


def answers(form, person, *yes: str, **more: Answer) -> dict[str, Answer]:
    """No to everything that is asked, but yes to the named items."""
    said = {item.code: Answer(False) for item in form.items if asked(item, person)}
    return said | {code: Answer(True, "tôm") for code in yes} | more


def concluded(number: str, *yes: str, signs: Signs = NORMAL, **more: Answer):
    form, person, on = sheet(number)
    return conclude(form, answers(form, person, *yes, **more), signs, person, on)


ITEMS = {
    "4355": {
        "CHONG_CHI_DINH": ["1"],
        "TRI_HOAN": ["2", "3", "4a"],
        "CHUYEN_BV": ["5"],
        "THAN_TRONG": ["4b", "6", "7", "8", "9", "10"],
    },
    "5785": {
        "CHONG_CHI_DINH": ["1"],
        "TRI_HOAN": ["2", "3a"],
        "CHUYEN_BV": ["4"],
        "THAN_TRONG": ["3b", "5", "6", "7", "8", "9"],
    },
    "5002": {
        "CHONG_CHI_DINH": ["1"],
        "TRI_HOAN": ["2"],
        "CHUYEN_BV": ["3", "4", "5", "6", "7"],
    },
}
