"""A made-up nation of any size, written by the server itself: INSERT … SELECT generate_series.

Ten million people in Python would take an hour; here they take minutes, and the rows are those
that the actions of the application write: identities, numbers that fit sex and birth year, care,
past visits with doses and ledger lines, sessions of today with lots. The same arguments give the
same rows.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from peewee import AutoField, Model

from app import clock
from app.accounts.actions import hash_password
from app.accounts.models import Membership, User
from app.audit import START, AuditHead
from app.cli import MIGRATIONS, Runner
from app.db import db
from app.demo import names
from app.people.models import Care, Document, IdentityVersion, Person
from app.schema import MODELS
from app.sessions.models import SessionLot, VaccinationSession
from app.stock.models import Holding, Lot, Movement
from app.units.actions import load_areas
from app.units.models import Unit, reference
from app.vaccines.actions import load_reference
from app.visits.models import Dose, Visit

PROVINCES = 34
PRODUCTS = ("COMIRNATY", "ASTRAZENECA")
ROLES = "site_head reception screener vaccinator observer storekeeper"
STOCK = 1_000_000
PAST_DAYS = (240, 150)
BIG = (Person, IdentityVersion, Document, Care, Visit, Dose, Movement)
# A random number below `of` that is always the same for (n, salt).
PICK = """
create or replace function pick(n bigint, salt int, of int) returns int language sql immutable
as 'select mod(hashint8extended(n, salt) & 1125899906842623, of)::int'
"""


class Nation(NamedTuple):
    """How large. Ids: sites FIRST_SITE+1 …; the user of site k is k, its session of today
    2·sites+k, its lots k (COMIRNATY) and sites+k (ASTRAZENECA)."""

    people: int
    sites: int

    def site(self, k: int) -> int:
        """The id of the unit of site k."""
        return 1 + PROVINCES + self.sites + k

    def session(self, k: int) -> int:
        """The id of the session of today of site k."""
        return 2 * self.sites + k


def make_tables() -> None:
    """By the migrations, with the reference data."""
    Runner(db.obj, str(MIGRATIONS)).up()
    load_areas()
    load_reference()


def seed(people: int, sites: int) -> Nation:
    """Fill the empty tables of a PostgreSQL database that has the reference data."""
    nation = Nation(people, sites)
    db.execute_sql(PICK)
    # Rows that are right by construction need no look at each foreign key.
    db.execute_sql("set session_replication_role = replica")
    _units(nation)
    _stock_and_sessions(nation)
    dropped = _drop_indexes()
    _people(nation)
    _past_doses(nation)
    for definition in dropped:
        db.execute_sql(definition)
    _set_sequences()
    db.execute_sql("reset session_replication_role")
    db.execute_sql("drop table seed_person, seed_dose, seed_part; drop function pick")
    for order in ("vacuum analyze", "checkpoint"):
        db.execute_sql(order)
    return nation


def fill(model: type[Model], source: str, **columns: str) -> None:
    """INSERT … SELECT from `source`: SQL for each column that is named, for the others what the
    model itself would write."""
    cells, values = [], []
    for field in model._meta.sorted_fields:
        if field.column_name in columns:
            cells.append((field.column_name, columns[field.column_name]))
        elif not isinstance(field, AutoField) and field.default is not None:
            default = field.default() if callable(field.default) else field.default
            cells.append((field.column_name, f"%s::{_type(field)}"))
            values.append(field.db_value(default))
    assert set(columns) <= {name for name, _ in cells}, f"{model.__name__} has no such column"
    into = ", ".join(f'"{name}"' for name, _ in cells)
    what = ", ".join(sql for _, sql in cells)
    table = model._meta.table_name
    db.execute_sql(f'insert into "{table}" ({into}) select {what} from {source}', tuple(values))


def _type(field: Any) -> str:
    return {"DATETIME": "timestamp", "JSON": "jsonb"}.get(field.field_type, field.field_type)


def _units(nation: Nation) -> None:
    since, s = date(2025, 7, 1), nation.sites
    rows = [(1, None, "/1/", "national", "N", "Bộ Y tế")]
    for p in range(1, PROVINCES + 1):
        rows.append((1 + p, 1, f"/1/{1 + p}/", "province", f"P{p}", f"Sở Y tế {p}"))
    for k in range(1, s + 1):
        above, commune, site = 2 + k % PROVINCES, 1 + PROVINCES + k, nation.site(k)
        path = f"/1/{above}/{commune}/"
        rows.append((commune, above, path, "commune", f"C{k}", f"Xã {k}"))
        rows.append((site, commune, f"{path}{site}/", "station", f"T{k}", f"Trạm y tế xã {k}"))
    fields = [Unit.id, Unit.parent, Unit.path, Unit.level, Unit.code, Unit.name, Unit.valid_from]
    Unit.insert_many([(*row, since) for row in rows], fields=fields).execute()
    password, now = hash_password("mot mat khau du dai"), _moment(clock.now())
    each = f"generate_series(1, {s}) k"
    here = f"k + {nation.site(0)}"
    fill(User, each, id="k", username="'tram' || k", name="'Nhân Viên ' || k",
         folded="'nhan vien ' || k", unit_id=here, password=_text(password), must_change="false",
         created_at=now)  # fmt: skip
    fill(Membership, each, user_id="k", unit_id=here, roles=_text(ROLES))
    fill(
        AuditHead, f"generate_series(1, {nation.site(s)}) k", chain="k", seq="0", seal=_text(START)
    )


def _stock_and_sessions(nation: Nation) -> None:
    s, now = nation.sites, _moment(clock.now())
    last = f"date '{clock.today() + timedelta(days=180)}'"
    for n, product in enumerate(PRODUCTS):
        lots = f"generate_series(1, {PROVINCES}) p"
        number = f"'{product[0]}' || lpad(p::text, 4, '0')"
        fill(Lot, lots, id=f"{n * PROVINCES} + p", product=_text(product), number=number,
             expires_on=last)  # fmt: skip
        each, site = f"generate_series(1, {s}) k", f"k + {nation.site(0)}"
        fill(Holding, each, id=f"{n * s} + k", lot_id=f"{n * PROVINCES} + 1 + mod(k, {PROVINCES})",
             unit_id=site, balance=str(STOCK))  # fmt: skip
        fill(Movement, each, holding_id=f"{n * s} + k", kind="'receipt'", doses=str(STOCK),
             by_id="k", at=f"{now} - interval '300 days'")  # fmt: skip
    for n, ago in enumerate((*PAST_DAYS, 0)):
        fill(VaccinationSession, each, id=f"{n * s} + k", unit_id=site, held_on=f"{_day(ago)}",
             half_day="'day'", tables="9", capacity=str(2 * STOCK), created_by_id="k",
             created_at=now)  # fmt: skip
    for n in range(len(PRODUCTS)):
        fill(SessionLot, each, session_id=f"{nation.session(0)} + k", holding_id=f"{n * s} + k")


def _people(nation: Nation) -> None:
    _draw(nation)
    now = _moment(clock.now() - timedelta(days=300))
    named = """seed_person p
      join seed_part f on f.kind = 'family' and f.sex = p.sex and f.slot = p.family
      join seed_part m on m.kind = 'middle' and m.sex = p.sex and m.slot = p.middle
      join seed_part g on g.kind = 'given' and g.sex = p.sex and g.slot = p.given"""
    whole = {"name": "f.name || ' ' || m.name || ' ' || g.name"}
    identity = {"sex": "p.sex", "dob_year": "p.year", "dob_month": "p.month", "dob_day": "p.day"}
    keys = {
        "folded": "f.folded || ' ' || m.folded || ' ' || g.folded",
        "sound": "f.sound || ' ' || m.sound || ' ' || g.sound",
        "sort_key": "g.sort_key || ' ' || m.sort_key || ' ' || f.sort_key",
        "phone": "case when pick(p.n, 20, 5) > 0"
        " then '09' || lpad(pick(p.n, 21, 100000000)::text, 8, '0') end",
    }
    fill(Person, named, id="p.n", **whole, **identity, **keys, created_at=now)
    # The number carries century and sex, year and six digits (NĐ 137/2015/NĐ-CP).
    number = (
        "p.province || ((p.sex = 'F')::int + 2 * (p.year >= 2000)::int) || "
        "lpad(mod(p.year, 100)::text, 2, '0') || lpad(mod(p.n, 1000000)::text, 6, '0')"
    )
    fill(Document, "seed_person p", person_id="p.n", kind="'CCCD'", number=number, added_at=now)
    same = {name: f"p.{name}" for name in ("name", *identity)}
    fill(IdentityVersion, "person p", person_id="p.id", seq="1", **same, at=now)
    fill(Care, "seed_person p", person_id="p.n", unit_id=f"p.site + {nation.site(0)}", since=now)


def _draw(nation: Nation) -> None:
    """What chance decides about each person: one row each."""
    fields = names.Part._fields
    db.execute_sql(
        "create unlogged table seed_part (kind text, sex text, slot int, name text, folded text,"
        " sound text, sort_key text)"
    )
    marks = ", ".join(["%s"] * len(fields))
    for part in names.parts():
        db.execute_sql(f"insert into seed_part values ({marks})", tuple(part))
    codes = [row["code"] for row in reference("id_province_codes")]
    db.execute_sql(_drawn(nation, codes))
    db.execute_sql("analyze seed_person; analyze seed_part")


def _drawn(nation: Nation, codes: list[str]) -> str:
    def slots(kind: str) -> str:
        return f"case sex when 'M' then {names.count(kind, 'M')} else {names.count(kind, 'F')} end"

    year = clock.today().year
    # Children, grown-ups and the old in the proportions of the census of 2019.
    age = """case when pick(n, 2, 100) < 27 then pick(n, 3, 18)
             when pick(n, 2, 100) < 91 then 19 + pick(n, 3, 45) else 66 + pick(n, 3, 30) end"""
    array = "array[" + ",".join(f"'{code}'" for code in codes) + "]"
    # People whose last six digits are alike get different provinces.
    province = (
        f"({array})[1 + mod(pick(mod(n, 1000000), 6, {len(codes)}) + n / 1000000, {len(codes)})]"
    )
    return f"""
      create unlogged table seed_person as
      select n, sex, {year} - age as year, site, province,
             case when pick(n, 4, 20) > 0 then 1 + pick(n, 5, 12) end as month,
             case when pick(n, 4, 20) > 0 then 1 + pick(n, 7, 28) end as day,
             pick(n, 8, {slots("family")}) as family, pick(n, 9, {slots("middle")}) as middle,
             pick(n, 10, {slots("given")}) as given,
             case when age < 19 then 0 when pick(n, 11, 10) < 4 then 0
                  when pick(n, 11, 10) < 8 then 1 else 2 end as doses,
             pick(n, 12, {len(PRODUCTS)}) as product
      from (select n, {age} as age, 1 + pick(n, 13, {nation.sites}) as site,
                   {province} as province, case pick(n, 1, 2) when 0 then 'M' else 'F' end as sex
            from generate_series(1, {nation.people}) n) drawn"""


def _past_doses(nation: Nation) -> None:
    """One visit with a dose for each past dose of a person, in the past sessions of their site."""
    s = nation.sites
    db.execute_sql(f"""
      create unlogged table seed_dose as
      select row_number() over () as id, p.n as person, p.site, p.product, k as nth,
             (k - 1) * {s} + p.site as session, p.product * {s} + p.site as holding,
             row_number() over (partition by k, p.site order by p.n) as queue_no,
             (case k when 1 then {_day(PAST_DAYS[0])} else {_day(PAST_DAYS[1])} end)
               + time '01:00' + interval '1 second' * pick(p.n, 14, 28800) as at
      from seed_person p cross join generate_series(1, 2) k where k <= p.doses""")
    site, soon = f"d.site + {nation.site(0)}", "d.at + interval '30 minutes'"
    fill(Visit, "seed_dose d", id="d.id", session_id="d.session", unit_id=site,
         person_id="d.person", state="'done'", version="5", queue_no="d.queue_no",
         arrived_at="d.at", arrived_by_id="d.site", consent_at="d.at", consent_by_id="d.site",
         consent_relation="'self'", conclusion="'DU_DIEU_KIEN'", computed="'DU_DIEU_KIEN'",
         screened_at="d.at", screened_by_id="d.site", observe_until=soon, ended_at=soon,
         ended_by_id="d.site")  # fmt: skip
    volumes = {"COMIRNATY": Decimal("0.3"), "ASTRAZENECA": Decimal("0.5")}
    volume = f"(array[{', '.join(str(volumes[product]) for product in PRODUCTS)}])[d.product + 1]"
    fill(Dose, "seed_dose d join holding h on h.id = d.holding join lot l on l.id = h.lot_id",
         id="d.id", visit_id="d.id", person_id="d.person", unit_id=site, session_id="d.session",
         holding_id="d.holding", product="l.product", lot_number="l.number",
         expires_on="l.expires_on", kind="'CO_BAN'", seq="d.nth", overall="d.nth",
         volume_ml=volume, body_part="'left_arm'", given_at="d.at", vaccinator_id="d.site",
         recorded_by_id="d.site", recorded_at="d.at")  # fmt: skip
    fill(Movement, "seed_dose d", holding_id="d.holding", kind="'dose'", doses="-1",
         source_id="d.id", by_id="d.site", at="d.at")  # fmt: skip
    db.execute_sql("""update holding h set balance = balance - n
      from (select holding, count(*) n from seed_dose group by 1) d where d.holding = h.id""")
    db.execute_sql("""update vaccination_session s set last_queue_no = n
      from (select session, count(*) n from seed_dose group by 1) d where d.session = s.id""")


def _drop_indexes() -> list[str]:
    """Drop the indexes of the big tables; returns what makes them again, many times faster than
    row by row."""
    tables = [model._meta.table_name for model in BIG]
    rows = db.execute_sql(
        "select c.relname, pg_get_indexdef(i.indexrelid) from pg_index i"
        " join pg_class c on c.oid = i.indexrelid"
        " where i.indrelid::regclass::text = any(%s)"
        " and not exists (select from pg_constraint where conindid = i.indexrelid)",
        (tables,),
    ).fetchall()
    for name, _ in rows:
        db.execute_sql(f'drop index "{name}"')
    return [definition for _, definition in rows]


def _set_sequences() -> None:
    for model in MODELS:
        key = model._meta.primary_key
        if isinstance(key, AutoField):
            table = model._meta.table_name
            db.execute_sql(
                f"select setval(pg_get_serial_sequence('\"{table}\"', '{key.column_name}'),"
                f' coalesce(max("{key.column_name}"), 0) + 1, false) from "{table}"'
            )


def _moment(at: datetime) -> str:
    return f"timestamp '{at}'"


def _day(ago: int) -> str:
    return f"date '{clock.today() - timedelta(days=ago)}'"


def _text(text: str) -> str:
    assert "'" not in text and "%" not in text
    return f"'{text}'"
