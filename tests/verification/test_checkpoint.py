"""The offline checkpoint, in a browser with the network cut: it says what the verifier says."""

import base64
import hashlib
import json
import threading
import zlib
from datetime import datetime, timedelta

import cbor2
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from werkzeug.serving import make_server

from app import clock
from app.certificates import envelope, signing
from app.certificates.envelope import ES256, ICVP, PS256
from app.commands import ceremony
from app.db import is_postgres
from app.verification.verifier import EPOCH, Trusted, verify
from app.web import STATIC
from tests.browsers import chromium
from tests.certificates import texts
from tests.certificates.texts import CONTENT, KID, claims, coded, packed, text
from tests.verification import forging, vectors
from tests.verification.signers import AT, END, NEW, START, Signer, signer

LIST, PAGE = "/.well-known/checkpoint", "/kiem-tra/ngoai-tuyen"
NOW = clock.now()
HOUR = timedelta(hours=1)


def seconds(at: datetime) -> float:
    return (at - EPOCH).total_seconds()


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def entry(one: Trusted) -> dict:
    spki = one.key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return {
        "kid": one.kid.hex(), "country": one.country, "key": base64.b64encode(spki).decode(),
        "usages": sorted(one.usages), "not_before": seconds(one.not_before),
        "not_after": seconds(one.not_after),
    }  # fmt: skip


def jws(key: signing.Key, signers: list[Trusted], revoked=(), made=None, **other) -> str:
    """A list, made now and good for a day."""
    made = made or clock.now()
    prefixes = sorted(hashlib.sha256(one).digest()[:8] for one in revoked)
    body = {
        "iss": "VN", "iat": int(seconds(made)), "exp": int(seconds(made + 24 * HOUR)),
        "signers": [entry(one) for one in signers],
        "revoked": base64.b64encode(b"".join(prefixes)).decode(),
    }  # fmt: skip
    head = {"alg": other.get("alg", {ES256: "ES256", PS256: "PS256"}[key.alg])}
    told = ".".join(base64url(json.dumps(part).encode()) for part in (head, body | other))
    return f"{told}.{base64url(key.sign(told.encode()))}"


class Desk:
    """A server with a list, and pages of one browser."""

    def __init__(self, app, key: signing.Key, browser) -> None:
        self.app, self.key, self.browser, self.list = app, key, browser, ""
        self.server = make_server("127.0.0.1", 0, self.answer, threaded=True)
        self.url = f"http://127.0.0.1:{self.server.port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, environ, start):
        if environ["PATH_INFO"] != LIST or self.list is None:
            return self.app.wsgi_app(environ, start)
        start("200 OK" if self.list else "404 Not Found", [("Content-Type", "text/plain")])
        return [self.list.encode()]

    def publish(self, *signers: Trusted, **other: object) -> None:
        self.list = jws(self.key, list(signers), **other)

    def open(self, query: str = "", script: str = "", **options: object):
        """The page, kept; without a network when it returns."""
        context = self.browser.new_context(**options)
        if script:
            context.add_init_script(script)
        page = context.new_page()
        page.goto(self.url + PAGE + query)
        page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
        page.locator("#state:not(:empty)").wait_for()
        page.wait_for_timeout(300)  # the list is put away
        context.set_offline(True)
        page.reload()
        page.locator("#state:not(:empty)").wait_for()
        return page


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


@pytest.fixture
def desk(app, browser, tmp_path, monkeypatch):
    if is_postgres():
        pytest.skip("nothing of it is in the database")
    ceremony.begin(tmp_path, NOW - HOUR)
    ring = signing.load(str(tmp_path))
    monkeypatch.setitem(app.extensions, "signing", ring)
    found = Desk(app, ring.lists, browser)
    found.publish(*present())
    yield found
    for context in browser.contexts:
        context.close()
    found.server.shutdown()


def present() -> list[Trusted]:
    """Signers that are valid today."""
    signers = signer().trusted(), signer("RSA-2048").trusted()
    return [one._replace(not_after=NOW + 365 * 24 * HOUR) for one in signers]


