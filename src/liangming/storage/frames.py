"""What passes between a store and its writer's process: frames on two pipes.

A frame is its length (four bytes, little endian), one byte that says what it is, and a body in
MessagePack. The pipes are private to a process and its child, both of one version of this program,
and end with them: nothing of this is kept, so nothing of it is a format to keep.

down  ADDRESS  of the database, where it may not stand among the arguments that everybody sees
      CHANGES  jobs, each a list of changes; a change that no encoding takes is nil
      HOLD     answer HELD when everything before it is durable, then write nothing until GO
      GO
up    DONE     for the next jobs: how many changes of each landed, or per change why it did not
      HELD
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import msgspec

from liangming.check.ports import STORE_DOWN, Change
from liangming.errors import LiangmingError, Misuse, Outage, Refusal, catalogue
from liangming.storage.codes import UNFIT

ADDRESS, CHANGES, HOLD, GO, DONE, HELD = b"A", b"C", b"H", b"G", b"D", b"h"

Verdicts = list[LiangmingError | None]

_HEAD: Final = struct.Struct("<Ic")
_BRANCHES: Final = {branch.branch: branch for branch in (Misuse, Refusal, Outage)}
_encode = msgspec.msgpack.Encoder().encode


class _Failure(msgspec.Struct, frozen=True):
    branch: str
    code: str
    citations: tuple[str, ...]
    field: str | None
    retry_after: int | None


_Told = list[int | _Failure | list[_Failure | None]]
_changes = msgspec.msgpack.Decoder(list[tuple[Change | None, ...]]).decode
_change: Final = msgspec.msgpack.Decoder(Change | None)
_apart = msgspec.msgpack.Decoder(list[list[msgspec.Raw]]).decode
_told = msgspec.msgpack.Decoder(_Told).decode


def frame(kind: bytes, body: bytes = b"") -> bytes:
    """One frame."""
    return _HEAD.pack(len(body), kind) + body


class Frames:
    """Cuts what comes out of a pipe into frames."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[tuple[bytes, bytes]]:
        """The frames that are whole with these bytes: what each is, and its body."""
        whole, rest, begin = [], self._rest, 0
        rest += data
        while len(rest) >= begin + _HEAD.size:
            size, kind = _HEAD.unpack_from(rest, begin)
            end = begin + _HEAD.size + size
            if len(rest) < end:
                break
            whole.append((kind, bytes(memoryview(rest)[begin + _HEAD.size : end])))
            begin = end
        del rest[:begin]
        return whole


def changes(jobs: Sequence[Sequence[Change]]) -> bytes:
    """A frame of jobs."""
    try:
        body = _encode(jobs)
    except (ValueError, OverflowError, TypeError):
        body = _encode([[change if _fits(change) else None for change in job] for job in jobs])
    return frame(CHANGES, body)


def _fits(change: Change) -> bool:
    try:
        _encode(change)
    except (ValueError, OverflowError, TypeError):
        return False
    return True


def changes_of(body: bytes) -> list[tuple[Change | None, ...]]:
    """The jobs of a frame; nil where a change holds what no column can."""
    try:
        return _changes(body)
    except msgspec.ValidationError:
        return [tuple(_or_nothing(change) for change in job) for job in _apart(body)]


def _or_nothing(raw: msgspec.Raw) -> Change | None:
    change: Change | None = None
    with suppress(msgspec.ValidationError):
        change = _change.decode(raw)
    return change


def told(
    outcome: Verdicts | LiangmingError, asked: Sequence[Change | None]
) -> Verdicts | LiangmingError:
    """What became of a job's changes, those that no encoding took among them; ``outcome`` is the others'."""
    if isinstance(outcome, LiangmingError) or len(outcome) == len(asked):
        return outcome
    landed = iter(outcome)
    return [Misuse(UNFIT) if change is None else next(landed) for change in asked]


def done(outcomes: Sequence[Verdicts | LiangmingError]) -> bytes:
    """A frame of what became of each job; a failure stands for all of its changes."""
    return frame(DONE, _encode([_outcome(outcome) for outcome in outcomes]))


def done_of(body: bytes) -> list[Verdicts | LiangmingError]:
    """What became of each job."""
    return [_verdicts(told) for told in _told(body)]


def _outcome(outcome: Verdicts | LiangmingError) -> int | _Failure | list[_Failure | None]:
    if isinstance(outcome, LiangmingError):
        return _failure(outcome)
    if any(outcome):
        return [None if each is None else _failure(each) for each in outcome]
    return len(outcome)


def _verdicts(told: int | _Failure | list[_Failure | None]) -> Verdicts | LiangmingError:
    if isinstance(told, int):
        return [None] * told
    if isinstance(told, _Failure):
        return _error(told)
    return [None if each is None else _error(each) for each in told]


def _failure(error: LiangmingError) -> _Failure:
    return _Failure(error.branch, error.code.name, error.citations, error.field, error.retry_after)


def _error(told: _Failure) -> LiangmingError:
    code = next((code for code in catalogue() if code.name == told.code), STORE_DOWN)
    branch = _BRANCHES[told.branch]
    return branch(code, citations=told.citations, field=told.field, retry_after=told.retry_after)
