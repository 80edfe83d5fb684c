"""The envelope: what is packed is opened again, and whatever else comes is refused by name."""

import hashlib
import tracemalloc
import zlib
from datetime import timezone
from importlib.metadata import version

import base45
import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.certificates import envelope
from app.certificates.envelope import Fault, unpack
from tests.certificates import texts
from tests.certificates.texts import KID, claims, coded, message, packed, text


def refused(one: str) -> tuple[str, str]:
    with pytest.raises(Fault) as fault:
        unpack(one)
    return fault.value.layer, fault.value.reason


def test_the_cbor_library_is_the_one_that_was_tried():
    """5 gives other types inside tags than 6, and a careless `pip install` goes back to it."""
    assert version("cbor2").split(".")[0] == "6"


@pytest.mark.parametrize("alg", [envelope.ES256, envelope.PS256])
@pytest.mark.parametrize("key", [envelope.DCC, envelope.ICVP])
def test_what_is_packed_is_opened(alg, key):
    header = envelope.protected(alg, KID)
    payload = envelope.claims("VN", texts.ISSUED, texts.EXPIRES, key, texts.CONTENT)
    one = envelope.pack(header, payload, b"s" * 64)
    assert set(one) <= set(base45.BASE45_CHARSET), "a QR in alphanumeric mode"
    assert unpack(one) == (
        alg, KID, header, payload, b"s" * 64, claims(hcert={key: texts.CONTENT}),
    )  # fmt: skip


def test_the_message_has_tag_18():
    one = envelope.pack(b"\xa0", b"\xa0", b"")
    assert zlib.decompress(base45.b45decode(one[4:])) == bytes.fromhex("d28441a0a041a040")


def test_claims_are_the_same_bytes_in_any_order():
    turned = dict(reversed(texts.CONTENT.items()))
    both = {envelope.claims("VN", 1, 2, 1, one) for one in (texts.CONTENT, turned)}
    assert len(both) == 1
    assert envelope.claims("VN", 1, 2, -6, {}).hex() == "a40162564e0402060139" + "0103a125a0"


def test_what_is_signed_is_as_the_standard_says():
    told = cbor2.loads(envelope.to_be_signed(b"\xa1\x01\x26", b"payload"))
    assert told == ["Signature1", b"\xa1\x01\x26", b"", b"payload"]


def test_names_in_revocation_lists():
    def name(data: bytes) -> str:
        return hashlib.sha256(data).hexdigest()[:32]

    r, s = b"r" * 32, b"s" * 32
    named = (name(b"URN:1"), name(b"VNURN:1"))
    assert envelope.hashes("URN:1", "VN", envelope.ES256, r + s) == (*named, name(r))
    assert envelope.hashes("URN:1", "VN", envelope.PS256, r + s) == (*named, name(r + s))


def test_untagged_tagged_and_twice_tagged_are_opened_alike():
    bare = message()
    once = cbor2.CBORTag(18, bare)
    shapes = [bare, once, cbor2.CBORTag(61, once), cbor2.CBORTag(61, bare)]
    opened = [unpack(coded(cbor2.dumps(shape))) for shape in shapes]
    assert opened == [unpack(text())] * 4


@pytest.mark.parametrize(
    "shape", [cbor2.CBORTag(17, message()), cbor2.CBORTag(18, cbor2.CBORTag(61, message())),
              cbor2.CBORTag(18, cbor2.CBORTag(18, message())), {}, b"", 1, "text", None, [],
              message()[:3], [*message(), b""]],
)  # fmt: skip
def test_another_shape_of_message_is_refused(shape):
    assert refused(coded(cbor2.dumps(shape))) == ("cose", "bad_cose")


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("value", [None, 1, "text", ["list"]])
def test_a_part_of_another_kind_is_refused(place, value):
    parts = message()
    parts[place] = value
    assert refused(coded(cbor2.dumps(parts))) == ("cose", "bad_cose")


