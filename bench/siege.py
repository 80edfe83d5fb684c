"""Attacks that cost money or memory, or touch what others typed: codes of telephones, steps of a
registration, photos that are bombs, messages that are forged or come again. Part of bench.attack;
everything is bounded in number, and what got through is looked up in the database."""

import itertools
import re
import struct
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from app import clock, marks
from app.audit import AuditEntry
from app.corrections.models import Evidence, Ticket
from app.corrections.rules import MOST_PHOTOS
from app.once import Submission
from app.outbox import OutboxEvent
from app.registrations import rules as wishes
from app.registrations.models import PhoneProof, Registration
from app.verification import rules as limits
from app.verification.models import Tally
from bench import strangers
from bench.client import Answer, Sent
from bench.serve import children
from bench.strangers import Ask, Holder, Line

GROWN = 100  # MB that a process may have taken at its worst for a bomb
FEW, MORE = 60, 700
ASKED = "registration.code_asked"


class Siege(NamedTuple):
    """An attack. most: how many may be heard, of all that are not told to wait or refused;
    through: what came of it, in numbers with their names, and each of them as it must be."""

    what: str
    goal: str
    requests: list[Sent]
    most: int
    through: Callable[[], dict[str, tuple[int, int]]]
    lines: int = 4


def held(ask: Ask, siege: Siege) -> Line:
    """Attack, and see what came of it. Codes of 422 were heard: what was typed was looked at."""
    answers = ask(iter(siege.requests), siege.lines)
    by_status = Counter(one.status for one in answers)
    heard = sum(not _refused(one) for one in answers)
    seen = siege.through()
    strange = sum(status == 0 or status >= 500 for status in by_status.elements())
    met = heard <= siege.most and not strange and len(answers) == len(siege.requests)
    met = met and all(number == wanted for number, wanted in seen.values())
    said = [f"{len(answers):,} tries"]
    said += [f"{times:,} × {status}" for status, times in sorted(by_status.items())]
    said += [f"{name} {number:,}" for name, (number, _wanted) in seen.items()]
    return Line(siege.what, siege.goal, ", ".join(said), met)


def _refused(answer: Answer) -> bool:
    return answer.status in (403, 429) or answer.status >= 500 or not answer.status


def wish_at(phones: Sequence[str], like: str) -> list[int]:
    """A wish for each telephone, like the wish with this code; their ids."""
    first = Registration.get(Registration.code == like)
    row = {**first.__data__, "created_at": clock.now()}
    del row["id"]
    start = 8_800_000_000 + 1000 * Registration.select().count()
    rows = [
        row | {"phone": phone, "code": wishes.code(start + n), "number": f"099{n:09}"}
        for n, phone in enumerate(phones)
    ]
    return [one.id for one in Registration.insert_many(rows).returning(Registration.id).execute()]


def _mark(wish: int) -> str:
    return marks.mark("registration", wish)


def codes(victim: Holder, fresh: Iterator[str], tries: int) -> Iterator[Siege]:
    """Codes that prove a telephone: each costs a message, and none may be guessed."""

    def ask(wish: int, address: str) -> Sent:
        fields = {"step": "phone", "mark": _mark(wish), "code": "", "ask": "sms"}
        return strangers.page(strangers.WISH, fields, address)

    def guess(wish: int, code: str, address: str) -> Sent:
        fields = {"step": "phone", "mark": _mark(wish), "code": code}
        return strangers.page(strangers.WISH, fields, address)

    def sent() -> int:
        return OutboxEvent.select().where(OutboxEvent.event == ASKED).count()

    def messages(most: int) -> Callable[[], dict[str, tuple[int, int]]]:
        before = sent()
        return lambda: {"messages that cost": (sent() - before, most)}

    def proven() -> dict[str, tuple[int, int]]:
        return {"guessed": (len(PhoneProof.proven([one])), 0)}

    one, most = Registration.get(Registration.code == victim.wish).id, limits.ASK_CODE
    yield Siege(
        "codes for one telephone",
        f"{most[0].most} an hour",
        [ask(one, next(fresh)) for _ in range(FEW)],
        most[0].most,
        messages(1),
    )
    few = limits.PROVE_PHONE[0].most
    yield Siege(
        "the code of one telephone",
        f"{few} in 0:15:00, none guessed",
        [guess(one, f"{n:06}", next(fresh)) for n in range(FEW)],
        few,
        proven,
    )
    near = wish_at([f"0975123{n:03}" for n in range(tries)], victim.wish)
    yield Siege(
        "codes along a run of telephones",
        f"{most[2].most} an hour",
        [ask(wish, next(fresh)) for wish in near],
        most[2].most,
        messages(min(most[2].most, tries)),
    )
    far = wish_at([f"096{n:04}001" for n in range(MORE)], victim.wish)
    yield Siege(
        "codes from one address",
        f"{most[3].most} an hour",
        [ask(wish, "203.0.113.77") for wish in far],
        most[3].most,
        messages(most[3].most),
    )


def steps(victim: Holder, fresh: Iterator[str]) -> Iterator[Siege]:
    """What somebody else began: by marks that nobody gave."""
    row = Registration.get(Registration.code == victim.wish)
    good, other = _mark(row.id), marks.mark("ticket", row.id)
    # The last sign of a seal holds bits that mean nothing.
    forged = ["x" + good[1:], other, good.partition(".")[0], str(row.id)]
    before = (row.name, row.occupation, row.state)

    def changed() -> dict[str, tuple[int, int]]:
        now = Registration.get_by_id(row.id)
        return {"changed": (int((now.name, now.occupation, now.state) != before), 0)}

    yield Siege("later steps of somebody else's registration", "nothing changed", [
        strangers.page(strangers.REGISTER, {
            "mark": forged[n % len(forged)], "step": ("details", "history", "consent")[n % 3],
            "who": "self", "occupation": "LA", "agree": "yes", "signer": "NGUYEN LA",
        }, next(fresh)) for n in range(FEW)], FEW, changed)  # fmt: skip


