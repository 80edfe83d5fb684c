"""How fast a long list is taken in: `python -m bench.import_list --rows 20000`.

Makes a spreadsheet of made-up people at a station that knows `--people` already (some of whom are
on it), sends it through the same actions as the page, and prints JSON: seconds and rows a second of
reading, checking and writing, the longest request, and how much memory this process took at most.
"""

import argparse
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from typing import Any, NamedTuple

from flask import g

from app import create_app
from app.accounts.actions import signed_in
from app.accounts.models import Membership
from app.config import Config
from app.db import db
from app.demo import names
from app.imports import actions
from app.imports.kinds.headings import TEMPLATE
from app.imports.models import Upload
from app.people.actions import Details, Newcomer, register_many
from app.people.rules import Identity, Number, PartialDate
from app.spreadsheet import Sheet, xlsx
from bench.seed import make_tables
from tests import build
from tests.postgres import fresh_database, running_cluster


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--people", type=int, default=10_000, help="whom the station knows")
    parser.add_argument("--known", type=int, default=10, help="percent of the rows")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="postgres")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(argv)


def people(chance: random.Random) -> Iterator[dict[str, str]]:
    """Made-up people without end, each as a row of the template."""
    slots: dict[tuple[str, str], list[str]] = {}
    for part in names.parts():
        slots.setdefault((part.kind, part.sex), []).append(part.name)
    n = 0
    while True:
        n += 1
        sex = chance.choice("MF")
        name = " ".join(chance.choice(slots[kind, sex]) for kind in names.KINDS).upper()
        born = date(1930, 1, 1) + timedelta(chance.randrange(27_000))
        century = ["M", "F"].index(sex) + (2 if born.year >= 2000 else 0)
        yield {
            "name": name, "dob": born.strftime("%d/%m/%Y"), "sex": "Nam" if sex == "M" else "Nữ",
            "number": f"001{century}{born.year % 100:02}{n:06}",
            "phone": f"09{chance.randrange(10**8):08}", "group": "9", "address": f"Thôn {n % 9}",
        }  # fmt: skip


def newcomer(row: dict[str, str]) -> Newcomer:
    """The person of a row, as the register takes it."""
    day, month, year = map(int, row["dob"].split("/"))
    numbers = (Number("CCCD", row["number"]),)
    identity = Identity(
        row["name"],
        PartialDate(year, month, day),
        "M" if row["sex"] == "Nam" else "F",
        None,
        numbers,
    )
    return Newcomer(identity, numbers, Details(phone=row["phone"], priority_group="9"))


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds that `work` took, and what it gave."""
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


class Took(NamedTuple):
    """Seconds by the clock and of this process's processor time, and of the longest request."""

    seconds: float
    cpu: float
    longest: float


def repeated(work: Callable[[], int]) -> Took:
    """Do `work` until nothing is left."""
    took: list[float] = []
    left, cpu = 1, time.process_time()
    while left:
        seconds, left = timed(work)
        took.append(seconds)
    return Took(sum(took), time.process_time() - cpu, max(took))


def measure(given: argparse.Namespace) -> dict[str, Any]:
    """The figures, in an empty database."""
    _nation, _province, site = build.country()
    by = signed_in(Membership.get(Membership.user == build.user(site, "site_head")))
    g.user = by
    session = build.session(site, [], capacity=100_000)
    made = people(random.Random(given.seed))
    before = [next(made) for _ in range(given.people)]
    for start in range(0, len(before), 500):
        register_many([newcomer(row) for row in before[start : start + 500]], site.id, by)
    known = before[: given.rows * given.known // 100]
    rows = [*known, *(next(made) for _ in range(given.rows - len(known)))]
    cells: list[Sequence[str]] = [[row.get(field, "") for field in TEMPLATE] for row in rows]
    file = b"".join(xlsx(Sheet("Danh sách", [list(TEMPLATE.values()), *cells])))
    if db.is_closed():
        db.connect()
    del before, known, rows, cells
    reading, upload_id = timed(lambda: actions.upload(session, file, by))

    def upload() -> Upload:
        found: Upload = Upload.within("/").where(Upload.id == upload_id).get()
        return found

    checking = repeated(lambda: actions.check_some(upload(), by))
    found = upload().tally()
    actions.leave_rest(upload())
    writing = repeated(lambda: actions.write_some(upload(), by))
    if upload().state == "checking":  # some met a namesake of the list itself
        repeated(lambda: actions.check_some(upload(), by))
        actions.leave_rest(upload())
        repeated(lambda: actions.write_some(upload(), by))
    written = upload().tally()
    undoing = repeated(lambda: actions.undo_some(upload(), by))
    return {
        "rows": given.rows, "people": given.people, "database": given.database,
        "file_bytes": len(file), "found": found, "written": written,
        "undone": upload().tally(),
        "seconds": {
            "reading": round(reading, 1), "checking": round(checking.seconds, 1),
            "writing": round(writing.seconds, 1), "undoing": round(undoing.seconds, 1),
        },
        "rows_per_second": {
            "checking": round(given.rows / checking.seconds),
            "writing": round(given.rows / writing.seconds),
        },
        "rows_per_cpu_second": {
            "checking": round(given.rows / checking.cpu),
            "writing": round(given.rows / writing.cpu),
        },
        "longest_request": round(max(checking.longest, writing.longest, undoing.longest), 1),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "reader_peak_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
    }  # fmt: skip


def main(argv: list[str] | None = None) -> int:
    """Measure and print."""
    given = arguments(argv)
    with ExitStack() as stack:
        if given.database == "postgres":
            url = stack.enter_context(fresh_database(stack.enter_context(running_cluster())))
        else:
            url = f"sqlite:///{stack.enter_context(tempfile.TemporaryDirectory())}/bench.db"
        app = create_app(Config(url, "s" * 40, "d" * 40, "", False, 0, 4))
        stack.enter_context(app.app_context())
        db.connect(reuse_if_open=True)
        make_tables()
        print(json.dumps(measure(given), ensure_ascii=False, indent=1))
        db.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
