"""A whole check in one call: a station that worked offline, a company's gateway, a batch.

The same states and the same law as step by step; only the commits are joined. Times come from
the caller where it was offline, held between sensible bounds.

Two ways lead to the same record (:mod:`liangming.check.mould` says why):

plain   begin → notice → (help) → (declines) → choice → examine → settle → change
poured  the kind is known → examine → the outcome is known → change from its mould
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from datetime import date, datetime, timedelta
from typing import Final, Literal

import msgspec

from liangming import ids
from liangming import method as shown
from liangming.check import faults, leaf_keys, moves, states
from liangming.check.desk import Remember, first_change, scene_of
from liangming.check.examine import at_once, examine
from liangming.check.examined import Examined, Sitting
from liangming.check.mould import Begun, Mould, Spell
from liangming.check.open import Opening, begin
from liangming.check.ports import MOVED_ON, Change, PersonRow, Remembered
from liangming.check.premises import Premises
from liangming.check.settle import COLLECTED, KEPT, registered, settle
from liangming.check.states import Sender, State, Subject, Thing
from liangming.clock import china_date, micros
from liangming.errors import Misuse
from liangming.law.words import Method


class WholeCheck(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything about one check, from opening to evidence.

    Attributes:
        notice: digest of the notice that was shown; it must be the one in force.
        method: the way the person chose.
        by: ``person``, or ``spoken`` when a clerk entered what was said.
        declined: ways the person said no to before.
    """

    scene: str
    method: Method
    evidence: shown.Evidence
    notice: str
    subject: Subject = Subject.SELF
    thing: Thing | None = None
    sender: Sender = Sender.PERSON
    unseen: bool = False
    by: Literal["person", "spoken"] = "spoken"
    declined: tuple[Method, ...] = ()
    helped: bool = False
    language: Literal["zh", "en"] = "zh"

    def __repr__(self) -> str:
        return f"<WholeCheck {self.scene} {self.method.value}>"

    __str__ = __repr__


class Done:
    """A whole check as it will stand, or stands, in the store.

    Attributes:
        change: what is written.
        at: its moment.
    """

    __slots__ = ("_mould", "_number", "_state", "at", "change")

    def __init__(
        self,
        change: Change,
        at: datetime,
        state: State | None,
        mould: Mould | None,
        number: int | None = None,
    ) -> None:
        self.change = change
        self.at = at
        self._state = state
        self._mould = mould
        self._number = number

    @property
    def id(self) -> str:
        """The check's id."""
        return self.change.check.id

    @property
    def number(self) -> int:
        """The 128 bits of its id."""
        if self._number is None:
            self._number = ids.number_of(self.id)
        return self._number

    @property
    def tag(self) -> str:
        """The tag of its state."""
        return self.change.check.state

    def landed(self, store: object) -> None:
        """It is durable in this store, and so is the pattern that it carried."""
        run = self.change.run
        if self._mould is not None and run is not None and run.pattern:
            self._mould.landed(store, self.at)

    @property
    def state(self) -> State:
        """Its state; read back from what is stored where the check was poured."""
        if self._state is None:
            row = self.change.check
            pattern = None if self._mould is None else self._mould.pattern
            body = row.body if pattern is None else pattern.body(row.id, row.opened_at)
            self._state = states.decode(body)
        return self._state

    def text(
        self,
        what: Hashable,
        spell: Spell,
        write: Callable[[State], bytes],
        more: tuple[bytes, ...] = (),
    ) -> bytes:
        """A text about it, written from its state or poured.

        Args:
            what: names the text; says everything on which it depends besides the check.
            spell: how the text writes moments.
            write: from the state to the text.
            more: what else in it differs from check to check, as it stands there.
        """
        if self._mould is None:
            return write(self.state)
        check, at = self.change.check.id, self.at
        text = self._mould.text(what, check, at, spell, more)
        if text is None:
            text = write(self.state)
            self._mould.learn(text, what, check, at, spell, more=more)
        return text


