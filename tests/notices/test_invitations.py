"""What is told about appointments: once for each event, in one short message."""

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace

import pytest

from app import clock
from app.accounts.actions import signed_in
from app.accounts.models import Membership
from app.notices import rules
from app.notices.actions import send, take
from app.notices.models import Notice
from app.outbox import OutboxEvent
from app.registrations.models import Registration
from app.sessions import actions
from app.sessions.models import Appointment, VaccinationSession
from tests import build
from tests.sessions.wishes import given

NOON = datetime(2021, 8, 12, 12)
DAY = date(2021, 8, 20)
LATER = NOON + timedelta(minutes=16)


@pytest.fixture
def called(app):
    """A wish that was called for 08:00 at noon."""
    with clock.frozen(NOON):
        _nation, province, site = build.country()
        by = signed_in(Membership.get(Membership.user == build.user(site)))
        session = build.session(site, [], held_on=DAY)
        wish = build.wish(province, state="allocated", site=site)
        actions.call(session.id, [wish.id], time(8), by)
        yield SimpleNamespace(wish=wish, session=session, site=site, by=by, province=province)


def told(gateway, at=LATER):
    """The messages that leave until then."""
    with clock.frozen(at):
        take()
        before = set(gateway.sent)
        send([gateway])
    return [gateway.sent[one] for one in gateway.sent if one not in before]


def test_who_is_called_is_invited_once(called, gateway):
    ((phone, text),) = told(gateway)
    site, code = rules.plain(called.site.name), called.wish.code
    assert phone == "0912345678"
    assert text == (
        f"So Tiem: moi tiem vac xin (ma ...{code[-4:]}) luc 08:00 ngay 20/08/2021 tai {site}. "
        "Mang theo giay to tuy than."
    )
    OutboxEvent.update(done_at=None).execute()
    assert told(gateway) == [] and Notice.select().count() == 1
    row = Notice.get()
    assert (row.kind, row.unit_id, row.person_id) == (
        "invited", called.site.id, Registration.get_by_id(called.wish.id).person_id,
    )  # fmt: skip
    assert row.about == {"appointment": Appointment.get().id}


@pytest.mark.parametrize(
    ("given", "phone"),
    [
        ({"by_phone": "0912000002"}, "0912345678"),
        ({"phone": "02438251234", "by_phone": "0912000002"}, "0912000002"),
        ({"phone": "02438251234"}, None),
    ],
)
def test_a_landline_takes_no_messages(called, gateway, given, phone):
    Registration.update(**given).execute()
    assert [number for number, _text in told(gateway)] == ([phone] if phone else [])


def test_a_foreigner_is_written_to_in_english(called, gateway):
    Registration.update(nationality="FR").execute()
    ((_phone, text),) = told(gateway)
    assert "come for vaccination" in text and "08:00 on 20/08/2021" in text


def test_a_change_is_told_with_the_new_day(called, gateway):
    told(gateway)
    plan = actions.Plan(date(2021, 8, 25), "day")
    actions.change(VaccinationSession.get(), plan, called.by)
    ((_phone, text),) = told(gateway)
    assert "doi sang 08:00 ngay 25/08/2021" in text


def test_who_is_taken_off_before_the_invitation_left_gets_one_message(called, gateway):
    with clock.frozen(NOON):
        take()
    actions.remove(called.session.id, Appointment.get().person_id)
    ((_phone, text),) = told(gateway)
    assert "da huy" in text
    assert Notice.get(Notice.kind == "invited").state == "given_up"


@pytest.mark.parametrize("left", [True, False])
def test_a_session_that_is_called_off_is_told_in_one_message(called, gateway, left):
    if left:
        told(gateway)
    else:
        with clock.frozen(NOON):
            take()
    with clock.frozen(NOON):
        actions.call_off(called.session.id, "storm", "", called.by)
    ((_phone, text),) = told(gateway)
    assert text == (
        f"So Tiem: buoi tiem ngay 20/08/2021 tai {rules.plain(called.site.name)} da huy "
        f"(ma ...{called.wish.code[-4:]}). Diem tiem se hen lai."
    )
    assert told(gateway, LATER + timedelta(days=1)) == []


