"""What a file may be a list of: one module for each kind."""
