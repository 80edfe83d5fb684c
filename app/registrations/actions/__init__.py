"""What is done to wishes: filled in, decided upon, given to a site, listed, ended; and the proof of
a telephone."""

from app.registrations.actions.filling import (
    begin,
    born,
    correct,
    enter,
    keep,
    send,
    sheet,
    take_turns,
)
from app.registrations.actions.moving import (
    decide,
    finish,
    finish_for,
    hold,
    hold_of,
    list_all,
    take_back,
    unlist,
    wish_again,
    withdraw,
)
from app.registrations.actions.proving import ask_code, code_of, prove

__all__ = [
    "ask_code", "begin", "born", "code_of", "correct", "decide", "enter", "finish", "finish_for",
    "hold", "hold_of", "keep", "list_all", "prove", "send", "sheet", "take_back", "take_turns",
    "unlist", "wish_again", "withdraw",
]  # fmt: skip
