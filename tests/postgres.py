"""A private PostgreSQL server for tests and measurements, gone when its caller is gone.

with running_cluster() as url:                                   # tests: fast, not durable
with running_cluster(durable=True, shared_buffers="512MB") as url:     # `make bench`
with fresh_database(url) as url:                                 # an empty one on that server
python -m tests.postgres                                         # until Ctrl-C
"""

import itertools
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

import psycopg

LOG = Path(__file__).parent.parent / "var" / "test-postgres.log"

# The shell that runs this stays beside the server and reads a pipe that only we hold. However
# we end (return, Ctrl-C, kill -9), the pipe closes, and the shell stops the server and cleans up.
GUARD = """
trap '' HUP INT TERM
bin=$1 home=$2
"$bin/initdb" -D "$home/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >&2 &&
cat "$home/settings" >> "$home/data/postgresql.conf" &&
"$bin/pg_ctl" -D "$home/data" -w -t 60 start >&2 &&
echo ready && read -r _
"$bin/pg_ctl" -D "$home/data" -w -m fast stop >&2
rm -rf "$home"
"""

_count = itertools.count(1)
# The socket lies in a directory that only its owner can enter, so no password is needed,
# and without TCP no port can be taken twice.
ALWAYS = {"listen_addresses": "", "port": "5432", "cluster_name": "tests"}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class NoPostgres(RuntimeError):
    """This machine has no PostgreSQL server programs."""


def programs() -> Path | None:
    """The directory with initdb and pg_ctl, Debian's newest before PATH; None without a server."""
    debian = Path("/usr/lib/postgresql").glob("[0-9]*/bin/initdb")
    newest = max(debian, key=lambda initdb: float(initdb.parts[-3]), default=None)
    found = newest or shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextmanager
def running_cluster(
    *, durable: bool = False, log: Path = LOG, **settings: str | int
) -> Iterator[str]:
    """Start a server and give the URL of its database `postgres`, superuser `postgres`.

    `durable` keeps fsync on, as in production. `settings` go into postgresql.conf:
    `shared_buffers="1GB", max_connections=200, listen_addresses="127.0.0.1", port=57801`.
    Raises NoPostgres without server programs, RuntimeError (with the log) if it does not start.
    """
    bin_ = programs()
    if bin_ is None:
        raise NoPostgres("no initdb in PATH or /usr/lib/postgresql (apt install postgresql)")
    home = _home(ALWAYS | ({} if durable else NOT_DURABLE) | settings)
    guard = _start(bin_, home, log)
    try:
        if guard.stdout.readline() != "ready\n":
            raise RuntimeError(f"PostgreSQL did not start; {log} says:\n{log.read_text()[-2000:]}")
        port = settings.get("port", ALWAYS["port"])
        yield f"postgresql://postgres@/postgres?host={quote(str(home), safe='')}&port={port}"
    finally:
        guard.stdin.close()
        guard.wait(timeout=60)


@contextmanager
def fresh_database(url: str) -> Iterator[str]:
    """Make an empty database on the server of `url`, give its URL, and drop it at the end."""
    name = f"test_{os.getpid()}_{next(_count)}"
    _on_server(url, f"create database {name}")
    try:
        yield urlsplit(url)._replace(path=f"/{name}").geturl()
    finally:
        _on_server(url, f"drop database {name} with (force)")


def _on_server(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(statement)  # type: ignore[call-overload]


def _home(settings: dict[str, str | int]) -> Path:
    """A short path, because a socket's path may have 107 bytes; owned by the server's user."""
    home = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    settings = settings | {"unix_socket_directories": str(home)}
    lines = (f"{name} = '{value}'\n" for name, value in settings.items())
    (home / "settings").write_text("".join(lines))
    if os.geteuid() == 0:
        os.chown(home, _owner().pw_uid, _owner().pw_gid)
        (home / "settings").chmod(0o644)
    return home


def _owner() -> pwd.struct_passwd:
    """Who runs the server when root calls: PostgreSQL refuses to run as root."""
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _start(bin_: Path, home: Path, log: Path) -> subprocess.Popen[str]:
    log.parent.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    as_owner = {}
    if os.geteuid() == 0:
        as_owner = {"user": _owner().pw_uid, "group": _owner().pw_gid, "extra_groups": []}
    with log.open("w") as errors:
        return subprocess.Popen(
            ["/bin/sh", "-c", GUARD, "postgres-guard", str(bin_), str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            cwd=home,
            start_new_session=True,
            **as_owner,
        )


if __name__ == "__main__":
    words = dict(word.split("=", 1) for word in sys.argv[1:])
    with running_cluster(log=LOG.with_name("postgres.log"), **words) as url_:
        print(url_, flush=True)
        with suppress(KeyboardInterrupt):
            sys.stdin.read()
