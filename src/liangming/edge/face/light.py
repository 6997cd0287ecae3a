"""How the screen's light comes back from a face: as from a head, and at once.

``relief``: light from the front falls off towards the cheeks of a head. A screen that answers with a tint,
or a white board with a film thrown on it, brightens everywhere alike.

``prompt``: skin answers within the exposure; an echo has to be seen by a camera of its own and drawn by a
screen of its own first. The machine's own delay, from a colour drawn to a frame that shows it, is the same
every time and is told (``lag``); what comes 15 ms later than that is not skin. Where no lag was told, the layer is not run.

Not seen by either: an echo that is quicker than that *and* lights its film as a head would be lit.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from liangming.edge.face.gates import cut
from liangming.edge.face.picture import Box, Pixels

FALLS: Final = 0.85  # of the middle's answer: more of it at the sides is flat
LATE: Final = 0.015  # seconds; people of our own drawing differ by 0.007
SIDE: Final = 0.1  # of the face's width, beside each ear
LEAST: Final = 1.0  # grey levels between two colours: less is no answer to time

Colour = tuple[float, float, float]
Vector = NDArray[np.float64]


class Lit(msgspec.Struct, frozen=True):
    """One frame under a colour: means of red, green and blue, no pixel."""

    at: float
    middle: Colour
    sides: Colour


class Step(msgspec.Struct, frozen=True):
    """One colour of the plan: when it was drawn, and what was seen of it."""

    place: int
    shown: float
    seen: tuple[Lit, ...]


def lit(pixels: Pixels, box: Box, at: float) -> Lit:
    """The means of one frame."""
    height, wide = box.height / 4, box.width
    top, bottom = box.top + height * 1.5, box.bottom - height * 1.5
    one = Box(box.left + 0.02 * wide, top, box.left + (0.02 + SIDE) * wide, bottom)
    other = Box(box.right - (0.02 + SIDE) * wide, top, box.right - 0.02 * wide, bottom)
    left, right = _mean(pixels, one), _mean(pixels, other)
    sides = ((left[0] + right[0]) / 2, (left[1] + right[1]) / 2, (left[2] + right[2]) / 2)
    inner = Box(box.left + wide / 4, box.top + height, box.right - wide / 4, box.bottom - height)
    return Lit(at, _mean(pixels, inner), sides)


def _mean(pixels: Pixels, box: Box) -> Colour:
    part = cut(pixels, box)
    if not part.size:  # the face has left the frame: no answer is no light
        return 0.0, 0.0, 0.0
    blue, green, red = part.mean(axis=(0, 1))  # without a copy
    return float(red), float(green), float(blue)


def relief(steps: Sequence[Step]) -> bool:
    """Whether the light fell off towards the sides."""
    settled = [step for step in steps if step.seen]
    if len(settled) < len(steps) or len({step.place for step in steps}) < 3:  # noqa: PLR2004
        return False
    asked = np.zeros((len(steps), 3))
    asked[np.arange(len(steps)), [step.place for step in steps]] = 1
    asked -= asked.mean(axis=0)
    middle, sides = (
        float((asked * np.array([_hue(getattr(s.seen[-1], part)) for s in settled])).sum())
        for part in ("middle", "sides")
    )
    return middle > 0 and sides <= FALLS * middle


def lag_of(steps: Sequence[Step]) -> float | None:
    """Seconds from a colour drawn to a frame that shows it, the mean of all changes; None: none was seen.

    Each frame's share of the new colour says how much of it was exposed after the change.
    """
    found: list[float] = []
    for before, step in pairwise(steps):
        if not before.seen or not step.seen:
            return None
        old, new = _hue(before.seen[-1].middle), _hue(step.seen[-1].middle)
        way = new - old
        if float(np.linalg.norm(way)) < LEAST:
            return None
        at, changed = before.seen[-1].at, step.seen[-1].at
        for one in step.seen:
            share = float((_hue(one.middle) - old) @ way / (way @ way))
            changed -= min(max(share, 0.0), 1.0) * (one.at - at)
            at = one.at
        found.append(changed - step.shown)
    return sum(found) / len(found) if found else None


def prompt(seen: float | None, lag: float) -> bool:
    """Whether the light came back as soon as this machine's own can."""
    return seen is not None and seen - lag <= LATE


def _hue(colour: Colour) -> Vector:
    """Without its brightness: a lamp that flickers changes all three alike."""
    values = np.array(colour)
    return np.asarray(values - values.mean())
