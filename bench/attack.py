"""What strangers get out of the public pages, and whether the honest are served (goal C6).

    python -m bench.attack [--samples 300] [--honest 5000] [--flood 6100]

The real server on PostgreSQL with made-up people, on this machine alone. Four things are looked
at. (1) Who holds a number, a birth date or a code, but not what goes with it, gets the same answer
as for somebody who does not exist: status, headers and bytes are compared, and the times of
interleaved requests by their medians and by Mann and Whitney's test. (2) Guesses, from as many
addresses as it takes: how many are heard before the limits stop them. (3) What costs money or
memory, or touches what others began (bench/siege.py). (4) Honest people behind one address, each
of whom asks once: how many are served. A table on standard output, the figures as JSON in its last
line; exit code 1 when a goal is missed.
"""

import argparse
import json
import random
import re
import statistics
import sys
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from app import clock
from app.db import db
from app.registrations import rules as wishes
from app.verification import rules as limits
from bench import client, siege, strangers
from bench.client import Answer, Sent
from bench.load import POSTGRES, environment, prepare, say, text_of
from bench.serve import Server, Settings, machine, serving
from bench.strangers import Ask, Holder, Line, elsewhere
from tests.postgres import running_cluster

# A difference that is seen in so many samples, and is so large a part of an answer, tells.
TELLS, PART = 4.0, 0.05
LONGEST, CONNECTIONS, SITES = 1200.0, 16, 34
VARIES = re.compile(rb"\d{4} \d{4} \d{4}|name=\"?(?:mark|key)\"? value=\"?[^\s\">]*")
HEADS_THAT_VARY = (b"date:", b"content-length:")


def over_the_wire(server: Server) -> Ask:
    """Asks a running server over so many connections."""
    return lambda requests, lines: client.run(server.address, requests, LONGEST, lines)


def alike(ask: Ask, kinds: dict[str, Callable[[int], Sent]], samples: int) -> dict[str, Any]:
    """Every kind of request in turn, in an order that chance decides anew in each round: what
    differs in the answers, and the times of each kind."""
    chance, rounds = random.Random(6), []
    for n in range(samples):
        order = list(kinds)
        chance.shuffle(order)
        rounds += [(name, kinds[name](n)) for name in order]
    answers = ask((sent for _name, sent in rounds), 1)
    seen: dict[str, set[Any]] = {name: set() for name in kinds}
    took: dict[str, list[float]] = {name: [] for name in kinds}
    for (name, sent), answer in zip(rounds, answers, strict=True):
        seen[name].add(_bare(sent, answer))
        took[name].append(1000 * answer.took)
    return {"seen": seen, "took": took}


def _bare(sent: Sent, answer: Answer) -> tuple[int, bytes, bytes]:
    """An answer without what was typed and what is new in each answer."""
    heads = b"\n".join(
        one for one in answer.head.splitlines()[1:] if not one.lower().startswith(HEADS_THAT_VARY)
    )
    body = VARIES.sub(b"", text_of(answer))
    for typed in sent.data.rpartition(b"\r\n\r\n")[2].split(b"&"):
        value = typed.partition(b"=")[2].replace(b"%2F", b"/")
        if len(value) > 3:
            body = body.replace(value, b"...")
    return answer.status, heads, body


def rank_test(some: Sequence[float], others: Sequence[float]) -> float:
    """Mann and Whitney's U of some against others, in standard deviations from chance."""
    n, m, order = len(some), len(others), sorted(others)
    u = sum(bisect_left(order, one) + bisect_right(order, one) for one in some) / 2
    return (u - n * m / 2) / (n * m * (n + m + 1) / 12) ** 0.5


def compared(what: str, found: dict[str, Any]) -> list[Line]:
    """Every kind against the last one, which is about nobody."""
    *kinds, nobody = found["seen"]
    lines = []
    for name in kinds:
        same = found["seen"][name] == found["seen"][nobody] and len(found["seen"][name]) == 1
        some, others = found["took"][name], found["took"][nobody]
        middle = statistics.median(others)
        apart, z = statistics.median(some) - middle, rank_test(some, others)
        tells = abs(z) > TELLS and abs(apart) > PART * middle
        said = "same bytes" if same else "OTHER BYTES"
        said += f"; {apart:+.2f} of {middle:.2f} ms, z {z:+.1f}"
        lines.append(Line(f"{what}: {name} / {nobody}", "alike", said, same and not tells))
    return lines


