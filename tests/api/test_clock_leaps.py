"""A service whose machine's clock leaps a day ahead and back while it serves: nothing is lost or undone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from tests.api.conftest import Door, made
from tests.test_clock import DAY, HOUR, Machine
from tests.world import NOON

from liangming.api import build_api
from liangming.check.integrate import Integrator
from liangming.check.log_key import log_key
from liangming.clock import SystemClock
from liangming.errors import Outage
from liangming.ledger import FileTiles, Log, SqliteHeads, Trust, fsck
from liangming.ledger.codes import CLOCK_BEHIND
from liangming.rights import RightsDesk
from liangming.rights.retain import retain
from liangming.storage import open_docket
from liangming.storage.erasure_file import ErasureFile

ORIGIN = "log.example/leaps"


@dataclass
class Leaping:
    """The door, on a machine whose clock is set by hand."""

    door: Door
    machine: Machine
    clock: SystemClock
    folder: Path

    async def whole(self, key: str = "", number: str = "990101199003071237") -> httpx.Response:
        headers = {"idempotency-key": key} if key else {}
        body = self.door.whole()
        body["evidence"] = {**body["evidence"], "number": number}  # type: ignore[dict-item]
        return await self.door.http.post("/v1/checks:whole", json=body, headers=headers)

    async def step(self, check: str, what: str, **body: object) -> httpx.Response:
        return await self.door.http.post(f"/v1/checks/{check}/{what}", json=body)

    def log(self, heads: SqliteHeads) -> tuple[Log, FileTiles]:
        tiles = FileTiles(self.folder / "log")
        key = log_key(self.door.world.premises.keys.signing, ORIGIN)
        return Log(origin=ORIGIN, tiles=tiles, heads=heads, keys=[key]), tiles

    def trust(self) -> Trust:
        return Trust(ORIGIN, (log_key(self.door.world.premises.keys.signing, ORIGIN).verifying,))


@pytest_asyncio.fixture
async def leaping(tmp_path: Path) -> AsyncIterator[Leaping]:
    machine = Machine(NOON)
    clock = machine.clock()
    async with made(tmp_path) as door:
        premises = door.world.premises
        object.__setattr__(premises, "clock", clock)
        premises.store._clock = clock  # type: ignore[attr-defined]
        door.http._transport = httpx.ASGITransport(app=build_api(premises, tick=door.tick))
        yield Leaping(door, machine, clock, tmp_path)


async def test_checks_go_on_their_moments_never_go_back_and_the_log_follows(
    leaping: Leaping,
) -> None:
    ids, machine = [], leaping.machine
    store = leaping.door.world.premises.store
    with closing(SqliteHeads(leaping.folder / "head.sqlite3")) as heads:
        log, tiles = leaping.log(heads)
        carrier = Integrator(store, log, leaping.clock, tiles=tiles)
        for by in (0 * DAY, DAY, -DAY, -DAY, 2 * DAY):
            machine.leap(by)
            for _ in range(3):
                answer = await leaping.whole()
                assert answer.status_code == 201, answer.text
                ids.append(answer.json()["id"])
                machine.run(HOUR / 100)
            await carrier.round()
        assert carrier.failure is None
    leaves = await store.leaves_after(-1, 1_000)
    moments = [leaf.at for _, leaf in leaves]
    assert moments == sorted(moments)
    assert len(set(ids)) == len(ids)
    assert ids == sorted(ids)  # an id begins with its moment
    assert len(set(moments)) >= len(ids)  # time never stood still
    assert fsck(tiles, leaping.trust()).head.size == len(leaves)
    for check in ids:
        await leaping.door.world.verify(check)


async def test_a_check_that_was_open_ends_by_its_term_and_a_new_one_can_be_finished(
    leaping: Leaping,
) -> None:
    before = await leaping.door.choosing()
    leaping.machine.leap(DAY)
    ended = await leaping.step(before, "choice", method="document.seen")
    assert (ended.status_code, ended.json()["code"]) == (409, "check.expired")
    leaping.machine.leap(-DAY)
    again = await leaping.door.choosing()
    answer = await leaping.step(again, "choice", method="document.seen")
    assert answer.status_code == 200, answer.text
    idle = await leaping.door.choosing()
    leaping.machine.run(DAY / 2)  # at half its pace: terms still end
    ended = await leaping.step(idle, "choice", method="document.seen")
    assert (ended.status_code, ended.json()["code"]) == (409, "check.expired")


async def test_a_key_keeps_its_answer_over_leaps_back_and_over_less_than_a_day_forward(
    leaping: Leaping,
) -> None:
    first = await leaping.whole("key-00000001")
    for by in (-DAY, DAY, 23 * HOUR, -23 * HOUR, -40 * DAY, 40 * DAY):
        leaping.machine.leap(by)
        again = await leaping.whole("key-00000001")
        if by == 40 * DAY:
            break
        assert again.content == first.content
        assert again.headers["idempotency-replayed"] == "true"
    # Back where it was: the leaps left no trace in what is remembered.
    assert again.content == first.content
    leaping.machine.leap(25 * HOUR)  # a day seems over; nobody can tell
    assert (await leaping.whole("key-00000001")).content == first.content
    leaping.machine.run(25 * HOUR)  # and now it is
    assert (await leaping.whole("key-00000001")).json()["id"] != first.json()["id"]


async def test_a_wrong_year_ends_no_registration_before_somebody_could_look(
    leaping: Leaping,
) -> None:
    premises = leaping.door.world.premises
    desk = RightsDesk(
        premises=premises,
        docket=open_docket(premises.store),
        erasures=ErasureFile(leaping.folder / "erasures.ledger"),
    )
    await leaping.whole()
    assert await retain(desk) == 0
    leaping.machine.leap(400 * DAY)
    leaping.clock.now()
    assert await retain(desk) == 0
    leaping.machine.leap(-400 * DAY)  # corrected within the day: nobody was lost
    assert await retain(desk) == 0
    assert (await premises.store.counts())["persons"] == 1
    leaping.machine.run(500 * DAY)
    assert await retain(desk) == 1


async def test_a_start_after_the_correction_serves_at_once_and_the_log_waits_for_the_time(
    leaping: Leaping,
) -> None:
    store = leaping.door.world.premises.store
    with closing(SqliteHeads(leaping.folder / "head.sqlite3")) as heads:
        log, tiles = leaping.log(heads)
        leaping.machine.leap(DAY)
        await leaping.whole()
        await Integrator(store, log, leaping.clock, tiles=tiles).round()
        leaping.machine.leap(-DAY)
        anew = leaping.machine.clock()  # another process: it knows nothing of the leap
        object.__setattr__(leaping.door.world.premises, "clock", anew)
        assert (await leaping.whole()).status_code == 201
        with pytest.raises(Outage) as caught:
            await Integrator(store, log, anew, tiles=tiles).round()
        assert caught.value.code is CLOCK_BEHIND
        assert 86_000 < (caught.value.retry_after or 0) <= 86_400
        leaping.machine.run(DAY)
        await Integrator(store, log, anew, tiles=tiles).round()
    assert fsck(tiles, leaping.trust()).head.size == len(await store.tail(-1, 1_000))
