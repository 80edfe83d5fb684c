"""What the content of a certificate must look like, what is told of it, how a code was typed, and
how often one may try. Pure."""

from app.verification.rules.limits import (
    ASK_CODE,
    EVIDENCE,
    FOLLOW,
    LOOK_UP,
    LOOK_UP_SMS,
    OPEN_WISH,
    OPEN_WISH_SMS,
    PICTURES,
    PROVE_PHONE,
    REACTIONS,
    REACTIONS_SMS,
    REGISTER,
    SMS_ANSWERS,
    SMS_COST,
    TICKETS,
    TICKETS_SMS,
    VERIFY,
    Limit,
    exceeded,
    minutes,
    network,
    window_end,
)
from app.verification.rules.products import PRODUCTS
from app.verification.rules.schema import dcc_fits, group, icvp_fits
from app.verification.rules.told import Told, told
from app.verification.rules.typed import code_of_slip

__all__ = [
    "ASK_CODE", "EVIDENCE", "FOLLOW", "LOOK_UP", "LOOK_UP_SMS", "Limit", "OPEN_WISH",
    "OPEN_WISH_SMS", "PICTURES", "PRODUCTS", "PROVE_PHONE", "REACTIONS", "REACTIONS_SMS",
    "REGISTER", "SMS_ANSWERS", "SMS_COST", "TICKETS", "TICKETS_SMS", "Told", "VERIFY",
    "code_of_slip", "dcc_fits", "exceeded", "group", "icvp_fits", "minutes", "network", "told",
    "window_end",
]  # fmt: skip
