"""Persons with the versions of their identity, their documents, alerts and who cares for them."""

from app.people.models.alike import LookAlike, look_alikes
from app.people.models.alike_many import look_alikes_many
from app.people.models.notes import Alert, KeptApart
from app.people.models.person import (
    POSTGRES_ONLY,
    Care,
    Document,
    IdentityVersion,
    OfPerson,
    Person,
)
from app.people.models.places import (
    commune_label,
    commune_on_card,
    communes,
    country,
    country_name,
)

__all__ = [
    "POSTGRES_ONLY", "Alert", "Care", "Document", "IdentityVersion", "KeptApart", "LookAlike",
    "OfPerson", "Person", "commune_label", "commune_on_card", "communes", "country", "country_name",
    "look_alikes", "look_alikes_many",
]  # fmt: skip
