"""Requests as real browsers send them: each form is taken from the page that the application
shows, with the cookie of somebody who is signed in."""

import itertools
import secrets
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from flask import Flask, session
from flask_wtf.csrf import generate_csrf

from app.accounts.models import User
from app.db import db
from app.visits.actions import sealed
from bench.client import Sent
from bench.seed import Nation
from tests import build
from tests.page_client import PageClient

HEAD = (
    "POST {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n"
    "Accept-Encoding: gzip, deflate\r\nAccept: text/html\r\nAccept-Language: vi\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n"
)
MOST_DESKS = 1000


class Desk:
    """Somebody who works at the one desk of a site: cookie, token, and the forms of the page."""

    def __init__(self, app: Flask, nation: Nation, site: int) -> None:
        self.nation, self.site = nation, site
        client = PageClient(app)
        build.sign_in(client, User.get_by_id(site))
        with client.session_transaction() as kept:
            kept["csrf_token"] = mark = secrets.token_hex(20)
        self.cookie = f"s={client.get_cookie('s').value}"
        # A context of its own: Flask-WTF keeps the token of the first desk in the outer one.
        with app.app_context(), app.test_request_context():
            session["csrf_token"] = mark
            self.token = generate_csrf()
        self.client = client
        self.key = app.extensions["config"].key("met")
        self.page = f"/sessions/{nation.session(site)}/desk"

    def lookup(self, number: str) -> bytes:
        """The card of somebody is scanned."""
        return self._post(self.page, {"what": number, "key": secrets.token_urlsafe(16)})

    def dose(self, fields: dict[str, Any], person: int, product: int) -> bytes:
        """The first button of the filled form is pressed."""
        session_id = self.nation.session(self.site)
        mine = {
            "key": secrets.token_urlsafe(16), "vaccinator_id": self.site,
            "person": sealed(self.key, self.site, session_id, person),
            "holding_id": product * self.nation.sites + self.site, "go": "dose",
        }  # fmt: skip
        return self._post(f"{self.page}/dose", {**fields, **mine})

    def _post(self, path: str, fields: dict[str, Any]) -> bytes:
        body = urlencode({**fields, "csrf_token": self.token})
        head = HEAD.format(path=path, cookie=self.cookie, length=len(body))
        return (head + body).encode()

    def form(self, number: str) -> dict[str, Any]:
        """The fields of the form that the page shows for a person."""
        self.client.open_page(self.page, status=200)
        found = self.client.open_page(self.page).submit("what", what=number)
        form = found.form("go")
        wanted = {"person", "holding_id", "vaccinator_id", "table_no", "body_part"}
        assert wanted <= form.names, f"not the form of a dose: {sorted(form.names)}"
        return {name: values[0] for name, values in form.values.items()}


class Work:
    """Endless look-ups and as many doses as there are grown-ups, at all sites in turn."""

    def __init__(self, app: Flask, nation: Nation) -> None:
        self.app, self.nation = app, nation
        sites = range(1, min(nation.sites, MOST_DESKS) + 1)
        self.desks = [Desk(app, nation, site) for site in sites]
        self.doses = self._doses()
        self.lookups = self._lookups()

    def ahead(self, doses: int, number: int) -> Iterator[Sent]:
        """`number` requests, made before the clock starts: so many doses in a hundred, the others
        look-ups, evenly spread. Doses that are not sent come again in the next call."""
        due = [(n + 1) * doses // 100 > n * doses // 100 for n in range(number)]
        ready = list(itertools.islice(self.doses, sum(due)))
        asked = iter(list(itertools.islice(self.lookups, number - sum(due))))
        self.doses = itertools.chain(waiting := iter(ready), self.doses)
        return self._dealt(due, waiting, asked)

    def _dealt(
        self, due: list[bool], doses: Iterator[Sent], others: Iterator[Sent]
    ) -> Iterator[Sent]:
        for is_dose in due:
            request = next(doses if is_dose else others, None)
            if request is None:
                return
            yield request

    def _doses(self) -> Iterator[Sent]:
        """Each person once, at the site that cares for them, with what they had before."""
        fields: dict[str, Any] = {}
        for person, number, site, product in _people(self.nation, len(self.desks)):
            desk = self.desks[site - 1]
            fields = fields or desk.form(number)
            yield Sent("dose", desk.dose(fields, person, product), person)

    def _lookups(self) -> Iterator[Sent]:
        """Anybody in the country, asked for at any desk."""
        step = 7919  # a prime: everybody comes before anybody comes again
        for n in itertools.count(1):
            batch = [1 + (n * 1000 + k) * step % self.nation.people for k in range(1000)]
            rows = db.execute_sql(
                "select person_id, number from document where person_id = any(%s)", (batch,)
            )
            for person, number in rows.fetchall():
                desk = self.desks[person * 31 % len(self.desks)]
                yield Sent("lookup", desk.lookup(number), person)


def _people(nation: Nation, desks: int) -> Iterator[tuple[int, str, int, int]]:
    """(person, number, site, product) of those who may have a dose now: from 19 to 64 years (their
    temperature is all that must be measured), in no order that an index would like."""
    batch, first = 2000, 0
    while True:
        rows = db.execute_sql(
            "select p.id, d.number, c.unit_id - %s as site, coalesce((select case product"
            "   when 'COMIRNATY' then 0 else 1 end from dose where person_id = p.id limit 1), 0)"
            " from generate_series(%s::bigint, %s) n"
            " join person p on p.id = (1 + mod(n * 104729, %s))::int"
            " join document d on d.person_id = p.id join care c on c.person_id = p.id"
            " where extract(year from now()) - p.dob_year between 19 and 63"
            " and c.unit_id - %s <= %s",
            (nation.site(0), first, first + batch - 1, nation.people, nation.site(0), desks),
        ).fetchall()
        yield from rows
        first += batch
        if first >= nation.people:
            return
