"""A message that did not arrive is sent once more."""

import secrets

from app import audit, clock
from app.accounts.actions import SignedIn
from app.db import db
from app.notices import rules
from app.notices.models import LOST, Notice
from app.words import Refused


def again(notice: Notice, by: SignedIn) -> int:
    """Let a lost message wait again; returns its id. Of two presses one does it. A gateway that
    took it and could not bring it gets another reference; one that perhaps took it knows the old
    one again and brings nothing twice. Raises Refused."""
    changes = {"reference": secrets.token_hex(8)} if notice.last_error == "undelivered" else {}
    with db.atomic():
        mine = Notice.id == notice.id, Notice.state.in_(LOST), Notice.last_error != "no_longer_so"
        young = Notice.created_at >= clock.now() - rules.TOO_OLD
        done = Notice.update(
            state="waiting", attempts=0, refusals=0, next_try_at=clock.now(), **changes
        ).where(*mine, young)
        if not done.execute():
            raise Refused(("", "notice_not_again"))
        audit.record("change", "notice", notice.id, notice.person_id, event="again")
        return notice.id
