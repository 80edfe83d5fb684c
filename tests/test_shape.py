"""The house: who may import whom, which files there are, and what every route and model declares.
The tables are the law; a change of them is a decision."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from app.accounts.scope import UNSCOPED
from app.db import BaseModel
from app.schema import MODELS

ROOT = Path(__file__).parent.parent
APP = ROOT / "app"
SOURCES = sorted(APP.rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

# A package imports only from those before it.
ORDER = (
    "units", "accounts", "vaccines", "people", "stock", "registrations", "sessions", "visits",
    "amendments", "closing", "reactions", "certificates", "verification", "corrections", "notices",
    "imports", "lists", "reports", "portal",
)  # fmt: skip
KINDS = ("models", "rules", "actions", "forms", "views")
# Besides the five kinds a package may have these, and each is imported by whom it is for.
NAMED = {
    "accounts": {"roles", "scope"},
    "certificates": {"envelope", "payload", "pdf", "qr", "signing"},
    "corrections": {"picture"},
    "imports": {"kinds", "reader", "workbook"},
    "notices": {"gateways"},
    "verification": {"picture", "trust", "verifier"},
}
OWN = {  # what a file may import of its own package
    "models": {"models", "rules"},
    "rules": {"rules"},
    "actions": {
        "actions",
        "models",
        "rules",
        "roles",
        "kinds",
        "reader",
        "envelope",
        "gateways",
        "payload",
        "signing",
        "picture",
        "trust",
        "verifier",
    },
    "forms": {"rules", "roles"},
    "signing": {"envelope"},
    "views": {"views", "forms", "actions", "models", "rules"}
    | (set().union(*NAMED.values()) - {"signing"}),
    "kinds": {"kinds", "rules", "models", "forms"},
    "pdf": {"qr", "rules"},
    "payload": {"rules"},
    "trust": {"verifier"},
    "verifier": {"rules"},
}
ABOVE = {  # of the packages before it
    "models": {"models", "roles"},
    "rules": set(),
    "actions": {"actions", "models", "rules", "roles", "envelope", "payload", "signing"},
    "forms": {"models", "rules"},
    "views": {"actions", "models", "rules", "scope", "payload", "qr"},
    "kinds": {"actions", "models", "rules"},
    "picture": {"picture"},
    "trust": {"envelope"},
    "verifier": {"envelope"},
}
SHARED = {  # of the modules beside the packages
    "models": {"audit", "clock", "db", "i18n"},
    "rules": set(),
    "actions": {"audit", "clock", "db", "i18n", "marks", "outbox", "words"},
    "forms": {"audit", "clock", "fields", "i18n", "words"},
    "views": {
        "audit",
        "claims",
        "clock",
        "fields",
        "i18n",
        "marks",
        "once",
        "spreadsheet",
        "web",
        "words",
    },
    "kinds": {"clock", "words"},
    "roles": {"i18n"},
    "signing": {"config", "words"},
}
# (file, what it imports): why it may all the same.
EXCUSED = {
    ("units/views.py", "accounts.scope"): "where is asked of scope.py alone, by all views",
}
# A rule knows nothing but what it is given.
IMPURE = {"logging", "random", "secrets", "socket", "sqlite3", "subprocess", "threading", "time"}
LONGEST_FILE, LONGEST_FUNCTION = 320, 40
BAD_NAMES = re.compile(r"helper|manager|service|utils|common\.py|misc")


class Import(NamedTuple):
    """One imported module, or what a package gives: "people.models", "clock", "peewee"."""

    path: str
    package: str
    kind: str
    target: str
    ours: bool


def place_of(path: Path) -> tuple[str, str]:
    """(package, kind) of a file; the package is "" beside the packages."""
    parts = path.relative_to(APP).with_suffix("").parts
    if parts[0] in ORDER:
        return parts[0], parts[1] if len(parts) > 1 else "__init__"
    return "", parts[0]


def imports(path: Path) -> Iterator[Import]:
    """Everything that a file imports, wherever in the file."""
    package, kind = place_of(path)
    for node in ast.walk(ast.parse(path.read_text())):
        for name in _names(node):
            ours = name == "app" or name.startswith("app.")
            target = name.removeprefix("app.") if ours else name.split(".")[0]
            yield Import(str(path.relative_to(APP)), package, kind, target, ours)


def _names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        assert not node.level, "imports say the whole name"
        bare = node.module == "app" or str(node.module).removeprefix("app.") in ORDER
        if bare:  # from app import clock; from app.people import rules
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        else:
            yield str(node.module)


ALL = [one for path in SOURCES for one in imports(path)]
OURS = [one for one in ALL if one.ours and one.package]


def faults(one: Import) -> str:
    """What is wrong with an import; "" when nothing is."""
    package, _, rest = one.target.partition(".")
    kind = rest.split(".")[0]
    if package not in ORDER:
        wanted = SHARED.get(one.kind, set())
        return "" if package in wanted else f"{one.kind} imports {package}"
    if package == one.package:
        own = OWN.get(one.kind, set())
        return "" if kind in own else f"{one.kind} imports its {kind}"
    if ORDER.index(package) > ORDER.index(one.package):
        return "imports from a package after its own"
    return "" if kind in ABOVE.get(one.kind, set()) else f"{one.kind} imports {kind} of another"


def test_everybody_imports_as_the_tables_say():
    wrong = {(one.path, one.target): faults(one) for one in OURS if faults(one)}
    told = [f"{path}: {why} ({target})" for (path, target), why in wrong.items()]
    excused = {(path, ".".join(target.split(".")[:2])) for path, target in wrong}
    assert excused == set(EXCUSED), "\n".join(told)


def test_there_are_imports_to_look_at():
    assert len(OURS) > 200
    assert {one.package for one in OURS} >= {"accounts", "people", "visits", "reports", "portal"}


def test_rules_are_pure():
    for one in ALL:
        if one.package and one.kind in ("rules", "payload"):
            fine = one.target in sys.stdlib_module_names and one.target not in IMPURE
            assert fine or one.target.startswith(f"{one.package}.rules"), (
                f"{one.path}: {one.target}"
            )


@pytest.mark.parametrize("call", ["today", "now", "utcnow", "open", "input", "print"])
def test_rules_ask_no_clock_and_no_file(call):
    for path in SOURCES:
        if place_of(path)[1] in ("rules", "payload"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call):
                    name = ast.unparse(node.func).rsplit(".", 1)[-1]
                    assert name != call, f"{path}:{node.lineno}"


def test_nobody_imports_the_application():
    for one in ALL:
        assert one.target not in ("app", "create_app", "wsgi"), one.path


def test_what_lies_beside_the_packages_stays_below_them():
    """db, clock, words, web … know no package but the rules of people, whose fields they make."""
    above = {"__init__.py", "cli.py", "schema.py"}
    for one in ALL:
        if one.ours and not one.package and one.path not in above:
            if one.path.startswith(("commands/", "demo/")):
                continue
            package = one.target.split(".")[0]
            known = (one.path, one.target) == ("fields.py", "people.rules")
            assert package not in ORDER or known, f"{one.path}: {one.target}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(APP)))
def test_a_package_has_the_five_kinds_of_file(path):
    package, kind = place_of(path)
    if package:
        assert kind in (*KINDS, "__init__") or kind in NAMED.get(package, ())
    assert not BAD_NAMES.search(str(path.relative_to(APP)))


def test_packages_are_those_of_the_order():
    known = {*ORDER, "commands", "demo"}
    assert {path.parent.name for path in APP.glob("*/__init__.py")} <= known


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(APP)))
def test_a_module_says_what_it_is_for_and_stays_short(path):
    text = path.read_text()
    tree = ast.parse(text)
    assert ast.get_docstring(tree) or not text.strip(), "no docstring"
    if path.name != "words.py":  # a list of words
        assert len(text.splitlines()) <= LONGEST_FILE
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            assert not re.search(r"Helper|Manager|Service|Utils", node.name)
        if isinstance(node, ast.FunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{node.name}: {length} lines"


def test_only_web_knows_htmx():
    for path in SOURCES:
        text = path.read_text()
        assert path.name == "web.py" or "HX-" not in text, path
        assert not re.search(r"""["']hx-""", text), path


