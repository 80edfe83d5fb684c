"""Verifiers that share no code with the application: dcc-utils in Node, and openssl. Test tools
only; dcc-utils is AGPL-3.0 and never shipped."""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import base45
import cbor2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

HERE = Path(__file__).parent / "independent"
# Installed once for each lock file, because it takes half a minute.
CACHE = Path(__file__).parents[2] / "var" / "independent"
ECDSA = {"name": "ECDSA", "namedCurve": "P-256", "hash": {"name": "SHA-256"}}
RSA_PSS = {"name": "RSA-PSS", "hash": {"name": "SHA-256"}}


def installed() -> Path:
    """The folder with dcc-utils; skips where it cannot be had."""
    for program in ("node", "npm"):
        if not shutil.which(program):
            pytest.skip(f"dcc-utils was not asked: no {program} (tools/needs {program})")
    digest = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()[:16]
    place = CACHE / digest
    if not (place / "done").exists():
        _install(place)
    return place


def _install(place: Path) -> None:
    begun = place.with_name(f"{place.name}.{os.getpid()}")
    shutil.copytree(HERE, begun)
    try:
        for _try in range(2):
            told = subprocess.run(
                ["npm", "ci"], cwd=begun, capture_output=True, text=True, timeout=300
            )
            if told.returncode == 0:
                (begun / "done").touch()
                if not place.exists():  # unless another run was quicker
                    begun.rename(place)
                return
        pytest.skip(f"dcc-utils was not asked, npm could not install it: {told.stderr[-300:]}")
    finally:
        shutil.rmtree(begun, ignore_errors=True)


def _kid(der: bytes) -> str:
    return base64.b64encode(hashlib.sha256(der).digest()[:8]).decode()


def _signer(der: bytes) -> dict[str, Any]:
    certificate = x509.load_der_x509_certificate(der)
    key = certificate.public_key()
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return {
        "certificate": certificate.public_bytes(Encoding.PEM).decode(),
        "publicKeyPem": base64.b64encode(spki).decode(),
        "publicKeyAlgorithm": ECDSA if hasattr(key, "curve") else RSA_PSS,
    }


class DccUtils:
    """One process of Node that answers code by code."""

    def __init__(self, ders: list[bytes]):
        self.process = subprocess.Popen(
            ["node", "check.js"], cwd=installed(), text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._say({"signers": {_kid(der): _signer(der) for der in ders}})

    def _say(self, told: Mapping[str, Any]) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(told) + "\n")
        self.process.stdin.flush()

    def accepts(self, text: str) -> bool:
        """Whether dcc-utils accepts a code."""
        self._say({"text": text})
        assert self.process.stdout
        return bool(json.loads(self.process.stdout.readline())["accepted"])

    def end(self) -> None:
        """Let Node go."""
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(30)


class OpenSsl:
    """The mathematics by openssl; the envelope by the packages base45 and cbor2 alone. The header
    says which algorithm, the kid says which key."""

    def __init__(self, ders: list[bytes], folder: Path):
        if not shutil.which("openssl"):
            pytest.skip("no openssl (tools/needs openssl): the mathematics was not checked by it")
        self.folder = folder
        for der in ders:
            key = x509.load_der_x509_certificate(der).public_key()
            pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            (folder / f"{hashlib.sha256(der).hexdigest()[:16]}.pem").write_bytes(pem)

    def accepts(self, text: str) -> bool:
        """Whether openssl says "Verified OK" of what is signed."""
        try:
            header, payload, signature = _parts(text)
            alg, kid = header[1], header[4]
        except (ValueError, KeyError, TypeError, zlib.error, cbor2.CBORDecodeError):
            return False
        key = self.folder / f"{kid.hex()}.pem"
        return key.exists() and self._verified(key, alg, payload, signature)

    def _verified(self, key: Path, alg: int, told: bytes, signature: bytes) -> bool:
        if alg == -7:
            r, s = signature[:32], signature[32:]
            if len(signature) != 64:
                return False
            signature = encode_dss_signature(int.from_bytes(r, "big"), int.from_bytes(s, "big"))
        (self.folder / "told").write_bytes(told)
        (self.folder / "signature").write_bytes(signature)
        pss = ["rsa_padding_mode:pss", "rsa_pss_saltlen:32", "rsa_mgf1_md:sha256"]
        options = [part for one in pss for part in ("-sigopt", one)] if alg == -37 else []
        found = subprocess.run(
            ["openssl", "dgst", "-sha256", *options, "-verify", str(key), "-signature",
             "signature", "told"],
            cwd=self.folder, capture_output=True, text=True,
        )  # fmt: skip
        return found.returncode == 0 and "Verified OK" in found.stdout


def _parts(text: str) -> tuple[Mapping[int, Any], bytes, bytes]:
    """(protected header, what is signed, signature)."""
    if not text.startswith("HC1:"):
        raise ValueError("no prefix")
    protected, _, payload, signature = cbor2.loads(
        zlib.decompress(base45.b45decode(text[4:]))
    ).value
    told = b"\x84\x6aSignature1" + cbor2.dumps(protected) + b"\x40" + cbor2.dumps(payload)
    return cbor2.loads(protected), told, signature


@pytest.fixture(scope="session")
def node(request: pytest.FixtureRequest) -> Iterator[DccUtils]:
    """dcc-utils, that knows the signers of the tests."""
    found = DccUtils(request.getfixturevalue("known"))
    yield found
    found.end()


@pytest.fixture(scope="session")
def openssl(request: pytest.FixtureRequest, tmp_path_factory) -> OpenSsl:
    """openssl, that knows them too."""
    return OpenSsl(request.getfixturevalue("known"), tmp_path_factory.mktemp("openssl"))
