"""The verdict on one certificate, layer by layer; every way to make it wrong has a name here."""

import copy
from datetime import datetime, timedelta

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from app.certificates import envelope
from app.certificates.envelope import DCC, ES256, ICVP, PS256
from app.verification.verifier import BadSigner, Verdict, trusted_from, verify
from tests.certificates import texts
from tests.certificates.texts import CONTENT, KID, claims, coded, message, text
from tests.verification.signers import AT, END, NEW, OLD, START, Signer, signer, trusting

ICVP_CONTENT = {
    "n": "Nguyễn Văn An", "dob": "1985-03-02", "s": "male", "ntl": "VN", "nid": "C1234567",
    "v": {"dn": "2", "tg": "RA01", "vp": "XM0GQ8", "dt": "2021-11-02", "bo": "FK0112",
          "is": "Bộ Y tế"},
}  # fmt: skip


def verdict(one: str, *signers: Signer, at: datetime = AT) -> Verdict:
    return verify(one, trusting(*(signers or (signer(),))), at)


def outcome(one: str, *signers: Signer, at: datetime = AT) -> tuple[str, tuple[str, ...]]:
    found = verdict(one, *signers, at=at)
    assert found.valid == (not found.reasons) == (not found.layer)
    return found.layer, found.reasons


VALID = ("", ())


@pytest.mark.parametrize("kind", ["P-256", "RSA-2048", "RSA-3072"])
@pytest.mark.parametrize(("key", "content"), [(DCC, CONTENT), (ICVP, ICVP_CONTENT)])
def test_a_certificate_holds(kind, key, content):
    by = signer(kind)
    found = verdict(by.issue(content, key), by)
    assert found.valid and not found.reasons and not found.layer
    assert (found.signer, found.country, found.own) == (by.kid.hex(), "VN", False)
    assert found.kind == key
    assert found.claims[-260][key] == content


def test_the_whos_guide_of_today_has_neither_disease_nor_dose():
    by = signer()
    vaccine = {"vp": "YellowFeverProductd2c75a15ed309658b3968519ddb31690", "bo": "A1234",
               "dt": "2020-11-15", "is": "MINSALUD", "vls": "2020-11-15"}  # fmt: skip
    content = {"n": "Nguyễn Văn An", "dob": "1985-03-02", "v": vaccine}
    assert verdict(by.issue(content, ICVP), by).valid
    del vaccine["vp"]
    assert outcome(by.issue(content, ICVP), by) == ("schema", ("bad_schema",))


def test_whose_it_is_comes_from_the_list():
    by = signer()
    known = by.trusted()._replace(country="XX", own=True)
    found = verify(by.issue(), lambda kid: [known], AT)
    assert (found.country, found.own) == ("XX", True)


# Who signed it.


def test_an_unknown_signer():
    assert outcome(signer().issue(), signer("RSA-2048")) == ("signer", ("unknown_signer",))
    assert outcome(text()) == ("signer", ("unknown_signer",))


def test_a_kid_of_nobody_is_never_looked_up():
    def asked(kid):
        raise AssertionError("looked up")

    assert verify(text({1: ES256}), asked, AT).layer == "signer"


def test_another_key_under_the_same_kid():
    other = Signer()
    assert outcome(other.issue(kid=signer().kid)) == ("signature", ("bad_signature",))


def test_every_signer_with_the_kid_is_tried():
    one, other = signer(), signer("RSA-2048")
    both = [by.trusted()._replace(kid=KID) for by in (other, one, Signer())]
    both.insert(0, both[0]._replace(key=signer("P-384").key.public_key()))
    for by in (one, other):
        assert verify(by.issue(kid=KID), lambda kid: both, AT).valid
    assert verify(Signer().issue(kid=KID), lambda kid: both, AT).reasons == ("bad_signature",)


# The signature.


