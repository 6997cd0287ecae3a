"""Bodies: read within limits, decoded and validated by the one type that also documents them.

msgspec's messages may quote what was sent (``Invalid value 'x'``), so none of them leaves this
module: only *which kind* of misfit, and the path, whose names all come from our own types.
"""

from __future__ import annotations

import asyncio
import re
from typing import Final, Generic, TypeVar

import msgspec

from liangming.api import faults
from liangming.api.call import Call
from liangming.errors import Misuse

T = TypeVar("T")

_PLACE: Final = re.compile(r" - at `\$([^`]*)`$")
_MISSING: Final = re.compile(r"^Object missing required field `([A-Za-z0-9_-]+)`")
_JSON: Final = frozenset({b"application/json"})
_NDJSON: Final = frozenset(
    {b"application/x-ndjson", b"application/ndjson", b"application/jsonl", b"application/jsonlines"}
)


class GoneError(Exception):
    """The client hung up before its body was complete; there is nobody to answer."""


class Body(Generic[T]):
    """What a route takes: decoder, validator and documentation in one.

    Args:
        type_: a msgspec type.
        optional: an absent body is the type with all its defaults.
    """

    def __init__(self, type_: type[T], *, optional: bool = False) -> None:
        self.type = type_
        self.optional = optional
        self._decoder: msgspec.json.Decoder[T] = msgspec.json.Decoder(type_)

    def decode(self, raw: bytes) -> T:
        """The value.

        Raises:
            Misuse: ``api.json-malformed``, ``api.field-…`` with the path.
        """
        if self.optional and not raw:
            raw = b"{}"
        try:
            return self._decoder.decode(raw)
        except msgspec.ValidationError as misfit:
            raise _told(str(misfit)) from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise Misuse(faults.JSON_MALFORMED) from None


async def read_json(call: Call, *, limit: int, seconds: float, optional: bool = False) -> bytes:
    """The bytes of a JSON body.

    Raises:
        Misuse: ``api.media-type``, ``api.body-too-large``, ``api.body-too-slow``.
    """
    raw = await read(call, limit=limit, seconds=seconds)
    if raw or not optional:
        _expect(call, _JSON)
    return raw


async def read_lines(call: Call, *, limit: int, seconds: float) -> bytes:
    """The bytes of an NDJSON body; the media type is looked at before anything is read.

    Raises:
        Misuse: as :func:`read_json`.
    """
    _expect(call, _NDJSON)
    return await read(call, limit=limit, seconds=seconds)


def most_of(call: Call, *, limit: int) -> int:
    """How many bytes a body may have, as far as its head says; none is read that is larger."""
    if call.body is not None:
        return len(call.body)
    length = call.headers.get(b"content-length", b"")
    if length.isdigit() and len(length) <= 18:  # noqa: PLR2004
        return min(int(length), limit)
    return limit


def in_hand(call: Call, *, limit: int) -> bytes:
    """The bytes of a JSON body that came with its head.

    Raises:
        Misuse: ``api.media-type``, ``api.body-too-large``.
    """
    raw = call.body or b""
    if len(raw) > limit:
        raise Misuse(faults.BODY_TOO_LARGE)
    _expect(call, _JSON)
    return raw


async def read(call: Call, *, limit: int, seconds: float) -> bytes:
    """The body, however it arrives, within a size and a time."""
    length = call.headers.get(b"content-length", b"")
    if length.isdigit() and (len(length) > 18 or int(length) > limit):  # noqa: PLR2004
        raise Misuse(faults.BODY_TOO_LARGE)
    if call.body is not None:
        if len(call.body) > limit:
            raise Misuse(faults.BODY_TOO_LARGE)
        return call.body
    try:
        async with asyncio.timeout(seconds):
            return await _gather(call, limit)
    except TimeoutError:
        raise Misuse(faults.BODY_TOO_SLOW) from None


async def _gather(call: Call, limit: int) -> bytes:
    receive = call.receive
    message = await receive()
    if message["type"] == "http.disconnect":
        raise GoneError
    body: bytes = message.get("body", b"")
    if not message.get("more_body", False):
        if len(body) > limit:
            raise Misuse(faults.BODY_TOO_LARGE)
        return body
    parts = bytearray(body)
    while message.get("more_body", False):
        if len(parts) > limit:
            raise Misuse(faults.BODY_TOO_LARGE)
        message = await receive()
        if message["type"] == "http.disconnect":
            raise GoneError
        parts += message.get("body", b"")
    if len(parts) > limit:
        raise Misuse(faults.BODY_TOO_LARGE)
    return bytes(parts)


def _expect(call: Call, types: frozenset[bytes]) -> None:
    if b"content-encoding" not in call.headers and call.headers.get(b"content-type") in types:
        return  # as nearly everybody writes it
    if call.headers.get(b"content-encoding", b"identity").lower() != b"identity":
        raise Misuse(faults.MEDIA_TYPE)
    stated = call.headers.get(b"content-type", b"").lower()
    essence, _, parameters = stated.partition(b";")
    if essence.strip() not in types:
        raise Misuse(faults.MEDIA_TYPE)
    name, _, value = parameters.strip().partition(b"=")
    if name.strip() == b"charset" and value.strip(b' "') not in {b"utf-8", b"utf8"}:
        raise Misuse(faults.MEDIA_TYPE)


def _told(message: str) -> Misuse:
    """The misfit without a single character of the input."""
    found = _PLACE.search(message)
    place = found.group(1).removeprefix(".") if found else ""
    missing = _MISSING.match(message)
    if missing:
        name = missing.group(1)
        return Misuse(faults.FIELD_MISSING, field=f"{place}.{name}" if place else name)
    if message.startswith("Object contains unknown field"):
        return Misuse(faults.FIELD_UNKNOWN, field=place or None)
    # "Expected `str`, got `int`" is a type; "Expected `str` of length <= 8" is a value.
    wrong_type = message.startswith("Expected ") and ", got " in message
    return Misuse(faults.FIELD_TYPE if wrong_type else faults.FIELD_VALUE, field=place or None)
