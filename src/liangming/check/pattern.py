"""How a poured check rests: what is its own in its rows, what it shares once in a pattern.

A mould (:mod:`liangming.check.mould`) makes thousands of checks that differ in who, when and which.
Their states and their events' facts would stand in the store again and again, about three
thousand bytes a check. So the store keeps these texts once, as a *pattern*, under the digest of
its own bytes; a poured check names it, and whoever reads the check gets it whole again: the very
bytes that the plain way would have stored (docs/spec/schema.md). Nothing above the store sees it.

A pattern holds what states and facts hold: codes, words of the law, identifiers of places; never
anything about a person. It is never changed, and never removed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from liangming.check.form import Form
from liangming.check.ports import Change, LeafRow
from liangming.clock import from_micros, micros
from liangming.ledger.leaf import LEAF_BYTES, Event
from liangming.ledger.stencil import Stencils

KEY_BYTES: Final = 16
MARK: Final = b"\x01"
"""Begins a body that names a pattern; a state as JSON begins with a brace."""
MOST_STEPS: Final = 64

_MOMENTS: Final = ("keep_until",)
_EXAMPLE: Final = "chk_example"
_NO_LEAF: Final = bytes(LEAF_BYTES)

_VERSION: Final = 1
_LABEL: Final = b"liangming/check/pattern/1\x00"
_json: Final = msgspec.json.Encoder(order="deterministic").encode


class Text(msgspec.Struct, frozen=True):
    """A text with open places (:class:`~liangming.check.form.Form`)."""

    text: str
    order: tuple[int, ...] = ()


class Step(msgspec.Struct, frozen=True):
    """One event: its tag, and its facts as stored."""

    tag: str
    facts: Text


class _Kept(msgspec.Struct, frozen=True):
    version: int
    moments: tuple[int, ...]
    body: Text
    steps: tuple[Step, ...]


_read = msgspec.json.Decoder(_Kept).decode


class Pattern:
    """What the checks of one mould share.

    Args:
        data: as stored.

    Attributes:
        key: names it: the beginning of a digest of its bytes.
        data: as stored.
        tags: of its events, in order.

    Raises:
        ValueError: not a pattern that this program knows.
    """

    __slots__ = ("_body", "_cutter", "_facts", "_moments", "data", "key", "tags")

    def __init__(self, data: bytes) -> None:
        kept = _read(data)
        if kept.version != _VERSION or not 0 < len(kept.steps) <= MOST_STEPS:
            raise ValueError("not a pattern of this version")
        self.data = data
        self.key = hashlib.sha256(_LABEL + data).digest()[:KEY_BYTES]
        self.tags = tuple(step.tag for step in kept.steps)
        self._moments = kept.moments
        self._body = _form(kept.body)
        self._facts = tuple(_form(step.facts) for step in kept.steps)
        self._cutter: Stencils | None = None

    @classmethod
    def of(
        cls, check: str, at: datetime, body: bytes, leaves: Sequence[LeafRow], spans: Sequence[int]
    ) -> Pattern:
        """From a check of the plain way.

        Args:
            check: its id.
            at: its moment.
            body: its state as stored.
            leaves: its events.
            spans: its moments, in µs from ``at``; all different.
        """
        now = micros(at)
        kept = _Kept(
            _VERSION,
            tuple(spans),
            _text(Form.cut(body, _in_state(check, now, spans))),
            tuple(
                Step(leaf.tag, _text(Form.cut(leaf.facts, _in_facts(check, now, spans))))
                for leaf in leaves
            ),
        )
        return cls(_json(kept))

    @property
    def mark(self) -> bytes:
        """What stands in a check's row instead of its state."""
        return MARK + self.key

    def body(self, check: str, at: int) -> bytes:
        """The state of a check that was opened at a moment (µs)."""
        return self._body.fill(_in_state(check, at, self._moments))

    def cut(self, leaf_key: bytes, spelled: Sequence[bytes]) -> bytes:
        """The leaves of a check, one behind another.

        Args:
            leaf_key: of the check, open.
            spelled: its moment, its id, then the moments among its facts, as stencils take them.
        """
        cutter = self._cutter
        if cutter is None:
            events = [
                event_of(leaf) for leaf in self.leaves(_EXAMPLE, 0, _NO_LEAF * len(self.tags))
            ]
            cutter = self._cutter = Stencils(events, moments_of(events))
        return cutter.leaves(leaf_key, *spelled)

    def leaves(self, check: str, at: int, joined: bytes) -> tuple[LeafRow, ...]:
        """The events of a check with their leaves, which stand one behind another.

        Raises:
            ValueError: there are more or fewer leaves than events.
        """
        if len(joined) != len(self.tags) * LEAF_BYTES:
            raise ValueError("not the leaves of this pattern")
        values = _in_facts(check, at, self._moments)
        return tuple(
            LeafRow(
                check=check,
                number=number,
                tag=tag,
                at=at,
                facts=facts.fill(values),
                leaf=joined[number * LEAF_BYTES : (number + 1) * LEAF_BYTES],
            )
            for number, (tag, facts) in enumerate(zip(self.tags, self._facts, strict=True))
        )


def event_of(leaf: LeafRow) -> Event:
    """The event that a stored leaf commits to."""
    facts = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in msgspec.json.decode(leaf.facts).items()
    }
    return Event(leaf.tag, leaf.at, leaf.check, facts)


def moments_of(events: Sequence[Event]) -> tuple[tuple[int, str], ...]:
    """The facts of events that are moments and move with the check's own: which event's, and its name."""
    return tuple(
        (number, name)
        for number, event in enumerate(events)
        for name in _MOMENTS
        if isinstance(event.facts.get(name), int)
    )


def plain(change: Change, pattern: Pattern | None = None) -> Change:
    """A poured change as the plain way would have made it; any other as it is.

    Args:
        change: the change.
        pattern: its pattern, where the change does not carry it.
    """
    run = change.run
    if run is None:
        return change
    if pattern is None:
        pattern = Pattern(run.pattern)
    row = change.check
    return msgspec.structs.replace(
        change,
        check=msgspec.structs.replace(row, body=pattern.body(row.id, row.opened_at)),
        leaves=pattern.leaves(
            row.id, row.opened_at, run.leaves or pattern.cut(run.leaf_key, run.spelled)
        ),
        run=None,
    )


def iso(at: datetime) -> str:
    """A moment as states are stored."""
    return _json(at)[1:-1].decode()


def _in_state(check: str, at: int, spans: Sequence[int]) -> list[bytes]:
    moment = from_micros(at)
    return [
        check.encode(),
        *(iso(moment + timedelta(microseconds=span)).encode() for span in spans),
    ]


def _in_facts(check: str, at: int, spans: Sequence[int]) -> list[bytes]:
    return [check.encode(), *(b"%d" % (at + span) for span in spans)]


def _text(form: Form) -> Text:
    return Text(form.text.decode(), form.order)


def _form(text: Text) -> Form:
    return Form(text.text.encode(), text.order)
