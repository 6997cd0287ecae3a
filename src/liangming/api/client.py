"""What a client may know of itself: its rights and keys, a new key, and what it called."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Final

import msgspec

from liangming import access
from liangming.access.calls import calls_of
from liangming.api.answers import Time
from liangming.api.bodies import Taken
from liangming.api.body import Body
from liangming.api.call import Call
from liangming.api.lobby import Lobby
from liangming.api.operation import Ask
from liangming.api.query import asked
from liangming.api.reply import Reply, ok
from liangming.api.steps import body_of
from liangming.clock import from_micros, rfc3339
from liangming.ids import is_id

PAGE: Final = 50
_CODE: Final = re.compile(r"[a-z0-9-]{1,30}\.[a-z0-9-]{1,60}")
ASKS: Final = (
    Ask(
        "before",
        {"type": "string", "pattern": "^cal_[0-7][0-9a-hjkmnp-tv-z]{25}$"},
        "上一页答复里的 next",
        "next of the page before",
    ),
    Ask(
        "failed",
        {"type": "string", "enum": ["1"]},
        "只要失败的调用",
        "only calls that failed",
    ),
    Ask(
        "code",
        {"type": "string", "pattern": f"^{_CODE.pattern}$"},
        "只要这个错误码",
        "only this error code",
    ),
)


class ClientAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The client of this key. Without ``scenes`` and ``outlets`` it sees all of its operator's."""

    id: str
    operator: str
    name: str
    scopes: tuple[str, ...]
    scenes: tuple[str, ...]
    outlets: tuple[str, ...]
    hint: str
    expires_at: Time | None
    former_until: Time | None


class RotationBody(Taken, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long the present key goes on opening beside the new one."""

    overlap_hours: Annotated[int, msgspec.Meta(ge=0, le=720)] = 24


class KeyAnswer(msgspec.Struct, frozen=True):
    """A new key; it is told this once."""

    key: str
    former_until: Time | None
    expires_at: Time | None


class CallAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A call, or several that were alike within a few seconds.

    ``micros`` is the average; ``request`` is the id of the slowest, as in its answer's Request-Id.
    """

    at: Time
    method: str
    route: str
    status: int
    code: str
    count: int
    micros: int
    longest: int
    request: str


class CallsAnswer(msgspec.Struct, frozen=True):
    """A page of what this client called in the last seven days, the newest first."""

    calls: tuple[CallAnswer, ...]
    next: str


ROTATION: Final = Body(RotationBody, optional=True)


async def read(lobby: Lobby, call: Call) -> Reply:  # noqa: ARG001  (one signature for all)
    """The client of the key."""
    who = call.who
    answer = ClientAnswer(
        id=who.id,
        operator=who.operator,
        name=who.name,
        scopes=who.scopes,
        scenes=who.scenes,
        outlets=who.outlets,
        hint=who.hint,
        expires_at=_time(who.expires_at),
        former_until=_time(who.former_until),
    )
    return ok(answer)


async def rotate(lobby: Lobby, call: Call) -> Reply:
    """A new key for this client."""
    body = await body_of(lobby, call, ROTATION)
    who = call.who
    overlap = timedelta(hours=body.overlap_hours)
    key = await access.issue(
        lobby.premises, who.id, actor=who.id, operator=who.operator, overlap=overlap
    )
    now = await access.one(lobby.premises, who.id, who.operator)
    answer = KeyAnswer(key, _time(now.former_until), _time(now.expires_at))
    return ok(answer, call.language, 201)


async def calls(lobby: Lobby, call: Call) -> Reply:
    """What this client called."""
    query = asked(
        call,
        before=lambda value: is_id("cal", value),
        code=lambda value: _CODE.fullmatch(value) is not None,
        failed=lambda value: value == "1",
    )
    lines, further = await calls_of(
        lobby.desk.docket,
        call.who.id,
        failed="failed" in query,
        code=query.get("code", ""),
        before=query.get("before", ""),
        limit=PAGE,
    )
    told = tuple(
        CallAnswer(
            at=rfc3339(from_micros(line.at)),
            method=line.method,
            route=line.route,
            status=line.status,
            code=line.code,
            count=line.count,
            micros=line.micros // line.count,
            longest=line.longest,
            request=line.request,
        )
        for line in lines
    )
    return ok(CallsAnswer(told, further))


def _time(at: int | None) -> str | None:
    return None if at is None else rfc3339(from_micros(at))
