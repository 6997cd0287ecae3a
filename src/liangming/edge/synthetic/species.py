"""The attack species by name, and which half of them was never looked at while tuning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from liangming.edge.synthetic.actors import Maker, Shows, live, printed, screened, swapped
from liangming.edge.synthetic.head import Head


@dataclass(frozen=True, slots=True, kw_only=True)
class Species:
    """One kind of attack instrument.

    Attributes:
        name: as reports print it.
        make: the actor.
        family: ``print``, ``replay`` or ``camera``.
        feed: how the frames reach the device: by its own ``lens``, or in the camera's place.
        held_out: never looked at while a layer was tuned.
        hole: the highest ``pad_level`` at which it is known to pass; 0: none.
    """

    name: str
    make: Maker
    family: str
    feed: str = "lens"
    held_out: bool = False
    hole: int = 0


def _print(**how: object) -> Maker:
    def make(head: Head, rng: np.random.Generator) -> Shows:
        return printed(head, rng, **how)  # type: ignore[arg-type]

    return make


def _screen(**how: object) -> Maker:
    def make(head: Head, rng: np.random.Generator) -> Shows:
        return screened(head, rng, **how)  # type: ignore[arg-type]

    return make


def echo(late: float, matter: str = "relit") -> Species:
    """A screen that fills the view, plays the right actions, and shows the machine's light so late."""
    return Species(
        name=f"full-view-{matter}-{late * 1000:.0f}-ms",
        make=_screen(right=True, edge=None, grain=(0.0, 2.0), echo=late, matter=matter),
        family="replay",
    )


ALL: Final = (
    Species(name="print-flat", make=_print(), family="print"),
    Species(name="print-tilted", make=_print(tilt=0.9), family="print", held_out=True),
    Species(name="print-bent", make=_print(tilt=0.7, bend=1.4), family="print"),
    Species(
        name="print-bent-hidden",
        make=_print(tilt=0.7, bend=1.1, hidden=True, cuts=True),
        family="print",
        held_out=True,
    ),
    Species(name="print-cut-eyes", make=_print(tilt=0.5, cuts=True), family="print", held_out=True),
    Species(
        name="print-cut-eyes-hidden",
        make=_print(tilt=0.8, cuts=True, hidden=True),
        family="print",
    ),
    Species(name="phone-edge", make=_screen(), family="replay"),
    Species(
        name="phone-edge-right-actions", make=_screen(right=True), family="replay", held_out=True
    ),
    Species(
        name="tablet-edge-right-actions",
        make=_screen(right=True, edge=(0.95, 1.05)),
        family="replay",
    ),
    Species(name="full-view-still", make=_screen(still=True, edge=None), family="replay"),
    Species(name="full-view-own-actions", make=_screen(edge=None), family="replay", held_out=True),
    Species(
        name="full-view-right-actions",
        make=_screen(right=True, edge=None, grain=(0.0, 2.0)),
        family="replay",
        hole=2,
    ),
    Species(
        name="full-view-board",
        make=_screen(right=True, edge=None, grain=(0.0, 2.0), matter="board"),
        family="replay",
    ),
    Species(
        name="full-view-echo",
        make=_screen(right=True, edge=None, grain=(0.0, 2.0), echo=0.06),
        family="replay",
    ),
    Species(
        name="full-view-echo-late",
        make=_screen(right=True, edge=None, grain=(0.0, 2.0), echo=0.13),
        family="replay",
        held_out=True,
    ),
    Species(
        name="full-view-relit",
        make=_screen(right=True, edge=None, grain=(0.0, 2.0), echo=0.06, matter="relit"),
        family="replay",
    ),
    Species(
        name="full-view-relit-quick",
        make=_screen(right=True, edge=None, grain=(0.0, 2.0), echo=0.005, matter="relit"),
        family="replay",
        held_out=True,
        hole=4,
    ),
    Species(
        name="print-rolled",
        make=_print(tilt=0.95, bend=1.8, hidden=True, cuts=True),
        family="print",
    ),
    Species(
        name="print-rolled-tight",
        make=_print(tilt=0.8, bend=2.6, hidden=True, cuts=True),
        family="print",
        held_out=True,
    ),
    Species(name="swap", make=swapped, family="print", held_out=True),
    Species(name="still-camera", make=live, family="camera", feed="still"),
    Species(name="loop", make=live, family="camera", feed="loop", held_out=True),
    Species(name="injected-file", make=live, family="camera", feed="virtual"),
    Species(name="stuttering-feed", make=live, family="camera", feed="stutter", held_out=True),
)

BY_NAME: Final = {species.name: species for species in ALL}
