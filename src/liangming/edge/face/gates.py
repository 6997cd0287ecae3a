"""Layer 1: one face, near enough, sharp, lit, and no second rectangle round it."""

from __future__ import annotations

import enum
from typing import Final

import cv2
import numpy as np

from liangming.edge.face.picture import Box, Found, Grey, Pixels

NEAR, FAR = 0.45, 0.15  # of the frame's width
DARK, BRIGHT = 45.0, 225.0
SHARP: Final = 12.0  # variance of the Laplacian in the face
WORK: Final = 320  # width at which edges are looked for
AROUND: Final = (1.15, 12.0)  # a rectangle's area, as a multiple of the face's
FILLING: Final = 0.93  # of the frame: what fills it is the frame itself


class Fault(enum.StrEnum):
    """Why a frame is not used."""

    NOBODY = "nobody"
    SEVERAL = "several"
    FAR = "too-far"
    NEAR = "too-near"
    CUT = "cut-off"
    DARK = "too-dark"
    BRIGHT = "too-bright"
    BLURRED = "blurred"


def fault_of(pixels: Pixels, faces: tuple[Found, ...]) -> Fault | None:
    """The first reason not to use a frame; None if it is good."""
    if not faces:
        return Fault.NOBODY
    if len(faces) > 1 and faces[1].box.width > faces[0].box.width / 2:
        return Fault.SEVERAL
    box = faces[0].box
    height, width = pixels.shape[:2]
    if box.width < FAR * width:
        return Fault.FAR
    if box.width > NEAR * width:
        return Fault.NEAR
    if box.left < 0 or box.top < 0 or box.right > width or box.bottom > height:
        return Fault.CUT
    return _light(cut(pixels, box))


def _light(face: Pixels) -> Fault | None:
    grey = cv2.cvtColor(face, cv2.COLOR_BGR2GRAY)
    mean, sharp = float(grey.mean()), float(cv2.Laplacian(grey, cv2.CV_32F).var())
    grey.fill(0)
    if mean < DARK:
        return Fault.DARK
    if mean > BRIGHT:
        return Fault.BRIGHT
    return Fault.BLURRED if sharp < SHARP else None


def cut(pixels: Pixels, box: Box) -> Pixels:
    """The part of a frame inside a box; a view, not a copy."""
    height, width = pixels.shape[:2]
    top, bottom = max(0, int(box.top)), min(height, int(box.bottom) + 1)
    left, right = max(0, int(box.left)), min(width, int(box.right) + 1)
    return pixels[top:bottom, left:right]


def framed(pixels: Pixels, box: Box) -> bool:
    """Whether a second, larger quadrilateral stands round the face: paper's edge, phone's, tablet's.

    Looks for closed four-sided outlines that hold the whole face, and for pairs of long straight
    sides left and right of it with a third across, so that fingers over one edge hide nothing.
    """
    height, width = pixels.shape[:2]
    scale = WORK / width
    small = cv2.resize(pixels, (WORK, max(1, round(height * scale))), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (3, 3), 0)
    edges = cv2.Canny(soft, 40, 110)
    for copy in (small, soft):
        copy.fill(0)
    near = Box(box.left * scale, box.top * scale, box.right * scale, box.bottom * scale)
    return _outline(edges, near) or _sides(edges, near)


def _outline(edges: Grey, box: Box) -> bool:
    thick = cv2.dilate(edges, np.ones((3, 3), np.uint8))
    found, _ = cv2.findContours(thick, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    face, whole = box.width * box.height, edges.shape[0] * edges.shape[1]
    for contour in found:
        corners = cv2.approxPolyDP(contour, 0.03 * cv2.arcLength(contour, True), True)
        if len(corners) != 4 or not cv2.isContourConvex(corners):  # noqa: PLR2004
            continue
        area = cv2.contourArea(corners)
        if not (AROUND[0] * face < area < min(AROUND[1] * face, FILLING * whole)):
            continue
        x, y = box.middle
        if cv2.pointPolygonTest(corners, (x, y), False) > 0:
            return True
    return False


def _sides(edges: Grey, box: Box) -> bool:
    lines = cv2.HoughLinesP(
        edges, 1, np.pi / 180, 40, minLineLength=int(0.55 * box.height), maxLineGap=6
    )
    if lines is None:
        return False
    x, y = box.middle
    left = right = across = False
    for x1, y1, x2, y2 in lines.reshape(-1, 4):
        steep = abs(y2 - y1) > 2 * abs(x2 - x1)
        flat = abs(x2 - x1) > 2 * abs(y2 - y1)
        middle_x, middle_y = (x1 + x2) / 2, (y1 + y2) / 2
        spans = min(y1, y2) < y + box.height / 4 and max(y1, y2) > y - box.height / 4
        off = middle_x - x
        if steep and spans and box.width * 0.5 < abs(off) < box.width * 2:
            left, right = left or off < 0, right or off > 0
        over = min(x1, x2) < x + box.width / 4 and max(x1, x2) > x - box.width / 4
        across = across or (flat and over and 0.5 < abs(middle_y - y) / box.height < 2)  # noqa: PLR2004
    return left and right and across
