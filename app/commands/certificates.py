"""flask certificates issue | renew | sweep: what certificates do by themselves. Several may run at
once; each can be stopped and started again at any moment."""

from collections.abc import Callable
from functools import partial

import click
from flask.cli import AppGroup

from app.certificates import actions
from app.db import db
from app.words import Refused

AT_ONCE = 1000

group = AppGroup("certificates", help="Certificates that are issued, renewed and ended.")


@group.command("issue")
@click.option("--limit", type=click.IntRange(1), help="Stop after so many people.")
def issue(limit: int | None) -> None:
    """Issue certificates to all whose doses are signed."""
    _all(actions.issue_waiting, limit)


@group.command("renew")
@click.option("--limit", type=click.IntRange(1), help="Stop after so many people.")
def renew(limit: int | None) -> None:
    """Issue those anew that run out within 30 days; doses do not expire."""
    _all(actions.renew, limit)


@group.command("sweep")
def sweep() -> None:
    """End certificates that say what is no longer so, and issue others where all is signed."""
    after, ended, made = 0, 0, 0
    with db.connection_context():
        while True:
            people, after = actions.sweep(after)
            ended += len(people)
            made += len(_tried(partial(actions.issue_many, people)).made)
            if not after:
                break
    click.echo(f"{ended} people: certificates ended, {made} issued anew")


def _all(step: Callable[[int, int], actions.Issued], limit: int | None) -> None:
    after, left, made, refused = 0, limit, 0, 0
    with db.connection_context():
        while left is None or left > 0:
            most = AT_ONCE if left is None else min(AT_ONCE, left)
            done = _tried(partial(step, after, most))
            made, refused, after = made + len(done.made), refused + len(done.refused), done.last
            left = None if left is None else left - most
            if not after:
                break
    click.echo(f"{made} issued, {refused} people without")


def _tried(work: Callable[[], actions.Issued]) -> actions.Issued:
    try:
        return work()
    except Refused as refused:
        raise click.ClickException("; ".join(refused.texts())) from None
