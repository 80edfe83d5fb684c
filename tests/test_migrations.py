"""The migrations make exactly the tables of the models, which refuse what must not be."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from peewee import AutoField, BigAutoField, Database, IntegrityError
from playhouse.schema_diff import diff_models

from app.cli import MIGRATIONS, Runner
from app.db import db, open_database
from app.people.models import POSTGRES_ONLY
from app.schema import MODELS
from tests.postgres import fresh_database

HOUSE = Path(__file__).parent.parent


@pytest.fixture(params=["sqlite", "postgres"])
def url(request, tmp_path) -> Iterator[str]:
    """The address of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    with fresh_database(request.getfixturevalue("postgres_url")) as address:
        yield address


@pytest.fixture
def empty(url) -> Iterator[Database]:
    """The empty database, which all models use for this test."""
    before = db.obj
    database = open_database(url)
    database.connect()
    try:
        yield database
    finally:
        database.close()
        if hasattr(database, "close_all"):
            database.close_all()
        db.initialize(before)


def up(database: Database) -> list[str]:
    return Runner(database, str(MIGRATIONS)).up()


def shape(database: Database) -> dict[str, object]:
    """Everything that the database itself says about its tables."""
    if "Sqlite" in type(database).__name__:
        found = database.execute_sql("select name, sql from sqlite_master where sql is not null")
        # Where a column was changed, peewee leaves a space.
        return {n: sql.replace(" ,", ",") for n, sql in found.fetchall() if "migration" not in n}
    columns = database.execute_sql(
        "select table_name, column_name, data_type, is_nullable, column_default, collation_name,"
        " numeric_precision, numeric_scale from information_schema.columns"
        " where table_schema = 'public'"
    ).fetchall()
    indexes = database.execute_sql(
        "select indexname, indexdef from pg_indexes where schemaname = 'public'"
    ).fetchall()
    checks = database.execute_sql(
        "select conname, conrelid::regclass::text, pg_get_constraintdef(oid) from pg_constraint"
        " where connamespace = 'public'::regnamespace"
    ).fetchall()
    found = {f"{row[0]}.{row[1]}": row[2:] for row in columns} | dict(indexes)
    found |= {f"{row[1]} {row[0]}": row[2] for row in checks}
    return {name: value for name, value in found.items() if "migration" not in name}


def make_from_models(database: Database) -> None:
    database.create_tables(MODELS)
    if "Sqlite" not in type(database).__name__:
        for statement in POSTGRES_ONLY:
            database.execute_sql(statement)


def _all() -> list[str]:
    return sorted(path.stem for path in Path(MIGRATIONS).glob("[0-9]*.py"))


def test_the_migrations_make_what_the_models_say(empty):
    assert up(empty) == _all()
    migrated = shape(empty)
    Runner(empty, str(MIGRATIONS)).down(_all()[0])
    make_from_models(empty)
    assert migrated == shape(empty)
    # Only what the models cannot say (POSTGRES_ONLY) is more than they say.
    unsaid = diff_models(empty, MODELS)
    assert not any(unsaid._replace(drop_indexes=[]))
    assert len(unsaid.drop_indexes) in (0, 3)


def test_up_and_down_and_up_again(empty):
    names = up(empty)
    assert up(empty) == []
    runner = Runner(empty, str(MIGRATIONS))
    assert runner.down(names[0]) == names[::-1]
    assert set(empty.get_tables()) == {"schema_migration"}
    assert up(empty) == names


def test_no_migration_knows_the_application():
    for path in Path(MIGRATIONS).glob("[0-9]*.py"):
        assert "import app" not in path.read_text() and "from app" not in path.read_text()


@pytest.fixture
def migrated(empty) -> Database:
    """A migrated database in which rows need no rows of other tables."""
    up(empty)
    if "Sqlite" in type(empty).__name__:
        empty.execute_sql("pragma foreign_keys = off")
    else:
        empty.execute_sql("set session_replication_role = replica")
    return empty


def add(table: str, **given: object) -> None:
    """A row with these values; the others are the model's own defaults, or anything that fits."""
    model = next(model for model in MODELS if model._meta.table_name == table)
    row = {}
    for field in model._meta.sorted_fields:
        if field.name in given:
            row[field] = given[field.name]
        elif not field.null and field.default is None and type(field) not in NUMBERED:
            row[field] = SAMPLES[field.field_type]
    model.insert(row).execute()


