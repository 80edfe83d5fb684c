"""The signed lists: their shape, their signature, what stands on them, and how they are fetched."""

import base64
import gzip
import hashlib
import json
from datetime import timedelta
from threading import Event, Thread
from types import SimpleNamespace

import pytest
from cryptography import x509
from flask import g

from app import clock
from app.certificates import actions as certificates
from app.certificates import signing
from app.certificates.models import Certificate, Signer
from app.db import db
from app.verification import trust
from app.verification.trust import BadList, Revoked
from app.verification.verifier import trusted_from
from tests import build
from tests.verification.signers import Signer as Foreign

LISTS = ("dsc-trust-list", "revocation-list", "checkpoint")


@pytest.fixture(autouse=True)
def look_always(monkeypatch):
    """No list is kept unasked."""
    monkeypatch.setattr("app.verification.actions.publish.LOOK_AGAIN", 0)


def key_of(one: signing.Own):
    return x509.load_der_x509_certificate(one.certificate).public_key()


def read(client, signers, name: str):
    answer = client.get(f"/.well-known/{name}")
    assert answer.status_code == 200
    return trust.opened(answer.data, key_of(signers.lists), clock.now())


def revoked(**given) -> Certificate:
    """A revoked certificate."""
    visit = build.visit(build.session(build.unit()))
    dose = build.dose(visit)
    mark = hashlib.sha256(str(dose.id).encode()).hexdigest()
    now = clock.now()
    values = {
        "kind": "DCC", "person": dose.person, "dose": dose, "doses": [[dose.id, 1]],
        "identity_seq": 1, "uvci": f"URN:UVCI:01:VN:{dose.id}", "kid": "ab" * 8, "code": "HC1:",
        "hash_uci": mark[:32], "hash_country_uci": mark[1:33], "hash_signature": mark[2:34],
        "issued_at": now, "expires_at": now + timedelta(days=300), "revoked_at": now,
        "current": False,
    }  # fmt: skip
    return Certificate.create(**(values | given))


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_signed_by_a_key_that_signs_no_certificate(client, signers, name):
    said = read(client, signers, name)
    assert said["iss"] == "VN"
    assert said["iat"] <= trust.seconds(clock.now()) < said["exp"]
    body = client.get(f"/.well-known/{name}").data
    with pytest.raises(BadList, match="signature"):
        trust.opened(body, key_of(signers.keys[0]), clock.now())
    with pytest.raises(BadList, match="ended"):
        trust.opened(body, key_of(signers.lists), clock.now() + timedelta(days=4))


@pytest.mark.parametrize("name", LISTS)
def test_without_a_key_there_is_no_list(client, name):
    assert client.get(f"/.well-known/{name}").status_code == 404


def test_the_trust_list_names_our_signers_and_trusted_foreign_ones(client, signers, app):
    foreign, gone = Foreign(country="SE"), Foreign("RSA-2048", country="FR")
    for one in (foreign, gone):
        put(one)
    certificates.distrust(trusted_from(gone.der).kid.hex(), "test", own=False)
    countries = read(client, signers, "dsc-trust-list")["dsc_trust_list"]
    assert set(countries) == {"VN", "SE"}
    (own,) = countries["VN"]["keys"]
    assert base64.b64decode(own["x5c"][0]) == signers.keys[0].certificate
    assert base64.b64decode(own["kid"]) == signers.keys[0].kid
    assert countries["VN"]["eku"] == {own["kid"]: ["1.3.6.1.4.1.1847.2021.1.2"]}
    numbers = key_of(signers.keys[0]).public_numbers()
    assert int.from_bytes(trust.unb64(own["x"].encode()), "big") == numbers.x


def put(one: Foreign) -> None:
    der = one.der
    known = trusted_from(der)
    Signer.create(
        kid=known.kid.hex(), digest=hashlib.sha256(der).hexdigest(), country=known.country,
        certificate=base64.b64encode(der).decode(), not_before=known.not_before,
        not_after=clock.now() + timedelta(days=9), added_at=clock.now(),
    )  # fmt: skip


def test_an_old_signer_stays_on_the_list_when_its_file_is_gone(client, signers, app, monkeypatch):
    certificates.publish_own()
    monkeypatch.setitem(app.extensions, "signing", signing.Ring((), (), signers.lists))
    (one,) = read(client, signers, "checkpoint")["signers"]
    assert one["kid"] == signers.keys[0].kid.hex()
    certificates.distrust(one["kid"], "lost", own=True)
    assert read(client, signers, "checkpoint")["signers"] == []


