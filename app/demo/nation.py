"""The units of the demo, from the Ministry down to a mobile site, and its accounts."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from random import Random
from typing import NamedTuple

from flask import g

from app import clock
from app.accounts import rules
from app.accounts.actions import SignedIn, hash_password, signed_in
from app.accounts.models import Membership, User
from app.accounts.roles import NAMES
from app.demo.people import people
from app.units.actions import Facts, create
from app.units.models import Area, Unit
from app.units.rules import TWO_LEVELS_FROM

ROOT, NAME = "BYT", "demo."
AT_A_SITE = "site_head reception screener vaccinator observer storekeeper"
# Accounts of the first province: what follows "demo.", the roles, and where.
ACCOUNTS = (
    ("boyte", "national", "nation"), ("soyte", "province", "province"),
    ("kiemtra", "auditor", "province"), ("congan", "police", "province"),
    ("phutrach", "site_head", "station"), ("tiepdon", "reception", "station"),
    ("bacsi", "screener", "station"), ("tiem", "vaccinator", "station"),
    ("theodoi", "observer", "station"), ("kho", "storekeeper", "station"),
)  # fmt: skip
SHOWN = 4


class NotADemo(RuntimeError):
    """The database holds units of the real world; made-up people have no place there."""


class SignIn(NamedTuple):
    """An account that was made; the password is kept nowhere else."""

    roles: str
    username: str
    password: str


def sites() -> list[Unit]:
    """The stations of the demo, the first ones first."""
    return list(Unit.select().where(Unit.level == "station").order_by(Unit.id))


def is_demo() -> bool:
    """Whether this database holds the demo; False: nothing at all. Raises NotADemo."""
    if not Unit.select().exists():
        return False
    if not User.select().where(User.username.startswith(NAME)).exists():
        raise NotADemo("This database holds units that are not of the demo. Nothing was added.")
    return True


def add_sites(n: int, seed: int) -> None:
    """Add `n` communes, each with its office and its station, in the provinces that follow the
    one that the seed picks; the first province has a hospital, the first station a mobile site."""
    root = Unit.get_or_none(Unit.code == ROOT) or _root()
    known = Unit.select().where(Unit.level == "commune").count()
    for area in islice(_communes(seed), known, known + n):
        province = _province(root, area)
        office = _made(province, "commune", f"UBND {_inside(area)}", area)
        station = _made(office, "station", f"Trạm y tế {_inside(area)}", area)
        if not known:
            _made(province, "hospital", "Bệnh viện đa khoa tỉnh", area)
            _made(station, "mobile", "Điểm tiêm nhà văn hóa", area)
        known += 1


def _root() -> Unit:
    row = Unit.create(level="national", code=ROOT, name="Bộ Y tế (thử)", valid_from=TWO_LEVELS_FROM)
    row.path = f"/{row.id}/"
    row.save()
    return row


def _communes(seed: int) -> list[Area]:
    provinces = list(Area.provinces("vn34"))
    first = Random(seed).randrange(len(provinces))
    turned = provinces[first:] + provinces[:first]
    return [area for province in turned for area in Area.communes("vn34", province.code)]


def _province(root: Unit, area: Area) -> Unit:
    code = area.province_code()
    known = Unit.get_or_none(Unit.code == f"DV{code}")
    own = Area.get(Area.scheme == "vn34", Area.code == code)
    return known or _made(root, "province", f"Sở Y tế {_inside(own)}", own)


def _inside(area: Area) -> str:
    """The name of an area in the middle of another name: "phường Ba Đình"."""
    return f"{area.name[0].lower()}{area.name[1:]}"


def _made(above: Unit, level: str, name: str, area: Area | None) -> Unit:
    facts = Facts(f"{name} (thử)", "", area, None)
    return Unit.get_by_id(create(above, level, "", TWO_LEVELS_FROM, facts))


def add_accounts(seed: int) -> list[SignIn]:
    """An account for each role, one that does everything at each of the first stations and at
    the hospital."""
    station = sites()[0]
    units = {
        "station": station, "commune": station.parent, "province": station.parent.parent,
        "nation": station.parent.parent.parent,
    }  # fmt: skip
    wanted = [(name, roles, [units[at]]) for name, roles, at in ACCOUNTS]
    hospital = Unit.get(Unit.level == "hospital")
    wanted.append(("yta", AT_A_SITE, [station, hospital]))
    wanted += [(f"yta{n}", AT_A_SITE, [at]) for n, at in enumerate(sites()[1:SHOWN], 2)]
    made = people(len(wanted), seed, first=10**9)
    return [
        _account(NAME + name, person.name, roles, at)
        for (name, roles, at), person in zip(wanted, made, strict=True)
    ]


def _account(username: str, name: str, roles: str, at: list[Unit]) -> SignIn:
    password = _password()
    row = User.create(
        username=username, name=f"{name} (thử)", folded=rules.plain(name), unit=at[0],
        password=hash_password(password), must_change=False, created_at=clock.now(),
    )  # fmt: skip
    for unit in at:
        Membership.create(user=row, unit=unit, roles=roles)
    return SignIn(_told(roles), username, password)


def _told(roles: str) -> str:
    return "làm tất cả tại điểm tiêm" if " " in roles else NAMES[roles]


def account(name: str) -> User:
    """The account of ACCOUNTS with this name, and its unit."""
    return User.select(User, Unit).join(Unit).where(User.username == NAME + name).get()


@contextmanager
def working(account: User, unit: Unit) -> Iterator[SignedIn]:
    """Act as somebody, so that the audit says who it was."""
    row = Membership.get(Membership.user == account, Membership.unit == unit)
    g.user = signed_in(row)
    try:
        yield g.user
    finally:
        del g.user


def new_passwords() -> list[SignIn]:
    """Other passwords for all accounts of the demo; what was forgotten cannot be told again."""
    found = []
    for row in Membership.select(Membership, User).join(User).where(User.username.startswith(NAME)):
        if row.unit_id != row.user.unit_id:
            continue
        password = _password()
        values = {"password": hash_password(password), "must_change": False, "active": True}
        User.update(epoch=User.epoch + 1, opened_at=clock.now(), **values).where(
            User.id == row.user_id
        ).execute()
        found.append(SignIn(_told(row.roles), row.user.username, password))
    return found


def _password() -> str:
    return "-".join("".join(secrets.choice(rules.EASY) for _ in range(4)) for _ in range(3))
