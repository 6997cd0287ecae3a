"""Squares and bars in a picture: a hand-over code, a waybill, a check's page."""

from __future__ import annotations

from typing import Final

import cv2

from liangming.edge.face.picture import Pixels

LONGEST: Final = 2048
MOST: Final = 8
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
    found.sort(key=lambda code: code.position.top_left.y)
    texts = [code.text for code in found if code.valid]
    good = [
        text for text in dict.fromkeys(texts) if text.isprintable() and 0 < len(text) <= LONGEST
    ]
    return tuple(good[:MOST])
