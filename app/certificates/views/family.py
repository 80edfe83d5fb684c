"""The certificates of a family on one sheet: eight cards, found one after the other."""

from flask import g, request
from werkzeug.wrappers import Response

from app.certificates import actions, rules
from app.certificates.forms import ChosenForm, FamilyForm
from app.certificates.views import pages
from app.certificates.views.paper import drawn, site
from app.marks import mark, marked
from app.people.rules import parse_card, query
from app.web import allow, page
from app.words import Refused

STAY = 12 * 3600


@pages.route("/certificates/family", methods=["GET", "POST"])
@allow("certificate.print")
def family() -> Response:
    """Number after number is typed or scanned; the list goes along in the form, sealed."""
    form, status = FamilyForm(), 200
    chosen = _opened(form.chosen.data)
    if "drop" in request.form:
        chosen = [one for one in chosen if str(one) != request.form["drop"]]
        form = FamilyForm(formdata=None)
    elif form.validate_on_submit():
        try:
            chosen = _with(chosen, form)
            form = FamilyForm(formdata=None)
        except Refused as refused:
            form.refuse(refused)
            status = 422
    elif form.is_submitted():
        status = 422
    return _list(form, chosen, status)


def _with(chosen: list[int], form: FamilyForm) -> list[int]:
    if len(chosen) >= rules.FAMILY:
        raise Refused(("", "family_size", {"most": rules.FAMILY}))
    card, number = parse_card(form.what.data), query(form.what.data).number or ""
    dob = card.dob if card else form.dob.data
    found = actions.at_counter(number, dob, g.user.unit_path)
    if found in chosen:
        raise Refused(("what", "family_twice"))
    return [*chosen, found]


def _list(form: FamilyForm, chosen: list[int], status: int = 200) -> Response:
    form.chosen.data = _sealed(chosen)
    return page(
        "certificates/family.html", status, form=form, papers=actions.papers(chosen),
        most=rules.FAMILY, sheet_form=ChosenForm(formdata=None, data={"chosen": _sealed(chosen)}),
    )  # fmt: skip


@pages.post("/certificates/family/print")
@allow("certificate.print")
def family_print() -> Response:
    """The sheet; each press is one printing of each card."""
    form = ChosenForm()
    chosen = _opened(form.chosen.data)
    if form.validate_on_submit():
        try:
            form.once(lambda: actions.print_family(chosen))
            papers = drawn(actions.papers(chosen), "family")
            return page("certificates/family_sheet.html", papers=papers, site=site())
        except Refused as refused:
            form.refuse(refused)
    again = FamilyForm(formdata=None)
    again.summary = [*form.summary]
    return _list(again, chosen, 422)


def _sealed(chosen: list[int]) -> str:
    return mark("family", [g.user.id, chosen])


def _opened(text: str | None) -> list[int]:
    """The certificates that this person has found; none when the seal is another's, or old."""
    who, chosen = marked("family", text, STAY) or (None, [])
    return list(chosen) if who == g.user.id else []