def test_the_signed_header_wins_and_the_other_fills_its_gaps():
    other = {1: envelope.PS256, 4: b"otherkid"}
    assert unpack(text(unprotected=other))[:2] == (envelope.ES256, KID)
    assert unpack(text({4: KID}, {1: envelope.PS256}))[:2] == (envelope.PS256, KID)
    assert unpack(text({1: envelope.ES256}, {4: KID}))[:2] == (envelope.ES256, KID)
    assert unpack(text(b"", other))[:2] == (envelope.PS256, b"otherkid")
    assert unpack(text({}))[:2] == (None, b"")


@pytest.mark.parametrize(
    "header", [b"\xff", b"\x01", b"\xa0\xa0", b"\xa1\x01", {1: "ES256"}, {1: -7.0}, {1: True},
               {1: None, 4: "kid"}, {4: 1}, {4: None}, {1: -7, 4: KID, 2: [99], 99: 1}],
)  # fmt: skip
def test_a_header_that_is_none_is_refused(header):
    assert refused(text(header)) == ("cose", "bad_cose")


@pytest.mark.parametrize(
    "start", ["", "HC1", "hc1:", "HC2:", "HL0:", " HC1:", "HC 1:", "HTTPS://", "\ufeffHC1:"]
)
def test_another_prefix_is_refused(start):
    assert refused(start + text()[4:]) == ("prefix", "bad_prefix")


@pytest.mark.parametrize(
    "one", [text().lower().replace("hc1", "HC1"), text() + "\n", text() + " ", text() + "Ô",
            text()[:50] + "\n" + text()[50:], "HC1:", "HC1:A", "HC1:::", "HC1::::", "HC1:\ud800",
            "HC1:\0\0", "HC1:" + text()],
)  # fmt: skip
def test_what_is_no_base45_is_refused(one):
    assert refused(one)[0] in ("base45", "zlib")


def test_truncated_anywhere_is_refused():
    whole = text()
    assert all(refused(whole[:length]) for length in range(len(whole)))
    squeezed = zlib.compress(cbor2.dumps(message()))
    for length in range(len(squeezed)):
        assert refused(packed(squeezed[:length])) in (
            ("zlib", "bad_zlib"),
            ("base45", "bad_base45"),
        )


def test_something_behind_the_end_is_refused():
    good = cbor2.dumps(cbor2.CBORTag(18, message()))
    assert refused(packed(zlib.compress(good) + b"\0")) == ("zlib", "bad_zlib")
    assert refused(packed(zlib.compress(good) * 2)) == ("zlib", "bad_zlib")
    assert refused(coded(good + b"\0")) == ("cose", "bad_cose")
    assert refused(text(payload=cbor2.dumps(claims()) + b"\0")) == ("cwt", "bad_claims")


def test_not_compressed_or_compressed_otherwise_is_refused():
    good = cbor2.dumps(message())
    raw = zlib.compressobj(wbits=-15)
    gzip = zlib.compressobj(wbits=31)
    for data in (good, raw.compress(good) + raw.flush(), gzip.compress(good) + gzip.flush()):
        assert refused(packed(data)) == ("zlib", "bad_zlib")


def test_a_bomb_is_refused_in_little_memory():
    bomb = packed(zlib.compress(bytes(50_000_000), 9))
    assert len(bomb) < envelope.LONGEST_TEXT
    tracemalloc.start()
    try:
        assert refused(bomb) == ("zlib", "too_large")
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_a_text_without_end_is_refused_unread():
    assert refused("HC1:" + "0" * 200_000) == ("base45", "too_large")
    assert refused("0" * 200_000) == ("prefix", "bad_prefix")


def test_the_largest_that_fits_is_opened():
    def large(fill: int) -> bytes:
        return cbor2.dumps(message(signature=bytes(fill)))

    room = envelope.LARGEST - len(large(50_000)) + 50_000
    assert len(unpack(coded(large(room))).signature) == room
    assert refused(coded(large(room + 1))) == ("zlib", "too_large")


@pytest.mark.parametrize("name", ["exp", "iat"])
def test_times_are_finite_numbers(name):
    for good in (0, 1_640_000_000, 1_640_000_000.5, -1, 2**40, 1e300):
        assert unpack(text(payload=claims(**{name: good})))
    inf = float("inf")
    for bad in (float("nan"), inf, -inf, None, "1640000000", True, [1], b"1", {}, 2**70):
        assert refused(text(payload=claims(**{name: bad}))) == ("cwt", "bad_claims")


