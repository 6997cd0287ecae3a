"""The press: typst, kept warm. It sees labels, which are masked, and never a shipment."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from liangming.errors import Outage
from liangming.label.faults import PRESS_MISSING
from liangming.label.glyphs import Glyphs, glyphs_of
from liangming.label.model import Label
from liangming.label.sheet import Format, Sheet, told
from liangming.label.zpl import zpl

if TYPE_CHECKING:
    from typst import Compiler

MEDIA: Final = {"pdf": "application/pdf", "png": "image/png", "zpl": "application/zpl"}
_SAME_DAY: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""One date for all: when a label was printed stands in no file, so equal labels are equal bytes."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A label, ready for the printer.

    Attributes:
        content: the file.
        media: its type.
        replaced: how many characters of which text no font could show (printed as 〓).
        width: dots across.
        height: dots down.
    """

    content: bytes
    media: str
    replaced: dict[str, int]
    width: int
    height: int


class Press:
    """Sets labels; opening one reads the fonts once, a tenth of a second or so.

    May be shared by threads: they take turns.

    Raises:
        Outage: ``label.press-missing``, ``label.font-missing``.
    """

    def __init__(self) -> None:
        try:
            import barcode
            import fontTools
            import PIL
            import segno
            import typst
        except ImportError:
            raise Outage(PRESS_MISSING, retry_after=3600) from None
        del barcode, fontTools, PIL, segno
        fonts = typst.Fonts()
        self.glyphs: Final[Glyphs] = glyphs_of(fonts.fonts())
        self._source: Final = (resources.files("liangming.label") / "label.typ").read_bytes()
        self._compiler: Final[Compiler] = typst.Compiler(font_paths=fonts)
        self._turn: Final = threading.Lock()

    def print(self, label: Label, sheet: Sheet, form: Format) -> Printed:
        """One label as a file."""
        data, replaced = told(label, sheet, self.glyphs, exact=form == "pdf")
        if form == "pdf":
            content = self._set(data, format="pdf", pdf_standards=["a-2b"], timestamp=_SAME_DAY)
        else:
            content = self._set(data, format="png", ppi=sheet.ppi)
            if form == "zpl":
                content = zpl(content)
        return Printed(content, MEDIA[form], replaced, sheet.width, sheet.height)

    def _set(self, data: dict[str, Any], **how: Any) -> bytes:
        inputs = {"label": json.dumps(data, ensure_ascii=False)}
        with self._turn:
            made = self._compiler.compile(self._source, sys_inputs=inputs, **how)
        if not isinstance(made, bytes):
            raise TypeError("a label is one page")
        return made
