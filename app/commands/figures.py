"""flask figures: what the public page of figures shows. It can be run at any moment."""

from datetime import timedelta

import click

from app import clock
from app.db import db
from app.reports.actions import count_days
from app.reports.rules import EVER


@click.command("figures")
@click.option("--days", type=click.IntRange(1), help="Only so many days, today included.")
def command(days: int | None) -> None:
    """Count the public figures anew, of all days or of the last ones."""
    since = clock.today() - timedelta(days - 1) if days else EVER
    with db.connection_context():
        count_days(since)
    click.echo(f"counted since {since:%d/%m/%Y}")
