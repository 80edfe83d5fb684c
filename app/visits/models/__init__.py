"""Visits with everything that was written on the way, the doses, and what a desk has at hand."""

from app.visits.models import at_hand
from app.visits.models.tally import Tally, tally
from app.visits.models.visit import Dose, Visit

__all__ = ["Dose", "Tally", "Visit", "at_hand", "tally"]
