"""The people who are vaccinated: identity, documents, look-alikes, search."""
