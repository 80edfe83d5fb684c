"""A day at a station as `make weigh` sees it: a province with people of all kinds, and the answers
that its forms give."""

import itertools
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from flask import Flask
from peewee import fn

from app import clock, create_app
from app.accounts.actions import signed_in
from app.accounts.models import Membership, User
from app.accounts.roles import ROLES, fitting
from app.amendments import actions as amendments
from app.certificates import rules
from app.certificates.actions import issue_slip, pin_key
from app.certificates.models import Certificate, Slip
from app.config import Config
from app.corrections import actions as corrections
from app.corrections.models import Ticket
from app.corrections.views.queue import PER_PAGE as TICKETS
from app.db import db
from app.demo import names
from app.imports import actions as uploads
from app.imports.kinds.headings import TEMPLATE
from app.imports.kinds.wishes import Organisation
from app.imports.models import PastFile, Upload, WishFile
from app.lists.models import PrintRun, expected
from app.people.models import Alert, Document, Person
from app.reactions.models import Reaction
from app.registrations.models import Registration
from app.registrations.rules import ITEMS, code
from app.registrations.views.queue import PER_PAGE as WISHES
from app.sessions.models import VaccinationSession
from app.sessions.views.calling import AT_ONCE as CALLED
from app.spreadsheet import Sheet, xlsx
from app.stock.models import Holding
from app.units.models import Unit
from app.visits.models import Dose, Visit
from bench.papers import Papers, papers
from bench.scales import Scales, Weight, Wire
from bench.seed import make_tables
from tests import build
from tests.certificates.issued import issued

EXPECTED, WAITING, PAST, LISTED, LATE = 60, 6, 40, 30, 40
LONG_LIST = 500
SITES = 30
PAST_HEADINGS = [
    "Họ và tên", "Ngày sinh", "Giới tính", "CMND/CCCD/Hộ chiếu", "Tên vắc xin", "Ngày tiêm",
    "Mũi tiêm", "Số lô", "Cơ sở tiêm",
]  # fmt: skip
ENDED = ("refused", "delayed", "contraindicated", "referred", "left")
PRODUCTS = ("COMIRNATY", "ASTRAZENECA", "SPIKEVAX", "VERO_CELL", "HAYAT_VAX", "ABDALA")


class Day(NamedTuple):
    """ids: values for the arguments of addresses, by their names."""

    nation: Unit
    province: Unit
    station: Unit
    staff: User
    session: VaccinationSession
    known: Person
    papers: Papers
    ids: dict[str, list[Any]]

    def sign_in(self, clients: dict[str, Scales]) -> None:
        """Each role at the unit where it belongs; "all of a station" has all that a site has."""
        for who, client in clients.items():
            if who == "all of a station":
                build.sign_in(client, self.staff)
            elif who in ROLES:
                places = (self.station, True), (self.province, False), (self.nation, False)
                unit = next(u for u, site in places if who in fitting(u.level_id, site))
                build.sign_in(client, build.user(unit, who))


def make_day(url: str) -> tuple[Flask, Day]:
    """The application on a new database, and the day that it holds."""
    app = create_app(Config(url, "s" * 40, "d" * 40, "http://sotiem.soyte.vn", False, 0, 4,
                            sms_number="8899"))  # fmt: skip
    app.testing = True
    app.app_context().push()
    db.connect(reuse_if_open=True)
    make_tables()
    with db.atomic():
        return app, make_day_here()


