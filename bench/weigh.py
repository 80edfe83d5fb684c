"""What each page of the site weighs, cold and warm, against goals A1-A3. Exit code 1 when one is
too heavy.

Every address that answers GET is found in the URL map and opened by every role; the answers of
forms are taken from one day at a station (bench/day.py). KB are 1,000 bytes.
"""

import sys
import tempfile
from itertools import product
from typing import Any, NamedTuple

from flask import Flask
from werkzeug.routing import Rule

from app.accounts.roles import ROLES
from bench.day import ACTS, Day, make_day, step
from bench.scales import Scales, Weight, Wire


class Budget(NamedTuple):
    """Bytes of a first and of a repeated visit."""

    cold: int
    warm: int


ANY_PAGE = Budget(14_000, 14_000)
CSS = 1_500
DOSE_PATH = 1_400
REQUESTS, REQUESTS_WARM = 2, 1
# What follows a citizen's form is never the first page of a visit: the style sheet is there.
AFTERWARDS = Budget(2_600, 1_200)
SESSION_HOME = Budget(3_500, 1_500)
PAPER = Budget(6_500, 5_500)  # a certificate with a QR of level Q
# Endpoint, or name of a step of the day → budget (goal A2).
BUDGETS = {
    "accounts.sign_in": Budget(3_000, 1_200),
    "home": SESSION_HOME,
    "sessions.index": SESSION_HOME,
    "visits.board": SESSION_HOME,
    "portal.correct": Budget(2_000, 1_200),
    "portal.figures": Budget(2_000, 1_200),
    "portal.figures_by_place": Budget(3_000, 1_500),
    "portal.follow": Budget(2_000, 1_200),
    "portal.guide": Budget(2_000, 1_200),
    "portal.ill": Budget(2_000, 1_200),
    "portal.look_up": Budget(2_000, 1_200),
    "portal.register": Budget(2_000, 1_200),
    "portal.registration": Budget(2_000, 1_200),
    "portal.sites": Budget(3_000, 1_500),
    "verification.camera": Budget(2_000, 1_200),
    "verification.check": Budget(2_000, 1_200),
    "verification.checkpoint": Budget(4_500, 3_000),
    "citizen: result with QR": Budget(2_500, 2_000),
    # Never the first page of a visit: the look-up has brought the style sheet.
    "citizen: QR of the certificate": Budget(3_500, 2_000),
    "citizen: certificate on A4": PAPER,
    "citizen: tells of a reaction": AFTERWARDS,
    "citizen: report noted": AFTERWARDS,
    "citizen: photo of a report": AFTERWARDS,
    "citizen: report followed": AFTERWARDS,
    "citizen: wish sent": AFTERWARDS,
    "certificates.paper": PAPER,
    "certificates.wallet": PAPER,
    "certificate: printed": PAPER,
    "family: eight cards printed": Budget(13_000, 12_000),
    "stock.index": Budget(3_000, 2_000),
    "lists.of_session_as": Budget(13_000, 12_000),
    "lists.run_as": Budget(13_000, 12_000),
    "dashboard of a province": Budget(6_000, 4_000),
}
CITIZENS = ("portal.", "verification.")


class Row(NamedTuple):
    """A line of the table: the heaviest of its pages, and what is wrong with it."""

    weight: Weight
    who: str
    url: str
    budget: Budget
    faults: list[str]


def addresses(rule: Rule, ids: dict[str, list[Any]]) -> list[dict[str, Any]] | None:
    """All values for the arguments of a rule; None when an argument is not known here."""
    choices = []
    for name in sorted(rule.arguments):
        known = sorted(getattr(rule._converters[name], "items", ())) or ids.get(name)
        if not known:
            return None
        choices.append([(name, value) for value in known])
    return [dict(one) for one in product(*choices)]


def crawl(app: Flask, day: Day) -> tuple[list[Row], list[str], list[str]]:
    """(a row for each address that answers GET with a page, those that answer something else,
    those that answer a fault of ours or were not asked)."""
    heaviest: dict[str, Row] = {}
    unreached, broken = [], []
    clients = {role: Scales(app) for role in [*ROLES, "all of a station", "nobody"]}
    day.sign_in(clients)
    for rule in app.url_map.iter_rules():
        urls = _urls(app, rule, day)
        if "GET" not in (rule.methods or ()) or rule.endpoint == "asset":
            continue
        # Citizens are not signed in.
        who = {"nobody": clients["nobody"]} if rule.endpoint.startswith(CITIZENS) else clients
        pages, others = _pages(who, rule, urls)
        broken += [f"{rule.rule}: {status}" for status in others if status.startswith("5")]
        if pages:
            heaviest[rule.rule] = max(pages, key=lambda row: row.weight.cold)
        elif not urls:
            broken.append(f"{rule.rule}: bench/day.py has no ids for it")
        else:
            unreached.append(f"{rule.rule} ({', '.join(sorted(others))})")
    return list(heaviest.values()), sorted(unreached), broken


