"""Appointments of people who are called because a dose is due, without a wish."""

from peewee import ForeignKeyField, Model, TextField
from playhouse.migrate import migrate


class Frozen(Model):
    class Meta:
        legacy_table_names = False


class Person(Frozen):
    pass


class Registration(Frozen):
    pass


class Appointment(Frozen):
    registration = ForeignKeyField(Registration, null=True)
    person = ForeignKeyField(Person, index=False)
    ended = TextField(default="")


INDEX = Appointment.index(
    Appointment.person,
    where=Appointment.registration.is_null() & (Appointment.ended == ""),
    name="appointment_due",
)


def up(migrator, db):
    """Let the wish be missing."""
    migrate(migrator.drop_not_null("appointment", "registration_id"))
    with db.bind_ctx([Registration, Person, Appointment]):
        # As a model makes it: SQLite takes no parameter here.
        db.execute(Appointment._schema._create_index(INDEX))


def down(migrator, db):
    """Those without a wish go."""
    db.execute_sql("drop index appointment_due")
    db.execute_sql('delete from "appointment" where registration_id is null')
    migrate(migrator.add_not_null("appointment", "registration_id"))
