"""Forged certificates by the hundred thousand: none may be accepted. The ways come from a seed, the
keys are new in every run.

Every mutant starts from a certificate that holds. One that is accepted all the same must be that
certificate in another envelope: the same protected header, the same payload and a signature over
them. The envelope is malleable by design (how it was compressed, the header that is not signed,
the tags, the twin (r, n - s) of an ES256 signature); what was signed is not.
"""

import hmac
import random
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import cbor2

from app.certificates import envelope
from app.certificates.envelope import DCC, ICVP
from app.verification.verifier import verify
from tests.certificates import texts
from tests.verification.signers import AT, Signer, signer, trusting

ORDER_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
WHO = {"n": "Nguyễn Văn An", "dob": "1985-03-02", "v": {"tg": "RA01", "dt": "2021-11-02"}}


class Original(NamedTuple):
    """A certificate that holds, in all its layers."""

    by: Signer
    text: str
    cose: bytes
    opened: envelope.Opened


def originals() -> list[Original]:
    """Both algorithms, both kinds, and two people by the same signer."""
    kinds = [signer(), signer("RSA-2048")]
    other = texts.CONTENT | {"nam": {"fn": "Trần", "fnt": "TRAN"}, "dob": "2001"}
    made = [
        (by, by.issue(content, key))
        for by in kinds
        for content, key in ((texts.CONTENT, DCC), (other, DCC), (WHO, ICVP))
    ]
    return [_original(by, text) for by, text in made]


def _original(by: Signer, text: str) -> Original:
    cose = zlib.decompress(envelope.from_base45(text[4:]))
    return Original(by, text, cose, envelope.unpack(text))


def _coded(cose: bytes) -> str:
    return envelope.PREFIX + envelope.base45(zlib.compress(cose, 1))


# One change of the text.


def sign_changed(one: Original, _: list[Original], dice: random.Random) -> str:
    """One to three signs of base45 are others."""
    text = list(one.text)
    for _time in range(dice.randint(1, 3)):
        text[dice.randrange(4, len(text))] = dice.choice(SIGNS)
    return "".join(text)


def any_sign_changed(one: Original, _: list[Original], dice: random.Random) -> str:
    """A sign, of the prefix too, is any other."""
    at = dice.randrange(len(one.text))
    return one.text[:at] + chr(dice.choice((dice.randrange(128), 0xD0, 0x110))) + one.text[at + 1 :]


def truncated(one: Original, _: list[Original], dice: random.Random) -> str:
    """The end, the beginning or a piece is missing."""
    start, end = sorted(dice.sample(range(len(one.text) + 1), 2))
    return dice.choice((one.text[:end], one.text[start:], one.text[:start] + one.text[end:]))


def put_together(one: Original, all_: list[Original], dice: random.Random) -> str:
    """Begun by one certificate and ended by another."""
    other = dice.choice([x for x in all_ if x is not one])
    cut = dice.randrange(5, min(len(one.text), len(other.text)))
    return one.text[:cut] + other.text[cut:]


# One change of the message.


def bits_flipped(one: Original, _: list[Original], dice: random.Random) -> str:
    """One to four bits of the message."""
    cose = bytearray(one.cose)
    for _time in range(dice.choice((1, 1, 1, 2, 4))):
        cose[dice.randrange(len(cose))] ^= 1 << dice.randrange(8)
    return _coded(bytes(cose))


def byte_changed(one: Original, _: list[Original], dice: random.Random) -> str:
    """A byte is another, is missing, or there is one more."""
    at, cose = dice.randrange(len(one.cose)), one.cose
    new = bytes([dice.randrange(256)])
    return _coded(dice.choice((cose[:at] + new + cose[at + 1 :], cose[:at] + cose[at + 1 :],
                               cose[:at] + new + cose[at:])))  # fmt: skip


def cut_or_longer(one: Original, _: list[Original], dice: random.Random) -> str:
    """The message ends too early or goes on."""
    at = dice.randrange(len(one.cose))
    return _coded(dice.choice((one.cose[:at], one.cose + dice.randbytes(1 + at % 5))))


# Tricks with the parts.

Parts = list[Any]


