"""The table of evidence: sealed photos for open tickets."""

from peewee import BlobField, DateTimeField, ForeignKeyField, IntegerField, Model


class Frozen(Model):
    class Meta:
        legacy_table_names = False


class Ticket(Frozen):
    pass


class Evidence(Frozen):
    ticket = ForeignKeyField(Ticket, index=False)
    number = IntegerField()
    at = DateTimeField()
    sealed = BlobField()

    class Meta:
        indexes = ((("ticket", "number"), True),)


def up(migrator, db):
    """Make the table with its index."""
    with db.bind_ctx([Ticket, Evidence]):
        db.create_tables([Evidence])


def down(migrator, db):
    """Drop it."""
    with db.bind_ctx([Ticket, Evidence]):
        db.drop_tables([Evidence])
