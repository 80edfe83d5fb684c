"""The people who work here: accounts, sign-in, what they may do and where."""
