"""The paper: sizes, dots, and the label laid out for the typesetter.

Everything that a scanner reads is measured in printer dots and stands on whole ones. A printer of
203 dpi has exactly 8 dots a millimetre.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from liangming.label.bars import MARGIN, QUIET, code128, runs, square
from liangming.label.glyphs import Glyphs
from liangming.label.model import Label

Size = Literal["76x130", "100x180"]
Dpi = Literal[203, 300]
Format = Literal["pdf", "png", "zpl"]
SIZES: Final[dict[str, tuple[int, int]]] = {"76x130": (76, 130), "100x180": (100, 180)}
DPIS: Final[dict[int, float]] = {203: 203.2, 300: 300.0}
FORMATS: Final = ("pdf", "png", "zpl")
_INCH: Final = 25.4
_EDGE_MM: Final = 3
_BAR_MM: Final = {"76x130": 13, "100x180": 17}
_SQUARE_MM: Final = {"76x130": 30, "100x180": 44}
_THICKEST_MM: Final = 0.51
SERVICES: Final = {
    "standard": "标准快递",
    "express": "特快",
    "same-city": "同城",
    "cold": "冷链",
    "freight": "重货",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A size at a printer's resolution."""

    size: Size = "76x130"
    dpi: Dpi = 203

    @property
    def ppi(self) -> float:
        """Dots an inch, exactly."""
        return DPIS[self.dpi]

    def dots(self, mm: float) -> int:
        """Whole dots in a length."""
        return int(mm * self.ppi / _INCH + 1e-6)

    @property
    def width(self) -> int:
        """Dots across."""
        return self.dots(SIZES[self.size][0])

    @property
    def height(self) -> int:
        """Dots down."""
        return self.dots(SIZES[self.size][1])

    def bar_dots(self, modules: int) -> int:
        """How many dots a module of the bars is wide; enough to be read for every waybill number."""
        room = self.width - 2 * self.dots(_EDGE_MM) + 2 * self.dots(1)
        return min(room // (modules + 2 * QUIET), int(_THICKEST_MM * self.ppi / _INCH))

    def square_dots(self, modules: int) -> int:
        """How many dots a module of the square is wide."""
        return self.dots(_SQUARE_MM[self.size]) // (modules + 2 * MARGIN)


def told(
    label: Label, sheet: Sheet, glyphs: Glyphs, *, exact: bool
) -> tuple[dict[str, Any], dict[str, int]]:
    """What the typesetter needs, and which texts lost characters to 〓.

    Args:
        label: masked.
        sheet: where it goes.
        glyphs: what can be shown.
        exact: the page in millimetres (PDF) rather than in whole dots (PNG, ZPL).
    """
    replaced: dict[str, int] = {}
    texts: dict[str, str] = {}
    for place, text in label.texts().items():
        texts[place], lost = glyphs.shown(text)
        if lost:
            replaced[place] = lost
    bars, rows = code128(label.waybill), square(label.waybill)
    width, height = SIZES[sheet.size]
    dot = 72 / sheet.ppi
    return {
        "texts": texts,
        "families": glyphs.families,
        "service": SERVICES[label.service],
        "pieces": label.pieces,
        "weight": f"{label.grams / 1000:.2f} kg" if label.grams is not None else "",
        "replaced": bool(replaced),
        "large": sheet.size == "100x180",
        "dot": dot,
        "page": [width * 72 / _INCH, height * 72 / _INCH]
        if exact
        else [sheet.width * dot, sheet.height * dot],
        "edge": sheet.dots(_EDGE_MM),
        "wide": sheet.width,
        "bar": {
            "runs": runs(bars),
            "modules": len(bars),
            "dots": sheet.bar_dots(len(bars)),
            "height": sheet.dots(_BAR_MM[sheet.size]),
        },
        "square": {
            "rows": [runs(row) for row in rows],
            "modules": len(rows),
            "dots": sheet.square_dots(len(rows)),
        },
    }, replaced
