"""Takes a picture's bytes in, and lets none of it stay.

Before anything is decoded its kind, its size in bytes and pixels, and its end are read from its
own headers, so that a bomb or a cut file never reaches the decoder. JPEG and PNG only. A camera's
large JPEG is made smaller while it is decoded, so that its whole never stands in memory.

Not covered: copies in the decoder's and the server's own buffers, which the next picture
overwrites and the end of the process returns. Nothing here or there writes to a disk.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import cv2
import numpy as np

from liangming.edge.face.picture import Pixels
from liangming.edge.reading import codes
from liangming.edge.reading.given import HEAVIEST, let_go, wipe
from liangming.errors import Misuse

MOST_PIXELS: Final = 25_000_000  # of a PNG: its decoder holds all of it, twice
MOST_OF_CAMERA: Final = 52_000_000  # of a JPEG in one scan: halved, it never stands there whole
MOST_IN_SCANS: Final = 16_000_000  # of any other JPEG: its decoder holds six bytes a pixel
LEAST_SIDE: Final = 120
RATIO: Final = 1500  # pixels a byte: flat paper as PNG has about 300
SCANS: Final = 40  # of a progressive JPEG; usual ones have 10
WORKING: Final = 2400  # the longest side that is worked on
_HALVED: Final = {
    True: 2 * WORKING,
    False: 3000,
}  # longest side from which a JPEG in one scan, or in several, is
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2})
_PROGRESSIVE: Final = 0xC2
_SCAN: Final = 0xDA
_END: Final = 0xD9
# A marker is FF and a byte; FF 00 stands in a scan for FF alone, and D0 to D7 only count on.
_MARKER: Final = re.compile(rb"\xff+[^\x00\x01\xd0-\xd8\xff]")


@contextmanager
def opened(data: bytearray) -> Iterator[Pixels]:
    """The picture of these bytes while inside; bytes and pixels are overwritten on leaving.

    Raises:
        Misuse: each fault of a picture with its own code (``edge.picture-…``).
    """
    pixels: Pixels | None = None
    try:
        pixels = _smaller(_decoded(data, halved=_admit(data)))
        let_go(data)  # what is decoded is not held twice
        yield pixels
    finally:
        wipe(data)
        if pixels is not None:
            pixels.fill(0)


def _admit(data: bytearray) -> bool:
    """Whether it is to be halved while it is decoded."""
    if not data:
        raise Misuse(codes.EMPTY)
    if len(data) > HEAVIEST:
        raise Misuse(codes.HEAVY)
    halved, most = False, MOST_PIXELS
    if data.startswith(_PNG):
        width, height = _png(data)
    elif data.startswith(b"\xff\xd8\xff"):
        width, height, at_once = _jpeg(data)
        most = MOST_OF_CAMERA if at_once else MOST_IN_SCANS
        halved = max(width, height) >= _HALVED[at_once]
    else:
        raise Misuse(codes.NOT_ONE)
    if not (width and height):
        raise Misuse(codes.BROKEN)
    if width * height > most:
        raise Misuse(codes.MANY)
    if width * height > RATIO * len(data):
        raise Misuse(codes.BOMB)
    if min(width, height) < LEAST_SIDE:
        raise Misuse(codes.SMALL)
    return halved


def _png(data: bytearray) -> tuple[int, int]:
    """Size, after walking every chunk to the end."""
    if data[12:16] != b"IHDR" or len(data) < 33:  # noqa: PLR2004
        raise Misuse(codes.BROKEN)
    width, height = struct.unpack(">II", data[16:24])
    place = 8
    while place + 12 <= len(data):
        length, kind = struct.unpack(">I4s", data[place : place + 8])
        place += 12 + length
        if kind == b"IEND":
            return width, height
    raise Misuse(codes.CUT)


def _jpeg(data: bytearray) -> tuple[int, int, bool]:
    """Size from the frame headers, whether it comes in one scan; it must have an end."""
    place, width, height, scans, progressive = 2, 0, 0, 0, False
    while (found := _MARKER.search(data, place)) is not None:
        marker, place = found.group()[-1], found.end()
        if marker == _END:
            return width, height, scans == 1 and not progressive
        if place + 7 > len(data):
            break
        length, _, high, wide = struct.unpack(">HBHH", data[place : place + 7])
        if marker in _FRAMES:
            width, height = max(width, wide), max(height, high)
        progressive |= marker == _PROGRESSIVE
        scans += marker == _SCAN
        if scans > SCANS:
            raise Misuse(codes.BOMB)
        place += length
    raise Misuse(codes.CUT)


def _decoded(data: bytearray, *, halved: bool) -> Pixels:
    how = cv2.IMREAD_REDUCED_COLOR_2 if halved else cv2.IMREAD_COLOR
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), how)
    except cv2.error:
        pixels = None
    if pixels is None:
        raise Misuse(codes.BROKEN)
    return np.asarray(pixels, np.uint8)


def _smaller(pixels: Pixels) -> Pixels:
    """At most WORKING on its longest side; the large one is overwritten, and nobody holds it longer."""
    longest = max(pixels.shape[:2])
    if longest <= WORKING:
        return pixels
    share = WORKING / longest
    small = cv2.resize(pixels, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    pixels.fill(0)
    return np.asarray(small, np.uint8)
