"""The administrator's page of messages, sending again, and deleting what is old."""

from datetime import timedelta

import pytest

from app import audit, outbox
from app.audit import AuditEntry
from app.notices import rules
from app.notices.actions import send, sweep, take
from app.notices.models import Notice
from app.outbox import OutboxEvent
from tests import build
from tests.notices.conftest import NOON
from tests.notices.test_send import later


@pytest.fixture
def admin(given, client):
    """The client, signed in as an administrator of the nation."""
    nation = given.site.parent.parent
    return build.sign_in(client, build.user(nation, "national"))


def lost(given, **values):
    """The message of the dose, which did not arrive."""
    take()
    row = {"state": "failed", "last_error": "http_400", "attempts": 1} | values
    Notice.update(row).execute()
    return Notice.get()


def test_counts_by_day_and_what_was_lost_without_text_or_number(given, admin):
    lost(given)
    audit.record("refuse", "look_up", of="number")
    page = admin.open_page("/messages")
    today = [cell.text_content().strip() for cell in page.css("tbody tr")[0]]
    assert today == ["12/08/2021", "0", "0", "0", "1", "0", "1"]
    assert "http_400" in page.text and "•••678" in page.text
    assert "0912345678" not in page.text and given.dose.person.name not in page.text
    with later(days=1):
        page = admin.open_page("/messages")
    days = [[cell.text_content().strip() for cell in row] for row in page.css("tbody tr")[:2]]
    assert [day[4] for day in days] == ["0", "1"]
    assert AuditEntry.select().where(AuditEntry.noun == "notice").count() == 2


def test_who_is_no_administrator_sees_nothing(given, client):
    build.sign_in(client, build.user(given.site, "site_head")).open_page("/messages", status=403)
    assert "/messages" not in client.open_page("/sessions").text


def test_a_lost_message_is_sent_again_once(given, admin, gateway):
    row = lost(given)
    form = admin.open_page("/messages").form("again")
    form.submit(button=str(row.id))
    form.submit(button=str(row.id))
    assert Notice.get().state == "waiting"
    assert (send([gateway]), send([gateway])) == (1, 0)
    assert Notice.get().state == "sent" and gateway.calls == [row.reference]
    page = form.submit(button=str(row.id))
    assert send([gateway]) == 0 and "Tin nào cũng đến" in page.text


def test_what_left_is_never_sent_again(given, admin, gateway):
    row = lost(given)
    form = admin.open_page("/messages").form("again")
    Notice.update(state="delivered").execute()
    page = form.submit(button=str(row.id))
    assert page.status == 422 and "không gửi lại được" in page.text
    assert Notice.get().state == "delivered" and send([gateway]) == 0


@pytest.mark.parametrize("values", [
    {"last_error": "no_longer_so", "state": "given_up"},
    {"created_at": NOON - timedelta(days=4)},
])  # fmt: skip
def test_what_would_only_confuse_is_not_sent_again(given, admin, values):
    row = lost(given, **values)
    page = admin.open_page("/messages").form("again").submit(button=str(row.id))
    assert page.status == 422 and Notice.get().state != "waiting"


@pytest.mark.parametrize("error, same", [("undelivered", False), ("no_answer", True)])
def test_only_what_a_gateway_could_not_bring_has_a_new_reference(given, admin, error, same):
    row = lost(given, last_error=error)
    admin.open_page("/messages").form("again").submit(button=str(row.id))
    assert (Notice.get().reference == row.reference) == same


def test_old_messages_and_events_are_deleted(given):
    lost(given, state="delivered")
    for span, left in (
        (rules.KEEP_EVENTS, (1, 1)), (rules.KEEP_EVENTS + timedelta(minutes=1), (1, 0)),
        (rules.KEEP_MESSAGES, (1, 0)), (rules.KEEP_MESSAGES + timedelta(minutes=1), (0, 0)),
    ):  # fmt: skip
        with later(seconds=span.total_seconds()):
            sweep()
        assert (Notice.select().count(), OutboxEvent.select().count()) == left, span


def test_what_waits_stays_however_old(given):
    take()
    outbox.emit("dose.recorded", dose=given.dose.id)
    with later(days=500):
        assert sweep() == 1  # the event that is done
    assert (Notice.select().count(), OutboxEvent.select().count()) == (1, 1)


def test_a_little_at_a_time(given, monkeypatch):
    monkeypatch.setattr("app.notices.actions.sweeping.AT_ONCE", 2)
    for _ in range(4):
        outbox.emit("stock.changed", lot=1)
    take()
    with later(days=500):
        assert [sweep() for _ in range(4)] == [2, 2, 1, 0]
