"""How long the pages of the wishes take when a nation has registered.

    python -m bench.wishes [--wishes 1000000] [--people 180000] [--times 7]

The wishes lie on a PostgreSQL of their own: a quarter of them in one province, several states and
groups, communes of both schemes, one site with far more than the others; and besides at two sites
of the big province 2 and 5 in a hundred, all waiting to be called. Two other sites care for 20,000
and 50,000 people who had doses, of whom those are called whose next one is due. Each page is asked
for by somebody who is signed in, through the application in this process, audit and commit
included; the decisions are those of a page full of wishes. One JSON line on standard output: median
and worst milliseconds of each page, how many it shows, and how long the processors worked; and the
seconds in which the public figures of the nation's doses and wishes are counted. Exit code 1 when a
median is over MOST_MS.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import urlencode

from flask import Flask

from app import clock
from app.db import db
from app.i18n import show_date
from app.people.models import commune_label
from app.registrations import rules
from app.registrations.models import Registration
from app.units.models import Unit
from app.vaccines.models import catalogue_on
from app.visits.models import Dose
from bench.calling import Look, callings, dues, figures, gather, timed, watched
from bench.load import made_nation, say
from bench.seed import PICK, PROVINCES, Nation, fill
from bench.serve import machine
from tests import build
from tests.page_client import PageClient

MOST_MS = 300
PEOPLE, SITES, BIG, SMALL, PER_PAGE = 180_000, 3400, 1, 2, 50
CROWDS = (2, 5)  # of a hundred wishes
DUE = {40: 20_000, 41: 50_000}  # number of the site → of PEOPLE, who had doses
# State → how many of a hundred wishes are in it.
STATES = {
    "sent": 45, "approved": 15, "allocated": 15, "listed": 8, "done": 8, "draft": 5,
    "rejected": 2, "withdrawn": 2,
}  # fmt: skip
# Province p of the seed is one of the real ones here, with the communes of today and of before.
PLACES = """create unlogged table seed_place as
  with province as (select row_number() over (order by code) as p, code from area
                    where scheme = 'vn34' and level = 'province'),
       commune as (select p, c.code from province join area c on c.scheme = 'vn34'
                   and c.level = 'commune' and c.parent_code = province.code),
       place as (select p, 'vn34' as scheme, code from commune union all
                 select p, old_scheme, old_code from commune join area_successor s
                 on s.new_scheme = 'vn34' and s.new_code = commune.code and s.is_default)
  select p, scheme, code, row_number() over (partition by p order by scheme, code) - 1 as slot,
    count(*) over (partition by p)::int as slots from place"""
# What chance decides about each wish.
DRAWN = """create unlogged table seed_wish as
  select n, p, crowd, 1 + pick(n, 12, {people}) as like_person,
    case when crowd > 0 then 'allocated' else {state} end as state, {group} as grp,
    timestamp '{now}' - interval '1 second' * pick(n, 7, 7776000) as at,
    pick(n, 8, slots) as slot
  from (select n, crowd, case when crowd > 0 or pick(n, 1, 100) < 25 then {big}
          else 1 + pick(n, 2, {provinces}) end as p
        from (select n, case when n <= {first} then 1 when n <= {both} then 2 else 0 end as crowd
              from generate_series(1, {wishes}) n) numbered) drawn
  join (select p, slots from seed_place where slot = 0) place using (p)"""


def register(nation: Nation, wishes: int) -> None:
    """Fill the table, written by the server itself."""
    db.execute_sql(PICK)
    db.execute_sql("set session_replication_role = replica")
    db.execute_sql(PLACES)
    groups = [group.code for group in catalogue_on(clock.today()).groups]
    db.execute_sql(DRAWN.format(
        people=nation.people, wishes=wishes, big=BIG, provinces=PROVINCES, now=clock.now(),
        first=crowds(wishes)[0], both=sum(crowds(wishes)),
        state=_one_of([state for state, share in STATES.items() for _ in range(share)], 3),
        # Half of all are in the last group, the others evenly in all.
        group=_one_of(groups + groups[-1:] * len(groups), 4),
    ))  # fmt: skip
    db.execute_sql("analyze seed_wish; analyze seed_place")
    _fill(nation)
    db.execute_sql("reset session_replication_role")
    db.execute_sql("drop table seed_wish, seed_place; drop function pick")
    db.execute_sql("select setval('registration_id_seq', %s)", (wishes,))
    db.execute_sql("vacuum analyze")


def crowds(wishes: int) -> tuple[int, ...]:
    """How many wait at the sites where many do."""
    return tuple(wishes * share // 100 for share in CROWDS)


def had_doses(nation: Nation) -> dict[int, int]:
    """Number of the site → how many people who had doses it cares for."""
    return {k: nation.people * many // PEOPLE for k, many in DUE.items()}


def _one_of(words: list[str], salt: int) -> str:
    array = ",".join(f"'{word}'" for word in words)
    return f"(array[{array}])[1 + pick(n, {salt}, {len(words)})]"


def _fill(nation: Nation) -> None:
    # The first site of a province has a fifth of what is given to its sites.
    others = nation.sites // PROVINCES - 1
    nth = f"""case when crowd > 0 then crowd when pick(w.n, 5, 5) = 0 then 0
      else pick(w.n, 6, {others}) end"""
    site = f"{first_site(nation, 1)} + w.p - 1 + {PROVINCES} * {nth}"
    sent = "case when w.state <> 'draft' then w.at end"
    history = json.dumps(dict.fromkeys(rules.ITEMS, "no"))
    # Born otherwise than who has the name, so that few look like somebody; the number fits.
    year = "(1930 + pick(w.n, 13, 75))"
    number = f"""'001' || ((q.sex = 'F')::int + 2 * ({year} >= 2000)::int)
      || lpad(mod({year}, 100)::text, 2, '0') || lpad(mod(w.n, 1000000)::text, 6, '0')"""
    source = """seed_wish w join person q on q.id = w.like_person
      join seed_place a on a.p = w.p and a.slot = w.slot"""
    fill(Registration, source, id="w.n", code="lpad(w.n::text, 12, '0')", state="w.state",
         name="q.name", folded="q.folded", sex="q.sex", dob_year=year,
         dob_month="1 + pick(w.n, 14, 12)", dob_day="1 + pick(w.n, 15, 28)",
         phone="'09' || lpad(pick(w.n, 9, 100000000)::text, 8, '0')",
         kind="case when mod(w.n, 10) > 0 then 'CCCD' else '' end",
         number=f"case when mod(w.n, 10) > 0 then {number} else '' end",
         area_scheme="a.scheme", area_code="a.code", occupation="'Nông dân'",
         priority_group="w.grp", rank="w.grp::int", history=f"'{history}'::jsonb",
         wished_on=f"date '{clock.today()}' - 5 + pick(w.n, 11, 60)", unit_id="1 + w.p",
         site_id=f"case when w.state in ('allocated', 'listed', 'done') then {site} end",
         created_at="w.at", sent_at=sent, consent_at=sent)  # fmt: skip


def first_site(nation: Nation, p: int) -> int:
    """The id of the site of province p that has most."""
    return nation.site(PROVINCES + p - 1)


class Office:
    """Somebody who decides about wishes, and how long each page of theirs takes."""

    def __init__(self, app: Flask, unit_id: int, role: str) -> None:
        self.client = PageClient(app)
        unit = Unit.get_by_id(unit_id)
        build.sign_in(self.client, build.user(unit, role))
        self.mine = (Registration.unit if role == "province" else Registration.site) == unit_id

    def get(self, **asked: str) -> Look:
        """How long a page took, and how many it showed."""
        return timed(self.client, f"/registrations?{urlencode(asked)}")

    def decide(self, what: str, state: str, **given: str) -> Look:
        """How long a decision about all on the first page took, with the page that answers."""
        form = self.client.open_page(f"/registrations?state={state}").form("ids")
        data = form.values | {name: [value] for name, value in given.items()} | {"what": [what]}
        path = form.element.get("action")
        answer, took, worked = watched(lambda: self.client.post(path, data=data))
        assert answer.status_code == 200, f"{what}: {answer.status_code}"
        assert f"Đã ghi cho {PER_PAGE} người" in answer.text, f"{what} of fewer"
        return took, PER_PAGE, worked

    def mark(self, state: str, back: int) -> str:
        """The wish after which `back` wishes of a state come."""
        place = (Registration.rank, Registration.sent_at, Registration.id)
        found = Registration.select(Registration.id).where(self.mine, Registration.state == state)
        (row,) = found.order_by(*(one.desc() for one in place)).offset(back).limit(1)
        return str(row.id)

    def count(self, state: str) -> int:
        """How many are in a state."""
        return int(Registration.select().where(self.mine, Registration.state == state).count())

    def commune(self, scheme: str) -> str:
        """A commune of the scheme, as an officer types it."""
        row = Registration.select().where(self.mine, Registration.area_scheme == scheme).get()
        return commune_label(row.area_scheme, row.area_code)


def _queues(office: Office, states: tuple[str, ...]) -> Iterator[tuple[str, Callable[[], Look]]]:
    """First and last page, and one in the middle, of each state."""
    for state, number in ((state, office.count(state)) for state in states):
        if not number:
            continue
        yield f"{state}, first page", lambda s=state: office.get(state=s)
        for name, back in (("middle", number // 2), ("last page", min(PER_PAGE, number - 1))):
            after = office.mark(state, back)
            yield f"{state}, {name}", lambda s=state, a=after: office.get(state=s, after=a)


def _filters(
    office: Office, state: str, elsewhere: str
) -> Iterator[tuple[str, Callable[[], Look]]]:
    """Each filter with many, few and no wishes behind it, and all of them at once."""
    today = clock.today()
    last = catalogue_on(today).groups[-1].code
    new, old = office.commune("vn34"), office.commune("vn63")
    soon, late = show_date(today - timedelta(days=5)), show_date(today + timedelta(days=40))
    mark = office.mark(state, office.count(state) // 10)
    for name, asked in {
        "group 1": {"group": "1"}, "last group": {"group": last},
        "until today - 5": {"until": soon},
        "until today - 6": {"until": show_date(today - timedelta(days=6))},
        "until today + 40": {"until": late}, "commune of today": {"commune": new},
        "commune of before": {"commune": old}, "commune elsewhere": {"commune": elsewhere},
        "commune, late": {"commune": new, "after": mark},
        "until, late": {"until": soon, "after": mark},
        "all filters": {"group": last, "until": late, "commune": new},
        "all filters, few": {"group": "1", "until": soon, "commune": new},
    }.items():  # fmt: skip
        yield f"{state}, {name}", lambda asked=asked: office.get(state=state, **asked)


def pages(app: Flask, nation: Nation, wishes: int) -> Iterator[tuple[str, Callable[[], Look]]]:
    """(name, what measures it once) of each page; what decides comes last."""
    big, small = (Office(app, 1 + p, "province") for p in (BIG, SMALL))
    site_id = first_site(nation, BIG)
    site = Office(app, site_id, "site_head")
    for who, office in (("big province", big), ("small province", small)):
        for name, page in _queues(office, ("sent", "approved", "allocated", "listed", "rejected")):
            yield f"{who}: {name}", page
    for name, page in _filters(big, "sent", small.commune("vn34")):
        yield f"big province: {name}", page
    for name, page in _queues(site, ("allocated", "listed")):
        yield f"site: {name}", page
    yield from callings(app, nation, BIG, crowds(wishes))
    yield from dues(app, nation, had_doses(nation))
    yield "big province: approve 50", lambda: big.decide("approve", "sent")
    yield "big province: allocate 50", lambda: big.decide("allocate", "approved", site=str(site_id))
    yield "big province: reject 50", lambda: big.decide("reject", "sent", reason="Trùng")
    yield "everybody: figures", lambda: timed(PageClient(app), "/so-lieu")


def measure(
    app: Flask, nation: Nation, wishes: int, times: int
) -> dict[str, tuple[float, float, int, float]]:
    """Page → median and worst milliseconds, its rows, and the milliseconds of processors on the
    average; one call before does not count."""
    found = {}
    for name, page in pages(app, nation, wishes):
        page()
        took, rows, worked = zip(*(page() for _ in range(times)), strict=True)
        middle, most = round(statistics.median(took), 1), round(max(took), 1)
        found[name] = middle, most, rows[-1], round(statistics.mean(worked), 1)
        over = "  OVER" if middle > MOST_MS else ""
        say("{:8.1f} {:8.1f} {:4} {:8.1f}  ".format(*found[name]) + name + over)
    return found


def main() -> int:
    """Measure and print."""
    ask = argparse.ArgumentParser(prog="python -m bench.wishes", description=__doc__)
    ask.add_argument("--wishes", type=int, default=1_000_000)
    ask.add_argument("--people", type=int, default=PEOPLE)
    ask.add_argument("--times", type=int, default=7)
    given = ask.parse_args()
    with made_nation(given.people, SITES) as (_env, work):
        began = time.perf_counter()
        register(work.nation, given.wishes)
        gather(work.nation, had_doses(work.nation))
        say(f"{given.wishes:,} wishes in {time.perf_counter() - began:.0f} s")
        counted = figures()
        doses = Dose.select().count()
        say(f"figures of {doses:,} doses: {counted}")
        found = measure(work.app, work.nation, given.wishes, given.times)
        version = db.execute_sql("show server_version").fetchone()[0].split()[0]
    over = [name for name, (median, *_more) in found.items() if median > MOST_MS]
    told = {"wishes": given.wishes, "doses": doses, "ms": found, "over": over, "figures_s": counted}
    print(json.dumps(told | machine(version)))
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
