"""What the daily report of a province and of the nation costs the database (goal B5).

    python -m bench.reports --people 3000000 --sites 3400

The busiest day is asked for: the one on which everybody had their first dose. One JSON line on
standard output: milliseconds of PostgreSQL, to plan and to do, for each way the day is counted.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from app import clock
from app.db import db
from app.reports import models
from app.units.models import Unit
from bench.load import arguments, made_nation, say
from bench.seed import PAST_DAYS

TIMES = 5
SPENT = """select coalesce(sum(total_exec_time + total_plan_time), 0) from pg_stat_statements
where query not like '%%pg_stat_statements%%'"""


def measured(work: Callable[[], Any]) -> dict[str, float]:
    """Medians of TIMES runs after one that warms up."""
    work()
    database, whole = [], []
    for _ in range(TIMES):
        db.execute_sql("select pg_stat_statements_reset()")
        start = time.perf_counter()
        work()
        whole.append((time.perf_counter() - start) * 1000)
        database.append(float(db.execute_sql(SPENT).fetchone()[0]))
    return {
        "database_ms": round(statistics.median(database), 1),
        "whole_ms": round(statistics.median(whole), 1),
    }


def main() -> int:
    """Make a nation and count its busiest day."""
    given = arguments()
    watched = {
        "shared_preload_libraries": "pg_stat_statements", "pg_stat_statements.track_planning": "on"
    }  # fmt: skip
    with made_nation(given.people, given.sites, **watched):
        db.execute_sql("create extension if not exists pg_stat_statements")
        day = clock.today() - timedelta(days=PAST_DAYS[0])
        nation, province = Unit.get_by_id(1), Unit.get_by_id(2)
        found: dict[str, Any] = {"people": given.people, "sites": given.sites}
        for name, unit in (("province", province), ("nation", nation)):
            lines = models.present(unit, day).lines
            found[f"{name}_subjects"] = sum(line.numbers["received"] for line in lines)
            say(f"{name}: {found[f'{name}_subjects']:,} subjects in {len(lines)} lines")
            found[f"{name}_report"] = measured(lambda unit=unit: models.present(unit, day))
        found["province_sent"] = measured(lambda: models.sites(province, day))
        found["nation_sent"] = measured(lambda: models.provinces(nation, day))
        print(json.dumps({**found, "load": os.getloadavg()[0]}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
