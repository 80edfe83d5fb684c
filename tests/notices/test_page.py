"""The administrator's page of messages, sending again, and deleting what is old."""

from datetime import timedelta

import pytest

from app import outbox
from app.audit import AuditEntry
from app.notices import gateways, rules
from app.notices.actions import send, sweep, take
from app.notices.actions.sending import TEXTS
from app.notices.models import Notice
from app.outbox import OutboxEvent
from app.verification import rules as verification
from app.verification.models import Tally
from app.words import word
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
    page = admin.open_page("/messages")
    today = [cell.text_content().strip() for cell in page.css("tbody tr")[0]]
    assert today == ["12/08/2021", "0", "0", "0", "1", "0"]
    assert "http_400" in page.text and "•••678" in page.text
    assert "0912345678" not in page.text and given.dose.person.name not in page.text
    with later(days=1):
        page = admin.open_page("/messages")
    days = [[cell.text_content().strip() for cell in row] for row in page.css("tbody tr")[:2]]
    assert [day[4] for day in days] == ["0", "1"]
    assert AuditEntry.select().where(AuditEntry.noun == "notice").count() == 2


def told(page, caption) -> dict[str, list[str]]:
    """The rows of the table with this caption: kind → the numbers, today's first."""
    for table in page.css("table"):
        if table.findtext("caption") == caption:
            cells = [[cell.text_content().strip() for cell in row] for row in table.iter("tr")]
            return {kind: numbers for kind, *numbers in cells[1:]}
    return {}


def test_what_left_came_in_and_was_limited_is_counted_by_day(given, admin, gateway):
    take()
    Tally.note("limit", "number")
    for kind in ("forged", "forged", "look_up"):
        Tally.note("inbound", kind)
    with later(minutes=16):
        send([gateway])
    with later(days=1):
        Tally.note("inbound", "forged")
        page = admin.open_page("/messages")
    assert told(page, "Tin đã đi, theo loại") == {"Báo mũi tiêm": list("0100000")}
    inbound = told(page, "Tin người dân gửi đến")
    assert inbound == {"Sai chữ ký": list("1200000"), "TC: tra cứu": list("0100000")}
    assert next(iter(inbound)) == "Sai chữ ký", "what happened most is not the first"
    assert told(page, "Lần chạm giới hạn") == {"Tra cứu: một số": list("0100000")}
    with later(days=8):
        assert not told(admin.open_page("/messages"), "Tin người dân gửi đến")


def test_what_did_not_leave_costs_nothing(given, gateway):
    gateway.fails = gateways.Refused("http_503")
    take()
    with later(minutes=16):
        send([gateway])
    assert gateway.calls and not Tally.select().exists()


def test_whatever_is_counted_has_a_word():
    limits = {one.of for those in vars(verification).values() if isinstance(those, tuple)
              for one in those if isinstance(one, verification.Limit)}  # fmt: skip
    assert len(limits) > 15
    kinds = {"look_up", "wrong", "decline", "ill", "help", "over", "repeated", "forged", "strange"}
    assert {what for what, _lang in rules.COMMANDS.values()} < kinds
    for what, those in (("left", TEXTS), ("inbound", kinds), ("limit", limits)):
        for kind in those:
            assert word(f"{what}_{kind}")


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
