"""What is the same in a thousand whole checks, settled once.

Two parcels of two people at one counter, on one day, with one kind of document, leave the same
record but for who, when, and which check. So the plain way (:mod:`liangming.check.whole`: the law,
the moves, the events) makes the first of them; a *mould* is taken from what it made; and the next
ones are poured: the same columns, the same state, the same events, with their own id, time, key
and person in the places left open. The texts that they share rest once, as a pattern.

A mould decides nothing. It is found by everything that decided: what the check says of itself, what
the evidence says of itself, whether the person is known, and the day in China. It is used only after it
gave, for a second check that the plain way made at another moment, that very check. What has no
mould goes the plain way (tests/check/test_mould.py holds both ways beside each other).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from liangming.check import moves, states
from liangming.check.form import Form
from liangming.check.lots import Lot
from liangming.check.pattern import Pattern, moments_of
from liangming.check.ports import Change, CheckRow, PersonRow, Redemption, Run
from liangming.clock import micros

Spell = Callable[[datetime], str]
"""How a text writes a moment."""

_SURE: Final = timedelta(seconds=1)
_RENEWED: Final = timedelta(milliseconds=500)
_MICROSECOND: Final = timedelta(microseconds=1)


class Moment(NamedTuple):
    """What all checks of one moment share.

    Attributes:
        at: the moment.
        now: the same in µs.
        keep_until: the end of the record in µs; 0 where there is none.
        spelled: as stencils take it.
        facts: the same of the moments among the facts.
    """

    at: datetime
    now: int
    keep_until: int
    spelled: bytes
    facts: tuple[bytes, ...]


class Mould:
    """One outcome of one kind of check on one day.

    Args:
        change: what the plain way wrote.
        moved: the state it led to and all its events.
        at: when.

    Attributes:
        register: ``collected``, ``kept`` or ``nothing``.
        keep: how long the record is kept, from the moment of the check; None: nothing is said.
        tag: of the state.
        finished: whether nothing follows it.
        pattern: what all its checks share.
    """

    __slots__ = (
        "_columns",
        "_facts",
        "_forms",
        "_life",
        "_mark",
        "_moment",
        "_renewing",
        "_rests",
        "_spans",
        "_spelled",
        "finished",
        "keep",
        "pattern",
        "register",
        "tag",
    )

    def __init__(self, change: Change, moved: moves.Moved, at: datetime) -> None:
        row, state = change.check, moved.state
        passed = state if isinstance(state, states.Passed) else None
        self.register = passed.register if passed is not None else "nothing"
        until = passed.keep_until if passed is not None else None
        self.keep = until - at if until is not None else None
        self.tag = row.state
        self.finished = isinstance(state, states.FINISHED)
        self._columns = (row.operator, row.scene, row.outlet, row.kind)
        self._life = row.expires_at - micros(at)
        spans = (timedelta(), state.about.expires_at - at, self.keep)
        self._spans = tuple(dict.fromkeys(span for span in spans if span is not None))
        self._spelled: dict[Spell, tuple[datetime, tuple[bytes, ...]]] = {}
        self._forms: dict[Hashable, Form] = {}
        now = micros(at)
        told = [
            (name, int(str(moved.events[number].facts[name])) - now)
            for number, name in moments_of(moved.events)
        ]
        self._facts = tuple((name.encode(), span) for name, span in told)
        moments = (*(span // _MICROSECOND for span in self._spans), *(span for _, span in told))
        self.pattern = Pattern.of(
            row.id, at, row.body, change.leaves, tuple(dict.fromkeys(moments))
        )
        self._mark = self.pattern.mark
        self._moment = self._now(at)
        self._rests: tuple[object, datetime] | None = None
        self._renewing: datetime | None = None

    def pour(
        self,
        check_id: str,
        at: datetime,
        leaf_key: bytes,
        kept_key: bytes,
        *,
        person: PersonRow | None,
        seen: PersonRow | None,
        redeem: tuple[Redemption, ...],
        rests: bool = False,
        cuts: bool = False,
    ) -> Change:
        """The change that the plain way would write, as it rests (:mod:`liangming.check.pattern`).

        Args:
            check_id: a fresh id.
            at: now.
            leaf_key: 32 fresh secret bytes.
            kept_key: the same as it is stored (:mod:`liangming.check.leaf_keys`).
            person: the registration to make, where ``register`` is *collected*.
            seen: the registration that was found, where it is *kept*.
            redeem: single-use codes that are used up.
            rests: the store is known to have the pattern.
            cuts: the store's writer cuts the leaves.
        """
        moment = self.moment(at)
        now = moment.now
        operator, scene, outlet, kind = self._columns
        pattern = self.pattern
        spelled = (moment.spelled, b'check\x00"%b"' % check_id.encode(), *moment.facts)
        tags, data = ((), b"") if rests else (pattern.tags, pattern.data)
        run = (
            Run(pattern.key, data, b"", tags, leaf_key, spelled)
            if cuts
            else Run(pattern.key, data, pattern.cut(leaf_key, spelled), tags)
        )
        holder = person if person is not None else seen
        return Change(
            check=CheckRow(
                id=check_id,
                operator=operator,
                scene=scene,
                outlet=outlet,
                kind=kind,
                state=self.tag,
                version=1,
                person=holder.person if holder is not None else None,
                opened_at=now,
                changed_at=now,
                expires_at=now + self._life,
                leaf_key=kept_key,
                body=self._mark,
            ),
            leaves=(),
            run=run,
            person=person,
            seen=seen.person if seen is not None else None,
            seen_keep_until=moment.keep_until if seen is not None else 0,
            holder_key=holder.wrapped_key if holder is not None else b"",
            redeem=redeem,
        )

    def pour_each(
        self,
        lots: Sequence[Lot],
        at: datetime,
        kept: Sequence[bytes],
        holders: Sequence[PersonRow],
        redeem: Sequence[tuple[Redemption, ...]],
        *,
        new: bool,
        rests: bool = False,
        cuts: bool = False,
    ) -> list[Change]:
        """As :meth:`pour`, of many checks of one moment, each of somebody who is registered with it or was found.

        Args:
            lots: what each has by lot (:mod:`liangming.check.lots`).
            at: now.
            kept: the key of each one's leaves as it is stored.
            holders: the registrations.
            redeem: single-use codes that each uses up.
            new: the registrations are to be made.
            rests: the store is known to have the pattern.
            cuts: the store's writer cuts the leaves.
        """
        moment, pattern, tag, mark = self.moment(at), self.pattern, self.tag, self._mark
        now, spelled, facts = moment.now, moment.spelled, moment.facts
        expires, keep_until = now + self._life, 0 if new else moment.keep_until
        operator, scene, outlet, kind = self._columns
        key = pattern.key
        tags, data = ((), b"") if rests else (pattern.tags, pattern.data)
        open_fields = [(spelled, b'check\x00"%b"' % lot[0].encode(), *facts) for lot in lots]
        if cuts:
            runs = [
                Run(key, data, b"", tags, lot[2], fields)
                for lot, fields in zip(lots, open_fields, strict=True)
            ]
        else:
            cut = pattern.cut
            runs = [
                Run(key, data, cut(lot[2], fields), tags)
                for lot, fields in zip(lots, open_fields, strict=True)
            ]
        return [
            Change(
                check=CheckRow(
                    id=lot[0],
                    operator=operator,
                    scene=scene,
                    outlet=outlet,
                    kind=kind,
                    state=tag,
                    version=1,
                    person=holder.person,
                    opened_at=now,
                    changed_at=now,
                    expires_at=expires,
                    leaf_key=leaf_key,
                    body=mark,
                ),
                leaves=(),
                run=run,
                person=holder if new else None,
                seen=None if new else holder.person,
                seen_keep_until=keep_until,
                holder_key=holder.wrapped_key,
                redeem=codes,
            )
            for lot, leaf_key, holder, codes, run in zip(
                lots, kept, holders, redeem, runs, strict=True
            )
        ]

    def moment(self, at: datetime) -> Moment:
        """What all checks of one moment share."""
        moment = self._moment
        if moment.at is not at:
            moment = self._moment = self._now(at)
        return moment

    def _now(self, at: datetime) -> Moment:
        now = micros(at)
        return Moment(
            at,
            now,
            micros(at + self.keep) if self.keep is not None else 0,
            # As stencils spell fields; integers and ids of ours have no other form.
            b"at\x00%d" % now,
            tuple(b"%b\x00%d" % (name, now + span) for name, span in self._facts),
        )

    def landed(self, store: object, at: datetime) -> None:
        """A change that carried the pattern is durable in this store."""
        self._rests = (store, at)
        self._renewing = None

    def rests(self, store: object, at: datetime) -> bool:
        """Whether the store is known to have the pattern.

        For one second after it said so: no failover to a copy that lags behind takes less, and
        after one, the next check brings the pattern again. After half of that one pass takes it along, so
        that all those which come until the store has said so once more need not: it is four times as long as the rest.
        """
        known = self._rests
        if known is None or known[0] is not store or not timedelta() <= at - known[1] < _SURE:
            return False
        if at - known[1] < _RENEWED:
            return True
        asked = self._renewing
        if asked is not None and timedelta() <= at - asked < _RENEWED:
            return True
        self._renewing = at
        return False

    def text(
        self,
        what: Hashable,
        check_id: str,
        at: datetime,
        spell: Spell,
        more: tuple[bytes, ...] = (),
    ) -> bytes | None:
        """A text about a poured check, after the first one that was learned; None before.

        Args:
            what: names the text; it must say everything on which it depends but the check.
            check_id: the check.
            at: its moment.
            spell: how this text writes moments.
            more: what else in it differs from check to check, as it stands there.
        """
        form = self._forms.get(what)
        return None if form is None else form.fill((*self._values(check_id, at, spell), *more))

    def texts(
        self,
        what: Hashable,
        checks: Sequence[str],
        at: datetime,
        spell: Spell,
        *,
        more: Sequence[bytes],
        frame: bytes,
        numbers: Sequence[int],
    ) -> bytes | None:
        """As :meth:`text` with one thing more, about many checks of one moment, each in a frame (:meth:`Form.fill_each`)."""
        form = self._forms.get(what)
        if form is None:
            return None
        many = len(checks)
        _, *moments = self._values("", at, spell)
        ids = [check.encode() for check in checks]
        return form.fill_each(frame, numbers, (ids, *([each] * many for each in moments), more))

    def learn(
        self,
        text: bytes,
        what: Hashable,
        check_id: str,
        at: datetime,
        spell: Spell,
        *,
        more: tuple[bytes, ...] = (),
    ) -> None:
        """Cut the form of a text from one that was written the plain way; as :meth:`text`."""
        if all(value in text for value in more):
            self._forms[what] = Form.cut(text, (*self._values(check_id, at, spell), *more))

    def _values(self, check_id: str, at: datetime, spell: Spell) -> Sequence[bytes]:
        """What stands in the open places: the id, and each moment as this text spells it."""
        known = self._spelled.get(spell)
        if known is None or known[0] != at:
            moments = tuple(spell(at + span).encode() for span in self._spans)
            known = self._spelled[spell] = (at, moments)
        return (check_id.encode(), *known[1])
