"""What is taken back, changed or entered after the fact."""
