"""Slips; the three steps to a certificate, and those who sign."""

from app.certificates.models.certificate import BulkPrint, Certificate, newest_revocation
from app.certificates.models.confirmed import Confirmation, LatinName, SignedDay
from app.certificates.models.overdue import Overdue, overdue_at, overdue_below, overdue_issue
from app.certificates.models.places import communes, holdings, people_of, sessions, workplaces
from app.certificates.models.signer import Signer
from app.certificates.models.slip import Slip
from app.certificates.models.waiting import (
    FIRST,
    Day,
    Unsigned,
    by_site,
    days,
    doses_of,
    doses_on,
    entered_by,
    identity_seqs,
    pending_for,
    running_out,
    unconfirmed,
    unsigned,
    waiting_people,
)

__all__ = [
    "BulkPrint", "Certificate", "Confirmation", "Day", "FIRST", "LatinName", "Overdue",
    "SignedDay", "Signer", "Slip", "Unsigned", "by_site", "communes", "days", "doses_of",
    "doses_on", "entered_by", "holdings", "identity_seqs", "newest_revocation", "overdue_at",
    "overdue_below", "overdue_issue", "pending_for", "people_of", "running_out", "sessions",
    "unconfirmed", "unsigned", "waiting_people", "workplaces",
]  # fmt: skip
