"""Whole checks: one in a call, or a file of them. The hottest part of this door.

A batch is NDJSON both ways. Lines are decoded, settled and committed in chunks of a bounded size;
each chunk's results are sent when it is durable, so memory stays bounded and nothing is told
before it is true. One bad line fails alone. Results come in the order of the lines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Final

import msgspec

from liangming.access import Scope
from liangming.api import faults as door
from liangming.api import log
from liangming.api.answers import (
    GroundWord,
    OutcomeWord,
    ReasonWord,
    StateWord,
    Time,
    check_answer,
    receipt_of,
    receipts_of,
    verdict,
)
from liangming.api.bodies import WholeBody
from liangming.api.body import Body, most_of, read_lines
from liangming.api.call import Call
from liangming.api.hall import Seat
from liangming.api.idempotency import Remember
from liangming.api.language import Language
from liangming.api.lobby import Lobby
from liangming.api.problem import Problem, problem
from liangming.api.reply import NDJSON, Reply, encode
from liangming.api.steps import demand, raw_of, scene_for
from liangming.check.done import Done, Text, lines
from liangming.check.states import Passed, State, tag
from liangming.check.together import complete_each
from liangming.check.whole import WholeCheck, complete
from liangming.clock import rfc3339
from liangming.errors import LiangmingError, Misuse, Outage

WHOLE: Final = Body(WholeBody)
_declined: Final = attrgetter("declined")
_loosely: Final = msgspec.json.Decoder(WholeCheck).decode
_MOST_NAMES: Final = 4_096
_STRETCH: Final = 1 << 16  # bytes of a batch that are cut into lines at once
_PASSED: Final = b'{"line":%d,"status":201,"check":%b}\n'  # as msgspec writes a BatchLine


class Reader:
    """Reads bodies of whole checks as :data:`WHOLE` does, in half of the time.

    The forms of scene and notice are the half of reading a body, and what they hold is the same all day. So a
    body is read by the type that leaves both open; where it names a scene and a notice that passed
    before, and nothing else that has bounds of its own, that is what it is. Everything else is read by
    the type that documents it, which also says what is wrong.
    """

    def __init__(self) -> None:
        self._passed: set[tuple[str, str]] = set()

    def read(self, raw: bytes) -> WholeCheck:
        """The check that a body states.

        Raises:
            Misuse: as of :data:`WHOLE`.
        """
        try:
            check = _loosely(raw)
            if (check.scene, check.notice) in self._passed and not check.declined:
                return check
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            pass  # said below
        body = WHOLE.decode(raw)
        if len(self._passed) >= _MOST_NAMES:
            self._passed.clear()
        self._passed.add((body.scene, body.notice))
        return body

    def read_all(self, raws: Sequence[bytes]) -> list[WholeCheck] | None:
        """The checks that bodies state; None where :meth:`read` has to look at one of them by itself."""
        try:
            checks = list(map(_loosely, raws))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None
        if any(map(_declined, checks)):
            return None
        named = {(check.scene, check.notice) for check in checks}
        return checks if named <= self._passed else None


_reader: Final = Reader()
read: Final = _reader.read


class BatchCheck(msgspec.Struct, frozen=True, kw_only=True):
    """A check of a batch, in short; the long form is at ``/v1/checks/{id}``."""

    id: str
    state: StateWord
    outcome: OutcomeWord | None
    reason: ReasonWord | None
    text: str
    citations: tuple[str, ...]
    grounds: tuple[GroundWord, ...]
    kept_until: Time | None
    receipt: str


class BatchLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The result of one line: either a check or a problem.

    ``line`` counts from 1 and includes empty lines, as an editor counts. ``status`` is what the
    line would have had as a call of its own.
    """

    line: int
    status: int
    check: BatchCheck | None = None
    problem: Problem | None = None


