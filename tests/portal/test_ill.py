"""What people tell of reactions, by message and on the page, and the alarm at the site."""

from datetime import timedelta

import pytest

from app import clock
from app.audit import AuditEntry
from app.notices.rules import LONGEST, TEXTS
from app.people.models import Alert
from app.reactions.models import Reaction, SelfReport
from app.visits.models import Dose
from tests import build
from tests.portal.test_sms import gateway
from tests.portal.test_sms_wrong import THURSDAY, told

__all__ = ["gateway", "told"]


def test_a_reaction_by_message_is_kept_for_the_site(gateway, told):
    dose = told()
    reply = gateway.write("PU sốt, đau đầu quá")
    assert "da bao diem tiem" in reply and "115" in reply and len(reply) <= 160
    row = SelfReport.get()
    assert (row.dose, row.unit_id, row.phone) == (dose, dose.unit_id, "0912345678")
    assert (row.channel, row.signs, row.serious) == ("sms", ["fever", "headache"], False)
    assert row.told_at == clock.now() and row.sure and row.seen_at is None
    alert = Alert.get()
    assert alert.person == dose.person and "tự báo; Sốt; Đau đầu" in alert.text
    assert not alert.serious and alert.product == dose.product
    assert AuditEntry.get(AuditEntry.noun == "self_report").person_id == dose.person_id
    assert not Reaction.select().exists(), "what the site has not seen is not counted"


@pytest.mark.parametrize("text", [
    "PU khó thở", "pu KHO THO qua", "PU. Bị ngất, co giật", "ILL fainted", "PU sốt, tức ngực",
])  # fmt: skip
def test_a_serious_word_says_115_and_alarms_the_site(client, gateway, told, text):
    dose = told()
    reply = gateway.write(text)
    assert "115" in reply and ("GOI 115 NGAY" in reply[:30] or "CALL 115 NOW" in reply[:30])
    assert SelfReport.get().serious and Alert.get().serious
    for role in ("site_head", "observer", "screener"):
        build.sign_in(client, build.user(dose.unit, role))
        alarm = client.open_page("/sessions").css(".bad")[0]
        assert "1 người báo dấu hiệu NẶNG" in alarm.text_content()
    other = build.sign_in(client, build.user(build.unit(parent=dose.unit.parent), "site_head"))
    assert "NẶNG" not in other.open_page("/sessions").text


def test_the_site_calls_and_the_alarm_ends(client, gateway, told):
    dose = told()
    gateway.write("PU khó thở")
    head = build.user(dose.unit, "site_head observer")
    page = build.sign_in(client, head).open_page("/sessions").follow("báo dấu hiệu NẶNG")
    text = page.text
    assert dose.person.name in text and "0912345678" in text and "PU KHO THO" not in text
    page = page.form("seen").submit(button=str(SelfReport.get().id))
    row = SelfReport.get()
    assert (row.seen_by, row.seen_at) == (head, clock.now())
    assert "Không có ai báo" in page.text
    assert "NẶNG" not in client.open_page("/sessions").text
    assert dose.person.name in client.open_page("/reactions/told?show=seen").text


def test_another_site_finds_nothing(client, gateway, told):
    dose = told()
    gateway.write("PU khó thở")
    build.sign_in(client, build.user(build.unit(parent=dose.unit.parent), "site_head"))
    assert dose.person.name not in client.open_page("/reactions/told").text
    assert "seen" not in client.open_page("/reactions/told").text
    assert SelfReport.get().seen_at is None


def test_one_alarm_for_a_dose_is_enough(gateway, told):
    told()
    for n in range(30):
        assert "GOI 115" in gateway.write(f"PU ngất {n}", id=f"m{n}")[:30]
    assert SelfReport.select().count() == Alert.select().count() == 1
    gateway.write("PU sốt", id="a")
    gateway.write("PU sốt", id="b")
    assert SelfReport.select().count() == 2


def test_what_is_not_serious_is_limited(gateway, told):
    told()
    replies = [gateway.write(f"PU sốt {n + 10}", id=f"m{n}") for n in range(21)]
    assert ["qua nhieu" in reply for reply in replies] == [False] * 20 + [True]
    assert "GOI 115" in gateway.write("PU co giật", id="grave")[:30]