def make_day_here() -> Day:
    """The day, in the empty tables of the present database."""
    nation, province, station = build.country()
    staff = build.user(station)
    people = _people(station)
    lots = [build.holding(station, product, 300) for product in PRODUCTS]
    past = build.session(station, lots, held_on=clock.today() - timedelta(days=90))
    known = next(people)
    _dose(past, known, lots[0])
    for person in itertools.islice(people, PAST):
        _dose(past, person, lots[0])
    today = build.session(station, lots, capacity=300)
    for person in itertools.islice(people, EXPECTED):
        build.expected(today, person)
    long = build.session(station, lots, capacity=LONG_LIST)
    for person in itertools.islice(people, LONG_LIST):
        build.expected(long, person)
    visits = _visits(today, lots[0], people)
    issued = _slip(visits["done"], staff)
    sent = _upload(today, staff, people)
    paper = PrintRun.create(
        unit=station, kind="paper", session=long, at=clock.now(), by=staff, blank=20
    )
    paper.fill(expected(long.id))
    _other_sites(province, people)
    _wishes(province, station, people)
    certified = papers(staff, lots[0], people)
    known_number = Document.get(Document.person == known)
    ids: dict[str, list[Any]] = {
        "session_id": [today.id, long.id, past.id],
        "visit_id": [visit.id for visit in visits.values()],
        "person_id": [known.id, visits["done"].person_id],
        "document_id": [known_number.id],
        "unit_id": [station.id, province.id],
        "user_id": [staff.id],
        "holding_id": [lots[0].id],
        "code": [issued.code],
        "upload_id": [sent],
        "dose_id": [Dose.get(Dose.visit == visits["done"]).id],
        "amendment_id": _amendments(today, visits["done"], lots[0], people, staff),
        "run_id": [paper.id],
        "file_id": [_organisation(province, people)],
        "past_id": [_past_doses(staff, people)],
        "ticket_id": _tickets(visits["done"]),
    } | certified.ids()
    return Day(nation, province, station, staff, today, known, certified, ids)


def _people(station: Unit) -> Iterator[Person]:
    """Grown-ups with names of usual lengths."""
    lists: dict[str, dict[str, list[str]]] = {}
    for part in names.parts():
        lists.setdefault(part.sex, {}).setdefault(part.kind, []).append(part.name)
    for n in itertools.count():
        sex = "MF"[n % 2]
        called = (lists[sex][kind][n * 7 % len(lists[sex][kind])] for kind in lists[sex])
        yield build.person(
            station, name=" ".join(called), sex=sex, dob_year=1960 + n * 13 % 40,
            dob_month=1 + n % 12, dob_day=1 + n % 28, phone=f"09{n:08}",
        )  # fmt: skip


def _dose(session: VaccinationSession, person: Person, lot: Holding) -> Visit:
    at = clock.now() - timedelta(days=(clock.today() - session.held_on).days)
    visit = build.visit(session, person, state="ready")
    build.dose(visit, lot, given_at=at, recorded_at=at)
    return visit


def _visits(
    session: VaccinationSession, lot: Holding, people: Iterator[Person]
) -> dict[str, Visit]:
    """Several visits in each state; the last of each."""
    found = {}
    for state in ("arrived", "consented", "ready", *ENDED):
        for person in itertools.islice(people, WAITING):
            found[state] = build.visit(session, person, state=state)
    for state in ("observing", "done"):
        for person in itertools.islice(people, WAITING):
            found[state] = _dose(session, person, lot)
            if state == "observing":
                ends = {"state": state, "ended_at": None, "ended_by": None}
                Visit.update(**ends).where(Visit.id == found[state].id).execute()
    done = found["done"]
    Reaction.create(
        visit=done, dose=Dose.get(Dose.visit == done), unit=done.unit_id, signs=["rash"],
        noted_at=clock.now(), noted_by=done.arrived_by_id,
    )  # fmt: skip
    Alert.create(person=done.person_id, kind="reaction", text="Phát ban", at=clock.now())
    return found


def _slip(visit: Visit, by: User) -> Slip:
    issue_slip(visit, by)
    return Slip.get(Slip.visit == visit.id)


def _tickets(visit: Visit) -> list[int]:
    """A whole page of what citizens say of a dose; the first."""
    dose = Dose.get(Dose.visit == visit)
    for n in range(TICKETS):
        said = {"product": "SPIKEVAX", "given_on": "2021-08-15", "lot_number": f"{n:06}",
                "note": "Tôi tiêm loại khác, có giấy xác nhận của trạm"}  # fmt: skip
        corrections.file(
            corrections.Said("wrong_dose", "portal", "0912345678", visit.person_id, dose.id, None,
                             said)
        )  # fmt: skip
    return [Ticket.select(fn.MIN(Ticket.id)).scalar()]


def _wishes(province: Unit, station: Unit, people: Iterator[Person]) -> None:
    """A whole page of wishes that wait for the province, and one of those that wait for the
    station."""
    for n, person in enumerate(itertools.islice(people, WISHES + 1 + CALLED + 1)):
        given = n > WISHES
        Registration.create(
            code=code(n), state="allocated" if given else "sent",
            site=station if given else None, name=person.name, folded="", sex=person.sex,
            dob_year=person.dob_year, phone=person.phone, area_scheme="vn34", area_code="00004",
            priority_group="9", rank=9, unit=province, wished_on=clock.today(),
            created_at=clock.now(), sent_at=clock.now(),
        )  # fmt: skip