def _urls(app: Flask, rule: Rule, day: Day) -> list[str]:
    with app.test_request_context():
        adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
        found = addresses(rule, day.ids)
        return [adapter.build(rule.endpoint, values) for values in found or []]


def _pages(clients: dict[str, Scales], rule: Rule, urls: list[str]) -> tuple[list[Row], set[str]]:
    """(the pages of an address, what else it answered)."""
    rows, others = [], set()
    for (who, client), url in product(clients.items(), urls):
        client.get(url)
        wire = client.wire[-1]
        if wire.status == 200 and wire.text:
            rows.append(judged(client.weigh(rule.rule), who, url, rule.endpoint))
        else:
            others.add(str(wire.status) if wire.status != 200 else f"file of {wire.bytes:,} B")
    return rows, others


def judged(weight: Weight, who: str, url: str, kind: str) -> Row:
    """Compare a page with the budget of its kind."""
    budget = BUDGETS.get(weight.name) or BUDGETS.get(kind) or ANY_PAGE
    faults = []
    if weight.cold > budget.cold:
        faults.append(f"cold {weight.cold:,} > {budget.cold:,}")
    if weight.warm > budget.warm:
        faults.append(f"warm {weight.warm:,} > {budget.warm:,}")
    if weight.asks > REQUESTS or weight.asks_warm > REQUESTS_WARM:
        faults.append(f"{weight.asks}/{weight.asks_warm} requests")
    if weight.elsewhere:
        faults.append("other hosts: " + ", ".join(weight.elsewhere))
    return Row(weight, who, url, budget, faults)


def day_rows(app: Flask, day: Day) -> tuple[list[Row], list[str]]:
    """(the answers of forms, the forms that could not be sent)."""
    rows, lost = [], []
    for name in ACTS:
        try:
            weight, wire = step(app, day, name)
        except (AssertionError, IndexError) as why:
            lost.append(f"{name}: {why}"[:200])
            continue
        row = judged(weight, "", wire.path, name)
        if name.startswith("desk:"):
            row.faults.extend(dose_path_faults(wire))
            print(f"{name}: {wire.sent:,} bytes out, {wire.bytes:,} back")
        rows.append(row)
    return rows, lost


def dose_path_faults(wire: Wire) -> list[str]:
    """One packet each way, and no redirect (goals A1, A3)."""
    faults = []
    for what, size in (("request", wire.sent), ("answer", wire.bytes)):
        if size > DOSE_PATH:
            faults.append(f"{what} {size:,} > {DOSE_PATH:,}")
    if wire.status != 200:
        faults.append(f"status {wire.status} where 200 was to be")
    return faults


def style_faults(app: Flask) -> list[str]:
    """Style sheets that are too heavy, or that fetch something themselves."""
    from app.web import STATIC, static_url

    client, faults = Scales(app), []
    for path in sorted(STATIC.glob("*.css")):
        with app.test_request_context():
            url = static_url(path.name)
        sheet = client.get(url).get_data(as_text=True)
        if client.wire[-1].bytes > CSS:
            faults.append(f"{path.name}: {client.wire[-1].bytes:,} > {CSS:,}")
        if any(word in sheet for word in ("@font-face", "@import", "url(")):
            faults.append(f"{path.name} fetches more")
    return faults


def show(rows: list[Row]) -> None:
    """The table, the heaviest first."""
    wide = max(len(row.weight.name) for row in rows)
    print(f"{'':{wide}}   page   cold   warm  later  asks   budget         by")
    for row in sorted(rows, key=lambda row: -row.weight.cold):
        w, b = row.weight, row.budget
        verdict = "TOO HEAVY: " + "; ".join(row.faults) if row.faults else ""
        sizes = " ".join(f"{size:6,}" for size in (w.page, w.cold, w.warm, w.deferred))
        budget = f"{b.cold:6,}/{b.warm:<6,}"
        print(f"{w.name:{wide}} {sizes}  {w.asks}/{w.asks_warm}  {budget}  {row.who}  {verdict}")


def main() -> int:
    """Weigh everything."""
    with tempfile.TemporaryDirectory() as folder:
        app, day = make_day(f"sqlite:///{folder}/weigh.db")
        rows, unreached, broken = crawl(app, day)
        answers, lost = day_rows(app, day)
        faults = style_faults(app)
    rows += answers
    show(rows)
    for path in unreached:
        print(f"no page: {path}")
    for name in broken + lost:
        print(f"NOT REACHED: {name}")
    for fault in faults:
        print(f"TOO HEAVY: {fault}")
    heavy = sum(bool(row.faults) for row in rows) + len(faults) + len(broken + lost)
    print(f"{len(rows)} pages, {heavy} too heavy or not reached")
    return 1 if heavy else 0


if __name__ == "__main__":
    sys.exit(main())
