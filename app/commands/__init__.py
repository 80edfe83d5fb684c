"""Commands that are more than a line, for those who run the service; cli.py adds them."""
