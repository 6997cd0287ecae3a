"""From the log to the receivers: the pump makes deliveries, the courier posts them.

1 the pump reads the next part of the log and commits deliveries and cursor together: a crash leaves both
or neither, and two processes that race commit one of the two
2 a delivery is leased before it is posted; a crash after the post and before its commit posts it again, once
the lease is over, under the same id
3 each subscription has a queue and a task of its own; one whose receiver fails rests, and holds up nobody
4 410 pauses the subscription; everything else but 2xx is tried again, for about three days; then it is dead,
is shown, and can be sent again
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Final

from liangming.check.ports import MOVED_ON
from liangming.check.premises import Premises
from liangming.clock import micros
from liangming.device import events as device
from liangming.docket import Record, Records
from liangming.errors import LiangmingError, Misuse
from liangming.ledger import event_kinds
from liangming.webhook.deliveries import (
    Attempt,
    Delivery,
    Kept,
    after,
    kept,
    kind_of,
    leased,
    made,
    message_id,
    told,
)
from liangming.webhook.hooks import (
    CURSOR,
    ENDED,
    HOST,
    Held,
    active,
    cursor_row,
    every,
    pause,
)
from liangming.webhook.names import OF_TAG, Name
from liangming.webhook.ports import Happened, NotSentError, Outbox, Post, Told
from liangming.webhook.sign import signed

EVERY: Final = 1.0  # seconds between two looks at the log
WINDOW: Final = 2_000  # leaves that are looked at in one step
TOGETHER: Final = 8  # posts to one receiver at a time
AT_ONCE: Final = 32  # posts of this process at a time
_STEPS: Final = 50  # windows in one look
_CHUNKS: Final = 16  # groups of posts to one receiver before its queue is looked at anew
_FORGETTING: Final = 60  # looks from one clearing of ended subscriptions to the next
_STEP: Final = 500
_LONGEST_REST: Final = 300.0  # seconds
_GONE: Final = 410
_log = logging.getLogger("liangming.webhook")


async def pump(premises: Premises, docket: Records, outbox: Outbox) -> int:
    """Make deliveries of what happened since the cursor; how many.

    Raises:
        Outage: of the store; what was committed so far stays.
    """
    count = 0
    for _ in range(_STEPS):
        hooks = await active(docket)
        if not hooks:
            return count
        before = await docket.get(CURSOR)
        place = int(before.body) if before is not None else 0
        head = await outbox.head()
        if place >= head:
            return count
        until = min(place + WINDOW, head)
        found = await outbox.happened(place, until, _tags(hooks))
        now = micros(premises.clock.now())
        rows = [row for each in found for row in _rows(premises, hooks, each, now)]
        try:
            await docket.commit([cursor_row(before, until, now), *rows])
        except Misuse as late:
            if late.code is not MOVED_ON:
                raise
            continue  # another process was first: look where it left the cursor
        count += len(rows)
    return count


def _tags(hooks: Sequence[Held]) -> list[str]:
    wanted = {name for held in hooks for name in held.hook.events}
    tags = {tag for tag, name in OF_TAG.items() if name in wanted}
    if Name.GAP in wanted:  # any event of a device may show that one is missing
        known = (kind.tag for kind in event_kinds())
        tags |= {tag for tag in known if tag.startswith("device:") and tag not in _OF_CENTRE}
    return sorted(tags)


_OF_CENTRE: Final = frozenset({device.ENROLLED.tag, device.DISABLED.tag, device.FORKED.tag})


def _rows(premises: Premises, hooks: Sequence[Held], each: Happened, now: int) -> list[Record]:
    what = told(each)
    if what is None:
        return []
    name, data = what
    message = message_id(premises, each.owner, each.number)
    if premises.simulated:
        data = {**data, "simulated": "yes"}
    delivery = Delivery(message=message, name=name, at=each.at, data=data)
    return [
        made(held, delivery, now)
        for held in hooks
        if held.record.operator == each.operator
        and name in held.hook.events
        and each.seq >= held.hook.since
        and held.hook.reaches(each.scene, each.outlet)
    ]


class Courier:
    """Posts deliveries, for as long as it runs.

    Args:
        premises: the house.
        docket: where deliveries are.
        outbox: the log.
        post: the way out.
    """

    def __init__(self, premises: Premises, docket: Records, outbox: Outbox, post: Post) -> None:
        self._premises = premises
        self._docket = docket
        self._outbox = outbox
        self._post = post
        self._room = asyncio.Semaphore(AT_ONCE)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._looks = 0
        self._rests: dict[str, tuple[int, float]] = {}  # failures in a row, until when it rests

    async def run(self) -> None:
        """Look now and then, until cancelled; posts under way are broken off and come again."""
        try:
            while True:
                try:
                    await self.look()
                except LiangmingError as failure:
                    _log.warning("webhooks wait: %s", failure.code.name)
                await asyncio.sleep(EVERY)
        finally:
            for task in self._tasks.values():
                task.cancel()
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def look(self) -> None:
        """Once: make deliveries, and set the queues going that do not go."""
        await pump(self._premises, self._docket, self._outbox)
        if self._looks % _FORGETTING == 0:
            await self._forget()
        self._looks += 1
        now = time.monotonic()
        for held in await active(self._docket):
            task = self._tasks.get(held.id)
            rests = self._rests.get(held.id, (0, 0.0))[1] > now
            if not rests and (task is None or task.done()):
                self._tasks[held.id] = asyncio.create_task(self._queue(held))
        self._tasks = {name: task for name, task in self._tasks.items() if not task.done()}

    async def _forget(self) -> None:
        """Drop what still waited for a receiver whose subscription has ended."""
        for held in await every(self._docket, ENDED):
            while rows := await self._docket.open(kind_of(held.id), _STEP):
                await self._docket.commit([], drop=[row.id for row in rows])

    async def idle(self) -> None:
        """Wait until every queue that goes has come to its end."""
        await asyncio.gather(*self._tasks.values())

    async def _queue(self, held: Held) -> None:
        """Post what is due to one receiver, some at a time."""
        try:
            for _ in range(_CHUNKS):
                now = self._premises.clock.now()
                due = await self._docket.due(kind_of(held.id), now, TOGETHER)
                if not due or not await self._some(held, [kept(row) for row in due]):
                    return
        except LiangmingError as failure:
            _log.warning("webhooks wait: %s", failure.code.name)

    async def _some(self, held: Held, due: list[Kept]) -> bool:
        """Lease, post, and write down what came of it; whether to go on."""
        now = self._premises.clock.now()
        ours = [leased(each, now) for each in due]
        try:
            await self._docket.commit([each.record for each in ours])
        except Misuse:  # another process has one of them
            return False
        answers = await asyncio.gather(*(self._one(held, each) for each in ours))
        now = self._premises.clock.now()
        rows = [
            after(each, attempt, now, retry_after=told.retry_after)
            for each, (attempt, told) in zip(ours, answers, strict=True)
        ]
        # A crash before this commit posts them again once the lease is over: at least once.
        await self._docket.commit(rows)
        if any(attempt.status == _GONE for attempt, _ in answers):
            await pause(self._premises, self._docket, held.id, operator="", actor=HOST, why="gone")
            return False
        return self._went(held.id, any(row.state == "taken" for row in rows))

    async def _one(self, held: Held, each: Kept) -> tuple[Attempt, Told]:
        at = self._premises.clock.now()
        body = each.delivery.body()
        seconds = micros(at) // 1_000_000
        keys = held.keys(self._premises, micros(at))
        headers = signed(keys, each.delivery.message, seconds, body)
        began = time.monotonic()
        answer, why = Told(0), ""
        try:
            async with self._room:
                answer = await self._post(held.hook.url, headers, body)
        except NotSentError as failure:
            why = failure.why
        took = int((time.monotonic() - began) * 1_000_000)
        attempt = Attempt(at=micros(at), status=answer.status, why=why, micros=took)
        return attempt, answer

    def _went(self, hook: str, taken: bool) -> bool:  # noqa: FBT001  (named by the caller)
        if taken:
            self._rests.pop(hook, None)
            return True
        failures = self._rests.get(hook, (0, 0.0))[0] + 1
        rest = min(2.0**failures, _LONGEST_REST)
        self._rests[hook] = (failures, time.monotonic() + rest)
        return False
