"""From a dose to the telephone: once, or with the reason why not."""

from datetime import datetime, timedelta

import pytest

from app import clock, outbox
from app.notices import gateways, rules
from app.notices.actions import delivered, send, take
from app.notices.models import Notice
from app.outbox import OutboxEvent
from app.visits.models import Dose
from tests import build
from tests.notices.conftest import NOON, Gateway


def later(**span):
    return clock.frozen(clock.local(clock.now()).replace(tzinfo=None) + timedelta(**span))


def test_a_dose_is_told_once(given, gateway):
    take()
    assert send([gateway]) == 0, "a dose that may still be undone was told of"
    with later(minutes=16):
        assert (send([gateway]), send([gateway]), take()) == (1, 0, 0)
    ((phone, text),) = gateway.sent.values()
    assert phone == "0912345678"
    assert text == (
        f"So Tiem: {rules.plain(given.dose.person.masked)} da tiem mui 1 vac xin Comirnaty "
        "ngay 12/08/2021. Mui sau tu 02/09/2021. Neu khong dung, nhan SAI. Bi phan ung, nhan PU."
    )
    row = Notice.get()
    assert (row.state, row.gateway, row.gateway_id) == ("sent", "first", f"id-{row.reference}")
    assert row.about == {"dose": given.dose.id} and row.event == OutboxEvent.get().id


def test_an_event_that_is_taken_again_makes_no_second_message(given):
    take()
    OutboxEvent.update(done_at=None).execute()
    assert take() == 1
    assert Notice.select().count() == 1


def test_events_that_are_told_to_nobody_are_done_too(given):
    outbox.emit("stock.changed", lot=1)
    outbox.emit("dose.recorded", dose=999_999)
    take()
    assert OutboxEvent.select().where(OutboxEvent.done_at.is_null()).count() == 0
    assert Notice.select().count() == 1


@pytest.mark.parametrize("person", [
    {"phone": None}, {"phone": "02438251234"}, {"source": "late"}, {"source": "elsewhere"},
    {"given_at": NOON - timedelta(days=4)}, {"deceased_on": NOON.date()},
])  # fmt: skip
def test_who_gets_none(given, person):
    take()
    given.record(**person)
    assert take() == 1
    assert Notice.select().count() == 1


def test_a_childs_dose_is_told_to_the_guardian(given):
    child = given.record(dob_year=2009, guardian_phone="0987654321", guardian_name="NGUYỄN THỊ B")
    grown = given.record(dob_year=1990, guardian_phone="0987654321")
    take()
    assert Notice.get(Notice.person == child.person_id).phone == "0987654321"
    assert Notice.get(Notice.person == grown.person_id).phone == "0912345678"


def test_foreigners_are_written_to_in_english(given, gateway):
    given.record(nationality="KR")
    take()
    with later(minutes=16):
        send([gateway])
    assert sum("received dose 1" in text for _phone, text in gateway.sent.values()) == 1


def test_an_undone_dose_is_told_to_nobody(given, gateway):
    take()
    Dose.update(voided_at=clock.now()).execute()
    with later(minutes=16):
        send([gateway])
    assert gateway.calls == []
    assert (Notice.get().state, Notice.get().last_error) == ("given_up", "no_longer_so")


def test_it_waits_for_the_morning(given, gateway):
    with clock.frozen(datetime(2021, 8, 12, 20, 50)):
        given.record()
        take()
    for hour, minute in ((21, 5), (23, 59)):
        with clock.frozen(datetime(2021, 8, 12, hour, minute)):
            assert send([gateway]) == 0
    with clock.frozen(datetime(2021, 8, 13, 7, 0)):
        assert send([gateway]) == 2


def fail(given, by, times):
    """The message fails so many times, each after its pause."""
    take()
    moment = NOON + timedelta(minutes=16)
    for _ in range(times):
        with clock.frozen(moment):
            send(by)
        moment = clock.local(Notice.get().next_try_at).replace(tzinfo=None)
        moment = max(moment, moment.replace(hour=7)) if moment.hour < 7 else moment
        moment += timedelta(hours=10) if rules.quiet(moment) else timedelta()
    return Notice.get()


def test_the_second_gateway_takes_what_the_first_refuses(given, gateway):
    second = Gateway("second")
    gateway.fails = gateways.Refused("http_503")
    row = fail(given, [gateway, second], 4)
    assert (len(gateway.calls), len(second.calls)) == (3, 1)
    assert (row.state, row.gateway, row.last_error) == ("sent", "second", "")


def test_nothing_is_tried_again_before_its_pause(given, gateway):
    gateway.fails = gateways.Refused("http_503")
    take()
    moment = NOON + timedelta(minutes=16)
    for attempts, minutes in enumerate((1, 5, 15, 60), 1):
        with clock.frozen(moment):
            assert send([gateway]) == 1
        moment += timedelta(minutes=minutes)
        with clock.frozen(moment - timedelta(seconds=1)):
            assert send([gateway]) == 0, f"it came before its pause of {minutes} minutes"
        assert len(gateway.calls) == attempts