async def one(lobby: Lobby, call: Call) -> Reply:
    """One whole check."""
    raw = await raw_of(lobby, call)
    body = WHOLE.decode(raw)
    admitted(lobby, call, body)

    async def deed(remember: Remember[Done] | None) -> Done:
        done = await complete(lobby.premises, body, remember=remember)
        lobby.metrics.concluded(done.tag)
        return done

    return await lobby.idempotency.once(call, raw, deed, lambda done: told(lobby, call, done))


def told(lobby: Lobby, call: Call, done: Done, receipt: bytes = b"") -> Reply:
    """As :func:`~liangming.api.steps.told`, of a check that may have been poured.

    Args:
        lobby: what every call finds.
        call: that is answered.
        done: the check.
        receipt: its receipt's page, where it is known.
    """
    language = call.language
    body = done.text(
        ("answer", language, lobby.settings.receipt),
        rfc3339,
        lambda state: encode(check_answer(lobby, state, language)),
        (receipt or receipt_of(lobby, done.id).encode(),),
    )
    location = (b"location", f"/v1/checks/{done.id}".encode())
    return Reply(201, body, language=language, headers=(location,))


async def batch(lobby: Lobby, call: Call) -> Reply:
    """Many whole checks."""
    if b"idempotency-key" in call.headers:
        raise Misuse(door.KEY_NOT_HERE)
    settings, hall = lobby.settings, lobby.hall
    size = most_of(call, limit=settings.batch_bytes)
    seat = hall.take(size) or await hall.wait(call.who.id, size)
    try:
        call.receive = seat.reading(call.receive)
        async with seat.bounded():
            raw = await read_lines(call, limit=settings.batch_bytes, seconds=settings.batch_seconds)
        seat.works()
    except TimeoutError:
        seat.leave()
        raise Misuse(door.BODY_TOO_SLOW) from None
    except BaseException:
        seat.leave()
        raise
    return Reply(
        200,
        media=NDJSON,
        language=call.language,
        parts=_results(lobby, call, raw, seat),
        release=seat.leave,
        bounded=seat.bounded,
    )


async def _results(lobby: Lobby, call: Call, raw: bytes, seat: Seat) -> AsyncGenerator[bytes, None]:
    for chunk in numbered_chunks(raw, lobby.settings.chunk_lines):
        told = await _settled(lobby, call, chunk)
        lobby.buckets.charge(call.who.id, len(chunk) / lobby.settings.lines_per_request)
        seat.says(lobby.settings.batch_seconds)
        yield told
        seat.works()
    seat.says(lobby.settings.batch_seconds)


Numbered = tuple[int, bytes]


def numbered_chunks(raw: bytes, size: int) -> Iterator[list[Numbered]]:
    """The lines that are not empty, numbered as an editor numbers them, a chunk at a time."""
    chunk: list[Numbered] = []
    start = number = 0
    while start < len(raw):
        end = (
            raw.rfind(b"\n", start, start + _STRETCH) + 1 or raw.find(b"\n", start) + 1 or len(raw)
        )
        for line in raw[start : end - raw.endswith(b"\n", start, end)].split(b"\n"):
            number += 1
            if bare := line.strip():
                chunk.append((number, bare))
                if len(chunk) == size:
                    yield chunk
                    chunk = []
        start = end
    if chunk:
        yield chunk


async def _settled(lobby: Lobby, call: Call, chunk: list[Numbered]) -> bytes:
    """One chunk through the states and one durable commit, as result lines."""
    results: list[Done | Exception | None] = [None] * len(chunk)
    places: Sequence[int] = range(len(chunk))
    bodies = _read_all(lobby, call, [line for _, line in chunk])
    if bodies is None:
        bodies, places = [], []
        for place, (_, line) in enumerate(chunk):
            try:
                bodies.append(_read(lobby, call, line, bodies[-1] if bodies else None))
                places.append(place)
            except LiangmingError as failure:
                results[place] = failure
    for place, outcome in zip(places, await complete_each(lobby.premises, bodies), strict=True):
        results[place] = outcome
    passed = [result for result in results if isinstance(result, Done)]
    for word, checks in Counter([done.tag for done in passed]).items():
        lobby.metrics.concluded(word, checks)
    return _told(lobby, call.language, [number for number, _ in chunk], results)