Note = Callable[[Done], Remembered]
"""Makes the idempotency record of a check's own commit."""


class Ready(msgspec.Struct, frozen=True):
    """A whole check that was looked at and waits to be settled."""

    begun: Begun
    own: moves.Moved | None  # up to the choice, where this check went the plain way
    check: WholeCheck
    sitting: Sitting
    examined: Examined


async def whole(
    premises: Premises, check: WholeCheck, *, remember: Remember | None = None
) -> State:
    """One whole check, durable when this returns.

    Raises:
        Misuse: as the single steps raise it; nothing was stored.
        Refusal: a used or expired code; nothing was stored.
    """
    note = None if remember is None else lambda done: remember(done.state)
    return (await complete(premises, check, remember=note)).state


async def complete(
    premises: Premises,
    check: WholeCheck,
    *,
    remember: Note | None = None,
) -> Done:
    """As :func:`whole`; gives what its answer can be poured from."""
    at = premises.clock.now()
    ready = await prepare(premises, check, at, china_date(at))
    known = await registrations(premises, [ready])
    try:
        return await _commit(premises, ready, known, remember)
    except Misuse as late:
        now = await registrations(premises, [ready]) if late.code is MOVED_ON else known
        if now == known:
            raise
    # Another counter registered the person, or an erasure came, between the read and the commit.
    return await _commit(premises, ready, now, remember)


async def registrations(premises: Premises, readies: Sequence[Ready]) -> dict[bytes, PersonRow]:
    """The registrations that the evidence leads to."""
    wanted = {ready.examined.person for ready in readies if ready.examined.person is not None}
    return await premises.store.persons(list(wanted)) if wanted else {}


async def _commit(
    premises: Premises,
    ready: Ready,
    known: dict[bytes, PersonRow],
    remember: Note | None,
) -> Done:
    done = finish(ready, known)
    if remember is not None:
        done.change = msgspec.structs.replace(done.change, remember=remember(done))
    await premises.store.commit(done.change)
    done.landed(premises.store)
    return done


async def prepare(premises: Premises, check: WholeCheck, at: datetime, on: date) -> Ready:
    """Look at a whole check's evidence, whoever has to be asked about it.

    Raises:
        Misuse: as the single steps raise it.
    """
    begun, own, sitting = _sit(premises, check, at, on)
    return Ready(begun, own, check, sitting, await examine(sitting, check.evidence))


def prepare_at_once(
    premises: Premises, check: WholeCheck, at: datetime, on: date, last: Ready | None = None
) -> Ready:
    """As :func:`prepare`, for evidence that speaks by itself.

    Args:
        premises: the house.
        check: what came.
        at: now.
        on: the day in China.
        last: a check that was prepared at this moment, with nothing awaited since.
    """
    if last is not None and last.own is None and _alike(check, last.check):
        sitting = last.sitting
        return Ready(last.begun, None, check, sitting, at_once(sitting, check.evidence))
    begun, own, sitting = _sit(premises, check, at, on)
    return Ready(begun, own, check, sitting, at_once(sitting, check.evidence))


def _alike(one: WholeCheck, other: WholeCheck) -> bool:
    """Whether two checks are of one :func:`_kind`, as far as they say it themselves."""
    return (
        one.scene == other.scene
        and one.notice == other.notice
        and one.method is other.method
        and one.subject is other.subject
        and one.sender is other.sender
        and one.thing is other.thing
        and one.unseen is other.unseen
        and one.by == other.by
        and one.declined == other.declined
        and one.helped is other.helped
        and one.language == other.language
    )


def _sit(
    premises: Premises, check: WholeCheck, at: datetime, on: date
) -> tuple[Begun, moves.Moved | None, Sitting]:
    kind = _kind(premises, check)
    begun = premises.moulds.begun(kind, on)
    own: moves.Moved | None = None
    if begun is None:
        own = _begin(premises, check, at)
        begun = premises.moulds.begin(kind, own)
    # Where the beginning is remembered, its state stands in for this check's own: evidence may
    # look at what was offered and declined, never at which check it is.
    scene = premises.scenes[check.scene]
    return begun, own, Sitting(premises, scene, begun.moved.state, check.method, at)


