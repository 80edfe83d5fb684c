"""Reactions after a dose."""
