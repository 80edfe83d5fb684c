"""The demo: made-up people, a sign-in for each role, and a session that is open today."""

from datetime import timedelta

import pytest
from peewee import fn

from app import audit, clock, demo
from app.accounts.models import Membership, User
from app.accounts.roles import ROLES
from app.certificates.models import FIRST, Certificate, SignedDay, Slip, days, waiting_people
from app.certificates.rules import grouped
from app.db import is_postgres
from app.demo.people import people
from app.people import rules
from app.people.models import Care, Document, Person
from app.sessions.models import Expected, VaccinationSession
from app.stock.models import Holding, Movement
from app.units.models import Unit
from app.visits.models import Dose, Visit
from tests import build

COUNTED = (Unit, User, Person, Document, Care, VaccinationSession, Expected, Dose, Movement)


def counts():
    return {model.__name__: model.select().count() for model in COUNTED}


@pytest.fixture
def made(app):
    return demo.run(people=200, sites_=2, seed=7)


@pytest.fixture
def certified(app, signers):
    """The sign-ins by their names, of a demo whose service has keys that sign."""
    return {row.username: row for row in demo.run(people=60, sites_=1, seed=7)}


def enter(client, row):
    return client.open_page("/sign-in").submit(username=row.username, password=row.password)


# People


def test_people_are_the_same_for_the_same_seed():
    assert list(people(50, 3, year=2026)) == list(people(50, 3, year=2026))
    assert list(people(50, 3, year=2026)) != list(people(50, 4, year=2026))


def test_people_are_as_the_rules_want_them():
    day = clock.today()
    for made in people(2000, 5):
        name = made.name
        assert rules.clean_name(name) == name and rules.name_doubts(name) == []
        keys = (rules.fold(name), rules.sound(name), rules.sort_key(name))
        assert (made.folded, made.sound, made.sort_key) == keys
        born = rules.PartialDate(made.dob_year, made.dob_month, made.dob_day)
        identity = rules.Identity(
            name, born, made.sex, numbers=(rules.Number("CCCD", made.number),)
        )
        assert rules.doubts(identity, made.mother, day) == [], made
        assert made.phone is None or rules.phone(made.phone) == made.phone


def test_no_number_comes_twice():
    found = [made.number for first in (1, 10**6 - 500, 2 * 10**6 - 500) for made in
             people(1000, 1, first)]  # fmt: skip
    assert len(set(found)) == len(found)


# The province


def test_every_role_can_sign_in_and_begin(app, made):
    roles = set()
    for row in made:
        assert row.username.startswith("demo.")
        client = app.test_client()
        page = enter(client, row)
        assert page.status == 200 and page.url not in ("/sign-in", "/password"), row.username
        mine = Membership.select().join(User).where(User.username == row.username)
        roles |= {role for membership in mine for role in membership.roles.split()}
    assert roles == set(ROLES)
    assert len({row.password for row in made}) == len(made)


def test_what_there_is_to_see(app, made):
    levels = {row.level_id for row in Unit.select()}
    assert levels == {"national", "province", "commune", "station", "hospital", "mobile"}
    for unit in Unit.select().where(Unit.level != "national"):
        assert unit.path == f"{unit.parent.path}{unit.id}/" and unit.area.scheme == "vn34"
        assert unit.name.endswith("(thử)")
    sessions = VaccinationSession.select().where(VaccinationSession.held_on == clock.today())
    assert {row.unit.level_id for row in sessions} == {"station"} and sessions.count() == 2
    for today in sessions:
        assert Expected.select().where(Expected.session == today).count() == 30
        assert len({row.lot.product for row in today.planned_lots()}) == 3
    assert Dose.select().count() == 2 * (8 + 4 + 4 + 4)
    assert {row.state for row in Visit.select()} == {"done"}
    late = Dose.select(Dose.person).where(Dose.given_at > clock.now() - timedelta(days=28))
    assert not Expected.select().where(Expected.session.in_(sessions), Expected.person.in_(late))
    for holding in Holding.select():
        lines = Movement.select(fn.SUM(Movement.doses)).where(Movement.holding == holding)
        assert lines.scalar() == holding.balance
    held, broken = audit.verify(audit.chain_key(), {})
    assert held > 100 and not broken


# Certificates


def test_each_site_has_days_at_every_step(app, made):
    police = User.select(User, Unit).join(Unit).where(User.username == "demo.congan").get()
    for unit in Unit.select().where(Unit.level == "station"):
        assert unit.path.startswith(police.unit.path)
        waiting = [row[3:] for row in days(unit.path, FIRST, 50)]
        # Doses, confirmed, signed. Of two of the oldest day the identity is not verified.
        assert waiting == [(8, 6, 6), (4, 3, 0), (4, 0, 0)]
        assert [row.doses for row in SignedDay.within(unit.path)] == [6, 4]
    # Without keys all of them wait.
    assert not Certificate.select().exists() and len(waiting_people(0, 50)) == 12
    assert not demo.look_up().certified


