"""The one result of reading a document."""

from __future__ import annotations

import enum
from datetime import date
from typing import Any, Literal

import msgspec

from liangming.method.documents.cautions import Caution
from liangming.method.documents.kinds import DocumentType

Expiry = date | Literal["长期"]
"""The end of validity as the document states it: a last day, or 长期 (居民身份证法 article 5)."""


class Sex(enum.StrEnum):
    """As the document states it."""

    MALE = "male"
    FEMALE = "female"
    UNSPECIFIED = "unspecified"


class Parsed(msgspec.Struct, frozen=True, gc=False):
    """A document number that was read, and what follows from it alone.

    It holds personal data: its representation names the kind and the cautions and nothing else.
    There is deliberately no masked form of the number: once entered it is never shown again, and a
    mask that shows "only a little" is how numbers end up on labels.

    Attributes:
        type: the kind it was read as.
        normal: the number in its one written form; the blind index is made of it.
        holder_key: equal for two documents of the same holder where the kind has such a rule
            (a renewed travel permit), otherwise ``normal``.
        birth: the holder's birth date where the number or the zone states it.
        sex: as stated.
        region: the six-digit region of a citizen number or residence permit. It is where the
            number was first given, not where anyone lives, and the code may be long retired.
        issuer: three-letter issuing state of a passport read from its zone. Two states may give
            the same number, so whoever indexes passports should know this.
        expires: the end of validity; None when nobody stated it, which proves nothing.
        warnings: what could not be settled.
    """

    type: DocumentType
    normal: str
    holder_key: str
    birth: date | None = None
    sex: Sex | None = None
    region: str | None = None
    issuer: str | None = None
    expires: Expiry | None = None
    warnings: tuple[Caution, ...] = ()

    def age(self, on: date) -> int | None:
        """Completed years of life (周岁) on a day; None when the birth date is unknown.

        A year is complete on the birthday, for 29 February on 1 March of a common year.
        """
        if self.birth is None:
            return None
        birth = self.birth
        years, months = on.year - birth.year, on.month - birth.month
        return years - (months < 0 or (not months and on.day < birth.day))

    def __repr__(self) -> str:
        doubts = "".join(f", {caution.code}" for caution in self.warnings)
        return f"<Parsed {self.type.value}{doubts}>"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """What a rich console may show: the same as the representation."""
        return [("type", self.type.value)]


def same_holder(one: Parsed, other: Parsed) -> bool:
    """Whether two documents are of one kind and, by that kind's rule, of one holder."""
    return one.type is other.type and one.holder_key == other.holder_key
