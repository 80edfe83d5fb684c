"""Persons with the versions of their identity, their documents, alerts and who cares for them."""

from collections.abc import Iterable
from typing import Any

from peewee import (
    JOIN,
    BooleanField,
    DateField,
    DateTimeField,
    Expression,
    ForeignKeyField,
    IntegerField,
    ModelSelect,
    SmallIntegerField,
    TextField,
    Tuple,
    Value,
    fn,
)  # fmt: skip

from app.accounts.models import User
from app.audit import AuditEntry
from app.db import BaseModel, is_postgres
from app.people import rules
from app.units.models import Unit

# What only PostgreSQL needs, for the migration: words anywhere in a name, the last digits of a
# number, and an order that does not depend on the language of the database.
POSTGRES_ONLY = (
    "create extension if not exists pg_trgm",
    'alter table person alter column sort_key type text collate "C"',
    "create index person_folded on person using gin (folded gin_trgm_ops)",
    "create index person_sound on person using gin (sound gin_trgm_ops)",
    "create index document_ending on document (reverse(number) text_pattern_ops)",
)


class OfPerson:
    """Rows that belong to a person are seen by whoever sees the person."""

    person: Any

    @classmethod
    def within(cls, path: str) -> ModelSelect:
        """The rows of people whom a unit at or below `path` has in its care."""
        return cls.select().where(cared_for(cls.person, path))  # type: ignore[attr-defined]


