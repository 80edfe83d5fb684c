"""A list by which an organisation registers its people (đăng ký theo tổ chức)."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from app.imports.kinds import people
from app.people import rules
from app.people.rules import Identity, PartialDate, Unfit
from app.registrations.rules import AHEAD, ORGANISATION, Wanted

HALF_DAYS = {
    "morning": {"sang", "buoi sang"}, "afternoon": {"chieu", "buoi chieu"},
    "day": {"ca ngay", "sang chieu", "sang hoac chieu"},
}  # fmt: skip


class Organisation(NamedTuple):
    """Who registers: name, whom to call, where it is; and what holds for those whose row does not
    say it: the group, the day and the half of it."""

    name: str
    contact: str
    phone: str
    address: str
    area_scheme: str
    area_code: str
    priority_group: str
    wished_on: date
    half_day: str


class Reading(NamedTuple):
    """What a row says. problems, fixes: as in people.Reading; given: the columns of a wish, which
    only hold without problems."""

    problems: list[tuple[str, str, dict[str, Any]]]
    fixes: dict[str, str]
    identity: Identity
    guardian: str | None
    given: dict[str, Any]

    @property
    def wanted(self) -> Wanted:
        """What recognises this person."""
        given = self.given
        born = (given["dob_year"], given["dob_month"], given["dob_day"])
        return Wanted(given["number"], given["folded"], born, given["sex"], given["phone"])


def read(cells: Mapping[str, str], lists: people.Lists, sender: Organisation) -> Reading:
    """What the cells (field → text) say. Never raises."""
    said = people.read(cells, lists)
    problems, fixes, wished = list(said.problems), dict(said.fixes), {}
    for field, how in (("wished_on", _day), ("half_day", _half_day)):
        text = cells.get(field, "").strip()
        try:
            wished[field] = how(text, lists.today) if text else getattr(sender, field)
        except Unfit as unfit:
            # Left out, it is as for all.
            problems.append((field, unfit.code, {}))
            fixes[field] = ""
    given = {} if problems else _given(said, sender) | wished
    return Reading(problems, fixes, said.identity, said.details.guardian_name, given)


def _day(text: str, today: date) -> date:
    found = rules.parse_date(text, date.max)
    if not found.day or not 0 <= (found.earliest() - today).days <= AHEAD:
        raise Unfit("wish_day")
    return found.earliest()


def _half_day(text: str, _today: date) -> str:
    plain = rules.fold(text[:100])
    for code, names in HALF_DAYS.items():
        if plain in names:
            return code
    raise Unfit("half_day_unknown")


def _given(said: people.Reading, sender: Organisation) -> dict[str, Any]:
    of, who = said.details, said.identity
    born = who.dob or PartialDate(0)
    number = next((one for one in said.numbers if one.kind != "BHYT"), None)
    bhyt = next((one.number for one in said.numbers if one.kind == "BHYT"), "")
    return {
        "name": who.name, "folded": rules.fold(who.name), "sex": who.sex,
        "dob_year": born.year, "dob_month": born.month, "dob_day": born.day,
        "nationality": of.nationality, "phone": of.phone or sender.phone,
        "kind": number.kind if number else "", "number": number.number if number else "",
        "bhyt": bhyt, "address": of.address,
        "area_scheme": of.area_scheme or sender.area_scheme,
        "area_code": of.area_code or sender.area_code,
        "relation": ORGANISATION, "by_name": sender.contact, "by_phone": sender.phone,
        "occupation": of.occupation, "workplace": of.workplace or sender.name,
        "priority_group": of.priority_group or sender.priority_group,
    }  # fmt: skip
