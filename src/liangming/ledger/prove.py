"""Proofs from tiles. Reads at most one tile a level for a leaf; remembers the latest few."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

from liangming.errors import LiangmingError, Refusal
from liangming.ledger.codes import TILE_CORRUPT, TILE_TRUNCATED
from liangming.ledger.head import Head
from liangming.ledger.merkle import (
    HASH_BYTES,
    assemble,
    consistency_plan,
    inclusion_plan,
    leaf_hash,
    pair_up,
    verify_consistency,
    verify_inclusion,
)
from liangming.ledger.ports import Absent, TileStore
from liangming.ledger.tiles import (
    HEIGHT,
    TILE_BYTES,
    WIDTH,
    Edge,
    bundle_path,
    edge_of,
    tile_path,
    unpack,
    unpack_all,
    widths,
)

_REMEMBERED: Final = 512  # tiles, about 24 KiB each with their inner nodes


class Prover:
    """Makes proofs for one head of a log.

    Every proof is verified against the head before it is given away, so a damaged tile is found
    here and not by the person who holds the receipt.

    Args:
        store: the log's files.
        head: the signed head to prove against.
        remember: how many tiles to keep in memory.
    """

    def __init__(self, store: TileStore, head: Head, *, remember: int = _REMEMBERED) -> None:
        self.head = head
        self._store = store
        self._remember = remember
        self._trees: OrderedDict[tuple[int, int, int], list[list[bytes]]] = OrderedDict()
        self._counts = widths(head.size)

    def move(self, head: Head) -> None:
        """Prove against a newer head from now on; full tiles stay in memory."""
        self.head = head
        self._counts = widths(head.size)

    def inclusion(self, index: int) -> list[bytes]:
        """The audit path of a leaf.

        Raises:
            Misuse: ``ledger.index-beyond``.
            Refusal: ``ledger.absent``, ``ledger.tile-truncated``, ``ledger.tile-corrupt``.
        """
        proof = assemble(inclusion_plan(index, self.head.size), self.node)
        try:
            verify_inclusion(
                leaf=self.node(0, index),
                index=index,
                size=self.head.size,
                root=self.head.root,
                proof=proof,
            )
        except LiangmingError:
            self._trees.clear()
            raise Refusal(TILE_CORRUPT) from None
        return proof

    def consistency(self, old: Head) -> list[bytes]:
        """The proof that an older head is kept unchanged in this one.

        Raises:
            Misuse: ``ledger.size-disorder``.
            Refusal: ``ledger.consistency-failed`` when it is not, ``ledger.absent``,
                ``ledger.tile-truncated``.
        """
        proof = self.consistency_from(old.size)
        verify_consistency(
            old=old.size,
            old_root=old.root,
            new=self.head.size,
            new_root=self.head.root,
            proof=proof,
        )
        return proof

    def consistency_from(self, size: int) -> list[bytes]:
        """As :meth:`consistency` for a size alone; not verified, for there is no root."""
        return assemble(consistency_plan(size, self.head.size), self.node)

    def entry(self, index: int) -> bytes:
        """A leaf's bytes, checked against its leaf hash.

        Raises:
            Misuse: ``ledger.index-beyond``.
            Refusal: ``ledger.absent``, ``ledger.tile-truncated``, ``ledger.tile-corrupt``.
        """
        inclusion_plan(index, self.head.size)  # is it there at all
        number, place = divmod(index, WIDTH)
        count = min(WIDTH, self.head.size - number * WIDTH)
        entries, _ = read_bundle(self._store, number, count)
        if leaf_hash(entries[place]) != self.node(0, index):
            raise Refusal(TILE_CORRUPT)
        return entries[place]

    def node(self, level: int, index: int) -> bytes:
        """The root of a perfect subtree."""
        row, inside = divmod(level, HEIGHT)
        number, place = divmod(index << inside, WIDTH)
        tree = self._tree(row, number)
        while len(tree) <= inside:
            tree.append(pair_up(tree[-1]))
        try:
            return tree[inside][place >> inside]
        except IndexError:
            raise Refusal(TILE_TRUNCATED) from None

    def _tree(self, level: int, number: int) -> list[list[bytes]]:
        width = min(WIDTH, self._counts[level] - number * WIDTH)
        known = self._trees.get((level, number, width))
        if known is not None:
            self._trees.move_to_end((level, number, width))
            return known
        data = read_tile(self._store, level, number, width)
        tree = [[data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]]
        self._trees[level, number, width] = tree
        if len(self._trees) > self._remember:
            self._trees.popitem(last=False)
        return tree


def read_tile(store: TileStore, level: int, number: int, width: int) -> bytes:
    """The first ``width`` hashes of a tile, from its partial form or else from the full tile.

    Raises:
        Refusal: ``ledger.absent``, ``ledger.tile-truncated``.
    """
    data, full = _either(store, tile_path(level, number, width), tile_path(level, number))
    if len(data) != (TILE_BYTES if full else width * HASH_BYTES):
        raise Refusal(TILE_TRUNCATED)
    return data[: width * HASH_BYTES]


def read_bundle(store: TileStore, number: int, width: int) -> tuple[list[bytes], bytes]:
    """The first ``width`` entries of a bundle, and their packed bytes.

    Raises:
        Refusal: ``ledger.absent``, ``ledger.tile-truncated``.
    """
    data, full = _either(store, bundle_path(number, width), bundle_path(number))
    if full and width < WIDTH:
        entries = unpack(data, width)
        return entries, data[: sum(map(len, entries)) + 2 * width]
    return unpack_all(data, width), data


def read_edge(store: TileStore, head: Head) -> Edge:
    """The right edge of a log, checked against its head.

    Raises:
        Refusal: ``ledger.absent``, ``ledger.tile-truncated``, ``ledger.tile-corrupt``.
    """
    rows: list[bytes] = []
    for level, count in enumerate(widths(head.size)):
        number, width = divmod(count, WIDTH)
        rows.append(read_tile(store, level, number, width) if width else b"")
    number, width = divmod(head.size, WIDTH)
    entries: Sequence[bytes] = ()
    bundle = b""
    if width:
        entries, bundle = read_bundle(store, number, width)
    edge = edge_of(head.size, bundle, rows)
    if edge.head() != head or b"".join(map(leaf_hash, entries)) != (rows[0] if rows else b""):
        raise Refusal(TILE_CORRUPT)
    return edge


def _either(store: TileStore, partial: str, full: str) -> tuple[bytes, bool]:
    try:
        return store.get(partial), partial == full
    except Absent:
        if partial == full:
            raise
        return store.get(full), True
