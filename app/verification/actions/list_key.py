"""Whose signature the lists carry."""

from base64 import b64encode

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.certificates import signing


def list_key() -> str:
    """The public key that checks the lists (SPKI in base64); "" where no lists are published."""
    signer = signing.list_key()
    if signer is None:
        return ""
    public = x509.load_der_x509_certificate(signer.certificate).public_key()
    return b64encode(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
