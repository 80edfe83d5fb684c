"""Step 2 of QĐ 5772/QĐ-BYT: the head of a site signs what was confirmed of a day, by name."""

import hashlib
from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import NamedTuple

from app import audit, clock
from app.accounts.actions import SignedIn, passwords
from app.accounts.models import User
from app.certificates.models import Confirmation, SignedDay, Unsigned, unsigned
from app.db import db
from app.words import Refused

MOST_DAYS = 31  # days that are signed at once


class Sheet(NamedTuple):
    """What is signed of a day of a site. `digest`: SHA-256 over its lines."""

    unit_id: int
    unit_name: str
    day: date
    lines: tuple[Unsigned, ...]
    digest: str

    @property
    def value(self) -> str:
        """What a form sends of it: another one when a line has changed."""
        return f"{self.unit_id}.{self.day.isoformat()}.{self.digest}"


def sheets(path: str) -> list[Sheet]:
    """What waits for a signature at the sites at or below `path` on the oldest days."""
    rows = unsigned(path, MOST_DAYS)
    found = []
    for (unit_id, name, day), group in groupby(rows, lambda row: row[:3]):
        lines = tuple(group)
        found.append(Sheet(unit_id, name, day, lines, digest(lines)))
    return found


def digest(lines: Iterable[Unsigned]) -> str:
    """Dose, version, person and identity version of each line, in the order of doses."""
    text = "\n".join(" ".join(map(str, line[4:])) for line in lines)
    return hashlib.sha256(text.encode()).hexdigest()


def check_password(password: str, by: SignedIn) -> None:
    """Whoever signs types the password again. Outside of a transaction (see passwords.verify).
    Raises Refused password_wrong, sign_in_wait."""
    user = passwords.verify(User.get_by_id(by.id).username, password)
    if user is None or user.id != by.id:
        raise Refused(("password", "password_wrong"))


def sign(values: Iterable[str], by: SignedIn) -> int:
    """Sign the sheets with these values, all or none; returns the number of doses. Raises Refused
    sign_nothing, and sign_moved when one is not as it was shown."""
    with db.atomic():
        waiting = {sheet.value: sheet for sheet in sheets(by.unit_path)}
        chosen = [waiting.get(value) for value in dict.fromkeys(values)]
        if not chosen:
            raise Refused(("days", "sign_nothing"))
        if None in chosen:
            raise Refused(("days", "sign_moved"))
        return sum(_sign(sheet, by) for sheet in chosen if sheet)


def _sign(sheet: Sheet, by: SignedIn) -> int:
    n = len(sheet.lines)
    signing = SignedDay.create(
        unit=sheet.unit_id, day=sheet.day, doses=n, digest=sheet.digest, by=by.id, at=clock.now()
    )
    mine = Confirmation.id.in_([line.id for line in sheet.lines]), Confirmation.signed.is_null()
    if Confirmation.update(signed=signing.id, waits=True).where(*mine).execute() != n:
        raise Refused(("days", "sign_moved"))
    audit.record("create", "signed_day", signing.id, doses=n, day=sheet.day.isoformat())
    return n
