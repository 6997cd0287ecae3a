"""Make a receipt: open the leaves of a check and prove them from the published log.

Order: 1 the events up to the outcome → 2 their leaf key, gone after an erasure → 3 the published
head must have all of them → 4 the audit paths, each verified against the head → 5 the notices,
composed again and held against the digest that was recorded → 6 what the devices that stood there
signed of their cameras, as far as it has come and stands under the same head.

What happened to the registration afterwards (who opened it, when it was erased) is not part of a
receipt: it belongs to the person's own page.
"""

from __future__ import annotations

import asyncio

import msgspec

from liangming.check import events, faults
from liangming.check.counters import Around, DeviceCount, OpenLeaf
from liangming.check.opening import leaf_key_of, opened
from liangming.check.ports import LeafRow
from liangming.check.premises import Premises, Record
from liangming.check.proofs import NOT_YET
from liangming.check.receipt.camera import Seen, camera_of, count_of
from liangming.check.receipt.codes import ERASED, NO_CONSENT, NO_LOG
from liangming.check.receipt.file import (
    FORMAT,
    Count,
    Entry,
    Part,
    Receipt,
    SignedCount,
    sealed,
)
from liangming.check.receipt.verify import ABOUT_CONSENT, OUTCOMES
from liangming.check.states import About, decode
from liangming.errors import Misuse, Outage, Refusal
from liangming.ledger import Absent, Checkpoint, Prover, open_checkpoint
from liangming.ledger.codes import LEAF_HASH_WRONG
from liangming.ledger.device import read_event
from liangming.ledger.tiles import CHECKPOINT
from liangming.notice import FACE

_AFTERWARDS = frozenset(kind.tag for kind in (events.CODE_ISSUED, events.DISCLOSED, events.ERASED))


async def make_receipt(premises: Premises, check_id: str, part: Part = Part.CHECK) -> Receipt:
    """The receipt of a check, proven against the head that is published now.

    Args:
        premises: the house; its ``record`` is the published log.
        check_id: the check; it may be unfinished.
        part: all of the check, or its consent alone.

    Raises:
        Misuse: ``check.unknown``, ``check.receipt-erased``, ``check.receipt-no-consent``.
        Outage: ``check.not-in-the-log-yet``, ``check.receipt-no-log``.
        Refusal: codes of a damaged log.
    """
    if premises.record is None:
        raise Outage(NO_LOG, retry_after=60)
    row = await premises.store.check(check_id)
    if row is None:
        raise Misuse(faults.UNKNOWN)
    leaves = told(await premises.store.leaves(check_id), part)  # 1
    places = await premises.store.places(check_id)
    key = await leaf_key_of(premises, row)  # 2
    shown = [opened(leaf, key) for leaf in leaves]
    disclosures = [each for each in shown if each is not None]
    if len(disclosures) < len(shown):
        raise Misuse(ERASED)
    chosen = [places[leaf.number] for leaf in leaves]
    counted = await _counted(premises, check_id, leaves) if part is Part.CHECK else []  # 6
    beside = [leaf for each in counted for leaf in each.leaves]
    note, paths = await asyncio.to_thread(
        _proven,
        premises.record,
        [*leaves, *(leaf.row for leaf in beside)],
        [*chosen, *(leaf.place for leaf in beside)],
    )
    ways = dict(zip((leaf.place for leaf in beside), paths[len(leaves) :], strict=True))
    paths = paths[: len(leaves)]
    shown_notices = {
        str(msgspec.json.decode(leaf.facts)["notice"])
        for leaf in leaves
        if leaf.tag in {events.NOTICE_SHOWN.tag, events.FACE_NOTICE_SHOWN.tag}
    }
    return sealed(
        Receipt(
            format=FORMAT,
            part=part,
            check=check_id,
            events=tuple(Entry(*each) for each in zip(chosen, disclosures, paths, strict=True)),
            notices=_notices(premises, decode(row.body).about, shown_notices),
            checkpoint=note.decode(),
            digest="",
            counts=tuple(_count(each, ways) for each in counted),
        )
    )


async def in_the_log(premises: Premises, check_id: str) -> bool:
    """Whether every event of a check stands under the published head."""
    if premises.record is None:
        return False
    places = await premises.store.places(check_id)
    try:
        head = (await asyncio.to_thread(_published, premises.record)).head
    except Outage:
        return False
    return bool(places) and max(places) < head.size


