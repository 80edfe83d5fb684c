"""flask trust …: the signers of other countries."""

from typing import BinaryIO

import click
from flask.cli import AppGroup

from app import clock
from app.certificates import actions as certificates
from app.certificates.models import Signer
from app.db import db
from app.verification import actions
from app.verification.trust import BadList
from app.verification.verifier import BadSigner
from app.words import Refused

group = AppGroup("trust", help="Whose signatures count.")


@group.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--signer", type=click.File("rb"), help="Who signed the list (certificate, PEM).")
@click.option("--country", default="", help="Two letters, where the file does not say it.")
def take_in(file: BinaryIO, signer: BinaryIO | None, country: str) -> None:
    """Trust the signers in FILE: certificates (PEM, DER), a signed trust list (DSC-TL), or a DID
    document of WHO's network. Exit code 1 when one of them is bad; the good ones are in."""
    with db.connection_context():
        try:
            by = signer.read() if signer else None
            taken = actions.take_in(file.read(), file.name, by, country.upper())
        except (BadList, BadSigner) as wrong:
            raise click.ClickException(f"{file.name}: {wrong}") from None
    for name, why in taken.bad:
        click.echo(f"bad: {name}: {why}")
    click.echo(f"{taken.new} new, {taken.known} known, {taken.gone} gone, {len(taken.bad)} bad")
    raise SystemExit(1 if taken.bad else 0)


@group.command("list")
def show() -> None:
    """Tell whose signatures count, and whose no more."""
    with db.connection_context():
        for row in Signer.select().order_by(Signer.country, Signer.kid, Signer.digest):
            state = "trusted" if row.not_after > clock.now() else "ended"
            state = f"NOT TRUSTED: {row.distrusted_why}" if row.distrusted_at else state
            whose = "own" if row.own else row.source
            click.echo(
                f"{row.country}  {row.kid}  until {row.not_after:%Y-%m-%d}  {whose}  {state}"
            )


@group.command("distrust")
@click.argument("kid")
@click.option("--why", required=True, help="What happened.")
def distrust(kid: str, why: str) -> None:
    """Strike a foreign signer off the list (one of ours: flask keys lost)."""
    with db.connection_context():
        try:
            certificates.distrust(kid.lower(), why, own=False)
        except Refused as refused:
            raise click.ClickException(refused.texts()[0]) from None
    click.echo(f"{kid} is no longer trusted")