@pytest.mark.parametrize("arrived, state", [(True, "delivered"), (False, "failed")])
def test_a_callback_may_be_quicker_than_the_worker(given, arrived, state):
    take()

    class Quick(Gateway):
        def send(self, reference, phone, text):
            assert delivered(reference, arrived)
            return super().send(reference, phone, text)

    quick = Quick()
    with later(minutes=16):
        assert (send([quick]), send([quick])) == (1, 0)
    row = Notice.get()
    assert (row.state, len(quick.calls)) == (state, 1) and row.sent_at


def test_what_may_have_left_goes_to_no_other_gateway(given, gateway):
    second = Gateway("second")
    gateway.fails = gateways.Unsure("no_answer")
    row = fail(given, [gateway, second], 6)
    assert (len(gateway.calls), second.calls) == (6, [])
    assert len(set(gateway.calls)) == 1, "another reference is another message"
    assert (row.state, row.last_error, row.refusals) == ("waiting", "no_answer", 0)


def test_trying_ends(given, gateway):
    gateway.fails = gateways.Refused("http_503")
    row = fail(given, [gateway], rules.MOST_ATTEMPTS + 3)
    assert (row.state, row.last_error) == ("given_up", "http_503")
    assert len(gateway.calls) == rules.MOST_ATTEMPTS


def test_a_message_that_is_days_old_stays(given, gateway):
    take()
    with later(days=3, minutes=1):
        send([gateway])
    assert gateway.calls == []
    assert (Notice.get().state, Notice.get().last_error) == ("given_up", "late")


def test_a_number_that_is_none_is_not_tried_again(given, gateway):
    gateway.fails = gateways.Unfit("http_422")
    row = fail(given, [gateway], 2)
    assert (row.state, row.last_error, len(gateway.calls)) == ("failed", "http_422", 1)


def test_a_killed_workers_message_is_sent_again_by_the_same_reference(given, gateway, monkeypatch):
    take()
    with later(minutes=16):
        monkeypatch.setattr("app.notices.actions.sending._left", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            send([gateway])
        monkeypatch.undo()
        assert send([gateway]) == 0, "the lease of the killed one was not respected"
        with later(minutes=10):
            assert send([gateway]) == 1
    assert len(gateway.calls) == 2 and len(gateway.sent) == 1
    assert (Notice.get().state, Notice.get().attempts) == ("sent", 2)


def test_who_lost_the_lease_settles_nothing_but_success(given, gateway):
    """The first one stands still while another one claims the message."""
    take()

    class Slow(Gateway):
        def send(self, reference, phone, text):
            Notice.update(attempts=2).execute()  # another one claimed it meanwhile
            return super().send(reference, phone, text)

    slow = Slow()
    slow.fails = gateways.Refused("http_503")
    with later(minutes=16):
        send([slow])
        assert (Notice.get().refusals, Notice.get().last_error) == (0, "")
        Notice.update(next_try_at=clock.now()).execute()
        slow.fails = None
        send([slow])
    assert Notice.get().state == "sent"


def test_a_worker_whose_lease_is_over_sends_no_more(given, gateway, monkeypatch):
    given.record()
    take()
    with later(minutes=16):
        monkeypatch.setattr("app.notices.actions.sending.LEASE", timedelta(seconds=5))
        send([gateway])
    assert gateway.calls == []


def test_the_command_needs_a_gateway(app):
    done = app.test_cli_runner().invoke(args=["send", "--once"])
    assert done.exit_code == 1 and "SMS_GATEWAY" in done.output


def test_no_person_is_named_where_ids_are_enough(given):
    take()
    row = Notice.get()
    name = build.Person.get_by_id(row.person_id).name
    assert name not in str(row.about) and name not in str(OutboxEvent.get().payload)


def test_no_day_is_named_where_no_rule_asks_for_another_dose(given, gateway, monkeypatch):
    monkeypatch.setattr("app.notices.actions.sending.next_dose", lambda *_given: None)
    take()
    with later(minutes=16):
        send([gateway])
    ((_phone, text),) = gateway.sent.values()
    assert "Mui sau" not in text and "ngay 12/08/2021. Neu khong dung" in text


def test_the_message_of_a_dose_says_where_to_text(given, gateway, app, monkeypatch):
    config = app.extensions["config"]
    monkeypatch.setitem(app.extensions, "config", config._replace(sms_number="8899"))
    take()
    with later(minutes=16):
        send([gateway])
    ((_phone, text),) = gateway.sent.values()
    assert "Neu khong dung, nhan SAI den 8899. " in text
