"""The gate, headers, packing, static files, error pages, the bare page and the weak link."""

import gzip
import re
from io import BytesIO

import pytest
from flask import request
from lxml import html

from app import create_app, web
from app.config import Config
from app.db import db
from app.sessions.models import VaccinationSession
from app.stock.models import Movement
from app.web import STATIC, static_url
from tests import build

GZIP = {"Accept-Encoding": "gzip, deflate"}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def site(app):
    return build.country()[2]


@pytest.fixture
def nurse(client, site):
    """The client, signed in as the storekeeper of a station."""
    return build.sign_in(client, build.user(site, "storekeeper"))


@pytest.fixture
def fault(app, monkeypatch):
    """Make a view fail as a fault of ours does."""

    def fail(endpoint, error):
        def view(**_values):
            raise error

        view.access = web.PUBLIC
        monkeypatch.setitem(app.view_functions, endpoint, view)

    return fail


# The gate


def test_a_view_that_declares_nothing_stops_the_start(app):
    before = db.obj
    other = create_app(Config("sqlite:///:memory:", "s" * 40, "d" * 40, "", False, 0, 1))
    db.initialize(before)
    other.add_url_rule("/forgotten", "forgotten", lambda: "x")
    with pytest.raises(RuntimeError, match="forgotten"):
        web.check_declared(other)


def test_what_is_declared_to_nobody_is_refused(app, nurse, monkeypatch):
    """Also if the check at the start were passed by."""
    monkeypatch.setitem(app.view_functions, "stock.index", lambda: "x")
    assert nurse.get("/lots").status_code == 403


def test_nobody_is_sent_to_sign_in_and_back(client):
    answer = client.get("/lots?number=AB&all=1")
    assert answer.status_code == 303
    assert answer.location == "/sign-in?next=/lots?number%3DAB%26all%3D1"


def test_a_lost_post_is_not_repeated_after_sign_in(client):
    answer = client.post("/lots/receive", data={"number": "1"})
    assert (answer.status_code, answer.location) == (303, "/sign-in")


def test_htmx_is_sent_to_sign_in_as_a_whole_page(client):
    answer = client.get("/lots", headers=HTMX)
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/lots"
    assert not answer.location and not answer.get_data()


def test_the_first_password_comes_before_all(client, site):
    build.sign_in(client, build.user(site, must_change=True))
    for path in ("/lots", "/reports", "/roles"):
        assert client.get(path).location == "/password", path
    assert client.get("/password").status_code == 200
    assert client.post("/lots/receive").location == "/password"


def test_without_the_right_it_is_forbidden(nurse):
    page = nurse.open_page("/reports", status=403)
    assert page.css("main a[href]")


def test_a_post_needs_the_token_of_a_page_of_this_sign_in(nurse, site):
    form = nurse.open_page("/lots/receive").form("number")
    values = form.values | {"product": ["COMIRNATY"], "number": ["A1"], "doses": ["5"],
                            "expires_on": ["31/12/2030"]}  # fmt: skip
    for token in (None, "", "x" * 91, values["csrf_token"][0][:-1] + "!"):
        sent = {name: value for name, value in values.items() if name != "csrf_token"}
        sent |= {} if token is None else {"csrf_token": [token]}
        assert nurse.post("/lots/receive", data=sent).status_code == 400, token
    build.sign_in(nurse, build.user(site, "storekeeper"))
    assert nurse.post("/lots/receive", data=values).status_code == 400
    assert not Movement.select().count()


