"""The witnesses of a log, asked beside it: what they sign comes in, what they fail at is told.

One round, in this order:

1. take the committed head;
2. ask every witness that is free, due, and has not signed this head, each in a thread of its own;
3. take in each answer as it comes (:meth:`Log.vouch` publishes it where that is due);
4. wait a little for them, not longer: a slow witness goes on alone and misses rounds meanwhile.

A witness that failed is left alone for a second, then two, four … up to a minute. Nothing here
holds up the log, which may take leaves all the while.

What it never does: count an answer that was not verified; forget that a witness is ahead.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from liangming.errors import Code, LiangmingError, Misuse
from liangming.ledger.codes import WITNESS_DOWN
from liangming.ledger.head import EMPTY, Head
from liangming.ledger.ports import TileStore, Witness
from liangming.ledger.prove import Prover
from liangming.ledger.sequence import Log

PATIENCE: Final = 1.0  # seconds a round waits for answers
LONGEST_WAIT: Final = 60.0

_log = logging.getLogger("liangming.witness")


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a witness.

    Attributes:
        name: how the policy calls it.
        head: the newest head that it cosigned for us in this run.
        at: when that was.
        failure: what it failed at since; None while it is well.
        failures: in a row.
        again: not asked before this moment.
    """

    name: str
    head: Head = EMPTY
    at: datetime | None = None
    failure: Code | None = None
    failures: int = 0
    again: datetime | None = None


class Circle:
    """Asks the witnesses of one log.

    Args:
        log: whose heads; recovered by whoever feeds it.
        tiles: its files, to prove from.
        witnesses: by their names in the policy.
        patience: seconds that a round waits for answers.
    """

    def __init__(
        self,
        log: Log,
        tiles: TileStore,
        witnesses: Mapping[str, Witness],
        *,
        patience: float = PATIENCE,
    ) -> None:
        self._log = log
        self._tiles = tiles
        self._witnesses = dict(witnesses)
        self._patience = patience
        self._guard = threading.Lock()
        self._standing = {name: Standing(name) for name in witnesses}
        self._asked: dict[str, Future[None]] = {}
        self._threads = ThreadPoolExecutor(
            max(1, len(self._witnesses)), thread_name_prefix="liangming-witness"
        )

    @property
    def standing(self) -> Sequence[Standing]:
        """What is known of each witness, in the order of the policy."""
        with self._guard:
            return tuple(self._standing.values())

    def round(self, at: datetime) -> int:
        """Ask who is due; how many were asked.

        Raises:
            LiangmingError: what the log or its store failed at; a witness's failure is only noted.
        """
        try:
            head, signed = self._log.signed  # 1
        except Misuse:
            return 0  # the log is between a failure and its recovery
        asked = []
        for name in self._due(head, at):  # 2
            future = self._threads.submit(self._ask, name, head, signed, at)
            self._asked[name] = future
            asked.append(future)
        done, _ = wait(asked, timeout=self._patience)  # 4
        for future in done:
            future.result()
        return len(asked)

    def close(self) -> None:
        """Ask nobody any more; who was asked is not waited for longer than it may take anyway."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _due(self, head: Head, at: datetime) -> list[str]:
        due = []
        for each in self.standing:
            earlier = self._asked.get(each.name)
            busy = earlier is not None and not earlier.done()
            signed_it = each.at is not None and each.head == head and each.failure is None
            waits = each.again is not None and at < each.again
            if not (busy or signed_it or waits):
                due.append(each.name)
        return due

    def _ask(self, name: str, head: Head, signed: bytes, at: datetime) -> None:
        prover = Prover(self._tiles, head, remember=64)
        try:
            lines = self._witnesses[name].cosign(signed, head, prover.consistency_from)
        except LiangmingError as failure:
            if not failure.code.name.startswith("ledger.witness-"):
                raise  # our own tiles, not the witness
            self._failed(name, failure.code, at)
            return
        except Exception:  # noqa: BLE001  (whatever a witness sends, the others are asked on)
            self._failed(name, WITNESS_DOWN, at)
            return
        self._log.vouch(signed, lines)  # 3
        with self._guard:
            before = self._standing[name]
            self._standing[name] = Standing(name, head, at)
        if before.failure is not None:
            _log.warning("witness %s answers again", name)

    def _failed(self, name: str, code: Code, at: datetime) -> None:
        with self._guard:
            before = self._standing[name]
            pause = min(LONGEST_WAIT, 2.0 ** min(before.failures, 10))
            self._standing[name] = replace(
                before,
                failure=code,
                failures=before.failures + 1,
                again=at + timedelta(seconds=pause),
            )
        if before.failure is not code:
            _log.warning("witness %s: %s", name, code.name)


def settle(circle: Circle) -> None:
    """Wait until everybody who was asked has answered or failed."""
    for future in list(circle._asked.values()):  # noqa: SLF001  (the same module)
        with suppress(LiangmingError):
            future.result()
