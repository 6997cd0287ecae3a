"""Whole checks that came in one turn of the event loop are answered together.

At a busy door some dozen calls lie in the sockets each time the loop looks. One by one, each
costs a task, some futures and a dozen frames of coroutines, which together are as much as the check
itself. So what arrived whole goes through one pass: each call by itself recognised, paced, read; then
one look-up of persons and one commit for all (:mod:`liangming.check.together`); then the answers. Nobody
waits for company: a pass begins as soon as the loop has read what was there, and a call that was
alone goes through it alone.

In one pass, for each call, in the order of the general way:

1  route, key, scope, pace, body: whatever is wrong is this call's answer
2  its idempotency key is taken; whether it was used before, the commit says (below)
3  the check; what breaks unforeseen is this call's incident, the others land
4  log line, counter, diary, answer

A call takes the general way instead where somebody else has to be asked: a client whose row is not
in memory, a device's key, evidence that a source confirms; a key while the clock has just leapt.

An idempotency key is not looked up beforehand: the commit refuses a change whose key is there, so
a new key, which nearly all are, costs no look-up. What failed under a key is looked up, as in the
general way, and answered as before if it was there.

Crash story: as for one call. What the store did not confirm is told as such; what was durable and
not told is found under its key.
"""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from liangming.access import Scope
from liangming.api import devices, faults
from liangming.api import whole as wholes
from liangming.api.answers import receipts_of
from liangming.api.body import in_hand
from liangming.check.done import Done, Note
from liangming.check.examine import by_itself
from liangming.check.together import complete_each
from liangming.check.whole import WholeCheck
from liangming.errors import LiangmingError, Misuse

if TYPE_CHECKING:
    from liangming.access import Presented
    from liangming.api.app import Api
    from liangming.api.call import Call
    from liangming.api.idempotency import Held
    from liangming.api.reply import Reply
    from liangming.check.ports import Remembered

WHOLE_PATH: Final = "/v1/checks:whole"
MOST: Final = 256  # calls in one pass; those that came behind make another one
BESIDE: Final = (
    48  # the same before a file's writer of its own: while it writes those, the next are made
)


class Asked(ABC):
    """A whole check that somebody waits for on a connection.

    Attributes:
        call: whose body is in hand.
        began: when, in nanoseconds that only grow.
        told: whether it was answered.
    """

    __slots__ = ("began", "call", "check", "held", "reply", "told")

    def begin(self, call: Call) -> None:
        """The call came whole."""
        self.call = call
        self.began = time.perf_counter_ns()
        self.told = False
        self.check: WholeCheck | None = None
        self.held: Held | None = None
        self.reply: Reply | None = None

    @abstractmethod
    def answer(self, reply: Reply) -> None:
        """Send the answer, if anybody is still there."""

    @abstractmethod
    def go_alone(self) -> None:
        """Let it be answered in the general way."""

    @abstractmethod
    def break_off(self) -> None:
        """Nothing can be said any more: end the connection."""


