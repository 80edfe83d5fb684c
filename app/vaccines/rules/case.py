"""One question: this person, with these doses, this product, on this day, by these rules."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from app.vaccines.rules.catalogue import AgeBand, Ages, Catalogue, Group, Product
from app.vaccines.rules.facts import CO_BAN, GivenDose, Person, age_range
from app.vaccines.rules.reading import PLATFORM, SAME_AS_BASE, SAME_AS_LAST


class Case(NamedTuple):
    """doses: in the order in which they were given."""

    person: Person
    doses: tuple[GivenDose, ...]
    product: Product
    on: date
    catalogue: Catalogue

    @classmethod
    def of(
        cls,
        person: Person,
        history: Iterable[GivenDose],
        product: Product,
        on: date,
        catalogue: Catalogue,
    ) -> "Case":
        """A case from a history in any order."""
        doses = tuple(sorted(history, key=lambda dose: dose.given_on))
        return cls(person, doses, product, on, catalogue)

    @property
    def last(self) -> GivenDose | None:
        """The newest dose."""
        return self.doses[-1] if self.doses else None

    def of_kind(self, kind: str) -> list[GivenDose]:
        """The doses of one kind."""
        return [dose for dose in self.doses if dose.kind == kind]

    def bands(self) -> list[AgeBand]:
        """The age groups that the product is for on this day."""
        return [b for b in self.product.bands if b.since is None or b.since <= self.on]

    def ages(self) -> tuple[int, int] | None:
        """(youngest, oldest) possible age in years; None when no birth date is known."""
        return age_range(self.person.birth, self.on) if self.person.birth else None

    def aged(self, ages: Ages) -> tuple[bool, bool]:
        """Whether the youngest and the oldest possible age lie inside. An unknown age may lie
        inside any limit, and outside."""
        known = self.ages()
        if ages == Ages():
            return True, True
        return (ages.covers(known[0]), ages.covers(known[1])) if known else (False, True)

    def names(self, code: str) -> frozenset[str]:
        """What rules may call the product with this code: its family and its platform."""
        product = self.catalogue.products.get(code)
        return frozenset({product.family, PLATFORM + product.platform} if product else {code})

    def base(self) -> list[frozenset[str]]:
        """The names of each base dose's product."""
        return [self.names(dose.product) for dose in self.of_kind(CO_BAN)]

    def relations(self) -> frozenset[str]:
        """What rules may call this case's product: its names, and whether it is the same as the
        base or as the last dose. A base of two vaccines has no "same" one (CV 10722/BYT-DP)."""
        family, base = self.product.family, self.base()
        found = {family, PLATFORM + self.product.platform}
        if base and all(family in each for each in base):
            found.add(SAME_AS_BASE)
        if self.last and family in self.names(self.last.product):
            found.add(SAME_AS_LAST)
        return frozenset(found)

    def belongs(self, groups: Iterable[Group]) -> tuple[bool, bool]:
        """Whether the person is in one of the groups at the youngest, and at the oldest age."""
        base = self.base()
        inside = [
            self.aged(group.ages)
            for group in groups
            if self.person.flags.issuperset(group.flags)
            and (not group.base or (base and all(each & set(group.base) for each in base)))
        ]
        return any(young for young, _old in inside), any(old for _young, old in inside)
