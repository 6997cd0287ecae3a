"""Signed notes: a text and signature lines (c2sp.org/signed-note), read and written only.

Whether a signature is good is not asked here; see ``checkpoint``.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from liangming.errors import Misuse
from liangming.ledger.codes import NOTE_MALFORMED
from liangming.ledger.head import strict_base64

KEY_ID_BYTES: Final = 4
LARGEST: Final = 1_000_000
MOST_SIGNATURES: Final = 100
_DASH: Final = "\u2014 "


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One line under a note: who signed, by which key, and the signature's bytes."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        blob = base64.b64encode(self.key_id + self.signature).decode()
        return f"{_DASH}{self.name} {blob}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends in a newline, and the signatures under it."""

    text: str
    signatures: tuple[SignatureLine, ...]

    def encode(self) -> bytes:
        """The bytes of the note."""
        return (self.text + "\n" + "".join(map(str, self.signatures))).encode()


def name_is_fit(name: str) -> bool:
    """Whether a key may be called so: not empty, no spaces, no plus, no control characters."""
    return bool(name) and "+" not in name and not any(c.isspace() or c < " " for c in name)


def read_note(data: bytes) -> Note:
    """Take a note apart.

    Raises:
        Misuse: ``ledger.note-malformed``.
    """
    if len(data) > LARGEST:
        raise Misuse(NOTE_MALFORMED)
    try:
        whole = data.decode()
    except UnicodeDecodeError:
        raise Misuse(NOTE_MALFORMED) from None
    if any(c < " " and c != "\n" for c in whole):
        raise Misuse(NOTE_MALFORMED)
    body, blank, tail = whole.rpartition("\n\n")
    if not blank or not body:
        raise Misuse(NOTE_MALFORMED)
    return Note(body + "\n", read_signatures(tail))


def read_signatures(text: str) -> tuple[SignatureLine, ...]:
    """One or more signature lines, each ending in a newline.

    Raises:
        Misuse: ``ledger.note-malformed``.
    """
    lines = text.split("\n")
    if len(lines) < 2 or lines.pop() or len(lines) > MOST_SIGNATURES:  # noqa: PLR2004
        raise Misuse(NOTE_MALFORMED)
    return tuple(_read_line(line) for line in lines)


def _read_line(line: str) -> SignatureLine:
    if not line.startswith(_DASH):
        raise Misuse(NOTE_MALFORMED)
    name, space, blob = line.removeprefix(_DASH).partition(" ")
    raw = strict_base64(blob)
    if not space or not name_is_fit(name) or raw is None or len(raw) <= KEY_ID_BYTES:
        raise Misuse(NOTE_MALFORMED)
    return SignatureLine(name, raw[:KEY_ID_BYTES], raw[KEY_ID_BYTES:])


def without_repeats(lines: Iterable[SignatureLine]) -> tuple[SignatureLine, ...]:
    """The lines in order, keeping the last of several by one key."""
    latest = {(line.name, line.key_id): line for line in lines}
    return tuple(latest.values())
