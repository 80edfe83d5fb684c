"""One page that says which vaccines and rules are in force, and by which paper."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from flask import Blueprint
from werkzeug.wrappers import Response

from app import clock
from app.i18n import SOURCE, _, language
from app.vaccines.models import catalogue_on
from app.vaccines.rules.catalogue import (
    Ages,
    Catalogue,
    Group,
    Illness,
    Interval,
    Mix,
    Product,
    Source,
    VolumeChoice,
    Who,
)
from app.vaccines.rules.facts import Span
from app.vaccines.rules.reading import PLATFORM, SAME_AS_BASE, SAME_AS_LAST
from app.web import allow, page
from app.words import word

pages = Blueprint("vaccines", __name__)


class Line(NamedTuple):
    """One rule in words, and where it comes from."""

    text: str
    source: Source


@pages.get("/vaccines")
@allow("reference.view")
def in_force() -> Response:
    """Products, schedule rules, screening forms and groups in force today."""
    book = catalogue_on(clock.today())
    rules = [
        (_("Khoảng cách giữa các mũi"), _lines(book.intervals, _interval, book)),
        (_("Sau khi mắc COVID-19"), _lines(book.illnesses, _illness, book)),
        (_("Phối hợp vắc xin"), _lines(book.mixes, _mix, book)),
        (_("Đối tượng tiêm bổ sung, nhắc lại"), _lines(book.whos, _who, book)),
        (_("Thể tích được chọn"), _lines(book.volumes, _volume, book)),
    ]
    return page("vaccines/in_force.html", book=book, rules=rules, ages=_ages, span=_span, ml=_ml)


def _lines(rules: Iterable[Any], text: Callable[..., str], book: Catalogue) -> list[Line]:
    return [Line(text(rule, book), rule.source) for rule in rules]


def _ml(volume: Decimal) -> str:
    text = str(volume) if language() != SOURCE else str(volume).replace(".", ",")
    return f"{text} ml"


def _span(span: Span) -> str:
    parts = [
        _("%(n)s tháng", n=span.months) if span.months else "",
        _("%(n)s tuần", n=span.weeks) if span.weeks else "",
        _("%(n)s ngày", n=span.days) if span.days else "",
    ]
    return " ".join(filter(None, parts))


def _ages(ages: Ages) -> str:
    if ages.start is None and ages.below is None:
        return _("mọi lứa tuổi")
    if ages.below is None:
        return _("từ %(start)s tuổi", start=ages.start)
    if ages.start is None:
        return _("dưới %(below)s tuổi", below=ages.below)
    return _("từ %(start)s đến dưới %(below)s tuổi", start=ages.start, below=ages.below)


def _dose(rule: Interval | Illness | Mix | Who | VolumeChoice) -> str:
    kind = word(rule.kind) if rule.kind else _("Mọi mũi")
    seq = getattr(rule, "seq", None)
    return f"{kind} {seq}" if seq else kind


def _names(tokens: Iterable[str], book: Catalogue) -> str:
    return ", ".join(_name(token, book) for token in tokens)


def _name(token: str, book: Catalogue) -> str:
    said = {
        SAME_AS_BASE: _("cùng loại với liều cơ bản"),
        SAME_AS_LAST: _("cùng loại với mũi trước"),
    }
    if token.startswith(PLATFORM):
        return _("vắc xin %(platform)s", platform=token.removeprefix(PLATFORM))
    return said.get(token) or " / ".join(
        product.name for product in book.products.values() if _is_main(product, token)
    )


def _is_main(product: Product, family: str) -> bool:
    return product.family == family and product.code == product.source.code


def _interval(rule: Interval, book: Catalogue) -> str:
    parts = [_dose(rule)]
    if rule.before or rule.to:
        parts.append(f"{_names(rule.before, book)} → {_names(rule.to, book)}")
    if rule.ages != Ages():
        parts.append(_ages(rule.ages))
    parts.append(_("ít nhất %(span)s", span=_span(rule.min)))
    if rule.usual:
        parts.append(_("thường từ %(span)s", span=_span(rule.usual)))
    if rule.latest:
        parts.append(_("nên trước %(span)s", span=_span(rule.latest)))
    return "; ".join(parts)


def _illness(rule: Illness, _book: Catalogue) -> str:
    wait = _("chờ %(span)s", span=_span(rule.wait))
    return "; ".join([_dose(rule), _ages(rule.ages), wait])


def _mix(rule: Mix, book: Catalogue) -> str:
    before = _names(rule.before, book) or _("mọi vắc xin")
    text = f"{_dose(rule)}: {before} → {_names(rule.to, book)}"
    return f"{text}; {_ages(rule.ages)}" if rule.ages != Ages() else text


def _who(rule: Who, book: Catalogue) -> str:
    groups = "; ".join(_group(group, book) for group in rule.groups)
    return f"{_dose(rule)}: {groups}"


def _group(group: Group, book: Catalogue) -> str:
    parts = [_ages(group.ages), *map(word, group.flags)]
    if group.base:
        parts.append(_("liều cơ bản là %(products)s", products=_names(group.base, book)))
    return ", ".join(parts)


def _volume(rule: VolumeChoice, book: Catalogue) -> str:
    choices = " / ".join(map(_ml, rule.choices))
    usual = _("thường %(volume)s", volume=_ml(rule.default))
    return f"{_dose(rule)}: {_names([rule.family], book)}: {choices}; {usual}"
