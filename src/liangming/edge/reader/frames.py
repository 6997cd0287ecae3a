"""The serial frames of certified readers: ``AA AA AA 96 69 | length | data | xor``.

The answer to *read* carries a status, 256 bytes of text in fixed UTF-16LE fields, and 1,024 bytes
of photo whose decoder is the vendor's own.
"""

from __future__ import annotations

from functools import reduce
from operator import xor
from typing import Final

import msgspec

from liangming.errors import Kind, Outage, declare

UNREADABLE: Final = declare(
    "edge.card-unreadable",
    Kind.OUTAGE,
    zh="读卡器没有读到完整的证件，请放平再试，或请工作人员看证件。",
    en="The reader did not get the whole card; lay it flat again, or let the staff see it.",
)
HEAD: Final = bytes.fromhex("aaaaaa9669")
FINE: Final = bytes.fromhex("000090")
TEXT, PHOTO = 256, 1024
FIELDS: Final = (  # bytes of each, in order
    ("name", 30),
    ("sex", 2),
    ("nation", 4),
    ("born", 16),
    ("address", 70),
    ("number", 36),
    ("issuer", 30),
    ("from", 16),
    ("until", 16),
)


class CardRead(msgspec.Struct, frozen=True):
    """What a card holds and this house uses; the rest of the text is dropped unread."""

    name: str
    number: str
    until: str  # YYYY-MM-DD or 长期
    photo: bytes

    def __repr__(self) -> str:
        return "<CardRead>"

    __str__ = __repr__


def framed(data: bytes) -> bytes:
    """A frame round data."""
    body = (len(data) + 1).to_bytes(2, "big") + data
    return HEAD + body + bytes([reduce(xor, body)])


def data_of(frame: bytes) -> bytes:
    """The data of a frame.

    Raises:
        Outage: head, length or checksum do not fit (``edge.card-unreadable``).
    """
    if len(frame) < len(HEAD) + 3 or not frame.startswith(HEAD):
        raise Outage(UNREADABLE)
    body = frame[len(HEAD) : -1]
    length = int.from_bytes(body[:2], "big")
    if length != len(body) - 2 + 1 or reduce(xor, body) != frame[-1]:
        raise Outage(UNREADABLE)
    return body[2:]


def card_of(frame: bytes) -> CardRead:
    """The card of an answer to *read*.

    Raises:
        Outage: another status, other lengths, or text that is none.
    """
    data = data_of(frame)
    if data[:3] != FINE or len(data) != 3 + 4 + TEXT + PHOTO:
        raise Outage(UNREADABLE)
    sizes = int.from_bytes(data[3:5], "big"), int.from_bytes(data[5:7], "big")
    if sizes != (TEXT, PHOTO):
        raise Outage(UNREADABLE)
    text, photo = data[7 : 7 + TEXT], data[7 + TEXT :]
    said = {}
    at = 0
    for name, size in FIELDS:
        try:
            said[name] = text[at : at + size].decode("utf-16-le").strip()
        except UnicodeDecodeError:
            raise Outage(UNREADABLE) from None
        at += size
    until = said["until"]
    if len(until) == 8 and until.isdecimal():  # noqa: PLR2004
        until = f"{until[:4]}-{until[4:6]}-{until[6:]}"
    return CardRead(said["name"], said["number"], until, photo)


def answer_of(card: CardRead) -> bytes:
    """What a reader would send for a card: for the simulated one."""
    said = {"name": card.name, "number": card.number, "until": card.until.replace("-", "")}
    text = b"".join(
        said.get(name, "").ljust(size // 2).encode("utf-16-le")[:size] for name, size in FIELDS
    ).ljust(TEXT, b"\0")
    sizes = TEXT.to_bytes(2, "big") + PHOTO.to_bytes(2, "big")
    return framed(FINE + sizes + text + card.photo.ljust(PHOTO, b"\0"))
