"""A device's own record: taken as signed, once each, and its faults are found."""

from __future__ import annotations

import asyncio
import sys
import weakref
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from tests.postgres_cluster import Cluster, postgres_cluster
from tests.world import NOON, World, world

from liangming.clock import micros
from liangming.device import Taken, disable, enrol, look, take
from liangming.device.enrol import leaf
from liangming.errors import LiangmingError, Misuse
from liangming.ledger.device import (
    LEEWAY,
    Came,
    Fault,
    Found,
    judge,
    key_text,
    must_fit,
    read_event,
    read_key_text,
    sign_event,
    verify_event,
)
from liangming.storage import open_docket

__all__ = ["postgres_cluster"]

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
AT = micros(NOON)
SECOND = 1_000_000


def line(device: str, seq: int, *, key=KEY, at: int | None = None, **facts) -> bytes:
    """A counter's event; distinct where its facts are."""
    when = AT + seq * SECOND if at is None else at
    return sign_event(
        key,
        device=device,
        seq=seq,
        at=when,
        tag="device:camera:counted",
        facts={"frames": 0, "captures": 0, **facts},
    ).encode()


def told(results) -> list[str]:
    return [r.outcome.value if isinstance(r, Taken) else r.code.name for r in results]


@pytest.fixture
def fresh_database(postgres_cluster: Cluster) -> Iterator[str]:
    url = postgres_cluster.database()
    yield url
    postgres_cluster.drop(url)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str:
    return "" if request.param == "sqlite" else request.getfixturevalue("fresh_database")


@pytest_asyncio.fixture
async def house(url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path, url=url) as made:
        yield made


async def enrolled(house: World) -> tuple[object, str]:
    docket = open_docket(house.premises.store)
    device = await enrol(
        house.premises,
        docket,
        name="一号柜台",
        scene="demo.counter",
        key=key_text(KEY.public_key()),
        actor="test",
    )
    return docket, device.id


async def test_events_are_taken_once_and_each_has_a_leaf_in_the_same_commit(house: World) -> None:
    docket, device = await enrolled(house)
    store = house.premises.store
    before = await store.tail(-1, 100)
    lines = [line(device, n) for n in (2, 0, 1, 1)]
    assert told(await take(house.premises, docket, "demo", lines)) == [
        "taken", "taken", "taken", "repeated",
    ]  # fmt: skip
    assert told(await take(house.premises, docket, "demo", lines)) == ["repeated"] * 4
    rows = await store.leaves(device)
    assert [row.number for row in rows] == [0, 1, 2]
    for number, row in enumerate(rows):
        event = read_event(lines[[1, 2, 0][number]]).event()
        assert leaf(house.premises, event, number).leaf == row.leaf
    assert len(await store.tail(-1, 100)) == len(before) + 3
    (row,) = await look(docket)
    assert (row.count, row.next, row.faults) == (3, 3, ())


async def test_gaps_forks_and_wrong_clocks_are_found_and_a_filled_gap_is_gone(house: World) -> None:
    docket, device = await enrolled(house)
    seven_back = line(device, 7, at=AT)
    lines = [
        line(device, 0),
        line(device, 3),
        line(device, 3, frames=9),
        line(device, 6),
        seven_back,
        line(device, 8, at=AT + LEEWAY + 9 * SECOND),
    ]
    assert told(await take(house.premises, docket, "demo", lines)) == [
        "taken", "taken", "forked", "taken", "taken", "taken",
    ]  # fmt: skip
    again = [line(device, 3, frames=9), line(device, 3, frames=10)]
    assert told(await take(house.premises, docket, "demo", again)) == ["forked", "forked"]
    (row,) = await look(docket)
    assert row.faults == (
        Found(Fault.GAP, 1, 2),
        Found(Fault.FORK, 3, 3),
        Found(Fault.FORK, 3, 3),
        Found(Fault.GAP, 4, 5),
        Found(Fault.BACK, 7, 7, 6 * SECOND),
        Found(Fault.AHEAD, 8, 8, LEEWAY + 9 * SECOND),
    )
    await take(house.premises, docket, "demo", [line(device, n) for n in (1, 2, 4, 5)])
    (row,) = await look(docket, operator="demo")
    assert {found.fault for found in row.faults} == {Fault.FORK, Fault.BACK, Fault.AHEAD}
    assert await look(docket, operator="another") == []
    forks = [
        leaf
        for check in [r.id for r in await docket.about("device-fork", device)]
        for leaf in await house.premises.store.leaves(check)
    ]
    assert [leaf.tag for leaf in forks] == ["device:sequence:forked"] * 2
    first = msgspec.json.decode(forks[0].facts)
    assert (first["device"], first["number"]) == (device, 3)


