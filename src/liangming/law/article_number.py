"""An article's number as an English page says it: 第二十三条第（一）项 is *Article 23(1)*."""

from __future__ import annotations

import re
from typing import Final

_DIGITS: Final = {sign: value for value, sign in enumerate("零一二三四五六七八九")}
_PLACES: Final = {"十": 10, "百": 100, "千": 1000}
_SIGNS: Final = "".join([*_DIGITS, *_PLACES])
_ARTICLE: Final = re.compile(f"第([{_SIGNS}]+)条(?:第（([{_SIGNS}]+)）项)?")
_ALONE: Final = re.compile(f"[{_SIGNS}]+")
_ANNEXES: Final = {"附件": "Annex", "附录": "Annex "}


def value_of(numeral: str) -> int:
    """What a Chinese numeral below ten thousand says.

    >>> [value_of(each) for each in ("六", "十", "二十三", "一百零五", "一千零二十四")]
    [6, 10, 23, 105, 1024]
    """
    total, digit = 0, 0
    for sign in numeral:
        if sign in _PLACES:
            total += (digit or 1) * _PLACES[sign]
            digit = 0
        else:
            digit = _DIGITS[sign]
    return total + digit


def in_english(number: str) -> str:
    """The number for an English page; what is no article's number stays as it is.

    >>> in_english("第四条、第二十条"), in_english("第四十六条至第四十八条"), in_english("附录A")
    ('Articles 4, 20', 'Articles 46–48', 'Annex A')
    """
    if _ALONE.fullmatch(number):
        return str(value_of(number))
    for zh, en in _ANNEXES.items():
        if number.startswith(zh):
            return en + number.removeprefix(zh)
    said, several = _ARTICLE.subn(_plain, number)
    if not several:
        return number
    head = "Article" if several == 1 else "Articles"
    return f"{head} {said.replace('、', ', ').replace('至', '–')}"


def _plain(found: re.Match[str]) -> str:
    item = f"({value_of(found[2])})" if found[2] else ""
    return f"{value_of(found[1])}{item}"
