"""The documents of a person: another one, or one that no longer holds."""

from werkzeug.wrappers import Response

from app import claims
from app.accounts.scope import get_or_404
from app.people import actions
from app.people.forms import DocumentForm, EndForm
from app.people.models import Document, Person, country_name
from app.people.views import lists, pages
from app.web import allow, go, page
from app.words import Refused


@pages.route("/people/<int:person_id>/documents", methods=["GET", "POST"])
@allow("person.edit")
def documents(person_id: int) -> Response:
    """All documents, and a form for another one."""
    person = get_or_404(Person, person_id)
    claim, known = claims.named(person.id), {"nationality": country_name(person.nationality)}
    form = DocumentForm(lists(), data=known | claims.fields(claim))
    doubts = ()
    if form.validate_on_submit():
        try:
            form.once(lambda: actions.add_document(person.id, form.document(), form.reason()))
            return claims.after(claim, "people.show", person_id=person.id)
        except Refused as refused:
            form.refuse(refused)
            doubts = getattr(refused, "doubts", ())
    return page(
        "people/documents.html", 422 if form.is_submitted() else 200, form=form, person=person,
        documents=Document.of([person.id]).get(person.id, []), doubts=doubts,
        claim=claim, filled=claims.fields(claim),
    )  # fmt: skip


@pages.route("/documents/<int:document_id>/end", methods=["GET", "POST"])
@allow("person.edit")
def end_document(document_id: int) -> Response:
    """The number no longer holds; it stays in the history."""
    document = get_or_404(Document, document_id)
    form = EndForm()
    if form.validate_on_submit():
        try:
            form.once(lambda: actions.end_document(document.id, form.why.data))
            return go("people.documents", person_id=document.person_id)
        except Refused as refused:
            form.refuse(refused)
    return page(
        "people/end_document.html", 422 if form.is_submitted() else 200, form=form,
        document=document,
    )  # fmt: skip