async def camera_told(premises: Premises, check_id: str, leaves: list[LeafRow]) -> Seen:
    """What can be said about cameras now, from what is stored; a receipt file proves the same."""
    shown = told(leaves, Part.CHECK)
    said: dict[str, Seen | None] = {}
    for each in await _signed(premises, check_id, shown):
        lines = [read_event(line.line) for line in each.lines]
        said[each.device] = count_of(lines, check_id, shown[0].at, shown[-1].at)
    return camera_of(((leaf.tag, msgspec.json.decode(leaf.facts)) for leaf in shown), said)


def told(leaves: list[LeafRow], part: Part) -> list[LeafRow]:
    """The events that a receipt shows: up to the outcome.

    Raises:
        Misuse: ``check.receipt-no-consent``.
    """
    shown = []
    for leaf in leaves:
        if leaf.tag in _AFTERWARDS:
            break
        shown.append(leaf)
        if leaf.tag in OUTCOMES:
            break
    if part is Part.CHECK:
        return shown
    consents = [leaf for leaf in shown if leaf.tag in ABOUT_CONSENT]
    if not any(leaf.tag == events.CONSENT_GIVEN.tag for leaf in consents):
        raise Misuse(NO_CONSENT)
    return consents


async def _counted(premises: Premises, check_id: str, leaves: list[LeafRow]) -> list[DeviceCount]:
    """The counts of each device that stood there, as far as they stand under the published head."""
    found, record = await _signed(premises, check_id, leaves), premises.record
    if not found or record is None:
        return []
    size = (await asyncio.to_thread(_published, record)).head.size
    return [each for each in found if all(leaf.place < size for leaf in each.leaves)]


async def _signed(premises: Premises, check_id: str, leaves: list[LeafRow]) -> list[DeviceCount]:
    """As :func:`_counted`, whether or not it stands in the log yet; none before a check has ended."""
    if premises.counters is None or not leaves or leaves[-1].tag not in OUTCOMES:
        return []
    devices = msgspec.json.decode(leaves[0].facts).get("devices") or ()
    around = Around(check_id, leaves[0].at, leaves[-1].at)
    found = [await premises.counters(device, around) for device in devices]
    return [each for each in found if each is not None]


def _count(count: DeviceCount, ways: dict[int, tuple[bytes, ...]]) -> Count:
    return Count(
        device=count.device,
        key=count.key,
        enrolled=_entry(count.enrolled, ways),
        lines=tuple(
            SignedCount(each.line.decode(), _entry(each.leaf, ways)) for each in count.lines
        ),
    )


def _entry(leaf: OpenLeaf, ways: dict[int, tuple[bytes, ...]]) -> Entry:
    shown = opened(leaf.row, leaf.key)
    if shown is None:
        raise Refusal(LEAF_HASH_WRONG)
    return Entry(leaf.place, shown, ways[leaf.place])


def _published(record: Record) -> Checkpoint:
    try:
        return open_checkpoint(record.tiles.get(CHECKPOINT), record.trust)
    except Absent:
        raise Outage(NOT_YET, retry_after=1) from None


def _proven(
    record: Record, leaves: list[LeafRow], places: list[int]
) -> tuple[bytes, list[tuple[bytes, ...]]]:
    checkpoint = _published(record)  # 3
    if max(places, default=0) >= checkpoint.head.size:
        raise Outage(NOT_YET, retry_after=1)
    prover = Prover(record.tiles, checkpoint.head, remember=64)
    paths = []
    for leaf, place in zip(leaves, places, strict=True):
        paths.append(tuple(prover.inclusion(place)))  # 4
        if prover.entry(place) != leaf.leaf:
            raise Refusal(LEAF_HASH_WRONG)
    return checkpoint.note, paths


def _notices(premises: Premises, about: About, told: set[str]) -> tuple[str, ...]:  # 5
    """The texts that were shown, retired ones included; one of a scene that changed cannot be composed."""
    scene = premises.scenes.get(about.scene)
    if scene is None:
        return ()
    families = ("", FACE) if scene.face is not None else ("",)
    found = [each for family in families for each in premises.every_notice(scene, family)]
    return tuple(
        msgspec.json.encode(each.notice, order="deterministic").decode()
        for each in found
        if each.digest in told
    )
