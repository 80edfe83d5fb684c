"""From check-in to the end of observation; the doses."""
