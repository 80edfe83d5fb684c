"""Brings translations/ up to what the code and the templates say: `make messages`."""

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
SOURCES = (("app", [("**.py", "python")]), ("templates", [("**.html", "jinja2")]))
KEYWORDS = {"_": None, "N_": None}
STRICT = {"**.html": {"silent": "false"}}  # a template that cannot be read is an error
# No dates and no line numbers: a translation changes only when a text does.
HEADER = 'msgid ""\nmsgstr ""\n"Language: %s\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'


def extracted() -> Catalog:
    """Every text that stands in _() or N_(), without translations."""
    template = Catalog(charset="utf-8")
    for folder, method in SOURCES:
        found = extract_from_dir(ROOT / folder, method, STRICT, KEYWORDS)
        for name, _line, text, _comments, _context in found:
            # The file, for a hint when a text is missing; it is not written.
            template.add(text, locations=[(f"{folder}/{name}", 0)])
    return template


def stored(lang: str) -> Catalog:
    """The catalogue of a language as it lies in translations/."""
    with open(path(lang), "rb") as file:
        return read_po(file, lang)


def path(lang: str) -> Path:
    """Where the catalogue of a language lies."""
    return ROOT / "translations" / lang / "LC_MESSAGES" / "messages.po"


def merged(lang: str) -> Catalog:
    """The texts of the code with the translations known; what is said no more is dropped, and
    nothing is guessed from a similar text."""
    catalog = stored(lang)
    catalog.update(extracted(), no_fuzzy_matching=True)
    return catalog


def written(catalog: Catalog) -> bytes:
    """The .po file of a catalogue, always in the same order."""
    file = io.BytesIO()
    write_po(
        file, catalog, width=98, no_location=True, omit_header=True, sort_output=True,
        ignore_obsolete=True,
    )  # fmt: skip
    return (HEADER % catalog.locale).encode() + file.getvalue()


def missing(catalog: Catalog) -> list[str]:
    """The texts without a translation, each with the first file that says it."""
    return [f"{m.locations[0][0]}: {m.id}" for m in catalog if m.id and not m.string]


def main() -> int:
    """Write every catalogue anew; 1 when something is not translated."""
    untranslated = []
    for folder in sorted((ROOT / "translations").iterdir()):
        catalog = merged(folder.name)
        path(folder.name).write_bytes(written(catalog))
        untranslated += [f"{folder.name}: {text}" for text in missing(catalog)]
    print("\n".join(untranslated) or "Everything is translated.")
    return 1 if untranslated else 0


if __name__ == "__main__":
    sys.exit(main())
