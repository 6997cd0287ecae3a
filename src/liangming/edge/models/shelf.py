"""The folder of model files and their list, checked byte for byte whenever one is loaded."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from liangming.edge import codes
from liangming.edge.models.cards import BY_HASH, COMMERCIAL, PARTS, Card, Part
from liangming.errors import Misuse, Outage, Refusal

LIST: Final = "models.json"
LARGEST: Final = 512 << 20
_BLOCK: Final = 1 << 20


class Shelf:
    """One device's models.

    Args:
        folder: made when the first model comes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def cards(self) -> tuple[Card, ...]:
        """Every model on the list, by part.

        Raises:
            Misuse: the list cannot be read (``edge.model-wrong``).
        """
        try:
            data = (self.folder / LIST).read_bytes()
        except FileNotFoundError:
            return ()
        except OSError:
            raise Misuse(codes.MODEL_WRONG, field=LIST) from None
        try:
            cards = msgspec.json.decode(data, type=tuple[Card, ...])
        except msgspec.DecodeError:
            raise Misuse(codes.MODEL_WRONG, field=LIST) from None
        return tuple(sorted(cards, key=lambda card: (PARTS.index(card.part), card.name)))

    def of(self, part: Part) -> Card | None:
        """The model for a part; the newest added wins, so a better pack replaces an older one."""
        return next((card for card in reversed(self._listed()) if card.part == part), None)

    def _listed(self) -> tuple[Card, ...]:
        path = self.folder / LIST
        return (
            msgspec.json.decode(path.read_bytes(), type=tuple[Card, ...])
            if (path.is_file() and self.cards())
            else ()
        )

    def add(self, data: bytes, card: Card | None = None) -> Card:
        """Take a model in: its bytes durable first, then its line in the list.

        Args:
            data: the file.
            card: for a model that is not known here.

        Raises:
            Misuse: no card and not known (``edge.model-unknown``); bytes and hash differ.
            Refusal: the licence does not allow commercial use (``edge.model-licence``).
            Outage: the disk is full.
        """
        digest = hashlib.sha256(data).hexdigest()
        known = card if card is not None else BY_HASH.get(digest)
        if known is None:
            raise Misuse(codes.MODEL_UNKNOWN)
        if known.licence not in COMMERCIAL:
            raise Refusal(codes.MODEL_LICENCE, field="licence")
        if known.sha256 != digest:
            raise Misuse(codes.MODEL_WRONG, field="sha256")
        others = tuple(c for c in self._listed() if c.name != known.name)
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._write(known.file, data)
            self._write(LIST, msgspec.json.format(msgspec.json.encode((*others, known))))
        except OSError:
            raise Outage(codes.DISK_FULL) from None
        return known

    def load(self, card: Card) -> bytes:
        """A model's bytes, if they still are what the list says.

        Raises:
            Misuse: missing or altered (``edge.model-wrong``).
        """
        try:
            with (self.folder / card.file).open("rb") as file:
                data = file.read(LARGEST + 1)
        except OSError:
            raise Misuse(codes.MODEL_WRONG, field=card.name) from None
        if hashlib.sha256(data).hexdigest() != card.sha256:
            raise Misuse(codes.MODEL_WRONG, field=card.name)
        return data

    def path(self, card: Card) -> Path:
        """Where a checked model lies, for a runtime that only reads files."""
        self.load(card)
        return self.folder / card.file

    def _write(self, name: str, data: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        half = self.folder / f".{name}.new"
        with half.open("wb") as file:
            for block in _blocks(data):
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
        half.replace(self.folder / name)


def _blocks(data: bytes) -> Iterator[bytes]:
    return (data[i : i + _BLOCK] for i in range(0, len(data), _BLOCK))
