"""flask verify-certificate: one code per line, one verdict per line."""

import base64
import json
from datetime import datetime
from io import BytesIO

import cbor2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from flask import Flask

from app import clock
from app.audit import AuditEntry
from app.certificates import envelope
from app.certificates.models import Certificate
from app.certificates.models import Signer as SignerRow
from app.verification.actions import LONGEST_LINE, lines
from tests.certificates import texts
from tests.verification.conftest import kept, listed
from tests.verification.signers import NEW, Signer, signer, trusting

AT = "2022-06-01T12:00:00Z"


def pem(*signers: Signer) -> bytes:
    return b"".join(
        x509.load_der_x509_certificate(one.der).public_bytes(Encoding.PEM) for one in signers
    )


@pytest.fixture
def cli(tmp_path):
    """Run the command without any database; returns (exit code, what it printed)."""
    plain = Flask("plain")
    from app.cli import verify_certificate

    file = tmp_path / "signers.pem"
    file.write_bytes(pem(signer(), signer("RSA-2048")))

    def run(data: bytes, *args: str) -> tuple[int, str]:
        result = plain.test_cli_runner().invoke(
            verify_certificate, args or ("--signer", str(file), "--at", AT), input=data
        )
        assert not result.exception or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.output

    return run


def verdicts(told: tuple[int, str]) -> list[dict]:
    assert told[0] == 0
    return [json.loads(line) for line in told[1].splitlines()]


def test_a_verdict_for_each_line(cli):
    by, rsa = signer(), signer("RSA-2048")
    good, other, cut = by.issue(), rsa.issue(), by.issue()[:-9]
    data = "\n".join([good, "", other + "\r", cut, Signer().issue()]).encode()
    found = verdicts(cli(data))
    assert [one["valid"] for one in found] == [True, False, True, False, False]
    assert [one["layer"] for one in found] == ["", "prefix", "", found[3]["layer"], "signer"]
    assert [one["reasons"] for one in found][:3] == [[], ["bad_prefix"], []]
    assert found[0]["signer"] == by.kid.hex() and found[2]["signer"] == rsa.kid.hex()
    assert found[4]["signer"] == "" and found[4]["reasons"] == ["unknown_signer"]
    assert found[0]["claims"]["-260"]["1"] == texts.CONTENT
    assert (found[0]["issued_at"], found[0]["expires_at"]) == (
        "2021-12-20T11:33:20Z", "2022-12-02T16:53:20Z",
    )  # fmt: skip
    assert found[1]["claims"] is None and found[1]["issued_at"] is None


def test_nothing_in_nothing_out(cli):
    assert cli(b"") == (0, "")


def test_the_time_that_is_asked(cli, tmp_path):
    file = tmp_path / "one.pem"
    file.write_bytes(pem(signer()))
    one = signer().issue().encode()
    layers = {}
    for at in (
        "2022-06-01",
        "2021-12-20T18:33:20+07:00",
        "2021-12-20T11:33:19",
        "2024-01-01T00:00Z",
    ):
        [found] = verdicts(cli(one, "--signer", str(file), "--at", at))
        layers[at] = found["reasons"]
    assert list(layers.values()) == [[], [], ["not_yet_valid"], ["expired"]]
    with clock.frozen(datetime(2022, 6, 1)):
        assert verdicts(cli(one, "--signer", str(file)))[0]["valid"]


@pytest.mark.parametrize("at", ["yesterday", "2022-13-01", "0001-01-01T00:00+14:00"])
def test_a_time_that_is_none_is_refused(cli, at):
    code, said = cli(b"", "--at", at)
    assert code == 2 and "is no time" in said


def test_a_signer_that_cannot_be_read_is_refused(cli, tmp_path):
    for name, data in (
        ("empty", b""),
        ("text", b"-----BEGIN NOTHING"),
        ("weak", pem(Signer("P-384"))),
    ):
        file = tmp_path / name
        file.write_bytes(data)
        code, said = cli(b"", "--signer", str(file))
        assert code == 1 and "cannot be used" in said and "Traceback" not in said
    assert cli(b"", "--signer", str(tmp_path / "nowhere"))[0] == 2


def test_a_signer_may_be_der(cli, tmp_path):
    file = tmp_path / "one.der"
    file.write_bytes(signer().der)
    assert verdicts(cli(signer().issue().encode(), "--signer", str(file), "--at", AT))[0]["valid"]


