"""What was measured of a page, and what was found."""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal["face", "way", "no", "yes", "elsewhere"]


class Option(msgspec.Struct, frozen=True, rename="camel"):
    """One choice as rendered; lengths in CSS pixels.

    Attributes:
        kind: ``face``; another ``way``; ``no`` and ``yes`` to an ask; ``elsewhere``, the way to a
            page that holds the other ways.
        text: what it says.
        contrast: of its main text against what is behind; None where a picture is behind.
        type: size, weight and family of its main text.
        styles: of all its texts.
        colour: colours, borders, shadows, motion.
        icons: how many pictures it has.
        icon_area: their area in square pixels.
        seen: its place in reading order on the screen, from 0.
        told: its place in the document, as a screen reader tells it, from 0.
    """

    kind: Kind
    text: str
    x: float
    y: float
    width: float
    height: float
    contrast: float | None
    type: str
    styles: tuple[str, ...]
    colour: tuple[str, ...]
    icons: int
    icon_area: float
    selected: bool
    disabled: bool
    clipped: bool
    seen: int
    told: int


class Measure(msgspec.Struct, frozen=True, rename="camel"):
    """One rendering of a page.

    Attributes:
        options: the group of choices, in the order of the document.
        around: the words of the group and around it.
        asks_for_face: the page speaks of a face.
        camera: how often the page asked for the camera before anybody chose anything.
        unseen: what could not be looked into: frames, pictures behind texts, closed shadow trees.
        language: of the document.
    """

    options: tuple[Option, ...]
    around: str
    asks_for_face: bool
    camera: int
    unseen: tuple[str, ...]
    language: str


class Finding(msgspec.Struct, frozen=True):
    """One difference or lure.

    Attributes:
        code: stable, ``box``, ``face-first``, …
        zh: what is wrong, and by how much.
        en: the same in English.
        mend_zh: what to do.
        mend_en: the same in English.
        options: which choices, by their place in the document, from 0.
        citations: articles, where a face is among the ways; none otherwise.
    """

    code: str
    zh: str
    en: str
    mend_zh: str
    mend_en: str
    options: tuple[int, ...]
    citations: tuple[str, ...]


class Report(msgspec.Struct, frozen=True):
    """One rendering, judged."""

    page: str
    size: str
    options: tuple[str, ...]
    findings: tuple[Finding, ...]
    undetermined: tuple[str, ...]
