"""Visits with everything that was written on the way, and the doses."""

from datetime import datetime

from peewee import (
    JOIN,
    Case,
    DateField,
    DateTimeField,
    DecimalField,
    ForeignKeyField,
    IntegerField,
    JSONField,
    ModelSelect,
    SmallIntegerField,
    TextField,
    fn,
)  # fmt: skip

from app import clock
from app.accounts.models import User
from app.db import BaseModel
from app.people.models import Alert, Person
from app.sessions.models import VaccinationSession
from app.stock.models import Holding
from app.units.models import Unit
from app.visits import rules


class Visit(BaseModel):
    """One person at one session. The row is the draft: each step saves itself and moves `state`
    (see rules.TRANSITIONS). `version` grows with each step; a stale page is refused by it.

    `answers`: item code → {"yes", "text", "leads_to"} on the screening form of version
    `screening_form`; `flags`: what they tell the rules ("pregnant"); `computed` is what the form
    concludes, `conclusion` what the doctor decided, both of vaccines.rules.OUTCOMES.
    """

    session = ForeignKeyField(VaccinationSession, backref="visits", index=False)
    unit = ForeignKeyField(Unit, index=False)
    person = ForeignKeyField(Person, backref="visits")
    state = TextField()
    version = IntegerField(default=1)
    queue_no = IntegerField()
    arrived_at = DateTimeField()
    arrived_by = ForeignKeyField(User, backref="received", index=False)
    consent_at = DateTimeField(null=True)
    consent_by = ForeignKeyField(User, null=True, backref="consented", index=False)
    consent_signer = TextField(default="")
    consent_relation = TextField(default="")
    consent_text = IntegerField(null=True)
    screening_form = IntegerField(null=True)
    answers = JSONField(null=True)
    temperature = DecimalField(max_digits=3, decimal_places=1, null=True)
    pulse = SmallIntegerField(null=True)
    systolic = SmallIntegerField(null=True)
    diastolic = SmallIntegerField(null=True)
    respiration = SmallIntegerField(null=True)
    usual_systolic = SmallIntegerField(null=True)
    flags = TextField(default="")
    computed = TextField(null=True)
    conclusion = TextField(null=True)
    screened_at = DateTimeField(null=True)
    screened_by = ForeignKeyField(User, null=True, backref="screened", index=False)
    delay_until = DateField(null=True)
    note = TextField(default="")
    observe_until = DateTimeField(null=True)
    ended_at = DateTimeField(null=True)
    ended_by = ForeignKeyField(User, null=True, backref="ended", index=False)

    class Meta:
        indexes = (
            (("session", "person"), True),
            (("session", "queue_no"), True),
            (("session", "state"), False),
        )

    @classmethod
    def within(cls, path: str) -> "ModelSelect[Visit]":
        """The visits at the sites at or below `path`, with person, session and unit."""
        return (
            cls.select(cls, Person, VaccinationSession, Unit)
            .join(Person)
            .switch(cls)
            .join(VaccinationSession)
            .switch(cls)
            .join(Unit, on=(cls.unit == Unit.id))
            .where(Unit.below(path))
        )

    @classmethod
    def queue(cls, session_id: int, states: list[str], most: int) -> "ModelSelect[Visit]":
        """Who waits in a session in these states, with the person: the first `most` of each
        state; who waits longest at this station (or may go first) is first."""
        entered = [(state, getattr(cls, column)) for state, column in rules.ENTERED.items()]
        place = fn.ROW_NUMBER().over(
            partition_by=[cls.state], order_by=[Case(cls.state, entered), cls.queue_no]
        )
        waiting = cls.select(cls.id, place.alias("place")).where(
            cls.session == session_id, cls.state.in_(states)
        )
        return (
            cls.select(cls, Person)
            .join(Person)
            .switch(cls)
            .join(waiting, on=(cls.id == waiting.c.id))
            .where(waiting.c.place <= most)
            .order_by(waiting.c.place)
        )

    @classmethod
    def without_end(cls, session_id: int) -> "ModelSelect[Visit]":
        """The visits of a session that go on, with the person, by number."""
        return (
            cls.select(cls, Person)
            .join(Person)
            .where(cls.session == session_id, cls.state.in_(rules.WAITING))
            .order_by(cls.queue_no)
        )

    @classmethod
    def may_go(cls, session_id: int) -> "ModelSelect[Visit]":
        """Whose observation may end together with all others': time is up, and no reaction was
        noted (who had one is looked at and let go alone)."""
        mine = Alert.person == cls.person, Alert.visit_id == cls.id
        noted = Alert.select().where(*mine, Alert.kind == "reaction")
        return cls.select().where(
            cls.session == session_id, cls.state == "observing", cls.observe_until <= clock.now(),
            ~fn.EXISTS(noted),
        )  # fmt: skip

    def waited(self, now: datetime) -> int:
        """For how many minutes the person has been waiting at the present station."""
        since = getattr(self, rules.ENTERED[self.state]) or self.arrived_at
        return max(0, int((now - since).total_seconds() // 60))


class Dose(BaseModel):
    """A dose that was given. Rows are never deleted: one that should not be is voided. What the
    lot and the rules were on that day is copied, so that later changes cannot rewrite it.

    `source`: one of rules.SOURCES. A dose from "elsewhere" has no visit, session, holding and
    vaccinator; where the place is no unit of ours, `place` says its name and there is no `unit`.
    `kind`: CO_BAN, BO_SUNG or NHAC_LAI; `seq` counts within the kind, `overall` over all.
    `warnings`: codes of the rules that were overridden, with `reason` and who confirmed.
    `evidence`: the paper behind a dose that was entered later. `version` grows with each change.
    """

    visit = ForeignKeyField(Visit, null=True, backref="doses", index=False)
    person = ForeignKeyField(Person, backref="doses")
    unit = ForeignKeyField(Unit, null=True, index=False)
    place = TextField(default="")
    session = ForeignKeyField(VaccinationSession, null=True)
    holding = ForeignKeyField(Holding, null=True)
    product = TextField()
    lot_number = TextField()
    expires_on = DateField(null=True)
    kind = TextField()
    seq = SmallIntegerField()
    overall = SmallIntegerField()
    volume_ml = DecimalField(max_digits=4, decimal_places=2, null=True)
    body_part = TextField()
    table_no = SmallIntegerField(default=1)
    given_at = DateTimeField()
    vaccinator = ForeignKeyField(User, null=True, backref="given", index=False)
    recorded_by = ForeignKeyField(User, backref="recorded", index=False)
    recorded_at = DateTimeField()
    rules_version = IntegerField(null=True)
    warnings = JSONField(default=list)
    reason = TextField(default="")
    confirmed_by = ForeignKeyField(User, null=True, backref="confirmed", index=False)
    source = TextField(default="session")
    evidence = TextField(default="")
    version = IntegerField(default=1)
    voided_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("unit", "given_at"), False),)

    @classmethod
    def within(cls, path: str) -> "ModelSelect[Dose]":
        """The doses given at the sites at or below `path`, voided ones too."""
        return cls.select(cls, Unit).join(Unit).where(Unit.below(path))

    @classmethod
    def of(cls, person_id: int) -> "ModelSelect[Dose]":
        """All doses of a person that stand, oldest first, with the site."""
        return (
            cls.select(cls, Unit)
            .join(Unit, JOIN.LEFT_OUTER)
            .where(cls.person == person_id, cls.voided_at.is_null())
            .order_by(cls.given_at, cls.id)
        )

    @classmethod
    def at_visit(cls, visit_id: int) -> "Dose | None":
        """The dose of a visit that stands."""
        return cls.get_or_none(cls.visit == visit_id, cls.voided_at.is_null())

    @property
    def where(self) -> str:
        """The name of the place where it was given."""
        return self.unit.name if self.unit else self.place


# After an undo a visit may get another dose; of two presses at once one is refused.
Dose.add_index(
    Dose.index(Dose.visit, unique=True, where=Dose.voided_at.is_null(), name="dose_visit")
)