def parts(one: str) -> list:
    opened = envelope.unpack(one)
    return [opened.protected, {}, opened.payload, opened.signature]


def with_signature(one: str, change) -> str:
    header, unprotected, payload, signature = parts(one)
    return coded(cbor2.dumps(cbor2.CBORTag(18, [header, unprotected, payload, change(signature)])))


N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def halves(signature: bytes) -> tuple[int, int]:
    return int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")


def raw(r: int, s: int, size: int = 32) -> bytes:
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


WRONG_ES256 = {
    "empty": lambda one: b"",
    "zeros": lambda one: bytes(64),
    "one bit": lambda one: one[:20] + bytes([one[20] ^ 1]) + one[21:],
    "shorter": lambda one: one[:-1],
    "longer": lambda one: one + b"\0",
    "twice": lambda one: one + one,
    "r and s swapped": lambda one: one[32:] + one[:32],
    "DER": lambda one: encode_dss_signature(*halves(one)),
    "of 48 bytes each": lambda one: raw(*halves(one), 48),
    "r = 0": lambda one: raw(0, halves(one)[1]),
    "s = 0": lambda one: raw(halves(one)[0], 0),
    "s = n": lambda one: raw(halves(one)[0], N),
    "r = n": lambda one: raw(N, halves(one)[1]),
    "r = s = 1": lambda one: raw(1, 1),
    "all ones": lambda one: b"\xff" * 64,
}  # fmt: skip


@pytest.mark.parametrize("change", WRONG_ES256.values(), ids=WRONG_ES256)
def test_a_wrong_signature_of_es256(change):
    wrong = with_signature(signer().issue(), change)
    assert outcome(wrong) == ("signature", ("bad_signature",))


@pytest.mark.parametrize(
    "change",
    [lambda one: b"", lambda one: one[:-1], lambda one: one + b"\0", lambda one: bytes(len(one)),
     lambda one: one[:9] + bytes([one[9] ^ 4]) + one[10:], lambda one: b"\xff" * len(one)],
)  # fmt: skip
def test_a_wrong_signature_of_ps256(change):
    by = signer("RSA-2048")
    assert outcome(with_signature(by.issue(), change), by) == ("signature", ("bad_signature",))


def test_the_older_padding_of_rsa_does_not_count():
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    by = signer("RSA-2048")
    header, _, payload, _ = parts(by.issue())
    told = envelope.to_be_signed(header, payload)
    short = padding.PSS(padding.MGF1(hashes.SHA256()), salt_length=20)
    for pad in (padding.PKCS1v15(), short):
        wrong = envelope.pack(header, payload, by.key.sign(told, pad, hashes.SHA256()))
        assert outcome(wrong, by) == ("signature", ("bad_signature",))


@pytest.mark.parametrize("alg", [PS256, -8, -35, -257, 0, 5, 2**40])
def test_an_algorithm_that_disagrees_with_the_key(alg):
    """The signature itself is right: the header says how else it is to be checked."""
    assert outcome(signer().issue(alg=alg)) == ("signature", ("wrong_algorithm",))


def test_es256_in_the_header_of_an_rsa_key():
    by = signer("RSA-2048")
    assert outcome(by.issue(alg=ES256), by) == ("signature", ("wrong_algorithm",))


def test_no_algorithm_at_all():
    by = signer()
    header = cbor2.dumps({4: by.kid})
    payload = cbor2.dumps(claims())
    one = envelope.pack(header, payload, by.sign(envelope.to_be_signed(header, payload)))
    assert outcome(one) == ("signature", ("wrong_algorithm",))


@pytest.mark.parametrize("kind", ["P-384", "secp256k1", "RSA-1024"])
def test_keys_that_do_not_count(kind):
    by = Signer(kind)
    with pytest.raises(BadSigner):
        by.trusted()
    strong = signer()
    weak = strong.trusted()._replace(key=by.key.public_key(), kid=by.kid)
    assert verify(by.issue(), lambda kid: [weak], AT).reasons == ("wrong_algorithm",)