def test_an_invitation_for_today_leaves_at_once_and_its_end_too(called, gateway):
    with clock.frozen(NOON):
        today = build.session(called.site, [], held_on=NOON.date())
        actions.call(today.id, [given(called).id], time(13), called.by)
    ((_phone, text),) = told(gateway, NOON)
    assert "13:00 ngay 12/08/2021" in text
    with clock.frozen(NOON):
        actions.call_off(today.id, "storm", "", called.by)
    ((_phone, text),) = told(gateway, NOON)
    assert "da huy" in text
    ((_phone, text),) = told(gateway)
    assert "20/08/2021" in text


def test_an_invitation_for_today_wakes_nobody(called, gateway):
    early = datetime(2021, 8, 12, 5)
    with clock.frozen(early):
        today = build.session(called.site, [], held_on=early.date())
        actions.call(today.id, [given(called).id], time(8), called.by)
    assert told(gateway, early) == []
    assert "08:00 ngay 12/08/2021" in told(gateway, datetime(2021, 8, 12, 7))[0][1]


def test_an_absence_of_today_can_wait(called, gateway):
    told(gateway)
    with clock.frozen(datetime(2021, 8, 20, 17)):
        actions.settle(called.session.id, {})
    assert told(gateway, datetime(2021, 8, 20, 17, 5)) == []
    assert len(told(gateway, datetime(2021, 8, 20, 17, 20))) == 1


def test_who_did_not_come_is_told(called, gateway):
    told(gateway)
    with clock.frozen(datetime(2021, 8, 20, 17)):
        actions.settle(called.session.id, {})
    ((_phone, text),) = told(gateway, datetime(2021, 8, 20, 18))
    assert "vang mat buoi tiem" in text and "ngay 20/08/2021" in text


def test_the_day_before_is_told_once_when_nobody_sleeps(called, gateway):
    told(gateway)
    assert told(gateway, datetime(2021, 8, 19, 6)) == []
    ((_phone, text),) = told(gateway, datetime(2021, 8, 19, 7, 30))
    assert "nhac lich tiem" in text
    assert told(gateway, datetime(2021, 8, 19, 9)) == []


def test_a_day_that_is_over_is_not_told_of(called, gateway):
    assert told(gateway, datetime(2021, 8, 21, 9)) == []
    assert {row.state for row in Notice.select()} == {"given_up"}


@pytest.fixture
def family(called, gateway):
    """Three wishes of one telephone and one of another, called by one press for two hours."""
    told(gateway)
    with clock.frozen(LATER):
        session = build.session(called.site, [], held_on=DAY, capacity=32)
        wishes = [given(called, phone="0912000009") for _ in range(3)] + [given(called)]
        actions.call(session.id, [wish.id for wish in wishes], time(9), called.by)
    return SimpleNamespace(session=session, wishes=wishes, phone="0912000009")


def last_digits(wishes):
    return " ".join(wish.code[-4:] for wish in wishes)


def texts_to(phone, messages):
    """In the order of the alphabet: what leaves at one moment leaves in any order."""
    return sorted(text for number, text in messages if number == phone)


SOON = LATER + timedelta(minutes=16)


def test_a_family_that_is_called_together_gets_one_message(called, family, gateway):
    texts = dict(told(gateway, SOON))
    assert len(texts) == 2
    assert texts[family.phone] == (
        f"So Tiem: moi 3 nguoi tiem vac xin (ma ...{last_digits(family.wishes[:3])}) luc "
        f"09:00-09:30 ngay 20/08/2021 tai {rules.plain(called.site.name)}. Mang giay to."
    )
    assert f"(ma ...{family.wishes[3].code[-4:]})" in texts[family.wishes[3].phone]
    OutboxEvent.update(done_at=None).execute()
    assert told(gateway, SOON) == []


