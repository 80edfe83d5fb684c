"""Where one can be vaccinated. The same for everybody, so whoever carries the page may keep it."""

from datetime import timedelta

from flask import g, request
from werkzeug.wrappers import Response

from app import clock
from app.people.rules import fold
from app.portal.models import Place, coming, places_of, sites_in
from app.portal.views import pages
from app.units.models import Area
from app.units.rules import scheme_on
from app.web import page, public

MOST, DAYS = 50, 14


@pages.get("/diem-tiem")
@public
def sites() -> Response:
    """The sites of a province, or of the communes with a name, with their sessions of two weeks."""
    today = clock.today()
    scheme = scheme_on(today)
    provinces = list(Area.provinces(scheme))
    code = request.args.get("tinh", "")
    typed = request.args.get("xa", "")[:100].replace("\x00", "").strip()
    known = code in {area.code for area in provinces}
    places = places_of(scheme, code) if known else []
    chosen = [place for place in places if fold(typed) in fold(place.name)]
    days = (today, today + timedelta(DAYS))
    found = sites_in(_areas(places, chosen, scheme, "" if typed else code), days, MOST + 1)
    response = page(
        "portal/sites.html", provinces=provinces, code=code, typed=typed, known=known,
        rows=found[:MOST],
        more=len(found) > MOST, sessions=coming(found, days), nowhere=bool(typed and not chosen),
        communes={(place.scheme, place.code): place.name for place in places}, days=DAYS,
    )  # fmt: skip
    if g.user is None:
        response.headers["Cache-Control"] = "public, max-age=300"
        response.vary.add("Cookie")
    return response


def _areas(
    places: list[Place], chosen: list[Place], scheme: str, province: str
) -> list[tuple[str, str]]:
    """What the chosen communes are and were called; a unit keeps the code of its day."""
    now = {place.now for place in chosen}
    inside = [(place.scheme, place.code) for place in places if place.now in now]
    return inside + ([(scheme, province)] if province else [])
