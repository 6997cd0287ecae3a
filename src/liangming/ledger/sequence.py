"""The log: takes leaves in batches, and is the same log after any crash.

One append, in this order (after Sunlight):

1. **stage**: everything that the batch will write, in one file, fsynced;
2. **swap** the signed head in the lock row: this is the commit, all or nothing;
3. **tiles**: written whole or not at all, never over other bytes;
4. **publish** the checkpoint, unless a quorum of witnesses is asked for; the leaves are
   acknowledged. Once an hour the one that it replaces is kept first (:mod:`liangming.ledger.past`);
5. **sweep**, once in many batches: tiles become durable, then their stages are dropped.

Witnesses are asked beside all this (:mod:`liangming.ledger.circle`) and delay nothing. What they
sign comes in by :meth:`Log.vouch`; the head is published with it, and where a quorum is asked for,
only then.

Recovery and start-up are one function, :meth:`Log.recover`: the lock row is the truth, and the
stages that led to it are done again. After any failure in the middle of an append the log
forgets what it believed and recovers before it does anything else.

What it never does: sign a head that is smaller than, or contradicts, one that was published,
held, or shown to it; sign with a time before the last one; overwrite a tile.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from liangming.clock import micros
from liangming.errors import LiangmingError, Misuse, Outage, Refusal
from liangming.ledger.checkpoint import (
    Checkpoint,
    Trust,
    add_signatures,
    open_checkpoint,
    sign_head,
)
from liangming.ledger.codes import (
    CLOCK_BEHIND,
    FORKED,
    HEAD_MOVED,
    QUORUM_MISSING,
    ROLLED_BACK,
    TILE_CORRUPT,
)
from liangming.ledger.head import EMPTY, Head
from liangming.ledger.keys import SigningKey
from liangming.ledger.note import SignatureLine, read_note, without_repeats
from liangming.ledger.past import EVERY, Past
from liangming.ledger.ports import Absent, HeadStore, Held, TileStore
from liangming.ledger.prove import Prover, read_edge
from liangming.ledger.tiles import CHECKPOINT, Edge, Write, grow, partial_folders

_STAGES: Final = "stage"
_SECOND: Final = 1_000_000
_HEADS_GATHERED: Final = 16


class _Stage(msgspec.Struct, frozen=True, array_like=True):
    """What one batch writes, and between which heads. Never published; gone after a sweep."""

    from_size: int
    from_root: bytes
    to_size: int
    to_root: bytes
    writes: list[Write]


@dataclass(frozen=True, slots=True)
class _State:
    held: Held
    head: Head
    edge: Edge


class Log:
    """One append-only log. Call :meth:`recover` first; threads may share it.

    Args:
        origin: the log's name in its checkpoints.
        tiles: where its files are.
        heads: where its lock row is.
        keys: who signs; the first is current, others are being rotated in or out.
        trust: who is believed when the log reads its own heads; must cover every key that
            signed a head that may still be stored.
        sweep_after: batches between two sweeps.
    """

    def __init__(
        self,
        *,
        origin: str,
        tiles: TileStore,
        heads: HeadStore,
        keys: Sequence[SigningKey],
        trust: Trust | None = None,
        sweep_after: int = 256,
    ) -> None:
        self.origin: Final = origin
        self._tiles = tiles
        self._heads = heads
        self._keys = tuple(keys)
        self._trust = trust or Trust(origin, tuple(key.verifying for key in keys))
        self._own = Trust(origin, self._trust.log_keys)
        self._sweep_after = sweep_after
        self._guard = threading.RLock()
        self._state: _State | None = None
        self._shown: Checkpoint | None = None  # what is published
        self._past = Past(tiles)
        self._kept_at: int | None = None  # when an earlier head was last kept
        self._now = 0  # the present moment of the caller, in µs
        self._gathered: dict[Head, tuple[SignatureLine, ...]] = {}
        self._loose: set[str] = set()  # written, perhaps not durable yet
        self._partial: set[str] = set()  # folders of partial tiles that are there
        self._stages: list[str] = []  # what makes them durable until then

    @property
    def head(self) -> Head:
        """The committed head. Its size is the place of the next leaf.

        Raises:
            Misuse: ``ledger.head-moved`` after a failure, until :meth:`recover`.
        """
        with self._guard:
            if self._state is None:
                raise Misuse(HEAD_MOVED)
            return self._state.head

    def append(
        self, leaves: Sequence[bytes], at: datetime, *, expected_size: int | None = None
    ) -> Checkpoint:
        """Commit leaves, durably and in order.

        Whoever feeds the log from a store of its own passes ``expected_size`` and, after any
        failure, reads ``log.head.size`` again to learn how far it came.

        Args:
            leaves: 1 to 1,048,576 entries of at most 65,535 bytes.
            at: the present moment.
            expected_size: the size that the log must have before.

        Returns:
            The head that includes them, with the cosignatures gathered so far.

        Raises:
            Misuse: ``ledger.leaves-unfit``; ``ledger.head-moved`` when another size was there
                or another writer came first (nothing was appended).
            Outage: ``ledger.clock-behind`` (nothing was appended); ``ledger.store-failed``
                (the leaves may be in the log or not: recover, and look at the size).
            Refusal: from recovery, see there.
        """
        with self._guard:
            state = self._state or self.recover(at)
            if expected_size is not None and expected_size != state.head.size:
                raise Misuse(HEAD_MOVED)
            now = self._now = micros(at)
            _refuse_backwards(state.held, now)
            edge, writes = grow(state.edge, leaves)
            head = edge.head()
            held = Held(sign_head(self.origin, head, self._keys, now // _SECOND), now)
            # A crash above: nothing happened.
            self._state = None
            return self._commit(state, _State(held, head, edge), writes)

    def _commit(self, old: _State, new: _State, writes: list[Write]) -> Checkpoint:
        name = _stage_name(new.head)
        self._tiles.keep(name, _pack_stage(old.head, new.head, writes))  # 1
        # A crash here: the stage leads to a head that is not in the lock row. Recovery passes
        # it by, and drops it once the log has moved on from where it begins.
        if not self._heads.swap(self.origin, old.held, new.held):  # 2
            # Its stage stays: a writer of the same leaves shares it. Recovery drops what lost.
            raise Misuse(HEAD_MOVED)
        # A crash from here on: the head is committed and its stage is durable. Recovery writes
        # the tiles again; the same bytes in the same places.
        self._stages.append(name)
        self._tiles.put_all(writes)  # 3
        self._loose.update(path for path, _ in writes)
        self._partial |= partial_folders(new.head.size)
        # A crash here: the published checkpoint is older than the log, which is always allowed.
        checkpoint = self._publish(new.held.checkpoint, new.head)  # 4
        # A crash here: all is in its place; the caller was not told, and finds out by the size.
        if len(self._stages) >= self._sweep_after:
            self.sweep()  # 5
        self._state = new
        return checkpoint

    @property
    def signed(self) -> tuple[Head, bytes]:
        """The committed head and its checkpoint, without cosignatures.

        Raises:
            Misuse: ``ledger.head-moved`` after a failure, until :meth:`recover`.
        """
        with self._guard:
            if self._state is None:
                raise Misuse(HEAD_MOVED)
            return self._state.head, self._state.held.checkpoint

    def vouch(self, signed: bytes, lines: Sequence[SignatureLine]) -> Checkpoint:
        """Take cosignatures on a head that this log signed, and publish it if that is due.

        A head that is older than the published one stays unpublished; the published page never
        goes back.

        Args:
            signed: as :attr:`signed` gave it.
            lines: cosignatures on it; believed before.

        Returns:
            What is published now, or would be: a head that lacks its quorum is not.

        Raises:
            Refusal: the checkpoint is not by this log.
            Outage: ``ledger.store-failed``.
        """
        with self._guard:
            head = open_checkpoint(signed, self._own).head
            self._gather(head, lines)
            state, self._state = self._state, None  # a failed write: recover before going on
            checkpoint = self._publish(signed, head)
            self._state = state
            return checkpoint

    def sweep(self) -> None:
        """Make everything written durable and drop the stages; in any order with appends.

        A crash in the middle leaves stages that are done again, to the same bytes.
        """
        with self._guard:
            # Partial tiles beside a full one are of no more use: readers take the full one.
            for folder in sorted(self._partial):
                if folder.removesuffix(".p") in self._loose:
                    self._tiles.drop(folder)
                    self._partial.discard(folder)
            self._tiles.sync(sorted(self._loose))
            self._loose.clear()
            while self._stages:
                self._tiles.drop(self._stages[-1])
                self._stages.pop()

    def recover(self, at: datetime, known: Sequence[Head] = ()) -> _State:
        """Start up, or come back after anything. Does nothing twice, and everything that is left.

        Args:
            at: the present moment.
            known: heads of this log that were seen elsewhere (the station's database, a
                witness, a receipt); the log refuses to be older than any of them.

        Raises:
            Refusal: ``ledger.rolled-back``, ``ledger.forked``; the codes of a damaged log.
            Outage: ``ledger.store-failed``.
        """
        with self._guard:
            self._state = None
            self._now = micros(at)
            self._shown = self._published()
            held = self._heads.load(self.origin) or self._begin(at)
            head = open_checkpoint(held.checkpoint, self._own).head
            seen = [*known, *([self._shown.head] if self._shown else [])]
            _refuse_older(head, seen)
            self._redo(head)
            self._partial |= partial_folders(head.size)
            edge = read_edge(self._tiles, head)
            self._refuse_other_past(head, seen)
            state = _State(held, head, edge)
            self._publish(held.checkpoint, head)
            self.sweep()
            self._state = state
            return state

    def _begin(self, at: datetime) -> Held:
        """The lock row of a new log, at size 0."""
        if (
            self._published() is not None
        ):  # a log without its lock row is a lost lock, not a new log
            raise Refusal(ROLLED_BACK)
        now = micros(at)
        row = Held(sign_head(self.origin, EMPTY, self._keys, now // _SECOND), now)
        if self._heads.swap(self.origin, None, row):
            return row
        there = self._heads.load(self.origin)
        if there is None:
            raise Misuse(HEAD_MOVED)
        return there

    def _published(self) -> Checkpoint | None:
        try:
            return open_checkpoint(self._tiles.get(CHECKPOINT), self._own)
        except Absent:
            return None

    def _redo(self, head: Head) -> None:
        """Write again what the committed stages say, and drop those that can never count."""
        names = self._tiles.names(_STAGES)
        stages = [(name, _unpack_stage(self._tiles.get(name))) for name in names]
        stages.sort(key=lambda item: item[1].to_size, reverse=True)
        on_the_way = {head}
        for name, stage in stages:
            begins = Head(stage.from_size, stage.from_root)
            if Head(stage.to_size, stage.to_root) in on_the_way:
                on_the_way.add(begins)
                self._tiles.put_all(stage.writes)
                self._loose.update(path for path, _ in stage.writes)
                self._partial |= partial_folders(begins.size) | partial_folders(stage.to_size)
                self._stages.append(name)
            elif begins.size < head.size:  # from here or beyond, another writer may commit it now
                self._tiles.drop(name)

    def _refuse_other_past(self, head: Head, seen: Sequence[Head]) -> None:
        prover = Prover(self._tiles, head, remember=8)
        for past in seen:
            if 0 < past.size < head.size:
                try:
                    prover.consistency(past)
                except LiangmingError as failure:
                    if failure.code is TILE_CORRUPT:
                        raise
                    raise Refusal(FORKED) from failure

    def _publish(self, signed: bytes, head: Head) -> Checkpoint:
        """Publish a head whose checkpoint this log signed, or proved to have signed."""
        names = tuple(key.verifying.name for key in self._keys)
        own = Checkpoint(self.origin, head, names, {}, signed)
        shown = self._shown
        if shown is not None and shown.head.size > head.size:
            return shown
        gathered = self._gathered.get(head, ())
        checkpoint = own
        if gathered or not self._trust.enough(()):
            if shown is not None and shown.head == head:  # cosignatures come one after another
                signed = add_signatures(shown.note, read_note(signed).signatures)
            signed = add_signatures(signed, gathered)
            try:
                checkpoint = open_checkpoint(signed, self._trust)
            except Refusal as failure:
                if failure.code is not QUORUM_MISSING:
                    raise
                return own  # committed, but not published yet
        elif shown is not None and shown.head == head:
            return shown  # with the cosignatures it has
        if shown is None or shown.note != signed:
            self._keep_past(shown, head)
            # A crash here: the head is kept and still shown; it is not kept twice.
            self._tiles.replace(CHECKPOINT, signed)
            self._loose.add(CHECKPOINT)
        self._shown = checkpoint
        return checkpoint

    def _keep_past(self, shown: Checkpoint | None, head: Head) -> None:
        """Keep the head that is about to be replaced, if an hour has gone by."""
        if shown is None or shown.head.size in (0, head.size):
            return
        if self._kept_at is None or self._now - self._kept_at >= EVERY:
            self._past.keep(shown.note)
            self._kept_at = self._now

    def _gather(self, head: Head, lines: Sequence[SignatureLine]) -> None:
        """Keep cosignatures until a quorum is together; of the latest few heads."""
        self._gathered[head] = without_repeats((*self._gathered.pop(head, ()), *lines))
        while len(self._gathered) > _HEADS_GATHERED:
            del self._gathered[next(iter(self._gathered))]


def _refuse_backwards(held: Held, now: int) -> None:
    if now < held.at_micros:
        wait = -(-(held.at_micros - now) // _SECOND)
        raise Outage(CLOCK_BEHIND, retry_after=wait)


def _refuse_older(head: Head, seen: Sequence[Head]) -> None:
    for other in seen:
        if other.size > head.size:
            raise Refusal(ROLLED_BACK)
        if other.size == head.size and other.root != head.root:
            raise Refusal(FORKED)


def _stage_name(head: Head) -> str:
    return f"{_STAGES}/{head.size}-{head.root.hex()}"


def _pack_stage(old: Head, new: Head, writes: list[Write]) -> bytes:
    body = msgspec.msgpack.encode(_Stage(old.size, old.root, new.size, new.root, writes))
    return hashlib.sha256(body).digest() + body


def _unpack_stage(data: bytes) -> _Stage:
    body = data[32:]
    try:
        if hashlib.sha256(body).digest() != data[:32]:
            raise Refusal(TILE_CORRUPT)
        return msgspec.msgpack.decode(body, type=_Stage)
    except msgspec.DecodeError:
        raise Refusal(TILE_CORRUPT) from None