def test_lines_without_end_take_bounded_memory():
    class Endless(BytesIO):
        """Ten million signs in one line, then a good one."""

        most = 0

        def readline(self, size=-1):
            self.most = max(self.most, size)
            return super().readline(size)

    file = Endless(b"0" * 10_000_000 + b"\nHC1:\n\n" + b"1" * LONGEST_LINE)
    found = list(lines(file))
    assert [len(one) for one in found] == [LONGEST_LINE, 4, 0, LONGEST_LINE]
    assert file.most == LONGEST_LINE


def test_bytes_that_are_no_text(cli):
    data = b"\xff\xfe\0\n" + b"HC1:\xc3\xa9\n" + "HC1:Đặng".encode() + b"\n" + bytes(range(256))
    found = verdicts(cli(data))
    assert [one["valid"] for one in found] == [False] * len(found) and len(found) == 5


def test_odd_values_are_told_as_json(cli):
    content = texts.CONTENT | {"x": b"\xff\x00", "y": [1.5, None, True], 5: {b"k": 2**63}}
    by = signer()
    one = by.issue(payload=cbor2.dumps(texts.claims(content=content, exp=1e300) | {7: b"id"}))
    [found] = verdicts(cli(one.encode()))
    told = found["claims"]["-260"]["1"]
    assert (told["x"], told["y"], told["5"]) == ("ff00", [1.5, None, True], {"6b": 2**63})
    assert found["claims"]["7"] == "6964" and found["expires_at"] is None and found["valid"]


def test_without_signers_the_list_of_the_database_counts(app):
    by, gone, tests_only = signer(), Signer(), signer("P-256", NEW + "2")
    for one, usages, when in ((by, [], None), (gone, [], clock.now()), (tests_only, ["t"], None)):
        known = one.trusted()
        SignerRow.create(
            kid=one.kid.hex(), digest=one.kid.hex(), country="VN", usages=usages,
            certificate=base64.b64encode(one.der).decode(), not_before=known.not_before,
            not_after=known.not_after, added_at=clock.now(), distrusted_at=when,
        )  # fmt: skip
    data = "\n".join(one.issue() for one in (by, gone, tests_only, Signer())).encode()
    result = app.test_cli_runner().invoke(args=["verify-certificate", "--at", AT], input=data)
    found = verdicts((result.exit_code, result.output))
    assert [one["reasons"] for one in found] == [
        [], ["unknown_signer"], ["wrong_usage"], ["unknown_signer"],
    ]  # fmt: skip


def test_our_own_have_to_be_on_record(app):
    """A certificate that our key signed and that was revoked, or that nobody issued, fails."""
    good, gone, never = (signer().issue(iat=texts.ISSUED + n) for n in range(3))
    listed(signer(), "VN", own=True)
    row = kept(good)
    other = envelope.unpack(gone)
    names = envelope.hashes("", "", other.alg, other.signature)
    values = row.__data__ | {"uvci": "2", "hash_signature": names.signature, "current": False}
    values |= {"revoked_at": clock.now(), "revoked_why": "asked"}
    Certificate.create(**{name: value for name, value in values.items() if name != "id"})
    result = app.test_cli_runner().invoke(
        args=["verify-certificate", "--at", AT], input="\n".join((good, gone, never)).encode()
    )
    found = verdicts((result.exit_code, result.output))
    assert [(one["valid"], one["reasons"], one["layer"]) for one in found] == [
        (True, [], ""), (False, ["revoked"], "revocation"), (False, ["not_in_system"], "system"),
    ]  # fmt: skip
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.action, entry.noun, entry.detail) == ("verify", "certificate", {"rows": 3})


def test_a_broken_signer_on_the_list_is_passed_over(app):
    SignerRow.create(
        kid=signer().kid.hex(), digest="x", country="VN", certificate="AAAA",
        not_before=clock.now(), not_after=clock.now(), added_at=clock.now(),
    )  # fmt: skip
    result = app.test_cli_runner().invoke(
        args=["verify-certificate"], input=signer().issue().encode()
    )
    assert verdicts((result.exit_code, result.output))[0]["reasons"] == ["unknown_signer"]


def test_the_same_verdict_as_in_the_program(cli):
    from app.verification.verifier import verify
    from tests.verification.signers import AT as MOMENT

    for one in (signer().issue(), signer().issue({}), signer().issue(alg=-37)):
        [found] = verdicts(cli(one.encode()))
        same = verify(one, trusting(signer()), MOMENT)
        assert (found["valid"], tuple(found["reasons"]), found["layer"]) == (
            same.valid, same.reasons, same.layer,
        )  # fmt: skip
