"""Requests to change what is known of a dose, and what was decided."""

from peewee import DateTimeField, ForeignKeyField, IntegerField, JSONField, ModelSelect, TextField

from app.accounts.models import User
from app.db import BaseModel
from app.people.models import Person
from app.sessions.models import VaccinationSession
from app.units.models import Unit
from app.visits.models import Dose


class Amendment(BaseModel):
    """One request of a `kind` of rules.KINDS. While nobody has decided, it locks the dose (or the
    place of the person in the session); once decided the row never changes again, so that the rows
    of a dose are its history.

    `unit`: the site that recorded (or records) the dose and that decides. `dose`: the dose that is
    changed, or that an approval made; `version`: the one that the asker saw. `before` and `after`:
    the values that differ. `warnings`: what the rules say against it, as [code, values] pairs.
    `cause`: a code of rules.CAUSES or rules.PROOFS, `reason` the asker's own words, `evidence` the
    paper behind it. `answer`: what whoever decided wrote.
    """

    kind = TextField()
    state = TextField(default="pending")
    unit = ForeignKeyField(Unit)
    person = ForeignKeyField(Person)
    session = ForeignKeyField(VaccinationSession, null=True, index=False)
    dose = ForeignKeyField(Dose, null=True, backref="amendments")
    version = IntegerField(null=True)
    before = JSONField(default=dict)
    after = JSONField(default=dict)
    warnings = JSONField(default=list)
    cause = TextField(default="")
    reason = TextField(default="")
    evidence = TextField(default="")
    asked_by = ForeignKeyField(User, backref="asked", index=False)
    asked_at = DateTimeField()
    decided_by = ForeignKeyField(User, null=True, backref="decided", index=False)
    decided_at = DateTimeField(null=True)
    answer = TextField(default="")

    @classmethod
    def within(cls, path: str) -> "ModelSelect[Amendment]":
        """The requests of the sites at or below `path`, with person and unit."""
        return (
            cls.select(cls, Person, Unit)
            .join(Person)
            .switch(cls)
            .join(Unit)
            .where(Unit.below(path))
        )

    @classmethod
    def waiting_for(cls, dose_id: int) -> "Amendment | None":
        """The request for a dose that nobody has decided, with who asked."""
        query = cls.select(cls, User).join(User, on=(cls.asked_by == User.id))
        return query.where(cls.dose == dose_id, cls.decided_at.is_null()).get_or_none()


# Of two requests at once for one dose, or for one person at one session, one is refused.
Amendment.add_index(
    Amendment.index(
        Amendment.dose, unique=True, where=Amendment.decided_at.is_null(), name="amendment_dose"
    )
)
Amendment.add_index(
    Amendment.index(
        Amendment.session,
        Amendment.person,
        unique=True,
        where=Amendment.decided_at.is_null(),
        name="amendment_late",
    )
)
