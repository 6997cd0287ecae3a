"""The Merkle tree of RFC 6962 (section 2.1): hashing, growing, proving, verifying.

Nothing here stores anything. A tree is known by its *frontier*: its size and the roots of the
perfect subtrees that it is made of (at most 64 hashes). Growing works level by level on whole
batches, one hash per leaf and one per inner node.

Source: RFC 6962 sections 2.1.1 and 2.1.2, RFC 9162 section 2.1; subtrees after
draft-ietf-plants-merkle-tree-certs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from liangming.errors import Misuse, Refusal
from liangming.ledger.codes import (
    CONSISTENCY_FAILED,
    INCLUSION_FAILED,
    INDEX_BEYOND,
    PROOF_LENGTH,
    PROOF_MALFORMED,
    SIZE_DISORDER,
)

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()

_sha256 = hashlib.sha256

Node = tuple[int, int]
"""A perfect subtree: (level, index) covers the leaves ``index << level`` and on."""


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00 || entry)."""
    return _sha256(b"\x00" + entry).digest()


def leaf_hashes(entries: Iterable[bytes]) -> list[bytes]:
    """The leaf hash of each entry, in order."""
    sha256 = _sha256
    return [sha256(b"\x00" + entry).digest() for entry in entries]


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return _sha256(b"\x01" + left + right).digest()


def pair_up(hashes: Sequence[bytes]) -> list[bytes]:
    """The parents of neighbouring hashes; an odd last one has no parent yet."""
    sha256 = _sha256
    halves = iter(hashes)
    return [
        sha256(b"\x01" + left + right).digest() for left, right in zip(halves, halves, strict=False)
    ]


@dataclass(frozen=True, slots=True)
class Frontier:
    """What must be remembered of a tree to make it grow.

    Attributes:
        size: number of leaves.
        peaks: roots of the perfect subtrees, largest (leftmost) first; one for each bit of size.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def root(self) -> bytes:
        """The tree head: MTH(D[0:size])."""
        return fold(self.peaks) if self.peaks else EMPTY_ROOT

    def extend(self, leaves: Sequence[bytes]) -> tuple[Frontier, list[list[bytes]]]:
        """Append leaf hashes.

        Returns:
            The new frontier, and at ``[n]`` every node of level ``n`` that became perfect,
            in order (``[0]`` are the leaves themselves).
        """
        size = self.size + len(leaves)
        waiting = list(self.peaks)  # the smallest peak is last
        risen: list[list[bytes]] = []
        fresh: list[bytes] = []  # new peaks, smallest first
        nodes: list[bytes] = list(leaves)
        level = 0
        while nodes:
            risen.append(nodes)
            row = nodes
            if self.size >> level & 1:
                row = [waiting.pop(), *nodes]
            if len(row) & 1:
                fresh.append(row[-1])
            nodes = pair_up(row)
            level += 1
        return Frontier(size, (*waiting, *reversed(fresh))), risen


def fold(peaks: Sequence[bytes]) -> bytes:
    """The root over perfect subtrees in order, the smallest (rightmost) last."""
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root


def root_of(entries: Iterable[bytes]) -> bytes:
    """The tree head over entries held in memory."""
    return Frontier().extend(leaf_hashes(entries))[0].root()


# ---------------------------------------------------------------------------------- proving


def perfect_cover(begin: int, end: int) -> list[Node]:
    """The perfect subtrees that cover [begin, end), left to right.

    ``begin`` must be a multiple of the largest power of two that fits.
    """
    cover: list[Node] = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        cover.append((level, begin >> level))
        begin += 1 << level
    return cover


def _climb(level: int, index: int, size: int) -> list[list[Node]]:
    """Siblings on the way from a node up to the root of a tree; each is a cover to fold."""
    last = (size - 1) >> level
    inner = (index ^ last).bit_length()
    way: list[list[Node]] = []
    for step in range(inner):
        sibling = (index >> step) ^ 1
        if step == inner - 1:  # the right edge of the tree: may be ragged
            way.append(perfect_cover(sibling << (level + step), size))
        else:
            way.append([(level + step, sibling)])
    above = range(inner, index.bit_length())
    way += [[(level + step, (index >> step) ^ 1)] for step in above if index >> step & 1]
    return way


def inclusion_plan(index: int, size: int) -> list[list[Node]]:
    """Which nodes make the audit path of a leaf (RFC 6962 section 2.1.1).

    Raises:
        Misuse: the index is not in the tree.
    """
    if not 0 <= index < size:
        raise Misuse(INDEX_BEYOND)
    return _climb(0, index, size)


def consistency_plan(old: int, new: int) -> list[list[Node]]:
    """Which nodes prove that the tree of ``old`` leaves is a prefix (RFC 6962 section 2.1.2).

    Raises:
        Misuse: ``old`` is empty or larger than ``new``.
    """
    if not 0 < old <= new:
        raise Misuse(SIZE_DISORDER)
    if old == new:
        return []
    level = (old & -old).bit_length() - 1
    index = (old - 1) >> level
    way = _climb(level, index, new)
    return [[(level, index)], *way] if index else way


def assemble(plan: Iterable[Sequence[Node]], node: Callable[[int, int], bytes]) -> list[bytes]:
    """Turn a plan into hashes, asking ``node(level, index)`` for each perfect subtree."""
    return [fold([node(level, index) for level, index in cover]) for cover in plan]


# -------------------------------------------------------------------------------- verifying


def verify_inclusion(
    *, leaf: bytes, index: int, size: int, root: bytes, proof: Sequence[bytes]
) -> None:
    """Accept an audit path or refuse it.

    Args:
        leaf: the leaf hash.
        index: the leaf's position.
        size: number of leaves under the root.
        root: the signed root.
        proof: sibling hashes from the leaf upwards.

    Raises:
        Refusal: ``ledger.proof-length``, ``ledger.inclusion-failed``.
        Misuse: ``ledger.index-beyond``, ``ledger.proof-malformed``.
    """
    if not 0 <= index < size:
        raise Misuse(INDEX_BEYOND)
    _well_formed(leaf, *proof)
    inner = (index ^ (size - 1)).bit_length()
    if len(proof) != inner + (index >> inner).bit_count():
        raise Refusal(PROOF_LENGTH)
    sha256 = _sha256
    seen = leaf
    for step in range(inner):
        if index >> step & 1:
            seen = sha256(b"\x01" + proof[step] + seen).digest()
        else:
            seen = sha256(b"\x01" + seen + proof[step]).digest()
    for left in proof[inner:]:
        seen = sha256(b"\x01" + left + seen).digest()
    if seen != root:
        raise Refusal(INCLUSION_FAILED)


def verify_consistency(
    *, old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Accept that the old tree is a prefix of the new one, or refuse.

    An empty old tree is refused: everything extends it, so such a proof says nothing.

    Raises:
        Refusal: ``ledger.proof-length``, ``ledger.consistency-failed``.
        Misuse: ``ledger.size-disorder``, ``ledger.proof-malformed``.
    """
    if not 0 < old <= new:
        raise Misuse(SIZE_DISORDER)
    _walk_subtree(0, old, new, subtree_root=old_root, root=new_root, proof=proof)


