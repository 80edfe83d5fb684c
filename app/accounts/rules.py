"""What is right for names of accounts, passwords, tries at signing in, and ways back."""

import hmac
import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

SHORTEST, LONGEST = 10, 200
UNSEEN_DAYS = 90
FREE_TRIES = 4
LONGEST_PAUSE = timedelta(minutes=5)
# Without letters and digits that look alike on paper.
EASY = "abcdefghjkmnpqrstuvwxyz23456789"
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,29}")


def plain(text: str) -> str:
    """Small letters without marks and single spaces: what a name is looked for by."""
    bare = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).lower().split())


def username(text: str) -> str:
    """The name to sign in with as it is kept, or "" when it cannot be one."""
    name = text.strip().lower()
    return name if _USERNAME.fullmatch(name) else ""


def suggest_username(name: str, taken: Iterable[str]) -> str:
    """The given name and the first letters of the others: Nguyễn Văn An is "annv", or "annv2"."""
    words = re.sub(r"[^a-z ]", "", plain(name)).split() or ["user"]
    base = (words[-1] + "".join(word[0] for word in words[:-1]))[:20].ljust(3, "x")
    used = set(taken)
    numbered = (base if n == 1 else f"{base}{n}" for n in range(1, len(used) + 2))
    return next(candidate for candidate in numbered if candidate not in used)


def same_password(text: str) -> str:
    """One form for all keyboards: an ế typed as one letter or as three signs is the same."""
    return unicodedata.normalize("NFC", text)


def password_problems(password: str, account: str, common: frozenset[str]) -> list[str]:
    """Why a new password is refused: codes of app/words.py; an empty list is a good one."""
    if not SHORTEST <= len(password) <= LONGEST:
        return ["password_short" if len(password) < SHORTEST else "password_long"]
    bare = plain(password).replace(" ", "")
    if account in bare and len(bare.replace(account, "")) < 8:
        return ["password_is_name"]
    if bare in common or len(set(bare)) < 5:
        return ["password_common"]
    return []


def first_password(secret: bytes, form_key: str) -> str:
    """A password for one use, the same for the same form: when the answer was lost on the way,
    sending the form again shows it again, and it is stored nowhere."""
    number = int.from_bytes(hmac.new(secret, form_key.encode(), sha256).digest())
    letters = [EASY[number // len(EASY) ** n % len(EASY)] for n in range(12)]
    return "-".join("".join(letters[n : n + 4]) for n in (0, 4, 8))


def pause(wrong: int) -> timedelta:
    """How long the next try must wait after so many wrong ones in a row: 1, 2, 4 … seconds from
    the fifth on, five minutes at most."""
    if wrong <= FREE_TRIES:
        return timedelta()
    return min(timedelta(seconds=2 ** min(wrong - FREE_TRIES - 1, 20)), LONGEST_PAUSE)


def unseen(since: Iterable[datetime | None], now: datetime) -> bool:
    """Whether an account has not been used, made or opened again for 90 days."""
    return max(moment for moment in since if moment) < now - timedelta(days=UNSEEN_DAYS)


def state(active: bool, asleep: bool, must_change: bool) -> str:
    """The state of an account, a code of app/words.py."""
    if not active:
        return "account_closed"
    if asleep:
        return "account_unseen"
    return "account_new" if must_change else "account_open"


def local_path(text: str) -> str:
    """The address inside this service that `text` is, or "" when it leads anywhere else."""
    if re.search(r"[\x00-\x20\\\x7f]", text) or not text.startswith("/") or text.startswith("//"):
        return ""
    parts = urlsplit(text)
    return "" if parts.scheme or parts.netloc else text
