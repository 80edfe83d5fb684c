"""Planned sessions: site, day, lots, and the list of people who are expected."""
