"""The unified social credit code of an organisation that sends (统一社会信用代码, GB 32100-2015).

Length and alphabet are enforced. The check character is not: genuine codes that fail it are in
use, so a mismatch is told and the parcel goes on.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from liangming.errors import Misuse
from liangming.method.documents import cautions, faults, normal
from liangming.method.documents.cautions import Caution

PLACES: Final = 18

_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUE: Final = {sign: value for value, sign in enumerate(_ALPHABET)}
_WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(PLACES - 1))
_CITED = ("gb32100",)


class Organisation(msgspec.Struct, frozen=True):
    """A code that was read. A sole trader's code points at a person, so it is not shown either.

    Attributes:
        normal: the code in its one written form.
        warnings: what could not be settled.
    """

    normal: str
    warnings: tuple[Caution, ...] = ()

    def __repr__(self) -> str:
        doubts = "".join(f" {caution.code}" for caution in self.warnings)
        return f"<Organisation{doubts}>"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """What a rich console may show: the cautions only."""
        return [("warnings", [caution.code for caution in self.warnings])]


def check_character(seventeen: str) -> str:
    """The check character of the first seventeen places.

    >>> check_character("91350100M000100Y4")
    '3'

    Raises:
        KeyError: a sign outside the alphabet.
    """
    total = sum(_VALUE[sign] * weight for sign, weight in zip(seventeen, _WEIGHTS, strict=True))
    return _ALPHABET[-total % 31]


def parse_organisation(raw: str, *, field: str = "organisation") -> Organisation:
    """Read a unified social credit code.

    Raises:
        Misuse: not 18 places, or a sign outside the alphabet (I, O, Z, S and V among them).
    """
    if not isinstance(raw, str):
        raise Misuse(faults.UNREADABLE, field=field)
    text = normal.number(raw, field)
    if len(text) != PLACES:
        raise Misuse(faults.USCC_LENGTH, citations=_CITED, field=field)
    if not _VALUE.keys() >= set(text):
        raise Misuse(faults.USCC_ALPHABET, citations=_CITED, field=field)
    agrees = check_character(text[:-1]) == text[-1]
    return Organisation(text, () if agrees else (cautions.USCC_CHECK_DIGIT,))
