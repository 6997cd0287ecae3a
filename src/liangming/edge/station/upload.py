"""A form with pictures, held in memory and overwritten: no temporary file, ever."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Final

from liangming.edge.reading import codes
from liangming.edge.reading.given import HEAVIEST, wipe
from liangming.errors import Misuse

LARGEST: Final = 2 * HEAVIEST + (64 << 10)
DRAINED: Final = 8 * HEAVIEST  # read and forgotten, so that the browser can show the answer
_BOUNDARY: Final = re.compile(
    r'multipart/form-data;.*boundary="?([0-9A-Za-z\'()+_,./:=?-]{1,70})"?'
)
_NAME: Final = re.compile(rb'\bname="([a-z_]{1,32})"')
_MOST_PARTS: Final = 16
_HEAD: Final = 2048


async def gathered(stream: AsyncIterator[bytes]) -> bytearray:
    """The whole body.

    Raises:
        Misuse: ``edge.picture-heavy``; what came is overwritten.
    """
    body, seen = bytearray(), 0
    async for part in stream:
        seen += len(part)
        if seen <= LARGEST:
            body += part
        if seen > DRAINED:
            break
    if seen > LARGEST:
        wipe(body)
        raise Misuse(codes.HEAVY)
    return body


def parts_of(body: bytearray, media: str) -> dict[str, bytearray]:
    """The parts of a form by name; the body is overwritten.

    Raises:
        Misuse: ``edge.upload-unreadable``.
    """
    shape = _BOUNDARY.match(media)
    try:
        if shape is None:
            raise Misuse(codes.FORM)
        return _parts(body, b"--" + shape.group(1).encode("ascii"))
    finally:
        wipe(body)


def _parts(body: bytearray, border: bytes) -> dict[str, bytearray]:
    found: dict[str, bytearray] = {}
    place = body.find(border)
    if place != 0:
        raise Misuse(codes.FORM)
    while not body.startswith(border + b"--", place):
        start = place + len(border) + 2
        head = body.find(b"\r\n\r\n", start, start + _HEAD)
        end = body.find(b"\r\n" + border, start)
        name = _NAME.search(bytes(body[start:head])) if head >= 0 else None
        if end < 0 or name is None or head + 4 > end or len(found) == _MOST_PARTS:
            for part in found.values():
                wipe(part)
            raise Misuse(codes.FORM)
        found[name.group(1).decode("ascii")] = body[head + 4 : end]
        place = end + 2
    return found