NUMBERED = (AutoField, BigAutoField)
SAMPLES = {
    "DATE": date(2021, 8, 10), "DATETIME": datetime(2021, 8, 10, 2), "TEXT": "x", "JSON": {},
    "JSONB": {}, "INT": 1, "BIGINT": 1, "SMALLINT": 1, "DECIMAL": 1, "BOOL": False,
    "BLOB": b"x",
}  # fmt: skip

# (table, column, what the CHECK refuses, what it allows)
CHECKS = [
    ("vaccination_session", "tables", 0, 1),
    ("vaccination_session", "tables", 100, 99),
    ("vaccination_session", "capacity", 0, 1),
    ("vaccination_session", "off_reason", "rain", ""),
    # Only what is closed was called off.
    ("vaccination_session", "off_reason", "storm", ""),
    ("vaccination_session", "off_note", "x", ""),
    ("holding", "balance", -1, 0),
    ("movement", "doses", 0, -1),
    ("session_lot", "taken", -1, 0),
    ("session_lot", "returned", -1, 0),
]


@pytest.mark.parametrize(("table", "column", "wrong", "right"), CHECKS)
def test_a_check_refuses(migrated, table, column, wrong, right):
    add(table, **{column: right})
    with pytest.raises(IntegrityError, match="(?i)check"):
        add(table, **{column: wrong, **other_keys(table)})


def other_keys(table: str) -> dict[str, object]:
    """Values that differ from the samples, so that no unique index is in the way."""
    others = {"holding": ("lot", "unit"), "session_lot": ("session", "holding")}
    return dict.fromkeys(others.get(table, ()), 2)


def test_every_check_is_tried(migrated):
    declared = {
        (model._meta.table_name, field.column_name)
        for model in MODELS
        for field in model._meta.sorted_fields
        for _check in field.constraints or ()
    }
    assert declared == {(table, column) for table, column, _wrong, _right in CHECKS}


def unique() -> Iterator[tuple[str, list[str]]]:
    """(table, columns that may not be alike together) of all unique indexes without a condition."""
    for model in MODELS:
        meta = model._meta
        if meta.primary_key.name != "id":
            yield meta.table_name, [meta.primary_key.name]
        for index in meta.fields_to_index():
            if index._unique and index._where is None:
                yield meta.table_name, [field.name for field in index._expressions]


@pytest.mark.parametrize(
    ("table", "columns"), [pytest.param(*one, id="-".join([one[0], *one[1]])) for one in unique()]
)
def test_a_unique_index_refuses_the_second_row(migrated, table, columns):
    model = next(model for model in MODELS if model._meta.table_name == table)
    others = {  # all that differs, where another unique index would refuse too
        name: 2 if SAMPLES[field.field_type] == 1 else "y"
        for name, field in model._meta.fields.items()
        if name not in columns and field.field_type in ("INT", "TEXT")
        and not field.null and type(field) not in NUMBERED
    }  # fmt: skip
    same = {name: SAMPLES[model._meta.fields[name].field_type] for name in columns}
    add(table, **same)
    with pytest.raises(IntegrityError, match="(?i)unique"):
        add(table, **same, **others)
    if len(columns) > 1:
        last = same[columns[-1]]
        other = last + timedelta(1) if isinstance(last, date) else 2 if last == 1 else "y"
        add(table, **others, **same | {columns[-1]: other})


def test_an_active_number_belongs_to_one_person(migrated):
    add("document", number="1", kind="CCCD", person=1, active=True)
    add("document", number="1", kind="CCCD", person=2, active=False)
    add("document", number="1", kind="CCCD", person=3, active=False)
    add("document", number="1", kind="PASSPORT", country="VN", person=4, active=True)
    add("document", number="1", kind="PASSPORT", country="LA", person=5, active=True)
    with pytest.raises(IntegrityError, match="(?i)unique"):
        add("document", number="1", kind="CCCD", person=6, active=True)


def test_one_upload_of_a_file_is_open(migrated):
    ended = datetime(2021, 8, 10, 3)
    add("upload", ended_at=ended)
    add("upload", ended_at=ended)
    add("upload", ended_at=None)
    with pytest.raises(IntegrityError, match="(?i)unique"):
        add("upload", ended_at=None)


