"""What was counted of each day, for the public figures."""

from peewee import DateField, DateTimeField, ForeignKeyField, IntegerField, Model


class Frozen(Model):
    class Meta:
        legacy_table_names = False


class Unit(Frozen):
    pass


class DayCount(Frozen):
    unit = ForeignKeyField(Unit, index=False)
    day = DateField(index=True)
    doses = IntegerField()
    first = IntegerField()
    sites = IntegerField()
    wishes = IntegerField()
    counted_at = DateTimeField()

    class Meta:
        table_name = "day_count"
        indexes = ((("unit", "day"), True),)


def up(migrator, db):
    """Make the table with its indexes."""
    with db.bind_ctx([Unit, DayCount]):
        db.create_tables([DayCount])


def down(migrator, db):
    """Drop it."""
    with db.bind_ctx([Unit, DayCount]):
        db.drop_tables([DayCount])
