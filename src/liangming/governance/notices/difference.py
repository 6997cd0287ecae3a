"""What changed between two wordings, sentence by sentence, for the person who approves."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Final, NamedTuple

from liangming.notice import ItemKind, Wording

_WORDS: Final = re.compile(r"\{[a-z]+\}|[A-Za-z0-9’'-]+|\s+|.")


class Piece(NamedTuple):
    """A stretch of text: kept, gone or new."""

    how: str  # "same", "gone", "new"
    text: str


class Changed(NamedTuple):
    """One item of a notice in one language."""

    kind: ItemKind
    language: str
    pieces: tuple[Piece, ...]

    @property
    def same(self) -> bool:
        """Whether nothing changed."""
        return all(piece.how == "same" for piece in self.pieces)


def difference(before: Wording, after: Wording) -> list[Changed]:
    """Every item in both languages, in the order in which it is shown."""
    return [
        Changed(ItemKind(kind), language, _pieces(old.get(kind, ""), new[kind]))
        for kind in after.zh
        for language, old, new in (("zh", before.zh, after.zh), ("en", before.en, after.en))
    ]


def _pieces(old: str, new: str) -> tuple[Piece, ...]:
    """By words in English, by characters in Chinese; a place in braces is never cut."""
    a, b = _WORDS.findall(old), _WORDS.findall(new)
    pieces: list[Piece] = []
    for how, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if how == "equal":
            pieces.append(Piece("same", "".join(a[a1:a2])))
            continue
        if a2 > a1:
            pieces.append(Piece("gone", "".join(a[a1:a2])))
        if b2 > b1:
            pieces.append(Piece("new", "".join(b[b1:b2])))
    return tuple(pieces)
