"""The SQLite store: one file, one writer, every answer after the disk has it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import apsw

from liangming.check.ports import (
    STORE_BUSY,
    STORE_DOWN,
    Change,
    CheckRow,
    Client,
    ConsentRow,
    LeafRow,
    PersonRow,
    PickupCode,
    Remembered,
)
from liangming.clock import Clock, SystemClock, micros
from liangming.errors import LiangmingError, Outage
from liangming.storage import deeds, file, records, runs, visits
from liangming.storage.afresh import copy_afresh
from liangming.storage.apart import Apart
from liangming.storage.job import Job
from liangming.storage.looking import Turn
from liangming.storage.met import Register
from liangming.storage.opened import wrapped
from liangming.storage.read_rows import ReadRows
from liangming.storage.writer import Writer

QUEUE_LIMIT: Final = 20_000  # changes that may wait: two seconds at the nation's rate
_AT_ONCE: Final = 500  # keys in one look-up
_SWEEP: Final = 1_000
_POSTPONED: Final = 200  # persons in one step: about 5 ms in which no check is written
_OVER: Final = "coalesce(keep_until, due_at) <= ?1"
_FROM: Final = (  # to the next leaf at least: a gap must be seen
    " WHERE seq > ?1 AND seq <= max(?2, coalesce((SELECT min(seq) FROM leaves WHERE seq > ?3), 0))"
    " ORDER BY seq"
)


class SqliteStore(ReadRows):
    """Implements :class:`liangming.check.ports.Store` on one SQLite file.

    Args:
        path: the migrated file.
        clock: forgets idempotency keys after 24 hours.
        queue_limit: changes that may wait before callers are sent away with STORE_BUSY.
        apart: the command of a writer in a process of its own; without one it is a thread.
        briefly: it is open for a moment only; another writer waits for its end.
    """

    def __init__(
        self,
        path: Path,
        *,
        clock: Clock | None = None,
        queue_limit: int = QUEUE_LIMIT,
        apart: Sequence[str] = (),
        briefly: bool = False,
    ) -> None:
        super().__init__(path, ahead=bool(apart))
        self._clock = clock if clock is not None else SystemClock()
        self._limit = queue_limit
        self._waiting = 0
        self._lock = file.WriterLock(path, briefly=briefly)
        self._apart = tuple(apart)
        self._writer: Writer | Apart | None = None
        self._patterns = runs.Patterns()
        self._turn = Turn(self._persons)
        self._register = Register(self._walk)
        self.perhaps: Final = self._register.perhaps

    @property
    def cuts(self) -> bool:
        """Whether its writer, in a process of its own, may be left to cut the leaves of checks."""
        return bool(self._apart)

    async def open(self) -> None:
        """Become the file's only writer, recover, check the schema.

        Raises:
            Misuse: ``storage.another-writer``, ``storage.not-migrated``,
                ``storage.open-in-another-library``.
            Outage: STORE_DOWN, STORE_FULL.
        """
        if self._writer is not None:
            return
        if not self._path.is_file():
            raise Outage(STORE_DOWN)
        self._lock.take()
        try:
            file.refuse_second_library(self._path)
            copy_afresh(self._path)
            self._writer = await self._begin()
            file.sync_folder(self._path)
        except (apsw.Error, OSError, LiangmingError) as failure:
            self._lock.release()
            raise wrapped(failure) from None
        self.begin_walks()
        if self._apart:
            self._register.begin()

    async def _begin(self) -> Writer | Apart:
        if not self._apart:
            return Writer(self._path, asyncio.get_running_loop(), self._settle)
        self._near.rows("SELECT 1")  # what cannot be opened is told now; and there is a log
        self._shore.look()  # and whoever fails to write it is heard of here
        writer = Apart(self._path, self._settle, self._lock.descriptors, self._apart)
        await writer.start()
        return writer

    async def close(self) -> None:
        """Refuse what is new, write what was accepted, let the file go."""
        writer, self._writer = self._writer, None
        walks = self.refuse_walks()
        if writer is not None and walks is not None:
            await writer.finish()
            await self._register.end()
            await self.end_walks(walks)
        self.let_go(ends=writer is not None)
        self._lock.release()

    async def commit(self, change: Change) -> None:
        """Make one change durable, together with whatever waits beside it."""
        (failure,) = await self._submit((change,))
        if failure is not None:
            raise failure

    async def commit_many(self, changes: Sequence[Change]) -> list[LiangmingError | None]:
        """Make many durable in one transaction; per change None or why it alone failed."""
        if not changes:
            return []
        outcome: list[LiangmingError | None] = await self._submit(tuple(changes))
        return outcome

    async def check(self, check_id: str) -> CheckRow | None:
        """One check."""
        rows = self._near.rows(records.CHECK + " WHERE id = ?", (check_id,))
        return self._checks(rows)[0] if rows else None

    async def leaves(self, check_id: str) -> list[LeafRow]:
        """The events of one check in order."""
        rows = self._near.rows(records.PLACED + " WHERE check_id = ? ORDER BY number", (check_id,))
        return [leaf for _, leaf in self._leaves(rows)]

    async def persons(self, keys: Sequence[bytes]) -> dict[bytes, PersonRow]:
        """The registered persons among these indexes, looked up together with whoever asks now."""
        return await self._turn.persons(keys)

    def _persons(self, keys: Sequence[bytes]) -> dict[bytes, PersonRow]:
        found: dict[bytes, PersonRow] = {}
        for begin in range(0, len(keys), _AT_ONCE):
            some = keys[begin : begin + _AT_ONCE]
            sql = f"{records.PERSON} WHERE person IN ({','.join('?' * len(some))})"
            for row in self._near.rows(sql, some):
                found[row[0]] = records.person_of(row)
        return found

    async def remembered(self, client: str, route: str, key: str) -> Remembered | None:
        """The stored answer for an idempotency key, if within 24 h of its writing."""
        place = (client, route, key)
        return (await self.remembered_many([place])).get(place)

    async def remembered_many(
        self, keys: Sequence[tuple[str, str, str]]
    ) -> dict[tuple[str, str, str], Remembered]:
        """The stored answers among these (client, route, key), if within 24 h; the disk has them."""
        since = records.since(self._clock)
        found: dict[tuple[str, str, str], Remembered] = {}
        for begin in range(0, len(keys), _AT_ONCE):
            some = keys[begin : begin + _AT_ONCE]
            places = ",".join(["(?,?,?)"] * len(some))
            sql = f"{records.REMEMBERED} WHERE (client, route, key) IN (VALUES {places}) AND at > ?"
            values = [word for place in some for word in place]
            for row in self._near.rows(sql, [*values, since]):
                note = records.remembered_of(row)
                found[note.client, note.route, note.key] = note
        if found:  # it is told as done
            await self.ashore()
        return found

    async def consent(self, consent_id: str) -> ConsentRow | None:
        """One consent."""
        rows = self._near.rows(records.CONSENT + " WHERE id = ?", (consent_id,))
        return records.consent_of(rows[0]) if rows else None

    async def issue_pickup_code(self, code: PickupCode) -> None:
        """Store a code's digest, durable; the same digest again is a Misuse (CODE_USED)."""
        await self._do(deeds.issue(code))

    async def pickup_code(self, digest: bytes, now: datetime) -> PickupCode | None:
        """The code with this keyed digest, if it has neither expired nor been used."""
        sql = (
            records.PICKUP + " WHERE digest = ?1 AND expires_at > ?2"  # noqa: S608  (constants)
            " AND NOT EXISTS (SELECT 1 FROM redemptions WHERE code = ?1)"
        )
        rows = self._near.rows(sql, (digest, micros(now)))
        return records.pickup_of(rows[0]) if rows else None

    async def redeemed(self, code: bytes) -> bool:
        """Whether a single-use code was used."""
        return bool(self._near.rows("SELECT 1 FROM redemptions WHERE code = ?", (code,)))

    async def client(self, client_id: str) -> Client | None:
        """One API client, revoked or not."""
        rows = self._near.rows(records.CLIENT + " WHERE id = ?", (client_id,))
        return records.client_of(rows[0]) if rows else None

    async def clients(self) -> list[Client]:
        """All API clients, oldest first."""
        rows = await self._walk(records.CLIENT + " ORDER BY created_at, id")
        return [records.client_of(row) for row in rows]

    async def due_for_expiry(self, now: datetime, limit: int) -> list[CheckRow]:
        """Unfinished checks whose time is over, the longest over first."""
        sql = records.CHECK + " WHERE due_at <= ? ORDER BY due_at LIMIT ?"
        return self._checks(await self._walk(sql, (micros(now), limit)))

    async def due_for_erasure(self, now: datetime, limit: int) -> list[PersonRow]:
        """Persons whose retention is over, the longest over first."""
        sql = records.PERSON + " WHERE due_at <= ?1 AND " + _OVER + " ORDER BY due_at LIMIT ?2"
        return [records.person_of(row) for row in await self._walk(sql, (micros(now), limit))]

    async def postpone(self, now: datetime) -> int:
        """See that persons who came back are looked at when their later term is over."""
        return int(await self._do(deeds.postpone(micros(now), _POSTPONED)))

    async def erase(
        self, person: bytes, leaves: Sequence[LeafRow], *, due: int | None = None
    ) -> bool:
        """Shred, and answer when the bytes have left the file and its log."""
        return bool(await self._do(deeds.erase(person, leaves, due), after=deeds.truncate_log))

    async def wrapped_keys(self, after: bytes, limit: int) -> list[tuple[bytes, bytes]]:
        """Persons after this one, in order, with their wrapped keys."""
        sql = "SELECT person, wrapped_key FROM persons WHERE person > ? ORDER BY person LIMIT ?"
        return [(row[0], row[1]) for row in await self._walk(sql, (after, limit))]

    async def rewrap(self, moved: Sequence[tuple[bytes, bytes, bytes]]) -> None:
        """Replace wrapped keys where the old ones still stand."""
        await self._do(deeds.rewrap(moved), after=deeds.truncate_log)

    async def passing_keys(self, after: str, limit: int) -> list[tuple[str, bytes]]:
        """Unfinished checks after this one, in order, with their leaf keys."""
        sql = (
            "SELECT id, leaf_key FROM checks WHERE due_at IS NOT NULL AND id > ?"
            " ORDER BY id LIMIT ?"
        )
        return [(row[0], row[1]) for row in await self._walk(sql, (after, limit))]

    async def keep_keys(self, moved: Sequence[tuple[str, bytes, bytes]]) -> None:
        """Replace kept leaf keys where the old ones still stand."""
        await self._do(deeds.keep_keys(moved), after=deeds.truncate_log)

    async def checks_after(self, after: str, limit: int) -> list[CheckRow]:
        """Checks after this one, in the order of their ids."""
        sql = records.CHECK + " WHERE id > ? ORDER BY id LIMIT ?"
        return self._checks(self._near.rows(sql, (after, limit)))

    async def checks_of(self, person: bytes, limit: int) -> list[CheckRow]:
        """Checks of a registered person, newest first; none after an erasure."""
        lists = await self._walk(visits.LISTS, (person,))
        found: list[records.Row] = []
        for some in visits.parts(visits.newest_first(row[0] for row in lists)):
            sql = f"{records.CHECK} WHERE id IN ({','.join('?' * len(some))}) AND person = ?"
            found += await self._walk(sql + " ORDER BY id DESC LIMIT ?", (*some, person, limit))
            if len(found) >= limit:
                break
        return self._checks(found[:limit])

    async def sweep(self, now: datetime) -> int:
        """Forget idempotency keys after 24 h and pick-up codes a day after they expired."""
        return int(await self._do(deeds.sweep(micros(now), _SWEEP)))

    async def tail(self, after: int, limit: int) -> list[tuple[int, bytes]]:
        """Leaves after a place in the log (-1: from the start), in order; the disk has them."""
        found = runs.split(await self._tail(after, limit), after, limit)
        if found:
            await self.ashore()
        return found

    async def leaves_from(self, place: int, limit: int) -> Sequence[bytes]:
        """The leaves from a place on; the disk has them."""
        found = runs.stretch(await self._tail(place - 1, limit), place, limit)
        if found:
            await self.ashore()
        return found

    async def _tail(self, after: int, limit: int) -> list[tuple[Any, ...]]:
        return await self._walk(records.TAIL + _FROM, (runs.before(after), after + limit, after))

    async def leaves_after(self, after: int, limit: int) -> list[tuple[int, LeafRow]]:
        """Leaves with their events after a place in the log (-1: from the start), in order."""
        rows = self._near.rows(records.PLACED + _FROM, (runs.before(after), after + limit, after))
        return runs.cut(self._leaves(rows), after, limit)

    async def places(self, check_id: str) -> list[int]:
        """Where the leaves of one check stand in the log, in order."""
        rows = self._near.rows(records.TAIL + " WHERE check_id = ? ORDER BY number", (check_id,))
        return [place for place, _ in runs.split(rows)]

    async def leaves_like(
        self, prefix: str, number: int, limit: int = 50
    ) -> list[tuple[int, LeafRow]]:
        """Leaves with this number of whatever has an id that begins so, with their places."""
        sql = (
            records.PLACED + " WHERE check_id >= ? AND check_id < ? AND (number = ? OR tag = '')"
            " ORDER BY check_id LIMIT ?"
        )
        rows = self._near.rows(sql, (prefix, f"{prefix}~", number, limit))
        return [each for each in self._leaves(rows) if each[1].number == number]

    async def counts(self) -> dict[str, int]:
        """Rows by table; walks each table once."""
        return {row[0]: row[1] for row in await self._walk(records.COUNTS)}

    async def ready(self) -> None:
        """Prove that reading and writing work, down to the disk, and that there is room for more."""
        file.room(self._path)
        await self._do(deeds.prove)
        self._near.rows("SELECT next FROM log_head")

    async def do(
        self,
        deed: deeds.Deed,
        after: Callable[[apsw.Connection], None] | None = None,
    ) -> Any:
        """Run another storage module's deed at its place in the writer's order, durable."""
        return await self._do(deed, after)

    def _checks(self, rows: Sequence[records.Row]) -> list[CheckRow]:
        checks = [records.check_of(row) for row in rows]
        self._learn(self._patterns.unknown(checks))
        return [self._patterns.check(check) for check in checks]

    def _leaves(self, rows: Sequence[records.Row]) -> list[runs.Placed]:
        placed = [(row[0], records.leaf_of(row[1:])) for row in rows]
        self._learn(self._patterns.unknown(leaf for _, leaf in placed))
        return self._patterns.leaves(placed)

    def _learn(self, keys: Sequence[bytes]) -> None:
        for key in keys:
            sql = "SELECT key, data FROM patterns WHERE key = ?"
            self._patterns.learn(self._near.rows(sql, (key,)))

    async def _submit(self, changes: tuple[Change, ...]) -> Any:
        self._register.sent(changes)
        return await self._queue(lambda future: Job(future, changes), len(changes))

    async def _do(
        self,
        deed: deeds.Deed,
        after: Callable[[apsw.Connection], None] | None = None,
    ) -> Any:
        return await self._queue(lambda future: Job(future, deed=deed, after=after), 1)

    async def _queue(self, job: Callable[[asyncio.Future[Any]], Job], size: int) -> Any:
        if self._writer is None:
            raise Outage(STORE_DOWN, retry_after=1)
        if self._waiting and self._waiting + size > self._limit:
            raise Outage(STORE_BUSY, retry_after=1)
        self._waiting += size
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._writer.put(job(future))
        return await future

    def _settle(self, group: list[Job]) -> None:
        for job in group:
            self._waiting -= len(job.changes) or 1
            if job.future is None or job.future.done():
                continue  # its caller went away; what was written stays written
            if isinstance(job.outcome, BaseException):
                job.future.set_exception(job.outcome)
            else:
                job.future.set_result(job.outcome)
