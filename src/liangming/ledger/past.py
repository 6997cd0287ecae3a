"""Heads that were published before, each under a number of its own (docs/spec/tiles.md).

The published page shows one head, the newest. Once an hour, and at the first change after a start,
the head that is about to be replaced is kept with the cosignatures it had by then: ``heads/000``,
``heads/001`` … Whoever kept a head of us at some time can find its neighbours; whoever comes late
sees what was signed when nobody looked.

Numbers have no gap, so how many there are is found by asking for a few of them. What a kept head is
worth is for its reader to verify: it is a note like any other.
"""

from __future__ import annotations

from typing import Final

from liangming.errors import Refusal
from liangming.ledger.checkpoint import Checkpoint, Trust, open_checkpoint
from liangming.ledger.codes import CONSISTENCY_FAILED, FORKED
from liangming.ledger.head import Head
from liangming.ledger.ports import Absent, TileStore
from liangming.ledger.prove import Prover
from liangming.ledger.tiles import number_path

EVERY: Final = 3_600_000_000  # µs between two heads that are kept
_FOLDER: Final = "heads"
_REMEMBERED: Final = 4096


def kept_path(number: int) -> str:
    """Where a kept head is served."""
    return f"{_FOLDER}/{number_path(number)}"


class Past:
    """The kept heads of one log, in the order of their numbers; safe for threads.

    Args:
        tiles: the log's files.
    """

    def __init__(self, tiles: TileStore) -> None:
        self._tiles = tiles
        self._known = 0  # so many there are at least
        self._held: dict[int, bytes] = {}

    def count(self) -> int:
        """How many are kept.

        Raises:
            Outage: ``ledger.store-failed``.
        """
        low, step = self._known, 1
        while self._there(low + step - 1):
            low, step = low + step, step * 2
        while step := step // 2:
            if self._there(low + step - 1):
                low += step
        self._known = max(self._known, low)
        return low

    def get(self, number: int) -> bytes:
        """A kept head; its bytes never change.

        Raises:
            Absent: there is none.
            Outage: ``ledger.store-failed``.
        """
        found = self._held.get(number)
        if found is None:
            found = self._tiles.get(kept_path(number))
            if len(self._held) >= _REMEMBERED:
                self._held.clear()
            self._held[number] = found
        return found

    def keep(self, note: bytes) -> None:
        """Keep a head, durably; the one that was kept last is not kept twice.

        Raises:
            Outage: ``ledger.store-failed``: it may be kept or not; try again.
        """
        number = self.count()
        if number == 0 or self.get(number - 1) != note:
            self._tiles.keep(kept_path(number), note)
            self._known = number + 1

    def _there(self, number: int) -> bool:
        try:
            self.get(number)
        except Absent:
            return False
        return True


def opened(note: bytes, trust: Trust) -> Checkpoint:
    """A kept head, believed. A quorum is not asked for: it is of the time when it was published.

    Raises:
        Refusal, Misuse: as :func:`open_checkpoint`.
    """
    return open_checkpoint(note, Trust(trust.origin, trust.log_keys, trust.cosigners))


def verify_past(tiles: TileStore, trust: Trust, head: Head) -> int:
    """Hold every kept head against the newest; returns how many there are.

    Raises:
        Refusal: ``ledger.forked`` when one of them is of another log; codes of a head or a tile.
    """
    past, prover = Past(tiles), Prover(tiles, head, remember=64)
    count = past.count()
    for number in range(count):
        hold_against(prover, opened(past.get(number), trust).head, head)
    return count


def hold_against(prover: Prover, kept: Head, head: Head) -> None:
    """See that the newest head keeps everything of an earlier one.

    Raises:
        Refusal: ``ledger.forked``; codes of a damaged tile.
    """
    if kept.size > head.size or (kept.size == head.size and kept.root != head.root):
        raise Refusal(FORKED)
    if 0 < kept.size < head.size:
        try:
            prover.consistency(kept)
        except Refusal as failure:
            if failure.code is not CONSISTENCY_FAILED:
                raise
            raise Refusal(FORKED) from failure