def doors(
    known: Sequence[Holder], key: str, samples: int
) -> dict[str, dict[str, Callable[[int], Sent]]]:
    """Each door with the requests that must get one answer; the last kind is about nobody."""
    fresh, near = elsewhere(), strangers.number_near
    # The tries by message count together with those of the page, so they are about others.
    texted = known[samples + 1 :]

    def text(number: str, year: str, pin: str, n: int) -> Sent:
        return strangers.message(key, f"09870{n:05}", f"TC {number} {year} {pin}")

    return {
        strangers.LOOK_UP: {
            "number and birth date known": lambda n: strangers.look_up(
                known[n].number, known[n].born, strangers.other(known[n].pin), next(fresh)),
            "number and PIN known": lambda n: strangers.look_up(
                known[n].number, strangers.later(known[n].born), known[n].pin, next(fresh)),
            "nobody": lambda n: strangers.look_up(
                near("099", 7919 * n), known[n].born, known[n].pin, next(fresh)),
        },
        strangers.WISH: {
            "code and year known": lambda n: strangers.open_wish(
                known[n].wish, f"0987{n:06}", known[n].year, next(fresh)),
            "code and telephone known": lambda n: strangers.open_wish(
                known[n].wish, known[n].phone, str(int(known[n].year) - 1), next(fresh)),
            "nobody": lambda n: strangers.open_wish(
                wishes.code(10**9 + 104_729 * n), f"0987{n:06}", known[n].year, next(fresh)),
        },
        strangers.TICKET: {
            "code known": lambda n: strangers.follow(known[n].ticket, f"0986{n:06}", next(fresh)),
            "nobody": lambda n: strangers.follow(
                strangers.ticket_code(10**8 + n), f"0985{n:06}", next(fresh)),
        },
        strangers.REGISTER: {
            "number registered before": lambda n: strangers.register(
                known[n].number, known[n].born, f"0984{n:06}", next(fresh)),
            "nobody": lambda n: strangers.register(
                f"{known[n].number[:6]}{500_000 + n}", known[n].born, f"0983{n:06}", next(fresh)),
        },
        strangers.SMS: {
            "number and year known": lambda n: text(
                texted[n].number, texted[n].year, strangers.other(texted[n].pin), n),
            "number and PIN known": lambda n: text(
                texted[n].number, str(int(texted[n].year) - 1), texted[n].pin, n),
            "nobody": lambda n: text(near("098", 7919 * n), texted[n].year, texted[n].pin, n),
        },
    }  # fmt: skip


class Guess(NamedTuple):
    """An attack, and the limit that must stop it."""

    what: str
    limit: limits.Limit
    requests: list[Sent]


def guesses(victim: Holder, key: str, tries: int, flood: int) -> list[Guess]:
    """Each from new addresses, but the flood, which comes from one that names others before it."""
    fresh = elsewhere()
    next_to = [wishes.code(7_700_000_000 + n) for n in range(100)]
    many, few = range(tries), range(60)
    return [
        Guess("PINs of one number", limits.LOOK_UP[0], [
            strangers.look_up(victim.number, victim.born, f"{n:06}", next(fresh)) for n in few]),
        Guess("one PIN at the numbers of one prefix", limits.LOOK_UP[2], [
            strangers.look_up(strangers.number_near("097123456", n), victim.born, "123456",
                              next(fresh)) for n in many]),
        Guess("PINs of one number by message, each telephone once", limits.LOOK_UP_SMS[0], [
            strangers.message(key, f"09820{n:05}",
                              f"TC {strangers.number_near('096', 5)} 1980 {n:06}") for n in few]),
        Guess("numbers from one telephone by message", limits.LOOK_UP_SMS[3], [
            strangers.message(key, "0981000001",
                              f"TC {strangers.number_near('095', 1000 * n)} 1980 123456")
            for n in few]),
        Guess("telephones of one wish", limits.OPEN_WISH[0], [
            strangers.open_wish(victim.wish, f"0979{n:06}", victim.year, next(fresh))
            for n in few]),
        Guess("codes of wishes along a prefix", limits.OPEN_WISH[1], [
            strangers.open_wish(next_to[n % 100], victim.phone, victim.year, next(fresh))
            for n in many]),
        Guess("telephones of one ticket", limits.FOLLOW[0], [
            strangers.follow(victim.ticket, f"0978{n:06}", next(fresh)) for n in few]),
        Guess("tickets of one telephone", limits.FOLLOW[2], [
            strangers.follow(strangers.ticket_code(10**9 + n), victim.phone, next(fresh))
            for n in few]),
        Guess("registrations with one telephone", limits.REGISTER[0], [
            strangers.register("", f"01/01/{1920 + n % 100}", "0977000001", next(fresh))
            for n in many]),
        Guess("registrations from one address that names others", limits.REGISTER[1], [
            strangers.register("", "01/01/1980", f"0976{n:06}", f"{next(fresh)}, 203.0.113.9")
            for n in range(flood)]),
    ]  # fmt: skip


