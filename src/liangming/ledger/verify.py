"""The whole log read back from its bytes, in one pass and in flat memory.

For each bundle, in this order: 1 the entries' form → 2 their leaf hashes against the level 0
tile → 3 full tiles upwards, each against its stored bytes → 4 at the end, the unfinished tiles
and the root against the signed head → 5 every head that was kept before, against this one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from liangming.errors import Refusal
from liangming.ledger.checkpoint import Checkpoint, Trust, open_checkpoint
from liangming.ledger.codes import (
    FORKED,
    LEAF_HASH_WRONG,
    ROLLED_BACK,
    TILE_CORRUPT,
    TILE_TRUNCATED,
)
from liangming.ledger.head import Head
from liangming.ledger.leaf import check_leaf
from liangming.ledger.merkle import HASH_BYTES, Frontier, leaf_hashes
from liangming.ledger.past import verify_past
from liangming.ledger.ports import TileStore
from liangming.ledger.prove import Prover, read_bundle, read_tile
from liangming.ledger.tiles import (
    CHECKPOINT,
    HEIGHT,
    TILE_BYTES,
    WIDTH,
    bundle_path,
    edge_of,
    tile_path,
    widths,
)

Progress = Callable[[int, int], None]
"""Called with (leaves verified, leaves in all) now and then."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What a comparison of two heads proved: the newer keeps everything of the older."""

    old: Head
    new: Head
    proof: tuple[bytes, ...]


def fsck(
    store: TileStore,
    trust: Trust,
    *,
    progress: Progress | None = None,
    any_entries: bool = False,
) -> Checkpoint:
    """Verify every stored byte of a log that its published checkpoint answers for.

    Args:
        store: the log's files.
        trust: whose signatures count.
        progress: told every 65,536 leaves.
        any_entries: accept entries that are not leaves of ours (another program's log).

    Returns:
        The checkpoint, now known to be borne out by the files.

    Raises:
        Refusal: the first thing that is wrong: ``ledger.absent``, ``ledger.tile-truncated``,
            ``ledger.leaf-hash-wrong``, ``ledger.tile-corrupt``, ``ledger.leaf-version``,
            ``ledger.forked`` when a kept head is of another past, or a code of a checkpoint.
    """
    checkpoint = open_checkpoint(store.get(CHECKPOINT), trust)
    size = checkpoint.head.size
    rows = [bytearray() for _ in widths(size)]
    bundle = b""
    for number in range(-(-size // WIDTH)):
        count = min(WIDTH, size - number * WIDTH)
        entries, bundle = read_bundle(store, number, count)
        if not any_entries:
            for entry in entries:
                check_leaf(entry)  # 1
        hashes = leaf_hashes(entries)
        row = b"".join(hashes)
        if row != read_tile(store, 0, number, count):  # 2
            raise Refusal(LEAF_HASH_WRONG)
        if count == WIDTH:
            _rise(store, rows, number, hashes)  # 3
        else:
            rows[0] += row
        if progress is not None and number % WIDTH == WIDTH - 1:
            progress((number + 1) * WIDTH, size)
    _finish(store, checkpoint.head, bundle if size % WIDTH else b"", rows)  # 4
    verify_past(store, trust, checkpoint.head)  # 5
    if progress is not None:
        progress(size, size)
    return checkpoint


def _finish(store: TileStore, head: Head, bundle: bytes, rows: list[bytearray]) -> None:
    """Hold the unfinished tiles against their stored bytes, and all of it against the root.

    Narrower forms of the unfinished tiles, from earlier heads, are still served: they too must
    be beginnings of the same bytes.
    """
    for level, count in enumerate(widths(head.size)):
        number, width = divmod(count, WIDTH)
        row = bytes(rows[level])
        if width and level and row != read_tile(store, level, number, width):
            raise Refusal(TILE_CORRUPT)
        for path in store.names(f"{tile_path(level, number)}.p"):
            narrow = store.get(path)
            if int(path.rpartition("/")[2]) * HASH_BYTES != len(narrow):
                raise Refusal(TILE_TRUNCATED)
            if not (row.startswith(narrow) or narrow.startswith(row)):
                raise Refusal(TILE_CORRUPT)
    for path in store.names(f"{bundle_path(head.size // WIDTH)}.p"):
        narrow = store.get(path)
        if not (bundle.startswith(narrow) or narrow.startswith(bundle)):
            raise Refusal(LEAF_HASH_WRONG)
    if edge_of(head.size, bundle, [bytes(row) for row in rows]).head() != head:
        raise Refusal(TILE_CORRUPT)


def _rise(store: TileStore, rows: list[bytearray], number: int, hashes: list[bytes]) -> None:
    """Put the root of a full tile into the row above, and go on while that one is full too."""
    level = 0
    while True:
        root = Frontier().extend(hashes)[1][HEIGHT][0]
        level += 1
        row = rows[level]
        row += root
        if len(row) < TILE_BYTES:
            return
        number //= WIDTH
        data = bytes(row)
        row.clear()
        if data != read_tile(store, level, number, WIDTH):
            raise Refusal(TILE_CORRUPT)
        hashes = [data[at : at + 32] for at in range(0, TILE_BYTES, 32)]


def watch(store: TileStore, trust: Trust, old: bytes) -> Watched:
    """Compare a checkpoint kept from before with the one published now.

    Args:
        store: the log's files.
        trust: whose signatures count.
        old: the note that was kept.

    Raises:
        Refusal: ``ledger.rolled-back`` when the log shrank, ``ledger.forked`` when it has
            another past, or a code of a checkpoint or a tile.
    """
    before = open_checkpoint(old, trust).head
    now = open_checkpoint(store.get(CHECKPOINT), trust).head
    return compare(store, before, now)


def compare(store: TileStore, old: Head, new: Head) -> Watched:
    """Prove that a newer head keeps everything of an older one.

    Raises:
        Refusal: as :func:`watch`.
    """
    if new.size < old.size:
        raise Refusal(ROLLED_BACK)
    if new.size == old.size and new.root != old.root:
        raise Refusal(FORKED)
    if old.size in (0, new.size):
        return Watched(old, new, ())
    proof = Prover(store, new, remember=64).consistency(old)
    return Watched(old, new, tuple(proof))
