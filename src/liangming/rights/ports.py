"""What this room needs from the world beside the docket: a file that outlives the database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol


class ErasureFile(Protocol):
    """An append-only list of lines that is no part of any database backup.

    Durability: ``append`` returns after the disk has the line. Concurrency: several processes on
    one machine may append. A crash in the middle of a line leaves a torn end, which the next
    append ends and readers leave out: nothing was promised for it.
    """

    def append(self, line: bytes) -> None:
        """Add one line, without its newline.

        Raises:
            Outage: ``rights.erasure-file-unavailable``.
        """
        ...

    def lines(self) -> Iterator[bytes]:
        """Every whole line in order; none if the file does not exist yet.

        Raises:
            Outage: ``rights.erasure-file-unavailable``.
        """
        ...


class MemoryErasures:
    """An erasure file for demos and tests that keep nothing: gone with the process."""

    def __init__(self) -> None:
        self._lines: list[bytes] = []

    def append(self, line: bytes) -> None:
        """Add one line."""
        self._lines.append(line)

    def lines(self) -> Iterator[bytes]:
        """Every line in order."""
        return iter(list(self._lines))