class Person(BaseModel):
    """A person as known now; IdentityVersion keeps what was known before.

    `folded`, `sound` and `sort_key` are made from the name by people.rules. Birth dates are
    partial: month and day may be unknown and are then null. `version` grows with each change.
    `identity_state`: "unverified", "verified" or "mismatch"; `identity_note`: the reason given
    when something looked wrong and was right.
    """

    name = TextField()
    folded = TextField()
    sound = TextField()
    sort_key = TextField()
    sex = TextField()
    dob_year = SmallIntegerField()
    dob_month = SmallIntegerField(null=True)
    dob_day = SmallIntegerField(null=True)
    nationality = TextField(default="VN")
    phone = TextField(null=True, index=True)
    ethnicity = TextField(null=True)
    occupation = TextField(default="")
    workplace = TextField(default="")
    priority_group = TextField(null=True)
    area_scheme = TextField(null=True)
    area_code = TextField(null=True)
    address = TextField(default="")
    guardian_name = TextField(null=True)
    guardian_phone = TextField(null=True)
    guardian_relation = TextField(null=True)
    immunosuppressed = BooleanField(default=False)
    deceased_on = DateField(null=True)
    merged_into = ForeignKeyField("self", null=True)
    identity_state = TextField(default="unverified")
    identity_note = TextField(default="")
    version = IntegerField(default=1)
    created_at = DateTimeField()

    class Meta:
        indexes = (
            (("dob_year", "dob_month", "dob_day"), False),
            (("sound", "dob_year"), False),
        )

    @property
    def dob(self) -> rules.PartialDate:
        """The birth date as far as it is known."""
        return rules.PartialDate(self.dob_year, self.dob_month, self.dob_day)

    @property
    def masked(self) -> str:
        """The name half hidden, for those who may see only the minimum."""
        return rules.mask(self.name)

    @classmethod
    def within(cls, path: str) -> "ModelSelect[Person]":
        """The people whom a unit at or below `path` has in its care."""
        return cls.select().where(cared_for(cls.id, path))

    @classmethod
    def by_number(cls, number: str, country: str | None = None) -> "Person | None":
        """Who has this normal number in force, anywhere in the nation; the caller audits it.
        None also when passports of two countries share it: then say which `country`."""
        query = cls.select().join(Document).where(Document.number == number, Document.active)
        query = query.where(Document.country == country) if country else query
        found = {person.id: person for person in query.limit(3)}
        return found.popitem()[1] if len(found) == 1 else None

    @classmethod
    def holders(cls, numbers: Iterable[rules.Number]) -> dict[rules.Number, "Person"]:
        """`by_number` for many numbers in one query: number → who has it in force."""
        wanted = list(numbers)
        query: Any = (
            Document.select(Document, cls)
            .join(cls)
            .where(Document.number.in_([one.number for one in wanted]), Document.active)
        )
        found: dict[tuple[str, str], dict[int, Person]] = {}
        for row in query if wanted else ():
            found.setdefault((row.number, row.country), {})[row.person_id] = row.person
        known = {one: found.get((one.number, one.country), {}) for one in wanted}
        return {one: next(iter(who.values())) for one, who in known.items() if len(who) == 1}

    @classmethod
    def search(
        cls, path: str, wanted: rules.Query, after: int | None = None
    ) -> "ModelSelect[Person]":
        """People at or below `path` in the order of names. A whole number, in force or not, or a
        telephone number goes alone; last digits, birth date and words (the beginnings of words
        of the name, in any order) must all fit. `after`: the last person of the page before."""
        return cls._listed(path, _asked(wanted), after)

    @classmethod
    def nearly(cls, path: str, wanted: rules.Query) -> "ModelSelect[Person]":
        """Those whom `search` should find when it finds few: a number with one slip, a name that
        sounds alike. Includes the hits of `search` by name."""
        return cls._listed(path, _nearly_asked(wanted))

    @classmethod
    def _listed(
        cls, path: str, asked: list[Any], after: int | None = None
    ) -> "ModelSelect[Person]":
        query = cls.within(path).where(cls.merged_into.is_null(), *(asked or [Value(0) == 1]))
        if after:
            last = cls.alias()
            place = last.select(last.sort_key, last.id).where(last.id == after)
            query = query.where(Expression(Tuple(cls.sort_key, cls.id), ">", place))
        return query.order_by(cls.sort_key, cls.id)

    @property
    def identity(self) -> rules.Identity:
        """As the rules of likeness see the person; one query for the numbers."""
        return self.identity_with(Document.of([self.id]).get(self.id, []))

    def identity_with(self, documents: Iterable["Document"]) -> rules.Identity:
        """The same with documents that were fetched already."""
        numbers = tuple(rules.Number(row.kind, row.number, row.country) for row in documents)
        national = (row.number for row in documents if row.kind == "CCCD" and row.active)
        verified = next(national, None) if self.identity_state == "verified" else None
        return rules.Identity(self.name, self.dob, self.sex, self.phone, numbers, verified, self.id)

    def openings(self, before: int | None = None, limit: int = 10) -> list[Any]:
        """Who saw, searched or changed this person: rows of id, at, action, noun, who, unit; the
        latest first, those older than the entry `before`."""
        query = (
            AuditEntry.select(
                AuditEntry.id, AuditEntry.at, AuditEntry.action, AuditEntry.noun,
                User.name.alias("who"), Unit.name.alias("unit"),
            )
            .join(User, JOIN.LEFT_OUTER, on=(User.id == AuditEntry.user_id))
            .join(Unit, JOIN.LEFT_OUTER, on=(Unit.id == AuditEntry.chain))
            .where(AuditEntry.person_id == self.id)
        )  # fmt: skip
        query = query.where(AuditEntry.id < before) if before else query
        return list(query.order_by(AuditEntry.id.desc()).limit(limit).namedtuples())


class IdentityVersion(OfPerson, BaseModel):
    """What was known of a person's identity from `at` on, who wrote it and why."""

    person = ForeignKeyField(Person, backref="identities", on_delete="CASCADE")
    seq = IntegerField()
    name = TextField()
    sex = TextField()
    dob_year = SmallIntegerField()
    dob_month = SmallIntegerField(null=True)
    dob_day = SmallIntegerField(null=True)
    reason = TextField(default="")
    by = ForeignKeyField(User, null=True)
    at = DateTimeField()

    class Meta:
        table_name = "identity_version"
        indexes = ((("person", "seq"), True),)

    @property
    def dob(self) -> rules.PartialDate:
        """The birth date as far as it was known."""
        return rules.PartialDate(self.dob_year, self.dob_month, self.dob_day)


