"""Draws documents of nobody: SPECIMEN across them, numbers of the unallocated region 99.

Fields stand about where a card or passport has them; design, emblem and portrait are invented. What
is measured on them says how a reader copes with light, angle and blur, not with genuine cards.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from liangming.edge.face.picture import Pixels
from liangming.edge.synthetic.people import Holder, passport_lines
from liangming.errors import Kind, Outage, declare

FONT_ABSENT: Final = declare(
    "edge.font-absent",
    Kind.OUTAGE,
    zh="画样本证件需要 Pillow 和中文字体（例如 fonts-noto-cjk）。",
    en="Drawing specimen documents needs Pillow and a Chinese font (such as fonts-noto-cjk).",
)
CARD: Final = (1012, 638)  # 85.6 × 54 mm at 300 dots an inch
PAGE: Final = (1476, 1039)  # 125 × 88 mm
HAN: Final = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJKsc-Regular.otf",
)
OCR_B: Final = "/usr/share/fonts/opentype/ocr-b/OCRB.otf"
MONO: Final = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"
INK: Final = (30, 26, 24)
LABEL: Final = (120, 92, 40)
LONG: Final = "长期"


class Fonts(msgspec.Struct, frozen=True):
    """What is drawn with; the zone's font says how honest its figures are."""

    han: str
    zone: str


def fonts() -> Fonts:
    """The fonts of this machine.

    Raises:
        Outage: ``edge.font-absent``.
    """
    han = next((path for path in HAN if Path(path).is_file()), "")
    zone = next((path for path in (OCR_B, MONO, han) if path and Path(path).is_file()), "")
    if not han:
        raise Outage(FONT_ABSENT)
    return Fonts(han, zone)


class _Sheet:
    """A piece of paper to write on."""

    def __init__(self, size: tuple[int, int], tint: tuple[int, int, int], seed: int) -> None:
        try:
            from PIL import Image, ImageDraw, ImageFont
        except ImportError:
            raise Outage(FONT_ABSENT) from None
        self._fonts, self._made = fonts(), ImageFont
        width, height = size
        rng = np.random.default_rng(seed)
        x, y = np.meshgrid(np.arange(width), np.arange(height))
        waves = 5 * np.sin(x / 37 + rng.uniform(0, 6)) + 5 * np.sin((x + 2 * y) / 53)
        ground = np.clip(np.array(tint) + waves[:, :, None], 0, 255).astype(np.uint8)
        self.image: Any = Image.fromarray(ground)
        self._pen: Any = ImageDraw.Draw(self.image)

    def write(
        self,
        text: str,
        at: tuple[float, float],
        size: int,
        *,
        ink: tuple[int, int, int] = INK,
        pitch: float = 0.0,
        zone: bool = False,
    ) -> None:
        """Text with its top left corner here; with a pitch each sign has its own place."""
        font = self._made.truetype(self._fonts.zone if zone else self._fonts.han, size, index=0)
        if not pitch:
            self._pen.text(at, text, font=font, fill=ink)
            return
        for place, sign in enumerate(text):
            self._pen.text((at[0] + place * pitch, at[1]), sign, font=font, fill=ink)

    def portrait(self, box: tuple[int, int, int, int]) -> None:
        """A head of nobody: two ovals."""
        left, top, right, bottom = box
        self._pen.rectangle(box, fill=(214, 218, 220))
        middle, wide = (left + right) / 2, (right - left) / 4
        self._pen.ellipse((middle - wide, top + 50, middle + wide, top + 200), fill=(176, 142, 122))
        self._pen.ellipse((left + 10, bottom - 90, right - 10, bottom + 80), fill=(70, 80, 96))
        self._pen.rectangle((left, bottom + 1, right, bottom + 82), fill=(226, 232, 226))

    def specimen(self) -> None:
        """The mark that this is no document."""
        from PIL import Image, ImageDraw

        width, height = self.image.size
        layer = Image.new("RGBA", (width, height), (0, 0, 0, 0))
        font = self._made.truetype(self._fonts.han, 54, index=0)
        ImageDraw.Draw(layer).text(
            (width * 0.2, height * 0.43), "样本 SPECIMEN", font=font, fill=(170, 40, 40, 46)
        )
        turned = layer.rotate(14)
        self.image = Image.alpha_composite(self.image.convert("RGBA"), turned).convert("RGB")

    def pixels(self) -> Pixels:
        """Blue, green, red."""
        self.specimen()
        return np.ascontiguousarray(np.array(self.image)[:, :, ::-1])