def _signature(parts: Parts, one: Original, _: list[Original], dice: random.Random) -> None:
    was = parts[3]
    half = len(was) // 2
    r, s = int.from_bytes(was[:half], "big"), int.from_bytes(was[half:], "big")
    parts[3] = dice.choice((
        b"", bytes(len(was)), dice.randbytes(len(was)), was[half:] + was[:half], was[:-1],
        was + b"\0", b"\0" + was, was[:half] + was[:half], was[:half], was * 2, was[::-1],
        b"\xff" * len(was),
        _raw(r, (ORDER_N - s) % ORDER_N, half), _raw((ORDER_N - r) % ORDER_N, s, half),
        _raw(r, (s + ORDER_N) % (1 << half * 8), half), _raw(r, s, half + 1), _raw(1, 1, half),
        dice.randbytes(dice.randrange(300)),
    ))  # fmt: skip


def _raw(r: int, s: int, size: int) -> bytes:
    room = 1 << size * 8
    return (r % room).to_bytes(size, "big") + (s % room).to_bytes(size, "big")


def _another_payload(parts: Parts, one: Original, all_: list[Original], dice: Any) -> None:
    parts[2] = dice.choice([x for x in all_ if x is not one]).opened.payload


def _another_signature(parts: Parts, one: Original, all_: list[Original], dice: Any) -> None:
    parts[3] = dice.choice([x for x in all_ if x is not one]).opened.signature


def _claims_changed(parts: Parts, one: Original, _: list[Original], dice: Any) -> None:
    told = cbor2.loads(parts[2])
    told[dice.choice((1, 4, 6))] = dice.choice((dice.randrange(2**31), "VN", "DE", 1e9))
    if dice.random() < 0.5:
        told[-260] = {
            dice.choice((1, -6)): texts.CONTENT | {"dob": str(dice.randrange(1900, 2099))}
        }
    parts[2] = cbor2.dumps(told)


def _coded_otherwise(parts: Parts, one: Original, _: list[Original], dice: Any) -> None:
    at = dice.choice((0, 2))
    told = cbor2.loads(parts[at])
    items = list(told.items())
    dice.shuffle(items)
    inner = b"".join(cbor2.dumps(key) + cbor2.dumps(value) for key, value in items)
    parts[at] = dice.choice((b"\xbf" + inner + b"\xff", b"\xb8" + bytes([len(items)]) + inner,
                             parts[at] + b"\0", b"\xd8\x3d" + parts[at]))  # fmt: skip


def _header_changed(parts: Parts, one: Original, all_: list[Original], dice: Any) -> None:
    told = {1: one.opened.alg, 4: one.opened.kid}
    told |= dice.choice((
        {1: dice.choice((-7, -37, -8, -35, -257, 0, 5, 4, "ES256", None))}, {3: dice.randrange(99)},
        {4: dice.choice(all_).opened.kid, 5: dice.randbytes(4)}, {4: dice.randbytes(8)},
        {2: [1], 99: 1}, {33: one.by.der},
    ))  # fmt: skip
    parts[0] = cbor2.dumps(told)


def _header_moved(parts: Parts, one: Original, _: list[Original], dice: Any) -> None:
    told = cbor2.loads(parts[0])
    moved = {key: told.pop(key) for key in dice.sample(list(told), dice.randint(1, len(told)))}
    parts[0], parts[1] = (cbor2.dumps(told) if told else dice.choice((b"", b"\xa0"))), moved


def _unsigned_header(parts: Parts, one: Original, all_: list[Original], dice: Any) -> None:
    """Not signed, so without any meaning where the signed one speaks: the same certificate."""
    parts[1] = dice.choice((
        {1: dice.choice((-37, -7, 0, 5))}, {4: dice.choice(all_).opened.kid}, {33: one.by.der},
        {dice.randrange(99, 999): dice.randbytes(9)}, {"alg": "none"},
    ))  # fmt: skip


def _made_with_the_public_key(parts: Parts, one: Original, _: list[Original], dice: Any) -> None:
    """The public key as the secret of an HMAC, which the header asks for."""
    parts[0] = cbor2.dumps({1: dice.choice((4, 5, one.opened.alg)), 4: one.opened.kid})
    secret = dice.choice((one.by.der, one.opened.kid, b""))
    parts[3] = hmac.digest(secret, envelope.to_be_signed(parts[0], parts[2]), "sha256")