def _told(
    lobby: Lobby,
    language: Language,
    numbers: Sequence[int],
    results: Sequence[Done | Exception | None],
) -> bytes:
    """The result lines: those that passed between two that did not are written together."""

    def write(state: State) -> bytes:
        return encode(_check(lobby, state, language))

    text = Text(("line", language, lobby.settings.receipt), rfc3339, write)
    incidents: dict[int, str] = {}
    out: list[bytes] = []
    for landed, some in groupby(zip(numbers, results, strict=True), _landed):
        if landed:
            told, checks = zip(*some, strict=True)
            out.append(lines(checks, text, receipts_of(lobby, checks), _PASSED, told))
            continue
        for number, result in some:
            if not isinstance(result, Exception):
                raise RuntimeError("a line without a result")  # noqa: TRY004  (ours, not its type)
            out.append(_wrong(lobby, number, result, language, incidents) + b"\n")
    return b"".join(out)


def _landed(told: tuple[int, Done | Exception | None]) -> bool:
    return isinstance(told[1], Done)


def _read_all(lobby: Lobby, call: Call, raws: Sequence[bytes]) -> list[WholeCheck] | None:
    """What :func:`_read` gives for each line, asked once for all; None where a line has to be looked at by itself."""
    if max(map(len, raws)) > lobby.settings.line_bytes:
        return None
    bodies = _reader.read_all(raws)
    if bodies is not None:
        try:
            for body in {(body.scene, body.by): body for body in bodies}.values():
                admitted(lobby, call, body)
        except LiangmingError:
            return None
    return bodies


def _read(lobby: Lobby, call: Call, line: bytes, before: WholeCheck | None) -> WholeCheck:
    if len(line) > lobby.settings.line_bytes:
        raise Misuse(door.LINE_TOO_LONG)
    body = read(line)
    if not admitted_alike(body, before):
        admitted(lobby, call, body)
    return body


def admitted_alike(body: WholeCheck, before: WholeCheck | None) -> bool:
    """Whether :func:`admitted` says of a check what it said of one before it, of the same client."""
    return before is not None and body.scene == before.scene and body.by == before.by


def admitted(lobby: Lobby, call: Call, body: WholeCheck) -> None:
    """The scene is the client's, and entering what was said is within its scopes."""
    scene_for(lobby, call, body.scene)
    if body.by == "spoken":
        demand(call, Scope.DESK)


def _wrong(
    lobby: Lobby,
    number: int,
    failure: Exception,
    language: Language,
    incidents: dict[int, str],
) -> bytes:
    if isinstance(failure, LiangmingError):
        wrong = problem(failure, language, lobby.citer)
    else:  # the answer has begun: every line gets one, and what broke together one number
        if id(failure) not in incidents:
            incidents[id(failure)] = log.new_incident(lobby.premises.clock.now())
            log.incident(incidents[id(failure)], failure)
        incident = incidents[id(failure)]
        wrong = problem(Outage(door.INTERNAL), language, lobby.citer, incident=incident)
    return encode(BatchLine(line=number, status=wrong.status, problem=wrong))


def _check(lobby: Lobby, state: State, language: Language) -> BatchCheck:
    said = verdict(state, language)
    until = state.keep_until if isinstance(state, Passed) else None
    return BatchCheck(
        id=state.about.id,
        state=tag(state),
        outcome=said.outcome,
        reason=said.reason,
        text=said.text,
        citations=said.citations,
        grounds=said.grounds,
        kept_until=rfc3339(until) if until else None,
        receipt=receipt_of(lobby, state.about.id),
    )