def card_front(holder: Holder, seed: int = 0) -> Pixels:
    """The side with name and number."""
    sheet = _Sheet(CARD, (226, 232, 226), seed)
    for text, y in (("姓名", 70), ("性别", 146), ("出生", 222), ("住址", 300)):
        sheet.write(text, (62, y), 30, ink=LABEL)
    sheet.write(holder.name, (180, 64), 40)
    sheet.write("女" if holder.female else "男", (180, 142), 36)
    sheet.write("民族", (282, 146), 30, ink=LABEL)
    sheet.write(holder.people, (392, 142), 36)
    born = holder.birth
    for text, x, ink in (
        (str(born.year), 180, INK),
        ("年", 272, LABEL),
        (f"{born.month:2}", 322, INK),
        ("月", 372, LABEL),
        (f"{born.day:2}", 412, INK),
        ("日", 464, LABEL),
    ):
        sheet.write(text, (x, 220), 32, ink=ink)
    for row, start in enumerate(range(0, len(holder.address), 11)):
        sheet.write(holder.address[start : start + 11], (180, 298 + row * 46), 34)
    sheet.portrait((672, 90, 940, 428))
    sheet.write("公民身份号码", (62, 546), 30, ink=LABEL)
    sheet.write(holder.number, (340, 538), 42, pitch=31.5, zone=True)
    return sheet.pixels()


def card_back(holder: Holder, seed: int = 0) -> Pixels:
    """The side with issuer and validity."""
    sheet = _Sheet(CARD, (228, 226, 220), seed)
    sheet.write("示例国样本证件", (300, 90), 52)
    sheet.write("居民身份证", (300, 190), 74)
    sheet.write("签发机关", (180, 458), 32, ink=LABEL)
    sheet.write(holder.issuer, (360, 454), 36)
    sheet.write("有效期限", (180, 538), 32, ink=LABEL)
    until = LONG if holder.until is None else f"{holder.until:%Y.%m.%d}"
    sheet.write(f"{holder.since:%Y.%m.%d}-{until}", (360, 534), 36)
    return sheet.pixels()


def passport(holder: Holder, expires: date, seed: int = 0) -> Pixels:
    """A passport's page of the specimen state UTO, with its two lines."""
    one, two = passport_lines(holder, expires)
    sheet = _Sheet(PAGE, (232, 226, 222), seed)
    sheet.write("PASSPORT   UTOPIA", (90, 50), 44)
    sheet.portrait((80, 150, 440, 610))
    said = (
        ("Surname", holder.surname),
        ("Given names", holder.given),
        ("Nationality", "UTOPIAN"),
        ("Date of birth", f"{holder.birth:%d %m %Y}"),
        ("Date of expiry", f"{expires:%d %m %Y}"),
    )
    for row, (label, text) in enumerate(said):
        sheet.write(label, (500, 150 + row * 100), 26, ink=LABEL)
        sheet.write(text, (500, 182 + row * 100), 40)
    _zone(sheet, (one, two), PAGE, 44)
    return sheet.pixels()


def small_zone(lines: tuple[str, ...], seed: int = 0) -> Pixels:
    """The back of a card with a zone: three lines of 30 (TD1) or two of 36 (TD2)."""
    wide = len(lines[0])
    size = CARD if wide == 30 else (1240, 874)  # noqa: PLR2004
    sheet = _Sheet(size, (224, 228, 232), seed)
    sheet.write("UTOPIA", (90, 50), 44)
    _zone(sheet, lines, size, wide)
    return sheet.pixels()


def _zone(sheet: _Sheet, lines: tuple[str, ...], size: tuple[int, int], wide: int) -> None:
    width, height = size
    pitch = (width - 90) / wide
    for row, line in enumerate(reversed(lines)):
        y = height - 90 - row * pitch * 2.4
        sheet.write(line, (48, y), int(pitch * 1.62), pitch=pitch, zone=True)
