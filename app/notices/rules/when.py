"""When a message leaves, when it is tried again, and when that ends."""

from datetime import datetime, time, timedelta

STATES = ("waiting", "sent", "delivered", "failed", "given_up")

# Local time. Nobody is woken for what can wait.
QUIET_FROM, QUIET_UNTIL = time(21), time(7)
# Somebody waits for this one, at whatever hour, and it goes first.
URGENT = "phone_code"
# So long a dose can be undone at the desk (amendments.rules): what was a slip of the hand is told
# to nobody.
FIRST_AFTER = timedelta(minutes=15)
# A dose that is older when it becomes known was entered later: the person knows of it, or asks.
NEWS = timedelta(days=3)
# A message that could not leave for so long would only confuse.
TOO_OLD = timedelta(days=3)

# So long SAI finds the dose that a telephone was told of; who complains later has the slip. After
# it nobody needs to know whom a message went to.
KEEP_MESSAGES = timedelta(days=90)
# An event that is done is only of use to who looks for a fault.
KEEP_EVENTS = timedelta(days=30)

PAUSES = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720))
MOST_ATTEMPTS = len(PAUSES) + 1
SECOND_AFTER = 3  # refusals of the first gateway


def quiet(local: datetime) -> bool:
    """Whether messages stay where they are at this local time."""
    return not QUIET_UNTIL <= local.time() < QUIET_FROM


def first_after(kind: str, today: bool = False) -> timedelta:
    """How long a message waits before it leaves. today: it is about an appointment of this very
    day, for which somebody sets out or stays at home."""
    return timedelta() if today or kind == URGENT else FIRST_AFTER


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts (at least one)."""
    return PAUSES[min(attempts, len(PAUSES)) - 1]


def gateway(kind: str, refusals: int, gateways: int) -> int:
    """Which of so many gateways to take, from 0 on. Who waits for a code cannot wait for the
    pauses of three refusals: the code would be worth nothing by then."""
    enough = 1 if kind == URGENT else SECOND_AFTER
    return int(refusals >= enough and gateways > 1)
