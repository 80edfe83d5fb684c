"""What people write to us: which command it is, and whether it came from the gateway."""

import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from app.notices.rules.texts import EN, VI, plain

# The first word → what is done, and the language of the answer.
COMMANDS: Mapping[str, tuple[str, str]] = {
    "TC": ("look_up", VI),
    "CHECK": ("look_up", EN),
    "SAI": ("wrong", VI),
    "WRONG": ("wrong", EN),
    "HUY": ("decline", VI),
    "CANCEL": ("decline", EN),
    "PU": ("ill", VI),
    "ILL": ("ill", EN),
}
# People write "SAI.", "SAI 2" and "sai2".
FIRST = re.compile("[^A-Z]*([A-Z]*)[^A-Z0-9]*(.*)")
# A message that was signed longer ago is a replay.
FRESH = timedelta(minutes=5)
EPOCH = datetime(1970, 1, 1)


def command(text: str) -> tuple[str, str, list[str]]:
    """(what is done, language, the other words); "help" for what is no command."""
    first, rest = FIRST.findall(plain(text.replace("\n", " ")).upper())[0]
    found, lang = COMMANDS.get(first, ("help", VI))
    return found, lang, rest.split()


def chosen(words: list[str], most: int) -> int | None:
    """Which of several somebody chose with the first word: 1 to `most`."""
    first = words[0] if words else ""
    return int(first) if re.fullmatch("[0-9]{1,3}", first) and 1 <= int(first) <= most else None


def asked(words: list[str]) -> dict[str, str]:
    """What a look-up was asked with: a number, which may be written in groups, the year of birth
    and the PIN. As they were typed."""
    *number, born, pin = words if len(words) > 2 else ["", "", ""]
    return {"what": " ".join(number), "dob": born, "pin": pin}


def signature(key: str, at: str, body: bytes) -> str:
    """HMAC-SHA256 over the time and the body, as 64 hexadecimal digits."""
    return hmac.new(key.encode(), f"{at}.".encode() + body, "sha256").hexdigest()


def genuine(key: str, at: str, body: bytes, signed: str, now: datetime) -> bool:
    """Whether whoever has the key signed this body, and just now (`at`: seconds since 1970)."""
    if not key or not re.fullmatch("[0-9]{1,12}", at):
        return False
    same = hmac.compare_digest(signature(key, at, body).encode(), signed.encode())
    return same and abs(now - EPOCH - timedelta(seconds=int(at))) <= FRESH
