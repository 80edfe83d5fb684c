"""A whole list is registered with the result that one after the other has."""

import random

import pytest
from flask import g

from app.accounts import actions as accounts
from app.accounts.models import Membership
from app.audit import AuditEntry
from app.db import db
from app.outbox import OutboxEvent
from app.people import actions, rules
from app.people.actions import Decided, Details, Newcomer, many
from app.people.models import Care, Document, IdentityVersion, KeptApart, Person
from app.words import Refused
from tests import build
from tests.people.test_look_alikes_many import identity, register


@pytest.fixture
def by(station):
    user = build.user(station)
    g.user = accounts.signed_in(Membership.get(Membership.user == user))
    return g.user


def newcomer(chance):
    one = identity(chance)
    return Newcomer(
        one, one.numbers, Details(phone=one.phone), Decided(confirmed=chance.choice(("", "đã xem")))
    )


def alone(one, unit_id, by):
    try:
        return actions.register(*one[:3], unit_id, by, one.decided).id
    except Refused as refused:
        return refused


def outcome(answers):
    """Who was registered, and why others were not."""
    return [type(a).__name__ if isinstance(a, int) else a.reasons for a in answers]


def facts():
    """What the tables say, without ids."""
    people = {
        p.id: (p.name, str(p.dob), p.sex, p.phone, p.identity_note, p.folded, p.sort_key)
        for p in Person.select()
    }
    documents = [
        (people[d.person_id], d.kind, d.number if d.kind != "NONE" else "")
        for d in Document.select()
    ]
    versions = [(people[v.person_id], v.seq, v.by_id) for v in IdentityVersion.select()]
    cares = [(people[c.person_id], c.unit_id) for c in Care.select()]
    acts = [(a.action, a.noun, people.get(a.person_id), str(a.detail)) for a in AuditEntry.select()]
    events = [(e.event, people[e.payload["person"]]) for e in OutboxEvent.select()]
    apart = KeptApart.select().count()
    return [sorted(map(repr, rows)) for rows in (documents, versions, cares, acts, events)], apart


@pytest.mark.parametrize("seed", range(3))
def test_many_at_once_end_like_one_after_the_other(station, by, seed):
    chance = random.Random(seed)
    for _ in range(10):
        register(chance, [station])
    people = [newcomer(chance) for _ in range(25)]
    with db.atomic() as trial:
        one_by_one = [alone(one, station.id, by) for one in people]
        expected = outcome(one_by_one), facts()
        trial.rollback()
    together = actions.register_many(people, station.id, by)
    assert (outcome(together), facts()) == expected
    assert {type(answer) for answer in together} >= {int}
    assert any(isinstance(answer, Refused) for answer in together)
    for answer, one in zip(together, people, strict=True):
        if isinstance(answer, int):
            assert Person.get_by_id(answer).name == one.identity.name


def test_whoever_was_decided_on_is_kept_apart(station, by):
    known = build.person(station, None, name="TRẦN VĂN ÂN", dob_year=1950)
    twin = rules.Identity("TRẦN VĂN ÂN", rules.PartialDate(1950, 5, 17), "M")
    settled = Decided(frozenset([known.id]), "namesake")
    (made,) = actions.register_many([Newcomer(twin, (), Details(), settled)], station.id, by)
    row = KeptApart.get()
    assert (row.low_id, row.high_id, row.reason) == (known.id, made, "namesake")


def test_when_another_desk_was_quicker_the_others_are_registered(station, by, monkeypatch):
    taken = rules.Number("CCCD", "001050000017")
    build.person(station, taken.number, name="LÊ THỊ BA", dob_year=1933)
    monkeypatch.setattr(many, "look_alikes_many", lambda people, path: [[] for _ in people])
    monkeypatch.setattr(many.Person, "holders", lambda numbers: {})
    names = ("TRẦN VĂN ÂN", "PHAN VĂN TẠO")
    people = [
        Newcomer(rules.Identity(name, rules.PartialDate(1950), "M"), numbers, Details())
        for name, numbers in zip(names, [(taken,), ()], strict=True)
    ]
    refused, made = actions.register_many(people, station.id, by)
    assert isinstance(refused, Refused) and Person.get_by_id(made).name == names[1]
    assert Person.select().count() == 2
    assert AuditEntry.select().where(AuditEntry.action == "create").count() == 1


def test_nobody_is_registered_for_an_empty_list(station, by):
    assert actions.register_many([], station.id, by) == []


def test_only_gaps_are_filled(station, by):
    full = build.person(station, phone="0912345678", address="Số 1")
    gap = build.person(station)
    told = {"phone": "0987654321", "address": "Thôn 2", "area_scheme": None, "area_code": None}
    assert not actions.fill_gaps(full.id, told)
    assert actions.fill_gaps(gap.id, told) and not actions.fill_gaps(gap.id, told)
    full, gap = Person.get_by_id(full.id), Person.get_by_id(gap.id)
    assert (full.phone, full.address, full.version) == ("0912345678", "Số 1", 1)
    assert (gap.phone, gap.address, gap.version) == ("0987654321", "Thôn 2", 2)
    assert AuditEntry.get().person_id == gap.id


def test_care_is_taken_of_many_once(station, by):
    old, new = build.person(station), build.person(None)
    before = Care.get().since
    actions.take_all_in_care([old.id, new.id], station.id)
    actions.take_all_in_care([], station.id)
    assert Care.select().count() == 2 and Care.get(Care.person == old).since == before
    assert [a.person_id for a in AuditEntry.select()] == [new.id]
