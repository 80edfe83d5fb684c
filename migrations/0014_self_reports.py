"""What people tell of reactions to their dose."""

from peewee import BooleanField, DateTimeField, ForeignKeyField, JSONField, Model, TextField


class Frozen(Model):
    class Meta:
        legacy_table_names = False


# Tables that are there already; only what is pointed to is named.
class User(Frozen):
    class Meta:
        table_name = "account"


class Unit(Frozen):
    pass


class Dose(Frozen):
    pass


class SelfReport(Frozen):
    dose = ForeignKeyField(Dose)
    unit = ForeignKeyField(Unit, index=False)
    channel = TextField()
    phone = TextField()
    signs = JSONField()
    serious = BooleanField()
    note = TextField()
    sure = BooleanField()
    told_at = DateTimeField()
    seen_at = DateTimeField(null=True)
    seen_by = ForeignKeyField(User, null=True, index=False)

    class Meta:
        table_name = "self_report"
        indexes = ((("unit", "told_at"), False),)


SelfReport.add_index(
    SelfReport.index(SelfReport.unit, where=SelfReport.seen_at.is_null(), name="self_report_unseen")
)


def up(migrator, db):
    """Make the table with its indexes."""
    with db.bind_ctx([User, Unit, Dose, SelfReport]):
        db.create_tables([SelfReport])


def down(migrator, db):
    """Drop it."""
    with db.bind_ctx([User, Unit, Dose, SelfReport]):
        db.drop_tables([SelfReport])
