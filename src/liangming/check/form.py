"""A text with places left open: cut once from an example, filled many times."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from operator import itemgetter


class Form:
    """What stays the same in a text, and where the rest goes.

    Args:
        text: an example.
        places: what is to be left open, as it stands in the example; all different, and none part
            of another.
    """

    __slots__ = ("_in_order", "_text")

    def __init__(self, text: bytes, places: Sequence[bytes]) -> None:
        order: list[int] = []

        def open_(found: re.Match[bytes]) -> bytes:
            order.append(places.index(found.group()))
            return b"%b"

        pattern = b"|".join(re.escape(place) for place in places)
        self._text = re.sub(pattern, open_, text.replace(b"%", b"%%")) if places else text
        # A place that never comes leaves nothing to pick; one alone is picked without a tuple.
        pick: Callable[[Sequence[bytes]], object] = itemgetter(*order) if order else _nothing
        self._in_order = pick

    def fill(self, values: Sequence[bytes]) -> bytes:
        """The text with these values in the places, in the order in which they were named."""
        return self._text % self._in_order(values)


def _nothing(_: Sequence[bytes]) -> object:
    return ()
