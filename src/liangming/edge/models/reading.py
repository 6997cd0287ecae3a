"""From a shelf to a reader of print; None where a part is missing: then the clerk types."""

from __future__ import annotations

from liangming.edge import codes
from liangming.edge.models.runtime import OnnxNet
from liangming.edge.models.shelf import Shelf
from liangming.edge.reading.lines import Lines
from liangming.errors import Misuse


def reader_of(shelf: Shelf) -> Lines | None:
    """Load what is on the shelf.

    Raises:
        Misuse: a listed file is missing, altered or cannot be run (``edge.model-wrong``).
    """
    lines, text = shelf.of("lines"), shelf.of("text")
    if lines is None or text is None:
        return None
    for card in (lines, text):
        if card.form != "onnx":
            raise Misuse(codes.MODEL_WRONG, field=card.name)
    return Lines(OnnxNet(shelf.load(lines)), OnnxNet(shelf.load(text)))
