"""An index of the wishes that organisations sent by a list."""

from peewee import DateTimeField, IntegerField, Model, SmallIntegerField, TextField

NAME = "registration_organisation"


class Registration(Model):
    unit_id = IntegerField()
    state = TextField()
    relation = TextField()
    rank = SmallIntegerField()
    sent_at = DateTimeField(null=True)

    class Meta:
        legacy_table_names = False


def up(migrator, db):
    """Make it."""
    row = Registration
    with db.bind_ctx([row]):
        index = row.index(
            row.unit_id, row.state, row.rank, row.sent_at, row.id,
            where=row.relation == "organisation", name=NAME,
        )  # fmt: skip
        # As a model makes it: SQLite takes no parameter here.
        db.execute(row._schema._create_index(index))


def down(migrator, db):
    """Drop it."""
    db.execute_sql(f"drop index {NAME}")
