"""Doses received, for the public figures."""

from peewee import DateTimeField, IntegerField, Model, TextField
from playhouse.migrate import migrate


class Movement(Model):
    kind = TextField()
    at = DateTimeField()

    class Meta:
        legacy_table_names = False


INDEX = Movement.index(
    Movement.at, where=Movement.kind.in_(["receipt", "return"]), name="movement_received"
)


def up(migrator, db):
    """Make the column and the index."""
    migrate(migrator.add_column("day_count", "received", IntegerField(default=0)))
    with db.bind_ctx([Movement]):
        # As a model makes it: SQLite takes no parameter here.
        db.execute(Movement._schema._create_index(INDEX))


def down(migrator, db):
    """Drop them."""
    db.execute_sql("drop index movement_received")
    migrate(migrator.drop_column("day_count", "received"))
