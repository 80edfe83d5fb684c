"""All that the service says is said in Vietnamese and has its English; see tools/messages.py."""

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask, g
from flask_wtf import FlaskForm
from jinja2 import Environment, nodes
from wtforms.fields.core import UnboundField

from app.accounts.roles import NAMES, VERBS
from app.fields import WTFORMS_WORDS, BaseForm
from app.i18n import LANGUAGES, SOURCE, _
from app.vaccines.models import catalogue_on
from tools import messages

OTHERS = [lang for lang in LANGUAGES if lang != SOURCE]
PLACE = re.compile(r"%\(\w+\)[sd]")
VIETNAMESE = re.compile(
    "[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE
)

# --- the catalogue -----------------------------------------------------------------------------


@pytest.mark.parametrize("lang", OTHERS)
def test_the_catalogue_says_all_that_the_code_says_and_no_more(lang: str) -> None:
    catalog = messages.merged(lang)
    assert messages.missing(catalog) == []
    assert not [m.id for m in messages.stored(lang) if m.fuzzy and m.id]
    stale = "run `make messages`, then translate what is new"
    assert messages.path(lang).read_bytes() == messages.written(catalog), stale


@pytest.mark.parametrize("lang", OTHERS)
def test_translations_keep_the_places_of_values(lang: str) -> None:
    for message in messages.stored(lang):
        wanted, found = (sorted(PLACE.findall(str(s))) for s in (message.id, message.string))
        assert wanted == found, message.id


# What an English reader has to type or find as it is written here.
NAMED = ("Ba Đình, Hà Nội", "Họ và tên", "Ngày sinh", "Giới tính",
         "Số điện thoại", "Nữ (female)")  # fmt: skip


def test_english_is_english() -> None:
    for message in messages.stored("en"):
        text = str(message.string)
        for name in NAMED:
            text = text.replace(name, "")
        assert not message.id or not VIETNAMESE.search(text), text


