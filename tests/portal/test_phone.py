"""A code by SMS proves the telephone of a wish: to whom it goes, how often, and what it opens."""

from datetime import datetime, timedelta

import pytest

from app import clock
from app.notices.actions import send, take
from app.notices.gateways import Refused
from app.notices.models import Notice
from app.outbox import OutboxEvent
from app.registrations import actions as registrations
from app.registrations.models import PhoneProof, Registration
from app.units.models import Unit
from tests import build
from tests.notices.conftest import Gateway
from tests.portal.test_register import begin, finish

NOON = datetime(2026, 8, 12, 12)
ASK = "Gửi mã qua SMS"


@pytest.fixture(autouse=True)
def noon(app, monkeypatch):
    """A province, a gateway in the settings, and the clock standing at noon."""
    mine = build.country()[1]
    Unit.update(area_scheme="vn34", area_code="01").where(Unit.id == mine.id).execute()
    config = app.extensions["config"]
    monkeypatch.setitem(app.extensions, "config", config._replace(sms=(("file:///x", ""),)))
    with clock.frozen(NOON):
        yield


@pytest.fixture
def sent(client):
    """The page of a wish that was just sent."""
    return finish(begin(client))


def later(**span):
    return clock.frozen(NOON + timedelta(**span))


def ask(page):
    return page.form("code").submit("sms")


def message() -> str:
    """What the telephone shows last."""
    gateway = Gateway()
    take()
    send([gateway])
    ((phone, text),) = gateway.sent.values()
    assert phone == "0912345678"
    return text


def test_the_code_of_the_message_proves_the_telephone(sent):
    page = ask(sent)
    assert "ba chữ số cuối 678" in page.text
    text = message()
    code = text.split()[2]
    assert len(code) == 6 and code.isdecimal() and len(text) <= 160
    wrong = page.form("code").submit(code=f"{(int(code) + 1) % 10**6:06}")
    assert wrong.status == 422 and "Mã không đúng" in wrong.text
    page = wrong.form("code").submit(code=f"{code[:3]} {code[3:]}")
    assert page.status == 200 and "Số điện thoại đã xác thực." in page.text
    assert PhoneProof.get().proven_at == clock.now()
    assert ASK not in page.text and Registration.get().person is None


def test_no_code_is_no_proof(sent):
    assert sent.form("code").submit(code="").status == 422
    page = ask(sent)
    assert page.form("code").submit(code="").status == 422
    assert PhoneProof.get().proven_at is None


def test_a_code_ends_after_a_quarter_of_an_hour_and_is_not_sent_then(sent):
    page = ask(sent)
    code = registrations.code_of(Registration.get().id)
    with later(minutes=16):
        assert page.form("code").submit(code=code).status == 422
        take()
        assert send([gateway := Gateway()]) == 1 and not gateway.sent
    assert Notice.get().last_error == "no_longer_so"


def test_a_new_code_makes_the_one_before_worthless(sent):
    page = ask(sent)
    first = registrations.code_of(Registration.get().id)
    with later(minutes=2):
        page = ask(page)
        assert page.form("code").submit(code=first).status == 422
        second = registrations.code_of(Registration.get().id)
        assert page.form("code").submit(code=second).status == 200


def test_a_button_pressed_twice_sends_once(sent):
    ask(sent)
    ask(sent)
    assert OutboxEvent.select().where(OutboxEvent.event == "registration.code_asked").count() == 1


def test_codes_of_one_telephone_are_few(sent):
    """Each costs money, and the telephone may be a stranger's."""
    page = sent
    for minutes in (0, 2, 4):
        with later(minutes=minutes):
            page = ask(page)
            assert page.status == 200
    with later(minutes=6):
        turned_away = ask(page)
        assert turned_away.status == 429 and turned_away.response.headers["Retry-After"]
    assert OutboxEvent.select().where(OutboxEvent.event == "registration.code_asked").count() == 3


def test_codes_are_not_guessed(sent):
    page = ask(sent)
    code = registrations.code_of(Registration.get().id)
    for guess in range(5):
        assert page.form("code").submit(code=f"{guess:06}").status == 422
    assert page.form("code").submit(code=code).status == 429
    assert PhoneProof.get().proven_at is None


def test_at_night_the_code_leaves_and_goes_before_the_others(sent):
    site = build.country()[2]
    waiting = Notice.create(
        event=999, kind="dose_recorded", unit=site, phone="0912345679", lang="vi", about={},
        next_try_at=clock.now() - timedelta(hours=1), reference="r", created_at=clock.now(),
    )  # fmt: skip
    with later(hours=11):
        ask(sent)
        message()
        assert send([Gateway()]) == 0
    assert Notice.get_by_id(waiting.id).state == "waiting"


def test_a_code_that_the_first_gateway_refuses_leaves_while_it_is_good(sent):
    first, second = Gateway(), Gateway("second")
    first.fails = Refused("http_503")
    ask(sent)
    take()
    send([first, second])
    with later(minutes=1):
        send([first, second])
    assert (len(first.calls), len(second.calls)) == (1, 1)


@pytest.mark.parametrize("gone", ["landline", "no_gateway", "draft"])
def test_where_nothing_can_be_sent_nothing_is_offered(client, app, monkeypatch, gone):
    if gone == "no_gateway":
        config = app.extensions["config"]
        monkeypatch.setitem(app.extensions, "config", config._replace(sms=()))
    page = begin(client, phone="02438251234" if gone == "landline" else "0912345678")
    if gone != "draft":
        page = finish(page)
        assert "Đã gửi, chờ duyệt" in page.text
    assert ASK not in page.text


def test_a_mark_that_is_none_leads_to_the_code_again(sent):
    page = sent.form("code").submit("sms", mark="x")
    assert page.status == 422 and "Mã đặt tiêm" in page.text
    assert not PhoneProof.select().exists()