# Headers. What is not signed may change without harm only where the signed part is silent.


def signed_over(header: dict, unprotected: dict, by: Signer, tags: tuple[int, ...] = (18,)) -> str:
    protected, payload = cbor2.dumps(header), cbor2.dumps(claims())
    signature = by.sign(envelope.to_be_signed(protected, payload))
    found = [protected, unprotected, payload, signature]
    for tag in tags:
        found = cbor2.CBORTag(tag, found)
    return coded(cbor2.dumps(found))


def test_kid_and_algorithm_outside_the_signed_header():
    by = signer()
    assert outcome(signed_over({1: ES256}, {4: by.kid}, by)) == VALID
    assert outcome(signed_over({4: by.kid}, {1: ES256}, by)) == VALID
    assert outcome(signed_over({}, {1: ES256, 4: by.kid}, by)) == VALID
    assert outcome(signed_over({1: ES256, 4: by.kid}, {4: KID, 1: PS256}, by)) == VALID


def test_a_kid_in_the_wrong_place():
    """The signed one wins, also when it is wrong; and elsewhere there is no kid."""
    by = signer()
    unknown = ("signer", ("unknown_signer",))
    assert outcome(signed_over({1: ES256, 4: KID}, {4: by.kid}, by)) == unknown
    assert outcome(signed_over({1: ES256}, {"kid": by.kid}, by)) == unknown
    assert outcome(signed_over({1: ES256, 5: by.kid}, {}, by)) == unknown
    assert outcome(signed_over({1: ES256}, {4: by.kid.hex()}, by)) == ("cose", ("bad_cose",))
    assert outcome(signed_over({1: ES256}, {4: by.kid + b"\0"}, by)) == unknown


def test_untagged_and_double_tagged():
    by = signer()
    header = {1: ES256, 4: by.kid}
    for tags in ((), (18,), (18, 61)):
        assert outcome(signed_over(header, {}, by, tags)) == VALID
    for tags in ((17,), (98,), (61, 18), (18, 18)):
        assert outcome(signed_over(header, {}, by, tags)) == ("cose", ("bad_cose",))


def test_an_altered_payload_or_header():
    by = signer()
    header, _, payload, signature = parts(by.issue())
    older = payload.replace(b"1985-03-02", b"1984-03-02")
    assert outcome(envelope.pack(header, older, signature)) == ("signature", ("bad_signature",))
    longer = cbor2.dumps(cbor2.loads(header) | {3: 1})
    assert outcome(envelope.pack(longer, payload, signature)) == ("signature", ("bad_signature",))


def test_the_same_content_coded_otherwise_was_not_signed():
    by = signer()
    header, _, payload, signature = parts(by.issue())
    again = cbor2.dumps(dict(reversed(cbor2.loads(payload).items())))
    assert cbor2.loads(again) == cbor2.loads(payload)
    assert outcome(envelope.pack(header, again, signature)) == ("signature", ("bad_signature",))


def test_a_re_encoded_envelope_is_the_same_certificate():
    """The envelope is malleable by design; what is signed is not. So nothing may be looked up by
    the text of the code."""
    import zlib

    by = signer()
    one = by.issue()
    again = texts.packed(zlib.compress(cbor2.dumps(cbor2.CBORTag(18, parts(one))), 0))
    r, s = halves(parts(one)[3])
    twin = with_signature(one, lambda signature: raw(r, N - s))
    for other in (again, twin):
        assert other != one and verdict(other).valid
        assert verdict(other).opened.payload == verdict(one).opened.payload
    hashes = {
        envelope.hashes("U", "VN", ES256, verdict(other).opened.signature)
        for other in (one, again, twin)
    }
    assert len(hashes) == 1


# Time.


