"""From a shelf to a reader of print; None where a part is missing: then the clerk types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liangming.edge import codes
from liangming.edge.models.cards import Card
from liangming.edge.models.shelf import Shelf
from liangming.errors import Misuse

if TYPE_CHECKING:
    from liangming.edge.models.runtime import OneAtATime
    from liangming.edge.reading.lines import Lines


def reader_of(shelf: Shelf, *, sparing: bool = False) -> Lines | None:
    """Load what is on the shelf.

    Args:
        sparing: hold one of the two nets at a time, where memory is dearer than a tenth of a second.

    Raises:
        Misuse: a listed file is missing, altered or cannot be run (``edge.model-wrong``).
    """
    from liangming.edge.models.runtime import OneAtATime, OnnxNet
    from liangming.edge.reading.lines import Lines

    cards = cards_of(shelf)
    if cards is None:
        return None
    lines, text = cards
    if not sparing:
        return Lines(OnnxNet(shelf.load(lines)), OnnxNet(shelf.load(text)))
    seat: list[OneAtATime] = []
    find = OneAtATime(lambda: OnnxNet(shelf.load(lines)), seat)
    return Lines(find, OneAtATime(lambda: OnnxNet(shelf.load(text)), seat))


def cards_of(shelf: Shelf) -> tuple[Card, Card] | None:
    """The finder's and the reader's cards; None where one is missing.

    Raises:
        Misuse: the list cannot be read, or names another form (``edge.model-wrong``).
    """
    lines, text = shelf.of("lines"), shelf.of("text")
    if lines is None or text is None:
        return None
    for card in (lines, text):
        if card.form != "onnx":
            raise Misuse(codes.MODEL_WRONG, field=card.name)
    return lines, text
