"""How many certificates a second: signed, verified, drawn, and printed in bulk.

    python -m bench.certificates [--number 1000] [--runs 10]

One JSON line on standard output. Signing goes from facts to "HC1:…", verifying from there to the
verdict, both in one process and with nothing drawn; rates are per second that one core worked for
it, the best of several runs, so that neighbours on the machine count little. `qr_ms`: one QR at
level Q as a picture for the screen. `pdf_per_s`: pages of the bulk PDF on two cores, from the
code of a certificate on, QR included. Every certificate that was signed must verify.
"""

import argparse
import datetime
import json
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from app import clock
from app.certificates import envelope, payload, pdf, qr, rules, signing
from app.certificates.payload import Facts
from app.certificates.rules import Paper
from app.certificates.rules.paper import Value
from app.verification import verifier
from bench.serve import machine

YEAR = 365 * 24 * 3600
PRODUCT = ("EU/1/20/1528", "ORG-100030215", "1119349007")
NAMES = ("Nguyễn Thị Thanh Hương", "Trần Văn Đức", "Lê Hoàng Bảo Duy", "Đặng Thị Ánh Tuyết")


def facts(number: int) -> list[Facts]:
    """People who do not exist, each with another identifier."""
    today, found = clock.today(), []
    for n in range(number):
        surname, given = rules.split(NAMES[n % len(NAMES)]) or ("", "")
        found.append(Facts(
            surname, given, rules.latin(surname), rules.latin(given),
            dob=(1950 + n % 60, 1 + n % 12, 1 + n % 28), sex="MF"[n % 2], nationality="VN",
            number=f"{n:012}", mp=PRODUCT[0], ma=PRODUCT[1], vp=PRODUCT[2], dose_number=2,
            series=2, given_on=today - timedelta(days=30 + n % 300), issuer=payload.ISSUER,
            uvci=rules.uvci(n.to_bytes(16, "big")), lot=f"LO{n % 50}", place="Trạm Y tế xã",
            issued_on=today, valid_until=today + timedelta(days=365), maker="Pfizer-BioNTech",
        ))  # fmt: skip
    return found


def signer(folder: Path, alg: int) -> signing.Key:
    """A new key of an algorithm, loaded as the service loads its own."""
    private: Any = (
        ec.generate_private_key(ec.SECP256R1())
        if alg == envelope.ES256
        else rsa.generate_private_key(65537, 2048)
    )
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bench")])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=730))
        .sign(private, hashes.SHA256())
    )
    (folder / "bench.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key = folder / "bench.key"
    key.touch(0o600)
    key.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return signing.load(str(folder)).keys[0]


def sign(key: signing.Key, one: Facts) -> str:
    """From what a certificate says to the text of its QR, as issuing does it."""
    if payload.problems(one):
        raise ValueError("a certificate that may not be signed")
    now = int(time.time())
    claims = envelope.claims(payload.COUNTRY, now, now + YEAR, envelope.DCC, payload.dcc(one))
    header = envelope.protected(key.alg, key.kid)
    return envelope.pack(header, claims, key.sign(envelope.to_be_signed(header, claims)))


def rate(work: Callable[[Any], Any], items: Sequence[Any], runs: int) -> tuple[float, list[Any]]:
    """(how many a second of one core, what came out the last time)."""
    best, made = 0.0, []
    for _ in range(runs):
        began = time.process_time()
        made = [work(item) for item in items]
        best = max(best, len(items) / (time.process_time() - began))
    return best, made


def by(alg: int, people: Sequence[Facts], runs: int) -> tuple[float, float, list[str]]:
    """(signed a second, verified a second, the certificates) with a key of an algorithm."""
    with tempfile.TemporaryDirectory() as folder:
        key = signer(Path(folder), alg)
    trusted = [verifier.trusted_from(key.certificate)]
    signed, texts = rate(lambda one: sign(key, one), people, runs)
    at = clock.now() + timedelta(seconds=1)
    verified, verdicts = rate(lambda one: verifier.verify(one, lambda _: trusted, at), texts, runs)
    if not all(verdict.valid for verdict in verdicts):
        raise AssertionError("a certificate of our own does not verify")
    return signed, verified, texts


def drawn(texts: Iterable[str]) -> float:
    """Milliseconds for one QR as a picture."""
    codes = list(texts)
    return 1000 / rate(lambda text: qr.png(qr.matrix(text, "Q"), 3), codes, 3)[0]


def paper(item: tuple[Facts, str]) -> Paper:
    """What is printed, read out of the code as the service does it."""
    one, code = item
    said = rules.said_by_eu(envelope.unpack(code).claims[envelope.CERTIFICATES][envelope.DCC])
    words = rules.fields(
        said, Value("Việt Nam", "Vietnam"), one.vp, "Comirnaty", one.maker, one.uvci
    )
    return Paper(1, "DCC", said, words, one.uvci, one.valid_until or one.issued_on, code)


def pages(items: Sequence[tuple[Facts, str]]) -> float:
    """How many pages of one PDF a second, on the core of this process."""
    began = time.process_time()
    made = pdf.document([paper(item) for item in items], "a4", "tiem.example.vn")
    taken = time.process_time() - began
    if made.count(b"/Type /Page\n") != len(items):
        raise AssertionError("a page is missing")
    return len(items) / taken


def printed(items: Sequence[tuple[Facts, str]], processes: int = 2) -> float:
    """The same on several cores at once: two files, as they are fetched side by side."""
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        return sum(pool.map(pages, [items] * processes, chunksize=1))


def figures(number: int, runs: int) -> dict[str, Any]:
    """All rates, with certificates of `number` people."""
    people = facts(number)
    signed, verified, texts = by(envelope.ES256, people, runs)
    signed_ps, verified_ps, _ = by(envelope.PS256, people[: number // 4], runs)
    return {
        "sign_per_s": round(signed), "verify_per_s": round(verified),
        "sign_ps256_per_s": round(signed_ps), "verify_ps256_per_s": round(verified_ps),
        "qr_ms": round(drawn(texts[:50]), 2),
        "pdf_per_s": round(printed(list(zip(people, texts, strict=True))[: rules.PART])),
    }  # fmt: skip


def main() -> int:
    """Measure and print."""
    ask = argparse.ArgumentParser(prog="python -m bench.certificates", description=__doc__)
    ask.add_argument("--number", type=int, default=1000, help="of certificates in a run")
    ask.add_argument("--runs", type=int, default=10)
    given, known = ask.parse_args(), machine("")
    known.pop("postgresql")
    print(json.dumps(figures(given.number, given.runs) | known))
    return 0


if __name__ == "__main__":
    sys.exit(main())
