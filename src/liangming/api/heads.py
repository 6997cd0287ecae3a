"""A head that came before on its connection is not parsed again.

A client that keeps its connection sends one head all day: the same bytes but for the length of the
body, and for what names the single call. So the head of a call that went the short way
(:mod:`liangming.api.wire`) is remembered for its connection, with those values left open; where the next read
begins with the same bytes and holds one whole call, what the parser made of them then is what it would make of
them now. All bytes are compared and nothing is guessed; whatever differs goes to the parser.

A head is learned only where reading it in this simple way gave exactly what the parser gave. It is gone with its
connection, and holds the key of its client as the connection's last call does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from liangming.api.call import WANTED, wanted
from liangming.api.language import Language, preferred

if TYPE_CHECKING:
    from liangming.access import Presented

_LENGTH: Final = b"content-length"
_OPEN: Final = frozenset(
    {_LENGTH, b"idempotency-key", b"traceparent", b"x-correlation-id", b"x-request-id"}
)
"""What differs from call to call, and decides nothing about how the rest is read."""
_MOST_DIGITS: Final = 9
_plain: Final = re.compile(rb"[!-~]+").fullmatch  # what a parser takes as it stands

Place = tuple[bytes, int, bytes]
"""What stands before an open value, the length of that, and the header's name."""


class Head:
    """The head of a POST, as one client sends it.

    Args:
        places: the open values, in their order.
        end: what stands behind the last of them.
        headers: those that a call looks at, with the values that were there.

    Attributes:
        language: to answer in.
        presented: the key that it carries, once somebody looked at it.
    """

    __slots__ = ("_end", "_headers", "_places", "language", "presented")

    def __init__(self, places: Sequence[Place], end: bytes, headers: dict[bytes, bytes]) -> None:
        self._places = tuple(places)
        self._end = end
        self._headers = headers
        self.language: Language = preferred(headers.get(b"accept-language"))
        self.presented: Presented | None = None

    @classmethod
    def of(cls, head: bytes, url: bytes, headers: Sequence[tuple[bytes, bytes]]) -> Head | None:
        """From a head and what the parser made of it; None where the two are not plainly the same.

        Args:
            head: up to and with the empty line.
            url: where it goes.
            headers: names in lower case, in their order.
        """
        first, *lines = head.split(b"\r\n")
        if first != b"POST %b HTTP/1.1" % url or lines[len(headers) :] != [b"", b""]:
            return None
        places: list[Place] = []
        fixed = first + b"\r\n"
        for line, (name, value) in zip(lines, headers, strict=False):
            said = line[: len(name)]
            if line != said + b": " + value or said.lower() != name:
                return None
            if name in _OPEN:
                fixed += said + b": "
                places.append((fixed, len(fixed), name))
                fixed = b"\r\n"
            else:
                fixed += line + b"\r\n"
        names = [name for *_, name in places]
        if names.count(_LENGTH) != 1 or len({*names}) != len(names):
            return None
        return cls(places, fixed + b"\r\n", wanted(headers))

    def read(self, data: bytes) -> tuple[dict[bytes, bytes], bytes] | None:
        """The headers of interest and the body, where this is one whole call with this head."""
        at = length = 0
        headers = self._headers.copy()
        for fixed, size, name in self._places:
            if not data.startswith(fixed, at):
                return None
            at += size
            end = data.find(b"\r", at)
            value = data[at:end]
            if name == _LENGTH:
                if end - at > _MOST_DIGITS or not value.isdigit():
                    return None
                length = int(value)
            elif _plain(value) is None:
                return None
            if name in WANTED:
                headers[name] = value
            at = end
        if not data.startswith(self._end, at):
            return None
        at += len(self._end)
        return (headers, data[at:]) if len(data) == at + length else None
