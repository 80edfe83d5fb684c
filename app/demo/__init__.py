"""A made-up province to try the service with: units, accounts, people, vaccine, sessions,
certificates.

All people are made up from lists of names and a seed. Units carry the names of real areas and
"(thử)"; accounts begin with "demo.".
"""

from app.demo.certified import look_up
from app.demo.nation import NotADemo
from app.demo.show import run

__all__ = ["NotADemo", "look_up", "run"]
