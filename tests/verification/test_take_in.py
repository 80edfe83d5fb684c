"""flask trust …: foreign signers from certificates, signed lists and DID documents."""

import json
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from app import clock
from app.audit import AuditEntry
from app.certificates.models import Signer
from app.verification import actions, trust
from app.verification.trust import BadList, Listed
from tests.verification.signers import AT
from tests.verification.signers import Signer as Foreign


@pytest.fixture(autouse=True)
def then(app):
    """The signers of the tests are valid then."""
    with clock.frozen(AT + timedelta(hours=7)):
        yield


def pem(one: Foreign) -> bytes:
    return x509.load_der_x509_certificate(one.der).public_bytes(Encoding.PEM)


def signed_list(by: Foreign, *listed: Foreign, hours: int = 24, **more) -> bytes:
    said = trust.trust_list(Listed(one.der, one.trusted()) for one in listed) | more
    payload = trust.head("SE list", AT, AT + timedelta(hours=hours)) | said
    return trust.jws(trust.compact(payload), by.alg, by.der, by.sign)


def rows() -> list[tuple[str, str, bool]]:
    query = Signer.select().order_by(Signer.country)
    return [(row.country, row.kid, row.distrusted_at is None) for row in query]


def test_certificates_come_in_and_count(app):
    one, other = Foreign(country="SE"), Foreign("RSA-2048", country="FR")
    taken = actions.take_in(pem(one) + pem(other), "file.pem")
    assert (taken.new, taken.known, taken.bad) == (2, 0, [])
    assert rows() == [("FR", other.kid.hex(), True), ("SE", one.kid.hex(), True)]
    assert actions.signers(one.kid)[0].country == "SE"
    assert AuditEntry.select().where(AuditEntry.noun == "signer").count() == 2
    assert actions.take_in(one.der, "file.der").known == 1


def test_bad_rows_are_named_and_the_good_ones_come_in(app):
    one, weak = Foreign(country="SE"), Foreign("P-384", country="FR")
    broken = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    taken = actions.take_in(pem(weak) + broken + pem(one), "file.pem")
    assert [name for name, _why in taken.bad] == ["certificate 1", "certificate 2"]
    assert rows() == [("SE", one.kid.hex(), True)]


def test_a_file_without_a_good_row_writes_nothing(app):
    for text in (b"", b"nothing", b"{", b"{}", b"[]", pem(Foreign("P-384"))):
        with pytest.raises(BadList):
            actions.take_in(text, "file")
    assert rows() == []


@pytest.mark.parametrize("kind", ["P-256", "RSA-2048"])
def test_a_signed_list_comes_in(app, kind):
    by, one = Foreign(kind, country="SE"), Foreign(country="FR")
    assert actions.take_in(signed_list(by, one), "list", pem(by)).new == 1
    assert rows() == [("FR", one.kid.hex(), True)]


def test_a_list_that_must_not_be_believed_is_refused(app):
    by, other, one = Foreign(country="SE"), Foreign(country="SE"), Foreign(country="FR")
    good = signed_list(by, one)
    first, payload, signature = good.split(b".")
    more = trust.compact({"iss": "x", "exp": 2**40, "dsc_trust_list": {}})
    none = trust.compact({"alg": "none"})
    for text, signer, why in [
        (good, None, "needs --signer"),
        (good, pem(other), "its signature"),
        (b".".join([first, trust._url(more), signature]), pem(by), "its signature"),
        (b".".join([trust._url(none), payload, b""]), pem(by), "its signature"),
        (signed_list(by, one, hours=-1), pem(by), "has ended"),
        (signed_list(by, one, exp="soon"), pem(by), "has ended"),
        (signed_list(by, dsc_trust_list=[]), pem(by), "holds no dsc_trust_list"),
        (b"eyJ", pem(by), "no signed list"),
    ]:
        with pytest.raises(BadList, match=why):
            actions.take_in(text, "list", signer)
    assert rows() == []


def test_who_leaves_a_list_is_trusted_no_more_until_he_is_back(app):
    by, one, other = Foreign(country="SE"), Foreign(country="FR"), Foreign(country="DE")
    actions.take_in(signed_list(by, one, other), "monday", pem(by))
    assert actions.take_in(signed_list(by, one), "tuesday", pem(by)).gone == 1
    assert actions.signers(other.kid) == []
    assert actions.take_in(signed_list(by, one, other), "wednesday", pem(by)).new == 1
    assert len(actions.signers(other.kid)) == 1


def test_a_document_of_who_gives_the_key_in_x5c(app):
    one = Foreign()
    shown = trust.jwk(one.der, one.trusted()) | {"x": "AAAA", "y": "AAAA"}
    name = "did:web:who.example:trustlist#" + trust.b64(one.kid).replace("=", "%3D")
    method = {"id": name, "type": "JsonWebKey2020", "publicKeyJwk": shown}
    broken = {"id": "did:web:who.example#x", "publicKeyJwk": {"x5c": ["?"]}}
    text = json.dumps({"id": "did:web:who.example", "verificationMethod": [method, broken, 7]})
    taken = actions.take_in(text.encode(), "did.json", country="XA")
    assert (taken.new, len(taken.bad)) == (1, 2)
    assert rows() == [("XA", one.kid.hex(), True)]


def test_what_has_ended_is_not_taken_in(app):
    with clock.frozen(datetime(2026, 1, 1)), pytest.raises(BadList, match="has ended"):
        actions.take_in(pem(Foreign(country="SE")), "file.pem")


def test_the_commands(app, tmp_path):
    run = lambda *words: app.test_cli_runner().invoke(args=["trust", *map(str, words)])  # noqa: E731
    one, path = Foreign(country="SE"), tmp_path / "signers.pem"
    path.write_bytes(pem(one))
    assert run("import", path).output == "1 new, 0 known, 0 gone, 0 bad\n"
    assert "trusted" in run("list").output
    kid = one.kid.hex()
    assert run("distrust", kid, "--why", "key was lost").exit_code == 0
    assert "NOT TRUSTED: key was lost" in run("list").output
    assert run("distrust", kid, "--why", "again").exit_code == 1
    assert run("import", path).output.startswith("0 new, 1 known")
    assert actions.signers(one.kid) == [], "who was struck off stays off"
    path.write_bytes(b"nothing")
    assert run("import", path).exit_code == 1
