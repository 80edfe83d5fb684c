"""Making keys: an authority for tests (CSCA), signers (DSC), the key of the lists, requests (CSR).

Lifetimes and usages: eu-dcc certificate-governance. It makes keys and signs certificates of keys;
what signs certificates of people is certificates/signing.py alone.
"""

import errno
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from app.certificates.signing import LISTS, tight

AUTHORITY = Path("csca", "csca")  # below the folder, so that no service takes it for a signer
AUTHORITY_LIFE, SIGNER_LIFE = timedelta(days=4 * 365), timedelta(days=2 * 365)
IN_USE = timedelta(days=183)  # a signer signs for half a year; then it only stays published
VACCINATION = x509.ObjectIdentifier("1.3.6.1.4.1.1847.2021.1.2")

Private = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class Subject(NamedTuple):
    """Whose certificate it is."""

    common: str
    organization: str
    country: str = "VN"

    def name(self) -> x509.Name:
        """As it stands in a certificate."""
        parts = (
            (NameOID.COUNTRY_NAME, self.country),
            (NameOID.ORGANIZATION_NAME, self.organization),
            (NameOID.COMMON_NAME, self.common),
        )
        return x509.Name([x509.NameAttribute(oid, text) for oid, text in parts])


TEST = "So Tiem, test"


def begin(folder: Path, at: datetime, with_rsa: bool = False) -> list[Path]:
    """A test authority, its first signer and the key of the lists; the files that were written.
    Raises FileExistsError."""
    authority = folder / AUTHORITY
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    private = new_key(with_rsa)
    name = Subject("CSCA", TEST).name()
    built = _builder(name, name, private, at, at + AUTHORITY_LIFE)
    built = built.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    built = built.add_extension(_usage(signs_certificates=True), critical=True)
    written = _write(authority, private, built.sign(private, hashes.SHA256()))
    return [*written, *renew(folder, at, with_rsa), *lists(folder, at)]


def renew(folder: Path, at: datetime, with_rsa: bool = False) -> list[Path]:
    """One more signer of the test authority: the newest signs, the older ones stay published.
    Raises FileNotFoundError when the authority is not there."""
    authority = folder / AUTHORITY
    issuer = x509.load_pem_x509_certificate(authority.with_suffix(".crt").read_bytes())
    key: Private = load_pem_private_key(tight(authority.with_suffix(".key")), None)  # type: ignore[assignment]
    private, name = new_key(with_rsa), _free(folder, f"dsc-{at:%Y-%m-%d}")
    end = min(at + SIGNER_LIFE, issuer.not_valid_after_utc.replace(tzinfo=None))
    built = _builder(Subject(name, TEST).name(), issuer.subject, private, at, end)
    above = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key())  # type: ignore[arg-type]
    built = built.add_extension(above, critical=False)
    built = built.add_extension(x509.PrivateKeyUsagePeriod(at, at + IN_USE), critical=False)
    built = built.add_extension(_usage(), critical=True)
    built = built.add_extension(x509.ExtendedKeyUsage([VACCINATION]), critical=False)
    return _write(folder / name, private, built.sign(key, hashes.SHA256()))


def lists(folder: Path, at: datetime) -> list[Path]:
    """The key that signs the trust list and the revocation list; it is no signer."""
    private, name = new_key(), Subject("Lists", TEST).name()
    built = _builder(name, name, private, at, at + AUTHORITY_LIFE)
    built = built.add_extension(_usage(), critical=True)
    return _write(folder / LISTS, private, built.sign(private, hashes.SHA256()))


def request(path: Path, subject: Subject, with_rsa: bool = False) -> list[Path]:
    """A key (PATH.key) and the request for its certificate (PATH.csr), for the real authority."""
    private = new_key(with_rsa)
    built = x509.CertificateSigningRequestBuilder().subject_name(subject.name())
    built = built.add_extension(_usage(), critical=True)
    built = built.add_extension(x509.ExtendedKeyUsage([VACCINATION]), critical=False)
    return _write(path, private, built.sign(private, hashes.SHA256()))


def new_key(with_rsa: bool = False) -> Private:
    """P-256 (the governance wants it), or RSA-2048 where the authority has nothing else."""
    if with_rsa:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP256R1())


def _builder(
    subject: x509.Name, issuer: x509.Name, private: Private, start: datetime, end: datetime
) -> x509.CertificateBuilder:
    public = private.public_key()
    own = x509.SubjectKeyIdentifier.from_public_key(public)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start.replace(microsecond=0))
        .not_valid_after(end.replace(microsecond=0))
        .add_extension(own, critical=False)
    )


def _usage(signs_certificates: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates, key_cert_sign=signs_certificates,
        crl_sign=signs_certificates, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _free(folder: Path, name: str) -> str:
    """The name, or with a number behind it when it is taken: two signers of one day."""
    names = [name, *(f"{name}-{n}" for n in range(2, 100))]
    return next(name for name in names if not (folder / f"{name}.key").exists())


def _write(
    path: Path, private: Private, paper: x509.Certificate | x509.CertificateSigningRequest
) -> list[Path]:
    """The key for its owner alone, and what may be seen by everybody. Raises FileExistsError:
    no key is ever written over."""
    end = ".crt" if isinstance(paper, x509.Certificate) else ".csr"
    secret, open_to_all = (path.with_name(path.name + one) for one in (".key", end))
    if open_to_all.exists():
        raise FileExistsError(errno.EEXIST, "is there", str(open_to_all))
    path.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
    key = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    shown = paper.public_bytes(Encoding.PEM)
    for file, text, mode in ((secret, key, 0o600), (open_to_all, shown, 0o644)):
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(handle, "wb") as out:
            out.write(text)
    return [secret, open_to_all]
