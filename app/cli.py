"""Commands for those who run the service: flask migrate, load-reference, audit …"""

import fcntl
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import BinaryIO, TextIO

import click
from flask import Flask
from flask.cli import AppGroup
from playhouse.migrations import Runner

from app import audit, clock
from app.commands import certificates, figures, keys, send, trust
from app.db import db, is_postgres

MIGRATIONS = Path(__file__).parent.parent / "migrations"
LOCK_NUMBER = 7_301_955  # any number, the same for all who migrate


@contextmanager
def migration_lock() -> Iterator[None]:
    """One migrates, the others wait: several machines may be rolled out at once."""
    if is_postgres():
        db.execute_sql("select pg_advisory_lock(%s)", (LOCK_NUMBER,))
        try:
            yield
        finally:
            db.execute_sql("select pg_advisory_unlock(%s)", (LOCK_NUMBER,))
        return
    with open(f"{db.database}.lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@click.command("migrate")
@click.option("--status", is_flag=True, help="Only tell what is pending.")
@click.option("--down", is_flag=True, help="Undo the last one.")
def migrate(status: bool, down: bool) -> None:
    """Bring the database to the newest shape. A deploy step; web workers never do it."""
    with db.connection_context(), migration_lock():
        runner = Runner(db.obj, str(MIGRATIONS))  # type: ignore[attr-defined]
        if status:
            for row in runner.status():
                click.echo(f"{row.name}: {row.applied or 'pending'}")
            return
        for name in runner.down() if down else runner.up():
            click.echo(f"{'undone' if down else 'migrated'}: {name}")


@click.command("load-reference")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
def load_reference(files: tuple[Path, ...]) -> None:
    """Load areas, levels, vaccines and forms that are new in the data files, or the vaccine rules
    and forms of FILES that were edited."""
    from app.units.actions import load_areas
    from app.vaccines.actions import BadReference
    from app.vaccines.actions import load_reference as load_vaccines

    with db.connection_context():
        if not files:
            click.echo(f"areas: {load_areas()}")
        try:
            click.echo(f"reference: {load_vaccines(files or None)}")
        except BadReference as bad:
            raise click.ClickException(str(bad)) from None


@click.command("check-list")
@click.argument("file", type=click.File("rb"))
@click.option("--sheet", help="Only this sheet of the file.")
@click.option("--unit", type=int, help="Look as somebody at the unit with this id does.")
def check_list(file: BinaryIO, sheet: str | None, unit: int | None) -> None:
    """Check a list of people and write nothing: a line of JSON for each row, or for the file."""
    from app.imports.actions import told, try_out
    from app.units.models import Unit
    from app.words import Refused

    with db.connection_context():
        found = Unit.get_or_none(Unit.id == unit) if unit else None
        if unit and found is None:
            raise click.ClickException(f"there is no unit {unit}")
        try:
            for line, one in try_out(file.read(), found.path if found else "/", sheet):
                click.echo(json.dumps(told(line, one), ensure_ascii=False))
        except Refused as refused:
            code, values = refused.reasons[0][1:]
            click.echo(json.dumps({"file": code, "values": values}, ensure_ascii=False))
            raise SystemExit(1) from None


@click.command("verify-certificate")
@click.option(
    "--signer",
    "files",
    multiple=True,
    type=click.File("rb"),
    metavar="PEM",
    help="Trust only the certificates in this file, and ask no database; several times.",
)
@click.option("--at", metavar="TIME", help="As at this time (ISO 8601, UTC unless it says so).")
def verify_certificate(files: tuple[BinaryIO, ...], at: str | None) -> None:  # fmt: skip
    """Read one code ("HC1:…") per line and print one verdict per line, as JSON."""
    from app.verification.actions import among, lines, on_record, signers_in, told
    from app.verification.verifier import BadSigner, verify

    moment = _moment(at) if at else None
    if not files:
        with db.connection_context():
            for verdict in on_record(sys.stdin.buffer, moment):
                click.echo(json.dumps(told(verdict)).encode())
        return
    try:
        trusted = among([one for file in files for one in signers_in(file.read())])
    except BadSigner as wrong:
        raise click.ClickException(f"a signer cannot be used: {wrong}") from None
    for line in lines(sys.stdin.buffer):
        verdict = verify(line, trusted, moment or clock.now())
        click.echo(json.dumps(told(verdict)).encode())


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(timezone.utc).replace(tzinfo=None) if found.tzinfo else found
    except (ValueError, OverflowError):
        raise click.BadParameter(f"{text!r} is no time like 2022-06-01T12:00:00Z") from None


@click.command("demo")
@click.option("--people", default=2000, show_default=True, help="How many people to add.")
@click.option("--sites", default=8, show_default=True, help="How many stations to add.")
@click.option("--seed", default=1, show_default=True, help="The same seed, the same people.")
@click.option("--if-empty", is_flag=True, help="Where a demo is, only see to today's sessions.")
@click.option("--new-passwords", is_flag=True, help="Only give the accounts other passwords.")
def demo(people: int, sites: int, seed: int, if_empty: bool, new_passwords: bool) -> None:
    """Add a made-up province to try the service with. Prints the sign-ins of its accounts."""
    from app import demo as made_up

    with db.connection_context():
        try:
            made = made_up.run(people, sites, seed, if_empty, new_passwords)
            citizen = made_up.look_up()
        except made_up.NotADemo as wrong:
            raise click.ClickException(str(wrong)) from None
    for row in made:
        click.echo(f"{row.roles:<28} {row.username:<16} {row.password}")
    if not made:
        click.echo("The sign-ins were printed before; other passwords: flask demo --new-passwords")
    if citizen:
        asked = f"code {citizen.code}, born {citizen.born}, PIN {citizen.pin}"
        click.echo(f"As a citizen, open /tra-cuu: {asked}")
    if citizen and not citizen.certified:
        click.echo("There are no certificates: SIGNING_KEYS has no key that signs.")


audit_group = AppGroup("audit", help="The audit chain.")


@audit_group.command("anchor")
def audit_anchor() -> None:
    """Print the ends of all chains as one line, to be kept outside this machine."""
    with db.connection_context():
        click.echo(audit.anchor())


@audit_group.command("verify")
@click.option("--anchor", type=click.File(), help="Lines that `flask audit anchor` printed before.")
def audit_verify(anchor: TextIO | None) -> None:
    """Check all chains; name the first broken row of each. Exit code 1 when one is broken."""
    try:
        points = audit.read_anchors(anchor) if anchor else {}
    except ValueError as wrong:
        raise click.ClickException(str(wrong)) from None
    with db.connection_context():
        count, broken = audit.verify(audit.chain_key(), points)
    for fault in broken:
        click.echo(f"broken: unit {fault.chain}, entry {fault.seq}: {fault.why}")
    click.echo(f"{count} entries hold, {len(broken)} chains broken")
    raise SystemExit(1 if broken else 0)


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(migrate)
    app.cli.add_command(load_reference)
    app.cli.add_command(check_list)
    app.cli.add_command(verify_certificate)
    app.cli.add_command(demo)
    app.cli.add_command(audit_group)
    app.cli.add_command(keys.group)
    app.cli.add_command(trust.group)
    app.cli.add_command(certificates.group)
    app.cli.add_command(send.command)
    app.cli.add_command(figures.command)
