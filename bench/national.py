"""What certificates cost at national size: the passes, the pages of the three steps, the lists.

    python -m bench.national [--people 2400000] [--sites 1000] [--revoked 100000]

One JSON line on standard output. The nation lies on a PostgreSQL of its own; certificates are rows
with nothing signed in them, one for almost everybody who has a dose. Milliseconds of one call of
what a page or a step of a pass does, the least of three. Not measured: writing, signing, HTML.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from peewee import fn

from app import clock
from app.certificates import actions, rules, signing
from app.certificates.models import (
    FIRST,
    Certificate,
    Confirmation,
    SignedDay,
    by_site,
    communes,
    days,
    people_of,
    workplaces,
)
from app.commands import ceremony
from app.db import db
from app.units.models import Unit
from app.verification.actions import published
from bench.load import made_nation, say
from bench.seed import Nation, fill
from bench.serve import machine

PEOPLE, SITES, REVOKED, STEPS = 2_400_000, 1000, 100_000, 3
NEWEST = """(select person_id, max(id) as id, max(unit_id) as unit, max(given_at) as at,
  jsonb_agg(jsonb_build_array(id, version) order by given_at, id) as doses
  from dose group by person_id) d"""


def certify(revoked: int) -> None:
    """Of a hundred people one is not confirmed, one not signed, one waits, the others have a
    certificate; so many of them are revoked, and one in fifty runs out soon."""
    now, later = f"timestamp '{clock.now()}'", clock.now() + timedelta(days=365)
    soon = clock.now() + rules.RENEWED_BEFORE / 2
    day = "(d.given_at + interval '7 hours')::date"
    fill(SignedDay, "(select distinct unit_id, (given_at + interval '7 hours')::date as day"
         " from dose) d", unit_id="d.unit_id", day="d.day", doses="1", digest="''", by_id="1",
         at=now)  # fmt: skip
    signed = "s.id"
    fill(Confirmation, f"dose d join signed_day s on s.unit_id = d.unit_id and s.day = {day}"
         " where mod(d.person_id, 100) > 0", dose_id="d.id", dose_version="d.version",
         person_id="d.person_id", identity_seq="1", unit_id="d.unit_id", day=day, by_id="1",
         at=now, signed_id=f"case when mod(d.person_id, 100) > 1 then {signed} end",
         waits="mod(d.person_id, 100) = 2")  # fmt: skip
    sign = "md5('{}' || d.person_id)".format
    fill(Certificate, f"{NEWEST} where mod(d.person_id, 100) > 2", kind="'DCC'",
         person_id="d.person_id", dose_id="d.id", doses="d.doses", identity_seq="1",
         uvci=sign("u"), kid="'0000000000000000'", code="repeat('x', 525)",
         hash_uci=sign("a"), hash_country_uci=sign("b"), hash_signature=sign("c"), issued_at=now,
         expires_at=f"case when mod(d.person_id, 50) = 9 then timestamp '{soon}'"
         f" else timestamp '{later}' end")  # fmt: skip
    db.execute_sql(
        "update certificate set current = false, revoked_why = 'bench', revoked_at = %s where id in"
        " (select id from certificate order by hash_uci limit %s)", (clock.now(), revoked),
    )  # fmt: skip
    db.execute_sql("vacuum analyze")


def ms(work: Callable[[], Any]) -> float:
    """Milliseconds of one call, the least of three."""
    took = []
    for _ in range(3):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return round(1000 * min(took), 1)


def steps(step: Callable[[int], int], after: int) -> float:
    """Milliseconds of a step of a pass from there on, the least of STEPS."""
    took = []
    for _ in range(STEPS):
        began = time.perf_counter()
        after = step(after)
        took.append(time.perf_counter() - began)
        if not after:
            break
    return round(1000 * min(took), 1)


def pages(nation: Nation) -> dict[str, float]:
    """What stands behind the pages, at one site and at a whole level."""
    site, province = (Unit.get_by_id(one).path for one in (nation.site(1), 3))
    session = str(nation.session(1) - 2 * nation.sites)
    return {
        "days_site_ms": ms(lambda: days(site, FIRST, 51)),
        "days_province_ms": ms(lambda: days(province, FIRST, 51)),
        "sign_site_ms": ms(lambda: actions.sheets(site)),
        "centre_ms": ms(lambda: by_site("/1/")),
        "bulk_choices_site_ms": ms(lambda: (communes(site), workplaces(site))),
        "bulk_choices_province_ms": ms(lambda: (communes(province), workplaces(province))),
        "bulk_session_ms": ms(lambda: actions.to_print(people_of(site, "session", session))),
    }


def passes() -> dict[str, float]:
    """A step of each command, near the beginning and near the end of all certificates: they must
    cost the same. Nothing changed since, and nobody is verified, so nothing is written."""
    found = {}
    for name, step, last in (
        ("sweep_500", lambda after: actions.sweep(after)[1], Certificate.id),
        ("renew_1000", lambda after: actions.renew(after, 1000).last, Certificate.person),
    ):
        late = int(Certificate.select(fn.MAX(last)).scalar() * 0.8)
        found[f"{name}_first_ms"] = steps(step, 0)
        found[f"{name}_late_ms"] = steps(step, late)
    return found


def revocation_list() -> dict[str, float]:
    """The list made, and given from what is kept."""
    began = time.perf_counter()
    made = published("revocation-list")
    first = time.perf_counter() - began
    assert made
    return {
        "list_s": round(first, 2), "list_bytes": len(made.body), "list_gzip": len(made.packed),
        "list_kept_ms": ms(lambda: published("revocation-list")),
    }  # fmt: skip


def figures(nation: Nation, revoked: int) -> dict[str, Any]:
    """All of it, on a nation that is seeded."""
    certify(revoked)
    say(f"{Certificate.select().count():,} certificates")
    found: dict[str, Any] = {"certificates": Certificate.select().count()}
    for part in (lambda: pages(nation), revocation_list, passes):
        found |= part()
        say(json.dumps(found))
    return found


def main() -> int:
    """Measure and print."""
    ask = argparse.ArgumentParser(prog="python -m bench.national", description=__doc__)
    ask.add_argument("--people", type=int, default=PEOPLE)
    ask.add_argument("--sites", type=int, default=SITES)
    ask.add_argument("--revoked", type=int, default=REVOKED)
    given = ask.parse_args()
    with made_nation(given.people, given.sites) as (_env, work):
        with tempfile.TemporaryDirectory() as folder:
            ceremony.begin(Path(folder), clock.now())
            work.app.extensions["signing"] = signing.load(folder)
            found = figures(work.nation, given.revoked)
        version = db.execute_sql("show server_version").fetchone()[0].split()[0]
        print(json.dumps(vars(given) | found | machine(version)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
