"""Gather a packet from the house: the census of the log, the sample, the notices.

Two passes over the same leaves: ``plan_packet`` counts and draws; after two people approved,
``gather`` reads them again and must come to the same plan, byte for byte. So a person who was erased
in between is never handed out under an approval that was given before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from liangming.check.opening import opened
from liangming.check.premises import Premises, Record
from liangming.check.receipt.codes import NO_LOG
from liangming.errors import Misuse, Outage
from liangming.inspection.census import Entry, Tally, notices_in
from liangming.inspection.codes import MANDATE_UNREGISTERED, PLAN_OUTDATED
from liangming.inspection.counting import Counted, Progress, entry_of, leaves_from
from liangming.inspection.draw import draw, seed_of
from liangming.inspection.house import Inspected
from liangming.inspection.keys import LeafKeys
from liangming.inspection.mandate import Mandate
from liangming.inspection.plan import FORMAT, Plan
from liangming.inspection.register import registered
from liangming.inspection.rulebook import rulebook_digest
from liangming.ledger import (
    Absent,
    Checkpoint,
    Disclosure,
    Head,
    Prover,
    leaf_of_disclosure,
    open_checkpoint,
    verify_disclosure,
)
from liangming.ledger.merkle import Frontier, leaf_hashes, perfect_cover
from liangming.ledger.tiles import CHECKPOINT
from liangming.notice import FACE


@dataclass(frozen=True, slots=True)
class Sampled:
    """One check of the sample: every event of it within the range, fully open.

    Attributes:
        check: its id.
        events: place and disclosure of each event, in order.
    """

    check: str
    events: tuple[tuple[int, Disclosure], ...]


@dataclass(slots=True)
class Gathered:
    """What goes into a packet beside the census."""

    plan: Plan
    sample: list[Sampled]
    notices: dict[str, bytes] = field(default_factory=dict)


async def plan_packet(
    house: Inspected,
    mandate: Mandate,
    secret: bytes,
    progress: Progress | None = None,
) -> Plan:
    """What a packet would hold, under the head that is published now.

    Raises:
        Misuse: ``inspection.mandate-unregistered``, ``inspection.secret-wrong``.
        Outage: ``check.receipt-no-log``; the store's.
        Refusal: codes of a damaged log.
    """
    record = _record(house.premises)
    checkpoint = await asyncio.to_thread(_published, record)
    gathered = await _gather(house, mandate, secret, checkpoint, progress=progress)
    return gathered.plan


async def gather(
    house: Inspected,
    mandate: Mandate,
    plan: Plan,
    sink: Callable[[Entry], None],
    progress: Progress | None = None,
) -> Gathered:
    """Everything of an approved plan.

    Args:
        house: with its log.
        mandate: as registered.
        plan: as approved.
        sink: takes each entry of the census, in order.
        progress: told now and then.

    Raises:
        Misuse: ``inspection.plan-outdated``, and as :func:`plan_packet`.
    """
    record = _record(house.premises)
    checkpoint = open_checkpoint(plan.checkpoint.encode(), record.trust)
    secret = bytes.fromhex(plan.secret)
    gathered = await _gather(house, mandate, secret, checkpoint, sink=sink, progress=progress)
    if gathered.plan != plan:
        raise Misuse(PLAN_OUTDATED)
    return gathered


async def _gather(
    house: Inspected,
    mandate: Mandate,
    secret: bytes,
    checkpoint: Checkpoint,
    *,
    sink: Callable[[Entry], None] = lambda _: None,
    progress: Progress | None,
) -> Gathered:
    premises, record = house.premises, _record(house.premises)
    prover = Prover(record.tiles, checkpoint.head)
    begin, peaks = await asyncio.to_thread(_begin, record, mandate, prover)
    end, before = await _end(house, mandate, checkpoint.head)
    keys, tally, frontier = (
        LeafKeys(house.premises, house.records),
        Tally(mandate, begin, mark=before.counted),
        peaks,
    )
    async for rows in leaves_from(house, begin, end):
        leaves = []
        for row in rows:
            entry = await entry_of(keys, mandate, row)
            tally.add(entry)
            leaves.append(entry.leaf)
            sink(entry)
        frontier, _ = frontier.extend(leaf_hashes(leaves))
        if progress is not None:
            progress(tally.place - begin, end - begin)
    root = frontier.root()
    consistency = await asyncio.to_thread(prover.consistency, Head(end, root))
    seed = seed_of(mandate, secret, root)
    drawn = draw(seed, tally.population, mandate.sample)
    sample = [await _sampled(premises, keys, check, begin, end) for _, check in drawn]
    notices, gone = _notices(premises, sample)
    plan = Plan(
        format=FORMAT,
        mandate=mandate.digest,
        begin=begin,
        end=end,
        peaks=peaks.peaks,
        root=root.hex(),
        consistency=tuple(consistency),
        checkpoint=checkpoint.note.decode(),
        secret=secret.hex(),
        seed=seed.hex(),
        in_scope=len(tally.population),
        outside=tally.outside,
        before=tally.before,
        erased=tally.closed,
        erased_since=tally.marked.erased - before.erased,
        erasures=tally.erasures,
        others=dict(tally.others),
        sample=tuple(drawn),
        notices=tuple(sorted(notices)),
        notices_gone=tuple(sorted(gone)),
        rules=rulebook_digest(),
    )
    return Gathered(plan, sample, notices)


def _record(premises: Premises) -> Record:
    if premises.record is None:
        raise Outage(NO_LOG, retry_after=60)
    return premises.record


def _published(record: Record) -> Checkpoint:
    try:
        return open_checkpoint(record.tiles.get(CHECKPOINT), record.trust)
    except Absent:
        raise Misuse(MANDATE_UNREGISTERED) from None  # nothing is in the log yet


def _begin(record: Record, mandate: Mandate, prover: Prover) -> tuple[int, Frontier]:
    """Where the census begins, and the tree before it, held against the head the mandate names."""
    if not mandate.since_head:
        return 0, Frontier()
    since = open_checkpoint(mandate.since_head.encode(), record.trust).head
    prover.consistency(since)
    peaks = tuple(prover.node(level, index) for level, index in perfect_cover(0, since.size))
    return since.size, Frontier(since.size, peaks)


async def _end(house: Inspected, mandate: Mandate, head: Head) -> tuple[int, Counted]:
    """Where the census ends, and what the registration counted before it."""
    await registered(house, mandate)
    places = await house.premises.store.places(mandate.id)
    if not places or places[0] >= head.size:
        raise Misuse(MANDATE_UNREGISTERED)  # its leaf is not under the head yet
    first = (await house.premises.store.leaves(mandate.id))[0]
    return places[0] + 1, msgspec.json.decode(first.facts, type=Counted)


async def _sampled(premises: Premises, keys: LeafKeys, check: str, begin: int, end: int) -> Sampled:
    key = await keys.of(check)
    leaves, places = await premises.store.leaves(check), await premises.store.places(check)
    events = []
    for leaf, place in zip(leaves, places, strict=False):
        shown = opened(leaf, key)
        if begin <= place < end and shown is not None:
            events.append((place, shown))
    return Sampled(check, tuple(events))


def _notices(premises: Premises, sample: list[Sampled]) -> tuple[dict[str, bytes], set[str]]:
    """The texts that were shown in the sample, and the digests of those that are not held."""
    named: set[str] = set()
    for each in sample:
        for _, shown in each.events:
            named |= notices_in(verify_disclosure(shown, leaf_of_disclosure(shown)))
    held: dict[str, bytes] = {}
    for scene in premises.scenes.values():
        for family in ("", FACE) if scene.face is not None else ("",):
            for told in premises.every_notice(scene, family):
                if told.digest in named:
                    held[told.digest] = msgspec.json.encode(told.notice, order="deterministic")
    return held, named - held.keys()
