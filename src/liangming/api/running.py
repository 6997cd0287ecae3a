"""How the process is doing: alive, able to store, how much it answered."""

from __future__ import annotations

from typing import Literal

import msgspec

from liangming.api.call import Call
from liangming.api.lobby import Lobby
from liangming.api.reply import TEXT, Reply, ok


class Health(msgspec.Struct, frozen=True):
    """Alive; says nothing about the store."""

    status: Literal["ok"] = "ok"


async def live(lobby: Lobby, call: Call) -> Reply:  # noqa: ARG001  (one signature for all)
    """The process answers."""
    return ok(Health())


async def ready(lobby: Lobby, call: Call) -> Reply:  # noqa: ARG001
    """The store reads and writes; otherwise an outage, 503."""
    await lobby.premises.store.ready()
    return ok(Health())


async def metrics(lobby: Lobby, call: Call) -> Reply:  # noqa: ARG001
    """Counters, without any id."""
    return Reply(200, lobby.metrics.text(), TEXT)
