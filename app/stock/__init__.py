"""Lots at sites: a ledger of movements that never goes below zero."""
