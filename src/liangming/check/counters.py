"""What a device's own counter says around a check; the rooms above know how to find it.

A device keeps a running count of the frames its camera gave, and signs it now and then, or for one
check (``device:camera:counted``, docs/spec/device-event.md). A receipt carries these lines as they
were signed, each with its leaf, and the leaf that names the device's key.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple

from liangming.check.ports import LeafRow

COUNTED: Final = "device:camera:counted"
ENROLLED: Final = "device:register:enrolled"


class OpenLeaf(NamedTuple):
    """A leaf with its place in the log and the key that opens it."""

    place: int
    row: LeafRow
    key: bytes


class SignedLine(NamedTuple):
    """A device event as it was signed, and its leaf."""

    line: bytes
    leaf: OpenLeaf


class DeviceCount(NamedTuple):
    """The counts of one device around a check."""

    device: str
    key: str  # base 64 of the public key
    enrolled: OpenLeaf
    lines: tuple[SignedLine, ...]

    @property
    def leaves(self) -> list[OpenLeaf]:
        """All of its leaves."""
        return [self.enrolled, *(line.leaf for line in self.lines)]


class Around(NamedTuple):
    """A check, and the time that it took, in µs."""

    check: str
    since: int
    until: int


Counters = Callable[[str, Around], Awaitable[DeviceCount | None]]
"""The counts of a device that stood at a check; None when there are none, or not yet."""