def lasting(by: Signer, content: object = None, **other: object) -> str:
    return by.issue(content, exp=int(seconds(NOW + 24 * HOUR)), **other)


def ask(page, code: str) -> str:
    """Type a code and Enter, as a scanner does; the answer."""
    page.evaluate("document.getElementById('answer').textContent = ''")
    page.keyboard.insert_text(code)
    page.keyboard.press("Enter")
    page.locator("#answer:not(:empty)").wait_for()
    return page.inner_text("#answer")


VERDICTS = """async ([cases, lists, key]) => {
  const read = [], found = [];
  for (const one of lists) read.push(await checkpoint.readList(one, key));
  for (const [text, list, at] of cases) {
    const { valid, reasons, layer, signer } = await checkpoint.verify(text, read[list], at);
    found.push([valid, reasons, layer, signer]);
  }
  return found;
}"""


def compare(desk: Desk, page, cases: list[tuple[str, list[Trusted], datetime]]) -> None:
    """Each text by its signers at its time: the browser and the verifier agree in all."""
    lists, places, asked, expected = [], {}, [], []
    for code, signers, at in cases:
        if id(signers) not in places:
            places[id(signers)] = len(lists)
            lists.append(jws(desk.key, signers))
        asked.append([code, places[id(signers)], seconds(at)])
        verdict = verify(code, lambda kid, all_=signers: [x for x in all_ if x.kid == kid], at)
        expected.append([verdict.valid, list(verdict.reasons), verdict.layer, verdict.signer])
    key = page.get_attribute("#check", "data-key")
    found = page.evaluate(VERDICTS, [asked, lists, key])
    wrong = [
        (code, got, wanted)
        for (code, *_), got, wanted in zip(asked, found, expected, strict=True)
        if got != wanted
    ]
    assert not wrong, f"{len(wrong)} of {len(asked)}: {wrong[:3]}"


def test_the_public_vectors(desk):
    vectors.needed()
    loaded = [vectors.load(path) for path in vectors.files()]
    assert len(loaded) > 100
    cases = [(one.text, [one.signer], one.at) for one in loaded]
    page = desk.open()
    compare(desk, page, cases)
    verdicts = [verify(text, lambda kid, by=by: by, at) for text, by, at in cases]
    assert {one.valid for one in verdicts} == {True, False}


def test_forged_certificates(desk):
    """The same mutants that the verifier has to refuse."""
    all_ = forging.originals()
    trusted = [signer().trusted(), signer("RSA-2048").trusted()]
    cases = [(text, trusted, AT) for _, text in forging.mutants(2500, 7, all_)]
    compare(desk, desk.open(), [(one.text, trusted, AT) for one in all_] + cases)


def written(alg: int, by: Signer, payload: bytes, unprotected: bytes = b"\xa0") -> str:
    """A message whose unprotected header and payload are any CBOR."""
    header = envelope.protected(alg, by.kid)
    signature = by.sign(envelope.to_be_signed(header, payload))
    parts = cbor2.dumps(header), unprotected, cbor2.dumps(payload), cbor2.dumps(signature)
    return coded(b"\xd2\x84" + b"".join(parts))


# Values of CBOR: whole and broken, of every kind, and what Python takes for the same key.
VALUES = """
f7 f4 f6 e0 f0 f820 f8ff f818 f800 f97e00 f97c00 f93c00 f90001 fa3f800000 fb7ff8000000000000
fb3ff0000000000000 fc fd fe ff 1c 1f 3f 5f 7f 5f4101ff 5f6101ff 5f5f4101ffff 7f6161ff
7f61c261a9ff 7f62c3a9ff 9fff bfff bf01ff 9f01 bf0102ff 1bffffffffffffffff 3bffffffffffffffff
a280018002 a2a001a002 a2010101 a201010102 a2410101410102 a201016101 a2f50101 a2f5010102
a20101fa3f80000002 a2f601f602 a1f601 a1410101 a18001 a1f97e0001 62c3 62c328 63eda080 63efbbbf
64f09f9889 d903ec6161 c06161 c001 c0a0 c16161 c24101 d8184101 d86301 d9d9f701 d81c01 d81d00
9b00000000ffffffff bb00000000ffffffff 5bffffffffffffffff 5c 7c 9c bc dc 1900 1a0001 1b000000
190001 1800 7800 58010a a1 a101 8101 818101 a10081 00 20 40 60 80 a0
""".split()  # noqa: SIM905
DEEP = [("81" * n + "01") for n in range(10, 20)] + [("d863" * n + "01") for n in range(10, 20)]


