"""Every test runs on SQLite and on a real PostgreSQL, with a client that checks each page.

The tables are made from the models; test_migrations.py holds the migrations against them.
"""

import os
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import settings

from app import clock, create_app
from app.certificates import signing
from app.commands import ceremony
from app.config import Config
from app.db import db, is_postgres
from app.people.models import POSTGRES_ONLY
from app.schema import MODELS
from app.units.models import Area, AreaSuccessor, Level
from app.vaccines.models import ReferenceVersion
from tests.page_client import PageClient
from tests.postgres import NoPostgres, fresh_database, running_cluster

# The same examples in every run, and none fails because a machine is busy.
settings.register_profile("same", derandomize=True, deadline=None)
settings.load_profile("same")

# Loaded once for all tests and never changed by them.
REFERENCE = {Area, AreaSuccessor, Level, ReferenceVersion}


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A new database on a private PostgreSQL server, or on the one that TEST_POSTGRES names."""
    given = os.environ.get("TEST_POSTGRES")
    try:
        with (
            nullcontext(given) if given else running_cluster() as server,
            fresh_database(server) as url,
        ):
            yield url
    except NoPostgres as missing:
        pytest.fail(f"PostgreSQL was not tested: {missing}")


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def engine_app(request: pytest.FixtureRequest, tmp_path_factory) -> Iterator[Flask]:
    """The application on one database, with all tables and the reference data."""
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url")
    else:
        url = f"sqlite:///{tmp_path_factory.mktemp('db')}/test.db"
    settings = Config(url, "s" * 40, "d" * 40, "", False, 0, 20)
    app = create_app(settings)
    app.testing = True
    app.test_client_class = PageClient
    db.connect(reuse_if_open=True)
    _make_tables()
    yield app
    db.close()


def _make_tables() -> None:
    from app.units.actions import load_areas
    from app.vaccines.actions import load_reference

    db.create_tables(MODELS)
    if is_postgres():
        for statement in POSTGRES_ONLY:
            db.execute_sql(statement)
    load_areas()
    load_reference()


def _empty_tables() -> None:
    models = [model for model in MODELS if model not in REFERENCE]
    if is_postgres():
        names = ", ".join(f'"{model._meta.table_name}"' for model in models)
        db.execute_sql(f"truncate {names} restart identity cascade")
        return
    db.execute_sql("pragma foreign_keys = off")
    for model in models:
        model.delete().execute()
    db.execute_sql("pragma foreign_keys = on")


@pytest.fixture
def app(engine_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The application with empty tables, inside an application context."""
    # Whether new reference data were stored is asked by the clock: a statement that now and then
    # would be one more where statements are counted.
    monkeypatch.setattr("app.vaccines.models.LOOK_AGAIN", float("inf"))
    with engine_app.app_context():
        yield engine_app
    while db.in_transaction():
        db.rollback()
    _empty_tables()


@pytest.fixture
def client(app: Flask) -> PageClient:
    """A browser without JavaScript; see page_client.py."""
    return app.test_client()


@pytest.fixture(scope="session")
def keys_folder(tmp_path_factory) -> Path:
    """A folder of keys as `flask keys ceremony` makes it, valid from yesterday on."""
    folder: Path = tmp_path_factory.mktemp("keys")
    ceremony.begin(folder, clock.now() - timedelta(days=1))
    return folder


@pytest.fixture
def signers(app: Flask, keys_folder: Path, monkeypatch: pytest.MonkeyPatch) -> signing.Ring:
    """The application with keys that sign certificates and lists."""
    ring = signing.load(str(keys_folder))
    # By the same monkeypatch as tests that change the keys: what came first is put back last.
    monkeypatch.setitem(app.extensions, "signing", ring)
    return ring
