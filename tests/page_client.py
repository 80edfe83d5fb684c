"""A browser without JavaScript for tests: follows links, fills in forms, and checks every page."""

from typing import Any

from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse


class Page:
    """An answer as a reader meets it: text, links and forms."""

    def __init__(self, client: "PageClient", response: TestResponse) -> None:
        self.client, self.response = client, response
        self.status, self.url = response.status_code, response.request.path
        self.body = response.get_data(as_text=True)
        self.dom = html.fromstring(self.body) if self.body.strip().startswith("<") else None

    @property
    def text(self) -> str:
        """All visible text with single spaces."""
        return " ".join(self.dom.text_content().split()) if self.dom is not None else self.body

    def css(self, selector: str) -> list[Any]:
        """The elements that match a CSS selector."""
        return self.dom.cssselect(selector) if self.dom is not None else []

    def follow(self, text: str) -> "Page":
        """Click the first link that has `text` in it."""
        for link in self.css("a[href]"):
            if text in " ".join(link.text_content().split()):
                return self.client.open_page(link.get("href"))
        raise AssertionError(f"no link {text!r} on {self.url}: {self.text[:500]}")

    def form(self, having: str = "") -> "Form":
        """The first form that has a field of this name, or a button or text with these words."""
        for form in self.css("form"):
            names = [item.get("name") for item in form.cssselect("[name]")]
            if not having or having in names or having in " ".join(form.text_content().split()):
                return Form(self, form)
        raise AssertionError(f"no form with {having!r} on {self.url}: {self.text[:500]}")

    def submit(self, having: str = "", **values: Any) -> "Page":
        """Fill in and send the form that has `having` (default: the one with the first value)."""
        return self.form(having or next(iter(values), "")).submit(**values)

    def errors(self) -> list[str]:
        """The texts of the error messages."""
        return [" ".join(item.text_content().split()) for item in self.css(".err, [role=alert]")]


class Form:
    """A form with the values it would send."""

    def __init__(self, page: Page, element: Any) -> None:
        self.page, self.element = page, element
        self.values: dict[str, list[str]] = {}
        for item in element.cssselect("input[name], select[name], textarea[name]"):
            for value in _values(item):
                self.values.setdefault(item.get("name"), []).append(value)
        self.names = {item.get("name") for item in element.cssselect("[name]")}

    def submit(self, button: str = "", **values: Any) -> Page:
        """Send it; `button` is the text or value of the button pressed (default: the first)."""
        unknown = set(values) - self.names
        assert not unknown, f"no field {sorted(unknown)} in the form on {self.page.url}"
        data = dict(self.values)
        for name, value in values.items():
            data[name] = value if isinstance(value, list) else [value]
        pressed = self._pressed(button)
        if pressed is not None and pressed.get("name"):
            data[pressed.get("name")] = [pressed.get("value") or ""]
        action = self.element.get("action") or self.page.url
        if pressed is not None and pressed.get("formaction"):
            action = pressed.get("formaction")
        if (self.element.get("method") or "get").lower() == "get":
            return self.page.client.open_page(action, query_string=data)
        return self.page.client.send(action, data)

    def _pressed(self, button: str) -> Any:
        """The button with this value or these words; without one the first, as Enter does."""
        buttons = self.element.cssselect("button")
        # "12" is also the button of row 12 with its mark or version behind a point.
        same = [
            item
            for item in buttons
            if button and (item.get("value") or "").partition(".")[0] == button.partition(".")[0]
        ]
        said = [item for item in buttons if button and button in item.text_content()]
        assert not button or same or said, f"no button {button!r} on {self.page.url}"
        return next(iter(same or said or buttons), None)


def _values(item: Any) -> list[str]:
    if item.tag == "select":
        options = item.cssselect("option")
        chosen = [o for o in options if o.get("selected") is not None] or options[:1]
        return [o.get("value", o.text_content()) for o in chosen]
    if item.get("type") in ("radio", "checkbox"):
        return [item.get("value") or "on"] if item.get("checked") is not None else []
    if item.get("type") in ("submit", "file", "image", "button"):
        return []
    return [item.text or "" if item.tag == "textarea" else item.get("value") or ""]


class PageClient(FlaskClient):
    """The test client; open_page() and send() return a checked Page."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        """One request, with a context of its own as in the real server: what one request keeps
        in `g` (who is signed in) must not be there for the next. An answer that is sent while it
        is made is read to its end."""
        options.setdefault("buffered", True)
        with self.application.app_context():
            return super().open(*args, **options)

    def open_page(self, url: str, status: int = 0, **options: Any) -> Page:
        """GET a page, following redirects, and check it."""
        response = self.get(url, follow_redirects=True, **options)
        return self._checked(response, status)

    def send(self, url: str, data: dict[str, Any], status: int = 0, **options: Any) -> Page:
        """POST a form, following redirects, and check the page that answers."""
        response = self.post(url, data=data, follow_redirects=True, **options)
        return self._checked(response, status)

    def _checked(self, response: TestResponse, status: int) -> Page:
        page = Page(self, response)
        assert response.status_code < 500, f"{response.status_code} on {page.url}"
        if status:
            assert response.status_code == status, f"{response.status_code}: {page.text[:600]}"
        if response.mimetype == "text/html":
            check_page(page)
        return page


def check_page(page: Page) -> None:
    """What every page must have: language, title, one h1, unique ids, labelled fields, actions."""
    where = f"on {page.url}"
    root = page.dom
    if root.tag == "html":
        assert root.get("lang") in ("vi", "en"), f"no lang {where}"
    assert page.css("title") and page.css("title")[0].text_content().strip(), f"no title {where}"
    assert len(page.css("h1")) == 1, f"{len(page.css('h1'))} h1 {where}"
    ids = [item.get("id") for item in page.css("[id]")]
    assert len(ids) == len(set(ids)), f"doubled ids {where}: {sorted(ids)}"
    for item in page.css("input, select, textarea"):
        if item.get("type") not in ("hidden", "submit"):
            assert _labelled(page, item), f"no label for {item.get('name')} {where}"
    for form in page.css("form"):
        assert form.get("action"), f"a form without action {where}"
        assert form.get("method") == "post" or not form.cssselect("[type=password]"), where
    for item in page.css("[style], script:not([src])"):
        raise AssertionError(f"inline style or script {where}: {item.tag}")
    assert "None" not in page.text.split(), f"the word None {where}"


def _labelled(page: Page, item: Any) -> bool:
    if item.get("aria-label") or item.get("aria-labelledby") or item.get("title"):
        return True
    if any(parent.tag == "label" for parent in item.iterancestors()):
        return True
    return bool(item.get("id") and page.css(f'label[for="{item.get("id")}"]'))
