"""Checking certificates: ours and foreign ones, with and without a network."""
