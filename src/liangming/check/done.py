"""A whole check that is settled, and the texts that are poured from it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime

from liangming import ids
from liangming.check import states
from liangming.check.mould import Mould, Spell
from liangming.check.ports import Change, Remembered
from liangming.check.states import State


class Done:
    """A whole check as it will stand, or stands, in the store.

    Attributes:
        change: what is written.
        at: its moment.
    """

    __slots__ = ("_block", "_mould", "_state", "at", "change")

    def __init__(
        self,
        change: Change,
        at: datetime,
        state: State | None,
        mould: Mould | None,
        block: bytes = b"",
    ) -> None:
        self.change = change
        self.at = at
        self._state = state
        self._mould = mould
        self._block = block

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
