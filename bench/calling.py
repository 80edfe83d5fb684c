"""Sites where many thousand wishes wait: what bench.wishes measures of the day before a session."""

import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from flask import Flask

from app import clock
from app.db import db
from app.reports.actions import count_days
from app.sessions.models import VaccinationSession, waiting
from app.units.models import Unit
from bench.seed import PROVINCES, Nation
from bench.serve import cpu_seconds
from tests import build
from tests.page_client import PageClient

Look = tuple[float, int, float]  # milliseconds, rows, milliseconds of processors
AT_ONCE, CAPACITY = 30, 600
CALLED = re.compile(r"Đã đưa (\d+) người vào danh sách")


class Crowd:
    """A site whose head calls people to the session of tomorrow: by wishes, or "due" ones."""

    def __init__(self, app: Flask, site_id: int, session_id: int, whom: str = "wishes") -> None:
        tomorrow = clock.today() + timedelta(days=1)
        mine = VaccinationSession.id == session_id
        VaccinationSession.update(held_on=tomorrow, capacity=CAPACITY).where(mine).execute()
        self.site_id, self.path = site_id, f"/sessions/{session_id}/{whom}"
        self.client = PageClient(app)
        build.sign_in(self.client, build.user(Unit.get_by_id(site_id), "site_head"))

    def get(self, after: int = 0) -> Look:
        """How long a page of those who wait took, and how many it showed."""
        return timed(self.client, f"{self.path}?after={after}" if after else self.path)

    def after(self, share: float) -> int:
        """The wish up to which this share of those who wait stands."""
        queue = waiting([self.site_id])
        return int(queue.offset(int(share * (queue.count() - 2 * AT_ONCE))).limit(1).get().id)

    def call(self) -> Look:
        """How long it took to call the first page, with the page that answers; and how many came
        on the list: few look like somebody and are left."""
        form = self.client.open_page(self.path).form("ids")
        path = form.element.get("action")
        answer, took, worked = watched(lambda: self.client.post(path, data=form.values))
        called = CALLED.search(answer.text)
        assert answer.status_code == 200 and called, f"called nobody: {answer.status_code}"
        return took, int(called[1]), worked


def timed(client: Any, path: str) -> Look:
    """How long a page took, and how many rows it showed."""
    answer, took, worked = watched(lambda: client.get(path))
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return took, answer.text.count("<tr><td>"), worked


def watched(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """What came of it, milliseconds that passed, and those that this process and its database
    worked: on a machine that is busy otherwise they tell what it costs. (Of the database they are
    counted in steps of 10.)"""
    before, began = _worked(), time.perf_counter()
    answer = work()
    took = time.perf_counter() - began
    return answer, 1000 * took, 1000 * (_worked() - before)


def _worked() -> float:
    backend = db.connection().info.backend_pid
    return time.process_time() + cpu_seconds(backend)


def crowd_site(nation: Nation, p: int, nth: int) -> int:
    """The number of a site of province p, the first of which has most wishes besides."""
    return PROVINCES * (1 + nth) + p - 1


def callings(
    app: Flask, nation: Nation, p: int, crowds: tuple[int, ...]
) -> Iterator[tuple[str, Callable[[], Look]]]:
    """(name, what measures it once) of the pages of these sites."""
    for nth, waits in enumerate(crowds, 1):
        k = crowd_site(nation, p, nth)
        crowd, name = Crowd(app, nation.site(k), nation.session(k)), f"{waits:,} wait at a site"
        middle, last = crowd.after(0.5), crowd.after(1)
        yield f"{name}: calling, first page", crowd.get
        yield f"{name}: calling, middle", lambda c=crowd, a=middle: c.get(a)
        yield f"{name}: calling, end", lambda c=crowd, a=last: c.get(a)
        yield f"{name}: call {AT_ONCE}", crowd.call


def gather(nation: Nation, crowds: dict[int, int]) -> None:
    """Bring people who had doses into the care of sites (number → how many). Of two
    doses of every second one the last was a booster, after which most of the young need none."""
    db.execute_sql("""create temporary table had as select person_id,
      row_number() over (order by person_id) as n from (select distinct person_id from dose) d""")
    before = 0
    for k, many in crowds.items():
        db.execute_sql(
            "update care set unit_id = %s from had where had.person_id = care.person_id"
            " and n > %s and n <= %s", (nation.site(k), before, before + many)
        )  # fmt: skip
        before += many
    assert db.execute_sql("select count(*) from had").fetchone()[0] >= before, "more --people"
    db.execute_sql("""update dose set kind = 'NHAC_LAI', seq = 1
      where seq = 2 and mod(person_id, 2) = 0""")
    db.execute_sql("drop table had")
    db.execute_sql("vacuum analyze")


def dues(
    app: Flask, nation: Nation, crowds: dict[int, int]
) -> Iterator[tuple[str, Callable[[], Look]]]:
    """(name, what measures it once) of the pages of the sites of `gather`."""
    for k, many in crowds.items():
        crowd = Crowd(app, nation.site(k), nation.session(k), "due")
        name = f"{many:,} with doses at a site"
        for share in (0.5, 0.95):
            after = _of_doses(nation.site(k), share)
            yield f"{name}: due, after {share:.0%}", lambda c=crowd, a=after: c.get(a)
        yield f"{name}: due, first page", crowd.get
        yield f"{name}: call {AT_ONCE} who are due", crowd.call


def _of_doses(site_id: int, share: float) -> int:
    """Who stands there among the people of a site, the longest since the last dose first."""
    rows = db.execute_sql(
        "select person_id from dose join care using (person_id) where care.unit_id = %s"
        " group by 1 order by max(given_at), 1", (site_id,)
    ).fetchall()  # fmt: skip
    return int(rows[int(share * len(rows))][0])


def figures() -> dict[str, float]:
    """Seconds for what `flask figures` does."""
    found = {}
    for name, days in (("all days", None), ("two days", 2)):
        began = time.perf_counter()
        count_days(*([clock.today() - timedelta(days - 1)] if days else []))
        found[name] = round(time.perf_counter() - began, 2)
    return found
