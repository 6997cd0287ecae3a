"""Searching a memory for a picture in other forms than its own bytes: smaller, other channels, numbers.

A picture is planted as squares of one colour each, so that whatever is made of it keeps runs of those colours:
a form is found if a run of each of several squares is there. Not looked for: a turned picture's single
pixels, grey, and what a net's own layers make of it.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

Needles = tuple[bytes, ...]  # all of them stand there, or the form does not

NUMBERS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "float": lambda values: values,
    "unit": lambda values: values / np.float32(255),
    "signed": lambda values: values / np.float32(255) * 2 - 1,
    "halved": lambda values: values / np.float32(127.5) - 1,
}


def forms_of(colours: np.ndarray, side: int, run: int = 4) -> dict[str, list[Needles]]:
    """By form, the ways it may stand there.

    Args:
        colours: of squares that stand side by side, blue-green-red.
        side: of a square, in pixels.
        run: so many equal pixels at least; a square of 16, made smaller by 0.4, keeps four.
    """
    told: dict[str, list[Needles]] = {
        "bytes": [
            tuple(one.tobytes() * run for one in order) for order in (colours, colours[:, ::-1])
        ],
        "planes": [
            (b"".join(bytes([value]) * wide for value in channel),)
            for channel in colours.T
            for wide in (side, side // 2)
        ],
    }
    for name, made in NUMBERS.items():
        values = made(colours.astype(np.float32)).astype(np.float32)
        told[name] = [
            tuple(one.tobytes() * run for one in order) for order in (values, values[:, ::-1])
        ]
        told[f"{name} planes"] = [
            tuple(np.repeat(value, run).tobytes() for value in channel) for channel in values.T
        ]
    return told


def found(memory: bytes, colours: np.ndarray, side: int = 16) -> set[str]:
    """The forms in which these squares stand in a memory."""
    return {
        form
        for form, ways in forms_of(colours, side).items()
        if any(all(needle in memory for needle in way) for way in ways)
    }


KEPT: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "bytes": lambda pixels: cv2.resize(pixels, None, fx=0.6, fy=0.6)[:, :, ::-1].copy(),
    "planes": lambda pixels: np.ascontiguousarray(pixels[::2, ::2].transpose(2, 0, 1)),
} | {
    f"{name}{planes}": (
        lambda pixels, made=made, planes=planes: np.ascontiguousarray(
            made(cv2.resize(pixels, None, fx=0.6, fy=0.6).astype(np.float32)).transpose(
                (2, 0, 1) if planes else (0, 1, 2)
            )
        )
    )
    for name, made in NUMBERS.items()
    for planes in ("", " planes")
}
"""By form, how a program might keep such a picture: each is one that the search must find."""
