"""The wishes to be vaccinated."""

from peewee import (
    DateField,
    DateTimeField,
    ForeignKeyField,
    JSONField,
    Model,
    SmallIntegerField,
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


class Person(Frozen):
    pass


class ReferenceVersion(Frozen):
    pass


class Registration(Frozen):
    code = TextField(unique=True)
    state = TextField()
    name = TextField()
    folded = TextField()
    sex = TextField()
    dob_year = SmallIntegerField()
    dob_month = SmallIntegerField(null=True)
    dob_day = SmallIntegerField(null=True)
    nationality = TextField()
    phone = TextField(index=True)
    kind = TextField()
    number = TextField()
    bhyt = TextField()
    area_scheme = TextField()
    area_code = TextField()
    address = TextField()
    relation = TextField()
    by_name = TextField()
    by_phone = TextField()
    occupation = TextField()
    workplace = TextField()
    priority_group = TextField()
    rank = SmallIntegerField()
    wished_on = DateField(null=True)
    half_day = TextField()
    last_dose = JSONField()
    history = JSONField()
    consent = ForeignKeyField(ReferenceVersion, null=True, index=False)
    consent_by = TextField()
    consent_at = DateTimeField(null=True)
    unit = ForeignKeyField(Unit, index=False)
    site = ForeignKeyField(Unit, null=True, index=False, backref="allocated")
    person = ForeignKeyField(Person, null=True)
    twin = ForeignKeyField("self", null=True, index=False)
    reason = TextField()
    decided_by = ForeignKeyField(User, null=True, index=False)
    decided_at = DateTimeField(null=True)
    created_at = DateTimeField()
    sent_at = DateTimeField(null=True)

    class Meta:
        indexes = (
            (("unit", "state", "rank", "sent_at", "id"), False),
            (("site", "state", "rank", "sent_at", "id"), False),
        )


Registration.add_index(
    Registration.index(
        Registration.number, where=Registration.number != "", name="registration_number"
    )
)

TABLES = [Registration]


def up(migrator, db):
    """Make the table with its indexes."""
    with db.bind_ctx([User, Unit, Person, ReferenceVersion, *TABLES]):
        db.create_tables(TABLES)


def down(migrator, db):
    """Drop it."""
    with db.bind_ctx([User, Unit, Person, ReferenceVersion, *TABLES]):
        db.drop_tables(TABLES)