def test_values_of_cbor(desk):
    by = signer()
    trusted, told, cases = [by.trusted()], texts.cbor(claims()), []
    for value in map(bytes.fromhex, VALUES + DEEP):
        payload = bytes([told[0] + 1]) + told[1:] + b"\x18\x63" + value
        cases += [
            written(ES256, by, payload), written(ES256, by, told, value),
            written(ES256, by, told, b"\xa1\x18\x63" + value), coded(value),
            written(ES256, by, told, b"\xa1" + value + b"\x01"), written(ES256, by, value),
            written(ES256, by, bytes([told[0] + 1]) + told[1:] + value + b"\x01"),
        ]  # fmt: skip
    compare(desk, desk.open(), [(one, trusted, AT) for one in cases])


def transport() -> list[str]:
    """Faults of the way that a code went."""
    good = signer().issue()
    data = envelope.from_base45(good[4:])
    cose = zlib.decompress(data)
    bomb = zlib.compress(bytes(50_000_000), 9)
    return [
        good, "", "HC1", "HC1:", "hc1:" + good[4:], " " + good, good + " ", good + "\n",
        good.replace("HC1:", "HC2:"), "HC1:é", "HC1:::::::", "HC1:A", "HC1:::", good[:-1],
        good[:300],
        packed(data[:-1]), packed(data + b"\0"), packed(cose), packed(b"\0" + data), packed(bomb),
        packed(zlib.compress(cose + bytes(65_536 - len(cose)))),
        packed(zlib.compress(bytes(65_537))),
        packed(zlib.compress(bytes(65_536))), "HC1:" + "0" * 100_001, packed(zlib.compress(b"")),
        packed(zlib.compress(cose, 0)), packed(data[:-4] + b"\0\0\0\0"), coded(cose + b"\0"),
    ]  # fmt: skip


def test_faults_of_transport(desk):
    compare(desk, desk.open(), [(one, [signer().trusted()], AT) for one in transport()])


def contents() -> list[object]:
    """What certificates may say, rightly and wrongly."""
    dose = CONTENT["v"][0]
    of = lambda **other: CONTENT | {"v": [dose | other]}  # noqa: E731
    found = [
        of(dn=3, sd=3), of(dn=2, sd=1), of(dn=1, sd=1), of(dn=2.0), of(dn=0), of(dn=True),
        of(dn="2"), of(dt="2021-W44-2"),
        of(dt="2021-02-30"), of(dt="2021-11-02T10:00:00Z"), of(dt="20211102"), of(dt=None),
        of(dt="2021-11-02 x"), of(dt="2024-02-29"), of(dt="0000-01-01"), of(co="vn"), of(co=""),
        of(ci="x" * 80), of(ci="😀" * 80), of(ci="x" * 81), CONTENT | {"nam": {"fnt": "NAM"}},
        CONTENT | {"nam": {"gnt": "NAM"}}, CONTENT | {"nam": {"fn": "Nam"}},
        CONTENT | {"nam": {"fnt": "Nam"}}, CONTENT | {"nam": None}, CONTENT | {"v": [dose, dose]},
        CONTENT | {"v": []}, CONTENT | {"v": {}}, CONTENT | {"v": [[]]}, CONTENT | {"t": []},
        CONTENT | {"t": None, "r": [dose]}, CONTENT | {"v": "x"}, CONTENT | {"v": 0}, {},
    ]  # fmt: skip
    found += [CONTENT | {"dob": born} for born in (
        "", "1985", "1985-03", "1985-03-02T00:00:00", "1885", 1985, None, "1985-03-02 \n", "1985-3",
    )]  # fmt: skip
    found += [CONTENT | {"ver": version} for version in ("1.3.0\n", "../x", "1.3", "١.٣.٠", 1)]
    return found


