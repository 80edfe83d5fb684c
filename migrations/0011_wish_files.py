"""The lists by which organisations register their people."""

from peewee import (
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    JSONField,
    Model,
    TextField,
)


class Frozen(Model):
    class Meta:
        legacy_table_names = False


# Tables that are there already; only what is pointed to is named.
class User(Frozen):
    class Meta:
        table_name = "account"


class Unit(Frozen):
    pass


class Registration(Frozen):
    pass


class WishFile(Frozen):
    unit = ForeignKeyField(Unit)
    digest = TextField()
    state = TextField()
    columns = JSONField()
    name = TextField()
    contact = TextField()
    phone = TextField()
    address = TextField()
    area_scheme = TextField()
    area_code = TextField()
    priority_group = TextField()
    wished_on = DateField()
    half_day = TextField()
    by = ForeignKeyField(User)
    at = DateTimeField(index=True)
    ended_at = DateTimeField(null=True)


WishFile.add_index(
    WishFile.index(
        WishFile.unit, WishFile.digest,
        unique=True, where=WishFile.ended_at.is_null(), name="wish_file_open",
    )
)  # fmt: skip


class WishRow(Frozen):
    file = ForeignKeyField(WishFile, on_delete="CASCADE", index=False)
    seq = IntegerField()
    sheet = TextField()
    number = IntegerField()
    state = TextField()
    cells = JSONField(null=True)
    fixes = JSONField(null=True)
    reasons = JSONField()
    registration = ForeignKeyField(Registration, null=True)

    class Meta:
        indexes = ((("file", "seq"), True), (("file", "state", "seq"), False))


TABLES = [WishFile, WishRow]


def up(migrator, db):
    """Make the tables with their indexes."""
    with db.bind_ctx([User, Unit, Registration, *TABLES]):
        db.create_tables(TABLES)


def down(migrator, db):
    """Drop them."""
    with db.bind_ctx([User, Unit, Registration, *TABLES]):
        db.drop_tables(TABLES)