def test_the_time_by_the_claims():
    start, end = (texts.ISSUED, texts.EXPIRES)
    epoch = datetime(1970, 1, 1)
    at = {name: epoch + timedelta(seconds=one) for name, one in (("iat", start), ("exp", end))}
    one, second = signer().issue(), timedelta(seconds=1)
    assert outcome(one, at=at["iat"]) == VALID
    assert outcome(one, at=at["exp"]) == VALID
    assert outcome(one, at=at["exp"] + second) == ("time", ("expired",))
    assert outcome(one, at=at["iat"] - second) == ("time", ("not_yet_valid",))


def test_a_future_iat():
    future = int((AT - datetime(1970, 1, 1)).total_seconds()) + 60
    assert outcome(signer().issue(iat=future)) == ("time", ("not_yet_valid",))


def test_the_time_by_the_signer():
    one, second = signer().issue(iat=0, exp=2**33), timedelta(seconds=1)
    assert outcome(one, at=START) == outcome(one, at=END) == VALID
    assert outcome(one, at=END + second) == ("time", ("expired",))
    assert outcome(one, at=START - second) == ("time", ("not_yet_valid",))


def test_float_times_count_and_nan_does_not():
    assert outcome(signer().issue(iat=1.64e9, exp=1.67e9 + 0.5)) == VALID
    assert outcome(signer().issue(exp=1.6e9 + 0.5, iat=1.5e9)) == ("time", ("expired",))
    assert outcome(signer().issue(exp=1e308)) == VALID
    for bad in (float("nan"), float("inf"), -float("inf")):
        assert outcome(signer().issue(exp=bad)) == ("cwt", ("bad_claims",))
        assert outcome(signer().issue(iat=bad)) == ("cwt", ("bad_claims",))


def test_all_reasons_are_told_and_the_first_layer():
    by = signer("P-256", NEW + "1")
    one = by.issue({}, exp=texts.ISSUED + 1)
    assert outcome(one, by) == ("time", ("expired", "bad_schema"))
    wrong = by.issue(CONTENT | {"dob": 1985})
    assert outcome(wrong, by) == ("usage", ("wrong_usage", "bad_schema"))


# Usage.

TEST = {
    "tg": "840539006", "tt": "LP6464-4", "sc": "2022-05-30T10:00:00Z", "tr": "260415000",
    "co": "VN", "is": "Bộ Y tế", "ci": "URN:UVCI:01:VN:1",
}  # fmt: skip
RECOVERY = {
    "tg": "840539006", "fr": "2022-01-01", "df": "2022-01-11", "du": "2022-06-30", "co": "VN",
    "is": "Bộ Y tế", "ci": "URN:UVCI:01:VN:1",
}  # fmt: skip
BASE = {name: value for name, value in CONTENT.items() if name != "v"}
GROUPS = {"t": TEST, "v": CONTENT["v"][0], "r": RECOVERY}


@pytest.mark.parametrize("arc", [OLD, NEW])
@pytest.mark.parametrize("group", "tvr")
def test_a_signer_for_one_group(arc, group):
    by = signer("P-256", arc + str("tvr".index(group) + 1))
    for one, entry in GROUPS.items():
        found = outcome(by.issue(BASE | {one: [entry]}), by)
        assert found == (VALID if one == group else ("usage", ("wrong_usage",)))
    icvp = outcome(by.issue(ICVP_CONTENT, ICVP), by)
    assert icvp == (VALID if group == "v" else ("usage", ("wrong_usage",)))


@pytest.mark.parametrize("usages", [(), ("1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.4"), (NEW + "9",)])
def test_other_usages_do_not_restrict(usages):
    """Viet Nam's own signer of 2021 has clientAuth, emailProtection and smartcard logon only."""
    by = signer("P-256", *usages)
    assert all(
        outcome(by.issue(BASE | {one: [entry]}), by) == VALID for one, entry in GROUPS.items()
    )


# Content. Signed properly all the same.


