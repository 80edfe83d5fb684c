"""flask send: what the outbox holds becomes messages, and these leave. Any number of them may run
at once, and each may be killed at any moment."""

import time
from collections.abc import Sequence

import click
from flask import current_app

from app.db import db
from app.notices import gateways
from app.notices.actions import send, sweep, take

PAUSE = 5  # seconds between two looks when there is nothing to do


@click.command("send")
@click.option("--once", is_flag=True, help="End when nothing is left to be done now.")
def command(once: bool) -> None:
    """Send messages by the gateways of the settings, until it is stopped."""
    by = [gateways.at(url, key) for url, key in current_app.extensions["config"].sms]
    if not by:
        raise click.ClickException("SMS_GATEWAY is not set: file:///FOLDER or https://…")
    while True:
        with db.connection_context():
            while _round(by):
                pass
            sweep()
        if once:
            return
        time.sleep(PAUSE)


def _round(by: Sequence[gateways.Gateway]) -> int:
    return take() + send(by)
