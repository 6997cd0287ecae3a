"""Signed events of devices and offline stations, many at a time (docs/spec/device-event.md).

NDJSON both ways, like a batch of checks: a bad line fails alone. Sending the same lines again is
harmless and answers ``repeated``, so a device needs no Idempotency-Key: it sends until it hears.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Final, Literal

import msgspec

from liangming.api import faults as door
from liangming.api.body import Body, read_lines
from liangming.api.call import Call
from liangming.api.lobby import Lobby
from liangming.api.problem import Problem, problem
from liangming.api.reply import NDJSON, Reply, encode
from liangming.api.whole import Numbered, numbered_chunks
from liangming.device import Outcome, Taken
from liangming.device.codes import FORKED
from liangming.errors import LiangmingError, Misuse
from liangming.ledger.device import DeviceEvent

LARGEST: Final = 4 << 20
LINE: Final = Body(DeviceEvent)
_STATUS: Final = {Outcome.TAKEN: 201, Outcome.REPEATED: 200, Outcome.FORKED: 409}


class EventLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """The result of one line: what became of the event, or a problem.

    ``line`` counts from 1 and includes empty lines, as an editor counts. A ``forked`` event was kept
    and comes with a problem all the same.
    """

    line: int
    status: int
    device: str = ""
    seq: int | None = None
    outcome: Literal["taken", "repeated", "forked"] | None = None
    problem: Problem | None = None


async def batch(lobby: Lobby, call: Call) -> Reply:
    """Many signed events."""
    if b"idempotency-key" in call.headers:
        raise Misuse(door.KEY_NOT_HERE)
    raw = await read_lines(call, limit=LARGEST, seconds=lobby.settings.batch_seconds)
    parts = _results(lobby, call, raw)
    if call.body is not None:  # it came in one piece with its head, and is answered so
        body = b"".join([part async for part in parts])
        return Reply(200, body, media=NDJSON, language=call.language)
    return Reply(200, media=NDJSON, language=call.language, parts=parts)


async def _results(lobby: Lobby, call: Call, raw: bytes) -> AsyncGenerator[bytes, None]:
    for chunk in numbered_chunks(raw, lobby.settings.chunk_lines):
        told = await _told(lobby, call, chunk)
        lobby.buckets.charge(call.who.id, len(chunk) / lobby.settings.lines_per_request)
        yield told


async def _told(lobby: Lobby, call: Call, chunk: list[Numbered]) -> bytes:
    lines = [line for _, line in chunk]
    results: list[Taken | LiangmingError]
    try:
        results = await lobby.intake.take(call.who.operator, lines)
    except LiangmingError as failure:  # the answer has begun: every line gets it
        results = [failure] * len(lines)
    out = bytearray()
    for (number, _), result in zip(chunk, results, strict=True):
        out += encode(_line(lobby, call, number, result))
        out += b"\n"
    return bytes(out)


def _line(lobby: Lobby, call: Call, number: int, result: Taken | LiangmingError) -> EventLine:
    if isinstance(result, LiangmingError):
        wrong = problem(result, call.language, lobby.citer)
        return EventLine(line=number, status=wrong.status, problem=wrong)
    forked = result.outcome is Outcome.FORKED
    return EventLine(
        line=number,
        status=_STATUS[result.outcome],
        device=result.device,
        seq=result.seq,
        outcome=result.outcome.value,
        problem=problem(Misuse(FORKED), call.language, lobby.citer) if forked else None,
    )
