"""Committed leaves reach the log once each, in order, whatever fails on the way."""

from __future__ import annotations

import asyncio
import hmac
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from tests.patience import PATIENCE
from tests.world import NAME, World, card, numbers

from liangming.check import Opening, open_check, present
from liangming.check.integrate import PASTS_DIFFER, Integrator
from liangming.check.journey import choose, decline, show_notice
from liangming.check.log_key import log_key
from liangming.errors import LiangmingError, Outage
from liangming.law.words import Method
from liangming.ledger import FileTiles, Head, Log, SqliteHeads, Trust, fsck
from liangming.ledger.codes import STORE_FAILED
from liangming.ledger.prove import read_bundle
from liangming.ledger.tiles import WIDTH

ORIGIN = "log.example/demo"


@dataclass
class Faults:
    """Fails one call of the world, before or after it took effect."""

    at: int = 0  # counts down; 0 never fails
    after: bool = False
    calls: int = 0
    happened: list[str] = field(default_factory=list)

    def __call__(self, name, call, *args):
        self.calls += 1
        due = self.at == self.calls
        if due and not self.after:
            self.happened.append(name)
            raise Outage(STORE_FAILED)
        result = call(*args)
        if due:
            self.happened.append(name)
            raise Outage(STORE_FAILED)
        return result


class Breaking:
    """A port whose writes go through :class:`Faults`."""

    def __init__(self, inner, faults):
        self._inner = inner
        self._faults = faults

    def put_all(self, writes):
        for path, data in writes:
            self.put(path, data)

    def __getattr__(self, name):
        call = getattr(self._inner, name)
        if name in ("put", "keep", "replace", "sync", "drop", "swap"):
            return lambda *args: self._faults(name, call, *args)
        return call