def verify_subtree_inclusion(
    *, leaf: bytes, index: int, start: int, end: int, root: bytes, proof: Sequence[bytes]
) -> None:
    """Accept that a leaf is in the subtree [start, end), or refuse.

    Raises:
        Refusal, Misuse: as :func:`verify_inclusion`.
    """
    if not _is_subtree(start, end) or not start <= index < end:
        raise Misuse(INDEX_BEYOND)
    verify_inclusion(leaf=leaf, index=index - start, size=end - start, root=root, proof=proof)


def verify_subtree_consistency(
    *, start: int, end: int, subtree_root: bytes, size: int, root: bytes, proof: Sequence[bytes]
) -> None:
    """Accept that the subtree [start, end) belongs to a tree, or refuse.

    The empty subtree belongs to every tree that it lies in; its root must be the empty root.

    Raises:
        Refusal, Misuse: as :func:`verify_consistency`.
    """
    if start == end <= size:
        if proof:
            raise Refusal(PROOF_LENGTH)
        if subtree_root != EMPTY_ROOT:
            raise Refusal(CONSISTENCY_FAILED)
        return
    if not _is_subtree(start, end) or end > size:
        raise Misuse(SIZE_DISORDER)
    _walk_subtree(start, end, size, subtree_root=subtree_root, root=root, proof=proof)


def _is_subtree(start: int, end: int) -> bool:
    """Whether [start, end) is a subtree: it starts at a multiple of the power of two around it."""
    return 0 <= start < end and start & ((1 << (end - start - 1).bit_length()) - 1) == 0


def _walk_subtree(  # noqa: C901  (one loop of the standard, clearer in one piece)
    start: int,
    end: int,
    size: int,
    *,
    subtree_root: bytes,
    root: bytes,
    proof: Sequence[bytes],
) -> None:
    _well_formed(*proof)
    first, last, edge = start, end - 1, size - 1
    while first != last and (last == edge or last & 1):
        first, last, edge = first >> 1, last >> 1, edge >> 1
    hashes = iter(proof)
    if first == last:
        inside = whole = subtree_root
    else:
        seed = next(hashes, None)
        if seed is None:
            raise Refusal(PROOF_LENGTH)
        inside = whole = seed
    for sibling in hashes:
        if edge == 0:
            raise Refusal(PROOF_LENGTH)
        if last & 1 or last == edge:
            if first < last:
                inside = node_hash(sibling, inside)
            whole = node_hash(sibling, whole)
            while not last & 1 and last:
                first, last, edge = first >> 1, last >> 1, edge >> 1
        else:
            whole = node_hash(whole, sibling)
        first, last, edge = first >> 1, last >> 1, edge >> 1
    if edge:
        raise Refusal(PROOF_LENGTH)
    if inside != subtree_root or whole != root:
        raise Refusal(CONSISTENCY_FAILED)


def _well_formed(*hashes: bytes) -> None:
    for value in hashes:
        if len(value) != HASH_BYTES:
            raise Misuse(PROOF_MALFORMED)
