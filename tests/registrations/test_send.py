"""Two drafts of one person, sent at the same moment."""

import threading

import psycopg
import pytest

from app.db import db, is_postgres
from app.registrations import actions, rules
from app.registrations.models import Registration
from app.words import Refused
from tests import build
from tests.registrations.test_queue import wish

DRAFT = {"state": "draft", "sent_at": None, "occupation": "Nông dân", "folded": "nguyen thi a",
         "history": dict.fromkeys(rules.ITEMS, "no")}  # fmt: skip
WAITS = "select 1 from pg_stat_activity where wait_event_type = 'Lock' and pid <> pg_backend_pid()"


def test_only_the_first_becomes_a_wish(app, postgres_url):
    if not is_postgres():
        pytest.skip("SQLite has one writer")
    province = build.country()[1]
    first, second = wish(province, **DRAFT), wish(province, **DRAFT)
    refused: list[str] = []

    def send() -> None:
        with app.app_context():
            try:
                actions.send(second.id, "Nguyễn Thị A")
            except Refused as no:
                refused.append(no.reasons[0][1])
            finally:
                db.close()

    other = threading.Thread(target=send)
    with psycopg.connect(postgres_url, autocommit=True) as watch, db.atomic():
        actions.send(first.id, "Nguyễn Thị A")
        other.start()
        while other.is_alive() and not watch.execute(WAITS).fetchone():
            pass
    other.join()
    assert refused == ["wish_already"]
    states = [Registration.get_by_id(row.id).state for row in (first, second)]
    assert states == ["sent", "draft"]