@pytest.fixture
def small_house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A house with one module, one template and a catalogue of its own."""
    for folder in ("app", "templates", "translations/en/LC_MESSAGES"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "app/a.py").write_text('_("Đã biết")\nN_("Mới %(n)s")\n', "utf-8")
    (tmp_path / "templates/a.html").write_text('<p>{{ _("Ở trang") }}\n{{ _("Đã biết") }}', "utf-8")
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    known = messages.HEADER % "en" + 'msgid "Đã biết"\nmsgstr "Known"\n\n'
    messages.path("en").write_text(known + 'msgid "Đã bỏ"\nmsgstr "Gone"\n', "utf-8")
    return tmp_path


def test_make_messages_keeps_drops_and_names_what_is_missing(small_house, capsys) -> None:
    assert messages.main() == 1
    assert capsys.readouterr().out.splitlines() == [
        "en: app/a.py: Mới %(n)s",
        "en: templates/a.html: Ở trang",
    ]
    assert {m.id: m.string for m in messages.stored("en") if m.id} == {
        "Đã biết": "Known", "Mới %(n)s": "", "Ở trang": "",
    }  # fmt: skip
    first = messages.path("en").read_bytes()
    assert b"Gone" not in first and b"a.html" not in first
    messages.main()
    assert messages.path("en").read_bytes() == first


# --- nothing is said outside the catalogue -------------------------------------------------------

NAME_OF_THE_SERVICE = {"Sổ Tiêm"}
# The paper of QĐ 43/QĐ-BYT, PL 4, says these in Vietnamese beside its own English.
OFFICIAL = {
    "certificates/slip.html": {
        "Liều cơ bản", "Liều bổ sung", "Liều nhắc lại", "Mũi", "Ngày", "Loại vắc xin", "Số lô",
        "Cơ sở tiêm chủng", "Ký tên, đóng dấu", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập – Tự do – Hạnh phúc", "GIẤY XÁC NHẬN ĐÃ TIÊM VẮC XIN COVID-19", "Họ và tên",
        "Ngày sinh", "Số CCCD/CMT/hộ chiếu", "Số điện thoại", "Địa chỉ",
        "Đã được tiêm vắc xin phòng bệnh COVID-19", "Mã giấy xác nhận", "Mã PIN", "Tra cứu tại",
        "số giấy tờ hoặc mã giấy xác nhận, ngày sinh, mã PIN. Quét mã QR để kiểm tra giấy này.",
        "Hoặc nhắn", "&lt;năm sinh&gt; &lt;PIN&gt;", "đến",
    },
    # QĐ 5772/QĐ-BYT.
    "certificates/_paper.html": {
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập – Tự do – Hạnh phúc", "BỘ Y TẾ",
        "CHỨNG NHẬN TIÊM CHỦNG COVID-19", "Có giá trị đến", "Có giá trị đến /", "Liều số /",
        "Chỉ có giá trị khi xuất trình cùng giấy tờ tùy thân của người được chứng nhận.",
        "Kiểm tra: quét mã QR tại", "Theo mẫu của Tổ chức Y tế Thế giới",
        "Dùng cùng giấy tờ tùy thân /",
    },
    # PL 5 of QĐ 3588/QĐ-BYT.
    "reports/paper.html": {
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Đơn vị",
        "Thời gian bắt đầu triển khai", "Ngày báo cáo", "Khi lập báo cáo còn",
        "buổi tiêm chưa kết thúc.", "NGƯỜI LẬP BIỂU", "(Ký, ghi rõ họ tên)", "…………, ngày", "tháng",
        "năm", "THỦ TRƯỞNG ĐƠN VỊ", "(Ký tên, đóng dấu)", "Bản", "gửi lúc",
        "Chưa phải bản đã gửi.", "in lúc", "từ Sổ Tiêm",
    },
}  # fmt: skip


def untranslated(source: str) -> Iterator[str]:
    """The Vietnamese of a template that does not stand in _()."""
    tree, inside = Environment().parse(source), set()
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "_":
            inside |= {id(const) for const in call.find_all(nodes.Const)}
    for node in tree.find_all((nodes.Const, nodes.TemplateData)):
        text = node.value if isinstance(node, nodes.Const) else node.data
        if isinstance(text, str) and id(node) not in inside:
            pieces = re.split(r"<[^>\"]*>|[\n<>\"]", text)
            yield from (piece.strip(" –·:") for piece in pieces if VIETNAMESE.search(piece))


def test_templates_speak_through_the_catalogue() -> None:
    folder = messages.ROOT / "templates"
    for path in sorted(folder.rglob("*.html")):
        name = path.relative_to(folder).as_posix()
        said = set(untranslated(path.read_text("utf-8")))
        assert said - NAME_OF_THE_SERVICE == OFFICIAL.get(name, set()), name


def test_the_template_rule_sees_text_attributes_and_literals() -> None:
    seen = '<p title="Chú ý">Đọc kỹ{{ f(_("Lưu"), "Hủy") }}{# ẩn #}{% set a = "Sửa" %}'
    assert sorted(untranslated(seen)) == ["Chú ý", "Hủy", "Sửa", "Đọc kỹ"]


# Letters, headings of lists and made-up names are data, not words for a reader.
DATA = ("app/demo/", "app/people/rules/", "app/accounts/rules.py", "app/imports/kinds/",
        "app/lists/rules.py", "app/certificates/rules/",
        "app/certificates/pdf.py")  # fmt: skip
WRITTEN_INTO_DATA = {
    "app/i18n.py": {"Tiếng Việt"}, "app/people/forms.py": {"Việt Nam"},
    "app/certificates/payload.py": {"Bộ Y tế"}, "app/portal/forms/register.py": {"Việt Nam"},
}  # fmt: skip


def literals(source: str) -> Iterator[str]:
    """The Vietnamese strings of a module that stand neither in _() or N_() nor in docstrings."""
    tree, fine = ast.parse(source), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "N_"):
            fine |= {id(part) for part in ast.walk(node)}
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            fine.add(id(node.value))
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in fine else None
        if isinstance(text, str) and VIETNAMESE.search(text):
            yield text


def test_code_speaks_through_the_catalogue() -> None:
    for path in sorted((messages.ROOT / "app").rglob("*.py")):
        name = path.relative_to(messages.ROOT).as_posix()
        if not name.startswith(DATA):
            said = set(literals(path.read_text("utf-8")))
            assert said == WRITTEN_INTO_DATA.get(name, set()), name


def test_the_code_rule_sees_plain_and_formatted_strings() -> None:
    seen = '"""Ghi chú."""\na = _("Lưu")\nb = "Sửa"\nc = f"Còn {a} liều"\nd = N_("Hủy")'
    assert list(literals(seen)) == ["Sửa", "Còn ", " liều"]


def test_reference_data_bring_their_own_english(app: Flask) -> None:
    book = catalogue_on(date(2022, 6, 1))
    texts = [group.short_en for group in book.groups]
    for sheet in book.forms:
        texts += [sheet.title_en, *(outcome.label_en for outcome in sheet.outcomes)]
        texts += [item.text_en for item in sheet.items]
        texts += [item.detail_en for item in sheet.items if item.detail]
    for sheet in book.consents:
        texts += [sheet.title_en, sheet.statement_en, sheet.agree_en, sheet.refuse_en]
        texts += sheet.points_en
        assert len(sheet.points_en) == len(sheet.points)
    assert len(texts) > 60
    assert [text for text in texts if not text or VIETNAMESE.search(text)] == []


# --- the words of WTForms ------------------------------------------------------------------------


def forms(form: type[FlaskForm] = FlaskForm) -> Iterator[type[FlaskForm]]:
    """All forms of the service."""
    for below in form.__subclasses__():
        if below.__module__.startswith("app."):
            yield below
        yield from forms(below)


def speakers() -> set[type]:
    """The classes of fields and validators that stand in a form."""
    found: set[type] = set()
    for form in forms():
        for field in (
            f for name in dir(form) if isinstance(f := getattr(form, name), UnboundField)
        ):
            given = field.kwargs.get("validators") or (field.args[1:2] or [()])[0] or ()
            found |= {field.field_class, *map(type, given)}
    return found


def methods(speaker: type) -> Iterator[str]:
    """The sources of the methods that a field or validator runs, those it calls above too."""
    for name, _method in inspect.getmembers(speaker, inspect.isfunction):
        for owner in [base for base in speaker.__mro__ if name in vars(base)]:
            if not inspect.isfunction(vars(owner)[name]):
                break
            source = textwrap.dedent(inspect.getsource(vars(owner)[name]))
            yield source
            if "super()" not in source:
                break


def sayings(speaker: type) -> Iterator[str]:
    """What WTForms can tell a reader through this class. A TypeError is for programmers."""
    for tree in map(ast.parse, methods(speaker)):
        for stop in [n for n in ast.walk(tree) if isinstance(n, ast.Raise)]:
            if getattr(getattr(stop.exc, "func", None), "id", "") == "TypeError":
                stop.exc = None
        for call in [n for n in ast.walk(tree) if isinstance(n, ast.Call)]:
            if getattr(call.func, "attr", "") in ("gettext", "ngettext"):
                texts = [part.value for part in call.args if isinstance(part, ast.Constant)]
                yield from (text for text in texts if isinstance(text, str))


def test_wtforms_has_vietnamese_for_all_that_our_forms_can_say(app: Flask) -> None:
    said = {text for speaker in speakers() for text in sayings(speaker)}
    assert "Not a valid choice." in said and len(said) > 12
    assert said == set(WTFORMS_WORDS)


def test_wtforms_words_keep_their_values() -> None:
    for english, vietnamese in WTFORMS_WORDS.items():
        assert set(PLACE.findall(vietnamese)) <= set(PLACE.findall(english)), english
        assert VIETNAMESE.search(vietnamese)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_form_speaks_the_language_of_its_reader(app: Flask, lang: str) -> None:
    with app.test_request_context("/", method="POST", data={"key": ""}):
        g.lang = lang
        form = BaseForm(meta={"csrf": False})
        assert not form.validate()
        assert form.key.errors == [_("Mục này chưa điền.")]
    assert bool(VIETNAMESE.search(form.key.errors[0])) == (lang == SOURCE)


def test_roles_and_rights_are_said_in_english(app: Flask) -> None:
    with app.test_request_context():
        g.lang = "en"
        said = [_(text) for text in [*NAMES.values(), *VERBS.values()]]
    assert [text for text in said if VIETNAMESE.search(text)] == []
