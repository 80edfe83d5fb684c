"""Files that were uploaded, row by row, until they are written or cancelled."""

from datetime import datetime
from typing import Any

from peewee import (
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
from app.people.models import Person
from app.sessions.models import VaccinationSession
from app.units.models import Unit


class Upload(BaseModel):
    """A file for the list of a session. The file itself and its name are not kept.

    `digest`: SHA-256 of the file; `headings`: field → heading as it stands in the file; `unused`:
    headings that mean nothing here; `state`: one of rules.UPLOAD_STATES.
    """

    session = ForeignKeyField(VaccinationSession, on_delete="CASCADE")
    digest = TextField()
    state = TextField(default="checking")
    headings = JSONField()
    unused = JSONField()
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

    @classmethod
    def forgotten(cls, before: datetime) -> "ModelSelect[Upload]":
        """Uploads that nobody ended."""
        return cls.select().where(cls.ended_at.is_null(), cls.at < before)

    def tally(self) -> dict[str, int]:
        """State of a row → how many."""
        rows: Any = UploadRow.select(UploadRow.state, fn.COUNT(UploadRow.id))
        return dict(rows.where(UploadRow.upload == self.id).group_by(UploadRow.state).tuples())


# Whoever sends the same file twice at once gets one upload.
Upload.add_index(
    Upload.index(
        Upload.session, Upload.digest,
        unique=True, where=Upload.ended_at.is_null(), name="upload_open",
    )
)  # fmt: skip


class UploadRow(BaseModel):
    """A row of a file. `number`: its number in the sheet; `state`: see rules.ROW_TRANSITIONS.

    Until the upload ends: `cells`: field → text; `fixes`: field → text that is proposed instead;
    `reasons`: [field, code, values]; `alikes`: [id of a person, sign]. Afterwards only reasons
    without values are left. `twin`: the number of an earlier row with the same person;
    `person`: whom the row means; `why`: why what seemed wrong is right.
    """

    upload = ForeignKeyField(Upload, backref="rows", on_delete="CASCADE", index=False)
    number = IntegerField()
    state = TextField(default="unread")
    cells = JSONField(null=True)
    fixes = JSONField(null=True)
    reasons = JSONField(default=list)
    alikes = JSONField(default=list)
    twin = IntegerField(null=True)
    why = TextField(default="")
    person = ForeignKeyField(Person, null=True)

    class Meta:
        table_name = "upload_row"
        indexes = ((("upload", "number"), True), (("upload", "state", "number"), False))

    @classmethod
    def within(cls, path: str) -> "ModelSelect[UploadRow]":
        """The rows of uploads for sessions of the sites at or below `path`."""
        return (
            cls.select(cls).join(Upload).join(VaccinationSession).join(Unit).where(Unit.below(path))
        )

    @classmethod
    def in_states(
        cls, upload_id: int, states: list[str], after: int = 0
    ) -> "ModelSelect[UploadRow]":
        """Rows in these states in the order of the sheet; after: the last of the page before."""
        return (
            cls.select()
            .where(cls.upload == upload_id, cls.state.in_(states), cls.number > after)
            .order_by(cls.number)
        )