def test_most_of_what_was_signed_has_a_certificate(app, certified):
    issued = Certificate.select()
    assert issued.count() == 4 and len(waiting_people(0, 50)) == 2
    assert {row.issued_by.username for row in issued} == {"demo.boyte"}
    ended = [row for row in issued if row.revoked_at]
    assert len(ended) == 1 and ended[0].revoked_by.username == "demo.boyte"
    held, broken = audit.verify(audit.chain_key(), {})
    assert held > 100 and not broken
    client = app.test_client()
    enter(client, certified["demo.boyte"])
    page = client.open_page("/certificates/issue")
    assert "Cấp cho 2 người" in page.text
    assert "Đã cấp 2 chứng nhận." in page.submit("Cấp cho").text


def test_the_site_sees_what_waits_and_who_mends_what_is_missing(app, certified):
    client = app.test_client()
    enter(client, certified["demo.yta"])
    page = client.open_page("/certificates")
    assert len(page.css("tbody tr")) == 3
    oldest, _middle, newest = [link.get("href") for link in page.css("tbody a")]
    page = client.open_page(oldest)
    assert all(
        text in page.text for text in ("Đã ký", "công an đối chiếu nhân thân", "tiếp đón sửa hồ sơ")
    )
    assert "Xác nhận 3 mũi đủ điều kiện" in client.open_page(newest).text
    page = client.open_page("/certificates/sign")
    assert len(page.css("[name=days]")) == 1
    page = page.submit(password=certified["demo.yta"].password)
    assert "Đã ký 3 mũi." in page.text
    # The police of the demo can mend it.
    missing = Person.get(
        Person.identity_state == "unverified", Person.id.in_(Dose.select(Dose.person))
    )
    client = app.test_client()
    enter(client, certified["demo.congan"])
    assert client.open_page(f"/people/{missing.id}/verify").status == 200


def test_a_citizen_sees_the_certificate(app, certified):
    first, asked = Slip.select().order_by(Slip.id).get(), demo.look_up()
    assert asked.certified and asked.code == grouped(first.code)
    # Without that certificate it is somebody else's turn.
    Certificate.update(current=False).where(Certificate.person == first.person_id).execute()
    asked = demo.look_up()
    assert asked.certified and asked.code != grouped(first.code)
    typed = {"what": asked.code, "dob": asked.born, "pin": asked.pin}
    page = app.test_client().open_page("/tra-cuu").submit(**typed)
    assert "có giá trị đến" in page.text
    assert page.form("Mã QR").submit("Mã QR").css("img")


def test_few_people_are_enough(app, signers):
    """Days on which nobody came are left out then."""
    demo.run(people=8, sites_=2, seed=7)
    before = VaccinationSession.held_on < clock.today()
    held = {row.id for row in VaccinationSession.select().where(before)}
    assert held == {row.session_id for row in Dose.select()}
    assert SignedDay.select().exists() and demo.look_up()


# Again


def test_ids_go_on_after_the_demo(app, made):
    """PostgreSQL counts ids by itself; those of the demo were written by hand."""
    last = Person.select(fn.MAX(Person.id)).scalar()
    assert build.person().id == last + 1 if is_postgres() else build.person().id > last


def test_a_second_start_adds_nothing(app, made):
    before = counts()
    assert demo.run(200, 2, 7, if_empty=True) == []
    assert counts() == before


def test_a_later_day_gets_sessions_of_its_own(app, made):
    before = counts()
    later = clock.local(clock.now()).replace(tzinfo=None) + timedelta(days=200)
    with clock.frozen(later):
        demo.run(200, 2, 7, if_empty=True)
        today = VaccinationSession.select().where(VaccinationSession.held_on == clock.today())
        assert today.count() == 2
        for session in today:
            lots = list(session.planned_lots())
            assert lots and all(row.lot.expires_on > clock.today() for row in lots)
            assert Expected.select().where(Expected.session == session).count() == 30
    assert counts()["Person"] == before["Person"]


def test_more_can_be_added(app, made):
    before = counts()
    assert demo.run(100, 1, 7) == []
    after = counts()
    assert after["Person"] - before["Person"] == 100
    assert after["Unit"] - before["Unit"] == 2
    assert after["User"] == before["User"]


def test_other_passwords_end_the_old_ones(app, made):
    again = {row.username: row for row in demo.run(0, 0, 7, passwords=True)}
    assert set(again) == {row.username for row in made}
    assert enter(app.test_client(), made[-1]).status == 422
    assert enter(app.test_client(), again[made[-1].username]).url != "/sign-in"


def test_a_real_database_is_left_alone(app):
    build.country()
    before = counts()
    for options in ({}, {"if_empty": True}, {"passwords": True}):
        with pytest.raises(demo.NotADemo):
            demo.run(200, 2, 7, **options)
    assert counts() == before


def test_the_command_prints_a_line_for_each_account(app, signers):
    lines = printed(app)
    assert {line.split()[-2] for line in lines[:-1]} == {row.username for row in User.select()}
    asked = demo.look_up()
    assert lines[-1].startswith("As a citizen, open /tra-cuu") and asked.pin in lines[-1]
    again = printed(app)
    assert again[0].startswith("The sign-ins were printed before") and again[1:] == lines[-1:]


def test_the_command_says_why_there_are_no_certificates(app):
    assert "SIGNING_KEYS" in printed(app)[-1]


def printed(app):
    result = app.test_cli_runner().invoke(
        args=["demo", "--if-empty", "--people", "80", "--sites", "1"]
    )
    assert result.exit_code == 0, result.output
    return result.output.splitlines()
