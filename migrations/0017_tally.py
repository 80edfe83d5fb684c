"""How often something happened on each day; and the counts of tries, which a crash may lose, are
not logged."""

from peewee import BigAutoField, DateField, IntegerField, Model, PostgresqlDatabase, TextField


class Tally(Model):
    id = BigAutoField()
    what = TextField()
    kind = TextField()
    day = DateField()
    times = IntegerField()

    class Meta:
        legacy_table_names = False
        indexes = ((("what", "kind", "day"), True),)


def up(migrator, db):
    """Make the table."""
    with db.bind_ctx([Tally]):
        db.create_tables([Tally])
    if isinstance(db, PostgresqlDatabase):
        db.execute_sql("alter table look_up_count set unlogged")


def down(migrator, db):
    """Drop it."""
    with db.bind_ctx([Tally]):
        db.drop_tables([Tally])
    if isinstance(db, PostgresqlDatabase):
        db.execute_sql("alter table look_up_count set logged")
