"""Indexes of the wishes by commune and by the day that is wished."""

from peewee import DateField, IntegerField, Model, TextField


class Registration(Model):
    unit_id = IntegerField()
    state = TextField()
    area_scheme = TextField()
    area_code = TextField()
    wished_on = DateField(null=True)

    class Meta:
        legacy_table_names = False


COLUMNS = {
    "registration_area": ("unit_id", "state", "area_scheme", "area_code"),
    "registration_wished_on": ("unit_id", "state", "wished_on"),
}


def up(migrator, db):
    """Make them."""
    with db.bind_ctx([Registration]):
        for name, columns in COLUMNS.items():
            fields = (getattr(Registration, column) for column in columns)
            db.execute(Registration.index(*fields, name=name))


def down(migrator, db):
    """Drop them."""
    for name in COLUMNS:
        db.execute_sql(f"drop index {name}")