def test_the_revocation_list_has_the_batches_of_the_gateway(client, signers):
    one = revoked()
    said = {
        batch["hashType"]: batch for batch in read(client, signers, "revocation-list")["batches"]
    }
    assert set(said) == {"UCI", "COUNTRYCODEUCI", "SIGNATURE"}
    for way, mark in (
        ("UCI", one.hash_uci), ("COUNTRYCODEUCI", one.hash_country_uci),
        ("SIGNATURE", one.hash_signature),
    ):  # fmt: skip
        assert said[way]["entries"] == [{"hash": trust.b64(bytes.fromhex(mark))}]
        assert (said[way]["country"], said[way]["kid"]) == ("VN", trust.b64(b"\xab" * 8))
        assert said[way]["expires"] == one.expires_at.isoformat("T", "seconds") + "Z"


def test_only_what_is_revoked_and_not_ended_is_on_the_lists(client, signers):
    revoked(revoked_at=None)  # it was replaced by a newer one, and stays good
    revoked(expires_at=clock.now() - timedelta(hours=2))
    assert read(client, signers, "revocation-list")["batches"] == []
    assert read(client, signers, "checkpoint")["revoked"] == ""
    one, other = revoked(), revoked(kind="ICVP")
    prefixes = sorted(bytes.fromhex(h[:16]) for h in (one.hash_uci, other.hash_signature))
    said = read(client, signers, "checkpoint")
    assert base64.b64decode(said["revoked"]) == b"".join(prefixes)


def test_a_batch_holds_at_most_a_thousand():
    end = clock.now()
    many = [Revoked("VN", "", end, f"{n:032x}", f"{n:032x}", f"{n:032x}") for n in range(2001)]
    made = trust.batches(many)
    assert sorted(len(batch["entries"]) for batch in made) == [1] * 3 + [1000] * 6
    assert {batch["kid"] for batch in made} == {"UNKNOWN_KID"}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_fetched_again_only_when_it_changed(client, signers, name):
    first = client.get(f"/.well-known/{name}")
    assert first.headers["Cache-Control"] == "public, max-age=300"
    tag = {"If-None-Match": first.headers["ETag"]}
    again = client.get(f"/.well-known/{name}", headers=tag)
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(f"/.well-known/{name}").data == first.data, "signed once"
    revoked()
    put(Foreign(country="SE"))
    assert client.get(f"/.well-known/{name}", headers=tag).status_code == 200


def test_a_revocation_that_is_committed_late_is_seen(app, client, signers):
    """It began before another one, and ends after the list was made with that."""
    living = {"revoked_at": None, "current": True}
    slow, quick = revoked(**living), revoked(**living)
    by, begun, go = build.user(build.unit()), Event(), Event()

    def late() -> None:
        with app.app_context(), db.connection_context(), db.atomic():
            certificates.revoke(slow.id, "x", by)
            begun.set()
            go.wait(10)

    def early() -> None:
        with app.app_context(), db.connection_context():
            # Of another unit, so that the audit chain makes nobody wait.
            g.user = SimpleNamespace(id=by.id, unit_id=by.unit_id)
            certificates.revoke(quick.id, "x", by)

    works = [Thread(target=late), Thread(target=early)]
    works[0].start()
    assert begun.wait(10)
    works[1].start()
    works[1].join(0.5)
    read(client, signers, "checkpoint")
    go.set()
    for work in works:
        work.join()
    assert len(base64.b64decode(read(client, signers, "checkpoint")["revoked"])) == 16


def test_of_the_signers_each_row_counts(client, signers):
    """One that left and one that came back may have older moments than the list that was made."""
    for country in ("SE", "FR"):
        put(Foreign(country=country))
    away, there = (Signer.country == "SE"), (Signer.country == "FR")
    now = clock.now()
    Signer.update(distrusted_at=now).where(away).execute()
    assert set(read(client, signers, "dsc-trust-list")["dsc_trust_list"]) == {"VN", "FR"}
    Signer.update(distrusted_at=None).where(away).execute()
    Signer.update(distrusted_at=now).where(there).execute()
    assert set(read(client, signers, "dsc-trust-list")["dsc_trust_list"]) == {"VN", "SE"}


def test_all_processes_give_one_tag(client, signers, app):
    tags = []
    for _ in range(2):
        app.extensions.pop("published", None)
        tags.append(client.get("/.well-known/checkpoint").headers["ETag"])
    assert tags[0] == tags[1]


def test_a_list_is_packed_and_writes_nothing(client, signers):
    packed = client.get("/.well-known/checkpoint", headers={"Accept-Encoding": "gzip"})
    assert packed.content_encoding == "gzip"
    assert gzip.decompress(packed.data) == client.get("/.well-known/checkpoint").data
    assert Signer.select().count() == 0


def test_a_hundred_thousand_revoked_are_a_megabyte():
    names = [hashlib.sha256(b"%d" % n).hexdigest()[:32] for n in range(100_000)]
    said = trust.compact(trust.checkpoint([], names))
    assert len(said) < 1_070_000
    assert len(json.loads(said)["revoked"]) == 1_066_668
