"""Counts over the records."""
