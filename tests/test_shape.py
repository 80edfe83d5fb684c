"""The architecture, read from the sources: who may import whom, and where things may stand."""

import ast
import re
import sys
from pathlib import Path

import pytest

from app.accounts.scope import UNSCOPED
from app.schema import MODELS

APP = Path(__file__).parent.parent / "app"
# vaccines stand above people: see docs/decisions/vaccines-before-people.md
ORDER = (
    "units", "accounts", "vaccines", "people", "stock", "sessions", "visits", "reactions",
    "certificates", "imports", "reports", "portal", "demo",
)  # fmt: skip
KINDS = {"models", "rules", "actions", "forms", "views"}
# Rooms with a wall of their own, named in docs (architecture).
MORE = {
    "accounts": {"roles", "scope"},
    "certificates": {"payload", "qr"},
    "imports": {"reader", "workbook", "writer", "kinds"},
}
STANDARD = sys.stdlib_module_names
SOURCES = sorted(APP.rglob("*.py"))


def place(path):
    """(package, kind) of a source; ("", name) at the root of the house."""
    parts = path.relative_to(APP).with_suffix("").parts
    return (parts[0], parts[1]) if len(parts) > 1 else ("", parts[0])


def imports(path):
    """The modules of the application that a source imports, as (package, kind)."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "app" and len(parts) > 1:
                package = parts[1] if parts[1] in ORDER else ""
                yield package, (parts[2] if package and len(parts) > 2 else parts[1])


def in_packages():
    return [path for path in SOURCES if place(path)[0] in ORDER and place(path)[0] != "demo"]


def test_every_folder_is_a_package_of_the_order():
    folders = {path.name for path in APP.iterdir() if (path / "__init__.py").exists()}
    assert folders == set(ORDER)


@pytest.mark.parametrize("path", in_packages(), ids=lambda path: str(path.relative_to(APP)))
def test_a_package_imports_only_from_packages_above(path):
    package, _kind = place(path)
    above = ORDER[: ORDER.index(package) + 1]
    # Every view may ask where (accounts.scope), also those of the package above it.
    found = {name for name, kind in imports(path) if name and kind != "scope"}
    assert found <= set(above)


@pytest.mark.parametrize("path", in_packages(), ids=lambda path: str(path.relative_to(APP)))
def test_nobody_takes_another_packages_views_or_forms(path):
    package, _kind = place(path)
    wrong = [(name, kind) for name, kind in imports(path) if name and name != package
             and kind in ("views", "forms")]  # fmt: skip
    assert not wrong


@pytest.mark.parametrize("path", in_packages(), ids=lambda path: str(path.relative_to(APP)))
def test_files_have_the_five_names(path):
    package, kind = place(path)
    assert kind in KINDS | MORE.get(package, set()) | {"__init__"}


@pytest.mark.parametrize("path", in_packages(), ids=lambda path: str(path.relative_to(APP)))
def test_each_kind_imports_what_it_may(path):
    _package, kind = place(path)
    found = {name for _p, name in imports(path)}
    if kind == "models":
        assert not found & {"actions", "forms", "views", "web", "fields"}
    if kind == "actions":
        assert not found & {"forms", "views", "web", "fields"}
    if kind == "forms":
        assert not found & {"actions", "views"}


def rules():
    return [path for path in in_packages() if place(path)[1] == "rules"]


@pytest.mark.parametrize("path", rules(), ids=lambda path: str(path.relative_to(APP)))
def test_rules_are_pure(path):
    """The standard library only, and the rules of the same room or of rooms above."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        for name in names:
            first = name.split(".")[0]
            assert first in STANDARD or re.match(r"app\.\w+\.rules(\.|$)", name), name
    text = path.read_text("utf-8")
    assert not re.search(r"\.now\(\)|\.today\(\)|\bopen\(", text)


def test_only_the_root_imports_the_package_that_wires_everything():
    for path in SOURCES:
        text = path.read_text("utf-8")
        assert "create_app" not in text or path == APP / "__init__.py", path


def test_every_model_says_where_it_hangs_or_why_not():
    for model in MODELS:
        says = hasattr(model, "within")
        assert says != (model.__name__ in UNSCOPED), model.__name__
    assert all(reason.strip() for reason in UNSCOPED.values())
    assert set(UNSCOPED) <= {model.__name__ for model in MODELS}


def test_htmx_is_known_in_one_python_file_only():
    for path in SOURCES:
        text = path.read_text("utf-8")
        assert "HX-" not in text or path == APP / "web.py", path
        assert not re.search(r"\bhx-", text), path


def test_every_view_has_declared_who_may_see_it(app):
    for endpoint, view in app.view_functions.items():
        assert hasattr(view, "access"), endpoint


def test_no_room_has_a_name_that_says_nothing():
    for path in SOURCES:
        assert not re.search(r"helper|manager|service|utils", path.stem), path
