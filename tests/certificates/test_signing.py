"""The keys: loaded once, refused when something is wrong with them, and the newest one signs."""

import hashlib
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from app.certificates import signing
from app.certificates.envelope import ES256, PS256
from app.commands import ceremony
from app.config import ConfigError
from app.words import Refused

START = datetime(2026, 1, 5, 8)
YEAR = timedelta(days=365)


@pytest.fixture
def folder(tmp_path) -> Path:
    """What `flask keys ceremony` makes."""
    ceremony.begin(tmp_path, START)
    return tmp_path


def ring(folder: Path) -> signing.Ring:
    return signing.load(str(folder))


def public(one: signing.Own):
    return x509.load_der_x509_certificate(one.certificate).public_key()


def only(folder: Path) -> signing.Key:
    (found,) = ring(folder).keys
    return found


def test_a_p256_key_signs_es256(folder):
    key = only(folder)
    signature = key.sign(b"read from the rows")
    assert (key.alg, len(signature)) == (ES256, 64)
    assert signing.verifies(public(key), b"read from the rows", signature)
    assert not signing.verifies(public(key), b"something else", signature)
    assert key.kid == hashlib.sha256(key.certificate).digest()[:8]
    assert (key.not_before, key.not_after) == (START, START + 2 * YEAR)


def test_an_rsa_key_signs_ps256(tmp_path):
    ceremony.begin(tmp_path, START, with_rsa=True)
    key = only(tmp_path)
    signature = key.sign(b"read from the rows")
    assert (key.alg, len(signature)) == (PS256, 256)
    assert signing.verifies(public(key), b"read from the rows", signature)


def test_short_halves_are_filled_up(folder):
    """Some signatures have an r or an s that begins with a zero byte."""
    key, short = only(folder), 0
    for n in range(5000):
        signature = key.sign(b"%d" % n)
        assert len(signature) == 64
        if 0 in (signature[0], signature[32]):
            assert signing.verifies(public(key), b"%d" % n, signature)
            short += 1
    assert short


def test_the_newest_that_is_valid_signs(folder, app, monkeypatch):
    ceremony.renew(folder, START + YEAR)
    monkeypatch.setitem(app.extensions, "signing", ring(folder))
    new, old = ring(folder).keys
    assert signing.key(START).kid == old.kid
    assert signing.key(START + YEAR).kid == new.kid
    assert signing.key(START + YEAR, without={new.kid}).kid == old.kid
    assert signing.key(START + 3 * YEAR - timedelta(seconds=1)).kid == new.kid
    for moment in (START - timedelta(seconds=1), START + 3 * YEAR):
        with pytest.raises(Refused, match="no_signing_key"):
            signing.key(moment)


def test_two_signers_of_one_day_have_two_names(folder):
    ceremony.renew(folder, START)
    assert [key.name for key in ring(folder).keys] == ["dsc-2026-01-05-2", "dsc-2026-01-05"]


def test_a_certificate_without_its_key_is_published_only(folder):
    ceremony.renew(folder, START + YEAR)
    (folder / "dsc-2026-01-05.key").unlink()
    found = ring(folder)
    assert [key.name for key in found.keys] == ["dsc-2027-01-05"]
    assert [one.name for one in found.certificates] == ["dsc-2026-01-05", "dsc-2027-01-05"]
    assert not hasattr(found.certificates[0], "sign")


def test_the_key_of_the_lists_signs_no_certificate(folder):
    found = ring(folder)
    assert found.lists.name == "lists"
    assert "lists" not in {one.name for one in (*found.keys, *found.certificates)}


def test_without_a_folder_nothing_is_signed(app):
    assert signing.load("") == signing.Ring()
    assert (signing.certificates(), signing.list_key()) == ([], None)
    with pytest.raises(Refused) as refused:
        signing.key(START)
    assert refused.value.texts()[0].startswith("Hệ thống chưa có khóa")


def test_a_key_says_nothing_of_itself(folder):
    assert "sign" not in repr(only(folder))


# What a folder may not hold: (what is done to it, what the message says).


def other_key(folder: Path) -> None:
    ceremony.renew(folder, START + YEAR)
    (folder / "dsc-2027-01-05.key").replace(folder / "dsc-2026-01-05.key")


def other_kind_of_key(folder: Path) -> None:
    ceremony.renew(folder, START + YEAR, with_rsa=True)
    (folder / "dsc-2027-01-05.key").replace(folder / "dsc-2026-01-05.key")


def no_certificate(folder: Path) -> None:
    (folder / "dsc-2026-01-05.crt").unlink()


def broken_certificate(folder: Path) -> None:
    (folder / "dsc-2026-01-05.crt").write_text("-----BEGIN CERTIFICATE-----\nxyz\n")


def broken_key(folder: Path) -> None:
    (folder / "dsc-2026-01-05.key").write_text("-----BEGIN PRIVATE KEY-----\nxyz\n")


