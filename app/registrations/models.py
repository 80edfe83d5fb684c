"""Wishes to be vaccinated."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from peewee import (
    JOIN,
    DateField,
    DateTimeField,
    Expression,
    ForeignKeyField,
    JSONField,
    ModelSelect,
    SmallIntegerField,
    TextField,
    Tuple,
    fn,
)

from app.accounts.models import User
from app.db import BaseModel
from app.people.models import Person
from app.registrations import rules
from app.units.models import Area, Unit
from app.vaccines.models import ReferenceVersion


class Registration(BaseModel):
    """A wish. `relation`: of who registered (`by_name`, `by_phone`) to the person; "self" for
    oneself. `kind`, `number`: the document, "" without one. `history`: the answers to rules.ITEMS;
    `last_dose`: what is known of the dose before, {} for the first one. `unit`: the province that
    decides; `site`: where it was allocated; `rank`: of the group (rules.rank). `twin`: an earlier
    wish with the same document. Drafts have no `sent_at`."""

    code = TextField(unique=True)
    state = TextField(default="draft")
    name = TextField()
    folded = TextField()
    sex = TextField()
    dob_year = SmallIntegerField()
    dob_month = SmallIntegerField(null=True)
    dob_day = SmallIntegerField(null=True)
    nationality = TextField(default="VN")
    phone = TextField(index=True)
    kind = TextField(default="")
    number = TextField(default="")
    bhyt = TextField(default="")
    area_scheme = TextField()
    area_code = TextField()
    address = TextField(default="")
    relation = TextField(default="self")
    by_name = TextField(default="")
    by_phone = TextField(default="")
    occupation = TextField(default="")
    workplace = TextField(default="")
    priority_group = TextField(default="")
    rank = SmallIntegerField(default=rules.LAST_RANK)
    wished_on = DateField(null=True)
    half_day = TextField(default="day")
    last_dose = JSONField(default=dict)
    history = JSONField(default=dict)
    consent = ForeignKeyField(ReferenceVersion, null=True, index=False)
    consent_by = TextField(default="")
    consent_at = DateTimeField(null=True)
    unit = ForeignKeyField(Unit, index=False)
    site = ForeignKeyField(Unit, null=True, index=False, backref="allocated")
    person = ForeignKeyField(Person, null=True)
    twin = ForeignKeyField("self", null=True, index=False)
    reason = TextField(default="")
    decided_by = ForeignKeyField(User, null=True, index=False)
    decided_at = DateTimeField(null=True)
    created_at = DateTimeField()
    sent_at = DateTimeField(null=True)

    class Meta:
        # In the order in which people are called.
        indexes = (
            (("unit", "state", "rank", "sent_at", "id"), False),
            (("site", "state", "rank", "sent_at", "id"), False),
        )

    @classmethod
    def within(cls, path: str) -> "ModelSelect[Registration]":
        """The wishes that a unit at or below `path` decides, or that were given to it."""
        below: Any = Unit.select(Unit.id).where(Unit.below(path))
        return cls.select().where(cls.unit.in_(below) | cls.site.in_(below))

    @property
    def wanted(self) -> rules.Wanted:
        """What recognises this person."""
        born = (self.dob_year, self.dob_month, self.dob_day)
        return rules.Wanted(self.number, self.folded, born, self.sex, self.phone)

    @classmethod
    def live(cls, wanted: rules.Wanted) -> "list[Registration]":
        """The wishes under way with this document or this telephone, the first one first."""
        mine = (cls.phone == wanted.phone) & (cls.dob_year == wanted.born[0])
        found = list(cls.select().where(mine, cls.state.in_(rules.LIVE)))
        if wanted.number:
            same = cls.select().where(cls.number == wanted.number, cls.state.in_(rules.LIVE))
            found += [row for row in same if row not in found]
        return sorted(found, key=lambda row: row.id)

    @classmethod
    def live_many(cls, wanted: Sequence[rules.Wanted]) -> "list[Registration]":
        """The wishes under way with one of these documents, or with one of these telephones and
        names, the first one first. Names narrow it: a whole list may have the telephone of one
        organisation."""
        numbers = {one.number for one in wanted if one.number}
        keys = {one.key for one in wanted}
        mine = cls.phone.in_({one.phone for one in wanted}) & cls.folded.in_(keys)
        query = cls.select().where(mine | cls.number.in_(numbers), cls.state.in_(rules.LIVE))
        return list(query.order_by(cls.id))


def live_of(person_id: int | None, wanted: Sequence[rules.Wanted]) -> list[Registration]:
    """The wishes under way of a person, and those of one of these people that nobody has called
    yet, as an officer recognises them."""
    mine = Registration.person == person_id, Registration.state.in_(rules.LIVE)
    known = list(Registration.select().where(*mine)) if person_id else []
    others = (row for row in Registration.live_many(wanted) if row.person_id is None)
    return known + [
        row for row in others if any(rules.same_listed(one, row.wanted) for one in wanted)
    ]


Registration.add_index(
    Registration.index(
        Registration.number, where=Registration.number != "", name="registration_number"
    )
)
# A filter that few or none fit must not walk through all wishes of a state.
Registration.add_index(
    Registration.index(
        Registration.unit, Registration.state, Registration.area_scheme, Registration.area_code,
        name="registration_area",
    ),
)  # fmt: skip
Registration.add_index(
    Registration.index(
        Registration.unit, Registration.state, Registration.wished_on,
        name="registration_wished_on",
    ),
)  # fmt: skip
Registration.add_index(
    Registration.index(
        Registration.unit, Registration.state, Registration.rank, Registration.sent_at,
        Registration.id, where=Registration.relation == rules.ORGANISATION,
        name="registration_organisation",
    ),
)  # fmt: skip

# What was told with the wishes of somebody that are under way; one that an organisation sent by a
# list tells nothing.
_TOLD = "w.sent_at, w.id, w.history, w.consent_at, w.consent_by, v.body -> 'document' ->> 'number'"
_BY = f"""from registration w left join reference_version v on v.id = w.consent_id
 where w.consent_id is not null
 and w.state in ({", ".join(f"'{state}'" for state in rules.LIVE)}) and w.person_id"""
# As one column of a statement. {all} and {{row}}: see visits.models.at_hand.
TOLD = f"(select {{all}}({{row}}({_TOLD})) {_BY} = ?)"
# Of many people, the last wish last. {people}: a mark for each.
TOLD_BY = f"select w.person_id, {_TOLD} {_BY} in ({{people}}) order by w.sent_at, w.id"


def said(history: Mapping[str, str]) -> dict[str, str]:
    """The answers of a history that are not plainly no, by their questions."""
    return {item: history[item] for item in rules.ITEMS if history.get(item, "no") != "no"}


class PhoneProof(BaseModel):
    """That whoever has the telephone of a wish read the code of `asked_at`, which was sent there.
    It says nothing about who they are."""

    registration = ForeignKeyField(Registration, unique=True)
    asked_at = DateTimeField()
    proven_at = DateTimeField(null=True)

    @classmethod
    def proven(cls, ids: Iterable[int]) -> set[int]:
        """Those of these wishes whose telephone is proven."""
        rows = cls.select(cls.registration).where(
            cls.registration.in_(list(ids)), cls.proven_at.is_null(False)
        )
        return {row.registration_id for row in rows}


def queue(
    mine: Any, state: str, group: str, until: date | None, areas: Any, after: int | None
) -> "ModelSelect[Registration]":
    """The wishes of one state in the order in which people are called: the higher group first, and
    in it who sent first. mine: whose; until: who wishes a day up to this; areas: (scheme, code) of
    communes, None for all; after: the last one of the page before."""
    query = Registration.select(Registration, Unit).join(
        Unit, JOIN.LEFT_OUTER, on=Registration.site
    )
    query = query.where(mine, Registration.state == state)
    if group:
        query = query.where(Registration.rank == rules.rank(group))
    if until:
        query = query.where(Registration.wished_on <= until)
    if areas is not None:
        places = [(Registration.area_scheme == s) & (Registration.area_code == c) for s, c in areas]
        query = query.where(reduce(or_, places)) if places else query.where(False)
    place = (Registration.rank, Registration.sent_at, Registration.id)
    if after:
        last = Registration.alias()
        mark = last.select(last.rank, last.sent_at, last.id).where(last.id == after)
        query = query.where(Expression(Tuple(*place), ">", mark))
    return query.order_by(*place)


def given_to(site_ids: Iterable[int]) -> dict[int, int]:
    """Site → how many of the wishes that it was given still wait or are called."""
    query: Any = Registration.select(Registration.site, fn.COUNT(Registration.id)).where(
        Registration.site.in_(list(site_ids)), Registration.state.in_(["allocated", "listed"])
    )
    return dict(query.group_by(Registration.site).tuples())


def keeper(scheme: str, code: str) -> Unit:
    """The province that decides about people of an area; where none is known, the Ministry."""
    area = Area.find(scheme, code)
    places = [area, *area.successors()] if area else []
    provinces = {(place.scheme, place.province_code()) for place in places}
    for row in Unit.select().where(Unit.level == "province", Unit.valid_to.is_null()):
        if (row.area_scheme, row.area_code) in provinces:
            return row
    return Unit.select().where(Unit.parent.is_null()).order_by(Unit.id).get()
