"""Wishes that a site was given, for tests."""

from datetime import timedelta

from app import clock
from app.registrations.models import Registration
from tests import build


def given(here, **more):
    """A wish that the site was given."""
    n = next(build.numbers)
    sent = clock.now() - timedelta(days=30) + timedelta(seconds=n)
    values = {
        "state": "allocated", "site": here.site, "sent_at": sent, "dob_month": n % 12 + 1,
        "dob_day": n % 27 + 1, "phone": f"09{n:08}",
    }  # fmt: skip
    return build.wish(here.province, **(values | more))


def now(row):
    return Registration.get_by_id(row.id)