class Turns:
    """Gathers the calls of one server, and answers those of a turn in one pass.

    Args:
        api: the application.

    Attributes:
        door: of whole checks; what comes there may be taken.
    """

    def __init__(self, api: Api) -> None:
        self._api = api
        self.door = api.short(WHOLE_PATH)
        premises = api.lobby.premises
        self._most = BESIDE if premises.cuts and not premises.far else MOST
        self._waiting: list[Asked] = []

    def take(
        self, asked: Asked, loop: asyncio.AbstractEventLoop, tasks: set[asyncio.Task[None]]
    ) -> None:
        """A call came; it is answered at the end of this turn of the loop."""
        waiting = self._waiting
        if not waiting or len(waiting) >= self._most:
            waiting = self._waiting = []
            task = loop.create_task(self._run(waiting))
            task.add_done_callback(tasks.discard)
            tasks.add(task)
        waiting.append(asked)

    async def _run(self, turn: list[Asked]) -> None:
        if self._waiting is turn:
            self._waiting = []
        try:
            await self._answer(turn)
        except Exception as failure:  # noqa: BLE001  (ours, not a call's: told to all who wait)
            for asked in turn:
                if not asked.told:
                    self._tell(asked, self._api.incident(failure, asked.call))
        finally:
            for asked in turn:
                if asked.held is not None:
                    self._api.lobby.idempotency.leave(asked.held)
                if not asked.told:  # the server ends in haste
                    asked.break_off()

    async def _answer(self, turn: list[Asked]) -> None:
        entered = [asked for asked in turn if self._enters(asked)]
        checks = [asked.check for asked in entered if asked.check is not None]
        if not checks:
            return
        keyed = any(asked.held is not None for asked in entered)
        notes = [self._note(asked) for asked in entered] if keyed else ()
        results = await complete_each(self._api.lobby.premises, checks, notes)
        failed: list[tuple[Asked, Exception]] = []
        untold = [
            result
            for asked, result in zip(entered, results, strict=True)
            if isinstance(result, Done) and asked.reply is None
        ]
        receipts = iter(receipts_of(self._api.lobby, untold))
        for asked, result in zip(entered, results, strict=True):
            if isinstance(result, Done):
                self._passed(asked, result, next(receipts) if asked.reply is None else b"")
            elif asked.held is None:
                self._failed(asked, result)
            else:
                failed.append((asked, result))
        if failed:
            await self._again(failed)

    def _enters(self, asked: Asked) -> bool:
        """Whether a call goes through this pass; one that does not is answered, or goes alone."""
        try:
            return self._read(asked)
        except Exception as failure:  # noqa: BLE001  (whatever it is, it is this call's alone)
            self._failed(asked, failure)
            return False

    def _read(self, asked: Asked) -> bool:
        lobby, call = self._api.lobby, asked.call
        call.template = WHOLE_PATH
        client = lobby.clients.known(self._presented(call))
        if client is None or devices.is_device(client) or self._looks_first(call):
            asked.told = True
            asked.go_alone()
            return False
        call.client = client
        if Scope.CHECKS_WRITE.value not in client.scopes:
            raise Misuse(faults.SCOPE_MISSING)
        lobby.buckets.take(client.id)
        raw = in_hand(call, limit=lobby.settings.body_bytes)
        check = wholes.read(raw)
        if not by_itself(check.evidence):
            asked.told = True
            asked.go_alone()
            return False
        wholes.admitted(lobby, call, check)
        asked.held = lobby.idempotency.take(call, raw)
        asked.check = check
        return True

    def _presented(self, call: Call) -> Presented:
        """The key of a call; what it shows is the same wherever its head is the same."""
        head = call.head
        if head is not None and head.presented is not None:
            return head.presented
        presented = self._api.lobby.clients.presented(call.headers.get(b"authorization"))
        if head is not None:
            head.presented = presented
        return presented

    def _looks_first(self, call: Call) -> bool:
        """While the clock has just leapt, the commit would take a key of today for one of days ago."""
        keyed = b"idempotency-key" in call.headers
        return keyed and not self._api.lobby.premises.clock.settled()

    def _note(self, asked: Asked) -> Note | None:
        held = asked.held
        if held is None:
            return None
        lobby = self._api.lobby

        def note(done: Done) -> Remembered:
            asked.reply = reply = wholes.told(lobby, asked.call, done)
            return lobby.idempotency.note(held, reply)

        return note

    async def _again(self, failed: Sequence[tuple[Asked, Exception]]) -> None:
        """What failed under a key may have been done before, by us or another process."""
        taken = [asked.held for asked, _ in failed if asked.held is not None]
        try:
            earlier = await self._api.lobby.idempotency.again(taken)
        except LiangmingError as outage:
            for asked, _ in failed:
                self._failed(asked, outage)
            return
        for asked, failure in failed:
            known = earlier.get(asked.held.place) if asked.held is not None else None
            if known is None:
                self._failed(asked, failure)
            elif isinstance(known, LiangmingError):
                self._failed(asked, known)
            else:
                self._tell(asked, known)

    def _passed(self, asked: Asked, done: Done, receipt: bytes) -> None:
        lobby = self._api.lobby
        try:
            lobby.metrics.concluded(done.tag)
            reply = asked.reply or wholes.told(lobby, asked.call, done, receipt)
        except Exception as failure:  # noqa: BLE001  (it is durable; only its answer cannot be said)
            self._failed(asked, failure)
            return
        self._tell(asked, reply)

    def _failed(self, asked: Asked, failure: Exception) -> None:
        self._tell(asked, self._api.failed(failure, asked.call))

    def _tell(self, asked: Asked, reply: Reply) -> None:
        asked.told = True
        if asked.held is not None:  # before the answer: whoever has it may come again
            self._api.lobby.idempotency.leave(asked.held)
            asked.held = None
        self._api.note(asked.call, reply, asked.began)
        asked.answer(reply)