@pytest.mark.parametrize("key", [4, 6, -260])
def test_the_needed_claims(key):
    without = {at: value for at, value in claims().items() if at != key}
    assert refused(text(payload=without)) == ("cwt", "bad_claims")


def test_the_issuer_may_be_left_out():
    assert unpack(text(payload={at: one for at, one in claims().items() if at != 1}))
    assert refused(text(payload=claims(iss=84))) == ("cwt", "bad_claims")


@pytest.mark.parametrize(
    "nested", [float("nan"), float("inf"), 2**64, cbor2.undefined,
               cbor2.CBORTag(99, 1), cbor2.CBORSimpleValue(7), {1}],
)  # fmt: skip
def test_inside_are_plain_values_only(nested):
    wrong = claims(content={"v": [{"dn": nested}]})
    assert refused(text(payload=wrong)) == ("cwt", "bad_claims")


@pytest.mark.parametrize(
    "inside", ["d81c81d81d00", "d8236428612b2b", "c4821b7fffffffffffffff01", "c5821a00ffffff01",
               "a1810102", "a201020103", "9b7fffffffffffffff", "5b7fffffffffffffff", "62c328",
               "81" * 300 + "00", "c0" * 5000 + "00", "d9d9f7a0"],
)  # fmt: skip
def test_tricks_of_cbor_are_refused(inside):
    """Lists that hold themselves, regular expressions, huge numbers, a key twice, endless depth."""
    payload = cbor2.dumps(claims(hcert="here")).replace(cbor2.dumps("here"), bytes.fromhex(inside))
    assert refused(text(payload=payload)) == ("cwt", "bad_claims")
    assert refused(coded(bytes.fromhex(inside))) == ("cose", "bad_cose")
    assert refused(text(bytes.fromhex(inside))) == ("cose", "bad_cose")


def test_a_tagged_date_is_its_text():
    tagged = cbor2.CBORTag(0, "2021-11-02T10:00:00Z")
    opened = unpack(text(payload=claims(content={"sc": tagged})))
    assert opened.claims[-260] == {1: {"sc": "2021-11-02T10:00:00Z"}}


@given(st.binary())
def test_base45_is_as_the_package_writes_it(data):
    coded_so = base45.b45encode(data).decode()
    assert envelope.base45(data) == coded_so
    assert not data or envelope.from_base45(coded_so) == data


@given(st.text(base45.BASE45_CHARSET, min_size=1) | st.text(min_size=1))
def test_base45_is_refused_where_the_package_refuses(one):
    """Except at a line end, which the package drops."""
    try:
        expected = None if one.endswith("\n") else base45.b45decode(one)
    except ValueError:
        expected = None
    try:
        found = envelope.from_base45(one)
    except ValueError:
        found = None
    assert found == expected


@given(st.text())
def test_any_text_is_refused_or_opened(one):
    for start in ("", "HC1:"):
        try:
            unpack(start + one)
        except Fault as fault:
            assert fault.layer and fault.reason


@given(st.binary())
def test_any_bytes_in_any_layer_are_refused_or_opened(data):
    layers = [
        packed(data), coded(data), coded(b"\xd2" + data), coded(cbor2.dumps(message(data))),
        text(payload=data), text(payload=b"\xa1\x39\x01\x03\xa1\x01" + data),
    ]  # fmt: skip
    for one in layers:
        try:
            unpack(one)
        except Fault as fault:
            assert fault.layer and fault.reason


SIMPLE = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary()
TREES = st.recursive(
    SIMPLE | st.datetimes(timezones=st.just(timezone.utc)) | st.fractions(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(SIMPLE, inner)
        | st.builds(cbor2.CBORTag, st.integers(6, 2**20), inner)
    ),
)


@given(TREES)
def test_any_values_are_refused_or_opened(tree):
    for one in (
        coded(cbor2.dumps(tree)), text(cbor2.dumps(tree)), text(payload=cbor2.dumps(tree)),
        text(unprotected={4: tree}), text(payload=claims(exp=tree, iat=tree)),
        text(payload=claims(content=tree)),
    ):  # fmt: skip
        try:
            unpack(one)
        except Fault as fault:
            assert fault.layer and fault.reason
