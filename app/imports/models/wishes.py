"""Lists by which organisations register their people."""

from peewee import DateField, DateTimeField, ForeignKeyField, IntegerField, JSONField, TextField

from app.accounts.models import User
from app.db import BaseModel
from app.imports.models.sent import SentFile, SentRow, open_once
from app.registrations.models import Registration
from app.units.models import Unit


class WishFile(BaseModel, SentFile):
    """A list by which an organisation registers its people (đăng ký theo tổ chức). `columns`,
    `digest`: as in Upload; `state`: one of rules.UPLOAD_STATES; the rest: see kinds.wishes."""

    NOUN = "wish_file"
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


open_once(WishFile, WishFile.unit)


class WishRow(BaseModel, SentRow):
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