def test_one_list_of_past_doses_of_a_file_is_open(migrated):
    ended = datetime(2021, 8, 10, 3)
    add("past_file", ended_at=ended)
    add("past_file", ended_at=ended)
    add("past_file", ended_at=None)
    with pytest.raises(IntegrityError, match="(?i)unique"):
        add("past_file", ended_at=None)


def test_one_list_of_an_organisation_is_open(migrated):
    ended = datetime(2021, 8, 10, 3)
    add("wish_file", ended_at=ended)
    add("wish_file", ended_at=ended)
    add("wish_file", ended_at=None)
    with pytest.raises(IntegrityError, match="(?i)unique"):
        add("wish_file", ended_at=None)


def test_one_dose_of_a_visit_stands(migrated):
    voided = datetime(2021, 8, 10, 3)
    add("dose", visit=1, voided_at=voided)
    add("dose", visit=1, voided_at=voided)
    add("dose", visit=1)
    add("dose", visit=None)
    add("dose", visit=None)
    with pytest.raises(IntegrityError, match="(?i)unique"):
        add("dose", visit=1)


def test_one_request_for_a_dose_is_open(migrated):
    decided = datetime(2021, 8, 10, 3)
    add("amendment", dose=1, person=1, decided_at=decided)
    add("amendment", dose=1, person=1)
    add("amendment", dose=None, person=1)
    add("amendment", dose=None, person=1)
    with pytest.raises(IntegrityError, match="(?i)unique"):
        add("amendment", dose=1, person=2)


def test_one_late_entry_of_a_person_into_a_session_is_open(migrated):
    add("amendment", session=1, person=1, decided_at=datetime(2021, 8, 10, 3))
    add("amendment", session=1, person=1)
    add("amendment", session=1, person=2)
    with pytest.raises(IntegrityError, match="(?i)unique"):
        add("amendment", session=1, person=1)


def test_a_row_needs_the_row_it_points_to(empty):
    up(empty)
    with pytest.raises(IntegrityError, match="(?i)foreign key"):
        add("care", person=1, unit=1)


def test_names_and_numbers_are_found_by_index(migrated):
    """PostgreSQL: words anywhere in a name by trigrams, the last digits of a number backwards."""
    if "Sqlite" in type(migrated).__name__:
        pytest.skip("PostgreSQL only")
    migrated.execute_sql("set enable_seqscan = off")
    for query, index in (
        ("select id from person where folded like '% an%'", "person_folded"),
        ("select id from person where sound like '% an%'", "person_sound"),
        ("select id from document where reverse(number) like '321%'", "document_ending"),
    ):
        plan = migrated.execute_sql(f"explain {query}".replace("%", "%%")).fetchall()
        assert index in str(plan)


def test_counts_of_tries_are_not_logged(migrated):
    """PostgreSQL: each try of a stranger is written, and may be lost."""
    if "Sqlite" in type(migrated).__name__:
        pytest.skip("PostgreSQL only")
    found = migrated.execute_sql("select relpersistence from pg_class where relname = %s",
                                 ("look_up_count",)).fetchone()  # fmt: skip
    assert found == ("u",)


def test_three_at_once_migrate_once(url, tmp_path):
    """Three machines are rolled out at one moment: one migrates, the others wait."""
    settings = {"DATABASE_URL": url, "SECRET_KEY": "s" * 40, "DATA_KEY": "d" * 40}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "migrate"]
    runs = [
        subprocess.Popen(command, cwd=HOUSE, env={**os.environ, **settings}, text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(3)
    ]  # fmt: skip
    told = [run.communicate(timeout=120) for run in runs]
    assert [run.returncode for run in runs] == [0, 0, 0], told
    lines = [line for out, _errors in told for line in out.splitlines()]
    assert lines == [f"migrated: {name}" for name in _all()]


def test_the_command_tells_what_is_pending(url):
    settings = {"DATABASE_URL": url, "SECRET_KEY": "s" * 40, "DATA_KEY": "d" * 40}

    def flask(*words: str) -> str:
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "migrate", *words]
        run = subprocess.run(command, cwd=HOUSE, env={**os.environ, **settings}, text=True,
                             capture_output=True, timeout=120, check=True)  # fmt: skip
        return run.stdout

    assert f"{_all()[-1]}: pending" in flask("--status")
    flask()
    assert "pending" not in flask("--status")
    assert flask("--down") == f"undone: {_all()[-1]}\n"
    assert f"{_all()[-1]}: pending" in flask("--status")
