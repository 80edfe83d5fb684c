"""Where it is decided what a site recorded, and who may decide."""

from app import clock
from app.accounts.actions import SignedIn
from app.amendments import rules
from app.amendments.models import Amendment, Approver, approvers
from app.units.models import Unit


def may_decide(unit: Unit, by: SignedIn) -> bool:
    """Whether this person works where it is decided what a site recorded."""
    if unit.id == by.unit_id:
        return True
    mine_is_site = Unit.get_by_id(by.unit_id).is_site
    return rules.in_charge(by.unit_path, unit.path, mine_is_site, ended(unit))


def ended(unit: Unit) -> bool:
    """Whether a unit works no more."""
    return unit.valid_to is not None and unit.valid_to < clock.today()


def may_approve(request: Amendment) -> list[Approver]:
    """Who may decide, by name: at the site and where its people work, but not the asker."""
    site = request.unit
    ids = [int(part) for part in site.path.split("/") if part]
    units = [
        unit.id
        for unit in Unit.select().where(Unit.id.in_(ids))
        if rules.in_charge(unit.path, site.path, unit.is_site, ended(site))
    ]
    return approvers(units, request.asked_by_id)
