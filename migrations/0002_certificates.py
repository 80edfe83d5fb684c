"""The tables of certificates: confirmed, signed, issued, revoked; and whose signatures count."""

from peewee import (
    BooleanField,
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


class Person(Frozen):
    pass


class Dose(Frozen):
    pass


class Signer(Frozen):
    kid = TextField(index=True)
    digest = TextField(unique=True)
    country = TextField()
    certificate = TextField()
    usages = JSONField()
    not_before = DateTimeField()
    not_after = DateTimeField()
    own = BooleanField()
    source = TextField()
    added_at = DateTimeField()
    distrusted_at = DateTimeField(null=True)
    distrusted_why = TextField()


class LatinName(Frozen):
    person = ForeignKeyField(Person, on_delete="CASCADE")
    identity_seq = IntegerField()
    surname = TextField()
    given = TextField()
    surname_latin = TextField()
    given_latin = TextField()
    by = ForeignKeyField(User, index=False)
    at = DateTimeField()

    class Meta:
        indexes = ((("person", "identity_seq"), True),)


class SignedDay(Frozen):
    unit = ForeignKeyField(Unit, index=False)
    day = DateField()
    doses = IntegerField()
    digest = TextField()
    by = ForeignKeyField(User, index=False)
    at = DateTimeField()

    class Meta:
        indexes = ((("unit", "day"), False),)


class Confirmation(Frozen):
    dose = ForeignKeyField(Dose, index=False)
    dose_version = IntegerField()
    person = ForeignKeyField(Person)
    identity_seq = IntegerField()
    unit = ForeignKeyField(Unit, index=False)
    day = DateField()
    by = ForeignKeyField(User, index=False)
    at = DateTimeField()
    signed = ForeignKeyField(SignedDay, null=True)
    waits = BooleanField()

    class Meta:
        indexes = (
            (("dose", "dose_version", "identity_seq"), True),
            (("unit", "day"), False),
        )


Confirmation.add_index(
    Confirmation.index(Confirmation.person, where=Confirmation.waits, name="confirmation_waits")
)


class Certificate(Frozen):
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
    replaces = ForeignKeyField("self", null=True, index=False)
    current = BooleanField()
    revoked_at = DateTimeField(null=True)
    revoked_why = TextField()
    revoked_by = ForeignKeyField(User, null=True, backref="revoked", index=False)
    prints = IntegerField()


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


class BulkPrint(Frozen):
    unit = ForeignKeyField(Unit, index=False)
    what = TextField()
    which = TextField()
    layout = TextField()
    certificates = JSONField()
    total = IntegerField()
    printed = JSONField()
    done = IntegerField()
    by = ForeignKeyField(User)
    at = DateTimeField()
    ended_at = DateTimeField(null=True)


TABLES = [Signer, LatinName, SignedDay, Confirmation, Certificate, BulkPrint]


def up(migrator, db):
    """Make the tables with their indexes."""
    with db.bind_ctx([User, Unit, Person, Dose, *TABLES]):
        db.create_tables(TABLES)


def down(migrator, db):
    """Drop them."""
    with db.bind_ctx([User, Unit, Person, Dose, *TABLES]):
        db.drop_tables(TABLES)
