"""What is said on a connection within one turn of the loop leaves in one write.

The general way says an answer in two or three messages: its head, its parts, its end. Each would be a
write of its own, and each write wakes the client, which costs more than all that Python does meanwhile. So
messages wait here until the answer is whole, or until the turn of the loop is over: nobody waits for
what is yet to be made.
"""

from __future__ import annotations

import asyncio
from typing import Final

MOST: Final = (
    262_144  # bytes that wait; more goes on at once, and the transport says when it is too much
)


class Gathering:
    """The writing half of a transport, as an answer on the general way uses it.

    Args:
        transport: of the connection.
        loop: that it belongs to.
    """

    __slots__ = ("_held", "_loop", "_size", "_transport")

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._held: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> None:
        """Say this behind what was said."""
        if not self._held:
            self._loop.call_soon(self.flush)
        self._held.append(data)
        self._size += len(data)
        if self._size > MOST:
            self.flush()

    def flush(self) -> None:
        """Let it go."""
        held, self._held, self._size = self._held, [], 0
        if held and not self._transport.is_closing():
            self._transport.write(b"".join(held))

    def is_closing(self) -> bool:
        """Whether the connection ends."""
        return self._transport.is_closing()

    def close(self) -> None:
        """End the connection behind what was said."""
        self.flush()
        self._transport.close()