def _upload(session: VaccinationSession, staff: User, people: Iterator[Person]) -> int:
    """A list from a company: people who are known, and people who are not."""
    by = signed_in(Membership.get(Membership.user == staff))
    rows = [list(TEMPLATE.values())]
    for n, person in enumerate(itertools.islice(people, LISTED), 1):
        number = number_of(person) if n % 2 else f"00109{n:07}"
        told = {"name": person.name, "dob": str(person.dob_year), "sex": "Nam", "number": number}
        rows.append([told.get(name, "") for name in TEMPLATE])
    upload_id = uploads.upload(session, b"".join(xlsx(Sheet("Danh sách", rows))), by)
    uploads.check_some(Upload.get_by_id(upload_id), by)
    return upload_id


def _organisation(province: Unit, people: Iterator[Person]) -> int:
    """A list of a company: people who may be registered, and rows that ask something."""
    rows = [["Họ và tên", "Ngày sinh", "Giới tính", "CMND/CCCD", "Số điện thoại"]]
    for n, person in enumerate(itertools.islice(people, LISTED), 1):
        phone = person.phone or "" if n % 2 else "12"
        rows.append([person.name, str(person.dob), ("Nam", "Nữ")[person.sex == "F"], "", phone])
    officer = build.user(province, "province")
    by = signed_in(Membership.get(Membership.user == officer))
    sender = Organisation("Công ty May Sông Hồng", "Lê Thị Hoa", "0912345678", "Số 1 Đội Cấn",
                          "vn34", "00004", "13", clock.today(), "morning")  # fmt: skip
    file_id = uploads.take_wishes(b"".join(xlsx(Sheet("Danh sách", rows))), sender, by)
    uploads.check_wishes(WishFile.get_by_id(file_id))
    return file_id


def _past_doses(staff: User, people: Iterator[Person]) -> int:
    """A list of doses from elsewhere, as it comes from paper."""
    by = signed_in(Membership.get(Membership.user == staff))
    rows = [PAST_HEADINGS]
    for n, person in enumerate(itertools.islice(people, LISTED), 1):
        sex, product = ("Nam", "Nữ")[person.sex == "F"], ("AstraZeneca", "Sinovac X")[n % 2]
        told = [person.name, str(person.dob), sex, number_of(person), product]
        rows.append([*told, "15/08/2021", "1", "ABV5811", "Bệnh viện Bạch Mai"])
    proof = uploads.Papers("proof_book", "sổ tiêm 2021", "")
    past_id = uploads.take_past(b"".join(xlsx(Sheet("Danh sách", rows))), proof, by)
    uploads.check_past(PastFile.get_by_id(past_id))
    return past_id


def _amendments(
    session: VaccinationSession, done: Visit, lot: Holding, people: Iterator[Person], staff: User
) -> list[int]:
    """A dose that is to be voided, and a sheet of late entries; all wait for a second person."""
    by = signed_in(Membership.get(Membership.user == staff))
    dose = Dose.get(Dose.visit == done)
    given = amendments.Injected(clock.now(), lot.id, staff.id, "left_arm", 1)
    late = amendments.Late(given, True, "cause_cut", "từ 10 giờ", "DS-20211020-01, dòng 7")
    return [amendments.ask_void(dose.id, dose.version, "người này chưa tiêm", "", by)] + [
        amendments.ask_late(session.id, person.id, late, by)
        for person in itertools.islice(people, LATE)
    ]


def _other_sites(province: Unit, people: Iterator[Person]) -> None:
    """What the dashboard of a province counts."""
    for n in range(SITES):
        site = build.unit(parent=province)
        build.user(site)
        lots = [build.holding(site, product, 20) for product in PRODUCTS[: 1 + n % 3]]
        session = build.session(site, lots)
        for person, lot in zip(people, itertools.islice(itertools.cycle(lots), 4), strict=False):
            _dose(session, person, lot)


