"""Finds the card in a photograph and lays it flat; where no edge is found, turns the picture only.

A card is the largest quadrilateral whose sides are as a card's or a passport page's. Several ways
of telling it from the table are tried, because a pale card lies on pale tables too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from liangming.edge.face.picture import Pixels
from liangming.edge.reading.lines import Place

WORK: Final = 640
LONG: Final = 1280  # of the laid-out card
_LEAST: Final = 0.035  # of the picture
_MOST: Final = 0.985
_RATIOS: Final = (1.25, 1.95)  # 1.42 pages, 1.585 cards, seen from the side
_HELD: Final = 0.85  # of the lines of print
_CROOKED: Final = 4.0  # degrees
_FULL: Final = 0.9  # how much of its quadrilateral a patch fills


def laid_flat(pixels: Pixels, places: Sequence[Place]) -> Pixels | None:
    """The card alone, long side across; None where no edge was found. Which way up is not known.

    Args:
        places: lines of print found in the picture: they must stand on the card, and straight.
    """
    best: tuple[float, Any, tuple[int, int]] | None = None
    for corners in cards_in(pixels):
        move, size = _onto(corners)
        inside = [place for place in places if _holds(corners, place)]
        if len(inside) < max(1, _HELD * len(places)):
            continue
        crooked = float(np.median([_crooked(place, move) for place in inside]))
        if best is None or crooked < best[0]:
            best = (crooked, move, size)
    if best is None or best[0] > _CROOKED:
        return None
    return np.asarray(
        cv2.warpPerspective(pixels, best[1], best[2], flags=cv2.INTER_CUBIC), np.uint8
    )


def _onto(corners: NDArray[np.float32]) -> tuple[Any, tuple[int, int]]:
    one, two, three, four = corners
    across = (np.linalg.norm(two - one) + np.linalg.norm(three - four)) / 2
    down = (np.linalg.norm(four - one) + np.linalg.norm(three - two)) / 2
    if across < down:
        corners, across, down = np.roll(corners, -1, axis=0), down, across
    size = (LONG, round(LONG * float(down) / float(across)))
    there = np.array([[0, 0], [size[0], 0], list(size), [0, size[1]]], np.float32)
    return cv2.getPerspectiveTransform(corners.astype(np.float32), there), size


def _holds(corners: NDArray[np.float32], place: Place) -> bool:
    return float(cv2.pointPolygonTest(corners.reshape(-1, 1, 2), place.middle, False)) >= 0


def _crooked(place: Place, move: Any) -> float:
    """Degrees between a line of print and the card's long side, either way up."""
    moved = cv2.perspectiveTransform(place.corners.reshape(-1, 1, 2), move).reshape(-1, 2)
    turn = Place(moved.astype(np.float32)).turn % 180
    return min(turn, 180 - turn)


def upright(pixels: Pixels, places: Sequence[Place]) -> Pixels:
    """The picture turned by its print, and cut to it; enlarged where the print is small."""
    lengths = np.array([place.size[0] for place in places])
    turn = float(np.median([place.turn for place in places if place.size[0] >= np.median(lengths)]))
    turned, move = _turned_by(pixels, turn)
    points = np.concatenate([place.corners for place in places]) @ move[:, :2].T + move[:, 2]
    high = float(np.median([place.size[1] for place in places]))
    low = np.maximum(points.min(axis=0) - 2 * high, 0).astype(int)
    top = np.minimum(points.max(axis=0) + 2 * high, turned.shape[1::-1]).astype(int)
    part = turned[low[1] : top[1], low[0] : top[0]]
    share = LONG / max(part.shape[:2])
    if share > 1:
        part = cv2.resize(part, None, fx=share, fy=share, interpolation=cv2.INTER_CUBIC)
    else:
        part = part.copy()
    turned.fill(0)
    return np.asarray(part, np.uint8)


