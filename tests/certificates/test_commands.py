"""What the commands do by themselves."""

import pytest

from app import clock
from app.certificates.models import Certificate
from app.visits.models import Dose
from tests import build

pytestmark = pytest.mark.usefixtures("keys")


@pytest.fixture
def run(app, monkeypatch):
    from contextlib import nullcontext

    from app.db import db

    monkeypatch.setattr(db.obj, "connection_context", nullcontext)  # the test has it open
    return lambda *words: app.test_cli_runner().invoke(args=["certificates", *words])


def test_issue_and_sweep(run):
    dose = build.vaccinated(build.country()[2])
    build.signed(dose)
    build.signed(build.vaccinated(build.country()[2]))
    assert run("issue", "--limit", "1").output == "1 issued, 0 people without\n"
    assert run("issue").output == "1 issued, 0 people without\n"
    assert run("renew").output == "0 issued, 0 people without\n"
    Dose.update(voided_at=clock.now()).where(Dose.id == dose.id).execute()
    assert run("sweep").output == "1 people: certificates ended, 0 issued anew\n"
    assert Certificate.select().where(Certificate.revoked_at.is_null()).count() == 1


def test_without_a_key_it_says_so(app, run):
    from app.certificates.signing import Ring

    build.signed(build.vaccinated(build.country()[2]))
    app.extensions["signing"] = Ring()
    assert run("issue").exit_code == 1