def key_with_password(folder: Path) -> None:
    path = folder / "dsc-2026-01-05.key"
    private = load_pem_private_key(path.read_bytes(), None)
    locked = BestAvailableEncryption(b"secret")
    path.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked))


def key_of_another_kind(folder: Path) -> None:
    made = ed25519.Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    (folder / "dsc-2026-01-05.key").write_bytes(made)


def two_keys(folder: Path) -> None:
    (folder / "dsc-2026-01-05.p11").write_text("pkcs11:token=t;object=o")


def twice(folder: Path) -> None:
    for end in (".crt", ".key"):
        (folder / f"copy{end}").write_bytes((folder / f"dsc-2026-01-05{end}").read_bytes())
        (folder / f"copy{end}").chmod(0o600)


def lists_by_a_signer(folder: Path) -> None:
    for end in (".crt", ".key"):
        (folder / f"lists{end}").write_bytes((folder / f"dsc-2026-01-05{end}").read_bytes())


def lists_without_key(folder: Path) -> None:
    (folder / "lists.key").unlink()


def readable_by_all(folder: Path) -> None:
    (folder / "dsc-2026-01-05.key").chmod(0o644)


def writable_by_group(folder: Path) -> None:
    (folder / "dsc-2026-01-05.key").chmod(0o660)


def authority(folder: Path) -> None:
    (folder / "csca.crt").write_bytes((folder / "csca/csca.crt").read_bytes())


def half_a_uri(folder: Path) -> None:
    (folder / "dsc-2026-01-05.key").unlink()
    (folder / "dsc-2026-01-05.p11").write_text("pkcs11:token=t?module-path=/x")


def no_module(folder: Path) -> None:
    (folder / "dsc-2026-01-05.key").unlink()
    (folder / "dsc-2026-01-05.p11").write_text(
        "pkcs11:token=t;object=o?module-path=/nowhere.so&pin-source=env:PIN"
    )


WRONG = [
    (other_key, "is not the key of the certificate"),
    (other_kind_of_key, "is not the key of the certificate"),
    (no_certificate, r"dsc-2026-01-05\.key has no certificate"),
    (broken_certificate, r"dsc-2026-01-05\.crt is no certificate"),
    (broken_key, r"dsc-2026-01-05\.key is no private key"),
    (key_with_password, r"dsc-2026-01-05\.key is no private key"),
    (key_of_another_kind, "must be P-256 or RSA"),
    (two_keys, "has two keys"),
    (twice, "stands there twice"),
    (lists_by_a_signer, "stands there twice"),
    (lists_without_key, r"lists\.crt has no key"),
    (readable_by_all, r"dsc-2026-01-05\.key is open to others"),
    (writable_by_group, r"dsc-2026-01-05\.key is open to others"),
    (authority, "belongs to an authority"),
    (half_a_uri, "does not say 'object'"),
    (no_module, "no PKCS#11 module /nowhere.so"),
]


@pytest.mark.parametrize(
    ("spoil", "message"), WRONG, ids=lambda value: getattr(value, "__name__", "")
)
def test_a_folder_that_is_not_right_ends_the_start(folder, spoil, message):
    spoil(folder)
    with pytest.raises(ConfigError, match=message) as wrong:
        ring(folder)
    assert "PRIVATE KEY" not in str(wrong.value)


@pytest.mark.parametrize("mode", [0o400, 0o600, 0o440, 0o640])
def test_a_key_of_its_owner_and_of_a_mount_is_used(folder, mode):
    (folder / "dsc-2026-01-05.key").chmod(mode)
    assert only(folder)


def test_an_empty_or_missing_folder_ends_the_start(tmp_path):
    for place in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(ConfigError, match="SIGNING_KEYS"):
            ring(place)


def test_a_key_that_waits_for_its_certificate_disturbs_nobody(folder):
    ceremony.request(folder / "dsc-2027", ceremony.Subject("CN", "O"))
    assert [key.name for key in ring(folder).keys] == ["dsc-2026-01-05"]


@pytest.mark.parametrize("curve_or_bits", ["P-384", "RSA-1024"])
def test_weak_and_foreign_keys_are_refused(folder, monkeypatch, curve_or_bits):
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    made = (
        ec.generate_private_key(ec.SECP384R1())
        if curve_or_bits == "P-384"
        else rsa.generate_private_key(65537, 1024)
    )
    monkeypatch.setattr(ceremony, "new_key", lambda with_rsa=False: made)
    ceremony.renew(folder, START + YEAR)
    with pytest.raises(ConfigError, match="must be P-256 or RSA of 2048"):
        ring(folder)


def test_three_thousand_signatures_a_second(folder):
    key, best = only(folder), 0.0
    for _ in range(5):  # the machine may be busy with others
        start = time.process_time()
        for _ in range(600):
            key.sign(b"x" * 300)
        best = max(best, 600 / (time.process_time() - start))
    assert best > 3000
