"""Persons with the versions of their identity, their documents, alerts and who cares for them."""

from app.people.models.alike import LookAlike, look_alikes
from app.people.models.areas import commune_on_card, communes
from app.people.models.notes import Alert, KeptApart
from app.people.models.person import POSTGRES_ONLY, Care, Document, IdentityVersion, Person

__all__ = [
    "POSTGRES_ONLY", "Alert", "Care", "Document", "IdentityVersion", "KeptApart", "LookAlike",
    "Person", "commune_on_card", "communes", "look_alikes",
]  # fmt: skip
