"""Why a session does not take place."""

COLUMNS = {
    "off_reason": "check (off_reason in ('', 'no_vaccine', 'storm', 'no_staff', 'off_other')) "
    "check (off_reason = '' or closed_at is not null)",
    "off_note": "check (off_note = '' or off_reason <> '')",
}


def up(migrator, db):
    """Add the columns, as a model makes them: nothing was called off before."""
    for name, checks in COLUMNS.items():
        column = f"\"{name}\" TEXT NOT NULL default '' {checks.replace('check', 'CHECK')}"
        db.execute_sql(f"alter table vaccination_session add column {column}")


def down(migrator, db):
    """Drop them."""
    for name in reversed(COLUMNS):
        db.execute_sql(f"alter table vaccination_session drop column {name}")
