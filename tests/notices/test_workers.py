"""Three real workers, two of them killed: each message leaves once."""

import pytest

from app import create_app
from app.config import load
from app.db import db
from bench import send
from bench.load import environment
from bench.seed import make_tables
from tests.postgres import fresh_database

# So many that all three are at work when the first two are killed.
MESSAGES = {"sqlite": 300, "postgresql": 1200}


@pytest.fixture(params=["sqlite", "postgres"])
def url(request, tmp_path):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/queue.db"
        return
    with fresh_database(request.getfixturevalue("postgres_url")) as address:
        yield address


def test_each_message_leaves_once(url, tmp_path):
    before, env, messages = db.obj, environment(url), MESSAGES[url.partition(":")[0]]
    app = create_app(load(env))
    with app.app_context(), db.connection_context():
        make_tables()
        send.fill(messages)
        told = send.run(env, messages, tmp_path / "out")
    if hasattr(db.obj, "close_all"):
        db.close_all()
    db.initialize(before)
    assert told["wrong"] == [] and told["killed"] == 2, told
