"""Names: the surname may stay, what makes it a person's own is hidden.

The recommended standard asks for at least one hidden character. Hidden ones are shown as one or
two stars, so that the length of a rare name tells nothing.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from liangming.errors import Misuse
from liangming.label.faults import NAME_UNFIT
from liangming.label.model import Masked
from liangming.label.signs import chinese, clean, signs

LONGEST: Final = 60
STARS: Final = "**"
_DOTS: Final = frozenset("·•・‧∙⋅⸱᛫●⚫․ꞏ")
_PAIR: Final = 2
_PERSON: Final = 4
"""Signs up to which an undotted Chinese name is read as a person's; longer ones are firms."""

COMPOUND: Final = frozenset(
    [
        "欧阳",
        "太史",
        "上官",
        "端木",
        "司马",
        "东方",
        "独孤",
        "南宫",
        "万俟",
        "闻人",
        "夏侯",
        "诸葛",
        "尉迟",
        "公羊",
        "赫连",
        "澹台",
        "皇甫",
        "宗政",
        "濮阳",
        "公冶",
        "太叔",
        "申屠",
        "公孙",
        "慕容",
        "仲孙",
        "钟离",
        "长孙",
        "宇文",
        "司徒",
        "鲜于",
        "司空",
        "闾丘",
        "子车",
        "亓官",
        "司寇",
        "巫马",
        "公西",
        "颛孙",
        "壤驷",
        "公良",
        "漆雕",
        "乐正",
        "宰父",
        "谷梁",
        "拓跋",
        "夹谷",
        "轩辕",
        "令狐",
        "段干",
        "百里",
        "呼延",
        "东郭",
        "南门",
        "羊舌",
        "微生",
        "梁丘",
        "左丘",
        "东门",
        "西门",
        "第五",
        "歐陽",
        "司馬",
        "東方",
        "南宮",
        "聞人",
        "諸葛",
        "尉遲",
        "赫連",
        "澹臺",
        "濮陽",
        "申屠",
        "公孫",
        "鍾離",
        "長孫",
        "鮮于",
        "閭丘",
        "公孫",
        "樂正",
        "穀梁",
        "軒轅",
    ]
)


def mask_name(name: str) -> Masked:
    """A name as it may be seen.

    >>> [mask_name(n).text for n in ("示例", "欧阳示例", "欧阳", "示", "示范·例", "Li Ming")]
    ['示*', '欧阳**', '欧*', '*', '示*·*', 'L** M**']

    Raises:
        Misuse: ``label.name-unfit``.

    Law: gbt41833.privacy (a recommended standard).
    """
    written = clean("".join("·" if sign in _DOTS else sign for sign in name))
    if len(written) > LONGEST or not any(_letter(sign) for sign in written):
        raise Misuse(NAME_UNFIT)
    if "·" in written:
        return _dotted([part for part in written.split("·") if part.strip()])
    parts = signs(written.replace(" ", ""))
    if chinese(parts[0]):
        return _chinese(parts)
    return _words(written.split())


def _letter(sign: str) -> bool:
    return sign.isalnum() or chinese(sign) or unicodedata.category(sign) == "Co"


def _chinese(parts: list[str]) -> Masked:
    kept = 1
    if len(parts) == 1:
        kept = 0
    elif len(parts) > _PERSON or (len(parts) > _PAIR and "".join(parts[:2]) in COMPOUND):
        kept = _PAIR
    hidden = len(parts) - kept
    return Masked("".join(parts[:kept]) + STARS[: min(hidden, len(STARS))], hidden)


def _dotted(parts: list[str]) -> Masked:
    """A name in parts, as 维吾尔、哈萨克、藏 and others write it: the first sign of the first part."""
    each = [signs(part.replace(" ", "")) for part in parts]
    if len(each) == 1:
        return _chinese(each[0]) if chinese(each[0][0]) else _words(parts)
    first = each[0][0] + STARS[: min(len(each[0]) - 1, len(STARS))]
    rest = [STARS[: min(len(part), len(STARS))] for part in each[1:]]
    hidden = sum(map(len, each)) - 1
    return Masked("·".join([first, *rest]), hidden)


def _words(words: list[str]) -> Masked:
    """Latin and other letters: the first letter of the first and of the last word."""
    each = [signs(word) for word in words]
    shown = [each[0], each[-1]] if len(each) > 1 else [each[0]]
    hidden = sum(map(len, each)) - len(shown)
    if hidden == 0:  # nothing but initials: then the last one goes too
        shown, hidden = shown[:-1], 1
    text = " ".join(part[0] + STARS for part in shown) or STARS
    return Masked(text, hidden)
