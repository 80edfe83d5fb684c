"""Telephones proven by a code; messages to people who are not in the register yet."""

from peewee import (
    SQL,
    BigAutoField,
    DateTimeField,
    ForeignKeyField,
    Model,
    TextField,
)
from playhouse.migrate import migrate


class Frozen(Model):
    class Meta:
        legacy_table_names = False


# Tables that are there already; only what is pointed to is named.
class Registration(Frozen):
    pass


class Notice(Frozen):
    id = BigAutoField()
    kind = TextField()
    state = TextField()
    next_try_at = DateTimeField()


class PhoneProof(Frozen):
    registration = ForeignKeyField(Registration, unique=True)
    asked_at = DateTimeField()
    proven_at = DateTimeField(null=True)


URGENT = Notice.index(
    Notice.next_try_at,
    where=SQL("state = 'waiting' and kind = 'phone_code'"),
    name="notice_urgent",
)


def up(migrator, db):
    """Make the table and the index."""
    migrate(migrator.drop_not_null("notice", "person_id"))
    with db.bind_ctx([Registration, Notice, PhoneProof]):
        db.create_tables([PhoneProof])
        db.execute(URGENT)


def down(migrator, db):
    """Drop them."""
    with db.bind_ctx([Registration, Notice, PhoneProof]):
        db.execute_sql("delete from notice where person_id is null")
        db.drop_tables([PhoneProof])
        db.execute_sql("drop index notice_urgent")
    migrate(migrator.add_not_null("notice", "person_id"))
