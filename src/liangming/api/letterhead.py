"""An answer as the bytes that leave a socket; what a thousand answers share is spelled once."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

from liangming.api.language import Language
from liangming.api.reply import HTML, Header, Reply

ALWAYS: Final[tuple[Header, ...]] = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"vary", b"accept-language"),
)
SIMULATED: Final[Header] = (b"liangming-simulated", b"outcomes prove nothing")
SHUT: Final[Header] = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")

_STATUS: Final = {
    status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode() for status in HTTPStatus
}
_Kind = tuple[bytes, Language | None, bool]


def headers_of(reply: Reply) -> list[Header]:
    """All headers of an answer but those that the server adds."""
    headers = [(b"content-type", reply.media), *ALWAYS, *reply.headers]
    if reply.media is not HTML:
        headers.append(SHUT)
    if reply.language is not None:
        headers.append((b"content-language", reply.language.encode()))
    if reply.request:
        headers.append((b"request-id", reply.request.encode()))
    if reply.simulated:
        headers.append(SIMULATED)
    if reply.parts is None:
        headers.append((b"content-length", str(len(reply.body)).encode()))
    return headers


class Letterhead:
    """Writes answers of one server, each with the headers of :func:`headers_of` in their order."""

    def __init__(self) -> None:
        self._servers: Sequence[Header] = ()
        self._spelled = b""
        self._blocks: dict[_Kind, tuple[bytes, bytes, bytes]] = {}

    def write(self, reply: Reply, servers: Sequence[Header], *, close: bool) -> bytes:
        """Status line, headers and body.

        Args:
            reply: no stream, with the id of its call.
            servers: headers that the server adds; another list when they changed.
            close: whether the connection ends with it.
        """
        if servers is not self._servers:
            self._servers, self._spelled = servers, _lines(servers)
        kind = (reply.media, reply.language, reply.simulated)
        blocks = self._blocks.get(kind)
        if blocks is None:
            blocks = self._blocks[kind] = _blocks(reply)
        own = b"".join([b"%b: %b\r\n" % header for header in reply.headers])
        before, between, after = blocks
        body = reply.body
        end = b"connection: close\r\n\r\n" if close and not reply.closes else b"\r\n"
        return b"%b%b%b%b%b%b%b%d\r\n%b%b" % (
            _STATUS[reply.status],
            self._spelled,
            before,
            own,
            between,
            reply.request.encode(),
            after,
            len(body),
            end,
            body,
        )


def _lines(headers: Sequence[Header]) -> bytes:
    return b"".join([b"%b: %b\r\n" % header for header in headers])


def _blocks(reply: Reply) -> tuple[bytes, bytes, bytes]:
    """What stands before an answer's own headers, up to its id, and up to its length."""
    between = [] if reply.media is HTML else [SHUT]
    if reply.language is not None:
        between.append((b"content-language", reply.language.encode()))
    after = [SIMULATED] if reply.simulated else []
    return (
        _lines([(b"content-type", reply.media), *ALWAYS]),
        _lines(between) + b"request-id: ",
        b"\r\n" + _lines(after) + b"content-length: ",
    )