@dataclass
class Shelf:
    """Where the log of a test lies."""

    house: World
    folder: Path
    faults: Faults = field(default_factory=Faults)

    def __post_init__(self):
        self.key = log_key(self.house.premises.keys.signing, ORIGIN)
        self.trust = Trust(ORIGIN, (self.key.verifying,))
        self.tiles = FileTiles(self.folder / "log")
        self.heads = SqliteHeads(self.folder / "log-head.sqlite3")

    def integrator(self, *, faults=None, known=(), most=1_000, store=None) -> Integrator:
        """A new process, so to speak: nothing is remembered but the files."""
        tiles, heads = self.tiles, self.heads
        if faults is not None:
            tiles, heads = Breaking(tiles, faults), Breaking(heads, faults)
        log = Log(origin=ORIGIN, tiles=tiles, heads=heads, keys=[self.key], sweep_after=2)
        return Integrator(
            store or self.house.premises.store,
            log,
            self.house.clock,
            tiles=self.tiles,
            known=known,
            pool_seconds=0.01,
            most=most,
        )

    async def holds_the_store(self) -> int:
        """The log is clean, and is the store's leaves in the store's order; how many."""
        size = fsck(self.tiles, self.trust).head.size
        entries = []
        for number in range(-(-size // WIDTH)):
            entries += read_bundle(self.tiles, number, min(WIDTH, size - number * WIDTH))[0]
        stored = [leaf for _, leaf in await self.house.premises.store.tail(-1, 10_000)]
        assert entries == stored
        return size


@pytest.fixture
def shelf(house: World, tmp_path: Path):
    made = Shelf(house, tmp_path)
    yield made
    made.heads.close()


async def a_check(house: World, number: str) -> None:
    state = await open_check(house.premises, Opening(scene="demo.counter"))
    await show_notice(house.premises, state.about.id)
    await choose(house.premises, state.about.id, Method.DOCUMENT_SEEN)
    await present(house.premises, state.about.id, card(number))
    house.planted.add(number)


async def a_declined_face(house: World) -> None:
    state = await open_check(house.premises, Opening(scene="demo.face"))
    await show_notice(house.premises, state.about.id)
    await decline(house.premises, state.about.id, Method.FACE)


async def until(condition, seconds=PATIENCE) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  (files offer no event to wait for)
            await asyncio.sleep(0.01)


async def test_checks_end_in_a_clean_log_that_holds_nothing_planted(
    house: World, shelf: Shelf
) -> None:
    carrier = shelf.integrator()
    running = asyncio.create_task(carrier.run())
    for number in numbers(12):
        await a_check(house, number)
    await a_declined_face(house)
    carrier.stop()
    await running
    assert carrier.failure is None
    assert await shelf.holds_the_store() == 12 * 5 + 3
    assert shelf.tiles.names("stage") == []
    house.nothing_leaked()


async def test_a_leaf_is_under_a_signed_head_within_a_second_of_its_commit(
    house: World, shelf: Shelf
) -> None:
    carrier = shelf.integrator()
    carrier._pool = 0.2  # as in production
    running = asyncio.create_task(carrier.run())
    await until(lambda: shelf.tiles.root.joinpath("checkpoint").exists())
    await a_check(house, numbers(1)[0])
    await until(lambda: fsck(shelf.tiles, shelf.trust).head.size == 5, seconds=1.0)
    carrier.stop()
    await running


@pytest.mark.parametrize("after", [False, True], ids=["not-written", "written"])
async def test_a_fault_at_any_write_and_a_new_start_lose_and_repeat_nothing(
    house: World, shelf: Shelf, tmp_path: Path, *, after: bool
) -> None:
    for number in numbers(3):
        await a_check(house, number)
    seen: set[str] = set()
    for point in range(1, 200):
        (folder := tmp_path / f"fault-{point}").mkdir()
        one = Shelf(house, folder)
        faults = Faults(at=point, after=after)
        carrier = one.integrator(faults=faults, most=4)  # 15 leaves: four rounds
        try:
            for _ in range(5):
                await carrier.round()
        except LiangmingError:
            pass  # the process ends here
        again = one.integrator(most=4)
        for _ in range(5):
            await again.round()
        assert await one.holds_the_store() == 15
        one.heads.close()
        seen.update(faults.happened)
        if not faults.happened:  # every write of a whole run was tried
            break
    else:
        raise AssertionError("never came to the end of the writes")
    assert seen >= {"keep", "swap", "put", "replace", "sync", "drop"}


async def test_the_same_process_recovers_after_faults_and_goes_on(
    house: World, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liangming.check.integrate.FIRST_WAIT", 0.01)
    for after in (False, True):
        faults = Faults(at=7, after=after)
        carrier = shelf.integrator(faults=faults, most=4)
        running = asyncio.create_task(carrier.run())
        for number in numbers(3):
            await a_check(house, number)
        await until(lambda faults=faults: bool(faults.happened))
        carrier.stop()
        await running
        assert await shelf.holds_the_store() == (30 if after else 15)


async def test_an_outage_of_the_log_delays_no_check(
    house: World, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liangming.check.integrate.FIRST_WAIT", 0.01)
    shelf.tiles.root.write_text("a file where the folder should be")
    carrier = shelf.integrator()
    running = asyncio.create_task(carrier.run())
    async with asyncio.timeout(PATIENCE):
        for number in numbers(3):
            await a_check(house, number)
    await until(lambda: carrier.failure is not None)
    assert carrier.failure == STORE_FAILED.name
    shelf.tiles.root.unlink()
    await until(lambda: carrier.failure is None)
    carrier.stop()
    await running
    assert await shelf.holds_the_store() == 15


async def test_a_database_from_an_old_backup_stops_the_log_and_not_the_checks(
    house: World, shelf: Shelf
) -> None:
    for number in numbers(2):
        await a_check(house, number)
    await shelf.integrator().round()

    class Older:
        async def leaves_from(self, place, limit):
            leaves = await house.premises.store.leaves_from(place, limit)
            return leaves[: max(0, 5 - place)]

    class Other:
        async def leaves_from(self, place, limit):
            leaves = await house.premises.store.leaves_from(place, limit)
            return [b"\x01" + bytes(32) for _ in leaves]

    for store in (Older(), Other()):
        with pytest.raises(LiangmingError) as caught:
            await shelf.integrator(store=store).round()
        assert caught.value.code is PASTS_DIFFER
    assert await shelf.holds_the_store() == 10


async def test_a_log_older_than_a_head_known_elsewhere_signs_nothing(
    house: World, shelf: Shelf
) -> None:
    await a_check(house, numbers(1)[0])
    carrier = shelf.integrator(known=[Head(99, bytes(32))])
    with pytest.raises(LiangmingError) as caught:
        await carrier.round()
    assert caught.value.code.name == "ledger.rolled-back"
    assert not shelf.tiles.root.joinpath("checkpoint").exists()


async def test_a_clock_set_back_is_waited_out_without_a_loss(house: World, shelf: Shelf) -> None:
    await a_check(house, numbers(1)[0])
    carrier = shelf.integrator()
    assert await carrier.round() == 5
    await a_check(house, numbers(2)[1])
    house.clock.move(timedelta(hours=-1))
    with pytest.raises(LiangmingError) as caught:
        await carrier.round()
    assert caught.value.code.name == "ledger.clock-behind"
    house.clock.move(timedelta(hours=1))
    assert await carrier.round() == 5
    assert await shelf.holds_the_store() == 10


async def test_only_one_of_two_processes_appends_to_one_folder(
    house: World, shelf: Shelf, tmp_path: Path
) -> None:
    from liangming.assembly import Turn

    first, second = Turn(tmp_path / "log.lock"), Turn(tmp_path / "log.lock")
    assert [first.take(), first.take(), second.take()] == [True, True, False]
    await a_check(house, numbers(1)[0])
    waiting = shelf.integrator()
    waiting._turn = second.take
    running = asyncio.create_task(waiting.run())
    await asyncio.sleep(0.1)
    assert not shelf.tiles.root.exists()
    first.release()
    assert second.take()
    waiting.stop()
    await running
    second.release()
    assert await shelf.holds_the_store() == 5


def test_the_key_of_the_log_is_its_own() -> None:
    seed = bytes(range(32))
    key = log_key(seed, ORIGIN)
    assert key == log_key(seed, ORIGIN)
    others = {seed, log_key(seed, "log.example/other").seed, log_key(bytes(32), ORIGIN).seed}
    assert key.seed not in others
    assert (key.verifying.name, len(key.seed)) == (ORIGIN, 32)
    # Fixed for ever: with another derivation every published head would be by a stranger.
    secret = hmac.digest(bytes(32), seed, "sha256")  # RFC 5869, written out
    info = b"liangming/log/ed25519/1\x00" + ORIGIN.encode()
    assert key.seed == hmac.digest(secret, info + b"\x01", "sha256")


async def test_a_failure_nobody_foresaw_is_waited_out_like_any_other(
    house: World, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liangming.check.integrate.FIRST_WAIT", 0.01)
    await a_check(house, numbers(1)[0])
    answers = iter([OSError(28, "no space"), False, ValueError(NAME)])

    def turn() -> bool:
        answer = next(answers, True)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr("liangming.check.integrate.NOT_YET", 0.01)
    carrier = shelf.integrator()
    carrier._turn = turn
    running = asyncio.create_task(carrier.run())
    await until(lambda: shelf.tiles.root.joinpath("tile/0/000.p/5").exists())
    carrier.stop()
    await running
    assert await shelf.holds_the_store() == 5
