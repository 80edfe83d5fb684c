"""Wishes to be vaccinated: asked by citizens, approved and given to a site by the province."""