def texts(key: str, holder: Holder) -> Iterator[Siege]:
    """Messages that nobody signed, and one that comes again and again."""
    started = Submission.select().count(), AuditEntry.select().count()
    text = f"TC {holder.number} {holder.year} {holder.pin}"

    def kept() -> dict[str, tuple[int, int]]:
        rows = Submission.select().count(), AuditEntry.select().count()
        return {"rows that stayed": (sum(rows) - sum(started), 0)}

    forged = [strangers.message("x" * 32, "0912345678", text) for _ in range(FEW)]
    good = strangers.message(key, "0912345678", text)
    forged += [good._replace(data=re.sub(rb"X-Time: \d+", b"X-Time: %d" % at, good.data))
               for at in range(FEW)]  # fmt: skip
    forged += [good._replace(data=good.data.replace(b"0912345678", b"09%08d" % n))
               for n in range(FEW)]  # fmt: skip
    yield Siege("messages that are forged, old or changed", "none heard", forged, 0, kept)
    before = Submission.select().count()
    today = [clock.today()]
    again = Tally.of("inbound", today).get("repeated", [0])[0]
    yield Siege("one message again and again", "heard once", [good] * FEW, FEW, lambda: {
        "heard": (Submission.select().count() - before, 1),
        "counted as repeated": (Tally.of("inbound", today)["repeated"][0] - again, FEW - 1),
    })  # fmt: skip


def bombs() -> dict[str, bytes]:
    """Small files that are large when they are opened, or are not what they say."""
    photo = BytesIO()
    Image.effect_noise((320, 240), 40).save(photo, "JPEG")
    whole = photo.getvalue()
    at = whole.index(b"\xff\xc0") + 5
    dark = zlib.compress(bytes(20_000 // 8 + 1) * 20_000, 9)
    head = struct.pack(">IIBBBBB", 20_000, 20_000, 1, 0, 0, 0, 0)
    told = b"Comment\0\0" + zlib.compress(bytes(64_000_000), 9)
    small = struct.pack(">IIBBBBB", 8, 8, 1, 0, 0, 0, 0)
    return {
        "400 million points": _png((b"IHDR", head), (b"IDAT", dark)),
        "JPEG that says 65,500 by 65,500": whole[:at] + struct.pack(">HH", 65_500, 65_500)
        + whole[at + 4 :],
        "JPEG cut in two": whole[: len(whole) // 2],
        "64 MB of text in a PNG": _png((b"IHDR", small), (b"zTXt", told),
                                       (b"IDAT", zlib.compress(bytes(16)))),
        "no picture": b"<svg onload=alert(1)>" * 999,
    }  # fmt: skip


def _png(*chunks: tuple[bytes, bytes]) -> bytes:
    parts = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in (*chunks, (b"IEND", b""))
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def photos(people: Sequence[Holder], fresh: Iterator[str]) -> Iterator[Siege]:
    """Bombs at several tickets, and many good photos at one."""
    tickets = [Ticket.get(Ticket.code == one.ticket) for one in people]
    *others, last = tickets
    for name, bomb in bombs().items():
        yield Siege(f"photo: {name}", "none kept", [
            strangers.photo(marks.mark("ticket", ticket.id), bomb, next(fresh))
            for ticket in itertools.islice(itertools.cycle(others), 10)
        ], 10, lambda: {"kept": (Evidence.select().count(), 0)}, lines=8)  # fmt: skip
    good = BytesIO()
    Image.new("RGB", (900, 600), "white").save(good, "JPEG")
    mark = marks.mark("ticket", last.id)
    yield Siege("photos for one ticket", f"{MOST_PHOTOS} kept", [
        strangers.photo(mark, good.getvalue(), next(fresh)) for _ in range(FEW)
    ], FEW, lambda: {"kept": (Evidence.select().count(), MOST_PHOTOS)}, lines=8)  # fmt: skip


def memory(pid: int) -> tuple[int, int]:
    """MB of the largest process of a server: now, and at its worst."""
    found = [(0, 0)]
    for one in children(pid):
        text = Path(f"/proc/{one}/status").read_text()
        now, worst = (int(re.findall(rf"{name}:\s+(\d+)", text)[0]) // 1024
                      for name in ("VmRSS", "VmHWM"))  # fmt: skip
        found.append((worst, now))
    worst, now = max(found)
    return now, worst


def lines(ask: Ask, people: Sequence[Holder], key: str, tries: int, pid: int) -> Iterator[Line]:
    """All of it; pid: of the server, 0 where there is none. Needs a wish and a ticket of each."""
    fresh, victim = strangers.elsewhere(), people[-1]
    for siege in itertools.chain(
        codes(victim, fresh, tries), steps(victim, fresh), texts(key, people[0])
    ):  # one after the other: each looks at the database when its turn comes
        yield held(ask, siege)
    before = memory(pid)
    for siege in photos(people, fresh):
        yield held(ask, siege)
    after = memory(pid)
    said = f"{before[0]} MB before, {after[0]} after, {after[1]} at the worst"
    met = after[1] - before[1] <= GROWN
    yield Line("memory of the largest worker over the photos", f"+{GROWN} MB", said, met)
