"""The PostgreSQL store: several API processes, one database, every answer after its commit.

Constraints and counted updates decide races between processes; within one process the committer
decides in order. The address is never shown: it may hold a password.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from liangming.check.ports import (
    CODE_USED,
    MOVED_ON,
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
from liangming.errors import LiangmingError, Misuse, Outage
from liangming.storage import connections, met, records, runs, visits
from liangming.storage.committer import Committer
from liangming.storage.committer_apart import CommitterApart
from liangming.storage.connections import WORLD
from liangming.storage.lent_rows import LentRows
from liangming.storage.looking import Looking
from liangming.storage.postgres_statements import FORGET_CODES, FORGET_KEYS, VISITS, append
from liangming.storage.records import DAY

QUEUE_LIMIT: Final = 20_000
_SWEEP: Final = 1_000
_FROM: Final = (  # to the next leaf at least: a gap must be seen
    " WHERE seq > $1 AND seq <= greatest($2::bigint,"
    " (SELECT min(seq) FROM leaves WHERE seq > $3)) ORDER BY seq"
)


class PostgresStore(LentRows):
    """Implements :class:`liangming.check.ports.Store` on PostgreSQL 15 or newer.

    Args:
        url: ``postgresql://…``, migrated.
        clock: forgets idempotency keys after 24 hours.
        queue_limit: changes that may wait before callers are sent away with STORE_BUSY.
        apart: the command of a committer in a process of its own; without one it works here.
    """

    far: Final = True
    """Each look-up is a round trip."""

    def __init__(
        self,
        url: str,
        *,
        clock: Clock | None = None,
        queue_limit: int = QUEUE_LIMIT,
        apart: Sequence[str] = (),
    ) -> None:
        super().__init__(url)
        self._clock = clock if clock is not None else SystemClock()
        self._limit = queue_limit
        self._apart = tuple(apart)
        self._committer: Committer | CommitterApart | None = None
        self._patterns = runs.Patterns()
        self._eyes: connections.Kept | None = None
        self._looking = Looking(self._persons)
        self._register = met.Register(self._walk, met.POSTGRES)
        self.perhaps: Final = self._register.perhaps

    @property
    def cuts(self) -> bool:
        """Whether its committer, in a process of its own, may be left to cut the leaves of checks."""
        return bool(self._apart)

    async def open(self) -> None:
        """Connect and check the schema.

        Raises:
            Misuse: ``storage.not-migrated``.
            Outage: STORE_DOWN.
        """
        if self._committer is not None:
            return
        try:
            await connections.see(self._url)
            await self.lend()
            self._eyes = connections.Kept(self._url)
            self._committer = await self._begin()
            if self._apart:  # it serves: a command's few look-ups are cheaper
                self._register.begin()
        except (LiangmingError, ValueError, *WORLD) as failure:
            raise (failure if isinstance(failure, LiangmingError) else Outage(STORE_DOWN)) from None

    async def _begin(self) -> Committer | CommitterApart:
        if self._apart:
            apart = CommitterApart(self._url, self._limit, self._apart)
            await apart.start()
            return apart
        committer = Committer(self._url, self._limit)
        committer.start()
        return committer

    async def close(self) -> None:
        """Refuse what is new, write what was accepted, disconnect."""
        committer, self._committer = self._committer, None
        eyes, self._eyes = self._eyes, None
        if committer is not None:
            await self._register.end()
            await committer.stop()
        if eyes is not None:
            eyes.close()
        await self.take_back()

    async def commit(self, change: Change) -> None:
        """Make one change durable, together with whatever waits beside it."""
        (failure,) = await self._submit((change,))
        if failure is not None:
            raise failure

    async def commit_many(self, changes: Sequence[Change]) -> list[LiangmingError | None]:
        """Make many durable in one transaction; per change None or why it alone failed."""
        return await self._submit(tuple(changes)) if changes else []

    async def check(self, check_id: str) -> CheckRow | None:
        """One check."""
        row = await self._row(records.CHECK + " WHERE id = $1", check_id)
        return (await self._checks([row]))[0] if row else None

    async def leaves(self, check_id: str) -> list[LeafRow]:
        """The events of one check in order."""
        rows = await self._rows(records.PLACED + " WHERE check_id = $1 ORDER BY number", check_id)
        return [leaf for _, leaf in await self._leaves(rows)]

    async def persons(self, keys: Sequence[bytes]) -> dict[bytes, PersonRow]:
        """The registered persons among these indexes, looked up together with whoever asks now."""
        return await self._looking.persons(keys)

    async def remembered(self, client: str, route: str, key: str) -> Remembered | None:
        """The stored answer for an idempotency key, if within 24 h of its writing."""
        place = (client, route, key)
        return (await self.remembered_many([place])).get(place)

    async def remembered_many(
        self, keys: Sequence[tuple[str, str, str]]
    ) -> dict[tuple[str, str, str], Remembered]:
        """The stored answers among these (client, route, key), if within 24 h of their writing."""
        if not keys:
            return {}
        since = records.since(self._clock)
        sql = (
            records.REMEMBERED + " WHERE (client, route, key) IN"  # noqa: S608  (constants)
            " (SELECT * FROM unnest($1::text[], $2::text[], $3::text[])) AND at > $4"
        )
        notes = map(
            records.remembered_of,
            await self.ashore(sql, *map(list, zip(*keys, strict=True)), since),
        )
        return {(note.client, note.route, note.key): note for note in notes}

    async def consent(self, consent_id: str) -> ConsentRow | None:
        """One consent."""
        row = await self._row(records.CONSENT + " WHERE id = $1", consent_id)
        return records.consent_of(row) if row else None

    async def issue_pickup_code(self, code: PickupCode) -> None:
        """Store a code's digest, durable; the same digest again is a Misuse (CODE_USED)."""
        sql = (
            "INSERT INTO pickup_codes (digest, scene, parcel, expires_at)"
            " SELECT $1, $2, $3, $4 WHERE NOT EXISTS (SELECT 1 FROM redemptions WHERE code = $1)"
            " ON CONFLICT DO NOTHING RETURNING 1"
        )
        if not await self._row(sql, code.digest, code.scene, code.parcel, code.expires_at):
            raise Misuse(CODE_USED)

    async def pickup_code(self, digest: bytes, now: datetime) -> PickupCode | None:
        """The code with this keyed digest, if it has neither expired nor been used."""
        sql = (
            records.PICKUP + " WHERE digest = $1 AND expires_at > $2"  # noqa: S608  (constants)
            " AND NOT EXISTS (SELECT 1 FROM redemptions WHERE code = $1)"
        )
        async with self._connection() as connection:
            row = await connection.fetchrow(sql, digest, micros(now))
            if row is None:  # perhaps used a moment ago: which is to stay so, when it is told
                await connections.ashore(connection)
        return records.pickup_of(row) if row else None

    async def redeemed(self, code: bytes) -> bool:
        """Whether a single-use code was used."""
        return bool(await self.ashore("SELECT 1 FROM redemptions WHERE code = $1", code))

    async def client(self, client_id: str) -> Client | None:
        """One API client, revoked or not."""
        row = await self._row(records.CLIENT + " WHERE id = $1", client_id)
        return records.client_of(row) if row else None

    async def clients(self) -> list[Client]:
        """All API clients, oldest first."""
        return [
            records.client_of(row)
            for row in await self._rows(records.CLIENT + " ORDER BY created_at, id")
        ]

    async def due_for_expiry(self, now: datetime, limit: int) -> list[CheckRow]:
        """Unfinished checks whose time is over, the longest over first."""
        sql = records.CHECK + " WHERE due_at <= $1 ORDER BY due_at LIMIT $2"
        return await self._checks(await self._rows(sql, micros(now), limit))

    async def due_for_erasure(self, now: datetime, limit: int) -> list[PersonRow]:
        """Persons whose retention is over, the longest over first."""
        sql = (
            records.PERSON + " WHERE due_at <= $1 AND coalesce(keep_until, due_at) <= $1"
            " ORDER BY due_at LIMIT $2"
        )
        return [records.person_of(row) for row in await self._rows(sql, micros(now), limit)]

    async def postpone(self, now: datetime) -> int:
        """See that persons who came back are looked at when their later term is over."""
        sql = (
            "UPDATE persons SET due_at = keep_until, keep_until = NULL WHERE person = ANY(ARRAY("
            "SELECT person FROM persons WHERE due_at <= $1 AND keep_until > due_at"
            " ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED)) RETURNING 1"
        )
        return len(await self._rows(sql, micros(now), _SWEEP))

    async def erase(
        self, person: bytes, leaves: Sequence[LeafRow], *, due: int | None = None
    ) -> bool:
        """Shred. Dead row versions stay in the files until VACUUM: ``docs/adr/0008-storage.md``."""
        columns = [records.leaf_columns(leaf) for leaf in leaves]
        async with self._connection() as connection, connection.transaction():
            # The person first: a change that sees them waits here, then finds nobody and asks anew.
            gone = (
                "DELETE FROM persons WHERE person = $1"
                " AND ($2::bigint IS NULL OR coalesce(keep_until, due_at) <= $2) RETURNING visits"
            )
            lists = await connection.fetch(gone, person, due)
            if not lists:
                return False
            more = "DELETE FROM visits WHERE person = $1 RETURNING numbers"
            lists += await connection.fetch(more, person)
            await connection.execute(
                "UPDATE checks SET person = NULL, leaf_key = ''::bytea, version = version + 1"
                " WHERE id = ANY($2::text[]) AND person = $1",
                person,
                visits.newest_first(row[0] for row in lists),
            )
            await append(connection, columns)
        return True

    async def wrapped_keys(self, after: bytes, limit: int) -> list[tuple[bytes, bytes]]:
        """Persons after this one, in order, with their wrapped keys."""
        sql = "SELECT person, wrapped_key FROM persons WHERE person > $1 ORDER BY person LIMIT $2"
        async with self._connection() as connection:
            return [(row[0], row[1]) for row in await connection.fetch(sql, after, limit)]

    async def rewrap(self, moved: Sequence[tuple[bytes, bytes, bytes]]) -> None:
        """Replace wrapped keys where the old ones still stand."""
        sql = "UPDATE persons SET wrapped_key = $3 WHERE person = $1 AND wrapped_key = $2"
        async with self._connection() as connection, connection.transaction():
            await connection.executemany(sql, moved)

    async def passing_keys(self, after: str, limit: int) -> list[tuple[str, bytes]]:
        """Unfinished checks after this one, in order, with their leaf keys."""
        sql = (
            "SELECT id, leaf_key FROM checks WHERE due_at IS NOT NULL AND id > $1"
            " ORDER BY id LIMIT $2"
        )
        return [(row[0], row[1]) for row in await self._rows(sql, after, limit)]

    async def keep_keys(self, moved: Sequence[tuple[str, bytes, bytes]]) -> None:
        """Replace kept leaf keys where the old ones still stand."""
        sql = "UPDATE checks SET leaf_key = $3 WHERE id = $1 AND leaf_key = $2"
        async with self._connection() as connection, connection.transaction():
            await connection.executemany(sql, moved)

    async def checks_after(self, after: str, limit: int) -> list[CheckRow]:
        """Checks after this one, in the order of their ids."""
        sql = records.CHECK + " WHERE id > $1 ORDER BY id LIMIT $2"
        rows = await self.ashore(sql, after, limit)
        return await self._checks(rows)

    async def checks_of(self, person: bytes, limit: int) -> list[CheckRow]:
        """Checks of a registered person, newest first; none after an erasure."""
        lists = await self._rows(VISITS, person)
        sql = (
            records.CHECK + " WHERE id = ANY($1::text[]) AND person = $2 ORDER BY id DESC LIMIT $3"
        )
        found: list[records.Row] = []
        for some in visits.parts(visits.newest_first(row[0] for row in lists)):
            found += await self.ashore(sql, some, person, limit)
            if len(found) >= limit:
                break
        return await self._checks(found[:limit])

    async def sweep(self, now: datetime) -> int:
        """Forget idempotency keys after 24 h and pick-up codes a day after they expired."""
        before = micros(now) - DAY
        async with self._connection() as connection, connection.transaction():
            keys = await connection.fetch(FORGET_KEYS, before, _SWEEP)
            codes = await connection.fetch(FORGET_CODES, before, _SWEEP)
        return len(keys) + len(codes)

    async def tail(self, after: int, limit: int) -> list[tuple[int, bytes]]:
        """Leaves after a place in the log (-1: from the start), in order; the disk has them."""
        found: list[tuple[int, bytes]] = await self._tail(
            after, limit, lambda rows: runs.split(rows, after, limit)
        )
        return found

    async def leaves_from(self, place: int, limit: int) -> Sequence[bytes]:
        """The leaves from a place on; the disk has them."""
        found: Sequence[bytes] = await self._tail(
            place - 1, limit, lambda rows: runs.stretch(rows, place, limit)
        )
        return found

    async def _tail(self, after: int, limit: int, cut: Callable[[list[records.Row]], Any]) -> Any:
        sql = records.TAIL + _FROM
        return await self.ashore(sql, runs.before(after), after + limit, after, of=cut)

    async def leaves_after(self, after: int, limit: int) -> list[tuple[int, LeafRow]]:
        """Leaves with their events after a place in the log (-1: from the start), in order."""
        rows = await self.ashore(records.PLACED + _FROM, runs.before(after), after + limit, after)
        return runs.cut(await self._leaves(rows), after, limit)

    async def places(self, check_id: str) -> list[int]:
        """Where the leaves of one check stand in the log, in order."""
        rows = await self._rows(records.TAIL + " WHERE check_id = $1 ORDER BY number", check_id)
        return [place for place, _ in runs.split(rows)]

    async def leaves_like(
        self, prefix: str, number: int, limit: int = 50
    ) -> list[tuple[int, LeafRow]]:
        """Leaves with this number of whatever has an id that begins so, with their places."""
        sql = (
            records.PLACED + " WHERE check_id >= $1 AND check_id < $2 AND (number = $3 OR tag = '')"
            " ORDER BY check_id LIMIT $4"
        )
        rows = await self._rows(sql, prefix, f"{prefix}~", number, limit)
        return [each for each in await self._leaves(rows) if each[1].number == number]

    async def counts(self) -> dict[str, int]:
        """Rows by table; walks each table once."""
        return {row[0]: row[1] for row in await self._rows(records.COUNTS)}

    async def ready(self) -> None:
        """Prove that reading and writing work, through the committer's own database."""
        sql = "UPDATE log_head SET next = next WHERE id = 0 RETURNING next"
        if await self._row(sql) is None:
            raise Outage(STORE_DOWN)

    async def _checks(self, rows: Sequence[records.Row]) -> list[CheckRow]:
        checks = [records.check_of(row) for row in rows]
        await self._learn(self._patterns.unknown(checks))
        return [self._patterns.check(check) for check in checks]

    async def _leaves(self, rows: Sequence[records.Row]) -> list[runs.Placed]:
        placed = [(row[0], records.leaf_of(tuple(row)[1:])) for row in rows]
        await self._learn(self._patterns.unknown(leaf for _, leaf in placed))
        return self._patterns.leaves(placed)

    async def _learn(self, keys: Sequence[bytes]) -> None:
        if keys:
            sql = "SELECT key, data FROM patterns WHERE key = ANY($1::bytea[])"
            self._patterns.learn(await self._rows(sql, list(keys)))

    async def _submit(self, changes: tuple[Change, ...]) -> list[LiangmingError | None]:
        if self._committer is None:
            raise Outage(STORE_DOWN, retry_after=1)
        self._register.sent(changes)
        verdicts = await self._committer.submit(changes)
        if any(verdicts):
            self._register.surprise(sum(map(_met_before, changes, verdicts)))
        return verdicts

    async def _walk(self, sql: str, values: Sequence[Any]) -> list[Any]:
        return await self._rows(sql, *values)

    async def _persons(self, keys: list[bytes]) -> dict[bytes, PersonRow]:
        if self._eyes is None:
            raise Outage(STORE_DOWN, retry_after=1)
        rows = await self._eyes.fetch(records.PERSON + " WHERE person = ANY($1::bytea[])", keys)
        return {row[0]: records.person_of(row) for row in rows}


def _met_before(change: Change, verdict: LiangmingError | None) -> bool:
    """Whether somebody else was first to register this person, or to use this key."""
    return change.person is not None and verdict is not None and verdict.code is MOVED_ON
