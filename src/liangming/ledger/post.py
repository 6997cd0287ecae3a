"""Posts to one witness over HTTP, on the standard library's client: bounded in time and size.

The connection is kept open between posts. The whole of a post has one deadline: a timer cuts the
connection, so that a server that sends a byte now and then cannot hold the thread. Redirects are
not followed, proxies not used: the address is the operator's own word.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection, IncompleteRead
from typing import Final
from urllib.parse import urlsplit

from liangming.errors import Kind, Misuse, Outage, Refusal, declare
from liangming.ledger.codes import WITNESS_DOWN, WITNESS_LIED, WITNESS_SLOW

ADDRESS_UNFIT: Final = declare(
    "ledger.witness-address",
    Kind.INVALID,
    zh="见证人的网址不合适，应以 http:// 或 https:// 开头，不带账号、参数或片段。",
    en="A witness's address does not fit: it begins with http:// or https:// and has no account,"
    " query or fragment.",
)
DEADLINE: Final = 5.0  # seconds for a whole post
LARGEST: Final = 64 * 1024  # bytes of an answer; two signatures take five


class HttpPost:
    """Posts to ``<address>/add-checkpoint``. One thread at a time.

    Args:
        address: the witness's submission prefix.
        deadline: seconds for a whole post.

    Raises:
        Misuse: ``ledger.witness-address``.
    """

    def __init__(self, address: str, *, deadline: float = DEADLINE) -> None:
        try:
            parts = urlsplit(address)
            port, host = parts.port, parts.hostname
        except ValueError:
            raise Misuse(ADDRESS_UNFIT) from None
        plain = parts.scheme in ("http", "https") and not (parts.query or parts.fragment)
        if not plain or not host or parts.username is not None or not address.isascii():
            raise Misuse(ADDRESS_UNFIT)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._path = parts.path.rstrip("/") + "/add-checkpoint"
        self._connection = kind(host, port, timeout=deadline)
        self._deadline = deadline

    def __call__(self, body: bytes) -> tuple[int, bytes]:
        """Status and body of the answer.

        Raises:
            Outage: ``ledger.witness-down``, ``ledger.witness-slow``.
            Refusal: ``ledger.witness-lied``: an answer longer than any can be.
        """
        late = threading.Event()
        timer = threading.Timer(self._deadline, self._cut, (late,))
        timer.daemon = True
        timer.start()
        reused = self._connection.sock is not None
        try:
            try:
                return self._post(body, late)
            except (OSError, HTTPException):
                # A kept connection may have been closed since; asking twice is harmless.
                self._connection.close()
                if not reused or late.is_set():
                    raise
                return self._post(body, late)
        except TimeoutError:
            self._connection.close()
            raise Outage(WITNESS_SLOW, retry_after=1) from None
        except (OSError, HTTPException, ValueError):
            self._connection.close()
            raise Outage(WITNESS_SLOW if late.is_set() else WITNESS_DOWN, retry_after=1) from None
        finally:
            timer.cancel()

    def _post(self, body: bytes, late: threading.Event) -> tuple[int, bytes]:
        headers = {"Content-Type": "text/plain; charset=utf-8"}
        self._connection.request("POST", self._path, body, headers)
        answer = self._connection.getresponse()
        data = answer.read(LARGEST + 1)
        if len(data) > LARGEST:
            self._connection.close()
            raise Refusal(WITNESS_LIED)
        if late.is_set() or answer.length:  # cut off: by our timer, or by the other side
            raise IncompleteRead(b"")
        return answer.status, data

    def _cut(self, late: threading.Event) -> None:
        late.set()
        sock = self._connection.sock
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let the connection go."""
        self._connection.close()
