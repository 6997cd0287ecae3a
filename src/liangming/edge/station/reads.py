"""The process that reads pictures for a station (``apart`` starts it): it ends with what it was given."""

from __future__ import annotations

import struct
import sys
from datetime import date
from pathlib import Path
from typing import IO, Any

import cv2
import msgspec

from liangming.edge.models.reading import cards_of, reader_of
from liangming.edge.models.shelf import Shelf
from liangming.edge.reading.given import HEAVIEST, wipe
from liangming.edge.reading.read import read
from liangming.edge.station.apart import Told, got, put
from liangming.errors import LiangmingError


def main(words: list[str], into: IO[bytes], out: IO[bytes]) -> None:
    """The process: one picture after another until nobody asks any more."""
    cv2.setNumThreads(1)
    shelf, on = Shelf(Path(words[0])), date.fromisoformat(words[1])
    reader: Any = _Late(shelf)
    while True:
        try:
            (size,) = struct.unpack(">Q", got(into, 8))
            if size > HEAVIEST + 1:
                return
            data = got(into, size)
        except EOFError:
            return
        try:
            told = Told(read(data, reader if cards_of(shelf) else None, on=on))
        except LiangmingError as error:
            told = Told(wrong=error.code.name)
        finally:
            wipe(data)
        answer = msgspec.json.encode(told)
        put(out, struct.pack(">I", len(answer)) + answer)


class _Late:
    """Implements Reader: nothing is loaded before a picture was decoded and made small."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._made: Any = None

    def __getattr__(self, name: str) -> Any:
        if self._made is None:
            self._made = reader_of(self._shelf, sparing=True)
        return getattr(self._made, name)


if __name__ == "__main__":
    main(sys.argv[1:], sys.stdin.buffer, sys.stdout.buffer)
