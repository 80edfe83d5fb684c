"""An index of the messages to one telephone, for those who answer one."""

from peewee import BigAutoField, Model, TextField


class Notice(Model):
    id = BigAutoField()
    phone = TextField()

    class Meta:
        legacy_table_names = False


INDEX = Notice.index(Notice.phone, Notice.id, name="notice_phone_id")


def up(migrator, db):
    """Make it."""
    with db.bind_ctx([Notice]):
        db.execute(INDEX)


def down(migrator, db):
    """Drop it."""
    db.execute_sql("drop index notice_phone_id")
