"""What strangers and holders send to the public pages: people who do not exist, each with a slip, a
wish and a ticket, and requests as a browser behind the project's proxy sends them."""

import itertools
import json
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC
from typing import NamedTuple
from urllib.parse import urlencode

from app import clock
from app.certificates.actions import pin_key
from app.certificates.models import Slip
from app.certificates.rules import checked, pin, signs
from app.corrections.actions.note import SIGNS
from app.corrections.models import Ticket
from app.db import db
from app.notices.rules import signature
from app.people.models import Person
from app.registrations import rules
from app.registrations.models import Registration
from bench.client import Answer, Sent
from bench.seed import fill

HEAD = (
    "POST {path} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: {address}\r\nAccept: text/html\r\n"
    "Accept-Language: vi\r\nContent-Type: {kind}\r\n{more}Content-Length: {length}\r\n\r\n"
)
LOOK_UP, WISH, TICKET = "/tra-cuu", "/ket-qua-dang-ky", "/phan-anh/theo-doi"
REGISTER, SMS = "/dang-ky-tiem", "/sms"
EVIDENCE, EDGE = "/phan-anh/anh", "edge-of-parts"
WAIT = "da thu qua nhieu lan"  # what a message says instead of a status
NEWEST = (
    """(select person_id, max(id) as id, max(unit_id) as unit from visit group by person_id) v"""
)
HELD = """select p.id, p.name, d.number, p.dob_year, p.dob_month, p.dob_day, s.nonce from person p
  join document d on d.person_id = p.id join slip s on s.person_id = p.id
  where p.dob_day is not null and p.dob_month is not null order by p.id"""


Ask = Callable[[Iterator[Sent], int], list[Answer]]


class Line(NamedTuple):
    """A line of the table."""

    what: str
    goal: str
    figure: str
    met: bool


class Holder(NamedTuple):
    """Somebody with a slip, a wish and a ticket; all that they know."""

    name: str
    number: str
    born: str
    pin: str
    phone: str
    wish: str
    ticket: str

    @property
    def year(self) -> str:
        """The year of birth."""
        return self.born[-4:]


def slips() -> None:
    """A slip for everybody who was vaccinated."""
    fill(Slip, NEWEST, visit_id="v.id", person_id="v.person_id", unit_id="v.unit",
         code="'BENCH' || lpad(v.id::text, 12, '0')", nonce="md5(v.id::text)", prints="1",
         issued_at=f"timestamp '{clock.now()}'", issued_by_id="1")  # fmt: skip


def holders(with_wish: int) -> list[Holder]:
    """Everybody who has a slip; the first `with_wish` of them have a wish and a ticket too."""
    slips()
    found, key, rows = [], pin_key(), db.execute_sql(HELD).fetchall()
    for n, (person_id, name, number, year, month, day, nonce) in enumerate(rows):
        wish, ticket = rules.code(secrets.randbelow(rules.CODES)), ticket_code(n)
        found.append(Holder(
            name, number, f"{day:02}/{month:02}/{year}", pin(key, nonce), f"0912{n:06}", wish,
            ticket,
        ))  # fmt: skip
        if n < with_wish:
            _wish(found[-1], Person.get_by_id(person_id))
            _ticket(found[-1])
    return found


def _wish(one: Holder, person: Person) -> None:
    now = clock.now()
    day, month, year = (int(part) for part in one.born.split("/"))
    Registration.create(
        code=one.wish, state="sent", name=one.name, folded=person.folded, sex=person.sex,
        dob_year=year, dob_month=month, dob_day=day, phone=one.phone, kind="CCCD",
        number=one.number, area_scheme="vn34", area_code="00004", unit=2, created_at=now,
        sent_at=now,
    )  # fmt: skip


def _ticket(one: Holder) -> None:
    today = clock.today()
    Ticket.create(
        code=one.ticket, kind="missing", half="health", channel="page", unit=2,
        phone=one.phone, asked_at=clock.now(), due_answer=today, due_settle=today,
    )  # fmt: skip


def elsewhere() -> Iterator[str]:
    """Addresses that nobody asked from before (of the block for measurements, RFC 2544)."""
    for n in itertools.count(256):
        yield f"198.{18 + n // 65536}.{n // 256 % 256}.{n % 256}"


def page(path: str, fields: dict[str, str], address: str, ref: int = 0) -> Sent:
    """A form that is sent."""
    return _sent(
        path, urlencode(fields).encode(), address, "application/x-www-form-urlencoded", ref
    )


def message(key: str, phone: str, text: str, ref: int = 0) -> Sent:
    """A message to the short number, as the gateway hands it on."""
    told = {"kind": "message", "id": secrets.token_hex(8), "from": phone, "text": text}
    body, at = json.dumps(told).encode(), str(int(clock.now().replace(tzinfo=UTC).timestamp()))
    more = f"X-Time: {at}\r\nX-Signature: {signature(key, at, body)}\r\n"
    return _sent(SMS, body, "198.18.0.1", "application/json", ref, more)


def _sent(path: str, body: bytes, address: str, kind: str, ref: int, more: str = "") -> Sent:
    head = HEAD.format(path=path, address=address, kind=kind, more=more, length=len(body))
    return Sent(path, head.encode() + body, ref)


def look_up(number: str, born: str, code: str, address: str, ref: int = 0) -> Sent:
    """Number, birth date and PIN."""
    return page(LOOK_UP, {"what": number, "dob": born, "pin": code}, address, ref)


def open_wish(code: str, phone: str, year: str, address: str) -> Sent:
    """Code, telephone and year of a wish."""
    return page(WISH, {"code": code, "phone": phone, "year": year}, address)


def follow(code: str, phone: str, address: str) -> Sent:
    """Code and telephone of a ticket."""
    return page(TICKET, {"code": code, "phone": phone}, address)


def photo(mark: str, data: bytes, address: str) -> Sent:
    """A photo for a ticket."""
    said = f'--{EDGE}\r\nContent-Disposition: form-data; name="{{}}"'
    body = f"{said.format('mark')}\r\n\r\n{mark}\r\n{said.format('picture')}"
    body += '; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    whole = body.encode() + data + f"\r\n--{EDGE}--\r\n".encode()
    return _sent(EVIDENCE, whole, address, f"multipart/form-data; boundary={EDGE}", 0)


def register(number: str, born: str, phone: str, address: str) -> Sent:
    """The first step of a registration."""
    return page(REGISTER, {
        "name": "Nguyễn Thị Lạ", "dob": born, "sex": "F", "phone": phone, "country": "Việt Nam",
        "number": number, "commune": "Ba Đình, Hà Nội", "key": secrets.token_urlsafe(16),
    }, address)  # fmt: skip


def ticket_code(n: int) -> str:
    """A code that a ticket may have."""
    return checked(signs(n, SIGNS))


def number_near(prefix: str, n: int) -> str:
    """A national number that nobody has: no province has code 099."""
    return f"{prefix}{n:0{12 - len(prefix)}}"


def other(code: str) -> str:
    """Six digits that are not this PIN."""
    return f"{(int(code) + 1) % 10**6:06}"


def later(born: str) -> str:
    """Another birth date."""
    day, month, year = (int(part) for part in born.split("/"))
    return f"{day:02}/{month:02}/{year - 1}"