def stopped(ask: Ask, guess: Guess) -> Line:
    """How many were heard. Whose window ends meanwhile may try anew."""
    began = clock.now()
    answers = ask(iter(guess.requests), 1 if len(guess.requests) < 1000 else CONNECTIONS)
    windows = 1 + (limits.window_end(clock.now(), guess.limit.window)
                   != limits.window_end(began, guess.limit.window))  # fmt: skip
    heard = sum(one.status < 400 and not _told_to_wait(one) for one in answers)
    strange = sum(one.status >= 500 or not one.status for one in answers)
    most, sent = guess.limit.most, len(guess.requests)
    met = min(most, sent) <= heard <= most * windows and not strange
    said = f"{heard:,} of {sent:,} heard" + (f", {strange} broken" if strange else "")
    return Line(guess.what, f"{most:,} in {guess.limit.window}", said, met)


def _told_to_wait(answer: Answer) -> bool:
    """By message there is no status to tell it."""
    return b'"reply"' in answer.body and strangers.WAIT in json.loads(answer.body)["reply"]


def honest(ask: Ask, people: Sequence[Holder]) -> Line:
    """Everybody behind one address asks once with what is right."""
    requests = [strangers.look_up(one.number, one.born, one.pin, "203.0.113.50", n)
                for n, one in enumerate(people)]  # fmt: skip
    began = time.perf_counter()
    answers = ask(iter(requests), CONNECTIONS)
    seconds = time.perf_counter() - began
    served = sum(
        one.status == 200 and people[one.ref].name.encode() in text_of(one) for one in answers
    )
    said = f"{served:,} served, {served / seconds:.0f}/s"
    return Line("honest people behind one address", f"{len(people):,} served", said,
                served == len(people))  # fmt: skip


def attack(
    ask: Ask, people: Sequence[Holder], key: str, given: argparse.Namespace, pid: int = 0
) -> Iterator[Line]:
    """All of it. The first of the people are the victims, the last the honest ones. pid: of the
    server, where its memory is looked at."""
    for what, kinds in doors(people, key, given.samples).items():
        alike(ask, kinds, 3)  # warm; these samples are asked for again
        yield from compared(what, alike(ask, kinds, given.samples))
    for guess in guesses(people[given.samples], key, given.tries, given.flood):
        yield stopped(ask, guess)
    yield from siege.lines(ask, people[: given.samples], key, given.tries, pid)
    yield honest(ask, people[-given.honest :])


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Parameters."""
    ask = argparse.ArgumentParser(prog="python -m bench.attack", description=__doc__)
    ask.add_argument("--samples", type=int, default=300, help="of each kind of request")
    ask.add_argument("--honest", type=int, default=5000)
    ask.add_argument("--tries", type=int, default=300)
    ask.add_argument("--flood", type=int, default=6100)
    return ask.parse_args(argv)


def main() -> int:
    """Attack, print, judge."""
    given = arguments()
    with running_cluster(durable=True, **POSTGRES) as url:
        key = "k" * 32
        env = environment(url) | {
            "PROXIES": "1", "SMS_WEBHOOK_KEY": key, "SMS_GATEWAY": "file:///nowhere",
        }  # fmt: skip
        prepare(env, 4 * (given.honest + given.samples), SITES)
        people = strangers.holders(given.samples + 1)
        say(f"{len(people):,} people with a slip")
        with serving("wsgi", Settings(2, 4), env) as server:
            lines = []
            for line in attack(over_the_wire(server), people, key, given, server.pid):
                lines.append(line)
                print(f"{'met   ' if line.met else 'MISSED'} {line.what} | {line.goal} |"
                      f" {line.figure}", flush=True)  # fmt: skip
        db.close()
    print(json.dumps({"lines": lines} | vars(given) | machine("")))
    return 0 if all(line.met for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