def _signed_by_a_stranger(parts: Parts, one: Original, _: list[Original], dice: Any) -> None:
    """A key of the forger's, with the kid of the signer and the forger's own certificate."""
    stranger = signer(dice.choice(("P-256", "P-384")), "1.3.6.1.5.5.7.3.4")
    _claims_changed(parts, one, [], dice)
    parts[0] = cbor2.dumps({1: dice.choice((-7, -37, -35)), 4: one.opened.kid})
    parts[1] = dice.choice(({}, {33: stranger.der}, {4: stranger.kid}))
    parts[3] = stranger.sign(envelope.to_be_signed(parts[0], parts[2]))


def _signed_over_less(parts: Parts, one: Original, _: list[Original], dice: Any) -> None:
    """What was signed is not what is said: parts change places or kind."""
    first, second = dice.sample(range(4), 2)
    if dice.random() < 0.5:
        parts[first], parts[second] = parts[second], parts[first]
    else:
        parts[first] = dice.choice((None, [], {}, "", 0, [parts[first]], cbor2.CBORTag(24, b"")))


TRICKS: tuple[Callable[..., None], ...] = (
    _signature, _another_payload, _another_signature, _claims_changed, _coded_otherwise,
    _header_changed, _header_moved, _unsigned_header, _made_with_the_public_key,
    _signed_by_a_stranger, _signed_over_less,
)  # fmt: skip


def trick(one: Original, all_: list[Original], dice: random.Random) -> str:
    """One of the tricks with header, payload or signature, under any tags."""
    opened = one.opened
    parts: Parts = [opened.protected, {}, opened.payload, opened.signature]
    dice.choice(TRICKS)(parts, one, all_, dice)
    tagged: Any = parts
    for tag in dice.choice(((18,), (18,), (18,), (), (18, 61), (61,), (98,), (17,), (18, 18))):
        tagged = cbor2.CBORTag(tag, tagged)
    return _coded(cbor2.dumps(tagged))


WAYS: tuple[tuple[Callable[..., str], int], ...] = (
    (sign_changed, 25), (any_sign_changed, 5), (truncated, 10), (put_together, 5),
    (bits_flipped, 25), (byte_changed, 10), (cut_or_longer, 5), (trick, 15),
)  # fmt: skip


def mutants(count: int, seed: int, all_: list[Original]) -> Iterator[tuple[str, str]]:
    """(how, the text) of so many mutants."""
    dice = random.Random(seed)
    ways, weights = zip(*WAYS, strict=True)
    for way in dice.choices(ways, weights, k=count):
        one = dice.choice(all_)
        text = way(one, all_, dice)
        while text == one.text:
            text = way(one, all_, dice)
        yield way.__name__, text


def forge(count: int, seed: int) -> dict[str, Any]:
    """Verify so many mutants. accepted: forged ones that passed, which must be none; same: the
    certificate itself in another envelope."""
    all_ = originals()
    trusted = trusting(*{one.by for one in all_})
    layers: Counter[str] = Counter()
    accepted: list[str] = []
    for how, text in mutants(count, seed, all_):
        found = verify(text, trusted, AT)
        layers[found.layer or "same"] += 1
        if found.valid and not _same(found.opened, all_):
            accepted.append(f"{how}: {text}")
    return {"mutants": count, "accepted": accepted, "same": layers.pop("same", 0),
            "layers": dict(layers)}  # fmt: skip


def _same(opened: Any, all_: list[Original]) -> bool:
    """Whether these signed bytes are those of a certificate that somebody really issued."""
    return any(
        (opened.protected, opened.payload) == (one.opened.protected, one.opened.payload)
        and (opened.signature in (one.opened.signature, _twin(one.opened.signature)))
        for one in all_
    )


def _twin(signature: bytes) -> bytes:
    if len(signature) != 64:
        return signature
    s = int.from_bytes(signature[32:], "big")
    return signature[:32] + (ORDER_N - s).to_bytes(32, "big")
