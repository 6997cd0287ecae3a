"""A call on the short way, as far as the server's general way looks at it.

uvicorn knows a call as a cycle: whether its body is whole, whether it was answered, whether its client is
there. A call that goes the short way (:mod:`liangming.api.wire`) is one, too, so that calls of both ways can follow
each other on one connection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from liangming.api.reply import Reply
from liangming.api.turns import Asked

if TYPE_CHECKING:
    import asyncio


class Wire(Protocol):
    """The connection that a call came on."""

    cycle: Any
    transport: asyncio.Transport

    def send(self, cycle: ShortCycle, reply: Reply) -> None:
        """Send the answer to a call, if somebody is still there."""
        ...

    def start(self, cycle: ShortCycle) -> None:
        """Answer a call in a task of its own."""
        ...


class _Nobody:
    """An event for which nobody waits."""

    def set(self) -> None:
        """Nothing to wake."""


_NOBODY: Final = _Nobody()


class ShortCycle(Asked):
    """What the general way knows as a cycle, as far as it looks at one while ours is under way."""

    __slots__ = (
        "before",
        "body",
        "disconnected",
        "joined",
        "keep_alive",
        "more_body",
        "path",
        "response_complete",
        "wire",
    )
    message_event = _NOBODY

    def __init__(self, wire: Wire, path: str, *, joined: bool) -> None:
        self.wire = wire
        self.before: Any = wire.cycle  # the call before, which may not be answered yet
        self.path = path
        self.joined = joined
        self.body = b""
        self.more_body = True
        self.keep_alive = True
        self.disconnected = False
        self.response_complete = False

    def answer(self, reply: Reply) -> None:
        """Send the answer, if anybody is still there."""
        self.wire.send(self, reply)

    def go_alone(self) -> None:
        """In a task of its own."""
        self.wire.start(self)

    def break_off(self) -> None:
        """End the connection."""
        self.wire.transport.close()
