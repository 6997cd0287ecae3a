"""No camera frame was taken: shown by counts that the device itself signed, or not claimed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.receipt.conftest import House

from liangming.check import Device
from liangming.check.receipt import (
    Camera,
    Receipt,
    Seen,
    encode_receipt,
    make_receipt,
    read_receipt,
    tlog_proofs,
    verify_receipt,
)
from liangming.check.receipt.camera import count_of
from liangming.check.receipt.file import sealed
from liangming.check.receipt.make import camera_told
from liangming.clock import micros
from liangming.device import enrol, take
from liangming.device.count import counters
from liangming.device.enrol import Enrolled
from liangming.errors import LiangmingError
from liangming.ledger.device import DeviceEvent, key_text, sign_event
from liangming.storage import open_docket

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
MINUTE = 60_000_000
NONE_TAKEN = Seen(Camera.NONE_TAKEN, 0, 0)


@dataclass
class Machine:
    """One enrolled device at the scene with a face, and its numbers."""

    house: House
    device: Enrolled
    next: int = 0

    async def counts(self, at: int, *, key=KEY, **facts: object) -> None:
        """It signs a count at a moment of its own, and the centre takes it."""
        event = sign_event(
            key,
            device=self.device.id,
            seq=self.next,
            at=at,
            tag="device:camera:counted",
            facts={"frames": 0, "captures": 0, **facts},
        )
        self.next += 1
        docket = open_docket(self.house.premises.store)
        await take(self.house.premises, docket, "demo", [event.encode()])

    async def check(self) -> tuple[str, int, int]:
        """A check at its scene that ended without a face; when it began and ended."""
        clock = self.house.world.clock
        clock.move(timedelta(minutes=5))
        since = micros(clock.now())
        check = await self.house.face_declined()
        clock.move(timedelta(minutes=1))
        await self.house.walked_away(check)
        return check, since, micros(clock.now())

    async def said(self, check: str) -> Seen:
        """What page and file say; they never differ."""
        await self.house.carry()
        receipt = await make_receipt(self.house.premises, check)
        proven = verify_receipt(read_receipt(encode_receipt(receipt)), self.house.trust)
        store = self.house.premises.store
        told = await camera_told(self.house.premises, check, await store.leaves(check))
        assert told == proven.camera
        return told


@pytest.fixture
async def machine(house: House) -> Machine:
    docket = open_docket(house.premises.store)
    device = await enrol(
        house.premises,
        docket,
        name="柜机",
        scene="demo.face",
        key=key_text(KEY.public_key()),
        actor="test",
    )
    known = {device.id: Device(device.id, "demo.face", KEY.public_key())}
    premises = replace(house.premises, devices=type(house.premises.devices)(known))
    house.premises = replace(premises, counters=counters(premises, docket))
    return Machine(house, device)


async def test_counts_before_and_after_that_are_equal_show_that_no_frame_was_taken(machine):
    start = micros(machine.house.world.clock.now())
    for minute in range(4):
        await machine.counts(start + minute * MINUTE, frames=500, captures=3, since=1)
    check, _, until = await machine.check()
    assert await machine.said(check) == Seen(Camera.NOT_COUNTED)  # the count after is not there yet
    await machine.counts(until + MINUTE, frames=500, captures=3, since=1)
    assert await machine.said(check) == NONE_TAKEN
    receipt = await make_receipt(machine.house.premises, check)
    assert [len(count.lines) for count in receipt.counts] == [2]
    assert len(tlog_proofs(receipt)) == len(receipt.events) + 3


async def test_frames_between_them_are_told(machine):
    start = micros(machine.house.world.clock.now())
    await machine.counts(start, frames=500, captures=3, since=1)
    check, _, until = await machine.check()
    await machine.counts(until, frames=529, captures=3, since=1)
    assert await machine.said(check) == Seen(Camera.COUNTED, 29, 0)


async def test_one_count_from_before_to_after_is_enough_where_it_is_zero(machine):
    start = micros(machine.house.world.clock.now())
    check, _, until = await machine.check()
    await machine.counts(until, since=start)
    assert await machine.said(check) == NONE_TAKEN


async def test_a_count_of_the_check_itself_is_enough(machine):
    check, _, until = await machine.check()
    await machine.counts(until, of=check, frames=0)
    assert await machine.said(check) == NONE_TAKEN
    await machine.counts(until + 1, of=check, frames=7, captures=1)
    assert await machine.said(check) == Seen(Camera.COUNTED, 7, 1)


async def test_what_does_not_cover_the_check_claims_nothing(machine):
    start = micros(machine.house.world.clock.now())
    await machine.counts(start, frames=4, since=1)
    check, since, until = await machine.check()
    await machine.counts(since + MINUTE // 2, frames=4, since=1)  # in the middle
    await machine.counts(until, frames=0, since=since + 1)  # began counting after it was opened
    await machine.counts(until + 2, of="chk_another", frames=0)
    assert await machine.said(check) == Seen(Camera.NOT_COUNTED)


async def test_one_of_two_devices_that_is_silent_and_nothing_is_claimed(machine):
    start = micros(machine.house.world.clock.now())
    house = machine.house
    known = dict(house.premises.devices)
    known["dev-2"] = Device("dev-2", "demo.face", KEY.public_key())
    house.premises = replace(house.premises, devices=type(house.premises.devices)(known))
    check, _, until = await machine.check()
    await machine.counts(until, since=start)
    assert await machine.said(check) == Seen(Camera.NOT_COUNTED)


async def test_a_check_that_has_not_ended_has_no_count(machine):
    start = micros(machine.house.world.clock.now())
    check = await machine.house.face_declined()
    await machine.counts(start + MINUTE, since=start - MINUTE)
    assert await machine.said(check) == Seen(Camera.NOT_COUNTED)


@pytest.fixture
async def good(machine) -> tuple[House, Receipt]:
    start = micros(machine.house.world.clock.now())
    check, _, until = await machine.check()
    await machine.counts(start, since=1, frames=2)
    await machine.counts(until, since=1, frames=2)
    assert await machine.said(check) == NONE_TAKEN
    return machine.house, await make_receipt(machine.house.premises, check)


def refused(house: House, receipt: Receipt) -> str:
    with pytest.raises(LiangmingError) as caught:
        verify_receipt(read_receipt(encode_receipt(sealed(receipt))), house.trust)
    return caught.value.code.name


async def test_whatever_is_changed_in_a_count_is_refused_with_its_own_code(good):
    house, receipt = good
    (count,) = receipt.counts
    first, second = count.lines
    swap = msgspec.structs.replace
    other = key_text(Ed25519PrivateKey.generate().public_key())
    forged = sign_event(
        Ed25519PrivateKey.generate(), device=count.device, seq=0, at=5,
        tag="device:camera:counted", facts={"frames": 0, "captures": 0, "since": 1},
    ).encode().decode()  # fmt: skip
    own = sign_event(
        KEY, device=count.device, seq=0, at=5,
        tag="device:camera:counted", facts={"frames": 2, "captures": 0, "since": 1},
    ).encode().decode()  # fmt: skip
    for change, code in (
        (swap(count, key=other), "check.receipt-count-differs"),
        (swap(count, key="x"), "ledger.key-malformed"),
        (swap(count, device="dev-1"), "check.receipt-count-differs"),
        (swap(count, enrolled=first.leaf), "check.receipt-count-differs"),
        (swap(count, lines=(swap(first, line=forged), second)), "ledger.device-event-signature"),
        (swap(count, lines=(swap(first, line=own), second)), "check.receipt-count-differs"),
        (swap(count, lines=(swap(first, line=second.line),)), "check.receipt-count-differs"),
        (swap(count, lines=(swap(first, line=first.line + " "),)), "ledger.device-event-malformed"),
        (
            swap(count, lines=(swap(first, leaf=swap(first.leaf, index=0)), second)),
            "ledger.inclusion-failed",
        ),
    ):
        assert refused(house, swap(receipt, counts=(change,))) == code
    # Left out, nothing more is claimed; the rest still holds.
    without = sealed(swap(receipt, counts=()))
    assert verify_receipt(without, house.trust).camera == Seen(Camera.NOT_COUNTED)
    for lines in ((first,), (second,), (second, first)):
        partial = sealed(swap(receipt, counts=(swap(count, lines=lines),)))
        assert verify_receipt(partial, house.trust).camera == Seen(Camera.NOT_COUNTED)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 5), st.integers(0, 12)), max_size=3),
    st.integers(10, 20),
    st.integers(20, 30),
)
def test_none_taken_is_never_said_without_lines_that_cover_the_check(told, since, until):
    lines = [
        DeviceEvent(
            at=at, device="d", facts={"frames": frames, "captures": 0, "since": begun},
            seq=n, sig=b"", tag="device:camera:counted",
        )
        for n, (at, frames, begun) in enumerate(told)
    ]  # fmt: skip
    said = count_of(lines, "chk", since, until)
    if said is None or said.camera is not Camera.NONE_TAKEN:
        return
    last = lines[-1]
    assert last.at >= until
    if len(lines) == 1:
        assert last.facts["since"] <= since
        assert last.facts["frames"] == 0
    else:
        assert lines[0].at <= since
        assert lines[0].facts == last.facts
