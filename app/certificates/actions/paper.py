"""Printing certificates: what the paper says is read out of the very code that its QR holds."""

from collections.abc import Sequence
from typing import Any

from app import audit, clock
from app.certificates import envelope, rules
from app.certificates.actions.standing import standing_many
from app.certificates.models import Certificate
from app.certificates.rules import Paper
from app.certificates.rules.paper import Said, Value
from app.db import db
from app.people.models import Person
from app.units.models import reference
from app.vaccines.models import catalogue_on
from app.vaccines.rules import Product
from app.visits.models import Dose
from app.words import Refused

AT_ONCE = 1000  # rows fetched together


def paper(certificate: Certificate) -> Paper:
    """The words of a certificate, see papers()."""
    return papers([certificate.id])[0]


def papers(ids: Sequence[int]) -> list[Paper]:
    """The words of certificates, in the order of `ids`."""
    query = Certificate.select(Certificate, Person, Dose).join(Person).switch().join(Dose)
    found = {row.id: row for row in query.where(Certificate.id.in_(ids))}
    return [_paper(found[key]) for key in ids if key in found]


def said(certificate: Certificate) -> Said:
    """What was signed, in words."""
    content = envelope.unpack(certificate.code).claims[envelope.CERTIFICATES]
    if certificate.kind == "DCC":
        return rules.said_by_eu(content[envelope.DCC])
    return rules.said_by_who(content[envelope.ICVP])


def _paper(row: Any) -> Paper:
    words = said(row)
    product = _product(row.dose.product, words.mp)
    fields = rules.fields(
        words, _country(row.person.nationality), product.vp, product.name, product.maker, row.uvci
    )
    return Paper(
        row.id, row.kind, words, fields, row.uvci, clock.local(row.expires_at).date(), row.code
    )


def _product(code: str, mp: str) -> Product:
    """The product that was signed: that of the dose, or another one of the same code."""
    products = catalogue_on(clock.today()).products
    return next(one for one in (products[code], *products.values()) if one.mp == mp)


def _country(code: str) -> Value:
    known = next((row for row in reference("countries") if row["code"] == code), None)
    return Value(known["name"], known["name_en"]) if known else Value(code)


def that_count(ids: Sequence[int]) -> list[int]:
    """Those of these certificates that can be printed now, in their order."""
    fine: set[int] = set()
    for at in range(0, len(ids), AT_ONCE):
        rows = list(Certificate.select().where(Certificate.id.in_(ids[at : at + AT_ONCE])))
        fine |= {key for key, problem in paper_problems(rows).items() if not problem}
    return [key for key in ids if key in fine]


def paper_problem(certificate: Certificate) -> str:
    """The reason code why this certificate cannot be printed now; "" when it can."""
    return paper_problems([certificate])[certificate.id]


def paper_problems(certificates: Sequence[Certificate]) -> dict[int, str]:
    """The same for many, by their ids: it counts no more, or it does not say what is recorded."""
    now, fallen = clock.now(), standing_many(certificates)
    return {
        row.id: rules.paper_problem(row, now) or (fallen[row.id] and f"paper_{fallen[row.id]}")
        for row in certificates
    }


def print_paper(certificate: Certificate, layout: str) -> int:
    """Count one printing; the id. Raises Refused when the certificate counts no more."""
    with db.atomic():
        row = Certificate.get_by_id(certificate.id)
        reason = paper_problem(row)
        if reason:
            raise Refused(("", reason))
        Certificate.update(prints=Certificate.prints + 1).where(Certificate.id == row.id).execute()
        audit.record(
            "print", "certificate", row.id, row.person_id, layout=layout, prints=row.prints + 1
        )
        return int(row.id)
