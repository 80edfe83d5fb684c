"""Who was told of a dose answers that it is wrong: SAI."""

import threading
from datetime import date, datetime

import pytest

from app import clock
from app.corrections.models import Ticket
from app.db import is_postgres
from app.notices.models import Notice
from tests import build
from tests.portal.test_sms import Gateway, gateway

__all__ = ["gateway"]
THURSDAY = datetime(2021, 8, 12, 9)


@pytest.fixture
def told(app):
    """told(site, …) is a dose that a telephone was told of."""
    with clock.frozen(THURSDAY):
        site = build.country()[2]

        def tell(phone="0912345678", attempts=1, name="NGUYỄN VĂN AN", who=None, **given):
            who = who or build.person(site, phone=phone, name=name)
            dose = build.dose(build.visit(build.session(site), who))
            row = {
                "event": dose.id, "kind": "dose_recorded", "person": who, "unit": site,
                "phone": phone, "lang": "vi", "about": {"dose": dose.id}, "state": "sent",
                "reference": f"r{dose.id}", "next_try_at": clock.now(), "created_at": clock.now(),
                "attempts": attempts,
            }  # fmt: skip
            Notice.create(**(row | given))
            return dose

        yield tell


def code(reply: str) -> str:
    """The code in the answer, as it is kept."""
    assert len(reply) <= 160 and reply.isascii()
    return reply.split("phan anh ")[1].split(".")[0].replace("-", "")


@pytest.mark.parametrize("text", ["SAI", "sai", " Sái  rồi ", "SAI.", "sai2", "wrong"])
def test_sai_makes_a_ticket_about_the_dose(gateway, told, text):
    dose = told()
    reply = gateway.write(text)
    row = Ticket.get()
    assert row.code in reply.replace("-", "") and "16/08/2021" in reply and len(reply) <= 160
    assert row.due_answer == date(2021, 8, 16)
    assert (row.kind, row.channel, row.phone) == ("wrong_dose", "sms", "0912345678")
    assert (row.dose_id, row.person_id, row.unit_id) == (dose.id, dose.person_id, dose.unit_id)
    assert not row.proven, "a telephone proves nobody"


def test_what_was_written_with_it_is_kept_for_who_answers(gateway, told):
    told()
    gateway.write("SAI tôi không tiêm")
    assert Ticket.get().claim == {"note": "SAI TOI KHONG TIEM"}


def test_sai_again_names_the_same_ticket(gateway, told):
    told()
    first = gateway.write("SAI")
    with clock.frozen(datetime(2021, 8, 20, 9)):
        assert gateway.write("SAI rồi mà", id="m2") == first
    assert Ticket.select().count() == 1


def test_the_latest_dose_of_a_person_is_meant(gateway, told):
    first = told()
    gateway.write("SAI")
    with clock.frozen(datetime(2021, 9, 12, 9)):
        second = told(who=first.person)
        gateway.write("SAI", id="m2")
    assert [row.dose_id for row in Ticket.select().order_by(Ticket.id)] == [first.id, second.id]


def test_two_people_on_one_telephone_are_told_apart(gateway, told):
    mine, hers = told(), told(name="TRẦN THỊ HOA")
    asked = gateway.write("SAI")
    assert "1 NGUYEN V** AN, 2 TRAN T** HOA" in asked and len(asked) <= 160
    assert gateway.write("SAI 3", id="m2") == gateway.write("SAI rồi", id="m3") == asked
    assert not Ticket.select().exists()
    for n, dose in ((2, hers), (1, mine)):
        reply = gateway.write(f"SAI {n}", id=f"n{n}")
        assert Ticket.get(Ticket.code == code(reply)).dose_id == dose.id


def test_many_people_fit_into_one_message(gateway, told):
    for n in range(7):
        told(name=f"NGUYỄN HOÀNG TRẦN QUỲNH PHƯƠNG {'ABCDEGH'[n]}NH")
    asked = gateway.write("SAI")
    assert len(asked) <= 160 and asked.count("NGUYEN") == 4 and " 7 NGUYEN" in asked
    assert code(gateway.write("SAI 1", id="m2"))


def test_nothing_to_complain_of_has_one_answer(gateway, told):
    told(phone="0912345670", attempts=0)
    undone = told(phone="0912345671")
    undone.voided_at = clock.now()
    undone.save()
    other = told(phone="0912345672")
    replies = {
        gateway.write("SAI 1", id=phone, phone=phone)
        for phone in ("+84912345670", "+84912345671", "+84912345673", "+4479460000", "x")
    }
    assert len(replies) == 1
    reply = replies.pop()
    assert len(reply) <= 160 and "SAI" not in reply and str(other.id) not in reply
    assert not Ticket.select().exists()


def test_a_dose_that_was_voided_for_it_keeps_its_ticket(gateway, told):
    dose = told()
    first = gateway.write("SAI")
    dose.voided_at = clock.now()
    dose.save()
    assert gateway.write("SAI", id="m2") == first


def test_a_telephone_asks_ten_times_a_day(gateway, told):
    told()
    replies = [gateway.write("SAI", id=f"m{n}") for n in range(11)]
    assert ["qua nhieu" in reply for reply in replies] == [False] * 10 + [True]


def test_two_messages_at_one_moment_make_one_ticket(app, gateway, told):
    if not is_postgres():
        pytest.skip("threads share one writer in SQLite")
    told()
    start, replies = threading.Barrier(4), []

    def write(n):
        with app.app_context():
            start.wait()
            replies.append(Gateway(app.test_client()).write("SAI", id=f"m{n}"))

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(replies) == 4 and len(set(replies)) == 1
    assert Ticket.select().count() == 1
