"""Step 3 of QĐ 5772/QĐ-BYT: the signed certificates, and sheets of many."""

from datetime import datetime
from typing import Any

from peewee import (
    BooleanField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    JSONField,
    ModelSelect,
    TextField,
    fn,
)

from app.accounts.models import User
from app.db import BaseModel
from app.people.models import OfPerson, Person
from app.units.models import Unit
from app.visits.models import Dose


class Certificate(OfPerson, BaseModel):
    """A signed certificate of a `kind` ("DCC", "ICVP") about a person's newest dose.

    `uvci` is random. `doses`: [[dose id, version], …] and `identity_seq` are what it was made
    from: when one of them is no longer so, it must not count. `code`: the text of the QR
    ("HC1:…"). The three hashes (32 hexadecimal digits: 16 bytes of SHA-256 of the UVCI, of
    country and UVCI, of the signature) are what revocation lists of other systems name it by.
    `current`: of a person's certificates of a kind the one to show; ended by a newer or by
    revocation. `issued_by`: null when the command issued it.
    """

    kind = TextField()
    person = ForeignKeyField(Person)
    dose = ForeignKeyField(Dose)
    doses = JSONField()
    identity_seq = IntegerField()
    uvci = TextField(unique=True)
    kid = TextField(index=True)
    code = TextField()
    hash_uci = TextField(index=True)
    hash_country_uci = TextField()
    hash_signature = TextField(index=True)
    issued_at = DateTimeField()
    expires_at = DateTimeField(index=True)
    issued_by = ForeignKeyField(User, null=True, index=False)
    replaces: Any = ForeignKeyField("self", null=True, index=False)
    current = BooleanField(default=True)
    revoked_at = DateTimeField(null=True)
    revoked_why = TextField(default="")
    revoked_by = ForeignKeyField(User, null=True, backref="revoked", index=False)
    prints = IntegerField(default=0)


Certificate.add_index(
    Certificate.index(
        Certificate.person, Certificate.kind,
        unique=True, where=Certificate.current, name="certificate_current",
    )
)  # fmt: skip
Certificate.add_index(
    Certificate.index(
        Certificate.revoked_at,
        where=Certificate.revoked_at.is_null(False),
        name="certificate_revoked",
    )
)


def newest_revocation() -> datetime | None:
    """When something was revoked last: another moment after each revocation, which the index
    tells without looking at the others. Whoever revokes sees to that (actions.revoke)."""
    newest: Any = Certificate.select(fn.MAX(Certificate.revoked_at))
    found: datetime | None = newest.where(Certificate.revoked_at.is_null(False)).scalar()
    return found


class BulkPrint(BaseModel):
    """Certificates of many people as files of rules.PART each. `what`: "commune", "session" or
    "workplace", and `which` of them; `certificates`: their ids in the order of names, so that a
    file is the same when it is asked for again; `printed`: the files (from 1) that went out, with
    `done` of `total` certificates."""

    unit = ForeignKeyField(Unit, index=False)
    what = TextField()
    which = TextField()
    layout = TextField()
    certificates = JSONField()
    total = IntegerField()
    printed = JSONField(default=list)
    done = IntegerField(default=0)
    by = ForeignKeyField(User)
    at = DateTimeField()
    ended_at = DateTimeField(null=True)

    class Meta:
        table_name = "bulk_print"

    @classmethod
    def within(cls, path: str) -> "ModelSelect[BulkPrint]":
        """The files that units at or below `path` asked for."""
        return cls.select(cls, Unit).join(Unit).where(Unit.below(path))