def test_two_presses_are_two_messages(called, family, gateway):
    with clock.frozen(LATER + timedelta(seconds=5)):
        wish = given(called, phone=family.phone)
        actions.call(family.session.id, [wish.id], time(10), called.by)
    mine = texts_to(family.phone, told(gateway, SOON))
    assert len(mine) == 2 and f"(ma ...{wish.code[-4:]})" in mine[1]


def test_who_of_a_family_is_taken_off_is_told_alone(called, family, gateway):
    with clock.frozen(LATER):
        take()
        gone = Appointment.get(Appointment.registration == family.wishes[0])
        actions.remove(family.session.id, gone.person_id)
    mine = texts_to(family.phone, told(gateway, SOON))
    assert len(mine) == 2
    assert "da huy" in mine[0] and f"(ma ...{family.wishes[0].code[-4:]})" in mine[0]
    assert "moi 2 nguoi" in mine[1] and f"...{last_digits(family.wishes[1:3])}" in mine[1]


def test_who_alone_is_left_of_a_family_is_invited_as_ever(called, family, gateway):
    with clock.frozen(LATER):
        take()
        for wish in family.wishes[:2]:
            gone = Appointment.get(Appointment.registration == wish)
            actions.remove(family.session.id, gone.person_id)
    mine = texts_to(family.phone, told(gateway, SOON))
    assert len(mine) == 3
    assert mine[2].startswith(f"So Tiem: moi tiem vac xin (ma ...{family.wishes[2].code[-4:]})")


def test_a_family_is_reminded_and_told_that_it_is_off_in_one_message(called, family, gateway):
    told(gateway, SOON)
    eve = datetime(2021, 8, 19, 8)
    told(gateway, eve - timedelta(minutes=30))
    (reminded,) = [text for phone, text in told(gateway, eve) if phone == family.phone]
    assert "nhac lich tiem cua 3 nguoi" in reminded
    with clock.frozen(eve):
        actions.call_off(family.session.id, "storm", "", called.by)
    later = eve + timedelta(minutes=16)
    (off,) = [text for phone, text in told(gateway, later) if phone == family.phone]
    assert f"da huy (3 nguoi, ma ...{last_digits(family.wishes[:3])})" in off


def test_a_message_speaks_of_five_at_most(called, gateway):
    told(gateway)
    with clock.frozen(LATER):
        session = build.session(called.site, [], held_on=DAY, capacity=160)
        wishes = [given(called, phone="0912000009") for _ in range(6)]
        actions.call(session.id, [wish.id for wish in wishes], time(9), called.by)
    first, second = texts_to("0912000009", told(gateway, SOON))
    assert "moi 5 nguoi" in first and "(ma ..." in second and "nguoi" not in second


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("kind", [kind for kind in rules.TEXTS if kind.endswith("_many")])
def test_five_codes_and_the_hours_find_room(kind, lang):
    codes = "1111 2222 3333 4444 5555"
    values = {
        "n": "5", "whom": rules.coded(codes.split(), lang), "hour": "08:00-10:30",
        "day": "20/08/2021", "site": "T" * 80,
    }  # fmt: skip
    text = rules.text(kind, lang, values)
    assert len(text) <= rules.LONGEST and set(text) <= rules.LETTERS
    assert codes in text and "20/08/2021" in text and "T" * 20 in text
    assert "08:00-10:30" in text or kind == "called_off_many"


KINDS = (
    "invited",
    "invited_anew",
    "invited_tomorrow",
    "uninvited",
    "called_off",
    "was_absent",
    "withdrawn",
)


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_long_name_keeps_day_and_hour_in_one_part(kind, lang):
    values = {
        "whom": "ma ...9012", "hour": "08:00", "day": "20/08/2021",
        "site": "Trung tâm Y tế dự phòng và Kiểm soát bệnh tật thành phố Hồ Chí Minh, cơ sở hai, "
        "điểm tiêm chủng lưu động phường Bến Nghé",
    }  # fmt: skip
    text = rules.text(kind, lang, values)
    assert len(text) <= rules.LONGEST and set(text) <= rules.LETTERS
    assert "20/08/2021" in text and "9012" in text
    assert "08:00" in text or kind in ("called_off", "was_absent")
