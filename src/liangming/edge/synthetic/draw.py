"""Draws what a camera would see: a head, or paper or a screen with one on it. Not pretty, honest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from liangming.edge.face.picture import Pixels, Points
from liangming.edge.face.pose import CHEEKS, EYES, LIPS, NOSE
from liangming.edge.synthetic.head import MOUTH_CORNERS, Head

WIDTH, HEIGHT = 320, 240
_SLACK: Final = 160
Light = np.ndarray[
    tuple[int, ...], np.dtype[np.float32]
]  # blue, green, red: what fell in while exposed
_NOISE: Final = (
    np.random.default_rng(7).normal(0, 2.2, (HEIGHT + _SLACK, WIDTH + _SLACK, 3)).astype(np.float32)
)
_DOWN: Final = np.sin(np.arange(HEIGHT) * 1.9)
_ACROSS: Final = np.sin(np.arange(WIDTH) * 2.3)
RESPONSE: Final = {
    "skin": 16.0,
    "paper": 14.0,
    "rolled": 14.0,
    "screen": 1.0,
    "echo": 16.0,
    "relit": 16.0,
    "board": 16.0,
}
SOLID: Final = frozenset({"skin", "relit", "rolled"})  # the light falls off towards the cheeks
WRAP: Final = 0.3  # of a large screen's light that comes from beside, and falls on a cheek, too


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """What stands before the lens in one frame.

    Attributes:
        points: the mesh in pixels; None where no face is.
        edge: corners of the paper or screen in pixels, if it has any in view.
        matter: what the light falls on. ``board``: white, with a film thrown on it; ``echo``: a screen that
            shows the machine's light as a tint; ``relit``: one that shows it as it would fall on a head.
        late: seconds by which an echo is late.
        gain: how strong it is shown.
        grain: amplitude of the print's or screen's own pattern.
        cuts: eyes cut out of the paper.
    """

    head: Head
    points: Points | None
    edge: Points | None = None
    matter: str = "skin"
    late: float = 0.0
    gain: float = 1.0
    grain: float = 0.0
    cuts: bool = False


def background(rng: np.random.Generator, *, furniture: bool) -> Pixels:
    """A blurred room, sometimes with a door frame or shelf in it."""
    coarse = rng.uniform(60, 190, (6, 8, 3)).astype(np.float32)
    room = cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    if furniture:
        x = int(rng.uniform(10, 45))
        cv2.line(room, (x, 0), (x, HEIGHT), (50, 60, 70), 3)
        y = int(rng.uniform(10, 40))
        cv2.line(room, (x, y), (x + 60, y), (50, 60, 70), 3)
    return np.asarray(np.clip(room, 0, 255), np.uint8)


def draw(
    room: Pixels,
    thing: Thing,
    rng: np.random.Generator,
    *,
    flash: Light | None = None,
    dim: float = 1.0,
) -> Pixels:
    """One frame with the sensor's noise."""
    picture = room.astype(np.float32)
    if thing.edge is not None:
        _sheet(picture, thing)
    if thing.points is not None:
        _face(picture, thing, thing.points, flash)
    top, left = rng.integers(0, _SLACK, 2)
    picture = picture * dim + _NOISE[top : top + HEIGHT, left : left + WIDTH]
    return np.clip(picture, 0, 255).astype(np.uint8)


def _sheet(picture: np.ndarray[tuple[int, ...], np.dtype[np.float32]], thing: Thing) -> None:
    assert thing.edge is not None  # noqa: S101  (narrowed by the caller)
    corners = thing.edge.astype(np.int32).reshape(-1, 1, 2)
    if thing.matter == "screen":
        cv2.fillPoly(picture, [corners], (70, 60, 55))
        cv2.polylines(picture, [corners], True, (12, 12, 12), 5)
    else:
        cv2.fillPoly(picture, [corners], (225, 228, 230))


def _face(
    picture: np.ndarray[tuple[int, ...], np.dtype[np.float32]],
    thing: Thing,
    points: Points,
    flash: Light | None,
) -> None:
    width = float(np.hypot(*(points[CHEEKS[1]] - points[CHEEKS[0]]))) or 1.0
    hull = cv2.convexHull(points.astype(np.int32))
    mask = np.zeros(picture.shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, hull, 1)
    here = mask.astype(bool)
    places = np.nonzero(here)
    picture[here] = _shaded(thing.head.skin, places, points)
    top = points[:, 1].min()
    hair = here & (np.arange(picture.shape[0])[:, None] < top + 0.22 * (points[:, 1].max() - top))
    picture[hair] = thing.head.hair
    for inner, outer, upper, lower in EYES:
        ring = points[[inner, upper, outer, lower]].astype(np.int32).reshape(-1, 1, 2)
        cv2.fillPoly(picture, [ring], (235, 235, 235))
        middle = points[[inner, outer]].mean(axis=0)
        open_by = float(np.hypot(*(points[upper] - points[lower])))
        if open_by > 0.02 * width:
            cv2.circle(picture, _at(middle), max(1, int(open_by / 2.2)), (30, 30, 40), -1)
        brow = middle - np.array([0, 0.1 * width])
        half = np.array([0.09 * width, 0])
        cv2.line(picture, _at(brow - half), _at(brow + half), (35, 35, 45), max(1, int(width / 40)))
        if thing.cuts:
            cv2.polylines(picture, [ring], True, (240, 240, 240), 2)
    lips = points[[MOUTH_CORNERS[0], LIPS[0], MOUTH_CORNERS[1], LIPS[1]]]
    cv2.fillPoly(picture, [lips.astype(np.int32).reshape(-1, 1, 2)], (60, 50, 130))
    cv2.polylines(picture, [lips.astype(np.int32).reshape(-1, 1, 2)], True, (90, 80, 170), 2)
    nose = points[NOSE]
    cv2.circle(picture, _at(nose), max(1, int(width / 30)), (90, 110, 150), -1)
    if thing.grain:
        rows, columns = places
        pattern = ((rows + columns) % 2 * 2 - 1).astype(np.float32)
        picture[here] += thing.grain * pattern[:, None]
    if flash is not None:
        lit = flash / 255 * (RESPONSE[thing.matter] * thing.gain)
        picture[here] += (
            _falling(places[1], points)[:, None] * lit if thing.matter in SOLID else lit
        )


def _falling(
    columns: np.ndarray[tuple[int, ...], np.dtype[np.intp]], points: Points
) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """How much of a light from the front falls where on a head: least beside the ears."""
    left, right = points[:, 0].min(), points[:, 0].max()
    across = (2 * columns - left - right) / max(right - left, 1)
    facing = np.sqrt(np.clip(1 - across**2, 0, 1))
    return np.asarray(WRAP + (1 - WRAP) * facing, np.float32)


def _shaded(
    skin: tuple[float, float, float],
    places: tuple[np.ndarray[tuple[int, ...], np.dtype[np.intp]], ...],
    points: Points,
) -> Light:
    """Light from one side, and pores."""
    rows, columns = places
    left, right = points[:, 0].min(), points[:, 0].max()
    across = (columns - left) / max(right - left, 1)
    pores = _DOWN[rows] * _ACROSS[columns] * 5
    return np.asarray(
        np.array(skin, np.float32) * (0.82 + 0.3 * across)[:, None] + pores[:, None], np.float32
    )


def _at(point: Points) -> tuple[int, int]:
    return int(point[0]), int(point[1])
