"""Browsers that wait for each answer before they ask again: raw sockets and epoll in one thread,
so that the client takes little from the cores it shares with the server.

wrk would be the usual tool, but it cannot tell which answer belongs to which request in a mix, and
cannot look inside a packed one to see whether a dose was saved.
"""

import select
import socket
import time
from collections.abc import Iterator
from typing import NamedTuple

LONGEST_WAIT = 30.0


class Sent(NamedTuple):
    """A request as bytes. kind: "dose", "lookup" …; ref: what the caller knows it by."""

    kind: str
    data: bytes
    ref: int = 0


class Answer(NamedTuple):
    """status 0: none came. at and took in seconds, `at` from the beginning of the run."""

    kind: str
    ref: int
    status: int
    at: float
    took: float
    head: bytes
    body: bytes


class _Line:
    """One connection; it is opened again whenever the server closes it."""

    def __init__(self, address: tuple[str, int], poll: select.epoll) -> None:
        self.address, self.poll, self.socket = address, poll, None
        self.sent: Sent | None = None

    def send(self, request: Sent) -> None:
        self.sent, self.since, self.buffer, self.need = request, time.perf_counter(), b"", 0
        if self.socket is None:
            self.socket = socket.create_connection(self.address)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.socket.setblocking(False)
            self.poll.register(self.socket, select.EPOLLIN)
        self.fresh = False
        self.socket.send(request.data)

    def close(self) -> None:
        if self.socket is not None:
            self.poll.unregister(self.socket)
            self.socket.close()
            self.socket = None

    def receive(self) -> bool:
        """Take what is there; True when the answer is whole (or will never be)."""
        try:
            piece = self.socket.recv(262144)
        except ConnectionError:
            piece = b""
        self.buffer += piece
        if not self.need:
            self.need = _length(self.buffer)
        return not piece or bool(self.need and len(self.buffer) >= self.need)


def _length(buffer: bytes) -> int:
    """Of head and body together; 0 as long as the head is not whole."""
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return 0
    start = buffer.lower().find(b"content-length:", 0, end)
    if start < 0:
        return 1 << 40  # up to the end of the connection
    return end + 4 + int(buffer[start + 15 : buffer.index(b"\r\n", start)])


def run(
    address: tuple[str, int], requests: Iterator[Sent], seconds: float, connections: int = 16
) -> list[Answer]:
    """Send `requests` over so many connections for so long; what is under way at the end is
    waited for. Ends early when the requests do."""
    poll, answers, lines = select.epoll(), [], {}
    start = time.perf_counter()
    end = start + seconds
    for _ in range(connections):
        line, request = _Line(address, poll), next(requests, None)
        if request is not None:
            line.send(request)
            lines[line.socket.fileno()] = line
    while lines:
        ready = poll.poll(LONGEST_WAIT)
        if not ready:
            answers += [_answer(line, start, b"") for line in lines.values()]
            break
        for number, _event in ready:
            line = lines[number]
            if not line.receive():
                continue
            answer = _answer(line, start, line.buffer)
            answers.append(answer)
            if answer.status == 0 or b"connection: close" in answer.head.lower():
                line.close()
            request = next(requests, None) if time.perf_counter() < end else None
            del lines[number]
            if request is None:
                line.close()
            else:
                line.send(request)
                lines[line.socket.fileno()] = line
    poll.close()
    return answers


def _answer(line: _Line, start: float, buffer: bytes) -> Answer:
    now = time.perf_counter()
    head, _, body = buffer.partition(b"\r\n\r\n")
    whole = bool(line.need) and (len(buffer) >= line.need or line.need == 1 << 40)
    status = int(head[9:12]) if whole else 0
    return Answer(line.sent.kind, line.sent.ref, status, now - start, now - line.since, head, body)
