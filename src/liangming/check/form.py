"""A text with places left open: cut once from an example, filled many times."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import chain
from operator import itemgetter


class Form:
    """What stays the same in a text, and where the rest goes.

    Args:
        text: with ``%b`` at each open place, and ``%%`` for a percent sign.
        order: which value goes to which place.
    """

    __slots__ = ("_in_order", "order", "text")

    def __init__(self, text: bytes, order: Sequence[int]) -> None:
        self.text = text
        self.order = tuple(order)
        # A place that never comes leaves nothing to pick; one alone is picked without a tuple.
        pick: Callable[[Sequence[bytes]], object] = itemgetter(*order) if order else _nothing
        self._in_order = pick

    @classmethod
    def cut(cls, text: bytes, places: Sequence[bytes]) -> Form:
        """From an example.

        Args:
            text: the example.
            places: what is to be left open, as it stands in the example; all different, and none
                part of another.
        """
        order: list[int] = []

        def open_(found: re.Match[bytes]) -> bytes:
            order.append(places.index(found.group()))
            return b"%b"

        escaped = text.replace(b"%", b"%%")
        pattern = b"|".join(re.escape(place) for place in places)
        return cls(re.sub(pattern, open_, escaped) if places else escaped, order)

    def fill(self, values: Sequence[bytes]) -> bytes:
        """The text with these values in the places, in the order in which they were named."""
        return self.text % self._in_order(values)

    def fill_each(
        self, frame: bytes, numbers: Sequence[int], values: Sequence[Sequence[bytes]]
    ) -> bytes:
        """As :meth:`fill`, many times, one behind another: one step for all of them.

        Args:
            frame: what stands around each, with ``%d`` for its number and then ``%b`` for the text.
            numbers: of each.
            values: for each of :meth:`fill`'s values a column: what stands there in each text, in order.
        """
        columns = [values[place] for place in self.order]
        whole = frame.replace(b"%b", self.text) * len(numbers)
        return whole % tuple(chain.from_iterable(zip(numbers, *columns, strict=True)))


def _nothing(_: Sequence[bytes]) -> object:
    return ()
