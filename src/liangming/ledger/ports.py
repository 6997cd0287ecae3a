"""What the log needs from the world."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from liangming.errors import Refusal
from liangming.ledger.codes import ABSENT
from liangming.ledger.head import Head
from liangming.ledger.note import SignatureLine


class Absent(Refusal):
    """The one exception that means: there is nothing at this path."""

    def __init__(self, path: str = "") -> None:
        super().__init__(ABSENT, field=path or None)


class TileStore(Protocol):
    """Files under a log's prefix: a folder, or a bucket.

    Durability: :meth:`put` and :meth:`replace` make bytes visible whole or not at all, and
    durable only after :meth:`sync` of the same path returns; :meth:`keep` is both at once.
    Concurrency: any number of readers; writers may collide on a path only with equal bytes.
    Retries: every method may be repeated after an outage with the same arguments.
    Failure: ``Outage(ledger.store-failed)``, ``Outage(ledger.store-full)``; the write may or may not
        have happened.
    Absence: :class:`Absent`, from :meth:`get` only.
    """

    def get(self, path: str) -> bytes:
        """The bytes at a path."""
        ...

    def put(self, path: str, data: bytes) -> None:
        """Write bytes that never change; the same bytes again are fine.

        Raises:
            Refusal: ``ledger.tile-conflict`` when other bytes are there; they stay.
        """
        ...

    def put_all(self, writes: Sequence[tuple[str, bytes]]) -> None:
        """As :meth:`put` for each, in any order and perhaps side by side.

        Raises:
            Refusal: ``ledger.tile-conflict``; some of the others may have been written.
        """
        ...

    def keep(self, path: str, data: bytes) -> None:
        """As :meth:`put`, and durable when it returns."""
        ...

    def replace(self, path: str, data: bytes) -> None:
        """Write bytes over whatever is there (only the checkpoint is ever replaced)."""
        ...

    def sync(self, paths: Collection[str]) -> None:
        """Make these paths durable, whoever wrote them; absent ones are passed over."""
        ...

    def drop(self, path: str) -> None:
        """Remove a file or a folder of files; nothing there is fine."""
        ...

    def names(self, folder: str) -> list[str]:
        """Paths of the files directly in a folder; none when there is no such folder."""
        ...


@dataclass(frozen=True, slots=True)
class Held:
    """The row that decides what the log is.

    Attributes:
        checkpoint: the signed head.
        at_micros: when it was signed; never less than in the row before it.
    """

    checkpoint: bytes
    at_micros: int


class HeadStore(Protocol):
    """The lock row: the latest signed head of each log, in a place of its own.

    Durability: a swap that returned True survives a crash.
    Concurrency: swaps are atomic across processes; at most one of several wins.
    Failure: ``Outage(ledger.store-failed)``; the swap may or may not have happened, and the
    caller reads again to find out.
    Absence: None.
    """

    def load(self, origin: str) -> Held | None:
        """The row of a log."""
        ...

    def swap(self, origin: str, old: Held | None, new: Held) -> bool:
        """Put ``new`` where ``old`` is. False when something else is there."""
        ...


class Witness(Protocol):
    """Somebody who watches the log and cosigns what is consistent.

    Failure: ``Outage(ledger.witness-down)``, ``Outage(ledger.witness-slow)``,
    ``Refusal(ledger.witness-lied)``, ``Refusal(ledger.witness-ahead)``; all leave the log as it is.
    It may be asked again at any time, with the same or a newer checkpoint, by one thread at a time.
    """

    def cosign(
        self, checkpoint: bytes, head: Head, prove: Callable[[int], list[bytes]]
    ) -> Sequence[SignatureLine]:
        """Cosignatures on a checkpoint; ``prove(size)`` gives the proof from an older size."""
        ...
