"""Noting a reaction: two keys."""

import pytest

from app.audit import AuditEntry
from app.outbox import OutboxEvent
from app.people.models import Alert
from app.reactions.models import Reaction
from app.visits.models import Visit
from tests import build


@pytest.fixture
def sitting(app, client):
    site = build.country()[2]
    staff = build.user(site)
    visit = build.visit(build.session(site), state="ready")
    build.dose(visit)
    Visit.update(state="observing").execute()
    build.sign_in(client, staff)
    return Visit.get()


def test_two_keys_note_a_reaction_and_warn_the_next_screening(client, sitting):
    page = client.open_page(f"/visits/{sitting.id}/reaction")
    assert page.css("#keys")[0].get("autofocus") is not None
    page = page.submit(keys="1")
    assert page.status == 200 and "Đã ghi" in page.text
    row = Reaction.get()
    assert (row.signs, row.serious, row.visit) == (["fever"], False, sitting)
    alert = Alert.get()
    assert alert.person == sitting.person and "Sốt" in alert.text and not alert.serious
    site = sitting.unit
    next_visit = build.visit(build.session(site), sitting.person, state="consented")
    assert "Sốt" in client.open_page(f"/visits/{next_visit.id}").css(".warn")[0].text_content()


def test_a_serious_event_is_loud(client, sitting):
    page = client.open_page(f"/visits/{sitting.id}/reaction").submit(keys="0")
    assert "TAI BIẾN NẶNG" in page.css("[role=alert]")[0].text_content()
    assert Reaction.get().serious and Alert.get().serious
    assert OutboxEvent.select().where(OutboxEvent.event == "reaction.serious").count() == 1
    assert AuditEntry.select().where(AuditEntry.noun == "reaction").count() == 1


def test_a_button_does_the_same(client, sitting):
    client.open_page(f"/visits/{sitting.id}/reaction").form("keys").submit(button="nausea")
    assert Reaction.get().signs == ["nausea"]


def test_pressing_twice_is_one_reaction(client, sitting):
    form = client.open_page(f"/visits/{sitting.id}/reaction").form("keys")
    form.submit(keys="2")
    form.submit(keys="2")
    assert Reaction.select().count() == Alert.select().count() == 1


@pytest.mark.parametrize("typed", ["", "x", "12x", "\x00", "😀", "1" * 500, "\u202e1"])
def test_bad_keys_are_refused_at_the_field(client, sitting, typed):
    page = client.open_page(f"/visits/{sitting.id}/reaction").submit(keys=typed, note="sốt nhẹ")
    assert page.status == 422 and page.css("#keys-e")
    assert page.form("keys").values["note"] == ["sốt nhẹ"]
    assert not Reaction.select().count()


def test_before_the_dose_there_is_nothing_to_note(client, sitting):
    visit = build.visit(build.session(sitting.unit), state="ready")
    page = client.open_page(f"/visits/{visit.id}/reaction").submit(keys="1")
    assert page.status == 422 and "chưa có mũi tiêm" in page.text


def test_strangers_and_others_are_kept_out(client, sitting):
    build.sign_in(client, build.user(build.country()[2]))
    client.open_page(f"/visits/{sitting.id}/reaction", status=404)
    build.sign_in(client, build.user(sitting.unit, "storekeeper"))
    client.open_page(f"/visits/{sitting.id}/reaction", status=403)
