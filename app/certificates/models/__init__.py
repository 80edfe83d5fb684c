"""Slips; the three steps to a certificate, and those who sign."""

from app.certificates.models.certificate import BulkPrint, Certificate
from app.certificates.models.confirmed import Confirmation, LatinName, SignedDay
from app.certificates.models.places import communes, holdings, people_of, sessions, workplaces
from app.certificates.models.signer import Signer
from app.certificates.models.slip import Slip

__all__ = [
    "BulkPrint", "Certificate", "Confirmation", "LatinName", "SignedDay", "Signer", "Slip",
    "communes", "holdings", "people_of", "sessions", "workplaces",
]  # fmt: skip
