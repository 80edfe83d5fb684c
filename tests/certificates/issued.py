"""Certificates as rows, with a code that only lacks a real signature: enough to print them."""

import secrets
from datetime import timedelta
from typing import Any

from app import clock
from app.certificates import envelope, payload, rules
from app.certificates.actions import facts_of
from app.certificates.models import Certificate
from app.visits.models import Dose

SIGNATURES = {envelope.ES256: 64, envelope.PS256: 256}


def issued(
    dose: Dose, kind: str = "DCC", alg: int = envelope.ES256, said: dict[str, Any] | None = None,
    **given: Any,
) -> Certificate:  # fmt: skip
    """The certificate of somebody's newest dose. said: other facts than those on record."""
    facts = facts_of(dose.person_id)._replace(**said or {})
    key, content = {
        "DCC": (envelope.DCC, payload.dcc), "ICVP": (envelope.ICVP, payload.icvp),
    }[kind]  # fmt: skip
    now, until = clock.now(), clock.now() + timedelta(days=365)
    seconds = [int(clock.local(at).timestamp()) for at in (now, until)]
    claims = envelope.claims("VN", *seconds, key, content(facts))
    code = envelope.pack(
        envelope.protected(alg, secrets.token_bytes(8)), claims,
        secrets.token_bytes(SIGNATURES[alg]),
    )  # fmt: skip
    values = {
        "kind": kind, "person": dose.person_id, "dose": dose.id, "identity_seq": 1,
        "doses": [[dose.id, dose.version]], "uvci": facts.uvci, "kid": "0" * 16, "code": code,
        "hash_uci": rules.signs(secrets.randbits(128)), "hash_country_uci": "",
        "hash_signature": "", "issued_at": now, "expires_at": until,
    }  # fmt: skip
    return Certificate.create(**(values | given))
