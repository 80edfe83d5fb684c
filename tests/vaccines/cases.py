"""The rules of the data files on a day, and people and histories in few words."""

from datetime import date
from functools import cache

import pytest

from app.vaccines.actions import read_files
from app.vaccines.rules import Birth, Catalogue, GivenDose, Person, plan, problems
from app.vaccines.rules.reading import Stored, assemble

ADULT = Person(Birth(1980, 5, 17), "F")


@cache
def stored() -> tuple[Stored, ...]:
    """All entries of the data files, numbered as if they had been stored."""
    return tuple(row._replace(id=n) for n, row in enumerate(read_files(), 1))


@cache
def book(on: date) -> Catalogue:
    """What was in force on a day."""
    return assemble(stored(), on)


def day(text: str) -> date:
    """ "17/12/2021" as a date."""
    d, m, y = map(int, text.split("/"))
    return date(y, m, d)


def born(text: str, **given) -> Person:
    """Somebody born on "17/5/1980", in "5/1980" or in "1980"."""
    return Person(Birth(*map(int, reversed(text.split("/")))), "F", **given)


def history(*doses: str) -> list[GivenDose]:
    """ "ASTRAZENECA 1/7/2021" is a base dose, "NHAC_LAI SPIKEVAX 1/1/2022" another kind."""
    found: list[GivenDose] = []
    for dose in doses:
        *kind, product, on = dose.split()
        name = kind[0] if kind else "CO_BAN"
        seq = 1 + sum(given.kind == name for given in found)
        found.append(GivenDose(product, name, seq, day(on)))
    return found


def planned(doses: list[str], product: str, on: date, person: Person = ADULT):
    """plan() of the rules of that day."""
    return plan(person, history(*doses), book(on).products[product], on, book(on))


def codes(doses: list[str], product: str, on: date, person: Person = ADULT, **given) -> list[str]:
    """The reason codes of problems() by the rules of that day."""
    return [problem.code for problem in found(doses, product, on, person, **given)]


def found(doses: list[str], product: str, on: date, person: Person = ADULT, **given):
    """problems() by the rules of that day."""
    rules = book(on)
    return problems(rules.products[product], person, history(*doses), on, rules, **given)


def paper(number: str, *values):
    """A case that is told the number of the paper that its problem must name."""
    return pytest.param(number, *values, id=f"{number}-{'-'.join(map(str, values))[:60]}")


def document(text: str, *values):
    """A case whose id begins with the paper it comes from."""
    return pytest.param(*values, id=f"{text}-{'-'.join(map(str, values))[:60]}")


TEEN, CHILD = born("10/1/2008"), born("10/1/2014")
WEAK = ADULT._replace(flags=frozenset({"immunosuppressed"}))
AZ, PFIZER, MODERNA = "ASTRAZENECA 1/6/2021", "COMIRNATY 1/6/2021", "SPIKEVAX 1/6/2021"
TWO_MRNA = ["COMIRNATY 1/6/2021", "COMIRNATY 1/7/2021"]
TWO_AZ = ["ASTRAZENECA 1/3/2021", "ASTRAZENECA 1/6/2021"]
MIXED = ["ASTRAZENECA 1/3/2021", "COMIRNATY 1/6/2021"]
BOOSTED = [*TWO_MRNA, "NHAC_LAI JANSSEN 1/1/2022"]
SINOPHARM = ["VERO_CELL 1/6/2021", "VERO_CELL 1/7/2021", "BO_SUNG VERO_CELL 1/9/2021"]
