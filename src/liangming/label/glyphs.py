"""Which characters the fonts of this machine can show, and what is printed for the others.

GB 18030-2022 asks systems for far more characters than most fonts hold. A character that no
chosen font holds is printed as 〓 and told: where it stands and how many there are. The number of
the waybill leads to the name as it was registered, so nothing is lost, and nobody is turned away.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from liangming.errors import Outage
from liangming.label.faults import FONT_MISSING

if TYPE_CHECKING:
    from typst import FontInfo

FAMILIES: Final = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN",
    "HarmonyOS Sans SC", "MiSans", "PingFang SC", "Microsoft YaHei", "WenQuanYi Micro Hei",
)  # fmt: skip
"""One of these sets the label: the first that is installed."""
SPARE: Final = (
    "Plangothic P1", "Plangothic P2", "BabelStone Han", "HanaMinA", "HanaMinB", "SimSun-ExtB",
    "SimSun-ExtG", "MingLiU-ExtB", "Noto Serif CJK SC", "Noto Sans", "Noto Sans Arabic",
    "Noto Serif Tibetan", "Noto Sans Mongolian", "Noto Sans Yi", "DejaVu Sans",
)  # fmt: skip
"""What these hold besides is used too, where they are installed."""
GETA: Final = "〓"
_REGULAR: Final = range(350, 751)


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The families that set a label, in order, and every character that they hold."""

    families: tuple[str, ...]
    held: frozenset[int]

    def shown(self, text: str) -> tuple[str, int]:
        """The text as it can be printed, and how many characters of it had to be replaced."""
        printed: list[str] = []
        replaced = 0
        for sign in text:
            if ord(sign) in self.held or _silent(sign):
                printed.append(sign)
                continue
            plain = unicodedata.normalize("NFKC", sign)
            if plain != sign and all(ord(part) in self.held for part in plain):
                printed.append(plain)  # the same character under its usual number
                continue
            printed.append(GETA)
            replaced += 1
        return "".join(printed), replaced


def _silent(sign: str) -> bool:
    """Selectors and joiners need no glyph of their own."""
    return unicodedata.category(sign) == "Cf" or "VARIATION SELECTOR" in unicodedata.name(sign, "")


def glyphs_of(fonts: Iterable[FontInfo]) -> Glyphs:
    """The glyphs of the fonts that labels use.

    Raises:
        Outage: ``label.font-missing``.
    """
    by_family: dict[str, list[FontInfo]] = {}
    for font in fonts:
        if font.path is not None and font.style == "normal" and font.weight in _REGULAR:
            by_family.setdefault(font.family, []).append(font)
    base = next((family for family in FAMILIES if family in by_family), None)
    if base is None:
        raise Outage(FONT_MISSING, retry_after=3600)
    families = (base, *(family for family in SPARE if family in by_family))
    held: set[int] = set()
    for family in families:
        held |= _characters(by_family[family][0])
    return Glyphs(families, frozenset(held))


def _characters(font: FontInfo) -> set[int]:
    from fontTools.ttLib import TTFont

    with TTFont(font.path, fontNumber=font.index, lazy=True) as opened:
        return set(opened.getBestCmap() or ())
