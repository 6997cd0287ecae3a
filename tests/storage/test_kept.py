"""The connection by which people are looked up: kept while it is well, and never after a failure."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from liangming.check.ports import STORE_DOWN
from liangming.errors import Misuse, Outage
from liangming.storage.codes import UNFIT
from liangming.storage.connections import Kept

pytestmark = pytest.mark.postgres
WHO = "SELECT pg_backend_pid()"


async def test_it_is_kept_while_it_is_well_and_made_anew_after_a_failure(postgres_database: str):
    kept = Kept(postgres_database)
    try:
        ((first,),) = await kept.fetch(WHO)
        assert await kept.fetch(WHO) == [(first,)]
        with pytest.raises(Misuse) as unfit:
            await kept.fetch("SELECT 1 / 0")
        assert unfit.value.code is UNFIT
        ((second,),) = await kept.fetch(WHO)
        assert second != first
        with pytest.raises(Outage) as cut:
            await kept.fetch("SELECT pg_terminate_backend(pg_backend_pid())")
        assert cut.value.code is STORE_DOWN
        assert await kept.fetch(WHO) not in ([(first,)], [(second,)])
    finally:
        kept.close()


async def test_who_asks_while_it_is_let_go_is_answered_and_nothing_stays_open(
    postgres_database: str,
):
    kept = Kept(postgres_database)
    asking = asyncio.ensure_future(kept.fetch(WHO))
    await asyncio.sleep(0)
    kept.close()
    ((pid,),) = await asking
    plain = await asyncpg.connect(postgres_database)
    try:
        await _ended(plain, pid)
    finally:
        await plain.close()


async def _ended(connection: asyncpg.Connection, pid: int) -> None:
    """The server notices in its own time."""
    there = "SELECT count(*) FROM pg_stat_activity WHERE pid = $1"
    while await connection.fetchval(there, pid):  # noqa: ASYNC110  (the server tells nobody)
        await asyncio.sleep(0.01)
