"""A whole check that is settled, and the texts that are poured from it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from liangming import ids
from liangming.check import states
from liangming.check.mould import Mould, Spell
from liangming.check.ports import Change, Remembered
from liangming.check.states import State


class Done(msgspec.Struct, eq=False):
    """A whole check as it will stand, or stands, in the store.

    Attributes:
        change: what is written.
        at: its moment.
        mould: what it was poured from, if it was.
    """

    change: Change
    at: datetime
    _state: State | None
    mould: Mould | None
    _block: bytes = b""

    def __repr__(self) -> str:
        return f"<Done {self.tag}>"

    __str__ = __repr__

    @property
    def id(self) -> str:
        """The check's id."""
        return self.change.check.id

    @property
    def block(self) -> bytes:
        """The bits of its id, as :func:`liangming.ids.of_blocks` takes them."""
        if not self._block:
            self._block = ids.number_of(self.id).to_bytes(ids.BLOCK_BYTES, "big")
        return self._block

    @property
    def tag(self) -> str:
        """The tag of its state."""
        return self.change.check.state

    def landed(self, store: object) -> None:
        """It is durable in this store, and so is the pattern that it carried."""
        run = self.change.run
        if self.mould is not None and run is not None and run.pattern:
            self.mould.landed(store, self.at)

    @property
    def state(self) -> State:
        """Its state; read back from what is stored where the check was poured."""
        if self._state is None:
            row = self.change.check
            pattern = None if self.mould is None else self.mould.pattern
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
        if self.mould is None:
            return write(self.state)
        check, at = self.change.check.id, self.at
        text = self.mould.text(what, check, at, spell, more)
        if text is None:
            text = write(self.state)
            self.mould.learn(text, what, check, at, spell, more=more)
        return text


class Text(NamedTuple):
    """A kind of text about checks: as the arguments of :meth:`Done.text`."""

    what: Hashable
    spell: Spell
    write: Callable[[State], bytes]


def lines(
    checks: Sequence[Done],
    text: Text,
    more: Sequence[bytes],
    frame: bytes,
    numbers: Sequence[int],
) -> bytes:
    """Texts about some checks (:meth:`Done.text`), one behind another, each in a frame with its number.

    Those of one mould and moment that follow one another are written in one step.

    Args:
        checks: in their order.
        text: which.
        more: what else in each differs, as it stands there.
        frame: what stands around each: ``%d`` for its number, then ``%b`` for the text, no other percent sign.
        numbers: of each.
    """
    out: list[bytes] = []
    begin = 0
    while begin < len(checks):
        first, end = checks[begin], begin + 1
        mould, at = first.mould, first.at
        while end < len(checks) and checks[end].mould is mould and checks[end].at is at:
            end += 1
        some, rest, told = checks[begin:end], more[begin:end], numbers[begin:end]
        joined = None
        if mould is not None:
            ids = [done.id for done in some]
            joined = mould.texts(
                text.what, ids, at, text.spell, more=rest, frame=frame, numbers=told
            )
        if joined is None:  # the first of them is written, and from it the others are poured
            joined, end = frame % (told[0], first.text(*text, (rest[0],))), begin + 1
        out.append(joined)
        begin = end
    return b"".join(out)


Note = Callable[[Done], Remembered]
"""Makes the idempotency record of a check's own commit."""
