"""The values that a request changes, in words."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from app.accounts.models import User
from app.amendments.models import Amendment
from app.clock import today
from app.i18n import N_, _, show_moment
from app.stock.models import Holding, Lot
from app.vaccines.models import catalogue_on
from app.words import word


class Line(NamedTuple):
    """One value: what it is, what it was, what it is to be."""

    label: str
    before: str
    after: str


def lines(row: Amendment) -> list[Line]:
    """All values of a request that can be read, in the order of the form."""
    return [
        Line(_(label), _shown(name, row.before), _shown(name, row.after))
        for name, (label, _show) in VALUES.items()
        if row.after.get(name) is not None or row.before.get(name) is not None
    ]


def _shown(name: str, values: Mapping[str, Any]) -> str:
    value = values.get(name)
    return "" if value is None else VALUES[name][1](value)


def product(code: str) -> str:
    """The name of a product, or its code when it is not in use any more."""
    known = catalogue_on(today()).products.get(code)
    return known.name if known else code


def _lot(holding_id: int) -> str:
    lot = Lot.select().join(Holding).where(Holding.id == holding_id).get()
    return f"{product(lot.product)} · {lot.number}"


def _moment(text: str) -> str:
    return show_moment(datetime.fromisoformat(text))


def _person(user_id: int) -> str:
    return User.get_by_id(user_id).name


def _millilitres(text: str) -> str:
    return str(text).replace(".", ",")


def _yes_no(value: bool) -> str:
    return _("Có") if value else _("Không")


VALUES: dict[str, tuple[str, Callable[[Any], str]]] = {
    "holding_id": (N_("Vắc xin, số lô"), _lot),
    "given_at": (N_("Giờ tiêm"), _moment),
    "vaccinator_id": (N_("Người tiêm"), _person),
    "body_part": (N_("Vị trí tiêm"), word),
    "table_no": (N_("Bàn tiêm"), str),
    "volume_ml": (N_("Liều (ml)"), _millilitres),
    "kind": (N_("Loại mũi"), word),
    "seq": (N_("Mũi số"), str),
    "papers": (N_("Phiếu đồng ý và khám sàng lọc trên giấy đều đủ, cho tiêm"), _yes_no),
}