def test_of_two_people_the_number_says_which(gateway, told):
    told()
    hers = told(name="TRẦN THỊ HOA")
    asked = gateway.write("PU sốt")
    assert "2 TRAN T** HOA" in asked and len(asked) <= 160
    assert not SelfReport.select().exists()
    gateway.write("PU 2 sốt", id="m2")
    assert SelfReport.get().dose == hers


def test_the_site_is_told_even_when_nobody_said_who(client, gateway, told):
    told()
    hers = told(name="TRẦN THỊ HOA")
    assert "GOI 115" in gateway.write("PU khó thở")[:30]
    row = SelfReport.get()
    assert row.serious and not row.sure and not Alert.select().exists()
    build.sign_in(client, build.user(hers.unit, "site_head"))
    page = client.open_page("/reactions/told").text
    assert "chưa rõ là ai" in page and "TRẦN" not in page


@pytest.mark.parametrize("days, kept", [(28, 1), (29, 0)])
def test_after_28_days_nobody_is_told(gateway, told, days, kept):
    told()
    with clock.frozen(THURSDAY + timedelta(days=days)):
        reply = gateway.write("PU khó thở")
    assert "GOI 115 NGAY" in reply and SelfReport.select().count() == kept


def test_strangers_and_undone_doses_have_one_answer(gateway, told):
    undone = told(phone="0912345671")
    Dose.update(voided_at=clock.now()).where(Dose.id == undone.id).execute()
    replies = {
        gateway.write("PU khó thở", id=phone, phone=phone) for phone in ("0912345671", "0912345672")
    }
    assert len(replies) == 1 and not SelfReport.select().exists()


def test_without_words_one_is_told_how(gateway, told):
    told()
    assert "soan PU" in gateway.write("PU") and not SelfReport.select().exists()


def test_no_text_is_too_long_by_itself():
    lengths = {"name": 20, "n": 1, "product": 9, "day": 10, "due": 10, "code": 9, "minutes": 3,
               "choices": 40, "site": 21, "hour": 5, "place": 40, "to": 9, "whom": 14}  # fmt: skip
    usual = {name: "x" * length for name, length in lengths.items()}
    for kind, texts in TEXTS.items():
        for text in texts.values():
            assert len(text.format(**usual)) <= LONGEST, kind


def test_the_page_of_a_look_up_leads_to_the_form(holder):
    page = holder.ask().form("Phản ứng?").submit(button="Phản ứng?")
    page = page.submit("phone", phone="0987654321", signs=["fever", "rash"], note="từ đêm qua")
    assert "theo dõi 28 ngày" in page.text
    row = SelfReport.get()
    assert (row.channel, row.phone, row.note) == ("portal", "0987654321", "từ đêm qua")
    assert (row.dose, row.signs, row.serious) == (holder.dose, ["fever", "rash"], False)


@pytest.mark.parametrize("said", [{"signs": ["serious"]}, {"note": "bé bị co giật"}])
def test_what_is_serious_on_the_page_says_115(holder, said):
    page = (
        holder.ask()
        .form("Phản ứng?")
        .submit(button="Phản ứng?")
        .submit("phone", phone="0987654321", **said)
    )
    assert "GỌI 115 NGAY" in page.css("[role=alert]")[0].text_content()
    assert SelfReport.get().serious


@pytest.mark.parametrize("said", [
    {"phone": "0987654321"}, {"phone": "1", "signs": ["fever"]}, {"signs": ["fever"], "phone": ""},
    {"phone": "0987654321", "note": "\x00"}, {"phone": "0987654321", "note": "x" * 301},
])  # fmt: skip
def test_what_is_missing_is_said_at_its_field(holder, said):
    page = holder.ask().form("Phản ứng?").submit(button="Phản ứng?").submit("phone", **said)
    assert page.status == 422 and page.errors() and not SelfReport.select().exists()


def test_without_a_look_up_one_looks_up(holder):
    assert holder.client.open_page("/phan-ung").url == "/tra-cuu"
    assert holder.client.send("/phan-ung", {"mark": "forged"}).url == "/tra-cuu"


def test_after_28_days_the_page_does_not_offer_it(holder):
    Dose.update(given_at=clock.now() - timedelta(days=30)).execute()
    assert "Phản ứng?" not in holder.ask().text
