"""Signers on the list, and certificates that they signed."""

import base64
import hashlib
from datetime import timedelta
from types import SimpleNamespace

import pytest

from app import clock
from app.certificates import envelope
from app.certificates.models import Certificate, Signer
from tests import build
from tests.certificates import texts
from tests.verification.signers import AT, END, START, signer

FOREIGN = {
    "nam": {"fn": "Müller", "fnt": "MUELLER", "gn": "Jörg", "gnt": "JOERG"}, "dob": "1977-01",
    "v": [texts.CONTENT["v"][0] | {"dn": 3, "sd": 3, "co": "DE", "is": "RKI", "mp": "Unknown-X"}],
    "ver": "1.3.0",
}  # fmt: skip


def listed(one, country: str, own: bool) -> Signer:
    """A signer on the trust list."""
    return Signer.create(
        kid=one.kid.hex(), digest=hashlib.sha256(one.der).hexdigest(), country=country,
        certificate=base64.b64encode(one.der).decode(), not_before=START, not_after=END, own=own,
        added_at=AT,
    )  # fmt: skip


def kept(text: str, **given: object) -> Certificate:
    """A certificate of ours that was issued: the row of a text that we signed."""
    opened = envelope.unpack(text)
    visit = build.visit(build.session(build.country()[2]))
    dose = build.dose(visit)
    names = envelope.hashes(str(opened.signature), "VN", opened.alg or 0, opened.signature)
    values = {
        "kind": "DCC", "person": dose.person_id, "dose": dose, "doses": [[dose.id, dose.version]],
        "identity_seq": 1, "uvci": names.signature, "kid": opened.kid.hex(), "code": text,
        "hash_uci": names.uci, "hash_country_uci": names.country_uci,
        "hash_signature": names.signature, "issued_at": AT, "expires_at": AT + timedelta(days=365),
    }  # fmt: skip
    return Certificate.create(**(values | given))


@pytest.fixture
def desk(app, client):
    """valid, unknown, foreign, elsewhere: texts of certificates; row: the one of `valid`;
    ask(…) sends the form. It is AT, and nobody is signed in."""
    ours, theirs = signer(), signer("RSA-2048")
    with clock.frozen(AT):
        listed(ours, "VN", own=True)
        listed(theirs, "DE", own=False)
        valid = ours.issue()

        def ask(**fields: object):
            return client.send("/kiem-tra", fields)

        yield SimpleNamespace(
            ours=ours, valid=valid, row=kept(valid), unknown=signer("P-256", "1.2.3").issue(),
            foreign=theirs.issue(FOREIGN, iss="DE"), elsewhere=ours.issue(), ask=ask,
            client=client,
        )  # fmt: skip
