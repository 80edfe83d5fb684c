"""The page that checks certificates without a network, and the worker that keeps it.

Both are the same for everybody: what is kept on a shared machine belongs to nobody.
"""

import hashlib
import json

from flask import Response, make_response, url_for

from app.i18n import LANGUAGES
from app.verification import actions
from app.verification.rules import PRODUCTS
from app.verification.views import pages
from app.web import STATIC, no_database, page, public, static_url

FILES = ("checkpoint.js", "public.css")
LIST = "/.well-known/checkpoint"
# Words that the script may need: what is wrong, and what a certificate is about.
WORDS = (
    "bad_prefix", "bad_base45", "bad_zlib", "too_large", "bad_cose", "bad_claims",
    "unknown_signer", "wrong_algorithm", "bad_signature", "expired", "not_yet_valid",
    "wrong_usage", "bad_schema", "revoked", "told_v", "told_t", "told_r", "told_icvp",
)  # fmt: skip


@pages.get("/kiem-tra/ngoai-tuyen")
@public
@no_database
def checkpoint() -> Response:
    """The page, with the key that the lists are signed with: a list that was swapped on the way or
    in the browser's store is of no use."""
    return page(
        "verification/checkpoint.html", key=actions.list_key(), list_url=LIST, codes=WORDS,
        products=PRODUCTS,
    )  # fmt: skip


# Beside the page, so that the browser lets it control this page and nothing above.
@pages.get("/kiem-tra/ngoai-tuyen.js")
@public
@no_database
def checkpoint_worker() -> Response:
    """The worker. Its first line names what it keeps, and changes when the page does: that is how
    browsers find out."""
    address = url_for(".checkpoint", lang=None)
    kept = [address, *(url_for(".checkpoint", lang=lang) for lang in LANGUAGES)]
    kept += [static_url(name) for name in FILES]
    version = hashlib.sha256(checkpoint().get_data()).hexdigest()[:8]
    script = (STATIC / "checkpoint-worker.js").read_text()
    names = f"const KEPT = {json.dumps(kept)}, VERSION = {json.dumps(version)};\n"
    response = make_response(names + script)
    response.mimetype = "text/javascript"
    return response
