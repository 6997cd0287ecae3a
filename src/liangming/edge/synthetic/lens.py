"""Photographs a flat document as a counter's camera would: angle, blur, glare, dim light, far away."""

from __future__ import annotations

import enum
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from liangming.edge.face.picture import Pixels

WIDTH: Final = 1600
HEIGHT: Final = 1200


Corners = NDArray[np.float32]


class Trouble(enum.StrEnum):
    """What makes a picture hard to read; one at a time, so that each can be counted."""

    SCAN = "scan"  # a flat-bed scanner: the card fills the picture
    PLAIN = "plain"  # lies flat, a little turned
    TURNED = "turned"  # any angle in the plane
    ANGLE = "angle"  # seen from the side
    BLUR = "blur"
    GLARE = "glare"
    DIM = "dim"
    SMALL = "small"  # about 420 pixels wide
    TINY = "tiny"  # about 260 pixels wide
    JPEG = "jpeg"  # pressed hard
    WHITE = "white"  # on a table of its own colour
    UPSIDE = "upside"  # upside down


def shot(card: Pixels, trouble: Trouble, rng: np.random.Generator) -> Pixels:
    """One photograph."""
    return shot_at(card, trouble, rng)[0]


def shot_at(card: Pixels, trouble: Trouble, rng: np.random.Generator) -> tuple[Pixels, Corners]:
    """One photograph, and where the card's corners are in it."""
    height, width = card.shape[:2]
    here = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    if trouble is Trouble.SCAN:
        return _noise(card.copy(), rng, 2.0), here
    share = {Trouble.SMALL: 0.27, Trouble.TINY: 0.165}.get(trouble, float(rng.uniform(0.55, 0.72)))
    turn = float(rng.uniform(-6, 6))
    if trouble is Trouble.TURNED:
        turn = float(rng.uniform(-180, 180))
    if trouble is Trouble.UPSIDE:
        turn += 180
    tilt = (
        float(rng.uniform(0.13, 0.24)) if trouble is Trouble.ANGLE else float(rng.uniform(0, 0.03))
    )
    corners = _corners(card, share, turn, tilt, rng)
    move = cv2.getPerspectiveTransform(here, corners)
    table = _table(rng, pale=trouble is Trouble.WHITE)
    small = cv2.warpPerspective(card, move, (WIDTH, HEIGHT), flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.full((height, width), 255, np.uint8), move, (WIDTH, HEIGHT))
    soft = cv2.GaussianBlur(mask, (3, 3), 0).astype(np.float32)[:, :, None] / 255
    light = table * (1 - soft) + small.astype(np.float32) * soft
    return _lit(light, corners, trouble, rng), corners


def _corners(
    card: Pixels, share: float, turn: float, tilt: float, rng: np.random.Generator
) -> Corners:
    height, width = card.shape[:2]
    half = np.array([share * WIDTH / 2, share * WIDTH / 2 * height / width])
    if half[1] * 2 > HEIGHT * 0.9 or abs(np.sin(np.radians(turn))) > 0.4:  # noqa: PLR2004
        half *= min(1.0, 0.42 * HEIGHT / half[0])
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], float) * half
    side = int(rng.integers(4))  # which edge is farther away
    for place in (side, (side + 1) % 4):
        corners[place] *= 1 - tilt
    angle = np.radians(turn)
    rotate = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle = np.array([WIDTH, HEIGHT]) / 2 + rng.uniform(-25, 25, 2)
    return np.asarray(corners @ rotate.T + middle, np.float32)


def _table(rng: np.random.Generator, *, pale: bool) -> Corners:
    tint = np.array([222, 226, 226]) if pale else rng.uniform(30, 130, 3)
    coarse = tint + rng.uniform(-14, 14, (9, 12, 3))
    ground = cv2.resize(coarse.astype(np.float32), (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    for _ in range(4):
        x = int(rng.uniform(0, WIDTH))
        cv2.line(ground, (x, 0), (x + 200, HEIGHT), [float(one) * 0.8 for one in tint], 3)
    return np.asarray(ground, np.float32)


def _lit(
    light: Corners,
    corners: Corners,
    trouble: Trouble,
    rng: np.random.Generator,
) -> Pixels:
    if trouble is Trouble.BLUR:
        light = cv2.GaussianBlur(light, (0, 0), float(rng.uniform(2.2, 3.4)))
    if trouble is Trouble.GLARE:
        low, high = corners.min(axis=0), corners.max(axis=0)
        x, y = rng.uniform(low, high)
        across, down = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
        spot = np.exp(-(((across - x) / 170) ** 2 + ((down - y) / 90) ** 2))
        light = light + 230 * spot[:, :, None].astype(np.float32)
    noise = 3.0
    if trouble is Trouble.DIM:
        light, noise = light * 0.22, 5.0
    seen = _noise(np.asarray(np.clip(light, 0, 255), np.uint8), rng, noise)
    quality = 18 if trouble is Trouble.JPEG else 88
    _, pressed = cv2.imencode(".jpg", seen, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(pressed, cv2.IMREAD_COLOR), np.uint8)


def _noise(pixels: Pixels, rng: np.random.Generator, amount: float) -> Pixels:
    grain = rng.normal(0, amount, pixels.shape).astype(np.float32)
    return np.asarray(np.clip(pixels.astype(np.float32) + grain, 0, 255), np.uint8)
