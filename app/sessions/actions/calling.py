"""From wish to chair: a site calls people to a session by the wishes that it was given."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import time
from types import MappingProxyType
from typing import NamedTuple

from app import audit, clock
from app.accounts.actions import SignedIn
from app.db import add_many, db
from app.outbox import emit_many
from app.people import rules as people
from app.people.actions import Details, Newcomer, register_many
from app.people.models import LookAlike, Person, look_alikes
from app.registrations.actions import born, hold, list_all
from app.registrations.models import Registration
from app.sessions import rules
from app.sessions.actions.appointments import told_for
from app.sessions.actions.listing import expect_many, lock_list
from app.sessions.models import Appointment, Expected, VaccinationSession, waiting
from app.units.models import Unit
from app.words import Refused

ALIKE, TWICE, FULL = (Refused(("", code)) for code in ("wish_alike", "wish_twice", "session_full"))


class Called(NamedTuple):
    """What came of calling. hours: wish → hour; left: wish → why it stays where it was. The same
    of people, where they are called without a wish."""

    hours: dict[int, time]
    left: dict[int, Refused]

    def kept(self) -> str:
        """What a form keeps of it, to answer a second press: codes and row ids only."""
        hours = [f"{hour:%H:%M}" for hour in sorted(self.hours.values())]
        left = {key: why.reasons for key, why in self.left.items()}
        return json.dumps({"n": len(hours), "hours": hours[:1] + hours[-1:], "left": left})


def sites_for(session: VaccinationSession, within: str) -> list[int]:
    """Whose wishes may be called to a session: of its site, and of the units above it as far as
    `within` reaches (a mobile site calls the people of its station)."""
    above = [int(part) for part in session.unit.path.split("/") if part]
    query = Unit.select(Unit.id).where(Unit.id.in_(above), Unit.below(within))
    return [row.id for row in query]


def call(
    session_id: int,
    wish_ids: Iterable[int],
    first: time,
    by: SignedIn,
    same: Mapping[int, int] = MappingProxyType({}),
) -> Called:
    """Put these wishes on the list of a session, in the order of the queue, from the hour `first`
    on. Who is not surely known is made from the wish; whoever looks like somebody, or finds no
    place, is left. same: wish → the look-alike of whom somebody decided that it is this very
    person. Raises Refused: wish_none, session_over, session_off."""
    with db.atomic(), audit.at_end():
        session = _open(session_id)
        wishes, left = _chosen(sites_for(session, by.unit_path), wish_ids)
        found = _known(wishes) | _decided(wishes, same, by)
        free = _free(session, first)
        waits = [wish for wish in wishes if not isinstance(found.get(wish.id), Refused)]
        found |= dict.fromkeys((wish.id for wish in waits[len(free) :]), FULL)
        found |= _made([wish for wish in waits[: len(free)] if wish.id not in found], session, by)
        found |= _listed(session, _people(found), by)
        persons = _people(found)
        hours = dict(zip((wish.id for wish in wishes if wish.id in persons), free, strict=False))
        _appoint(session, ((wish_id, persons[wish_id], hour) for wish_id, hour in hours.items()))
        list_all(persons, session.id)
        left |= {key: why for key, why in found.items() if isinstance(why, Refused)}
        return Called(hours, left)


def call_people(session_id: int, person_ids: Iterable[int], first: time, by: SignedIn) -> Called:
    """Put people in the care of the site on the list of a session, in this order, from the hour
    `first` on. Who stands there already or finds no place is left. Raises Refused:
    session_over, session_off."""
    with db.atomic(), audit.at_end():
        session = _open(session_id)
        site = Unit.get_by_id(session.unit_id)
        mine = Person.within(site.path).where(Person.id.in_(list(person_ids)))
        known = {person.id for person in mine}
        ids = [one for one in dict.fromkeys(person_ids) if one in known]
        free = _free(session, first)
        answers = expect_many(session.id, dict.fromkeys(ids[: len(free)], ""), by, "due")
        left = {one: why for one, why in answers.items() if isinstance(why, Refused)}
        listed = [one for one in answers if one not in left]
        hours = dict(zip(listed, free, strict=False))
        _appoint(session, ((None, person_id, hour) for person_id, hour in hours.items()))
        return Called(hours, left | dict.fromkeys(ids[len(free) :], FULL))


def _open(session_id: int) -> VaccinationSession:
    session = lock_list(session_id)
    if shut := session.shut(clock.today()):
        raise Refused(("", shut))
    return session


def _people(found: Mapping[int, int | Refused]) -> dict[int, int]:
    """Wish → person, of those against whom nothing speaks."""
    return {wish_id: who for wish_id, who in found.items() if isinstance(who, int)}


def _chosen(
    site_ids: list[int], wish_ids: Iterable[int]
) -> tuple[list[Registration], dict[int, Refused]]:
    """The wishes that still wait at these sites, in the order of the queue, and those that were
    called or taken away since."""
    mine = hold(wish_ids, site_ids)
    if not mine:
        raise Refused(("", "wish_none"))
    order = list(waiting(site_ids).where(Registration.id.in_(mine)))
    gone = set(mine) - {wish.id for wish in order}
    return order, {wish_id: Refused(("", "wish_moved")) for wish_id in gone}


def _free(session: VaccinationSession, first: time) -> list[time]:
    """The hours of those who still find a place."""
    room = session.capacity - Expected.select().where(Expected.session == session.id).count()
    taken = Counter(one.hour for one in Appointment.standing(session.id))
    now = clock.local(clock.now()).time()
    left = rules.hours_left(session.half_day, session.held_on, clock.today(), now)
    first = max(first, left[0]) if left else time.max
    return rules.hours(session.half_day, session.capacity, first, taken, max(room, 0))


def numbers(wish: Registration) -> tuple[people.Number, ...]:
    """The documents that were typed."""
    country = wish.nationality if wish.kind == "PASSPORT" else people.VIET_NAM
    typed = (wish.kind, wish.number, country), ("BHYT", wish.bhyt, people.VIET_NAM)
    return tuple(people.Number(*one) for one in typed if one[0] and one[1])


def _known(wishes: Sequence[Registration]) -> dict[int, int | Refused]:
    """Who is surely known: called before, or the same number with the same name, birth date and
    sex. With the same number alone somebody must look."""
    said = {wish.id: numbers(wish) for wish in wishes}
    holders = Person.holders({one for all_ in said.values() for one in all_})
    found: dict[int, int | Refused] = {}
    for wish in wishes:
        who = {holders[one].id: holders[one] for one in said[wish.id] if one in holders}
        if wish.person_id:
            found[wish.id] = wish.person_id
        elif len(who) == 1 and is_same(wish, *who.values()):
            found[wish.id] = next(iter(who))
        elif who:
            found[wish.id] = ALIKE
    return found


def meant_by(wish: Registration, by: SignedIn) -> list[LookAlike]:
    """Who may be this very person and may be taken for it here: people in one's care, and whoever
    has the number that was typed."""
    who = newcomer(wish)
    identity = who.identity._replace(numbers=who.numbers, phone=wish.phone)
    found = look_alikes(identity, by.unit_path)
    return [one for one in found if one.inside or one.sign == "same_number"]


def doubts_of(wish: Registration) -> list[str]:
    """What contradicts itself in a wish, so that somebody must ask: reason codes."""
    who = newcomer(wish)
    identity = who.identity._replace(numbers=who.numbers)
    return people.doubts(identity, who.details.guardian_name, clock.today())


def _decided(
    wishes: Sequence[Registration], same: Mapping[int, int], by: SignedIn
) -> dict[int, int | Refused]:
    """Nobody is taken for one who does not look alike."""
    found: dict[int, int | Refused] = {}
    for wish in wishes:
        if wish.id in same:
            likely = {one.person.id for one in meant_by(wish, by)}
            found[wish.id] = same[wish.id] if same[wish.id] in likely else ALIKE
    return found


def is_same(wish: Registration, person: Person) -> bool:
    """Whether name, birth date and sex are those of the person."""
    same = (wish.folded, wish.sex) == (people.fold(person.name), person.sex)
    return same and born(wish).agrees(person.dob)


def newcomer(wish: Registration) -> Newcomer:
    """The person whom a wish tells of."""
    child = born(wish).age_range(clock.today())[1] < people.OF_AGE
    guardian = (wish.by_name or None, wish.by_phone or None) if child else (None, None)
    details = Details(
        wish.nationality, wish.phone, wish.area_scheme, wish.area_code, wish.address,
        *guardian, "guardian" if guardian[0] else None, wish.priority_group or None,
        wish.occupation, wish.workplace,
    )  # fmt: skip
    return Newcomer(people.Identity(wish.name, born(wish), wish.sex), numbers(wish), details)


def _made(
    wishes: Sequence[Registration], session: VaccinationSession, by: SignedIn
) -> dict[int, int | Refused]:
    answers = register_many([newcomer(wish) for wish in wishes], session.unit_id, by)
    return {wish.id: answer for wish, answer in zip(wishes, answers, strict=True)}


def _listed(
    session: VaccinationSession, found: Mapping[int, int], by: SignedIn
) -> dict[int, int | Refused]:
    """Put them on the list; who stands there already by hand stays there with an hour."""
    called = {one.person_id for one in Appointment.standing(session.id)}
    answers = expect_many(session.id, dict.fromkeys(found.values(), ""), by, "wish")
    after: dict[int, int | Refused] = {}
    for wish_id, person_id in found.items():
        answer = answers[person_id]
        codes = [code for _f, code, _v in answer.reasons] if isinstance(answer, Refused) else []
        if person_id in called:
            after[wish_id] = TWICE
        elif codes and codes != ["already_listed"]:
            after[wish_id] = answer
        else:
            after[wish_id] = person_id
            called.add(person_id)
    return after


def _appoint(session: VaccinationSession, called: Iterable[tuple[int | None, int, time]]) -> None:
    """called: wish, if there is one, person, hour."""
    rows = [
        {
            "registration": wish_id, "session": session.id, "person": person_id,
            "hour": hour, "reminded_for": told_for(session.held_on),
        }
        for wish_id, person_id, hour in called
    ]  # fmt: skip
    ids = add_many(Appointment, rows)
    emit_many("appointment.made", [{"appointment": one} for one in ids])
