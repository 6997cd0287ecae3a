"""Poured checks as they rest: one short row a check and one for its events, and their patterns.

The row of a poured check names a pattern (:mod:`liangming.check.pattern`) where others hold a state.
Its events share one row of ``leaves``: the first of their places and numbers, no tag, the key of the
pattern instead of facts, and their leaves one behind another. Here such rows become again what
they stand for; nothing above the stores knows of them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any, Final, TypeVar

import msgspec

from liangming.check.pattern import MARK, MOST_STEPS, Pattern
from liangming.check.ports import PASTS_DIFFER, STORE_DOWN, Change, CheckRow, LeafRow, Run
from liangming.errors import Outage, Refusal
from liangming.ledger.cutting import pieces
from liangming.ledger.leaf import LEAF_BYTES

RUN: Final = ""
"""Stands as tag of a row that holds a run of events."""
PATTERN_COLUMNS: Final = ("key", "data", "tags")
_REMEMBERED: Final = 4_096
MANY: Final = 50
"""Changes of one job whose leaves are worth cutting beside: a batch, not what came in one turn of the loop."""
_each: Final = struct.Struct(f"{LEAF_BYTES}s").iter_unpack

T = TypeVar("T")
Placed = tuple[int, LeafRow]


def pattern_columns(run: Run) -> tuple[Any, ...]:
    """A pattern; its tags stand between spaces, so that one of them can be found."""
    return (run.key, run.pattern, f" {' '.join(run.tags)} ")


def run_columns(check: CheckRow, run: Run) -> tuple[Any, ...]:
    """The events of a poured check as columns of ``leaves``; cut here where nobody did before.

    Raises:
        ValueError: their pattern was not learned.
    """
    leaves = run.leaves or _cut(run)
    return (check.id, 0, RUN, check.opened_at, run.key, leaves)


def _cut(run: Run) -> bytes:
    pattern = _cutting.get(run.key)
    if pattern is None:
        raise ValueError("no pattern to cut by")
    return pattern.cut(run.leaf_key, run.spelled)


_cutting: dict[bytes, Pattern] = {}
"""Patterns by which this process cuts leaves. A key names bytes, so it serves any store."""


def uncut(changes: Iterable[Change]) -> set[bytes]:
    """Keys of patterns by which leaves are to be cut, and that must be read for it."""
    missing: set[bytes] = set()
    for change in changes:
        run = change.run
        if run is None or run.leaves or run.key in _cutting:
            continue
        if run.pattern:
            learn_to_cut(run.pattern)
        else:
            missing.add(run.key)
    return missing - _cutting.keys()


def learn_to_cut(data: bytes) -> None:
    """Remember a pattern to cut by."""
    if len(_cutting) >= _REMEMBERED:
        _cutting.clear()
    pattern = Pattern(data)
    _cutting[pattern.key] = pattern


def share(changes: Sequence[Change], each: int = 1) -> Sequence[Change]:
    """The same changes, with the leaves of some poured ones cut here: what two processes do at once.

    Where this process has not seen a pattern pass, all of its leaves are left to the writer.

    Args:
        changes: a job's.
        each: of so many changes the first; all by default.
    """
    shared = list(changes)
    for place in range(0, len(shared), each):
        run = shared[place].run
        if run is None or run.leaves:
            continue
        if run.key not in _cutting:
            if not run.pattern:
                continue
            learn_to_cut(run.pattern)
        cut = Run(run.key, run.pattern, _cut(run), run.tags)
        shared[place] = msgspec.structs.replace(shared[place], run=cut)
    return shared


def length(leaf: Sequence[Any]) -> int:
    """How many places a row of ``leaves`` takes; ``leaf`` is its columns without the place."""
    return len(leaf[5]) // LEAF_BYTES if leaf[2] == RUN else 1


def split(
    rows: Iterable[Sequence[Any]], after: int = -1, limit: int | None = None
) -> list[tuple[int, bytes]]:
    """Rows of (place, tag, leaf) as single leaves after a place, no more than this."""
    found: list[tuple[int, bytes]] = []
    for place, tag, leaf in rows:
        if tag == RUN:
            found += [(place + n, one) for n, (one,) in enumerate(_each(leaf))]
        else:
            found.append((place, leaf))
    return cut(found, after, limit)


def stretch(rows: Sequence[Sequence[Any]], place: int, limit: int) -> list[bytes]:
    """Rows of (place, tag, leaf) as the leaves from a place on, no more than this.

    Cut as one where all are as long as leaves are: a row at a time costs seven times as much.

    Raises:
        Refusal: ``check.store-and-log-differ``: one is missing.
    """
    if not rows:
        return []
    places, tags, leaves = zip(*rows, strict=True)
    alone = [leaf for tag, leaf in zip(tags, leaves, strict=True) if tag != RUN]
    *starts, _ = accumulate(map(len, leaves), initial=places[0] * LEAF_BYTES)
    dense = starts == [each * LEAF_BYTES for each in places] and places[0] <= place
    if dense and set(map(len, alone)) <= {LEAF_BYTES}:
        joined = b"".join(leaves)
        begin = (place - places[0]) * LEAF_BYTES
        return pieces(joined[begin : begin + limit * LEAF_BYTES], LEAF_BYTES)
    found = split(rows, place - 1, limit)
    if [each for each, _ in found] != list(range(place, place + len(found))):
        raise Refusal(PASTS_DIFFER)
    return [leaf for _, leaf in found]


def before(after: int) -> int:
    """Where to begin to read, so that a run around this place is seen."""
    return after - MOST_STEPS


def cut(found: list[tuple[int, T]], after: int, limit: int | None) -> list[tuple[int, T]]:
    """What stands after a place, no more than this."""
    return [each for each in found if each[0] > after][:limit]


class Patterns:
    """The patterns that a store has read."""

    def __init__(self) -> None:
        self._known: dict[bytes, Pattern] = {}
        self._read: dict[bytes, Pattern] = {}

    def unknown(self, rows: Iterable[CheckRow | LeafRow]) -> list[bytes]:
        """Keys of patterns that these rows name and that have not been learned."""
        return [key for key in {_named(row) for row in rows} - self._known.keys() if key]

    def learn(self, rows: Iterable[Sequence[Any]]) -> None:
        """Remember patterns: rows of (key, data)."""
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        for key, data in rows:
            self._known[key] = Pattern(data)

    def check(self, row: CheckRow) -> CheckRow:
        """A check with its state.

        Raises:
            Outage: STORE_DOWN: its pattern is not in the store.
        """
        key = _named(row)
        if not key:
            return row
        return msgspec.structs.replace(row, body=self._of(key).body(row.id, row.opened_at))

    def leaves(self, placed: Iterable[Placed]) -> list[Placed]:
        """Every event by itself.

        Raises:
            Outage: STORE_DOWN: a pattern is not in the store.
        """
        found: list[Placed] = []
        for place, row in placed:
            key = _named(row)
            if key:
                each = self._of(key).leaves(row.check, row.at, row.leaf)
                found += [(place + leaf.number, leaf) for leaf in each]
            else:
                found.append((place, row))
        return found

    def read(self, place: int, check: str, at: int, data: bytes, leaf: bytes) -> list[Placed]:
        """The events of a run whose pattern was read beside it."""
        pattern = self._read.get(data)
        if pattern is None:
            pattern = self._read[data] = Pattern(data)
        return [(place + each.number, each) for each in pattern.leaves(check, at, leaf)]

    def _of(self, key: bytes) -> Pattern:
        pattern = self._known.get(key)
        if pattern is None:
            raise Outage(STORE_DOWN)
        return pattern


def _named(row: CheckRow | LeafRow) -> bytes:
    if isinstance(row, LeafRow):
        return row.facts if row.tag == RUN else b""
    return row.body[len(MARK) :] if row.body.startswith(MARK) else b""
