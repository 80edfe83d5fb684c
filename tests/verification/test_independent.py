"""Certificates of our own, judged by verifiers that share no code with us, and the faults that
they refuse as we do."""

import json
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import base45
import cbor2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.certificates import envelope, payload, rules, signing
from app.certificates.envelope import DCC, ICVP
from app.certificates.payload import Facts
from app.verification.verifier import verify
from tests.certificates import texts
from tests.verification.signers import AT, Signer, signer, trusting
from tests.verification.strangers import DccUtils, OpenSsl, node, openssl

__all__ = ["node", "openssl"]

PRODUCTS = json.loads(
    (Path(payload.__file__).parents[1] / "vaccines" / "data" / "products.json").read_text()
)["entries"]
EC, RSA = signer(), signer("RSA-2048")
OTHER = signer("P-256", "1.3.6.1.5.5.7.3.2")


@pytest.fixture(scope="session")
def known() -> list[bytes]:
    """The certificates of the signers that everybody trusts."""
    return [one.der for one in (EC, RSA, OTHER)]


@pytest.fixture(scope="session")
def keys(tmp_path_factory) -> dict[int, signing.Key]:
    """The signers as the service loads them: algorithm -> key."""
    place = tmp_path_factory.mktemp("keys")
    for name, one in (("ec", EC), ("rsa", RSA)):
        pem = one.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (place / f"{name}.key").write_bytes(pem)
        (place / f"{name}.key").chmod(0o600)
        certificate = x509.load_der_x509_certificate(one.der)
        (place / f"{name}.crt").write_bytes(certificate.public_bytes(Encoding.PEM))
    return {one.alg: one for one in signing.load(str(place)).keys}


FACTS = Facts(
    surname="Nguyễn", given="Văn An", surname_latin="NGUYEN", given_latin="VAN<AN",
    dob=(1985, 3, 2), sex="M", nationality="VN", number="001085000001", mp="EU/1/20/1528",
    ma="ORG-100030215", vp="1119349007", dose_number=2, series=2, given_on=date(2021, 11, 2),
    issuer="Bộ Y tế", uvci=rules.uvci(bytes(range(16))), lot="FK0112", place="Trạm y tế",
    issued_on=date(2021, 12, 20), valid_until=date(2022, 12, 20), maker="Pfizer-BioNTech",
)  # fmt: skip
LONG = "Nguyễn " * 11
SHAPES = {
    **{one["code"]: FACTS._replace(mp=one["mp"], ma=one["ma"], vp=one["vp"]) for one in PRODUCTS},
    "1/1": FACTS._replace(dose_number=1, series=1, mp="EU/1/20/1525", ma="ORG-100001417",
                          vp="29061000087103"),
    **{f"{dn}/{sd}": FACTS._replace(dose_number=dn, series=sd, kind="NHAC_LAI")
       for dn, sd in ((1, 2), (2, 1), (3, 1), (3, 3), (4, 4))},
    "Abdala 3/3": FACTS._replace(dose_number=3, series=3, mp="Abdala", ma="CIGB",
                                 vp="28531000087107"),
    "long names": FACTS._replace(surname=LONG.strip()[:80], given=LONG.strip()[:80],
                                 surname_latin=("NGUYEN<" * 12)[:80],
                                 given_latin=("NGUYEN<" * 12)[:80]),
    "one name": FACTS._replace(surname="Suharto", surname_latin="SUHARTO", given="",
                               given_latin=""),
    "Đ": FACTS._replace(surname="Đặng", surname_latin="DANG", given="Đình Đạt",
                        given_latin="DINH<DAT"),
    "apostrophe": FACTS._replace(surname="H'Hen", surname_latin="HHEN", given="Niê",
                                 given_latin="NIE"),
    "year of birth": FACTS._replace(dob=(1950, None, None)),
    "month of birth": FACTS._replace(dob=(1950, 7, None)),
}  # fmt: skip


def issued(key: signing.Key, kind: int, content: dict) -> str:
    """A certificate, from the parts of the application that issue them."""
    header = envelope.protected(key.alg, key.kid)
    body = envelope.claims("VN", texts.ISSUED, texts.EXPIRES, kind, content)
    return envelope.pack(header, body, key.sign(envelope.to_be_signed(header, body)))


def valid(text: str) -> bool:
    return verify(text, trusting(EC, RSA, OTHER), AT).valid


@pytest.mark.parametrize("alg", [envelope.ES256, envelope.PS256], ids=["ES256", "PS256"])
@pytest.mark.parametrize("shape", SHAPES)
def test_our_certificates_are_accepted(node: DccUtils, openssl: OpenSsl, keys, shape, alg):
    facts = SHAPES[shape]
    assert not payload.problems(facts)
    for kind, content in ((DCC, payload.dcc(facts)), (ICVP, payload.icvp(facts))):
        text = issued(keys[alg], kind, content)
        assert valid(text), verify(text, trusting(EC, RSA), AT)
        assert node.accepts(text) and openssl.accepts(text)


