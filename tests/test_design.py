"""The parts that pages are made of: docs/design.md."""

import gzip
import re

import pytest
from flask import Flask
from lxml import html
from werkzeug.datastructures import MultiDict
from wtforms import FileField, IntegerField, RadioField, StringField
from wtforms.validators import InputRequired, Optional

from app.fields import BaseForm
from app.web import STATIC, _asset

TEMPLATES = STATIC.parent / "templates"
CODES = (400, 403, 404, 405, 409, 413, 429, 500, 503)


class Sample(BaseForm):
    """One question of each kind that matters here."""

    note = StringField("Ghi chú", [Optional()])
    name = StringField("Họ và tên", [InputRequired()])
    doses = IntegerField("Số liều", [InputRequired()])
    ill = RadioField("Đang mắc bệnh", choices=[("no", "Không"), ("yes", "Có")])


def draw(app: Flask, source: str, **values: object) -> html.HtmlElement:
    text = '{% import "ui/forms.html" as f %}{% import "ui/table.html" as t %}' + source
    return html.fragment_fromstring(app.jinja_env.from_string(text).render(values), "main")


QUESTIONS = """{% call f.form(form, "/here") %}
{{ f.field(form.note, focus=true) }}{{ f.field(form.name, hint="như trên thẻ") }}
{{ f.field(form.doses) }}{{ f.yes_no(form.ill) }}{% endcall %}"""


def sample(app: Flask, typed: dict[str, str] | None = None) -> html.HtmlElement:
    """The sample form, fresh, or as it answers to what was typed."""
    with app.test_request_context():
        form = Sample(MultiDict(typed) if typed is not None else None)
        if typed is not None:
            form.validate()
        return draw(app, QUESTIONS, form=form)


def test_a_form_cannot_be_drawn_without_its_token_and_key(app: Flask) -> None:
    form = sample(app).cssselect("form")[0]
    assert (form.get("action"), form.get("method")) == ("/here", "post")
    hidden = {i.get("name"): i.get("value") for i in form.cssselect("[type=hidden]")}
    assert len(hidden["key"]) >= 16 and len(hidden["csrf_token"]) > 20


def test_a_fresh_form_shows_no_error_and_focuses_what_was_asked(app: Flask) -> None:
    dom = sample(app)
    assert not dom.cssselect(".err, .e, [role=alert], [aria-invalid]")
    assert [i.get("name") for i in dom.cssselect("[autofocus]")] == ["note"]
    assert "(nếu có)" in dom.cssselect("label[for=note]")[0].text_content()


def test_a_wrong_form_leads_to_what_is_wrong_and_keeps_what_was_typed(app: Flask) -> None:
    typed = '"><b>12'
    dom = sample(app, {"doses": typed, "name": "An", "key": "k" * 20})
    assert [i.get("name") for i in dom.cssselect("[autofocus]")] == ["doses"]
    box = dom.cssselect("#doses")[0]
    assert box.get("value") == typed and box.get("aria-invalid") == "true"
    assert dom.cssselect("#" + box.get("aria-describedby").split()[-1])[0].text_content()
    links = [a.get("href")[1:] for a in dom.cssselect("[role=alert] a")]
    assert links == ["doses", "ill"]
    assert all(len(dom.cssselect(f"input#{name}")) == 1 for name in links)
    assert dom.cssselect("#name")[0].get("aria-describedby") == "name-h"


def test_a_refusal_of_no_field_takes_the_focus_itself(app: Flask) -> None:
    with app.test_request_context():
        form = Sample(formdata=None)
        form.summary.append("Lô đã hết.")
        dom = draw(app, QUESTIONS, form=form)
    assert [i.get("role") for i in dom.cssselect("[autofocus]")] == ["alert"]
    assert "Lô đã hết." in dom.text_content()


def test_questions_have_their_text_as_the_name_of_the_group(app: Flask) -> None:
    group = sample(app).cssselect("fieldset.yn")[0]
    assert group.cssselect("legend")[0].text_content().strip() == "Đang mắc bệnh"
    assert [label.text_content() for label in group.cssselect("label")] == ["Không", "Có"]
    assert not group.cssselect("[checked]")


def test_a_form_with_a_file_can_carry_it(app: Flask) -> None:
    with app.test_request_context():
        form = type("Upload", (BaseForm,), {"file": FileField("Tệp")})(formdata=None)
        dom = draw(app, '{% call f.form(form, "/") %}{% endcall %}', form=form)
    assert dom.cssselect("form")[0].get("enctype") == "multipart/form-data"


def test_people_are_searched_by_post(app: Flask) -> None:
    with app.test_request_context():
        dom = draw(app, '{{ f.search("/people", "Họ tên", "<An>", part="#r") }}')
    form = dom.cssselect("form")[0]
    assert form.get("method") == "post" and form.cssselect("[name=csrf_token]")
    assert form.cssselect("#q")[0].get("value") == "<An>"


def test_table_headings_have_a_scope_and_numbers_stand_to_the_right(app: Flask) -> None:
    dom = draw(app, '{{ t.table("Kho", ["Lô", "Còn"], [["<A1>", 7]], num=[2]) }}')
    assert [th.get("scope") for th in dom.cssselect("th")] == ["col", "col"]
    assert [td.text for td in dom.cssselect("td.n")] == ["7"]
    assert dom.cssselect("td")[0].text == "<A1>"


@pytest.mark.parametrize("code", CODES)
def test_every_error_page_says_what_happened_and_the_way_on(app: Flask, code: int) -> None:
    with app.test_request_context("/"):
        for layout in ("base", "bare"):
            template = app.jinja_env.get_template(f"errors/{code}.html")
            values = {"layout": f"layouts/{layout}.html", "lang": "vi", "user": None, "weak": False}
            dom = html.fromstring(template.render(values))
            assert dom.cssselect("h1")[0].text == dom.cssselect("title")[0].text.split(" – ")[0]
            assert dom.cssselect("main a[href]") and len(dom.cssselect("main p")) == 2


def test_the_style_sheet_is_small_and_asks_nobody_else() -> None:
    sheet = _asset("so.css")[0].decode()
    assert "label" in sheet and "@media print" in sheet
    assert len(gzip.compress(sheet.encode(), 9)) <= 1500
    assert not re.search(r"url\(|@import|@font-face|//", sheet)


def test_our_script_is_small_and_old_enough() -> None:
    script = (STATIC / "so.js").read_text()
    assert len(gzip.compress(script.encode(), 9)) <= 600
    assert not re.search(r"\b(let|const|class|async)\b|=>|`|\?\.|\beval\b", script)


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda p: p.name)
def test_no_template_holds_styles_or_scripts(path) -> None:
    source = path.read_text()
    assert not re.search(r"\bstyle=|<style|<script(?! defer src={{)|\bon[a-z]+=|https?://", source)