def test_what_certificates_say(desk):
    kinds = [signer(), signer("RSA-2048"), signer("P-256", NEW + "1"), signer("P-256", NEW + "2")]
    trusted = [by.trusted() for by in kinds]
    cases = [by.issue(content) for by in kinds for content in contents()]
    cases += [
        by.issue(content, ICVP)
        for by in kinds
        for content in (forging.WHO, {"n": "An", "v": {"tg": "x", "dt": "2021"}}, {}, {"v": 1})
    ]
    cases += [
        signer().issue(payload=cbor2.dumps(claims(hcert=one)))
        for one in ({}, {3: {}}, {1: CONTENT, -6: forging.WHO}, {True: CONTENT}, {1.0: CONTENT}, [])
    ]
    assert sum(verify(x, lambda kid: trusted, AT).valid for x in cases[: len(contents())]) > 10
    compare(desk, desk.open(), [(one, trusted, AT) for one in cases])


def test_signers_and_times(desk):
    by, other, rsa = signer(), Signer(), signer("RSA-2048")
    shared = [one.trusted()._replace(kid=KID) for one in (rsa, by, other)]
    own = [by.trusted(), rsa.trusted()]
    far = float(10**12)
    cases = [(one.issue(kid=KID), shared, AT) for one in (by, other, rsa, Signer())]
    cases += [(one.issue(kid=by.kid), own, AT) for one in (other, rsa)]
    cases += [(one.issue(alg=alg), own, AT) for one in (by, rsa) for alg in (-7, -37, -35, 5)]
    cases += [(text(), own, AT), (text({1: ES256}), own, AT), (other.issue(), own, AT)]
    second = timedelta(seconds=1)
    moments = [START, START - second, END, END + second, AT]
    moments += [EPOCH + timedelta(seconds=texts.ISSUED + n) for n in (-1, 0, 1)]
    moments += [EPOCH + timedelta(seconds=texts.EXPIRES + n) for n in (-1, 0, 1)]
    cases += [(by.issue(), own, at) for at in moments]
    cases += [(rsa.issue(iat=0, exp=far), own, at) for at in moments]
    cases += [
        (by.issue(iat=iat, exp=exp), own, AT)
        for iat in (0, 1.5e9 + 0.5, far, float("nan"), "1", None)
        for exp in (far, 1.5e9 + 0.5, float("inf"), True)
    ]
    compare(desk, desk.open(), cases)


# The page.


def test_a_certificate_at_the_desk(desk):
    page = desk.open()
    told = ask(page, lasting(signer()))
    assert page.locator("#answer .good").count() == 1
    for words in ("Chứng nhận hợp lệ", "Nguyễn Văn An", "02/03/1985", "2/2", "Comirnaty",
                  "02/11/2021", "so họ tên, ngày sinh với CCCD",
                  "chưa hỏi được hệ thống"):  # fmt: skip
        assert words in told
    assert page.input_value("#code") == ""
    one_name = CONTENT | {"nam": {"fnt": "NAM"}, "dob": "1985"}
    assert "NAM" in ask(page, lasting(signer("RSA-2048"), one_name))
    assert "Nguyễn Văn An" in ask(page, lasting(signer(), forging.WHO, key=ICVP))
    assert "vừa xong" in page.inner_text("#state")


def test_a_bad_one_is_told_why_and_nothing_is_believed(desk):
    page = desk.open()
    told = ask(page, Signer().issue())
    assert "không có giá trị" in told and "Không rõ nơi ký" in told
    assert "Nguyễn" not in told and page.locator("#answer .bad").count() == 1
    assert "Hết hạn" in ask(page, signer().issue())
    assert "HC1:" in ask(page, "xin chào")


