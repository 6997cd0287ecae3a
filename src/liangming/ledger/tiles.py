"""Which bytes go where (docs/spec/tiles.md, c2sp.org/tlog-tiles). Pure: nothing is stored here.

A log of n leaves is a set of immutable files: hash tiles of up to 256 hashes and entry bundles of
up to 256 entries. The *edge* is what must be remembered to go on: the frontier of the tree and
the bytes of the rightmost, unfinished tile of each level (at most 8 KiB a level).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from liangming.errors import Misuse, Refusal
from liangming.ledger.codes import LEAVES_UNFIT, TILE_TRUNCATED
from liangming.ledger.head import Head
from liangming.ledger.merkle import HASH_BYTES, Frontier, leaf_hashes

WIDTH: Final = 256
HEIGHT: Final = 8
TILE_BYTES: Final = WIDTH * HASH_BYTES
CHECKPOINT: Final = "checkpoint"
LONGEST_ENTRY: Final = 0xFFFF
MOST_ENTRIES: Final = 1 << 20

Write = tuple[str, bytes]
"""A path under the log's prefix, and the bytes that belong there."""


def number_path(number: int) -> str:
    """A tile's number in groups of three digits: 1234067 → ``x001/x234/067``."""
    text = f"{number % 1000:03d}"
    while number := number // 1000:
        text = f"x{number % 1000:03d}/{text}"
    return text


def tile_path(level: int, number: int, width: int = WIDTH) -> str:
    """Where a hash tile is served."""
    return _path(str(level), number, width)


def bundle_path(number: int, width: int = WIDTH) -> str:
    """Where an entry bundle is served."""
    return _path("entries", number, width)


def _path(level: str, number: int, width: int) -> str:
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{number_path(number)}{partial}"


def partial_folders(size: int) -> set[str]:
    """Folders of the partial forms that a log of this size has."""
    full = {
        tile_path(level, count // WIDTH)
        for level, count in enumerate(widths(size))
        if count % WIDTH
    }
    if size % WIDTH:
        full.add(bundle_path(size // WIDTH))
    return {f"{path}.p" for path in full}


def widths(size: int) -> list[int]:
    """How many hashes each level holds in a tree of this size."""
    counts = []
    while size:
        counts.append(size)
        size //= WIDTH
    return counts


def pack(entries: Sequence[bytes]) -> bytes:
    """Entries behind their lengths (uint16, big-endian)."""
    lengths = set(map(len, entries))
    if len(lengths) == 1:  # as those of events are
        length = lengths.pop().to_bytes(2, "big")
        return length + length.join(entries)
    return b"".join([len(entry).to_bytes(2, "big") + entry for entry in entries])


def unpack(bundle: bytes, count: int) -> list[bytes]:
    """The first ``count`` entries of a bundle.

    Raises:
        Refusal: ``ledger.tile-truncated`` when they are not all there.
    """
    entries = []
    at, end = 0, len(bundle)
    for _ in range(count):
        start = at + 2
        at = start + int.from_bytes(bundle[at:start], "big")
        if start > end or at > end:
            raise Refusal(TILE_TRUNCATED)
        entries.append(bundle[start:at])
    return entries


def unpack_all(bundle: bytes, count: int) -> list[bytes]:
    """Exactly ``count`` entries and nothing behind them.

    Raises:
        Refusal: ``ledger.tile-truncated``.
    """
    entries = unpack(bundle, count)
    if sum(map(len, entries)) + 2 * count != len(bundle):
        raise Refusal(TILE_TRUNCATED)
    return entries


@dataclass(frozen=True, slots=True)
class Edge:
    """The right edge of a log: everything needed to append to it.

    Attributes:
        frontier: size and peaks of the tree.
        bundle: the unfinished entry bundle.
        rows: the unfinished hash tile of each level, level 0 first.
    """

    frontier: Frontier = field(default_factory=Frontier)
    bundle: bytes = b""
    rows: tuple[bytes, ...] = ()

    @property
    def size(self) -> int:
        """Number of leaves."""
        return self.frontier.size

    def head(self) -> Head:
        """The tree head at this edge."""
        return Head(self.frontier.size, self.frontier.root())


def edge_of(size: int, bundle: bytes, rows: Sequence[bytes]) -> Edge:
    """The edge of a log from the bytes of its unfinished tiles, level 0 first.

    Raises:
        Refusal: ``ledger.tile-truncated`` when a row has not the width that the size demands.
    """
    if [len(row) for row in rows] != [count % WIDTH * HASH_BYTES for count in widths(size)]:
        raise Refusal(TILE_TRUNCATED)
    peaks: list[bytes] = []
    for row in reversed(rows):
        hashes = [row[at : at + HASH_BYTES] for at in range(0, len(row), HASH_BYTES)]
        peaks += Frontier().extend(hashes)[0].peaks
    return Edge(Frontier(size, tuple(peaks)), bundle, tuple(rows))


def grow(edge: Edge, entries: Sequence[bytes]) -> tuple[Edge, list[Write]]:
    """Append entries.

    Returns:
        The new edge, and every file that a log of the new size has beyond the old one.

    Raises:
        Misuse: ``ledger.leaves-unfit``: too many entries, none, or one above 65,535 bytes.
    """
    if not 0 < len(entries) <= MOST_ENTRIES or max(map(len, entries)) > LONGEST_ENTRY:
        raise Misuse(LEAVES_UNFIT)
    writes: list[Write] = []
    bundle = _grow_bundles(edge, entries, writes)
    frontier, risen = edge.frontier.extend(leaf_hashes(entries))
    rows: list[bytes] = []
    for level in range(max(len(edge.rows), (len(risen) + HEIGHT - 1) // HEIGHT)):
        row = edge.rows[level] if level < len(edge.rows) else b""
        nodes = risen[level * HEIGHT] if level * HEIGHT < len(risen) else []
        if not nodes:
            rows.append(row)
            continue
        number = (edge.size >> level * HEIGHT) // WIDTH
        row += b"".join(nodes)
        full = len(row) // TILE_BYTES
        for tile in range(full):
            data = row[tile * TILE_BYTES : (tile + 1) * TILE_BYTES]
            writes.append((tile_path(level, number + tile), data))
        row = row[full * TILE_BYTES :]
        if row:
            writes.append((tile_path(level, number + full, len(row) // HASH_BYTES), row))
        rows.append(row)
    return Edge(frontier, bundle, tuple(rows)), writes


def _grow_bundles(edge: Edge, entries: Sequence[bytes], writes: list[Write]) -> bytes:
    """Fill entry bundles; the unfinished one is returned."""
    number, have = divmod(edge.size, WIDTH)
    bundle, taken = edge.bundle, 0
    while taken < len(entries):
        part = entries[taken : taken + WIDTH - have]
        bundle += pack(part)
        have += len(part)
        taken += len(part)
        writes.append((bundle_path(number, have), bundle))
        if have == WIDTH:
            number, have, bundle = number + 1, 0, b""
    return bundle
