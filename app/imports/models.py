"""Files that were uploaded, row by row, until they are written or cancelled."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from peewee import (
    DateField,
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
from app.imports import rules
from app.people.models import Person
from app.registrations.models import Registration
from app.sessions.models import VaccinationSession
from app.units.models import Unit


class Upload(BaseModel):
    """A list for a session, from a file or pasted. The file itself and its name are not kept.

    `kind`: one of rules.KINDS; `digest`: SHA-256 of the file; `columns`: [key, heading] of each
    column as it stands there, the key a field or "#" and a number where the heading means nothing
    here; `skipped`: [name, whether hidden] of the sheets without a list; `state`: one of
    rules.UPLOAD_STATES.
    """

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

    @classmethod
    def forgotten(cls, before: datetime) -> "ModelSelect[Upload]":
        """Uploads that nobody ended."""
        return cls.select().where(cls.ended_at.is_null(), cls.at < before)

    @property
    def headings(self) -> dict[str, str]:
        """Field → its heading, as it is shown."""
        return {key: rules.heading(text) for key, text in self.columns if key[0] != "#"}

    @property
    def unused(self) -> list[str]:
        """The headings that mean nothing here."""
        other = [text for key, text in self.columns if key[0] == "#" or key in rules.UNUSED]
        return [rules.heading(text) for text in other]

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
    """A row of a file. `seq`: its place in the whole file; `sheet` and `number`: where it stands
    ("" when one sheet alone has a list); `state`: see rules.ROW_TRANSITIONS.

    Until the upload ends: `cells`: key of a column → text; `fixes`: field → text that is proposed
    instead; `reasons`: [field, code, values]; `alikes`: [id of a person, sign]. Afterwards only
    reasons without values are left. `twin`: the place of an earlier row with the same person;
    `person`: whom the row means; `why`: why what seemed wrong is right.
    """

    upload = ForeignKeyField(Upload, backref="rows", on_delete="CASCADE", index=False)
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
        indexes = ((("upload", "seq"), True), (("upload", "state", "seq"), False))

    @property
    def lacking(self) -> list[str]:
        """The fields of which the record of a known person says nothing, and the row something."""
        return [field for field, code, _values in self.reasons if code == "record_lacks"]

    @property
    def place(self) -> str:
        """Where it stands, to be said to people."""
        return rules.place(self.sheet, self.number)

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
        """Rows in these states in the order of the file; after: the last of the page before."""
        return (
            cls.select()
            .where(cls.upload == upload_id, cls.state.in_(states), cls.seq > after)
            .order_by(cls.seq)
        )


class PastFile(BaseModel):
    """A list of doses that were given elsewhere, or written on paper alone. `columns`, `digest`: as
    in Upload; `state`: one of rules.UPLOAD_STATES; `proof`, `evidence`, `reason`: which papers it
    was made from, as a request says it (amendments.models)."""

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

    @classmethod
    def within(cls, path: str) -> "ModelSelect[PastFile]":
        """The files of the units at or below `path`, with unit and who sent them."""
        return cls.select(cls, Unit, User).join(Unit).switch(cls).join(User).where(Unit.below(path))

    @classmethod
    def forgotten(cls, before: datetime) -> "ModelSelect[PastFile]":
        """Files that nobody ended."""
        return cls.select().where(cls.ended_at.is_null(), cls.at < before)

    def tally(self) -> dict[str, int]:
        """State of a row → how many."""
        rows: Any = PastRow.select(PastRow.state, fn.COUNT(PastRow.id))
        return dict(rows.where(PastRow.file == self.id).group_by(PastRow.state).tuples())


PastFile.add_index(
    PastFile.index(
        PastFile.unit, PastFile.digest,
        unique=True, where=PastFile.ended_at.is_null(), name="past_file_open",
    )
)  # fmt: skip


class PastRow(BaseModel):
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

    @property
    def place(self) -> str:
        """Where it stands, to be said to people."""
        return rules.place(self.sheet, self.number)

    @classmethod
    def within(cls, path: str) -> "ModelSelect[PastRow]":
        """The rows of files of the units at or below `path`."""
        return cls.select(cls).join(PastFile).join(Unit).where(Unit.below(path))

    @classmethod
    def in_states(
        cls, file_id: int, states: Sequence[str], after: int = 0
    ) -> "ModelSelect[PastRow]":
        """Rows in these states in the order of the file; after: the last of the page before."""
        return (
            cls.select()
            .where(cls.file == file_id, cls.state.in_(list(states)), cls.seq > after)
            .order_by(cls.seq)
        )


class WishFile(BaseModel):
    """A list by which an organisation registers its people (đăng ký theo tổ chức). `columns`,
    `digest`: as in Upload; `state`: one of rules.UPLOAD_STATES; the rest: see kinds.wishes."""

    unit = ForeignKeyField(Unit)
    digest = TextField()
    state = TextField(default="checking")
    columns = JSONField()
    name = TextField()
    contact = TextField()
    phone = TextField()
    address = TextField(default="")
    area_scheme = TextField()
    area_code = TextField()
    priority_group = TextField()
    wished_on = DateField()
    half_day = TextField()
    by = ForeignKeyField(User)
    at = DateTimeField(index=True)
    ended_at = DateTimeField(null=True)

    class Meta:
        table_name = "wish_file"

    @classmethod
    def within(cls, path: str) -> "ModelSelect[WishFile]":
        """The lists sent by the units at or below `path`, with unit and who sent them."""
        return cls.select(cls, Unit, User).join(Unit).switch(cls).join(User).where(Unit.below(path))

    @classmethod
    def forgotten(cls, before: datetime) -> "ModelSelect[WishFile]":
        """Lists that nobody ended."""
        return cls.select().where(cls.ended_at.is_null(), cls.at < before)

    def tally(self) -> dict[str, int]:
        """State of a row → how many."""
        rows: Any = WishRow.select(WishRow.state, fn.COUNT(WishRow.id))
        return dict(rows.where(WishRow.file == self.id).group_by(WishRow.state).tuples())


WishFile.add_index(
    WishFile.index(
        WishFile.unit, WishFile.digest,
        unique=True, where=WishFile.ended_at.is_null(), name="wish_file_open",
    )
)  # fmt: skip


class WishRow(BaseModel):
    """Somebody in such a list; `seq`, `sheet`, `number`, `cells`, `fixes` and `reasons` as in
    UploadRow. `registration`: the wish that was made of it."""

    file = ForeignKeyField(WishFile, backref="rows", on_delete="CASCADE", index=False)
    seq = IntegerField()
    sheet = TextField(default="")
    number = IntegerField()
    state = TextField(default="unread")
    cells = JSONField(null=True)
    fixes = JSONField(null=True)
    reasons = JSONField(default=list)
    registration = ForeignKeyField(Registration, null=True)

    class Meta:
        table_name = "wish_row"
        indexes = ((("file", "seq"), True), (("file", "state", "seq"), False))

    @property
    def place(self) -> str:
        """Where it stands, to be said to people."""
        return rules.place(self.sheet, self.number)

    @classmethod
    def within(cls, path: str) -> "ModelSelect[WishRow]":
        """The rows of lists sent by the units at or below `path`."""
        return cls.select(cls).join(WishFile).join(Unit).where(Unit.below(path))

    @classmethod
    def in_states(
        cls, file_id: int, states: Sequence[str], after: int = 0
    ) -> "ModelSelect[WishRow]":
        """Rows in these states in the order of the file; after: the last of the page before."""
        return (
            cls.select()
            .where(cls.file == file_id, cls.state.in_(list(states)), cls.seq > after)
            .order_by(cls.seq)
        )
