"""Squares and bars in a picture: a hand-over code, a waybill, a check's page."""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np

from liangming.edge.face.picture import Pixels

LONGEST: Final = 2048
MOST: Final = 8
TURNS: Final = (
    15,
    30,
    45,
    60,
    75,
)  # degrees; upright and by quarters is tried by the reader itself
_LARGE: Final = 1600


def codes_in(pixels: Pixels) -> tuple[str, ...]:
    """The texts of every square and bar code, each once, from top to bottom.

    Only printable text; what is longer than any code of ours is left out.
    """
    import zxingcpp

    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    try:
        found = list(zxingcpp.read_barcodes(grey, try_downscale=max(grey.shape) > _LARGE))
    except (RuntimeError, ValueError):
        return ()
    finally:
        grey.fill(0)
    return _texts(found)


def turned(pixels: Pixels) -> tuple[str, ...]:
    """Bars that lie askew, at the first of five turns where any is read: a scanner's line must cross them all."""
    import zxingcpp

    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    high, wide = grey.shape
    side = int(np.hypot(high, wide))
    try:
        for degrees in TURNS:
            turn = cv2.getRotationMatrix2D((wide / 2, high / 2), degrees, 1.0)
            turn[:, 2] += ((side - wide) / 2, (side - high) / 2)
            askew = cv2.warpAffine(grey, turn, (side, side), borderValue=(255,))
            try:
                found = zxingcpp.read_barcodes(
                    askew, formats=zxingcpp.barcode_formats_from_str("AllLinear")
                )
            except (RuntimeError, ValueError):
                return ()
            finally:
                askew.fill(0)
            if texts := _texts(list(found)):
                return texts
    finally:
        grey.fill(0)
    return ()


def _texts(found: list[Any]) -> tuple[str, ...]:
    found.sort(key=lambda code: code.position.top_left.y)
    texts = [code.text for code in found if code.valid]
    good = [
        text for text in dict.fromkeys(texts) if text.isprintable() and 0 < len(text) <= LONGEST
    ]
    return tuple(good[:MOST])
