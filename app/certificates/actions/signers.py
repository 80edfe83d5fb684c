"""The list of those whose signatures count: ours are written down, lost ones are struck off."""

import base64
import hashlib

from cryptography import x509

from app import audit, clock
from app.certificates import signing
from app.certificates.models import Signer
from app.certificates.payload import COUNTRY
from app.db import db
from app.words import Refused

# hcert-spec 1.0.8: what a signer may sign; none of these: everything.
USAGES = {f"1.3.6.1.4.1.1847.2021.1.{n}": usage for n, usage in enumerate("tvr", 1)}


def publish_own() -> None:
    """Write our certificates down, so that they stay on the list when their files are gone.
    Called before something is issued; mostly there is nothing to do."""
    missing = unpublished()
    if not missing:
        return
    with db.atomic():
        for one in missing:
            der = one.certificate
            added = Signer.insert(
                kid=one.kid.hex(), digest=hashlib.sha256(der).hexdigest(), country=COUNTRY,
                certificate=base64.b64encode(der).decode(), usages=usages(der),
                not_before=one.not_before, not_after=one.not_after, own=True,
                source="", added_at=clock.now(), distrusted_why="",
            ).on_conflict_ignore().as_rowcount().execute()  # fmt: skip
            if added:
                audit.record("create", "signer", kid=one.kid.hex())


def unpublished() -> list[signing.Own]:
    """Our certificates that nobody wrote down yet."""
    own = {hashlib.sha256(one.certificate).hexdigest(): one for one in signing.certificates()}
    known = Signer.select(Signer.digest).where(Signer.digest.in_(list(own))) if own else ()
    for row in known:
        del own[row.digest]
    return list(own.values())


def usages(der: bytes) -> list[str]:
    """What a certificate of ours may sign, as its key usage says; empty: everything."""
    try:
        read = x509.load_der_x509_certificate(der).extensions
        named = read.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return []
    return [USAGES[oid.dotted_string] for oid in named if oid.dotted_string in USAGES]


def distrust(kid: str, why: str, own: bool) -> int:
    """Strike the signers with this kid (16 hexadecimal digits) off the list, for good; how many
    there were. Their certificates are revoked by `revoke_signer`. Raises Refused."""
    if not why.strip():
        raise Refused(("why", "required"))
    with db.atomic():
        standing = Signer.kid == kid, Signer.own == own, Signer.distrusted_at.is_null()
        found = (
            Signer.update(distrusted_at=clock.now(), distrusted_why=why).where(*standing).execute()
        )
        if not found:
            raise Refused(("kid", "signer_none"))
        audit.record("remove", "signer", kid=kid)
        return int(found)
