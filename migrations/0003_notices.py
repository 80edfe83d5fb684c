"""Messages to people, and an index of the events that wait in the outbox."""

from peewee import (
    BigAutoField,
    BigIntegerField,
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
class Person(Frozen):
    pass


class Unit(Frozen):
    pass


class OutboxEvent(Frozen):
    id = BigAutoField()
    done_at = DateTimeField(null=True)

    class Meta:
        table_name = "outbox"


class Notice(Frozen):
    id = BigAutoField()
    event = BigIntegerField()
    kind = TextField()
    person = ForeignKeyField(Person, on_delete="CASCADE")
    unit = ForeignKeyField(Unit, index=False)
    phone = TextField()
    lang = TextField()
    about = JSONField()
    state = TextField()
    attempts = SmallIntegerField()
    refusals = SmallIntegerField()
    next_try_at = DateTimeField()
    gateway = TextField()
    reference = TextField(unique=True)
    gateway_id = TextField()
    last_error = TextField()
    created_at = DateTimeField()
    sent_at = DateTimeField(null=True)
    delivered_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("event", "kind"), True), (("unit", "created_at"), False))


Notice.add_index(
    Notice.index(Notice.next_try_at, where=Notice.state == "waiting", name="notice_waiting")
)
WAITING = OutboxEvent.index(
    OutboxEvent.id, where=OutboxEvent.done_at.is_null(), name="outbox_waiting"
)


def up(migrator, db):
    """Make the table and both indexes."""
    with db.bind_ctx([Person, Unit, OutboxEvent, Notice]):
        db.create_tables([Notice])
        db.execute(WAITING)


def down(migrator, db):
    """Drop them."""
    with db.bind_ctx([Person, Unit, OutboxEvent, Notice]):
        db.drop_tables([Notice])
        db.execute_sql("drop index outbox_waiting")
