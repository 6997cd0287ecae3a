"""Layer 6: the screen lights the face in random colours; a screen that plays a face stays itself.

The colours come from the nonce. The face's mean colour has to follow them: the response in each
channel is the face under that colour minus the face under the others. A replay glows by its own
light and hardly answers; a film of an earlier flash answers in the wrong order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

import numpy as np

from liangming.edge.face.light import Colour, Step

CONTEXT: Final = b"liangming/face-flash/1\0"
COLOURS: Final = ((0, 0, 255), (0, 255, 0), (255, 0, 0))  # red, green, blue as blue-green-red
STEPS: Final = 6
FRAMES: Final = 3  # a colour; the first shows the change and is not counted
ANSWER: Final = 4.0  # grey levels by which a face must brighten in its channel
AGREE: Final = 0.7  # correlation with the order asked


def plan_of(nonce: str, attempt: int) -> tuple[int, ...]:
    """Which colour comes when: no colour twice in a row, each at least once."""
    seed = hashlib.sha256(CONTEXT + nonce.encode() + b"\0" + str(attempt).encode()).digest()
    order = [seed[0] % 3]
    for byte in seed[1:STEPS]:
        order.append((order[-1] + 1 + byte % 2) % 3)
    missing = {0, 1, 2} - set(order)
    if missing:  # two colours in turn: the last gives way to the third
        order[-1] = missing.pop()
    return tuple(order)


def answers(steps: Sequence[Step]) -> bool:
    """Whether the face's colours followed the screen's, in order and in strength."""
    shown = [step.place for step in steps]
    if set(shown) != {0, 1, 2}:
        return False
    seen = [_settled(step) for step in steps]
    asked = np.zeros((len(shown), 3))
    asked[np.arange(len(shown)), list(shown)] = 1
    lit = np.array(seen)
    lit = lit - lit.mean(axis=1, keepdims=True)  # a lamp that flickers changes all three alike
    asked = asked - asked.mean(axis=0)
    lit = lit - lit.mean(axis=0)
    strength = float((asked * lit).sum() / (asked**2).sum())
    spread = float(np.linalg.norm(asked) * np.linalg.norm(lit))
    return spread > 0 and strength >= ANSWER and float((asked * lit).sum()) / spread >= AGREE


def _settled(step: Step) -> Colour:
    """The middle of the face under a colour, without the frame of the change."""
    counted = [one.middle for one in step.seen[1 if len(step.seen) == FRAMES else 0 :]]
    if not counted:
        return 0.0, 0.0, 0.0
    red, green, blue = np.mean(counted, axis=0)
    return float(red), float(green), float(blue)