def test_every_product_is_among_them():
    assert len(PRODUCTS) >= 8 and {one["code"] for one in PRODUCTS} <= set(SHAPES)


# The faults of transport and of signature.


def parts(text: str) -> list:
    """The four parts, by the packages alone."""
    return list(cbor2.loads(zlib.decompress(base45.b45decode(text[4:]))).value)


def text_of(data: bytes) -> str:
    return "HC1:" + base45.b45encode(data).decode()


def remade(text: str, **other) -> str:
    """With another header, payload or signature."""
    found = parts(text)
    for place, name in ((0, "header"), (2, "payload"), (3, "signature")):
        found[place] = other.get(name, found[place])
    return text_of(zlib.compress(cbor2.dumps(cbor2.CBORTag(18, found))))


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def swapped(by: Signer) -> str:
    text = by.issue()
    signature = parts(text)[3]
    half = len(signature) // 2
    return remade(text, signature=signature[half:] + signature[:half])


def as_der(by: Signer) -> str:
    text = by.issue()
    signature = parts(text)[3]
    half = len(signature) // 2
    r, s = (int.from_bytes(one, "big") for one in (signature[:half], signature[half:]))
    return remade(text, signature=encode_dss_signature(r, s))


def altered_header(by: Signer) -> str:
    text = by.issue()
    return remade(text, header=cbor2.dumps(cbor2.loads(parts(text)[0]) | {3: 0}))


def altered_payload(by: Signer) -> str:
    text = by.issue()
    return remade(text, payload=parts(text)[2].replace(b"NGUYEN", b"TRUONG"))


def damaged(by: Signer) -> str:
    data = base45.b45decode(by.issue()[4:])
    return text_of(flipped(data, len(data) // 2))


FAULTS: dict[str, tuple[str, Callable[[Signer], str]]] = {
    "no prefix": ("prefix", lambda by: by.issue()[4:]),
    "a sign that base45 has not": ("base45", lambda by: by.issue()[:90] + "#" + by.issue()[91:]),
    "damaged zlib": ("zlib", damaged),
    "not compressed": ("zlib", lambda by: text_of(zlib.decompress(
        base45.b45decode(by.issue()[4:])))),
    "truncated": ("zlib", lambda by: text_of(base45.b45decode(by.issue()[4:])[:-40])),
    "a wrong bit in the signature": ("signature", lambda by: remade(
        (text := by.issue()), signature=flipped(parts(text)[3], 30))),
    "r and s swapped": ("signature", swapped),
    "DER instead of r and s": ("signature", as_der),
    "no signature": ("signature", lambda by: remade(by.issue(), signature=b"")),
    "signed by another key": ("signature", lambda by: Signer(
        "P-256" if by is EC else "RSA-2048").issue(kid=by.kid)),
    "altered payload": ("signature", altered_payload),
    "altered protected header": ("signature", altered_header),
    "the algorithm of the other key": ("signature", lambda by: by.issue(
        alg=envelope.PS256 if by is EC else envelope.ES256)),
    "the kid of another signer": ("signature", lambda by: by.issue(kid=OTHER.kid)),
    "the kid of nobody": ("signer", lambda by: by.issue(kid=b"nobody!!")),
}  # fmt: skip


@pytest.mark.parametrize("by", [EC, RSA], ids=["ES256", "PS256"])
@pytest.mark.parametrize("fault", FAULTS)
def test_the_faults_are_refused_by_all(node: DccUtils, openssl: OpenSsl, fault, by):
    layer, make = FAULTS[fault]
    text = make(by)
    found = verify(text, trusting(EC, RSA, OTHER), AT)
    assert (found.valid, found.layer) == (False, layer)
    assert not node.accepts(text)
    assert not openssl.accepts(text)


@pytest.mark.parametrize("by", [EC, RSA], ids=["ES256", "PS256"])
def test_they_are_refused_for_the_fault_alone(node: DccUtils, openssl: OpenSsl, by):
    """What all the faults were made from is accepted by all, put together again too."""
    for text in (by.issue(), remade(by.issue())):
        assert valid(text) and node.accepts(text) and openssl.accepts(text)


def test_another_prefix_we_refuse_alone(node: DccUtils):
    """dcc-utils cuts off four signs, whatever they are."""
    text = "HC2:" + EC.issue()[4:]
    assert verify(text, trusting(EC), AT).layer == "prefix" and node.accepts(text)