def test_two_entries():
    entry = CONTENT["v"][0]
    assert outcome(signer().issue(CONTENT | {"v": [entry, entry]})) == ("schema", ("bad_schema",))
    assert outcome(signer().issue(CONTENT | {"t": [TEST]})) == ("schema", ("bad_schema",))


@pytest.mark.parametrize(
    "ver", ["../../../etc/passwd", "1.3.0/../..", "/1.3.0", "1.3", "1.3.0\n", "", "1.3.0.0", 1,
            None, "١.٣.٠", "9" * 70 + ".1.1"],
)  # fmt: skip
def test_ver_as_a_path(ver):
    assert outcome(signer().issue(CONTENT | {"ver": ver})) == ("schema", ("bad_schema",))


@pytest.mark.parametrize(
    "group", [None, {}, [], "text", 1, b"1", [1], [None], ["v"], [[]], {"0": 1}]
)
def test_a_group_that_is_no_list(group):
    assert outcome(signer().issue(CONTENT | {"v": group})) == ("schema", ("bad_schema",))


@pytest.mark.parametrize("hcert", [{}, {3: {}}, {1: CONTENT, -6: ICVP_CONTENT}, {"1": CONTENT}])
def test_neither_certificate_or_both(hcert):
    by = signer()
    found = verdict(by.issue(payload=cbor2.dumps(claims(hcert=hcert))))
    assert (found.layer, found.reasons, found.kind) == ("schema", ("bad_schema",), None)


@pytest.mark.parametrize("hcert", [{1: b"bytes"}, {1: []}, {1: None}, [], None, "text"])
def test_a_certificate_that_is_no_map(hcert):
    by = signer()
    payload = cbor2.dumps(claims(hcert=hcert) | {-260: hcert})
    assert outcome(by.issue(payload=payload)) == ("cwt", ("bad_claims",))


# Signers.


def test_what_is_no_certificate_is_said():
    der = signer().der
    for bad in (b"", b"text", der[:-1], der + b"\0", der[:200]):
        with pytest.raises(BadSigner, match="cannot be read"):
            trusted_from(bad)


def test_a_signer_whose_extensions_cannot_be_read():
    """An empty list of usages, as a real signer has (CO15): the key counts all the same, and so
    does what the usages say where another extension is the broken one."""
    by = signer("P-256", NEW + "2")
    oid = bytes.fromhex("060b2b060104018e378f650102")
    assert by.der.count(oid) == 1 and by.trusted().usages == {"v"}
    broken = by.der.replace(bytes.fromhex("0603551d25"), bytes.fromhex("0603551d0f"))
    known = trusted_from(broken)
    assert known.usages == {"v"} and known.country == "VN" and known.not_before == START


# Whatever comes.


@given(st.text())
def test_any_text_gets_a_verdict(one):
    for start in ("", "HC1:"):
        assert not verdict(start + one).valid


VALUES = st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats() | st.text()
TREES = st.recursive(
    VALUES | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(VALUES, inner),
    max_leaves=12,
)


@given(TREES, st.sampled_from([(), ("nam",), ("dob",), ("ver",), ("v",), ("v", 0), ("v", 0, "dn")]))
def test_any_content_that_was_signed_gets_a_verdict(tree, path):
    content = copy.deepcopy(CONTENT)
    holder = content
    for step in path[:-1]:
        holder = holder[step]
    if path:
        holder[path[-1]] = tree
    found = verdict(signer().issue(content if path else tree))
    assert found.layer in ("", "cwt", "schema")


@given(TREES, TREES)
def test_any_header_gets_a_verdict(protected, unprotected):
    maps = [one if isinstance(one, dict) else {1: one, 4: one} for one in (protected, unprotected)]
    one = text(cbor2.dumps(maps[0]), maps[1])
    assert not verdict(one).valid
    assert not verdict(coded(cbor2.dumps(message(protected, unprotected)))).valid
