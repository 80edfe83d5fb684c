"""Numbers that all worker processes of a server count together."""

import fcntl
import logging
import mmap
import os
import tempfile
import threading

PROCESSES = 128  # at the same time; a new process takes the place of one that is gone
log = logging.getLogger("app.counters")


class Counters:
    """`size` numbers that only grow. Made before the server forks: each process adds to a row of
    its own in shared memory, so none waits for another and a killed one loses nothing; a reader
    sums the rows."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (open as long as the process lives)
        self._file.truncate(PROCESSES * size * 8)
        self._cells = memoryview(mmap.mmap(self._file.fileno(), 0)).cast("d")
        self._lock = threading.Lock()
        self._pid, self._start = 0, -1

    def add(self, amounts: dict[int, float]) -> None:
        """Add to numbers by their places 0 … size-1."""
        with self._lock:
            if self._pid != os.getpid():
                self._pid, self._start = os.getpid(), self._claim()
            if self._start >= 0:
                for place, amount in amounts.items():
                    self._cells[self._start + place] += amount

    def _claim(self) -> int:
        """Where the first row starts that no living process has: the kernel gives a lock on a
        byte of the file to one process and takes it back when that ends, however it ends."""
        for row in range(PROCESSES):
            try:
                fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, row)
                return row * self.size
            except OSError:
                continue
        log.error("more than %s processes: this one is not counted", PROCESSES)
        return -1

    def totals(self) -> list[float]:
        """The sums over all processes, those that are gone too."""
        return [sum(self._cells[place :: self.size]) for place in range(self.size)]
