"""A key that never leaves its token (PKCS#11), with SoftHSM in its place."""

import os
import shutil
import subprocess
import threading
import warnings
from datetime import datetime
from pathlib import Path

import pkcs11
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from app.certificates import signing
from app.certificates.envelope import ES256, PS256
from app.commands import ceremony
from app.config import ConfigError

START = datetime(2026, 1, 5, 8)
MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so")
PIN = "1234-5678"


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """A folder of keys, and a token with nothing in it."""
    if not shutil.which("softhsm2-util"):
        pytest.skip("not run: no softhsm2-util on this machine")
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm2.conf").write_text(f"directories.tokendir = {tmp_path}/tokens\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm2.conf"))
    monkeypatch.setenv("TOKEN_PIN", PIN)
    signing.TOKENS.forget()  # another test may have used another token
    softhsm("--init-token", "--free", "--label", "so tiem", "--so-pin", "0000", "--pin", PIN)
    (tmp_path / "keys").mkdir()
    yield tmp_path / "keys"
    signing.TOKENS.forget()


def softhsm(*words: str) -> None:
    subprocess.run(["softhsm2-util", *words], check=True, capture_output=True)


def module() -> str:
    return next(path for path in MODULES if Path(path).exists())


def uri(label: str, source: str = "env:TOKEN_PIN") -> str:
    return f"pkcs11:token=so%20tiem;object={label}?module-path={module()}&pin-source={source}\n"


def put_into_token(folder: Path, name: str, label: str) -> None:
    """Move a key from its file into the token."""
    path = folder / f"{name}.key"
    private = load_pem_private_key(path.read_bytes(), None)
    path.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    softhsm("--import", str(path), "--token", "so tiem", "--label", label,
            "--id", label.encode().hex(), "--pin", PIN)  # fmt: skip
    path.unlink()
    (folder / f"{name}.p11").write_text(uri(label))


def loaded(folder: Path) -> signing.Key:
    return signing.load(str(folder)).keys[0]


def good(key: signing.Key, signed: bytes, signature: bytes) -> bool:
    public = x509.load_der_x509_certificate(key.certificate).public_key()
    return signing.verifies(public, signed, signature)


@pytest.fixture
def token(folder) -> Path:
    """A folder whose signer lies in the token."""
    ceremony.begin(folder, START)
    put_into_token(folder, "dsc-2026-01-05", "dsc")
    return folder


@pytest.mark.parametrize(("with_rsa", "alg"), [(False, ES256), (True, PS256)])
def test_a_token_signs(folder, with_rsa, alg):
    ceremony.begin(folder, START, with_rsa=with_rsa)
    put_into_token(folder, "dsc-2026-01-05", "dsc")
    key = loaded(folder)
    assert key.alg == alg
    assert good(key, b"rows", key.sign(b"rows"))
    assert not good(key, b"others", key.sign(b"rows"))


def test_the_key_does_not_leave_the_token(token):
    loaded(token).sign(b"rows")
    (private,) = signing.TOKENS.objects.values()
    assert private[pkcs11.Attribute.SENSITIVE] is True
    assert private[pkcs11.Attribute.EXTRACTABLE] is False
    with pytest.raises(pkcs11.AttributeSensitive):
        private[pkcs11.Attribute.VALUE]
    assert not list(token.glob("dsc*.key"))


def test_the_pin_comes_from_a_file_too(token):
    secret = token.parent / "pin"
    secret.write_text(PIN + "\n")
    (token / "dsc-2026-01-05.p11").write_text(uri("dsc", f"file:{secret}"))
    secret.chmod(0o644)
    with pytest.raises(ConfigError, match="open to others"):
        loaded(token)
    secret.chmod(0o400)
    assert loaded(token).sign(b"rows")


def test_two_keys_of_one_token_sign(token):
    ceremony.renew(token, START.replace(year=2027))
    put_into_token(token, "dsc-2027-01-05", "dsc2")
    for key in signing.load(str(token)).keys:
        assert good(key, key.name.encode(), key.sign(key.name.encode()))
    assert len(signing.TOKENS.sessions) == 1


def test_threads_share_a_token(token):
    key, wrong = loaded(token), []

    def work(name: str) -> None:
        for n in range(200):
            text = f"{name} {n}".encode()
            if not good(key, text, key.sign(text)):
                wrong.append(text)

    threads = [threading.Thread(target=work, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.parametrize("used_before", [False, True])
def test_processes_have_sessions_of_their_own(token, used_before):
    """gunicorn loads the application and then forks; a parent that signed is no trouble either."""
    key = loaded(token)
    assert not signing.TOKENS.sessions, "closed when all is loaded"
    if used_before:
        key.sign(b"parent")
    children = [child(key) for _ in range(2)]
    assert [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children] == [0, 0]
    assert good(key, b"parent", key.sign(b"parent"))


def child(key: signing.Key) -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid:
        return pid
    try:
        fine = all(good(key, b"%d" % n, key.sign(b"%d" % n)) for n in range(50))
    except BaseException:
        fine = False
    os._exit(0 if fine else 1)


def test_a_lost_session_is_opened_again(token):
    key = loaded(token)
    key.sign(b"before")
    for session in signing.TOKENS.sessions.values():
        session.close()
    assert good(key, b"after", key.sign(b"after"))


def test_a_token_that_is_not_right_ends_the_start(token, monkeypatch):
    path = token / "dsc-2026-01-05.p11"
    for text, message in [
        (uri("other"), "cannot be used: NoSuchKey"),
        (uri("dsc").replace("so%20tiem", "other"), "cannot be used: NoSuchToken"),
        (uri("dsc", "env:NOT_SET"), "there is no PIN"),
        (uri("dsc", "from memory"), "there is no PIN"),
    ]:
        path.write_text(text)
        with pytest.raises(ConfigError, match=message):
            loaded(token)
    path.write_text(uri("dsc"))
    monkeypatch.setenv("TOKEN_PIN", "wrong")
    with pytest.raises(ConfigError, match="cannot be used: PinIncorrect"):
        loaded(token)


def test_another_key_of_the_token_is_noticed(token):
    ceremony.renew(token, START.replace(year=2027))
    put_into_token(token, "dsc-2027-01-05", "dsc2")
    (token / "dsc-2027-01-05.p11").write_text(uri("dsc"))
    with pytest.raises(ConfigError, match="is not the key of the certificate"):
        loaded(token)
