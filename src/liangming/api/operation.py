"""One entry of the route table: what is served and what is documented come from the same line."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from liangming.access import Scope
from liangming.api.body import Body
from liangming.api.call import Call
from liangming.api.lobby import Lobby
from liangming.api.reply import Reply
from liangming.errors import Code

Answer = Callable[[Lobby, Call], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Ask:
    """One optional parameter of a query."""

    name: str
    schema: dict[str, Any]
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An HTTP operation.

    Attributes:
        method: GET, POST or DELETE.
        path: template, e.g. ``/v1/checks/{id}``.
        id: stable operation id, for generated clients.
        group: the heading it stands under in the documentation.
        zh: one sentence.
        en: the same in English.
        answer: does it.
        scope: what the client needs; None: no key needed, unless ``keyed``.
        keyed: any key will do.
        body: what it takes.
        gives: the type of its answer.
        media: media type of its answer.
        takes: media type of its body.
        whole: its answer is no stream where its body came in one piece with its head.
        asks: what may stand behind the question mark of its address.
        status: of success.
        codes: what can go wrong beyond what every operation shares.
        idempotent_by_key: takes an Idempotency-Key.
        example: a body that works with the example scenes.
        law: articles that it implements.
    """

    method: str
    path: str
    id: str
    group: str
    zh: str
    en: str
    answer: Answer
    scope: Scope | None = None
    keyed: bool = False
    body: Body[Any] | None = None
    gives: Any = None
    media: str = "application/json"
    takes: str = "application/json"
    whole: bool = False
    status: int = 200
    codes: tuple[Code, ...] = ()
    idempotent_by_key: bool = False
    asks: tuple[Ask, ...] = ()
    example: Any = None
    law: tuple[str, ...] = ()
