"""flask keys …: making the keys that sign certificates, and what to do when one is lost."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from app import clock
from app.certificates import actions as certificates
from app.certificates import signing
from app.certificates.models import Signer
from app.commands import ceremony
from app.config import ConfigError
from app.db import db
from app.words import Refused

group = AppGroup("keys", help="The keys that sign certificates.")
FOLDER = click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
RSA = click.option("--rsa", "with_rsa", is_flag=True, help="RSA-2048 instead of P-256.")


def tell(make: Callable[..., list[Path]], *given: Any) -> None:
    """Name the files that were made, or say in a sentence why none were."""
    try:
        for path in make(*given):
            click.echo(path)
    except FileExistsError as there:
        told = f"{there.filename} is there already; nothing is written over"
        raise click.ClickException(told) from None
    except (OSError, ValueError, ConfigError) as wrong:
        raise click.ClickException(str(wrong)) from None


@group.command("ceremony")
@FOLDER
@RSA
def make_all(folder: Path, with_rsa: bool) -> None:
    """Make a TEST authority (4 years), its first signer (2 years) and the key of the lists."""
    tell(ceremony.begin, folder, clock.now(), with_rsa)


@group.command("renew")
@FOLDER
@RSA
def renew(folder: Path, with_rsa: bool) -> None:
    """Make one more signer of the test authority. From the next start on it signs; the one before
    stays published."""
    tell(ceremony.renew, folder, clock.now(), with_rsa)


@group.command("lists")
@FOLDER
def lists(folder: Path) -> None:
    """Make the key that signs the trust list and the revocation list (4 years)."""
    tell(ceremony.lists, folder, clock.now())


@group.command("csr")
@click.argument("path", type=click.Path(path_type=Path))
@RSA
@click.option("--name", required=True, help="Common name of the signer.")
@click.option("--organization", required=True)
@click.option("--country", default="VN", show_default=True)
def csr(path: Path, with_rsa: bool, name: str, organization: str, country: str) -> None:
    """Make PATH.key and PATH.csr, the request for the real authority. Its answer is PATH.crt."""
    subject = ceremony.Subject(name, organization, country)
    tell(ceremony.request, path, subject, with_rsa)


@group.command("list")
def show() -> None:
    """Tell which key signs now and until when, and which certificates are published."""
    now = clock.now()
    with db.connection_context():
        lost = {bytes.fromhex(row.kid) for row in Signer.lost()}
        gone = list(Signer.select().where(Signer.own, Signer.not_after > now))
    try:
        newest: signing.Own | None = signing.key(now, lost)
    except Refused:
        newest = None
        click.echo("no key can sign now")
    own = signing.certificates()
    for one in own:
        click.echo(f"{_line(one)}  {_state(one, newest, lost)}")
    for row in gone:
        if row.kid not in {one.kid.hex() for one in own}:
            state = "lost" if row.distrusted_at else "published, its file is gone"
            click.echo(f"{row.kid}  until {row.not_after:%Y-%m-%d}  {state}")
    of_lists = signing.list_key()
    click.echo(f"{_line(of_lists)}  signs the lists" if of_lists else "no key signs the lists")


def _line(one: signing.Own) -> str:
    kind = {signing.ES256: "ES256", signing.PS256: "PS256"}[one.alg]
    days = f"{one.not_before:%Y-%m-%d} until {one.not_after:%Y-%m-%d}"
    return f"{one.kid.hex()}  {one.name}  {kind}  {days}"


def _state(one: signing.Own, newest: signing.Own | None, lost: set[bytes]) -> str:
    now = clock.now()
    if one.kid in lost:
        return "lost"
    if one is newest:
        due = one.not_before + ceremony.IN_USE
        return f"SIGNS, renew {'now' if due <= now else f'by {due:%Y-%m-%d}'}"
    if one.not_before > now:
        return "published, signs later"
    return "published" if one.not_after > now else "ended"


@group.command("lost")
@click.argument("kid")
@click.option("--why", required=True, help="What happened.")
def lost(kid: str, why: str) -> None:
    """Strike our signer off the trust list at once and revoke all that it signed. Then remove its
    file, or get another key, and restart."""
    with db.connection_context():
        certificates.publish_own()
        try:
            certificates.distrust(kid.lower(), why, own=True)
        except Refused as refused:
            raise click.ClickException(refused.texts()[0]) from None
        ended = certificates.revoke_signer(kid.lower(), why)
        click.echo(f"{kid} is no longer trusted, {ended} certificates are revoked")