def step(app: Flask, day: Day, name: str) -> tuple[Weight, Wire]:
    """Do one of ACTS; the page that answers. Raises AssertionError when it cannot be done."""
    client = Scales(app)
    if not name.startswith("citizen"):
        build.sign_in(client, day.staff)
    ACTS[name](client, day)
    wire = client.wire[-1]
    return client.weigh(name, wire), wire


def number_of(person: Any) -> str:
    """The number of the card of a person."""
    return Document.get(Document.person == person).number


def desk_found(client: Scales, day: Day) -> Any:
    """The card of somebody with a history is scanned at the one desk."""
    page = client.open_page(f"/sessions/{day.session.id}/desk")
    return page.submit("what", what=number_of(day.known))


def desk_saved(client: Scales, day: Day) -> None:
    """… and the first button is pressed."""
    found = desk_found(client, day)
    lots = {one.get("value"): one.text for one in found.css("[name=holding_id] option")}
    lot = next((value for value, text in lots.items() if text.startswith("Comirnaty")), "")
    found.form("go").submit(**({"holding_id": lot} if lot else {}))


def desk_refused(client: Scales, day: Day) -> None:
    """… or a number is typed that is none."""
    desk_found(client, day).form("go").submit(table_no="0")


def board_found(client: Scales, day: Day) -> None:
    """Reception types a number."""
    page = client.open_page(f"/sessions/{day.session.id}/board")
    page.submit("what", what=number_of(day.known))


def batch_saved(client: Scales, day: Day) -> None:
    """The doses of all who wait are recorded."""
    page = client.open_page(f"/sessions/{day.session.id}/batch")
    page.form("holding_id").submit(button="all").form("holding_id").submit(button="dose")


def bus_received(client: Scales, day: Day) -> None:
    """Everybody on the list of a long session comes at once."""
    page = client.open_page(f"/sessions/{day.ids['session_id'][1]}/arrivals")
    page.form("numbers").submit(button="all").form("numbers").submit()


def people_found(client: Scales, day: Day) -> None:
    """A name that many have."""
    page = client.open_page("/people")
    field = page.css("main input:not([type=hidden])")[0].get("name")
    page.submit(field, **{field: "nguyen"})


def citizen_result(client: Scales, day: Day) -> Any:
    """Code, birth date and PIN of a slip, of somebody who has a certificate."""
    slip = Slip.get(Slip.code == day.ids["code"][0])
    person, pin = slip.person, rules.pin(pin_key(), slip.nonce)
    born = f"{person.dob_day:02}/{person.dob_month:02}/{person.dob_year}"
    if not Certificate.select().where(Certificate.person == person).exists():
        issued(list(Dose.of(person.id))[-1])
    page = client.open_page("/tra-cuu").submit(what=slip.code, dob=born, pin=pin)
    assert "img" in client.wire[-1].text, "no QR in the result"
    return page


def citizen_certificate(client: Scales, day: Day) -> None:
    """… and then asks for the QR of the certificate."""
    citizen_result(client, day).submit("mark")
    assert "img" in client.wire[-1].text, "no QR of the certificate"


def citizen_a4(client: Scales, day: Day) -> None:
    """… or for a sheet to print."""
    citizen_result(client, day).form("mark").submit("In A4")
    assert "svg" in client.wire[-1].text, "no QR on the sheet"


def citizen_nothing(client: Scales, day: Day) -> None:
    """Nobody has this."""
    client.open_page("/tra-cuu").submit(what="001099000001", dob="01/01/1999", pin="000000")


def citizen_ill(client: Scales, day: Day) -> None:
    """… or wants to tell of a reaction."""
    citizen_result(client, day).form("Phản ứng?").submit("Phản ứng?")
    assert "signs" in client.wire[-1].text, "no form of signs"


def citizen_ticket(client: Scales, day: Day) -> Any:
    """Somebody whose record was not looked up says that a dose is missing."""
    page = client.open_page("/phan-anh").form("kind").submit("missing")
    page = page.submit(
        "phone", name="Trần Thị Bưởi", dob="1950", given_on=f"{clock.today():%d/%m/%Y}",
        place="Nhà văn hóa", province=day.province.name, phone="0912345678",
    )  # fmt: skip
    assert page.css("[name=mark]"), "the ticket was not filed"
    return page


