"""Texts as people see them: clean, and split into the signs that one may hide one by one."""

from __future__ import annotations

import unicodedata
from typing import Final

_JOINER: Final = "\u200d"
_DESCRIBED: Final = {
    **dict.fromkeys("⿰⿱⿴⿵⿶⿷⿸⿹⿺⿻⿼⿽", 2),
    "⿲": 3,
    "⿳": 3,
    "⿾": 1,
    "⿿": 1,
}
"""A character spelled out: 𫛭 as ⿰央鸟. The operator takes so many parts and is one sign with them."""


def clean(text: str) -> str:
    r"""Canonically composed, without control and direction marks, blanks made single.

    >>> clean(" 示例\u202e路\t1号 ")
    '示例路 1号'
    """
    kept = (
        " " if sign.isspace() else sign
        for sign in unicodedata.normalize("NFC", text)
        if sign.isspace() or sign == _JOINER or unicodedata.category(sign) not in {"Cc", "Cf", "Cs"}
    )
    return " ".join("".join(kept).split())


def signs(text: str) -> list[str]:
    r"""The text in signs: marks stay with their letter, a spelled-out character is one.

    >>> signs("\u2ff0央鸟某")
    ['⿰央鸟', '某']
    """
    found: list[str] = []
    at = 0
    while at < len(text):
        end = _end(text, at)
        found.append(text[at:end])
        at = end
    return found


def _end(text: str, at: int) -> int:
    parts = _DESCRIBED.get(text[at], 0)
    end = at + 1
    for _ in range(parts):
        if end < len(text):
            end = _end(text, end)
    while end < len(text) and _belongs(text[end - 1], text[end]):
        end += 1
    return end


def _belongs(before: str, sign: str) -> bool:
    return (
        # marks, and selectors of a glyph
        unicodedata.category(sign).startswith("M") or _JOINER in {sign, before}
    )


def chinese(sign: str) -> bool:
    """Whether a sign is a Chinese character, in any plane, or stands for one."""
    return any(low <= ord(sign[0]) <= high for low, high in _CHINESE)


_CHINESE: Final = (
    (0x2E80, 0x2FFF),  # radicals, and the operators of spelled-out characters
    (0x3007, 0x3007),
    (0x3400, 0x9FFF),
    (0xE000, 0xF8FF),  # private use: how a font of its own may write a rare one
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
