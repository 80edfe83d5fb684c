"""The real server on a free port of this machine, and what it costs in processor time."""

import contextlib
import os
import platform
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parent.parent
TICK = os.sysconf("SC_CLK_TCK")


class Settings(NamedTuple):
    """How gunicorn runs. worker_class None: as deploy/gunicorn.conf.py says."""

    workers: int
    threads: int
    worker_class: str | None = None


class Server(NamedTuple):
    """A running server."""

    address: tuple[str, int]
    pid: int


@contextlib.contextmanager
def serving(module: str, settings: Settings, env: dict[str, str]) -> Iterator[Server]:
    """Run `module` (as gunicorn names it) until the end of the block; its log goes to a file."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py"]
    command += ["-k", settings.worker_class] if settings.worker_class else []
    more = {
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "WEB_CONCURRENCY": str(settings.workers),
        "DB_CONNECTIONS": str(settings.threads),
    }
    with tempfile.NamedTemporaryFile(prefix="bench-", suffix=".log") as log:
        process = subprocess.Popen(
            [*command, module], cwd=ROOT, env=os.environ | env | more, stdout=log, stderr=log
        )
        try:
            _wait(port, process, log.name)
            yield Server(("127.0.0.1", port), process.pid)
        finally:
            process.terminate()
            process.wait(timeout=60)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def _wait(port: int, process: subprocess.Popen, log: str) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError(f"The server did not start:\n{Path(log).read_text()[-3000:]}")


def cpu_seconds(pid: int) -> float:
    """Processor time of a process and all its children, also of those that have ended."""
    total = _ticks(pid, ended_too=True)
    for child in children(pid):
        total += _ticks(child, ended_too=True)
    return total / TICK


def busy_seconds() -> float:
    """Processor time of everything on this machine, and what the host took away."""
    words = Path("/proc/stat").read_text().splitlines()[0].split()[1:]
    idle, waiting = 3, 4
    return sum(int(word) for n, word in enumerate(words[:8]) if n not in (idle, waiting)) / TICK


def _ticks(pid: int, ended_too: bool) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(int(field) for field in fields[11 : 15 if ended_too else 13])


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def machine(database: str) -> dict[str, Any]:
    """What the figures were measured on."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    return {
        "cpu": model,
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "python": platform.python_version(),
        "postgresql": database,
        "load_before": os.getloadavg()[0],
    }
