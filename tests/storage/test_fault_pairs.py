"""Every write port of both stores fails in both ways: not written, and written but not told.

The fault is made below the store: on PostgreSQL a line that breaks just before a commit or just after it
(``wire_cut``), on SQLite a disk whose writes or fsyncs fail (``disk``). A commit of SQLite that has happened
cannot fail any more below it, so there the writer's word is lost on its way to the loop.
After it the same deed is done again on the same store, as callers do, and everything is there once.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

import apsw
import msgspec
import pytest
from tests.storage.disk import disk
from tests.storage.rows import (
    AT,
    HOUR,
    NOW,
    bytes_of,
    check_row,
    client_row,
    consent_row,
    leaf_row,
    note,
    opening,
    person_row,
    pickup,
    redemption,
)
from tests.storage.test_docket import record
from tests.storage.wire_cut import cutting

from liangming.check.ports import CODE_USED, MOVED_ON, STORE_DOWN, Store
from liangming.clock import SetClock
from liangming.docket import Records
from liangming.errors import LiangmingError, Outage
from liangming.storage import open_docket, open_store
from liangming.storage.docket import SqliteRecords
from liangming.storage.job import Job
from liangming.storage.sqlite import SqliteStore
from liangming.storage.writer import Writer

PERSON = person_row("meier")
CHECK = check_row(f"chk_{1:026d}", person=PERSON.person)
OLD, NEW = PERSON.wrapped_key, bytes_of("new", 75)


@dataclass
class House:
    """A store, its docket, and what the tests ask of them."""

    store: Store
    docket: Records
    arm: Callable[[str], None]
    happened: Callable[[], int]

    async def places(self) -> int:
        """How many leaves there are; their places have no gap."""
        rows = await self.store.tail(-1, 10_000)
        assert [place for place, _ in rows] == list(range(len(rows)))
        return len(rows)


@dataclass(frozen=True)
class Port:
    """One way to write.

    Attributes:
        deed: what is done, and done again.
        landed: whether it is there.
        again: what doing it again says once it has landed; empty where it may be repeated.
        before: what must be there first.
    """

    deed: Callable[[House], Awaitable[object]]
    landed: Callable[[House], Awaitable[bool]]
    again: str = ""
    before: Callable[[House], Awaitable[object]] | None = None


def whole_change() -> object:
    check = check_row(f"chk_{2:026d}", person=bytes_of("new one", 16))
    return opening(
        check=check,
        leaves=5,
        person=person_row("new one"),
        consent=consent_row("cns_1", check.id),
        redeem=(redemption("code"),),
        remember=note("key"),
    )


async def whole_is_there(house: House) -> bool:
    """Every part of it or none."""
    store = house.store
    parts = [
        await store.check(f"chk_{2:026d}") is not None,
        len(await store.leaves(f"chk_{2:026d}")) == 5,
        bool(await store.persons([bytes_of("new one", 16)])),
        await store.consent("cns_1") is not None,
        await store.redeemed(bytes_of("code", 32)),
        await store.remembered("cli_1", "/v1/checks", "key") is not None,
    ]
    assert len(set(parts)) == 1
    return parts[0]


async def many(house: House) -> None:
    changes = [opening(check=check_row(f"chk_{n}"), remember=note(f"many{n}")) for n in range(30)]
    for no in await house.store.commit_many(changes):
        if no is not None:
            raise no


async def some_are_there(house: House) -> bool:
    found = [await house.store.check(f"chk_{n}") is not None for n in range(30)]
    assert len(set(found)) == 1
    return found[0]


async def move(house: House) -> None:
    moved = msgspec.structs.replace(CHECK, version=2, state="passed")
    await house.store.commit(
        opening(check=moved, leaves=(leaf_row(moved.id, 1),), seen=PERSON, seen_keep_until=AT)
    )


async def moved_is_there(house: House) -> bool:
    row = await house.store.check(CHECK.id)
    assert row is not None
    assert len(await house.store.leaves(CHECK.id)) == row.version
    return row.version == 2


async def erased(house: House) -> bool:
    gone = not await house.store.persons([PERSON.person])
    row = await house.store.check(CHECK.id)
    assert row is not None
    assert (row.person is None, row.leaf_key == b"") == (gone, gone)
    assert len(await house.store.leaves("ers_1")) == gone
    return gone


async def file_record(house: House) -> None:
    first = record(7)
    await house.docket.commit([first], [leaf_row(first.id)], clients=[client_row("cli_new")])


async def record_is_there(house: House) -> bool:
    found = [
        await house.docket.get(record(7).id) is not None,
        len(await house.store.leaves(record(7).id)) == 1,
        await house.store.client("cli_new") is not None,
    ]
    assert len(set(found)) == 1
    return found[0]


async def file_records(house: House) -> None:
    """One that is new and one that moved on, as a device's report: one statement on PostgreSQL."""
    moved = msgspec.structs.replace(record(1), version=2, body=b"{2}")
    await house.docket.commit([record(7), moved], [leaf_row("dev_1"), leaf_row("dev_1", 1)])


