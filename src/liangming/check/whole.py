"""A whole check in one call: a station that worked offline, a company's gateway, a batch.

The same states and the same law as step by step; only the commits are joined. Times come from
the caller where it was offline, held between sensible bounds.

Two ways lead to the same record (:mod:`liangming.check.mould` says why):

plain   begin → notice → (help) → (declines) → choice → examine → settle → change
poured  the kind is known → examine → the outcome is known → change from its mould
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Final, Literal, NamedTuple

import msgspec

from liangming import method as shown
from liangming.check import faults, leaf_keys, lots, moves, seen
from liangming.check.begun import Begun
from liangming.check.desk import Remember, first_change, scene_of
from liangming.check.done import Done, Note
from liangming.check.examine import at_once, examine
from liangming.check.examined import Examined, Sitting
from liangming.check.mould import Moment, Mould
from liangming.check.open import Opening, begin
from liangming.check.ports import MOVED_ON, PersonRow
from liangming.check.premises import Premises
from liangming.check.settle import COLLECTED, KEPT, newcomers, settle
from liangming.check.states import Sender, State, Subject, Thing
from liangming.clock import china_date
from liangming.errors import Misuse
from liangming.law.words import Method
from liangming.method import DocumentShown


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


class Ready(msgspec.Struct, frozen=True):
    """A whole check that was looked at and waits to be settled."""

    begun: Begun
    own: moves.Moved | None  # up to the choice, where this check went the plain way
    check: WholeCheck
    sitting: Sitting
    examined: Examined
    kind: tuple[object, ...]  # of the check, as far as it says that itself


_kind_said: Final = attrgetter(
    "scene", "notice", "method", "subject", "sender", "thing", "unseen", "by", "declined", "helped",
    "language",
)  # fmt: skip


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
    known = await registrations(premises, [ready], surely=False)
    try:
        return await _commit(premises, ready, known, remember)
    except Misuse as late:
        now = await registrations(premises, [ready]) if late.code is MOVED_ON else known
        if now == known:
            raise
    # Another counter registered the person, or an erasure came, between the read and the commit.
    return await _commit(premises, ready, now, remember)


async def registrations(
    premises: Premises, readies: Sequence[Ready], *, surely: bool = True
) -> dict[bytes, PersonRow]:
    """The registrations that the evidence leads to.

    Args:
        premises: the house.
        readies: whose.
        surely: look for everybody; otherwise for whom the store may have. The commit refuses to
            register one who is there.
    """
    store = premises.store
    wanted: Sequence[bytes] = list(
        {ready.examined.person for ready in readies if ready.examined.person is not None}
    )
    if not surely:
        wanted = store.perhaps(wanted)
    return await store.persons(wanted) if wanted else {}


async def _commit(
    premises: Premises,
    ready: Ready,
    known: dict[bytes, PersonRow],
    remember: Note | None,
) -> Done:
    person = ready.examined.person
    row = known.get(person) if person is not None else None
    done = finish(ready, row, cast_of(ready, row, None))
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
    examined = await examine(sitting, check.evidence)
    return Ready(begun, own, check, sitting, examined, _kind_said(check))


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
    kind, evidence = _kind_said(check), check.evidence
    if last is not None and last.own is None and kind == last.kind:
        sitting = last.sitting
        if type(evidence) is type(last.check.evidence) is DocumentShown:  # it fits, as the last did
            examined = seen.of_document(sitting, evidence)
        else:
            examined = at_once(sitting, evidence)
        return Ready(last.begun, None, check, sitting, examined, kind)
    begun, own, sitting = _sit(premises, check, at, on)
    return Ready(begun, own, check, sitting, at_once(sitting, evidence), kind)


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
    return begun, own, Sitting(premises, scene, begun.moved.state, check.method, at, on)


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


class Cast(NamedTuple):
    """A check that was poured: where the next one like it, at the same moment, finds its mould."""

    ready: Ready
    returning: bool
    mould: Mould
    moment: Moment
    rests: bool  # whether the store is known to have its pattern
    gathers: bool  # whether others like it are finished together with it


def cast_of(ready: Ready, row: PersonRow | None, last: Cast | None) -> Cast | None:
    """Where a check finds its mould; None where it goes the plain way.

    Args:
        ready: what was looked at.
        row: the registration of its person.
        last: what the check before it, at the same moment, gave.
    """
    examined = ready.examined
    if (
        last is not None
        and ready.begun is last.ready.begun
        and last.returning is (row is not None)
        and examined.like(last.ready.examined)
    ):
        return last
    mould = ready.begun.mould(examined.outcome(returning=row is not None))
    if mould is None:
        return None
    at = ready.sitting.at
    rests = mould.rests(ready.sitting.premises.store, at)
    gathers = mould.register == (COLLECTED if row is None else KEPT)
    return Cast(ready, row is not None, mould, mould.moment(at), rests, gathers)


def finish(
    ready: Ready, row: PersonRow | None, cast: Cast | None, lot: lots.Lot | None = None
) -> Done:
    """Settle what was looked at, with the registration that is known: nothing is written yet.

    Args:
        ready: what was looked at.
        row: the registration of its person.
        cast: as :func:`cast_of` gave it.
        lot: of :func:`liangming.check.lots.draw`, which nothing else uses; drawn here otherwise.
    """
    if cast is None:
        return _settled(ready, row)
    mould, sitting, examined = cast.mould, ready.sitting, ready.examined
    if lot is None:
        (lot,) = lots.draw(sitting.at, 1)
    check, block, key, _ = lot
    vault, moment = sitting.premises.vault, cast.moment
    person, found = None, row if mould.register == KEPT else None
    if mould.register == COLLECTED:
        until = moment.keep_until or moment.now
        (person,), (pad,) = newcomers(sitting, [examined], [lot], moment.now, until)
        kept = leaf_keys.keep_new(key, pad)
    else:
        kept = leaf_keys.keep(vault, check, key, found, finished=mould.finished)
    change = mould.pour(
        check,
        sitting.at,
        key,
        kept,
        person=person,
        seen=found,
        redeem=examined.redeem,
        rests=cast.rests,
        cuts=sitting.premises.cuts,
    )
    return Done(change, sitting.at, None, mould, block)


def finish_each(cast: Cast, some: Sequence[tuple[Ready, PersonRow | None, lots.Lot]]) -> list[Done]:
    """As :func:`finish`, of checks of one cast that gathers: sealed and poured in one go.

    Raises:
        Exception: of the first that cannot be; then none of them is finished. Their lots may be used once more,
            for the same checks: they make the same bytes.
    """
    mould, moment, sitting = cast.mould, cast.moment, cast.ready.sitting
    premises, at = sitting.premises, sitting.at
    drawn = [lot for _, _, lot in some]
    keys = [lot[2] for lot in drawn]
    shown = [ready.examined for ready, _, _ in some]
    new = mould.register == COLLECTED
    if new:
        until = moment.keep_until or moment.now
        holders, pads = newcomers(sitting, shown, drawn, moment.now, until)
        kept = leaf_keys.keep_each(keys, pads)
    else:
        holders = [row for _, row, _ in some if row is not None]
        checks = [lot[0] for lot in drawn]
        kept = leaf_keys.keep_under(premises.vault, checks, keys, holders)
    changes = mould.pour_each(
        drawn,
        at,
        kept,
        holders,
        [examined.redeem for examined in shown],
        new=new,
        rests=cast.rests,
        cuts=premises.cuts,
    )
    return [
        Done(change, at, None, mould, lot[1]) for change, lot in zip(changes, drawn, strict=True)
    ]


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
