"""Signers made for the tests, each once per run, and certificates that they sign."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from app.certificates import envelope
from app.verification.verifier import Trusted, trusted_from
from tests.certificates import texts

START, END = datetime(2021, 7, 15), datetime(2023, 7, 14)
AT = datetime(2022, 6, 1)
OLD, NEW = "1.3.6.1.4.1.0.1847.2021.1.", "1.3.6.1.4.1.1847.2021.1."
CURVES = {"P-256": ec.SECP256R1, "P-384": ec.SECP384R1, "secp256k1": ec.SECP256K1}


class Signer:
    """A key and its certificate. usages: object identifiers of its extended key usage."""

    def __init__(self, kind: str = "P-256", usages: tuple[str, ...] = (), country: str = "VN"):
        rsa_key = kind.startswith("RSA-")
        self.key: Any = (
            rsa.generate_private_key(65537, int(kind[4:]))
            if rsa_key
            else ec.generate_private_key(CURVES[kind]())
        )
        self.alg = envelope.PS256 if rsa_key else envelope.ES256
        self.der = certificate(self.key, usages, country)
        self.kid = x509.load_der_x509_certificate(self.der).fingerprint(hashes.SHA256())[:8]

    def sign(self, told: bytes) -> bytes:
        """The signature as COSE has it."""
        if self.alg == envelope.PS256:
            pss = padding.PSS(padding.MGF1(hashes.SHA256()), salt_length=32)
            return bytes(self.key.sign(told, pss, hashes.SHA256()))
        size = (self.key.key_size + 7) // 8
        pair = decode_dss_signature(self.key.sign(told, ec.ECDSA(hashes.SHA256())))
        return b"".join(one.to_bytes(size, "big") for one in pair)

    def trusted(self) -> Trusted:
        """What the verifier knows of it."""
        return trusted_from(self.der)

    def issue(self, content: Any = None, key: int = envelope.DCC, **other: Any) -> str:
        """A certificate; alg, kid, iat, exp, iss, or a whole `payload` to deviate."""
        header = envelope.protected(other.get("alg", self.alg), other.get("kid", self.kid))
        claims = texts.claims(hcert={key: texts.CONTENT if content is None else content})
        named = {"iss": 1, "exp": 4, "iat": 6}
        claims |= {at: other[name] for name, at in named.items() if name in other}
        payload = other.get("payload") or texts.cbor(claims)
        signature = self.sign(envelope.to_be_signed(header, payload))
        return envelope.pack(header, payload, signature)


def certificate(key: Any, usages: tuple[str, ...], country: str) -> bytes:
    """A self-signed certificate (DER)."""
    name = x509.Name(
        [
            x509.NameAttribute(x509.NameOID.COUNTRY_NAME, country),
            x509.NameAttribute(x509.NameOID.COMMON_NAME, "Thử nghiệm"),
        ]
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(START)
        .not_valid_after(END)
    )
    if usages:
        listed = x509.ExtendedKeyUsage([x509.ObjectIdentifier(one) for one in usages])
        made = made.add_extension(listed, critical=False)
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


@cache
def signer(kind: str = "P-256", *usages: str) -> Signer:
    """The one signer of a kind; another `usages` for another one."""
    return Signer(kind, usages)


def trusting(*signers: Signer) -> Any:
    """What the verifier asks for the signers with a kid."""
    by_kid: Mapping[bytes, Trusted] = {one.kid: one.trusted() for one in signers}
    return lambda kid: [by_kid[kid]] if kid in by_kid else []
