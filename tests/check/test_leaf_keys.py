"""The key of a check's leaves is never plain in a file, and goes with the person."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.postgres_cluster import Cluster, postgres_cluster
from tests.world import NOON, World, card, numbers, world

from liangming.check import Opening, leaf_keys, open_check, present
from liangming.check.conclude import conclude, expire_due
from liangming.check.disclose import disclose
from liangming.check.erase import Why, erase_person
from liangming.check.forget import NOT_MOVED, destroy, move
from liangming.check.journey import choose, show_notice
from liangming.check.log_key import log_key
from liangming.check.opening import open_leaf_key
from liangming.check.ports import CheckRow
from liangming.check.proofs import open_proof, proofs_of
from liangming.check.together import whole_many
from liangming.check.whole import WholeCheck, whole
from liangming.errors import LiangmingError, Misuse
from liangming.law.words import Method
from liangming.ledger import FileTiles, Log, SqliteHeads, Trust
from liangming.storage import records
from liangming.vault import AES, KeyFile, Purpose, Vault

__all__ = ["postgres_cluster"]

ORIGIN = "log.example/keys"
PEOPLE = numbers(4)
STEPS = ("open", "notice", "choose", "present", "whole", "abandon", "expire", "disclose", "backup")


def code(failure: LiangmingError) -> str:
    return failure.code.name


@dataclass
class Diary:
    """A house whose backups are all kept, and everything that was ever proven from it."""

    house: World
    folder: Path
    checks: list[str] = field(default_factory=list)
    keys: dict[str, bytes] = field(default_factory=dict)  # leaf keys, from outside every file
    whose: dict[str, bytes] = field(default_factory=dict)
    backups: list[tuple[list[CheckRow], dict[bytes, bytes]]] = field(default_factory=list)
    proofs: dict[str, list[bytes]] = field(default_factory=dict)

    async def __call__(self, step: str, pick: int) -> None:
        """One step of one check; a step that does not fit now is refused and changes nothing."""
        premises = self.house.premises
        number, check = PEOPLE[pick % len(PEOPLE)], self.checks[-1] if self.checks else ""
        try:
            match step:
                case "open":
                    self.checks.append(
                        (await open_check(premises, Opening(scene="demo.counter"))).about.id
                    )
                case "notice":
                    await show_notice(premises, check)
                case "choose":
                    await choose(premises, check, Method.DOCUMENT_SEEN)
                case "present":
                    await present(premises, check, card(number))
                case "whole":
                    told = premises.notice(premises.scenes["demo.counter"]).digest
                    state = await whole(premises, all_at_once(number, told))
                    self.checks.append(state.about.id)
                case "abandon":
                    await conclude(premises, check, "walked-away")
                case "expire":
                    self.house.clock.set(
                        max(NOON, self.house.clock.now()) + premises.order_code_life
                    )
                    await expire_due(premises, self.house.clock.now())
                case "disclose":
                    await disclose(premises, check, purpose=Purpose.DRILL, case="D-1", actor="t")
                case "backup":
                    await self.back_up()
        except Misuse as no:
            if not no.code.name.startswith("check."):
                raise
        for known in self.checks:
            row = await premises.store.check(known)
            self.keys[known] = await open_leaf_key(premises.store, premises.vault, row)
            if row.person is not None:
                self.whose[known] = row.person

    async def back_up(self) -> None:
        store = self.house.premises.store
        rows = [row for check in self.checks if (row := await store.check(check)) is not None]
        held = await store.persons([row.person for row in rows if row.person is not None])
        self.backups.append((rows, {who: row.wrapped_key for who, row in held.items()}))
        if (self.house.folder / "world.sqlite3").exists():  # the files themselves, log and all
            to = self.folder / f"backup-{len(self.backups)}"
            to.mkdir(parents=True)
            for path in self.house.folder.glob("world.sqlite3*"):
                shutil.copy(path, to)
            self.backups.append(read_back(to / "world.sqlite3"))

    async def into_the_log(self) -> tuple[FileTiles, Trust]:
        key = log_key(self.house.premises.keys.signing, ORIGIN)
        tiles, trust = FileTiles(self.folder / "log"), Trust(ORIGIN, (key.verifying,))
        heads = SqliteHeads(self.folder / "head.sqlite3")
        log = Log(origin=ORIGIN, tiles=tiles, heads=heads, keys=[key])
        size = log.recover(self.house.clock.now()).head.size
        leaves = [leaf for _, leaf in await self.house.premises.store.tail(size - 1, 10_000)]
        if leaves:
            log.append(leaves, self.house.clock.now())
        heads.close()
        return tiles, trust

    async def prove_all(self, vault: Vault) -> tuple[dict[str, list[bytes]], Trust]:
        tiles, trust = await self.into_the_log()
        store = self.house.premises.store
        return {c: await proofs_of(store, tiles, trust, c, vault=vault) for c in self.checks}, trust


def all_at_once(number: str, notice: str) -> WholeCheck:
    return WholeCheck(
        scene="demo.counter", method=Method.DOCUMENT_SEEN, evidence=card(number), notice=notice
    )


def read_back(path: Path) -> tuple[list[CheckRow], dict[bytes, bytes]]:
    """What a restored copy of the file and its log holds."""
    sql = f"SELECT {', '.join(records.CHECK_COLUMNS)} FROM checks"  # noqa: S608  (constants)
    with closing(sqlite3.connect(path)) as file:
        checks = file.execute(sql).fetchall()
        persons = file.execute("SELECT person, wrapped_key FROM persons").fetchall()
    return [records.check_of(row) for row in checks], dict(persons)


async def erasure_closes_every_copy(
    house: World, folder: Path, walk: list[tuple[str, int]]
) -> None:
    custody = KeyFile(folder / "keys.json", buckets=4)
    ring = custody.load(NOON).keys
    object.__setattr__(house.premises, "keys", ring)
    object.__setattr__(house.premises, "vault", Vault(ring, AES))
    diary = Diary(house, folder)
    for step, pick in walk:
        await diary(step, pick)
    await diary.back_up()
    before, trust = await diary.prove_all(house.premises.vault)
    opened = {c: [open_proof(p, trust).facts for p in proofs] for c, proofs in before.items()}
    assert all(facts["seq"] == n for each in opened.values() for n, facts in enumerate(each))
    closed, _ = await diary.prove_all(None)

    gone = next(iter(diary.whose.values()), None)
    erased = {check for check, who in diary.whose.items() if who == gone}
    if gone is not None:
        assert await erase_person(house.premises, gone, Why.ASKED, "cli") is True
    store = house.premises.store
    await move(store, custody, NOON, AES)
    await destroy(store, custody, NOON)
    last = Vault(custody.load(NOON).keys)

    # What was ever proven still verifies, opened or not.
    for check, proofs in before.items():
        assert [open_proof(proof, trust).facts for proof in proofs] == opened[check]
        assert [open_proof(proof, trust).facts for proof in closed[check]] == [{}] * len(proofs)
    # From today's keys and every copy there ever was, nobody opens a leaf of the erased.
    for rows, wrapped in diary.backups:
        for row in rows:
            if row.id in erased:
                with pytest.raises(LiangmingError) as caught:
                    leaf_keys.open_key(last, row, wrapped.get(row.person))
                assert code(caught.value) == "vault.key-unknown"
    # Everybody else's leaves open as before, finished or not.
    after, _ = await diary.prove_all(last)
    for check, proofs in after.items():
        facts = [open_proof(proof, trust).facts for proof in proofs]
        assert facts == ([{}] * len(facts) if check in erased else opened[check])
    # And no leaf key stands plain in any file, of a backup or alive.
    assert plain_in(diary.keys.values(), folder, house.folder) == []


def plain_in(keys: Iterable[bytes], *folders: Path) -> list[str]:
    """The files in which one of these keys stands."""
    paths = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in paths if any(key in path.read_bytes() for key in keys)]


WALKS = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 3)), max_size=14)
FULL = list(
    itertools.chain(
        [
            (step, 0)
            for step in ("open", "backup", "notice", "choose", "backup", "present", "backup")
        ],
        [(step, 1) for step in ("whole", "open", "abandon", "backup", "open", "expire", "backup")],
        [(step, 0) for step in ("whole", "disclose", "backup", "open", "notice", "choose")],
    )
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(walk=WALKS)
def test_after_an_erasure_no_copy_opens_a_leaf_of_that_person_and_every_proof_holds(walk):
    """Whatever happened before, in whatever order backups were made."""

    async def run(at: Path, apart: Path) -> None:
        async with world(at) as house:
            await erasure_closes_every_copy(house, apart, walk)

    with tempfile.TemporaryDirectory() as at, tempfile.TemporaryDirectory() as apart:
        asyncio.run(run(Path(at), Path(apart)))


async def test_the_same_after_every_kind_of_check(house: World, tmp_path: Path) -> None:
    apart = tmp_path.parent / f"{tmp_path.name}-apart"
    apart.mkdir()
    await erasure_closes_every_copy(house, apart, FULL)


@pytest.fixture
def fresh_database(postgres_cluster: Cluster) -> Iterator[str]:
    url = postgres_cluster.database()
    yield url
    postgres_cluster.drop(url)


@pytest.mark.postgres
async def test_on_postgres_too_no_copy_opens_a_leaf_of_the_erased(
    tmp_path: Path, fresh_database: str
) -> None:
    (tmp_path / "house").mkdir()
    async with world(tmp_path / "house", url=fresh_database) as house:
        await erasure_closes_every_copy(house, tmp_path, FULL)


async def test_nothing_is_destroyed_while_an_unfinished_check_was_not_moved(house: World) -> None:
    custody = KeyFile(house.folder / "keys.json", buckets=4)
    ring = custody.load(NOON).keys
    object.__setattr__(house.premises, "vault", Vault(ring, AES))
    state = await open_check(house.premises, Opening(scene="demo.counter"))
    custody.store(ring.renew(range(4)), replacing=ring)  # a run that crashed after its first line
    with pytest.raises(LiangmingError) as caught:
        await destroy(house.premises.store, custody, NOON)
    assert caught.value.code == NOT_MOVED
    await move(house.premises.store, custody, NOON, AES)
    assert await destroy(house.premises.store, custody, NOON) == 8
    object.__setattr__(house.premises, "vault", Vault(custody.load(NOON).keys, AES))
    await show_notice(house.premises, state.about.id)
    await house.verify(state.about.id)


async def test_a_check_of_the_erased_cannot_go_on(house: World) -> None:
    told = house.premises.notice(house.premises.scenes["demo.counter"]).digest
    check = (await whole(house.premises, all_at_once(PEOPLE[0], told))).about.id
    store = house.premises.store
    row = await store.check(check)
    await erase_person(house.premises, row.person, Why.ASKED, "cli")
    with pytest.raises(LiangmingError) as caught:
        await open_leaf_key(store, house.premises.vault, await store.check(check))
    assert code(caught.value) == "check.erased"


@pytest.mark.parametrize(
    "kept", [b"\0" * 32, b"\1" + b"k" * 32, b"\2" * 37, b"\3", b"\4" + b"k" * 32]
)
async def test_a_kept_key_of_another_form_is_refused(house: World, kept: bytes) -> None:
    check = (await open_check(house.premises, Opening(scene="demo.counter"))).about.id
    row = await house.premises.store.check(check)
    with pytest.raises(LiangmingError) as caught:
        leaf_keys.open_key(house.premises.vault, msgspec.structs.replace(row, leaf_key=kept), None)
    assert code(caught.value) == "check.leaf-key-unreadable"


async def test_two_counters_that_register_one_person_at_once_lose_no_leaf_key(house: World) -> None:
    told = house.premises.notice(house.premises.scenes["demo.counter"]).digest
    lines = [all_at_once(PEOPLE[0], told) for _ in range(6)]
    singly = [whole(house.premises, line) for line in lines[:3]]
    stepwise = [await open_check(house.premises, Opening(scene="demo.counter")) for _ in range(3)]
    for state in stepwise:
        await show_notice(house.premises, state.about.id)
        await choose(house.premises, state.about.id, Method.DOCUMENT_SEEN)
    shown = [present(house.premises, state.about.id, card(PEOPLE[0])) for state in stepwise]
    many = whole_many(house.premises, lines[3:])
    *alone, together = await asyncio.gather(*singly, *shown, many)
    states = [*alone, *together]
    assert [state.register for state in states].count("collected") == 1
    assert [state.register for state in states].count("kept") == 8
    for state in states:
        await house.verify(state.about.id)


async def test_one_leaf_key_that_does_not_open_holds_up_no_other_check(house: World) -> None:
    """However many there are, and wherever they stand in the row of what is due."""
    store = house.premises.store
    states = [await open_check(house.premises, Opening(scene="demo.counter")) for _ in range(5)]
    spoilt = [states[n].about.id for n in (0, 1, 3)]
    rows = [await store.check(check) for check in spoilt]
    bad = (b"\1" + bytes(4) + b"k" * 32, b"\4" + b"k" * 32, b"\1" + bytes(4) + b"k" * 32)
    await store.keep_keys([(row.id, row.leaf_key, k) for row, k in zip(rows, bad, strict=True)])
    house.clock.move(house.premises.order_code_life)
    at = house.clock.now()
    done = await expire_due(house.premises, at, limit=2)
    assert (done.closed, done.stuck) == (
        2,
        {"vault.key-unknown": 2, "check.leaf-key-unreadable": 1},
    )
    assert sorted(row.id for row in await store.due_for_expiry(at, 9)) == sorted(spoilt)
    again = await expire_due(house.premises, at, limit=2)
    assert (again.closed, sum(again.stuck.values())) == (0, 3)
