"""Slips and certificates."""

from app.certificates.models.slip import Slip

__all__ = ["Slip"]
