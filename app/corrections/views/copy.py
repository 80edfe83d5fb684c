"""A copy of all that is kept of a person, for who asked for it: handed over on paper."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from flask import abort
from werkzeug.wrappers import Response

from app import audit, clock
from app.accounts.models import User
from app.accounts.scope import get_or_404
from app.amendments.models import voided_of
from app.certificates.models import Certificate
from app.corrections.actions import shown
from app.corrections.models import Ticket, TicketEvent
from app.corrections.views import pages
from app.corrections.views.note import claims_of
from app.corrections.views.show import ticket_or_404
from app.i18n import _, language, show_date, show_moment
from app.people.models import Alert, Care, Document, IdentityVersion, Person, commune_label
from app.people.models import country_name as country
from app.reactions.models import Reaction, SelfReport
from app.registrations.models import Registration
from app.units.models import Unit, name_of, reference
from app.vaccines.models import catalogue_on, group_names, product_name
from app.visits.models import Dose, Visit
from app.web import allow, page
from app.words import word

Lines = list[list[str]]


class Part(NamedTuple):
    """A table of the copy."""

    title: str
    heads: list[str]
    lines: Lines


@pages.get("/corrections/<int:ticket_id>/copy")
@allow("correction.answer")
def copy(ticket_id: int) -> Response:
    """The sheets, for a ticket that asks for them, of somebody in the care of a unit here."""
    ticket = ticket_or_404(ticket_id)
    if ticket.kind != "copy" or ticket.ended_at or ticket.person_id is None:
        abort(404)
    person = get_or_404(Person, ticket.person_id)
    found = [part for part in _parts(person) if part.lines]
    rows = sum(len(part.lines) for part in found)
    audit.record("print", "person", person.id, person.id, rows=rows, ticket=ticket.id)
    return page("corrections/copy.html", person=person, parts=found, code=shown(ticket.code))


def _parts(person: Person) -> Iterable[Part]:
    when, what = _("Lúc"), _("Nội dung")
    yield Part(_("Hồ sơ"), [_("Mục"), what], _facts(person))
    yield Part(_("Giấy tờ"), [_("Loại"), _("Số"), _("Từ"), _("Đến")], _documents(person))
    heads = [when, _("Họ và tên"), _("Ngày sinh"), _("Giới tính"), _("Lý do")]
    yield Part(_("Các bản nhân thân"), heads, _versions(person))
    yield Part(_("Nơi quản lý"), [_("Từ"), _("Đơn vị")], _carers(person))
    heads = [_("Mũi tiêm"), when, _("Vắc xin"), _("Số lô"), _("Nơi tiêm"), _("Trạng thái")]
    yield Part(_("Các mũi tiêm"), heads, _doses(person))
    heads = [when, _("Nơi tiêm"), _("Đồng ý tiêm"), _("Khám sàng lọc"), _("Kết luận khám")]
    yield Part(_("Lượt tiêm"), heads, _visits(person))
    yield Part(_("Phản ứng sau tiêm, lưu ý"), [when, what], _health(person))
    heads = [_("Loại"), _("Số"), _("Từ"), _("Đến")]
    yield Part(_("Chứng nhận tiêm chủng"), heads, _certificates(person))
    heads = [when, _("Họ và tên"), _("Số điện thoại"), _("Trạng thái")]
    yield Part(_("Đăng ký tiêm"), heads, _wishes(person))
    yield Part(_("Phản ánh"), [when, _("Phản ánh"), what], _tickets(person))


def _facts(person: Person) -> Lines:
    area = commune_label(person.area_scheme, person.area_code)
    guardian = (person.guardian_name, person.guardian_phone)
    yes = _("Có") if person.immunosuppressed else ""
    pairs = [
        (_("Họ và tên"), person.name), (_("Ngày sinh"), str(person.dob)),
        (_("Giới tính"), word(person.sex)), (_("Quốc tịch"), country(person.nationality)),
        (_("Nhân thân"), word(person.identity_state)), (_("Ghi chú"), person.identity_note),
        (_("Số điện thoại"), person.phone), (_("Nơi ở"), _joined(person.address, area)),
        (_("Người giám hộ"), _joined(*guardian)), (_("Dân tộc"), _ethnic(person)),
        (_("Nhóm đối tượng"), group_names().get(person.priority_group or "", "")),
        (_("Nghề nghiệp"), person.occupation),
        (_("Đơn vị công tác"), person.workplace), (_("Suy giảm miễn dịch"), yes),
    ]  # fmt: skip
    return [[label, text] for label, text in pairs if text]


def _ethnic(person: Person) -> str:
    rows = reference("ethnic_groups")
    return next((name_of(row) for row in rows if row["code"] == person.ethnicity), "")


def _documents(person: Person) -> Lines:
    rows = Document.of([person.id]).get(person.id, [])
    return [[word(row.kind), row.number, _at(row.added_at), _at(row.ended_at)] for row in rows]


def _versions(person: Person) -> Lines:
    rows = IdentityVersion.select().where(IdentityVersion.person == person.id)
    return [
        [_at(row.at), row.name, str(row.dob), word(row.sex), row.reason]
        for row in rows.order_by(IdentityVersion.seq)
    ]


def _carers(person: Person) -> Lines:
    rows = Care.select(Care, Unit).join(Unit).where(Care.person == person.id)
    return [[_at(row.since), row.unit.name] for row in rows.order_by(Care.since, Care.id)]


def _doses(person: Person) -> Lines:
    return [
        [f"{word(row.kind)} {row.seq}", _at(row.given_at), product_name(row.product),
         row.lot_number, row.where,
         word("dose_voided_state" if row.voided_at else f"source_{row.source}")]
        for row in [*Dose.of(person.id), *voided_of(person.id)]
    ]  # fmt: skip


def _visits(person: Person) -> Lines:
    rows = Visit.select(Visit, Unit).join(Unit).where(Visit.person == person.id)
    return [
        [_at(row.arrived_at), row.unit.name, _joined(row.consent_signer, _at(row.consent_at)),
         _screened(row), _joined(word(row.conclusion) if row.conclusion else "", row.note)]
        for row in rows.order_by(Visit.id)
    ]  # fmt: skip


def _screened(visit: Visit) -> str:
    """What was measured, and the items of the sheet that were answered with yes."""
    pressure = f"{visit.systolic}/{visit.diastolic}" if visit.systolic else ""
    asked = _asked(visit)
    said = [
        ": ".join(filter(None, (asked.get(code, code), answer.get("text"))))
        for code, answer in (visit.answers or {}).items()
        if answer.get("yes")
    ]
    vitals = (visit.temperature, visit.pulse, pressure, visit.respiration)
    return _joined(*(str(one) for one in vitals if one), *said)


def _asked(visit: Visit) -> dict[str, str]:
    """The questions of the sheet that was filled in, by their codes."""
    forms = catalogue_on(clock.local(visit.arrived_at).date()).forms
    items = next((one.items for one in forms if one.source.id == visit.screening_form), ())
    return {item.code: item.text_en if language() == "en" else item.text for item in items}


def _health(person: Person) -> Lines:
    seen = Reaction.select().join(Dose).where(Dose.person == person.id)
    told = SelfReport.select().join(Dose).where(Dose.person == person.id, SelfReport.sure)
    noted = [(row.noted_at, _signs(row)) for row in seen]
    said = [(row.told_at, _signs(row)) for row in told]
    alerts = Alert.select().where(Alert.person == person.id)
    rows = noted + said + [(row.at, row.text) for row in alerts]
    return [[_at(at), text] for at, text in sorted(rows)]


def _signs(row: Any) -> str:
    return _joined(*(word(sign) for sign in row.signs), row.note)


def _certificates(person: Person) -> Lines:
    rows = Certificate.select().where(Certificate.person == person.id).order_by(Certificate.id)
    return [
        [word(f"cert_{row.kind}"), row.uvci, _at(row.issued_at),
         show_date(row.revoked_at or row.expires_at)]
        for row in rows
    ]  # fmt: skip


def _wishes(person: Person) -> Lines:
    rows = Registration.select().where(Registration.person == person.id).order_by(Registration.id)
    return [
        [_at(row.sent_at or row.created_at), row.name, row.phone, word(f"wish_{row.state}")]
        for row in rows
    ]


def _tickets(person: Person) -> Lines:
    events = TicketEvent.select(TicketEvent, Ticket, User).join(Ticket).switch(TicketEvent)
    rows = events.left_outer_join(User).where(Ticket.person == person.id)
    return [
        [
            _at(row.at),
            word(f"ticket_{row.ticket.kind}"),
            _joined(word(f"did_{row.act}"), *_said(row)),
        ]
        for row in rows.order_by(TicketEvent.id)
    ]


def _said(event: TicketEvent) -> list[str]:
    """The words of an act; of the first one what the citizen said."""
    said = claims_of(event.ticket) if event.act == "file" else []
    return [*said, event.text]


def _at(moment: datetime | None) -> str:
    return show_moment(moment) if moment else ""


def _joined(*parts: Any) -> str:
    return ", ".join(str(part) for part in parts if part)
