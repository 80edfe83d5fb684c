"""Whether a certificate counts today, for people at a desk or a checkpoint."""

from datetime import datetime, timedelta
from typing import NamedTuple

from app import audit, clock
from app.certificates import envelope
from app.certificates.actions.standing import standing
from app.certificates.models import Certificate
from app.certificates.rules import readings
from app.db import db
from app.verification import picture, rules
from app.verification.actions.limits import ask, failed
from app.verification.actions.signers import signers
from app.verification.verifier import EPOCH, Verdict, verify
from app.words import Refused

FAR = 250_000_000_000  # seconds: in the year 9892


class Checked(NamedTuple):
    """`reasons`: codes, none when it is valid. `told`: what it says, None as long as nobody who
    is trusted vouches for it. `signer`: the country whose signer that is; own: it is ours."""

    valid: bool
    reasons: tuple[str, ...]
    layer: str
    told: rules.Told | None = None
    signer: str = ""
    own: bool = False
    issued: datetime | None = None
    expires: datetime | None = None


def check(text: str, address: str) -> Checked:
    """The answer to a text that was typed, pasted, scanned or read from a picture. What it says is
    kept nowhere. Raises Refused (look_up_wait) after too many that no signature holds of."""
    tried = ask(rules.VERIFY, {"code_address": address})
    verdict = _verdict(text)
    if not verdict.signer:
        failed(tried)
    with db.atomic():
        verdict, certificate = as_on_record(verdict)
        mine = (certificate.id, certificate.person_id) if certificate else (None, None)
        layer, reasons = verdict.layer, list(verdict.reasons)
        audit.record("verify", "certificate", *mine, layer=layer, reasons=reasons)
    return _checked(verdict)


def as_on_record(verdict: Verdict) -> tuple[Verdict, Certificate | None]:
    """The verdict with what only the register knows of a certificate of ours: whether it was
    issued, and whether it was revoked. And that certificate."""
    certificate = _issued(verdict) if verdict.own else None
    if not verdict.own or not (why := _standing(certificate)):
        return verdict, certificate
    layer = verdict.layer or ("revocation" if certificate else "system")
    return verdict._replace(valid=False, reasons=(*verdict.reasons, why), layer=layer), certificate


def _verdict(text: str) -> Verdict:
    """Of the first reading that is a certificate at all, or of the likeliest."""
    verdicts = [verify(one, signers, clock.now()) for one in readings(text)]
    return next((one for one in verdicts if one.opened), verdicts[0])


def _issued(verdict: Verdict) -> Certificate | None:
    """The certificate with this signature: of ES256 the half that nobody can write otherwise."""
    if verdict.opened is None:
        return None
    alg, signature = verdict.opened.alg or 0, verdict.opened.signature
    name = envelope.hashes("", "", alg, signature).signature
    found: Certificate | None = Certificate.get_or_none(Certificate.hash_signature == name)
    return found


def _standing(certificate: Certificate | None) -> str:
    """Why a certificate of ours does not count although its signature holds."""
    if certificate is None:
        return "not_in_system"
    why = standing(certificate)
    return "changed" if why and why != "revoked" else why


def _checked(verdict: Verdict) -> Checked:
    reasons, layer = verdict.reasons, verdict.layer
    if not verdict.signer or verdict.claims is None:
        return Checked(False, reasons, layer)
    claims = verdict.claims
    content = claims[envelope.CERTIFICATES]
    return Checked(
        not reasons, reasons, layer, rules.told(*map(content.get, (envelope.DCC, envelope.ICVP))),
        verdict.country, verdict.own, _moment(claims[envelope.ISSUED]),
        _moment(claims[envelope.EXPIRES]),
    )  # fmt: skip


def _moment(seconds: float) -> datetime | None:
    """None for a number that is no day of people's calendars."""
    return EPOCH + timedelta(seconds=seconds) if 0 <= seconds < FAR else None


def text_in(picture_file: bytes, address: str) -> str:
    """The text of the QR in a picture. Raises Refused at "picture", look_up_wait after too many
    pictures without one."""
    tried = ask(rules.PICTURES, {"picture_address": address})
    try:
        return picture.read(picture_file)
    except picture.Unreadable as why:
        failed(tried)
        raise Refused(("picture", why.reason)) from None
