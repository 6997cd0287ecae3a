"""ZPL: the label as one picture for thermal printers.

Printers differ in their fonts (most hold no Chinese) and in how they draw bars. A picture in the
printer's own dots looks the same on each, and what was tested is what is printed. It costs bytes:
they are packed by ZPL's own shorthand, which every printer that speaks ZPL II unpacks.
"""

from __future__ import annotations

import io
from typing import Final

_ONES: Final = " GHIJKLMNOPQRSTUVWXY"  # G is 1 … Y is 19
_TWENTIES: Final = " ghijklmnopqrstuvwxyz"  # g is 20 … z is 400
_MOST: Final = 419


def zpl(png: bytes) -> bytes:
    """A page of dots as a ZPL document; darker than the middle is black."""
    from PIL import Image

    with Image.open(io.BytesIO(png)) as opened:
        grey = opened.convert("L")
    width, height = grey.size
    black = grey.point([255 if shade < 128 else 0 for shade in range(256)], mode="1")  # noqa: PLR2004
    stride = (width + 7) // 8
    raw = black.tobytes()
    rows = [raw[at : at + stride].hex().upper() for at in range(0, len(raw), stride)]
    total = stride * height
    return (
        f"^XA^PW{width}^LL{height}^LH0,0^FO0,0^GFA,{total},{total},{stride},{packed(rows)}^FS^PQ1^XZ\n"
    ).encode("ascii")


def packed(rows: list[str]) -> str:
    """Rows of hexadecimal digits in ZPL's shorthand.

    >>> packed(["FF00", "FF00", "0000", "F000"])
    'HF,:,F,'
    """
    lines: list[str] = []
    before = None
    for row in rows:
        lines.append(":" if row == before else _line(row))
        before = row
    return "".join(lines)


def _line(row: str) -> str:
    filled = row.rstrip("0")
    end = "," if len(filled) < len(row) else ""
    if not end:
        ones = row.rstrip("F")
        if len(ones) < len(row) - 1:
            filled, end = ones, "!"
    return _runs(filled) + end


def _runs(text: str) -> str:
    made: list[str] = []
    at = 0
    while at < len(text):
        sign, start = text[at], at
        while at < len(text) and text[at] == sign and at - start < _MOST:
            at += 1
        made.append(_count(at - start) + sign)
    return "".join(made)


def _count(times: int) -> str:
    if times == 1:
        return ""
    return (_TWENTIES[times // 20].strip() if times >= 20 else "") + _ONES[times % 20].strip()  # noqa: PLR2004
