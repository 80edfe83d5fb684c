"""Lists for a session."""

from peewee import DateTimeField, ForeignKeyField, IntegerField, JSONField, ModelSelect, TextField

from app.accounts.models import User
from app.db import BaseModel
from app.imports import rules
from app.imports.models.sent import SentFile, SentRow, open_once
from app.people.models import Person
from app.sessions.models import VaccinationSession
from app.units.models import Unit


class Upload(BaseModel, SentFile):
    """A list for a session, from a file or pasted. The file itself and its name are not kept.

    `kind`: one of rules.KINDS; `digest`: SHA-256 of the file; `columns`: [key, heading] of each
    column as it stands there, the key a field or "#" and a number where the heading means nothing
    here; `skipped`: [name, whether hidden] of the sheets without a list; `state`: one of
    rules.UPLOAD_STATES.
    """

    NOUN = "upload"
    session = ForeignKeyField(VaccinationSession, on_delete="CASCADE")
    kind = TextField(default="people")
    digest = TextField()
    state = TextField(default="checking")
    columns = JSONField()
    skipped = JSONField()
    by = ForeignKeyField(User)
    at = DateTimeField(index=True)
    ended_at = DateTimeField(null=True)

    @classmethod
    def within(cls, path: str) -> "ModelSelect[Upload]":
        """The uploads for sessions of the sites at or below `path`, with session and unit."""
        return (
            cls.select(cls, VaccinationSession, Unit)
            .join(VaccinationSession)
            .join(Unit)
            .where(Unit.below(path))
        )

    @classmethod
    def of(cls, session_id: int) -> "ModelSelect[Upload]":
        """The uploads for a session, the newest first, with who made them."""
        return (
            cls.select(cls, User)
            .join(User)
            .where(cls.session == session_id)
            .order_by(cls.id.desc())
        )

    @property
    def unused(self) -> list[str]:
        """The headings that mean nothing here."""
        other = [text for key, text in self.columns if key[0] == "#" or key in rules.UNUSED]
        return [rules.heading(text) for text in other]


open_once(Upload, Upload.session)


class UploadRow(BaseModel, SentRow):
    """A row of a file. `seq`: its place in the whole file; `sheet` and `number`: where it stands
    ("" when one sheet alone has a list); `state`: see rules.ROW_TRANSITIONS.

    Until the upload ends: `cells`: key of a column → text; `fixes`: field → text that is proposed
    instead; `reasons`: [field, code, values]; `alikes`: [id of a person, sign]. Afterwards only
    reasons without values are left. `twin`: the place of an earlier row with the same person;
    `person`: whom the row means; `why`: why what seemed wrong is right.
    """

    file = ForeignKeyField(
        Upload, column_name="upload_id", backref="rows", on_delete="CASCADE", index=False
    )
    seq = IntegerField()
    sheet = TextField(default="")
    number = IntegerField()
    state = TextField(default="unread")
    cells = JSONField(null=True)
    fixes = JSONField(null=True)
    reasons = JSONField(default=list)
    alikes = JSONField(default=list)
    twin = TextField(default="")
    why = TextField(default="")
    person = ForeignKeyField(Person, null=True)

    class Meta:
        table_name = "upload_row"
        indexes = ((("file", "seq"), True), (("file", "state", "seq"), False))

    @property
    def lacking(self) -> list[str]:
        """The fields of which the record of a known person says nothing, and the row something."""
        return [field for field, code, _values in self.reasons if code == "record_lacks"]

    @classmethod
    def within(cls, path: str) -> "ModelSelect[UploadRow]":
        """The rows of uploads for sessions of the sites at or below `path`."""
        return (
            cls.select(cls).join(Upload).join(VaccinationSession).join(Unit).where(Unit.below(path))
        )
