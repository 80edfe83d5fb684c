"""The tables of corrections: tickets and what was done with each."""

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


class Amendment(Frozen):
    pass


class Ticket(Frozen):
    code = TextField(unique=True)
    kind = TextField()
    half = TextField()
    channel = TextField()
    state = TextField()
    unit = ForeignKeyField(Unit)
    person = ForeignKeyField(Person, null=True)
    dose = ForeignKeyField(Dose, null=True, index=False)
    proven = BooleanField()
    claim = JSONField()
    phone = TextField(index=True)
    asked_at = DateTimeField()
    noted_by = ForeignKeyField(User, null=True, index=False)
    due_answer = DateField()
    due_settle = DateField()
    answered_at = DateTimeField(null=True)
    ended_at = DateTimeField(null=True)
    amendment = ForeignKeyField(Amendment, null=True, index=False)
    version = IntegerField()

    class Meta:
        indexes = ((("unit", "ended_at"), False),)


class TicketEvent(Frozen):
    ticket = ForeignKeyField(Ticket)
    act = TextField()
    at = DateTimeField()
    by = ForeignKeyField(User, null=True, index=False)
    text = TextField()
    before = IntegerField(null=True)
    after = IntegerField(null=True)

    class Meta:
        table_name = "ticket_event"


TABLES = [Ticket, TicketEvent]


def up(migrator, db):
    """Make the tables with their indexes."""
    with db.bind_ctx([User, Unit, Person, Dose, Amendment, *TABLES]):
        db.create_tables(TABLES)


def down(migrator, db):
    """Drop them."""
    with db.bind_ctx([User, Unit, Person, Dose, Amendment, *TABLES]):
        db.drop_tables(TABLES)
