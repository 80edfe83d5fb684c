"""The end of a session: its vials are counted, and it closes when nothing is missing."""