def test_texts_as_they_are_typed(desk):
    page, good = desk.open(), lasting(signer())
    for typed in (good.lower(), "  " + good + "  ", "Mã: " + good):
        assert "hợp lệ" in ask(page, typed)


def test_in_english(desk):
    page = desk.open("?lang=en")
    told = ask(page, lasting(signer()))
    assert "valid" in told and "Date of birth" in told
    assert page.get_attribute("html", "lang") == "en"


def test_a_revoked_one(desk):
    one, who = lasting(signer()), lasting(signer(), forging.WHO, key=ICVP)
    rest = [b"%d" % n for n in range(1000)]
    uvci = CONTENT["v"][0]["ci"].encode()
    desk.publish(*present(), revoked=[*rest, uvci, envelope.unpack(who).signature[:32]])
    page = desk.open()
    assert "đã bị thu hồi" in ask(page, one)
    assert "đã bị thu hồi" in ask(page, who)
    dose = CONTENT["v"][0] | {"ci": "URN:UVCI:01:VN:OTHER"}
    assert "hợp lệ" in ask(page, lasting(signer(), CONTENT | {"v": [dose]}))


def test_the_list_of_this_service(desk):
    """Made of the rows, by the key whose other half stands in the page."""
    key = signing.key(NOW)
    header = envelope.protected(key.alg, key.kid)
    start, end = int(seconds(NOW)), int(seconds(NOW + 24 * HOUR))
    payload = envelope.claims("VN", start, end, envelope.DCC, CONTENT)
    signature = key.sign(envelope.to_be_signed(header, payload))
    desk.list = None
    page = desk.open()
    assert "hợp lệ" in ask(page, envelope.pack(header, payload, signature))
    assert "Không rõ nơi ký" in ask(page, lasting(signer()))


def test_an_old_list_says_nothing(desk):
    desk.publish(*present(), made=NOW - 30 * HOUR)
    page = desk.open()
    assert "đã quá hạn" in page.inner_text("#state") and "30 giờ trước" in page.inner_text("#state")
    told = ask(page, lasting(signer()))
    assert "Chưa kết luận được" in told and "Nguyễn" not in told


def test_a_list_of_the_future_says_nothing(desk):
    desk.publish(*present(), made=NOW + 2 * HOUR)
    assert "ngày giờ của máy" in ask(desk.open(), lasting(signer()))


def test_no_list_says_nothing(desk):
    desk.list = ""
    assert "Chưa kết luận được" in ask(desk.open(), lasting(signer()))