@pytest.mark.parametrize("path", ["/lots/receive", "/sign-in", "/", "/sign-out"])
def test_a_post_from_another_site_is_refused(nurse, path):
    answer = nurse.post(path, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code in (400, 405)
    assert nurse.get("/lots").status_code == 200


@pytest.mark.parametrize("origin", ["same-origin", "same-site", "none", None])
def test_a_post_of_our_own_pages_is_not(nurse, origin):
    page = nurse.open_page("/lots/receive")
    headers = {"Sec-Fetch-Site": origin} if origin else {}
    assert nurse.post("/lots/receive", data=page.form("number").values,
                      headers=headers).status_code == 422  # fmt: skip


def test_a_following_of_links_from_elsewhere_is_not(nurse):
    assert nurse.get("/lots", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


@pytest.mark.parametrize("number", [0, 2**31, 2**63, 2**64, 10**30, "-1", "1.5", "x", "%00", "%ff"])
def test_what_is_no_row_is_not_found(nurse, number):
    assert nurse.get(f"/lots/{number}").status_code == 404


# Headers


PLACES = ["/", "/sign-in", "/lots", "/nothing", "/healthz", "/reports", "/lots/receive"]


@pytest.mark.parametrize("path", PLACES)
def test_every_answer_says_how_it_may_be_used(nurse, path):
    headers = nurse.get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["form-action"] == policy["script-src"] == policy["style-src"] == "'self'"
    assert "unsafe" not in str(policy) and "http" not in str(policy) and "*" not in str(policy)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"


def test_a_fault_says_so_too(nurse, fault):
    fault("stock.index", RuntimeError("x"))
    answer = nurse.get("/lots")
    assert answer.status_code == 500
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_the_cookie_is_for_the_server_alone(app, client, site):
    person = build.user(site)
    page = client.open_page("/sign-in")
    values = page.form("password").values | {
        "username": [person.username], "password": [build.PASSWORD]}  # fmt: skip
    cookie = client.post("/sign-in", data=values).headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Secure" not in cookie
    assert len(cookie) < 400


def test_behind_https_the_cookie_is_secure_and_addresses_too():
    before = getattr(db, "obj", None)
    settings = Config("sqlite:///:memory:", "s" * 40, "d" * 40, "https://a.vn", True, 1, 1)
    app = create_app(settings)
    if before is not None:
        db.initialize(before)
    assert app.config["SESSION_COOKIE_SECURE"]
    seen = []
    app.before_request_funcs[None].insert(
        0, lambda: seen.append((request.remote_addr, request.scheme))
    )
    # The last proxy is ours; what a sender claims to come through before it is not believed.
    for forwarded in ("203.0.113.7", "198.51.100.1, 203.0.113.7"):
        headers = {"X-Forwarded-For": forwarded, "X-Forwarded-Proto": "https"}
        app.test_client().get("/healthz", headers=headers)
    assert seen == [("203.0.113.7", "https")] * 2


# Packing


def test_pages_are_packed_for_those_who_can(nurse):
    plain, packed = nurse.get("/lots"), nurse.get("/lots", headers=GZIP)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    unpacked = gzip.decompress(packed.get_data())
    assert b"<h1>" in unpacked and len(packed.get_data()) < len(unpacked)
    assert int(packed.headers["Content-Length"]) == len(packed.get_data())


def test_what_is_small_stays_as_it_is(client):
    assert "Content-Encoding" not in client.get("/healthz", headers=GZIP).headers


def test_what_is_sent_while_it_is_made_is_packed_as_it_goes(app, client):
    asked, done = [], []

    def rows():
        for number in range(20_000):
            asked.append(number)
            yield f"row {number}"

    with app.test_request_context("/", headers=GZIP):
        answer = web.headers(web.stream("lists/forms.html", lambda: done.append(1), **EMPTY))
        assert gzip.decompress(b"".join(answer.response)).startswith(b"<!doctype html>")
        assert done == [1] and "Content-Length" not in answer.headers
        pieces = web._packed(web._joined(rows(), lambda: done.append(2)))
        packed = next(pieces)
        assert 0 < len(asked) < 20_000, "the end was not waited for"
        pieces.close()
        assert packed and done == [1, 2], "who breaks off is noticed"


EMPTY = {"sheets": (), "session": VaccinationSession(id=1), "user": None, "body_parts": ()}


def test_a_head_has_no_body(nurse):
    answer = nurse.head("/lots", headers=GZIP)
    assert answer.status_code == 200 and not answer.get_data()


# Static files


def whole(name: str) -> bytes:
    """A file as it is sent; the style sheet of staff begins with that of everybody."""
    body = (STATIC / name).read_bytes()
    first, line = (STATIC / "public.css").read_bytes(), b'@import "public.css";\n'
    return first + body.removeprefix(line) if name == "so.css" else body


@pytest.mark.parametrize("name", sorted(path.name for path in STATIC.iterdir()))
def test_static_files_are_kept_for_a_year(app, client, name):
    with app.test_request_context():
        url = static_url(name)
    for headers in ({}, GZIP):
        answer = client.get(url, headers=headers)
        body = answer.get_data()
        body = gzip.decompress(body) if "Content-Encoding" in answer.headers else body
        assert answer.status_code == 200 and body == whole(name)
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert "Set-Cookie" not in answer.headers


def test_an_old_address_of_a_static_file_is_not_kept(client):
    answer = client.get("/s/00000000/so.css")
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"


def test_citizens_get_the_smaller_style_sheet(client, site):
    def sheet(path):
        page = html.fromstring(client.get(path).get_data(as_text=True))
        return page.cssselect("link[rel=stylesheet]")[0].get("href").rpartition("/")[2]

    assert sheet("/tra-cuu") == sheet("/nothing") == "public.css"
    assert sheet("/sign-in") == "so.css"  # the pages that follow have it then
    build.sign_in(client, build.user(site, "storekeeper"))
    assert sheet("/lots") == sheet("/tra-cuu") == "so.css"


@pytest.mark.parametrize("name", ["nothing.css", "..", "../app/web.py", "%2e%2e%2fwsgi.py", "."])
def test_nothing_else_is_a_static_file(client, name):
    assert client.get(f"/s/00000000/{name}").status_code == 404


def test_a_page_asks_only_this_service(nurse):
    page = nurse.open_page("/lots")
    for item in page.css("[src], link[href]"):
        assert re.match(r"/s/[0-9a-f]{8}/|data:,$", item.get("src") or item.get("href"))


# Error pages


def test_error_pages_are_pages(nurse, fault):
    fault("stock.index", RuntimeError("x"))
    for path, status in (("/nothing", 404), ("/lots", 500), ("/reports", 403)):
        page = html.fromstring(nurse.get(path).get_data(as_text=True))
        assert nurse.get(path).status_code == status
        assert page.cssselect("h1")[0].text and page.cssselect("main a[href]"), path


def test_a_wrong_method_says_which_are_right(nurse):
    answer = nurse.put("/lots")
    assert answer.status_code == 405 and "GET" in answer.headers["Allow"]
    assert "<h1>" in answer.get_data(as_text=True)


def test_too_much_is_told(nurse):
    page = nurse.open_page("/lots/receive").form("number")
    huge = page.values | {"note": ["x" * 11_000_000]}
    assert nurse.post("/lots/receive", data=huge).status_code == 413
    many = page.values | {f"f{number}": ["1"] for number in range(2000)}
    assert nurse.post("/lots/receive", data=many).status_code in (413, 422)
    file = {name: value[0] for name, value in page.values.items()}
    file["file"] = (BytesIO(b"x" * 11_000_000), "x.csv")
    answer = nurse.post("/lots/receive", data=file, content_type="multipart/form-data")
    assert answer.status_code == 413


def test_a_fault_tells_nothing_of_the_inside(nurse, fault):
    fault("stock.index", RuntimeError("the secret of the inside"))
    text = nurse.get("/lots").get_data(as_text=True)
    assert "secret" not in text and "Traceback" not in text and ".py" not in text


def test_a_fault_of_the_database_is_a_fault(nurse, app, monkeypatch):
    def view():
        db.execute_sql("select * from no_such_table")

    view.access = web.PUBLIC
    monkeypatch.setitem(app.view_functions, "stock.index", view)
    assert nurse.get("/lots").status_code in (500, 503)
    assert nurse.get("/lots/receive").status_code == 200


STRANGE = [
    "/%ff%fe", "/%00", "/" + "x" * 5000, "/lots?number=%00", "/lots?number=%ff", "/lots?after=1e5",
    "/lots?lang=xx", "/?weak=" + "1" * 5000, "/sign-in?next=%00", "/lots?%ff=1", "//lots", "/lots/",
    "/lots/1/../..", "/reports?on=%00", "/reports?unit=%00", "/audit?person=%00",
    "/reports?on=" + "9" * 5000, "/audit?action=%00", "/audit?before=" + "9" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("path", STRANGE, ids=range(len(STRANGE)))
def test_no_address_is_a_fault(client, site, path):
    build.sign_in(client, build.user(site, build.EVERYTHING_AT_A_SITE + " auditor"))
    assert client.get(path).status_code < 500


@pytest.mark.parametrize("header", [
    {"Cookie": "s=" + "x" * 3000}, {"Cookie": "s=\xff\xfe"}, {"Cookie": "weak=\x01"},
    {"Host": "x" * 300}, {"Host": "a b"}, {"Host": ""}, {"Host": "sotiem.vn:x"}, {"Host": "[::1"},
    {"Accept-Language": "\xff"}, {"Accept-Encoding": "gzip;q=\xff"}, {"HX-Request": "\xff"},
    {"Sec-Fetch-Site": "\xff"}, {"X-Forwarded-For": "\xff, x"}, {"Content-Type": "\xff/;;="},
    {"Content-Length": "-1"}, {"Range": "bytes=9999-"}, {"If-Modified-Since": "never"},
], ids=lambda header: next(iter(header)))  # fmt: skip
def test_no_header_is_a_fault(client, header):
    for path in ("/", "/sign-in", "/lots", "/s/00000000/so.css"):
        assert client.get(path, headers=header).status_code < 500
    assert client.post("/sign-in", headers=header).status_code < 500


FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"


@pytest.mark.parametrize(("kind", "body"), [
    (FORM, b"number=\xff\xfe"), (FORM, b"&&==&%zz=%"), (FORM, b"\x00" * 100), (PARTS, b"--x"),
    (PARTS, b'--x\r\nContent-Disposition: form-data; name="number"\r\n\r\n\xff\r\n--x--'),
    ("multipart/form-data", b"number=1"), ("application/json", b"{"), ("", b"number=1"),
])  # fmt: skip
def test_no_body_is_a_fault(nurse, kind, body):
    assert 400 <= nurse.post("/lots/receive", data=body, content_type=kind).status_code < 500
    assert 400 <= nurse.post("/sign-in", data=body, content_type=kind).status_code < 500


# The bare page and the weak link


def test_htmx_gets_the_page_without_its_frame(nurse):
    whole, bare = nurse.get("/lots"), nurse.get("/lots", headers=HTMX)
    assert "HX-Request" in whole.headers["Vary"] and "HX-Request" in bare.headers["Vary"]
    text = bare.get_data(as_text=True)
    assert "<main" in text and "<title>" in text
    assert "<header" not in text and "<!doctype" not in text.lower() and "<script" not in text


def test_what_history_asks_for_is_whole(nurse):
    answer = nurse.get("/lots", headers=HTMX | {"HX-History-Restore-Request": "true"})
    assert "<!doctype" in answer.get_data(as_text=True).lower()


def test_errors_come_bare_too(nurse):
    text = nurse.get("/nothing", headers=HTMX).get_data(as_text=True)
    assert "<h1>" in text and "<header" not in text


def scripts(page):
    return [item.get("src") for item in page.css("script")]


def test_a_weak_link_gets_no_script(nurse):
    assert len(scripts(nurse.open_page("/lots"))) == 2
    assert not scripts(nurse.open_page("/lots", headers={"Save-Data": "on"}))
    page = nurse.open_page("/lots").follow("Bật chế độ mạng yếu")
    assert not scripts(page)
    assert not scripts(nurse.open_page("/lots"))
    page.follow("Tắt chế độ mạng yếu")
    assert len(scripts(nurse.open_page("/lots"))) == 2


def test_nobody_signed_in_gets_no_script(client):
    assert not scripts(client.open_page("/sign-in"))
