"""Pages for citizens: look-up and verification."""