async def records_are_there(house: House) -> bool:
    moved = await house.docket.get(record(1).id)
    found = [
        await house.docket.get(record(7).id) is not None,
        moved is not None and moved.body == b"{2}",
        len(await house.store.leaves("dev_1")) == 2,
    ]
    assert len(set(found)) == 1
    return found[0]


async def wrapped_key(house: House) -> bytes:
    return (await house.store.persons([PERSON.person]))[PERSON.person].wrapped_key


async def used_on(house: House) -> int:
    client = await house.store.client("cli_old")
    assert client is not None
    return client.used_on or 0


async def came_back(house: House) -> None:
    """Somebody whose retention moved on, though not the day on which it is looked at."""
    back = person_row("back", keep_until=AT + HOUR)
    for n in range(2):
        check = check_row(f"chk_{10 + n:026d}", person=back.person)
        await house.store.commit(
            opening(check=check, person=back)
            if n == 0
            else opening(check=check, seen=back, seen_keep_until=AT + 50 * HOUR)
        )


async def put_off(house: House) -> bool:
    sql = f"SELECT count(*) FROM persons WHERE due_at = {AT + 50 * HOUR} AND keep_until IS NULL"  # noqa: S608
    return bool((await house.store.rows(sql))[0][0])


PORTS = {
    "a whole check": Port(
        lambda house: house.store.commit(whole_change()), whole_is_there, MOVED_ON.name
    ),
    "many checks": Port(many, some_are_there, MOVED_ON.name),
    "a step of a check": Port(move, moved_is_there, MOVED_ON.name),
    "an erasure": Port(lambda house: house.store.erase(PERSON.person, [leaf_row("ers_1")]), erased),
    "a pick-up code": Port(
        lambda house: house.store.issue_pickup_code(pickup("fresh")),
        lambda house: _there(house.store.pickup_code(bytes_of("fresh", 32), NOW)),
        CODE_USED.name,
    ),
    "a later look at who came back": Port(
        lambda house: house.store.postpone(NOW + timedelta(hours=2)), put_off, before=came_back
    ),
    "keys wrapped anew": Port(
        lambda house: house.store.rewrap([(PERSON.person, OLD, NEW)]),
        lambda house: _equals(wrapped_key(house), NEW),
    ),
    "leaf keys kept otherwise": Port(
        lambda house: house.store.keep_keys([(CHECK.id, CHECK.leaf_key, b"other")]),
        lambda house: _leaf_key_is(house, b"other"),
    ),
    "forgetting": Port(
        lambda house: house.store.sweep(NOW + timedelta(days=2)),
        lambda house: _absent(house.store.pickup_code(bytes_of("old", 32), NOW)),
    ),
    "a record of the docket": Port(file_record, record_is_there, MOVED_ON.name),
    "records of the docket alone": Port(file_records, records_are_there, MOVED_ON.name),
    "a record that goes": Port(
        lambda house: house.docket.commit([], drop=[record(1).id]),
        lambda house: _absent(house.docket.get(record(1).id)),
    ),
    "the day of a client's last use": Port(
        lambda house: house.docket.used(["cli_old"], AT),
        lambda house: _equals(used_on(house), AT),
    ),
    "a sealed record written anew": Port(
        lambda house: house.docket.reseal(PERSON.person, PERSON.sealed, b"again"),
        lambda house: _sealed_is(house, b"again"),
        MOVED_ON.name,
    ),
    "keys of words": Port(
        lambda house: house.docket.rewrap([(record(1).id.encode(), b"\x00wrapped", b"new")]),
        lambda house: _words_key_is(house, b"new"),
    ),
}


async def _there(asked: Awaitable[object]) -> bool:
    return await asked is not None


async def _absent(asked: Awaitable[object]) -> bool:
    return await asked is None


async def _equals(asked: Awaitable[object], wanted: object) -> bool:
    return await asked == wanted


async def _leaf_key_is(house: House, wanted: bytes) -> bool:
    row = await house.store.check(CHECK.id)
    return row is not None and row.leaf_key == wanted


async def _sealed_is(house: House, wanted: bytes) -> bool:
    return (await house.store.persons([PERSON.person]))[PERSON.person].sealed == wanted


async def _words_key_is(house: House, wanted: bytes) -> bool:
    row = await house.docket.get(record(1).id)
    return row is not None and row.wrapped_key == wanted


