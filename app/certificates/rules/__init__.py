"""What is right on a slip."""

from app.certificates.rules.slip import (
    CHANCE_BYTES,
    CODE_SIGNS,
    SLOTS,
    WRONG_BIRTHS,
    Slot,
    checked,
    grouped,
    new_code,
    normal,
    number,
    pin,
    plain,
    same_birth,
    signs,
    slip_problem,
    slots,
)

__all__ = [
    "CHANCE_BYTES", "CODE_SIGNS", "SLOTS", "WRONG_BIRTHS", "Slot", "checked", "grouped",
    "new_code", "normal", "number", "pin", "plain", "same_birth", "signs", "slip_problem", "slots",
]  # fmt: skip
