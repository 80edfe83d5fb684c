"""The hours for which people were called to a session."""

from peewee import DateField, ForeignKeyField, Model, TextField, TimeField


class Frozen(Model):
    class Meta:
        legacy_table_names = False


# Tables that are there already; only what is pointed to is named.
class Registration(Frozen):
    pass


class VaccinationSession(Frozen):
    class Meta:
        table_name = "vaccination_session"


class Person(Frozen):
    pass


class Appointment(Frozen):
    registration = ForeignKeyField(Registration, backref="appointments")
    session = ForeignKeyField(VaccinationSession, index=False, on_delete="CASCADE")
    person = ForeignKeyField(Person, index=False)
    hour = TimeField()
    ended = TextField()
    reminded_for = DateField(null=True)

    class Meta:
        indexes = ((("session", "person"), False),)


Appointment.add_index(
    Appointment.index(
        Appointment.registration, unique=True, where=Appointment.ended == "",
        name="appointment_standing",
    )
)  # fmt: skip

TABLES = [Appointment]


def up(migrator, db):
    """Make the table with its indexes."""
    with db.bind_ctx([Registration, VaccinationSession, Person, *TABLES]):
        db.create_tables(TABLES)


def down(migrator, db):
    """Drop it."""
    with db.bind_ctx([Registration, VaccinationSession, Person, *TABLES]):
        db.drop_tables(TABLES)
