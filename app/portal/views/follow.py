"""A citizen follows a ticket: where it stands, until when, what was answered."""

from typing import Any

from flask import request
from werkzeug.wrappers import Response

from app import clock
from app.corrections import actions as corrections
from app.corrections.models import Evidence, Ticket, TicketEvent, opened_by
from app.corrections.rules import ABOUT_A_DOSE, IDENTITY, MOST_PHOTOS
from app.portal.forms import FollowForm, ReplyForm
from app.portal.views import pages
from app.portal.views.asking import asked, caller
from app.web import go, page, public
from app.words import Refused

TOLD = ("answer", "ask", "reply", "settle", "refuse")  # the acts whose words the citizen reads


@pages.route("/phan-anh/theo-doi", methods=["GET", "POST"])
@public
def follow() -> Response:
    """The code and the telephone; the same answer when either is wrong."""
    form = FollowForm()

    def find() -> Ticket | None:
        code = corrections.normal(form.code.data) or ""
        return corrections.follow(code, form.phone.data, caller())

    return asked(form, "portal/follow.html", find, ticket_page, "ticket_nothing")


def ticket_page(ticket: Ticket, form: ReplyForm | None = None, status: int = 200) -> Response:
    """Where a ticket stands, and what can be sent for it."""
    form = form or ReplyForm(formdata=None)
    form.mark.data = corrections.mark(ticket)
    return page(
        "portal/ticket.html", status, ticket=ticket, code=corrections.shown(ticket.code),
        events=[one for one in TicketEvent.of(ticket.id) if one.act in TOLD and one.text],
        late=ticket.is_late(clock.today()), opened=_opened(ticket),
        mended=ticket.kind in ABOUT_A_DOSE or ticket.half == IDENTITY,
        form=form, photos=len(Evidence.numbers(ticket.id)),
        most=0 if ticket.ended_at else MOST_PHOTOS,
    )  # fmt: skip


def _opened(ticket: Ticket) -> list[Any]:
    """Which units opened the record, for who asked, showed who they are and was answered."""
    told = ticket.kind == "who_saw" and ticket.proven and ticket.state == "settled"
    return opened_by(ticket) if told else []


@pages.route("/phan-anh/tra-loi", methods=["GET", "POST"])
@public
def reply() -> Response:
    """The answer to what was asked back, from the page of the ticket."""
    ticket = corrections.ticket_of(request.form.get("mark", ""))
    if ticket is None:
        return go("portal.follow")
    form = ReplyForm()
    if form.validate_on_submit():
        try:
            corrections.reply(ticket, form.text.data)
            return ticket_page(Ticket.get_by_id(ticket.id))
        except Refused as refused:
            form.refuse(refused)
    return ticket_page(ticket, form, 422)