async def test_a_line_that_does_not_hold_fails_alone(house: World) -> None:
    docket, device = await enrolled(house)
    other = Ed25519PrivateKey.generate()
    good = line(device, 0)
    lines = [
        b"",
        b"{}",
        good.replace(b'"v":1', b'"v":2'),
        good.replace(b'"seq":0', b'"seq": 0'),
        good.replace(b'"frames":0', b'"frames":1'),
        line(device, 1, key=other),
        line("dev_01jd9q00000000000000000000", 0),
        good.replace(b"device:camera:counted", b"device:camera:guessed"),
        line("dev_01jd9q00000000000000000000", 0).replace(b":counted", b":guessed"),
        good[:-1] + b',"x":1}',
        good[:-1].replace(b'"v":1', b'"v":2') + b',"x":1}',
        good.replace(b'"v":1', b'"v":"1"'),
        good,
    ]
    assert told(await take(house.premises, docket, "demo", lines)) == [
        "ledger.device-event-malformed",
        "ledger.device-event-malformed",
        "ledger.device-event-version",
        "ledger.device-event-malformed",
        "ledger.device-event-signature",
        "ledger.device-event-signature",
        "device.unknown",
        "ledger.event-undeclared",
        "ledger.event-undeclared",
        "ledger.device-event-malformed",
        "ledger.device-event-version",
        "ledger.device-event-malformed",
        "taken",
    ]
    assert told(await take(house.premises, docket, "another", [line(device, 1)])) == [
        "device.unknown"
    ]
    assert await disable(house.premises, docket, device, actor="test") is True
    assert await disable(house.premises, docket, device, actor="test") is False
    assert told(await take(house.premises, docket, "demo", [line(device, 1)])) == [
        "device.disabled"
    ]


async def test_what_was_kept_to_the_byte_is_not_verified_again_and_all_else_is(
    house: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    docket, device = await enrolled(house)
    lines = [line(device, n) for n in range(3)]
    assert told(await take(house.premises, docket, "demo", lines)) == ["taken"] * 3
    verified: list[int] = []
    fit: list[int] = []

    def verify(event, key) -> None:
        verified.append(event.seq)
        verify_event(event, key)

    def fits(event) -> None:
        fit.append(event.seq)
        must_fit(event)

    monkeypatch.setattr(sys.modules[take.__module__], "verify_event", verify)
    monkeypatch.setattr(sys.modules[take.__module__], "must_fit", fits)
    moved = lines[1].replace(b'"frames":0', b'"frames":1')
    other = line(device, 2, key=Ed25519PrivateKey.generate())
    again = [lines[0], moved, other, line(device, 1, frames=2), line(device, 3)]
    assert told(await take(house.premises, docket, "demo", again)) == [
        "repeated",
        "ledger.device-event-signature",
        "ledger.device-event-signature",
        "forked",
        "taken",
    ]
    assert fit == [1, 2, 1, 3]
    assert verified == [3, 1, 2]  # that of the one that was moved was found to be line 1's
    assert await disable(house.premises, docket, device, actor="test") is True
    assert told(await take(house.premises, docket, "demo", lines)) == ["device.disabled"] * 3


@pytest.mark.parametrize("first", ["as it was signed", "as it was altered"])
async def test_one_signature_carries_one_content_whichever_comes_first(
    house: World, first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    docket, device = await enrolled(house)
    good = line(device, 0)
    altered = [good.replace(b'"frames":0', b'"frames":%d' % n) for n in (1, 2)]
    verified: list[bytes] = []

    def verify(event, key) -> None:
        verified.append(event.encode())
        verify_event(event, key)

    monkeypatch.setattr(sys.modules[take.__module__], "verify_event", verify)
    no = "ledger.device-event-signature"
    if first == "as it was signed":
        lines, wanted = [good, *altered], ["taken", no, no]
        asked = [*reversed(altered), good]
    else:
        lines, wanted = [*altered, good], [no, no, "taken"]
        asked = [good]
    assert told(await take(house.premises, docket, "demo", lines)) == wanted
    assert verified == asked
    verified.clear()
    assert told(await take(house.premises, docket, "demo", altered)) == [no, no]
    assert verified == []  # that of the kept one


async def test_the_same_events_by_two_ways_at_once_land_once(house: World) -> None:
    docket, device = await enrolled(house)
    lines = [line(device, n) for n in range(20)]
    both = await asyncio.gather(
        *(take(house.premises, docket, "demo", lines[n : n + 12]) for n in (0, 4, 8, 0))
    )
    every = [result for results in both for result in told(results)]
    assert (every.count("taken"), every.count("repeated")) == (20, 28)
    assert len(await house.premises.store.leaves(device)) == 20


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": ""}, "device.name-unfit"),
        ({"name": "a\nb"}, "device.name-unfit"),
        ({"scene": "nowhere"}, "check.scene-unknown"),
        ({"key": "AAAA"}, "ledger.key-malformed"),
    ],
)
async def test_an_enrolment_that_does_not_fit_is_refused(tmp_path, change, code) -> None:
    async with world(tmp_path) as house:
        docket = open_docket(house.premises.store)
        fit = {"name": "a", "scene": "demo.counter", "key": key_text(KEY.public_key())}
        with pytest.raises(Misuse) as caught:
            await enrol(house.premises, docket, actor="t", **{**fit, **change})
        assert caught.value.code.name == code