@asynccontextmanager
async def on_sqlite(url: str) -> AsyncIterator[House]:
    with disk() as under:
        store = open_store(url, clock=SetClock(NOW))
        await store.open()
        happened, group, forgets = 0, Writer.write, False

        def arm(how: str) -> None:
            nonlocal happened, forgets
            happened += bool(how)
            under.write_fails = apsw.IOError if how == "not written" else None
            under.sync_fails = apsw.IOError if how == "not synced" else None
            forgets = how == "but written"

        def writes(self: Writer, jobs: list[Job]) -> None:
            group(self, jobs)
            for job in jobs if forgets else ():
                job.outcome = Outage(STORE_DOWN, retry_after=1)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Writer, "write", writes)
            yield House(store, open_docket(store), arm, lambda: happened)
        await store.close()


@asynccontextmanager
async def on_postgres(url: str) -> AsyncIterator[House]:
    async with cutting(url) as cut:
        store = open_store(cut.url, clock=SetClock(NOW))
        await store.open()

        def arm(how: str) -> None:
            cut.how = how

        yield House(store, open_docket(store), arm, lambda: cut.done)
        await store.close()


FAULTS = [
    pytest.param((store, how), id=f"{store}, {how}", marks=marks)
    for store, hows, marks in (
        ("sqlite", ("not written", "not synced", "but written"), ()),
        ("postgres", ("not written", "but written"), (pytest.mark.postgres,)),
    )
    for how in hows
]


@pytest.fixture
def address(fault: tuple[str, str], request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(f"{fault[0]}_url"))


@pytest.fixture
async def house(address: str) -> AsyncIterator[House]:
    on = on_sqlite if address.startswith("sqlite") else on_postgres
    async with on(address) as made:
        first = opening(check=CHECK, person=PERSON)
        await made.store.commit(first)
        await made.store.issue_pickup_code(pickup("old"))
        await made.docket.commit([record(1)], clients=[client_row("cli_old")])
        yield made


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("port", PORTS.values(), ids=PORTS)
async def test_a_write_that_failed_says_so_and_done_again_it_is_there_once(
    house: House, port: Port, fault: tuple[str, str]
) -> None:
    how = fault[1]
    if port.before is not None:
        await port.before(house)
    assert await port.landed(house) is False
    before = await house.places()
    house.arm(how)
    with pytest.raises(Outage) as caught:
        await port.deed(house)
    assert caught.value.code is STORE_DOWN
    assert caught.value.retry_after
    house.arm("")
    assert house.happened() == 1
    assert await port.landed(house) is (how == "but written")
    grown = await house.places() - before
    said = ""
    try:
        await port.deed(house)
    except LiangmingError as no:
        said = no.code.name
    assert said == (port.again if how == "but written" else "")
    assert await port.landed(house) is True
    if how == "but written":
        assert await house.places() == before + grown  # nothing a second time


@pytest.mark.parametrize(
    "fault", [fault for fault in FAULTS if fault.values[0][1] == "but written"]
)
async def test_a_group_whose_end_was_not_told_is_found_by_each_of_its_callers(
    house: House,
) -> None:
    """The changes of many callers share a commit; each asks again under its key, and none is twice."""
    changes = [opening(check=check_row(f"chk_g{n}"), remember=note(f"g{n}")) for n in range(20)]
    house.arm("but written")
    with pytest.raises(Outage):
        await house.store.commit_many(changes)
    house.arm("")
    others = [
        msgspec.structs.replace(change, check=check_row(f"chk_h{n}"), leaves=())
        for n, change in enumerate(changes)
    ]
    again = await house.store.commit_many(others)
    assert {no.code for no in again if no} == {MOVED_ON}
    assert len(again) == 20
    assert await house.store.check("chk_h0") is None


WRITES = re.compile(
    r"\b_?(?:do|submit)\("
)  # how a store of one file gives its writer something to do


class Seen:
    """A port that notes what is asked of it."""

    def __init__(self, inner: object, name: str, asked: set[str]) -> None:
        self._inner, self._name, self._asked = inner, name, asked

    def __getattr__(self, name: str) -> object:
        self._asked.add(f"{self._name}.{name}")
        return getattr(self._inner, name)


async def test_no_way_to_write_is_missing_here(sqlite_url: str) -> None:
    """Whatever gives the writer something to do, of a store and of its docket, fails above in each way."""
    there = {
        f"{port.__name__}.{name}"
        for port, kind in ((Store, SqliteStore), (Records, SqliteRecords))
        for name, each in vars(port).items()
        if inspect.iscoroutinefunction(each)
        and WRITES.search(inspect.getsource(getattr(kind, name)))
    }
    assert len(there) >= 13
    there.remove("Store.ready")  # it writes nothing that anybody is told of
    asked: set[str] = set()
    async with on_sqlite(sqlite_url) as made:
        await made.store.commit(opening(check=CHECK, person=PERSON))
        seen = House(
            Seen(made.store, "Store", asked),  # type: ignore[arg-type]
            Seen(made.docket, "Records", asked),  # type: ignore[arg-type]
            made.arm,
            made.happened,
        )
        for port in PORTS.values():
            with suppress(LiangmingError):  # what one did may be in another's way
                await port.deed(seen)
    assert asked == there