def cards_in(pixels: Pixels) -> list[NDArray[np.float32]]:
    """Quadrilaterals like a card's, largest first, each by its corners clockwise from the top left."""
    share = WORK / max(pixels.shape[:2])
    small = cv2.resize(pixels, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    whole = small.shape[0] * small.shape[1]
    found: list[tuple[float, NDArray[np.float32]]] = []
    for mask in _masks(small):
        outlines, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        for outline in sorted(outlines, key=cv2.contourArea, reverse=True)[:6]:
            corners = _quadrilateral(outline)
            if corners is not None:
                area = float(cv2.contourArea(corners))
                if _LEAST * whole < area < _MOST * whole:
                    found.append((area, corners / share))
    small.fill(0)
    found.sort(key=lambda each: -each[0])
    return [corners for _, corners in found]


def _masks(small: Pixels) -> list[NDArray[np.uint8]]:
    soft = cv2.bilateralFilter(small, 7, 40, 7)
    grey = cv2.cvtColor(soft, cv2.COLOR_BGR2GRAY)
    tints = cv2.cvtColor(soft, cv2.COLOR_BGR2LAB)
    masks: list[Any] = []
    kernel = np.ones((5, 5), np.uint8)
    _, bright = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    masks.append(cv2.morphologyEx(bright, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)))
    edge = np.concatenate([tints[:6].reshape(-1, 3), tints[-6:].reshape(-1, 3)])
    away = np.linalg.norm(tints.astype(np.float32) - np.median(edge, axis=0), axis=2)
    away = np.clip(away * 3, 0, 255).astype(np.uint8)
    _, other = cv2.threshold(away, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    masks.append(cv2.morphologyEx(other, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)))
    for low, high in ((12, 36), (30, 90)):
        lines = cv2.dilate(cv2.Canny(grey, low, high), kernel)
        masks.append(lines)
        masks.append(cv2.bitwise_not(lines))  # what lies between edges
    for copy in (soft, grey, tints):
        copy.fill(0)
    return masks


def _quadrilateral(outline: Any) -> NDArray[np.float32] | None:
    hull = cv2.convexHull(outline)
    area = cv2.contourArea(hull)
    if area <= 0:
        return None
    for share in (0.015, 0.025, 0.04, 0.06):
        four = cv2.approxPolyDP(hull, share * cv2.arcLength(hull, True), True)
        if len(four) == 4:  # noqa: PLR2004
            break
    else:
        return None
    corners = _clockwise(four.reshape(4, 2).astype(np.float32))
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    across, down = (sides[0] + sides[2]) / 2, (sides[1] + sides[3]) / 2
    ratio = max(across, down) / max(min(across, down), 1.0)
    fits = _RATIOS[0] <= ratio <= _RATIOS[1] and area >= _FULL * cv2.contourArea(corners)
    even = min(sides[0], sides[2]) > 0.55 * max(sides[0], sides[2])
    return corners if fits and even else None


def _clockwise(corners: NDArray[np.float32]) -> NDArray[np.float32]:
    middle = corners.mean(axis=0)
    angles = np.arctan2(corners[:, 1] - middle[1], corners[:, 0] - middle[0])
    turned = corners[np.argsort(angles)]
    first = int(turned.sum(axis=1).argmin())
    return np.roll(turned, -first, axis=0)


def _turned_by(pixels: Pixels, degrees: float) -> tuple[Pixels, NDArray[np.float64]]:
    """The whole picture turned so that nothing is cut off, and how."""
    height, width = pixels.shape[:2]
    move = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    cos, sin = abs(move[0, 0]), abs(move[0, 1])
    wide, high = int(height * sin + width * cos), int(height * cos + width * sin)
    move[0, 2] += wide / 2 - width / 2
    move[1, 2] += high / 2 - height / 2
    turned = cv2.warpAffine(pixels, move, (wide, high), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, np.uint8), np.asarray(move, np.float64)
