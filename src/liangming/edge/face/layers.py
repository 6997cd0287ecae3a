"""Which layers stood in the way of an attack, and the level that follows.

Every layer says *held*, *failed* or, where it was not run, nothing. A try is accepted only if
none failed; the level says which were there to fail.

    0  a layer of level 1 was missing
    1  camera bound, frames gated, challenge, three-dimensional, continuous
       known hole: a sharp screen that fills the view and plays the right actions, and now and
       then one that plays others
    2  level 1 and a passive detector over at least eight frames; the same hole, narrower
    3  level 1, the screen flash and the relief of its light: stops a screen that does not answer, and
       one that answers, or a board that shines, everywhere alike
       known hole: an echo that lights its film as a head would be lit; a mask with a film thrown on it
    4  level 3, light that comes back at once, and a passive detector
       known hole: the same echo within about a hundredth of a second, now and then four; the mask
    5  level 4 and a depth or near-infrared camera (no driver here: no device reaches it yet)
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Final

import msgspec


class Layer(enum.StrEnum):
    """One way to notice a presentation attack (呈现攻击)."""

    BINDING = "binding"
    SEQUENCE = "sequence"  # no frozen and no looping frames
    GATES = "gates"
    RECTANGLE = "rectangle"
    PASSIVE = "passive"
    CHALLENGE = "challenge"
    SOLID = "solid"
    CONTINUITY = "continuity"
    FLASH = "flash"
    RELIEF = "relief"  # its light falls as on a head
    PROMPT = "prompt"  # and at once
    DEPTH = "depth"


BASE: Final = frozenset(
    {
        Layer.BINDING,
        Layer.SEQUENCE,
        Layer.GATES,
        Layer.RECTANGLE,
        Layer.CHALLENGE,
        Layer.SOLID,
        Layer.CONTINUITY,
    }
)
MOTION: Final = frozenset({Layer.CHALLENGE, Layer.SOLID, Layer.CONTINUITY})

Verdicts = Mapping[Layer, bool]


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a level may open at this device; below it, the face way is not offered.

    Attributes:
        least: for a locker's door or anything else of value. 3 by default: what passes level 1 and 2
            is a film; what passes 3 has to be built for it.
    """

    least: int = 3


def level_of(ran: frozenset[Layer]) -> int:
    """The highest level whose layers were all run."""
    if not ran >= BASE:
        return 0
    passive, flash = Layer.PASSIVE in ran, {Layer.FLASH, Layer.RELIEF} <= ran
    if flash and passive and Layer.PROMPT in ran:
        return 5 if Layer.DEPTH in ran else 4
    if flash:
        return 3
    return 2 if passive else 1


def accepted(verdicts: Verdicts, among: frozenset[Layer] | None = None) -> bool:
    """Whether no layer failed, of all or of some."""
    return all(held for layer, held in verdicts.items() if among is None or layer in among)