def citizen_photo(client: Scales, day: Day) -> None:
    """… and wants to send a photo."""
    citizen_ticket(client, day).form("mark").submit()
    assert "picture" in client.wire[-1].text, "no form of a photo"


def citizen_followed(client: Scales, day: Day) -> None:
    """… or asks how far it is."""
    citizen_ticket(client, day)
    code = Ticket.select().order_by(Ticket.id.desc()).get().code
    page = client.open_page("/phan-anh/theo-doi").submit("code", code=code, phone="0912345678")
    assert page.css("[name=mark]"), "the ticket was not found"


def citizen_wish(client: Scales, day: Day) -> None:
    """Somebody registers, in four steps, and can have the telephone proven."""
    page = client.open_page("/dang-ky-tiem").submit(
        name="Nguyễn Văn An", dob="17/05/1980", sex="M", phone="0912345678", number="",
        commune="Ba Đình, Hà Nội",
    )  # fmt: skip
    page = page.submit(
        who="self", occupation="Nông dân", priority_group="9", dose="first",
        wished_on=f"{clock.today() + timedelta(7):%d/%m/%Y}",
    )  # fmt: skip
    page = page.submit(**dict.fromkeys(ITEMS, "no")).submit(agree="yes")
    assert page.css("dl") and "1/4" not in page.text, "the wish was not sent"


def printed(client: Scales, day: Day) -> None:
    """A certificate is printed, with the QR of the longest signature."""
    client.open_page(f"/certificates/{day.papers.certificates[2]}/paper").submit("In chứng nhận")
    assert "svg" in client.wire[-1].text, "no QR on the sheet"


def family_printed(client: Scales, day: Day) -> None:
    """As many cards as fit on a sheet."""
    page = client.open_page("/certificates/family")
    for number in day.papers.family:
        page = page.form("what").submit(what=number)
    page.form("In một tờ").submit("In một tờ")
    assert client.wire[-1].text.count("<svg") == len(day.papers.family), "not all cards"


def bulk_counted(client: Scales, day: Day) -> None:
    """Whose certificates can be printed, of a session of which hardly anybody has one."""
    page = client.open_page("/certificates/bulk")
    page.submit("which", which=f"session:{day.papers.full.id}")


def day_confirmed(client: Scales, day: Day) -> None:
    """All of a page that lacks nothing."""
    Person.update(identity_state="verified").where(
        Person.id.in_(Dose.select(Dose.person).where(Dose.session == day.papers.full))
    ).execute()
    client.open_page(f"/certificates/days/{day.papers.full.held_on}").submit("đủ điều kiện")


def sign_in_refused(client: Scales, day: Day) -> None:
    """A wrong password."""
    with client.session_transaction() as session:
        session.clear()
    client.open_page("/sign-in").submit(username="ai-do", password="sai mat khau")


def dashboard(client: Scales, day: Day) -> None:
    """The province looks at its day."""
    build.sign_in(client, build.user(day.province, "province"))
    client.open_page("/reports")


def missing(client: Scales, day: Day) -> None:
    """No such page."""
    client.get("/visits/999999")


def forbidden(client: Scales, day: Day) -> None:
    """Not for this role."""
    build.sign_in(client, build.user(day.station, "observer"))
    client.get("/accounts")


ACTS: dict[str, Callable[[Scales, Day], Any]] = {
    "desk: person, history, form": desk_found,
    "desk: saved, next person": desk_saved,
    "one desk: refused at the field": desk_refused,
    "board: found": board_found,
    "batch: recorded": batch_saved,
    "bus: received": bus_received,
    "people: found": people_found,
    "citizen: result with QR": citizen_result,
    "citizen: QR of the certificate": citizen_certificate,
    "citizen: certificate on A4": citizen_a4,
    "citizen: nothing found": citizen_nothing,
    "citizen: tells of a reaction": citizen_ill,
    "citizen: report noted": citizen_ticket,
    "citizen: photo of a report": citizen_photo,
    "citizen: report followed": citizen_followed,
    "citizen: wish sent": citizen_wish,
    "certificate: printed": printed,
    "family: eight cards printed": family_printed,
    "bulk: who has none": bulk_counted,
    "certificates: a day confirmed": day_confirmed,
    "sign-in: refused": sign_in_refused,
    "dashboard of a province": dashboard,
    "error: not found": missing,
    "error: forbidden": forbidden,
}