def _kind(premises: Premises, check: WholeCheck) -> Hashable:
    """Everything that decides how a check begins, besides the day."""
    return (
        check.scene,
        check.notice,
        check.method._value_,
        check.subject._value_,
        check.sender._value_,
        check.thing,
        check.unseen,
        check.by,
        check.declined,
        check.helped,
        check.language,
        premises.devices_at(check.scene),
        premises.gates.edition,
    )


def _begin(premises: Premises, check: WholeCheck, at: datetime) -> moves.Moved:
    """The plain way up to the choice."""
    scene = scene_of(premises, check.scene)
    moved = begin(
        premises,
        Opening(
            scene=check.scene,
            subject=check.subject,
            thing=check.thing,
            sender=check.sender,
            unseen=check.unseen,
        ),
        at,
    )
    told = premises.notice(scene, at=at)
    if check.notice != told.digest:
        raise Misuse(faults.NOTICE_CHANGED, citations=("pipl.17",), field="notice")
    if check.method.is_face:
        # A face needs its own notice, consent and nonce: it cannot come in one call (I2).
        raise Misuse(faults.CONSENT_FIRST, citations=("pipl.29",), field="method")
    steps = [moved, moves.show_notice(moved.state, told.notice, check.language, at)]
    if check.helped:
        steps.append(moves.help_given(steps[-1].state, "staff", at))
    for declined in check.declined:
        steps.append(moves.decline(steps[-1].state, declined, check.by, at))
    steps.append(moves.choose(steps[-1].state, check.method, check.by, at))
    return moves.Moved(steps[-1].state, tuple(e for step in steps for e in step.events))


def finish(ready: Ready, known: dict[bytes, PersonRow]) -> Done:
    """Settle what was looked at, with the registrations that are known: nothing is written yet."""
    examined = ready.examined
    row = known.get(examined.person) if examined.person is not None else None
    mould = ready.begun.mould(examined.outcome(returning=row is not None))
    if mould is None:
        return _settled(ready, row)
    sitting = ready.sitting
    now = micros(sitting.at)
    (check, number), key = ids.drawn(ids.CHECK, now // 1000), leaf_keys.fresh()
    person, pad = None, b""
    if mould.register == COLLECTED:
        until = sitting.at + (mould.keep or _NO_TIME)
        person, pad = registered(sitting, examined, until, check)
    seen = row if mould.register == KEPT else None
    vault = sitting.premises.vault
    change = mould.pour(
        check,
        sitting.at,
        key,
        leaf_keys.keep(vault, check, key, person or seen, finished=mould.finished, pad=pad),
        person=person,
        seen=seen,
        redeem=examined.redeem,
        rests=mould.rests(sitting.premises.store, sitting.at),
        cuts=sitting.premises.cuts,
    )
    return Done(change, sitting.at, None, mould, number)


_NO_TIME: Final = timedelta()


def _settled(ready: Ready, known: PersonRow | None) -> Done:
    """The plain way from the choice on; leaves a mould for the next ones."""
    sitting, examined = ready.sitting, ready.examined
    own = ready.own
    if own is None:  # the beginning was remembered: this check needs one of its own
        own = _begin(sitting.premises, ready.check, sitting.at)
    sitting = msgspec.structs.replace(sitting, state=own.state)
    settled = settle(sitting, examined, known)
    moved = moves.Moved(settled.moved.state, (*own.events, *settled.moved.events))
    key, kept = leaf_keys.fresh(), settled.kept
    change = first_change(sitting.premises.vault, moved, sitting.at, leaf_key=key, kept=kept)
    outcome = examined.outcome(returning=known is not None)
    ready.begun.learn(outcome, change, moved, sitting.at, leaf_key=key, seen=kept.seen)
    return Done(change, sitting.at, moved.state, None)