class Document(OfPerson, BaseModel):
    """A number that a person was or is known by. An active number belongs to one person."""

    person = ForeignKeyField(Person, backref="documents", on_delete="CASCADE")
    kind = TextField()
    number = TextField()
    country = TextField(default="VN")
    active = BooleanField(default=True)
    added_at = DateTimeField()
    ended_at = DateTimeField(null=True)
    ended_why = TextField(default="")

    @classmethod
    def of(cls, person_ids: Iterable[int]) -> dict[int, list["Document"]]:
        """All documents of these people, those in force first."""
        found: dict[int, list[Document]] = {}
        query = cls.select().where(cls.person.in_(list(person_ids)))
        for row in query.order_by(cls.active.desc(), cls.id):
            found.setdefault(row.person_id, []).append(row)
        return found


Document.add_index(
    Document.index(
        Document.kind, Document.country, Document.number,
        unique=True, where=Document.active, name="document_active",
    )
)  # fmt: skip
Document.add_index(Document.index(Document.number, name="document_number"))


class Care(OfPerson, BaseModel):
    """A unit has (had) this person in its care: registered or received here."""

    person = ForeignKeyField(Person, on_delete="CASCADE")
    unit = ForeignKeyField(Unit)
    since = DateTimeField()

    class Meta:
        indexes = ((("person", "unit"), True),)

    @classmethod
    def last_of(cls, person_ids: Iterable[int], path: str) -> dict[int, tuple[bool, str]]:
        """For each person: whether a unit at or below `path` has them in care, and the name of
        the unit that received them last."""
        ids = list(person_ids)
        found = dict.fromkeys(ids, (False, ""))
        query: Any = (
            cls.select(cls.person, Unit.path, Unit.name).join(Unit).where(cls.person.in_(ids))
        )
        for person_id, at, name in query.order_by(cls.since, cls.id).tuples():
            found[person_id] = (found[person_id][0] or at.startswith(path), name)
        return found


def cared_for(person: Any, path: str) -> Any:
    mine = Care.select(Care.id).join(Unit).where(Care.person == person, Unit.below(path))
    return fn.EXISTS(mine)


def _asked(wanted: rules.Query) -> list[Any]:
    """The conditions of a search; none when nothing was asked that can be looked for."""
    if wanted.number:
        return [_holds(Document.number == wanted.number, phone=wanted.number)]
    return [has_word(Person.folded, word) for word in wanted.words] + _other(wanted)


def _nearly_asked(wanted: rules.Query) -> list[Any]:
    if wanted.number:
        return [_holds(Document.number.in_(rules.near_numbers(wanted.number)))]
    words = [has_word(Person.sound, rules.sound(word)) for word in wanted.words]
    return words + _other(wanted) if words else []


def _other(wanted: rules.Query) -> list[Any]:
    asked = [_holds(number_ends(wanted.tail))] if wanted.tail else []
    if wanted.dob:
        asked.append(Person.dob_year == wanted.dob.year)
        for field, part in ((Person.dob_month, wanted.dob.month), (Person.dob_day, wanted.dob.day)):
            asked += [field.is_null() | (field == part)] if part else []
    return asked


def _holds(number: Any, phone: str = "") -> Any:
    """Whoever has such a document, or this telephone: a union, because no index serves an OR
    between two tables."""
    holders = Document.select(Document.person).where(number)
    other = Person.alias()
    callers = other.select(other.id).where(other.phone == phone)
    return Person.id.in_(holders | callers if phone else holders)


def number_ends(tail: str) -> Any:
    if is_postgres():
        return _like(fn.reverse(Document.number), tail[::-1] + "%")
    return Document.number.endswith(tail)


def has_word(key: Any, word: str) -> Any:
    """A folded name has a word that begins so."""
    return _like(key, f"{word}%") | _like(key, f"% {word}%")


def _like(key: Any, pattern: str) -> Any:
    # peewee's own ways are ILIKE, which PostgreSQL takes longer over, and GLOB on SQLite.
    return Expression(key, "LIKE" if is_postgres() else "ILIKE", pattern)
