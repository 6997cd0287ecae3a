"""What was read: fields with what is doubtful about each. Personal data: nothing here shows itself."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from liangming.edge.reading.decode import Sign

SURE: Final = 0.9
"""From here on a sign is not doubted; docs/performance/device.md says how often a sure field was wrong."""


class State(enum.StrEnum):
    """How far a field may be believed."""

    SURE = "sure"  # read well, and nothing speaks against it
    CHECK = "check"  # read, but look again
    WRONG = "wrong"  # its check digit or another field speaks against it: it cannot be right


class Why(enum.StrEnum):
    """What speaks against a field."""

    NONE = ""
    FAINT = "faint"  # a sign was hard to read
    MENDED = "mended"  # one sign was put right by the check digit
    DIGIT = "digit"  # the check digit does not agree
    OTHER = "other"  # another field says otherwise
    TERM = "term"  # no term of validity that cards have
    NO_LABEL = "label"  # found by its place, not by its label
    LENGTH = "length"  # more or fewer signs were seen than there must be


class Field(msgspec.Struct, frozen=True):
    """One field; a field that could not be read is not there."""

    name: str
    text: str
    state: State
    why: Why = Why.NONE

    def __repr__(self) -> str:
        return f"<Field {self.name} {self.state.value}>"


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """All that a picture gave.

    Attributes:
        document: a ``DocumentType`` value, or empty where it is not known.
        fields: what was read.
        codes: contents of bars and squares.
        laid: whether the card's edges were found.
    """

    document: str = ""
    fields: tuple[Field, ...] = ()
    codes: tuple[str, ...] = ()
    laid: bool = False

    def __repr__(self) -> str:
        return f"<Reading {self.document or 'unknown'}, {len(self.fields)} fields>"

    def of(self, name: str) -> Field | None:
        """A field by its name."""
        return next((field for field in self.fields if field.name == name), None)


def joined(readings: Iterable[Reading]) -> Reading:
    """Front and back together; the first reading of a field stands."""
    document, laid = "", False
    fields: dict[str, Field] = {}
    codes: list[str] = []
    for reading in readings:
        document = document or reading.document
        laid = laid or reading.laid
        for field in reading.fields:
            fields.setdefault(field.name, field)
        codes += [code for code in reading.codes if code not in codes]
    return Reading(document=document, fields=tuple(fields.values()), codes=tuple(codes), laid=laid)


def text_of(signs: Iterable[Sign]) -> str:
    """The text alone."""
    return "".join(sign.text for sign in signs)


def least(signs: Iterable[Sign]) -> float:
    """How likely the least likely sign is."""
    return min((sign.chance for sign in signs), default=0.0)
