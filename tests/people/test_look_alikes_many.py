"""A whole list at once finds exactly what one after the other finds."""

import random

import pytest
from playhouse.test_utils import count_queries

from app.people import rules
from app.people.models import Document, Person, look_alikes, look_alikes_many
from tests import build

NAMES = ("TRẦN VĂN ÂN", "TRẦN VĂN AN", "TRẦN ÂN", "AN VĂN TRẦN", "LÊ THỊ BA", "LÊ THỊ BÀ", "HỒ BA")
PHONES = (None, "0912345678", "0987654321")
KINDS = ("CCCD", "CCCD", "CMND", "BHYT", "PASSPORT", "")


def born(chance) -> rules.PartialDate:
    year = chance.choice((1950, 1951, 1960, 2015))
    kind = chance.randrange(6)
    if kind < 2:
        return rules.PartialDate(year, chance.randint(1, 3) if kind else None)
    return rules.PartialDate(year, chance.choice((1, 5, 12)), chance.choice((1, 5, 12, 15)))


def number(chance) -> tuple[rules.Number, ...]:
    kind, n = chance.choice(KINDS), chance.randrange(30)
    digits = {
        "CCCD": f"0010500{n:05}", "CMND": f"0105000{n:02}", "PASSPORT": f"B12345{n:02}",
        "BHYT": f"GD4010050{n:06}",
    }  # fmt: skip
    return (rules.Number(kind, digits[kind]),) if kind else ()


def identity(chance) -> rules.Identity:
    sex, phone = chance.choice("MF"), chance.choice(PHONES)
    return rules.Identity(chance.choice(NAMES), born(chance), sex, phone, number(chance))


def register(chance, units) -> None:
    one = identity(chance)
    at = chance.choice(units)
    year, month, day = one.dob
    person = build.person(
        at, None, name=one.name, sex=one.sex, dob_year=year, dob_month=month, dob_day=day,
        phone=one.phone,
    )  # fmt: skip
    for has in one.numbers:
        taken = Document.select().where(Document.number == has.number, Document.active).exists()
        Document.create(
            person=person, active=not taken, added_at=person.created_at, **has._asdict()
        )
    if not chance.randrange(20):
        Person.update(merged_into=person.id).where(Person.id == person.id).execute()


@pytest.mark.parametrize("seed", range(4))
def test_many_at_once_are_found_like_one_after_the_other(station, seed):
    chance = random.Random(seed)
    units = [station, build.unit("station"), None]
    for _ in range(60):
        register(chance, units)
    asked = [identity(chance) for _ in range(60)]
    asked.append(rules.Identity("TRẦN VĂN ÂN", None, "M", "0912345678"))
    asked.append(rules.Identity("", rules.PartialDate(1950, 1, 1), "M"))
    signs = set()
    for one, found in zip(asked, look_alikes_many(asked, station.path), strict=True):
        alone = look_alikes(one, station.path)
        if len(alone) < 10:  # of more, which ones are shown is left open
            assert set(found) == set(alone)
        assert [a.sign for a in found][:3] == [a.sign for a in alone][:3]
        signs |= {a.sign for a in alone}
    assert len(signs) >= 5


def test_the_number_of_queries_does_not_grow_with_the_list(station):
    chance = random.Random(1)
    for _ in range(20):
        register(chance, [station])

    def queries(n):
        asked = [identity(chance) for _ in range(n)]
        with count_queries() as counter:
            look_alikes_many(asked, station.path)
        return counter.count

    assert queries(100) <= max(queries(3), 10)


def test_nobody_is_asked_for_nobody(station):
    assert look_alikes_many([], station.path) == []
