"""What a look-up asks the database."""

from typing import Any, NamedTuple

from app.db import run

HELD = """select s.code, s.nonce, s.person_id, p.name, p.sex, p.dob_year, p.dob_month, p.dob_day,
p.deceased_on, p.immunosuppressed from slip s join person p on p.id = s.person_id """
BY_CODE = HELD + "where s.code = ?"
BY_NUMBER = (
    HELD + "join document d on d.person_id = p.id where d.number = ? order by s.id desc limit ?"
)


class Held(NamedTuple):
    """A slip, with what a look-up needs to know of its person."""

    code: str
    nonce: str
    person_id: int
    name: str
    sex: str
    dob_year: int
    dob_month: int | None
    dob_day: int | None
    deceased_on: Any
    immunosuppressed: bool


def slip_with(code: str) -> list[Held]:
    """The slip with this normal code, if there is one."""
    return [Held(*row) for row in run(BY_CODE, code)]


def slips_of(number: str, most: int) -> list[Held]:
    """The newest slips of whoever has, or had, a document with this normal number."""
    return [Held(*row) for row in run(BY_NUMBER, number, most)]
