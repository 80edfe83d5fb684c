"""flask keys …: the ceremony, rotation, requests, and a key that was lost."""

import os
import shutil
import stat
import subprocess
from datetime import datetime

import pytest
from cryptography import x509

from app import clock
from app.audit import AuditEntry
from app.certificates import actions, signing
from app.certificates.models import Certificate, Signer
from app.commands import ceremony
from app.words import Refused
from tests.verification.test_lists import revoked

START = datetime(2026, 1, 5, 8)


@pytest.fixture
def keys(app):
    """Run `flask keys …` and return what it printed."""

    def run(*words: str, code: int = 0) -> str:
        result = app.test_cli_runner().invoke(args=["keys", *map(str, words)])
        assert result.exit_code == code, result.output
        return result.output

    return run


@pytest.fixture
def use(app, monkeypatch):
    """Load a folder as a start of the service does."""
    return lambda folder: monkeypatch.setitem(app.extensions, "signing", signing.load(str(folder)))


def certificate(path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def test_the_ceremony_makes_what_a_service_needs(keys, tmp_path):
    folder = tmp_path / "new" / "keys"
    printed = keys("ceremony", folder).splitlines()
    assert len(printed) == 6
    found = signing.load(str(folder))
    assert (len(found.keys), found.keys[0].alg) == (1, signing.ES256)
    assert found.lists
    for path in folder.rglob("*"):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600 if path.suffix == ".key" else 0o644)


def test_keys_are_for_their_owner_whatever_the_mask(tmp_path):
    before = os.umask(0)
    try:
        ceremony.begin(tmp_path / "keys", START)
    finally:
        os.umask(before)
    assert {p.stat().st_mode & 0o777 for p in (tmp_path / "keys").rglob("*.key")} == {0o600}


def test_lifetimes_and_usages_are_those_of_the_governance(tmp_path):
    ceremony.begin(tmp_path, START)
    csca = certificate(tmp_path / "csca/csca.crt")
    dsc = certificate(tmp_path / "dsc-2026-01-05.crt")
    assert (csca.not_valid_after_utc - csca.not_valid_before_utc).days == 4 * 365
    assert (dsc.not_valid_after_utc - dsc.not_valid_before_utc).days == 2 * 365
    assert csca.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    named = dsc.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert [oid.dotted_string for oid in named] == ["1.3.6.1.4.1.1847.2021.1.2"]
    dsc.verify_directly_issued_by(csca)
    use = dsc.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (use.digital_signature, use.key_cert_sign) == (True, False)


def test_openssl_believes_the_chain(tmp_path):
    if not shutil.which("openssl"):
        pytest.skip("not run: no openssl on this machine")
    ceremony.begin(tmp_path, clock.now(), with_rsa=True)
    (dsc,) = tmp_path.glob("dsc*.crt")
    done = subprocess.run(
        ["openssl", "verify", "-CAfile", tmp_path / "csca/csca.crt", dsc], capture_output=True
    )
    assert done.returncode == 0, done.stderr


def test_rsa_where_nothing_else_is_to_be_had(keys, tmp_path):
    keys("ceremony", tmp_path, "--rsa")
    assert signing.load(str(tmp_path)).keys[0].alg == signing.PS256


def test_nothing_is_written_over(keys, tmp_path):
    keys("ceremony", tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.*")}
    assert "nothing is written over" in keys("ceremony", tmp_path, code=1)
    assert "nothing is written over" in keys("lists", tmp_path, code=1)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.*")} == before


def test_rotation_signs_with_the_new_and_publishes_the_old(keys, tmp_path, use):
    keys("ceremony", tmp_path)
    (old,) = signing.load(str(tmp_path)).keys
    keys("renew", tmp_path)
    use(tmp_path)
    signs = signing.key(clock.now())
    assert signs.kid != old.kid
    printed = keys("list").splitlines()
    assert "SIGNS, renew by" in next(line for line in printed if signs.kid.hex() in line)
    assert next(line for line in printed if old.kid.hex() in line).endswith("published")
    assert printed[-1].endswith("signs the lists")


def test_a_signer_does_not_outlive_its_authority(tmp_path):
    ceremony.begin(tmp_path, START)
    ceremony.renew(tmp_path, START.replace(year=2029))
    dsc = certificate(tmp_path / "dsc-2029-01-05.crt")
    csca = certificate(tmp_path / "csca/csca.crt")
    assert dsc.not_valid_after_utc == csca.not_valid_after_utc


def test_renewal_without_an_authority_says_so(keys, tmp_path):
    assert "csca.crt" in keys("renew", tmp_path, code=1)


def test_a_request_for_the_real_authority(keys, tmp_path):
    path = tmp_path / "new" / "dsc-2026"
    keys("csr", path, "--name", "CHỨNG NHẬN TIÊM CHỦNG", "--organization", "BỘ Y TẾ")
    asked = x509.load_pem_x509_csr(path.with_suffix(".csr").read_bytes())
    assert asked.is_signature_valid
    assert asked.subject.rfc4514_string() == "CN=CHỨNG NHẬN TIÊM CHỦNG,O=BỘ Y TẾ,C=VN"
    assert path.with_suffix(".key").stat().st_mode & 0o777 == 0o600
    assert "is there already" in keys("csr", path, "--name", "x", "--organization", "y", code=1)


def test_without_keys_the_list_says_so(keys):
    assert keys("list").splitlines() == ["no key can sign now", "no key signs the lists"]


def test_own_signers_are_written_down_once(app, signers):
    for _ in range(2):
        actions.publish_own()
    (row,) = Signer.select()
    assert (row.kid, row.own, row.usages) == (signers.keys[0].kid.hex(), True, ["v"])
    assert row.not_after == signers.keys[0].not_after
    assert AuditEntry.select().where(AuditEntry.noun == "signer").count() == 1


def test_a_lost_key_leaves_the_list_and_signs_no_more(app, keys, signers):
    kid = signers.keys[0].kid.hex()
    keys("lost", kid, "--why", "the server was stolen")
    row = Signer.get()
    assert (row.distrusted_why, row.distrusted_at is not None) == ("the server was stolen", True)
    printed = keys("list")
    assert "no key can sign now" in printed
    assert f"{kid}  {signers.keys[0].name}  ES256" in printed and "  lost\n" in printed
    entry = AuditEntry.get(AuditEntry.action == "remove")
    assert (entry.noun, entry.detail) == ("signer", {"kid": kid})
    keys("lost", kid, "--why", "again", code=1)


def test_a_lost_key_needs_a_reason_and_must_be_ours(app, keys, signers):
    actions.publish_own()
    with pytest.raises(Refused, match="required"):
        actions.distrust(signers.keys[0].kid.hex(), " ", own=True)
    with pytest.raises(Refused, match="signer_none"):
        actions.distrust(signers.keys[0].kid.hex(), "not ours", own=False)
    keys("lost", "0" * 16, "--why", "?", code=1)
    assert Signer.get().distrusted_at is None


def test_a_certificate_stays_known_when_its_file_is_gone(app, keys, signers, monkeypatch):
    actions.publish_own()
    monkeypatch.setitem(app.extensions, "signing", signing.Ring())
    assert "published, its file is gone" in keys("list")


def test_what_a_lost_key_signed_is_revoked(app, keys, signers):
    kid = signers.keys[0].kid.hex()
    mine, other = revoked(kid=kid, revoked_at=None, current=True), revoked(revoked_at=None)
    assert "1 certificates are revoked" in keys("lost", kid, "--why", "stolen")
    assert Certificate.get_by_id(mine.id).revoked_at
    assert Certificate.get_by_id(other.id).revoked_at is None