def test_htmx_comes_in_by_the_frame_alone():
    for path in TEMPLATES:
        if str(path.relative_to(ROOT / "templates")) != "layouts/base.html":
            assert "htmx.min.js" not in path.read_text(), path


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_live_part_asks_for_a_page_of_its_own(path):
    """hx-get and hx-post stand on what works without them, and pick from a whole page."""
    for tag in re.findall(r"<[a-z][^>]*\shx-(?:get|post)=(?:\"[^\"]*\"|[^>])*>", path.read_text()):
        form = tag.startswith("<form")
        assert "action=" in tag if form else "hx-select" in tag, tag


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_page_extends_the_layout_it_is_given(path):
    if path.parent.name in ORDER and not path.name.startswith("_"):
        assert "{% extends layout %}" in path.read_text()


def test_every_route_declares_its_right(app):
    assert len(app.view_functions) > 40
    for endpoint, view in app.view_functions.items():
        assert hasattr(view, "access"), endpoint


def subclasses(model: type) -> Iterator[type]:
    for one in model.__subclasses__():
        yield one
        yield from subclasses(one)


def test_every_model_is_in_the_schema():
    declared = {one for one in subclasses(BaseModel) if one.__module__.startswith("app.")}
    named = {one for one in declared if not one.__name__.endswith("Alias")}
    assert named == set(MODELS)


