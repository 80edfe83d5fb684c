"""An index for the administrator's page of messages, and for deleting old ones."""

from peewee import BigAutoField, DateTimeField, Model, TextField


class Notice(Model):
    id = BigAutoField()
    state = TextField()
    created_at = DateTimeField()

    class Meta:
        legacy_table_names = False


DAYS = Notice.index(Notice.created_at, Notice.state, name="notice_created_at_state")


def up(migrator, db):
    """Make it."""
    with db.bind_ctx([Notice]):
        db.execute(DAYS)


def down(migrator, db):
    """Drop it."""
    db.execute_sql("drop index notice_created_at_state")
