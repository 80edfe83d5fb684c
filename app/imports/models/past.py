"""Lists of doses that were given before."""

from peewee import DateTimeField, ForeignKeyField, IntegerField, JSONField, TextField

from app.accounts.models import User
from app.db import BaseModel
from app.imports.models.sent import SentFile, SentRow, open_once
from app.people.models import Person
from app.units.models import Unit


class PastFile(BaseModel, SentFile):
    """A list of doses that were given elsewhere, or written on paper alone. `columns`, `digest`: as
    in Upload; `state`: one of rules.UPLOAD_STATES; `proof`, `evidence`, `reason`: which papers it
    was made from, as a request says it (amendments.models)."""

    NOUN = "past_file"
    unit = ForeignKeyField(Unit)
    digest = TextField()
    state = TextField(default="checking")
    columns = JSONField()
    proof = TextField()
    evidence = TextField()
    reason = TextField()
    by = ForeignKeyField(User)
    at = DateTimeField(index=True)
    ended_at = DateTimeField(null=True)

    class Meta:
        table_name = "past_file"


open_once(PastFile, PastFile.unit)


class PastRow(BaseModel, SentRow):
    """A dose in such a list; `seq`, `sheet`, `number`, `cells` and `reasons` as in UploadRow.
    `state`: "unread" or one of those of rules.py; `person`: who has the number."""

    file = ForeignKeyField(PastFile, backref="rows", on_delete="CASCADE", index=False)
    seq = IntegerField()
    sheet = TextField(default="")
    number = IntegerField()
    state = TextField(default="unread")
    cells = JSONField(null=True)
    reasons = JSONField(default=list)
    person = ForeignKeyField(Person, null=True)

    class Meta:
        table_name = "past_row"
        indexes = ((("file", "seq"), True), (("file", "state", "seq"), False))
