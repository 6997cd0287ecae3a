"""Proofs that the events of a check stand in the log, as files that are verified offline.

A ``.tlog-proof`` file (docs/spec/checkpoint.md) does not carry its leaf. What we write beside the
proof leads to it: a disclosure (docs/spec/leaf.md), which opens exactly one leaf, or the bare 33
bytes where nothing is opened or the key was destroyed.

Making one, in this order: 1 the leaves and their places → 2 the published head → 3 the audit path,
verified against the head → 4 the leaf in the log is the leaf in the store.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from liangming.check import faults
from liangming.check.opening import opened, stored_leaf_key
from liangming.check.ports import Store
from liangming.errors import Kind, Misuse, Outage, Refusal, declare
from liangming.ledger import (
    Absent,
    Checkpoint,
    LogProof,
    Prover,
    TileStore,
    Trust,
    decode_disclosure,
    encode_disclosure,
    leaf_of_disclosure,
    open_checkpoint,
    read_proof,
    verify_disclosure,
    verify_proof,
)
from liangming.ledger.codes import DISCLOSURE_MALFORMED, LEAF_HASH_WRONG
from liangming.ledger.leaf import LEAF_BYTES, FactValue
from liangming.ledger.tiles import CHECKPOINT
from liangming.vault import Vault

NOT_YET = declare(
    "check.not-in-the-log-yet",
    Kind.OUTAGE,
    zh="这次查验还没有全部进入存证，通常一秒之内会进入，请稍后再试。",
    en="Not every event of this check is in the log yet, which usually takes a second; "
    "please try again shortly.",
)


@dataclass(frozen=True, slots=True)
class Proven:
    """What a proof file proved.

    Attributes:
        checkpoint: the signed head it leads to.
        index: the leaf's place.
        facts: the opened fields; empty when none was.
    """

    checkpoint: Checkpoint
    index: int
    facts: Mapping[str, FactValue]


def open_proof(data: bytes, trust: Trust) -> Proven:
    """Believe a proof file, or refuse. Needs nothing but the file and the key.

    Raises:
        Misuse: ``ledger.proof-malformed``, ``ledger.disclosure-malformed`` and the like: unreadable.
        Refusal: the first thing that does not hold.
    """
    proof = read_proof(data)
    if proof.extra is None:
        raise Misuse(DISCLOSURE_MALFORMED)
    if len(proof.extra) == LEAF_BYTES and not proof.extra.startswith(b"{"):
        return Proven(verify_proof(proof, leaf=proof.extra, trust=trust), proof.index, {})
    disclosure = decode_disclosure(proof.extra)
    if encode_disclosure(disclosure) != proof.extra:
        raise Misuse(DISCLOSURE_MALFORMED)  # base 64 and JSON have more than one spelling
    leaf = leaf_of_disclosure(disclosure)
    checkpoint = verify_proof(proof, leaf=leaf, trust=trust)
    return Proven(checkpoint, proof.index, verify_disclosure(disclosure, leaf))


async def proofs_of(
    store: Store, tiles: TileStore, trust: Trust, check_id: str, *, vault: Vault | None
) -> list[bytes]:
    """A proof file for each event of a check, in their order.

    Args:
        store: where the check is.
        tiles: the log's public files; read here, at most a few tiles for each event.
        trust: who is believed about the log.
        check_id: the check.
        vault: opens the key of the leaves; None opens no field of any leaf.

    Raises:
        Misuse: ``check.unknown``.
        Outage: ``check.not-in-the-log-yet``.
        Refusal: ``ledger.leaf-hash-wrong`` when the log holds another leaf in its place; the
            codes of a damaged log.
    """
    row = await store.check(check_id)
    if row is None:
        raise Misuse(faults.UNKNOWN)
    key = None if vault is None else await stored_leaf_key(store, vault, row)
    leaves, places = await store.leaves(check_id), await store.places(check_id)  # 1
    try:
        checkpoint = open_checkpoint(tiles.get(CHECKPOINT), trust)  # 2
    except Absent:
        raise Outage(NOT_YET, retry_after=1) from None
    if max(places, default=0) >= checkpoint.head.size:
        raise Outage(NOT_YET, retry_after=1)
    prover = Prover(tiles, checkpoint.head)
    proofs = []
    for leaf, place in zip(leaves, places, strict=False):  # an event may come between the two reads
        path = tuple(prover.inclusion(place))  # 3
        if prover.entry(place) != leaf.leaf:  # 4
            raise Refusal(LEAF_HASH_WRONG)
        shown = opened(leaf, key)
        extra = leaf.leaf if shown is None else encode_disclosure(shown)
        proofs.append(LogProof(place, path, checkpoint.note, extra).encode())
    return proofs
