"""The ways a message leaves: a provider behind HTTP, or a folder (demo and tests)."""

import json
import os
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Any, Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

TIMEOUT = 10  # seconds
LARGEST = 65_536  # bytes of an answer that are read


class NotSent(Exception):
    """The message did not leave. `code`: why, in a word for the administrator."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Refused(NotSent):
    """The gateway surely did not take it; another one may."""


class Unsure(NotSent):
    """Nobody knows whether it was taken: only the same gateway, which knows the reference again,
    may be asked once more."""


class Unfit(NotSent):
    """No gateway will ever take it (no such number)."""


class Gateway(Protocol):
    """`name` tells gateways apart in the records."""

    name: str

    def send(self, reference: str, phone: str, text: str) -> str:
        """Send once, however often it is called with this reference; the gateway's own id.
        Raises NotSent."""


class Folder:
    """One file for each message, named by its reference."""

    def __init__(self, path: str) -> None:
        self.name, self.path = "folder", Path(path)
        self.path.mkdir(parents=True, exist_ok=True)

    def send(self, reference: str, phone: str, text: str) -> str:
        """Written whole and then given its name, which only the first gets."""
        draft = self.path / f".{reference}.{os.getpid()}"
        draft.write_text(json.dumps({"to": phone, "text": text}) + "\n")
        try:
            os.link(draft, self.path / f"{reference}.json")
        except FileExistsError:
            pass  # it left before
        finally:
            draft.unlink()
        return reference


class _Stay(HTTPRedirectHandler):
    """A message is not carried to another address, nor is the key."""

    def redirect_request(self, *_given: Any) -> None:
        return None


class Provider:
    """POST {"reference", "to", "text"}; the answer holds {"id"}. The reference is the idempotency
    key; the address may not be left."""

    def __init__(self, url: str, key: str) -> None:
        self.name, self.url, self.key = urlsplit(url).hostname or "", url, key
        self.opener = build_opener(_Stay)

    def send(self, reference: str, phone: str, text: str) -> str:
        """One request; what its failure means stands in `_meaning`."""
        body = {"reference": reference, "to": f"+84{phone[1:]}", "text": text}
        request = Request(
            self.url, json.dumps(body).encode(), {
                "Content-Type": "application/json", "Authorization": f"Bearer {self.key}",
                "Idempotency-Key": reference,
            },
        )  # fmt: skip
        try:
            with self.opener.open(request, timeout=TIMEOUT) as answer:
                return _id(answer)
        except HTTPError as wrong:
            raise _meaning(wrong.code) from None
        except URLError:
            raise Refused("no_connection") from None  # nothing was sent whole
        except (OSError, HTTPException):
            raise Unsure("no_answer") from None


def _id(answer: HTTPResponse) -> str:
    """It was taken, whatever the body says."""
    try:
        told = json.loads(answer.read(LARGEST))
        return str(told["id"])[:100]
    except (ValueError, KeyError, TypeError):
        return ""


def _meaning(status: int) -> NotSent:
    code = f"http_{status}"
    if status in (400, 422):
        return Unfit(code)
    # A proxy says these when it does not know what became of the request.
    return Unsure(code) if status in (502, 504) else Refused(code)


def at(url: str, key: str) -> Gateway:
    """The gateway that a setting names: file:///folder or https://…"""
    parts = urlsplit(url)
    return Folder(parts.path) if parts.scheme == "file" else Provider(url, key)
