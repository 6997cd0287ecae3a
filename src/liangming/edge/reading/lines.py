"""Finds lines of print and reads them, with two nets in the form of PP-OCR.

The finder's net answers a map of how likely each place is print; a line is a patch of it, widened
by its own measure because the net was trained on shrunken patches. The reader's net takes a strip
48 pixels high. Its signs stand in its own file (``character``), one a line, blank before and a
space after them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from liangming.edge import codes
from liangming.edge.face.picture import Pixels
from liangming.edge.models.runtime import Net
from liangming.edge.reading.decode import Chances
from liangming.errors import Misuse

Corners = NDArray[np.float32]  # four points: top left, top right, bottom right, bottom left

HIGH: Final = 48
WIDEST: Final = 2400
_PRINT: Final = 0.3
_SURE: Final = 0.5
_WIDEN: Final = 1.6
_LEAST: Final = 6.0
MOST: Final = 48


@dataclass(frozen=True, slots=True, repr=False)
class Place:
    """Where one line stands in a picture."""

    corners: Corners

    @property
    def middle(self) -> tuple[float, float]:
        """Its middle."""
        x, y = self.corners.mean(axis=0)
        return float(x), float(y)

    @property
    def size(self) -> tuple[float, float]:
        """Length along the print, and height."""
        one, two, _, four = self.corners
        return float(np.linalg.norm(two - one)), float(np.linalg.norm(four - one))

    @property
    def turn(self) -> float:
        """Degrees from the horizontal."""
        one, two = self.corners[:2]
        return float(np.degrees(np.arctan2(two[1] - one[1], two[0] - one[0])))


class Lines:
    """Implements Reader with two nets; neither is asked about itself before it is needed.

    Args:
        find: a picture in, a map of print out.
        read: a strip in, chances of each sign at each step out.

    Raises:
        Misuse: in whatever is asked of it, if the nets are of another form (``edge.model-wrong``).
    """

    def __init__(self, find: Net, read: Net) -> None:
        self._find, self._read = find, read

    @cached_property
    def signs(self) -> tuple[str, ...]:
        """What the reader's net can tell apart."""
        listed = self._read.said.get("character", "")
        if not listed or len(self._read.shape) != 4:  # noqa: PLR2004
            raise Misuse(codes.MODEL_WRONG)
        return (*listed.split("\n"), " ")

    def find(self, pixels: Pixels, longest: int = 736) -> tuple[Place, ...]:
        """Lines of print, from top to bottom."""
        if len(self._find.shape) != 4:  # noqa: PLR2004
            raise Misuse(codes.MODEL_WRONG)
        height, width = pixels.shape[:2]
        share = min(1.0, longest / max(height, width))
        size = [max(32, round(side * share / 32) * 32) for side in (width, height)]
        small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
        answer = self._find.run(_planes(small))[0]
        small.fill(0)
        if answer.size != size[0] * size[1]:
            raise Misuse(codes.MODEL_WRONG)
        likely = answer.reshape(size[1], size[0])
        scale = np.array([width / size[0], height / size[1]], np.float32)
        found = [Place(corners * scale) for corners in _patches(likely)]
        return tuple(sorted(found, key=lambda place: place.middle[1]))

    def read(self, pixels: Pixels, place: Place, *, upside_down: bool = False) -> Chances:
        """What the net says of one line, step by step."""
        columns = len(self.signs) + 1
        strip = strip_of(pixels, place, upside_down=upside_down)
        try:
            answer = self._read.run(_planes(strip))[0]
        finally:
            strip.fill(0)
        if answer.ndim != 3 or answer.shape[2] != columns:  # noqa: PLR2004
            raise Misuse(codes.MODEL_WRONG)
        return np.asarray(answer[0], np.float32)


def strip_of(pixels: Pixels, place: Place, *, upside_down: bool = False) -> Pixels:
    """A line, upright and 48 pixels high."""
    length, high = place.size
    width = int(np.clip(round(length / max(high, 1.0) * HIGH), HIGH, WIDEST))
    there = np.array([[0, 0], [width, 0], [width, HIGH], [0, HIGH]], np.float32)
    move = cv2.getPerspectiveTransform(place.corners.astype(np.float32), there)
    strip = cv2.warpPerspective(
        pixels, move, (width, HIGH), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    if upside_down:
        strip = np.ascontiguousarray(strip[::-1, ::-1])
    return np.asarray(strip, np.uint8)


def _planes(pixels: Pixels) -> NDArray[np.float32]:
    """In place: no copy stays behind; the net overwrites this one."""
    values = np.empty((1, pixels.shape[2], *pixels.shape[:2]), np.float32)
    values[0] = pixels.transpose(2, 0, 1)
    values /= 127.5
    values -= 1
    return values


def _patches(likely: NDArray[np.float32]) -> list[Corners]:
    mask = (likely > _PRINT).astype(np.uint8)
    mask = cv2.dilate(mask, np.ones((2, 2), np.uint8))
    outlines, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found: list[tuple[float, Corners]] = []
    for outline in outlines:
        (x, y), (width, height), angle = cv2.minAreaRect(outline)
        if min(width, height) < _LEAST / 2:
            continue
        if _inside(likely, outline) < _SURE:
            continue
        more = width * height * _WIDEN / (2 * (width + height))
        wide: Any = ((x, y), (width + 2 * more, height + 2 * more), angle)
        if min(wide[1]) < _LEAST:
            continue
        found.append((width * height, ordered(cv2.boxPoints(wide))))
    found.sort(key=lambda each: -each[0])
    return [corners for _, corners in found[:MOST]]


def _inside(likely: NDArray[np.float32], outline: Any) -> float:
    x, y, width, height = cv2.boundingRect(outline)
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [outline - (x, y)], 1)
    return float(cv2.mean(likely[y : y + height, x : x + width], mask)[0])


def ordered(points: Any) -> Corners:
    """Top left first, clockwise, the longer side along the print."""
    points = np.asarray(points, np.float32)
    turns = [np.roll(points, shift, axis=0) for shift in range(4)]
    long = [t for t in turns if np.linalg.norm(t[1] - t[0]) >= np.linalg.norm(t[2] - t[1]) - 1e-3]
    best = max(long, key=lambda t: float(t[1][0] - t[0][0]) - 1e-3 * float(t[0][1]))
    along, down = best[1] - best[0], best[3] - best[0]
    clockwise = along[0] * down[1] - along[1] * down[0] > 0
    return best if clockwise else np.ascontiguousarray(best[[3, 2, 1, 0]])