def test_a_list_of_somebody_else_is_not_used(desk, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    ceremony.begin(other, NOW - HOUR)
    forged = jws(signing.load(str(other)).lists, present())
    good, desk.list = desk.list, forged
    page = desk.open()
    assert "Chưa kết luận được" in ask(page, lasting(signer()))
    for wrong in (forged, good[:-4] + "AAAA", good.replace(".", ".A", 1), "", "a.b.c",
                  jws(desk.key, present(), alg="none")):  # fmt: skip
        assert page.evaluate(
            "([text, key]) => checkpoint.readList(text, key).then(() => 'used', () => 'refused')",
            [wrong, page.get_attribute("#check", "data-key")],
        ) == "refused"  # fmt: skip


def test_a_list_that_was_changed_in_the_browser_is_not_used(desk):
    page = desk.open()
    assert "hợp lệ" in ask(page, lasting(signer()))
    page.evaluate(
        """async address => {
          const cache = await caches.open("checkpoint-list"), kept = await cache.match(address);
          const parts = (await kept.text()).split("."), body = JSON.parse(atob(parts[1]));
          body.exp += 1e6;
          parts[1] = btoa(JSON.stringify(body)).replace(/=+$/, "");
          await cache.put(address, new Response(parts.join(".")));
        }""", LIST,
    )  # fmt: skip
    page.reload()
    page.locator("#state:not(:empty)").wait_for()
    told = ask(page, lasting(signer()))
    assert "Chưa kết luận được" in told and "không đúng chữ ký" in told


def test_an_older_list_does_not_replace_a_newer_one(desk):
    page = desk.open()
    page.context.set_offline(False)
    desk.publish(made=NOW - HOUR)
    page.click("#refresh")
    page.wait_for_timeout(500)
    page.focus("#code")
    assert "hợp lệ" in ask(page, lasting(signer()))


def test_the_new_list_comes_by_the_button(desk):
    desk.publish(made=NOW - HOUR)
    page = desk.open()
    assert "Không rõ nơi ký" in ask(page, lasting(signer()))
    page.context.set_offline(False)
    desk.publish(*present())
    page.click("#refresh")
    page.locator("#state", has_text="vừa xong").wait_for()
    page.focus("#code")
    assert "hợp lệ" in ask(page, lasting(signer()))


def test_no_other_page_is_kept(desk):
    page = desk.open()
    page.context.set_offline(False)
    page.goto(desk.url + "/kiem-tra")
    assert page.evaluate("navigator.serviceWorker.controller") is None
    kept = page.evaluate(
        """async () => {
          const found = [];
          for (const name of await caches.keys())
            for (const one of await (await caches.open(name)).keys())
              found.push(new URL(one.url).pathname);
          return found;
        }"""
    )
    files = {one for one in kept if one.startswith("/s/")}
    assert set(kept) - files == {PAGE, LIST}
    assert {one.rpartition("/")[2] for one in files} == {"checkpoint.js", "public.css"}


CAMERA = """
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect() { return [{ rawValue: window.shown }]; }
};
const getUserMedia = async () => new MediaStream();
Object.defineProperty(navigator, "mediaDevices", { value: { getUserMedia } });
HTMLMediaElement.prototype.play = async () => 0;
"""


def test_the_camera_where_the_browser_has_one(desk):
    assert not desk.open().locator("#camera").is_visible()
    page = desk.open(script=CAMERA)
    page.evaluate("code => { window.shown = code }", lasting(signer()))
    page.click("#camera button")
    page.locator("#answer", has_text="hợp lệ").wait_for()
    page.click("#camera button")
    assert not page.locator("#video").is_visible()


def test_an_old_browser_is_sent_to_the_page_over_the_network(desk, client):
    page = desk.open()
    assert not page.locator("#cannot").is_visible()
    old = desk.browser.new_context()
    old.add_init_script("delete window.DecompressionStream")
    bare = desk.browser.new_context(java_script_enabled=False)
    for context in (old, bare):
        page = context.new_page()
        page.goto(desk.url + PAGE)
        assert page.locator("#cannot a[href='/kiem-tra']").is_visible()
        assert not page.locator("#check").is_visible()


def test_the_page_is_the_same_for_everybody(desk, client):
    from tests import build

    before = client.get(PAGE).get_data()
    build.sign_in(client, build.user(build.country()[2], "reception"))
    assert client.get(PAGE).get_data() == before
    worker = client.get(PAGE + ".js")
    assert worker.mimetype == "text/javascript" and "Service-Worker-Allowed" not in worker.headers


def test_without_a_key_for_lists_it_says_so(client, app, monkeypatch):
    monkeypatch.setitem(app.extensions, "signing", signing.Ring())
    page = client.open_page(PAGE)
    assert page.status == 200 and "chưa có danh sách" in page.text


def test_the_worker_changes_with_the_page(desk, client, monkeypatch):
    before = client.get(PAGE + ".js").get_data()
    monkeypatch.setitem(desk.app.extensions, "signing", signing.Ring())
    assert client.get(PAGE + ".js").get_data() != before


def test_the_script_is_small():
    import gzip

    size = sum(len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in
               ("checkpoint.js", "checkpoint-worker.js"))  # fmt: skip
    assert size <= 9_000
