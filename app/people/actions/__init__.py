"""What is done to the record of a person: register, change, add papers, take in care."""

from app.people.actions.back import take_back
from app.people.actions.many import (
    Newcomer,
    fill_gaps,
    gaps_in,
    register_many,
    take_all_in_care,
)
from app.people.actions.record import (
    Decided,
    Details,
    Doubted,
    add_alert,
    add_document,
    alerted,
    change_identity,
    drop_alert,
    end_document,
    keep_apart,
    receive,
    register,
    set_deceased,
    set_details,
    take_in_care,
    verify_identity,
)

__all__ = [
    "Decided", "Details", "Doubted", "Newcomer", "add_alert", "add_document", "alerted",
    "change_identity", "drop_alert", "end_document", "fill_gaps", "gaps_in", "keep_apart",
    "receive", "register", "register_many", "set_deceased", "set_details", "take_all_in_care",
    "take_back", "take_in_care", "verify_identity",
]  # fmt: skip
