"""Counts of a day, and who did what."""