@given(st.data())
def test_one_flipped_bit_in_a_device_event_is_refused(data) -> None:
    mine = line("dev_01jd9q00000000000000000000", 5, of="chk_x")
    bent = bytearray(mine)
    bit = data.draw(st.integers(0, len(bent) * 8 - 1))
    bent[bit // 8] ^= 1 << bit % 8

    def believe() -> None:
        verify_event(read_event(bytes(bent)), KEY.public_key())

    with pytest.raises(LiangmingError) as caught:
        believe()
    assert caught.value.code.name.startswith("ledger.")


@given(st.lists(st.integers(0, 30), unique=True, max_size=20), st.randoms(use_true_random=False))
def test_the_gaps_are_exactly_the_numbers_that_never_came(numbers, order) -> None:
    order.shuffle(numbers)
    came = [Came(n, n, n, bytes([n])) for n in sorted(numbers)]
    missing = {n for f in judge(came) if f.fault is Fault.GAP for n in range(f.first, f.last + 1)}
    assert missing == set(range(max(numbers, default=-1) + 1)) - set(numbers)
    assert {f.fault for f in judge(came)} <= {Fault.GAP}


def test_a_key_is_read_back_as_it_was_written() -> None:
    text = key_text(KEY.public_key())
    assert read_key_text(text).public_bytes_raw() == KEY.public_key().public_bytes_raw()
    assert text == "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="
    assert timedelta(microseconds=LEEWAY) == timedelta(minutes=2)


def test_the_page_of_the_format_shows_an_event_that_holds() -> None:
    text = (Path(__file__).parents[2] / "docs" / "spec" / "device-event.md").read_text("utf-8")
    shown = text.split("```json vector\n")[1].split("\n```")[0].encode()
    event = read_event(shown)
    verify_event(event, KEY.public_key())
    assert (event.seq, event.encode()) == (3, shown)


class Page(list):
    """A page of records that can be watched going."""


async def test_looking_at_a_device_holds_one_page_of_its_events_at_a_time(
    house: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    docket, device = await enrolled(house)
    numbers = [n for n in range(12) if n != 5]
    await take(house.premises, docket, "demo", [line(device, n) for n in numbers])
    await take(house.premises, docket, "demo", [line(device, 7, frames=9)])
    monkeypatch.setattr(sys.modules["liangming.device.look"], "_STEP", 3)
    pages: list[weakref.ref[Page]] = []
    most = []
    plain = docket.walk

    async def walk(kind: str, after: str, limit: int) -> Page:
        most.append(sum(page() is not None for page in pages))
        page = Page(await plain(kind, after, limit))
        pages.append(weakref.ref(page))
        return page

    monkeypatch.setattr(docket, "walk", walk)
    (row,) = await look(docket)
    assert (row.count, row.next) == (11, 12)
    assert [(f.fault, f.first) for f in row.faults] == [(Fault.GAP, 5), (Fault.FORK, 7)]
    assert len(pages) >= 4
    assert max(most) <= 2  # the page before stands until the next has come; the one of devices