def test_every_model_says_who_sees_it_or_why_everybody():
    without = {model.__name__ for model in MODELS if not hasattr(model, "within")}
    assert without == set(UNSCOPED)
    assert all(reason.strip() for reason in UNSCOPED.values())


def test_tables_are_made_before_what_points_to_them():
    seen = set()
    for model in MODELS:
        seen.add(model)
        for field in model._meta.refs:
            assert field.rel_model in seen, f"{model.__name__}.{field.name}"


# Who may touch what signs. Nobody else: a payload must have no way to the signer from outside.
SIGNERS = {
    "__init__.py": "loads the keys at the start",
    "certificates/actions/issue.py": "signs what it read from the rows itself",
    "certificates/actions/signers.py": "writes down whose signatures are ours",
    "commands/ceremony.py": "makes keys; takes the check of a file's rights from it",
    "commands/keys.py": "tells which key would sign",
    "verification/actions/list_key.py": "shows who signs the lists",
    "verification/actions/publish.py": "signs the lists",
}
PRIVATE = re.compile(
    r"pkcs11|load_(pem|der|ssh)_private_key|generate_private_key|derive_private_key"
    r"|Private(Key|Numbers)\b|signing_keys"
)


def test_the_signer_is_imported_by_few():
    asked = {one.path for one in ALL if one.target.startswith("certificates.signing")}
    assert asked <= set(SIGNERS)


def test_only_one_file_opens_a_private_key():
    named = {str(path.relative_to(APP)) for path in SOURCES if PRIVATE.search(path.read_text())}
    assert named == {"certificates/signing.py", "commands/ceremony.py", "config.py"}


def test_nothing_is_signed_but_by_the_issue_and_the_lists():
    """`.sign(` stands nowhere else: no view, form or command can reach it."""
    signs = {
        str(path.relative_to(APP))
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and re.search(r"(?<!actions)\.sign$", ast.unparse(node.func))
    }
    may = {"certificates/signing.py", "commands/ceremony.py",
           "certificates/actions/issue.py", "verification/actions/publish.py"}  # fmt: skip
    assert signs <= may
