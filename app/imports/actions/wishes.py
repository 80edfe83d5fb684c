"""Taking in a list by which an organisation registers its people."""

import hashlib
from typing import Any

from app.accounts.actions import SignedIn
from app.imports.actions.sent import keep
from app.imports.actions.table import Table, table_of, twice
from app.imports.kinds.wishes import Organisation
from app.imports.models import WishFile
from app.registrations.models import keeper
from app.words import Refused


def take_wishes(data: bytes, sender: Organisation, by: SignedIn) -> int:
    """Keep the rows of a file for checking; returns its id. The same file sent again while it is
    open is the same one. Raises Refused at "file"; at "commune" for an organisation of another
    province, whose wishes nobody here decides."""
    if not by.unit_path.startswith(keeper(sender.area_scheme, sender.area_code).path):
        raise Refused(("commune", "organisation_elsewhere"))
    table = table_of(data)
    digest = hashlib.sha256(repr(sender).encode() + data).hexdigest()
    here = {"unit": by.unit_id, "digest": digest}
    return keep(WishFile, here, table, lambda _same: _begin(table), by, **sender._asdict())


def _begin(table: Table) -> dict[int, dict[str, Any]]:
    return {
        seq: {"state": state, "reasons": [reason]} for seq, (state, reason) in twice(table).items()
    }


def sender_of(file: WishFile) -> Organisation:
    """The organisation, as it was named."""
    return Organisation(*(getattr(file, name) for name in Organisation._fields))
