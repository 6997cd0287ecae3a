"""Whether the name on the waybill is the name on the document.

A difference stops a parcel, so it must be a real one. Written forms that mean the same are made
the same: width, spaces, the many middle dots of minority names, the case and order of Latin
names. Where software cannot know (a character outside the fonts, a masked or missing part, a
transliteration, two scripts), the answer is *unclear* and a person decides; nobody is turned away
for a rare character.

Traditional and simplified characters are not folded into each other: 陳 and 陈 are different names
to this module.
"""

from __future__ import annotations

import enum
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 200


class Why(enum.StrEnum):
    """Why software cannot tell."""

    MISSING = "missing"  # one of the names is empty or far too long to be one
    RARE = "rare"  # a private-use, placeholder or rare character
    TRANSLITERATION = "transliteration"  # Latin names that differ only by diacritics
    DOTS = "dots"  # a middle dot is written in one name and left out of the other
    SCRIPT = "script"  # one name in Latin letters, the other in another script


@dataclass(frozen=True, slots=True)
class Match:
    """The names are the same."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The names differ."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """A person has to look.

    Attributes:
        why: what software cannot know.
    """

    why: Why


Comparison = Match | Mismatch | Unclear

_SAME: Final = Match()

_DOT: Final = "·"
_DOTS: Final = dict.fromkeys(
    map(ord, "\u00b7\u2022\u30fb\u2027\u2219\u22c5\u2e31\u0387\u16eb\u25cf\u26ab\u2024\ua78f."),
    _DOT,
)
_PLACEHOLDERS: Final = frozenset("?？*＊□■〓○◯_\ufffd")
_SEPARATORS: Final = str.maketrans(dict.fromkeys("-,·<‐‑–—", " "))
_APOSTROPHES: Final = str.maketrans(dict.fromkeys("'’‘`´ʼʹ"))
# Doc 9303 part 3 section 6 lets a state write these either way.
_EXPANDED: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae", "ñ": "n", "ð": "d",
     "þ": "th", "ł": "l", "đ": "d", "œ": "oe", "ĳ": "ij", "ı": "i"}
)  # fmt: skip
# The same name twice in the commonest characters: every form below leaves it as it is.
_PLAIN: Final = re.compile(rf"[\u4e00-\u9fa5]{{1,{LONGEST}}}").fullmatch
_RARE_RANGES: Final = (
    (0x2E80, 0x2FDF),  # radicals, often typed in place of a character
    (0x2FF0, 0x2FFF),  # ideographic description: a character spelled out
    (0x3400, 0x4DBF),  # extension A
    (0x9FA6, 0x9FFF),  # later additions to the basic block
    (0x20000, 0x3FFFF),  # extension B and beyond
)


def same_name(waybill: str, document: str) -> Comparison:
    """Compare two written names.

    Args:
        waybill: as the sender wrote it.
        document: as the document shows it.

    Law: courier.23, realname.3 (the waybill has to agree with the document).
    """
    if waybill == document and _PLAIN(waybill) is not None:
        return _SAME
    return _compare(waybill, document)


def _compare(waybill: str, document: str) -> Comparison:
    one, other = _written(waybill), _written(document)
    unknown = _unreadable(one) or _unreadable(other)
    if unknown is not None:
        return Unclear(unknown)
    if one == other:
        return Match()
    if _latin(one) and _latin(other):
        return _compare_latin(one, other)
    if _rare(waybill) or _rare(document):
        return Unclear(Why.RARE)
    if _latin(one) or _latin(other):
        return Unclear(Why.SCRIPT)
    return Unclear(Why.DOTS) if _undotted(one) == _undotted(other) else Mismatch()


def _written(name: str) -> str:
    """NFKC, one kind of dot, one case; spaces only where they part Latin words."""
    if len(name) > LONGEST:
        return ""
    text = unicodedata.normalize("NFKC", name.translate(_DOTS)).translate(_DOTS).casefold()
    words = "".join(sign for sign in text if sign.isspace() or not _invisible(sign)).split()
    return " ".join(words) if _latin("".join(words)) else "".join(words)


def _invisible(sign: str) -> bool:
    """Marks that choose a glyph or a direction and are no part of a name."""
    return (
        unicodedata.category(sign) in {"Cc", "Cf"}
        or "\ufe00" <= sign <= "\ufe0f"
        or "\U000e0100" <= sign <= "\U000e01ef"
    )


def _undotted(text: str) -> str:
    return text.replace(_DOT, "")


def _latin(text: str) -> bool:
    """Whether every letter is Latin (and there is one)."""
    letters = [sign for sign in text if sign.isalpha()]
    return bool(letters) and all(
        sign.isascii() or unicodedata.name(sign, "").startswith("LATIN") for sign in letters
    )


def _unreadable(text: str) -> Why | None:
    """Why a name cannot be compared at all: empty, or with a character of no fixed meaning."""
    if not _undotted(text):
        return Why.MISSING
    private = any(
        sign in _PLACEHOLDERS or unicodedata.category(sign) in {"Co", "Cn", "Cs"} for sign in text
    )
    return Why.RARE if private else None


def _rare(text: str) -> bool:
    return any(low <= ord(sign) <= high for sign in text for low, high in _RARE_RANGES)


def _parts(text: str) -> Counter[str]:
    return Counter(text.translate(_APOSTROPHES).translate(_SEPARATORS).split())


def _unmarked(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def _compare_latin(one: str, other: str) -> Comparison:
    if _parts(one) == _parts(other):
        return Match()
    if one.isascii() and other.isascii():
        return Mismatch()
    # Each side with its marks dropped, or with its letters expanded, as a state may print them.
    forms = [
        {frozenset(_parts(_unmarked(form)).items()) for form in (text, text.translate(_EXPANDED))}
        for text in (one, other)
    ]
    return Unclear(Why.TRANSLITERATION) if forms[0] & forms[1] else Mismatch()
