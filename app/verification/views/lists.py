"""The signed lists, for other systems and for checkpoints without a network."""

from flask import Response, abort, request

from app.verification import actions
from app.verification.views import pages
from app.web import public


@pages.get("/.well-known/dsc-trust-list")
@public
def trust_list() -> Response:
    """Whose signatures count: JWS, as Sweden's DSC-TL."""
    return _answer("dsc-trust-list")


@pages.get("/.well-known/revocation-list")
@public
def revocation_list() -> Response:
    """What was revoked: JWS with the batches of the EU's gateway."""
    return _answer("revocation-list")


@pages.get("/.well-known/checkpoint")
@public
def checkpoint_list() -> Response:
    """Both in little, for the page that works offline."""
    return _answer("checkpoint")


def _answer(name: str) -> Response:
    made = actions.published(name)
    if made is None:
        abort(404)
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = Response(made.packed if packed else made.body, mimetype="application/jwt")
    if packed:
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    response.set_etag(made.tag, weak=True)
    response.headers["Cache-Control"] = "public, max-age=300"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.make_conditional(request)
    return response
