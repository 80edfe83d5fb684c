"""The values that a request changes, in words."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from app.accounts.models import User
from app.amendments.models import Amendment
from app.clock import today
from app.i18n import N_, _, show_date, show_moment
from app.stock.models import Holding, Lot
from app.units.models import Unit
from app.vaccines.models import catalogue_on
from app.words import word


class Line(NamedTuple):
    """One value: what it is, what it was, what it is to be."""

    label: str
    before: str
    after: str
    name: str


def lines(row: Amendment) -> list[Line]:
    """All values of a request, in the order of the form."""
    return compared(row.before, row.after)


def compared(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Line]:
    """Two sides, value by value; what neither knows is left out."""
    found = [
        Line(_(label), _shown(name, before), _shown(name, after), name)
        for name, (label, _show) in VALUES.items()
    ]
    return [line for line in found if line.before or line.after]


def differing(
    seen: Mapping[str, Any], typed: Mapping[str, Any], now: Mapping[str, Any]
) -> list[tuple[Line, str]]:
    """(seen and typed, what is true now) of all values that are not the same everywhere."""
    truth = {line.name: line.before for line in compared(now, {})}
    sides = compared(seen, typed)
    return [
        (line, truth.get(line.name, ""))
        for line in sides
        if not line.before == line.after == truth.get(line.name, "")
    ]


def _shown(name: str, values: Mapping[str, Any]) -> str:
    value = values.get(name)
    return "" if value in (None, "") else VALUES[name][1](value)


def product(code: str) -> str:
    """The name of a product, or its code when it is not in use any more."""
    known = catalogue_on(today()).products.get(code)
    return known.name if known else code


def _lot(holding_id: int) -> str:
    lot = Lot.select().join(Holding).where(Holding.id == holding_id).get_or_none()
    return f"{product(lot.product)} · {lot.number}" if lot else ""


def _moment(text: str) -> str:
    return show_moment(datetime.fromisoformat(text))


def day(text: str) -> str:
    """A stored day as it is shown."""
    return show_date(datetime.fromisoformat(text).date())


def _person(user_id: int) -> str:
    user = User.get_or_none(User.id == user_id)
    return user.name if user else ""


def _unit(unit_id: int) -> str:
    return Unit.get_by_id(unit_id).name


def _millilitres(text: str) -> str:
    return str(text).replace(".", ",")


def _yes_no(value: bool) -> str:
    return _("Có") if value else _("Không")


VALUES: dict[str, tuple[str, Callable[[Any], str]]] = {
    "product": (N_("Vắc xin"), product),
    "lot_number": (N_("Số lô"), str),
    "holding_id": (N_("Vắc xin, số lô"), _lot),
    "given_on": (N_("Ngày tiêm"), day),
    "given_at": (N_("Giờ tiêm"), _moment),
    "unit_id": (N_("Nơi tiêm"), _unit),
    "place": (N_("Nơi tiêm"), str),
    "vaccinator_id": (N_("Người tiêm"), _person),
    "body_part": (N_("Vị trí tiêm"), word),
    "table_no": (N_("Bàn tiêm"), str),
    "volume_ml": (N_("Liều (ml)"), _millilitres),
    "kind": (N_("Loại mũi"), word),
    "seq": (N_("Mũi số"), str),
    "papers": (N_("Phiếu đồng ý và khám sàng lọc trên giấy đều đủ, cho tiêm"), _yes_no),
}
