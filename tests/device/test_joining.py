"""One enrolment: a device comes in once with a code, and one disabling ends all that it may do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.device.test_device import line, told
from tests.postgres_cluster import Cluster, postgres_cluster
from tests.world import NOON, OPERATOR, World, card, world

from liangming.check import faults
from liangming.check.confirmed import face_message
from liangming.check.journey import choose, consent, decline, show_face_notice, show_notice
from liangming.check.open import Opening, open_check
from liangming.check.present import present
from liangming.check.states import Passed
from liangming.device import Roll, attest, codes, disable, find, invite, redeem, take
from liangming.device.invite import INVITE, LIFE, peek, read_invite
from liangming.device.redeem import USED_KIND
from liangming.device.statement import ATTESTATION, ENROLMENT, signed, stated_by
from liangming.docket import Records
from liangming.errors import LiangmingError
from liangming.law.words import Method
from liangming.method import FaceReport, FaceShown
from liangming.rights import RightsDesk, commands
from liangming.rights.ports import MemoryErasures
from liangming.storage import open_docket

__all__ = ["postgres_cluster"]

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
SCENE = "demo.face"


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
        roll = Roll(open_docket(made.premises.store))
        made.premises = with_roll(made, roll)
        yield made


def with_roll(made: World, roll: Roll):
    """The same house, with the real list of devices."""
    from dataclasses import replace

    return replace(made.premises, devices=roll)


def code(house: World, **more: object) -> str:
    said = {"scene": SCENE, "name": "一号柜", "kind": "locker", "actor": "test", **more}
    at = house.clock.now()
    return invite(house.premises.keys.token, house.premises.scenes, at, **said)  # type: ignore[arg-type]


def statement(key: Ed25519PrivateKey = KEY, **more: object):
    said = {"agent": "0.1.0", "kind": "locker", "camera": "simulated", "models": ("a@00",), **more}
    return stated_by(key, **said)


async def come(house: World, docket: Records, given: str, key: Ed25519PrivateKey = KEY, **more):
    said = statement(key, **more)
    signature = signed(key, ENROLMENT, given, said)
    return await redeem(house.premises, docket, code=given, statement=said, signature=signature)


async def refused(call) -> str:
    with pytest.raises(LiangmingError) as caught:
        await call
    return caught.value.code.name


async def test_a_code_enrols_one_device_once_and_leaves_two_leaves(house: World) -> None:
    docket = open_docket(house.premises.store)
    given = code(house)
    device = await come(house, docket, given)
    assert (device.scene, device.name, device.operator) == (SCENE, "一号柜", OPERATOR.id)
    await house.premises.devices.refresh()
    assert house.premises.devices_at(SCENE) == (device.id,)
    known = await house.premises.devices.find(device.id)
    assert known is not None
    assert (known.key, known.models) == (KEY.public_key(), ("a@00",))
    tags = [row.tag for _, row in await house.premises.store.leaves_after(-1, 10)]
    assert tags == ["device:register:enrolled", "device:register:attested"]
    assert (await come(house, docket, given)).id == device.id  # its answer was lost
    other = Ed25519PrivateKey.generate()
    assert await refused(come(house, docket, given, other)) == codes.INVITE_USED.name
    assert await docket.count("device") == 1


async def test_one_code_at_two_doors_at_once_admits_one_device(house: World) -> None:
    docket = open_docket(house.premises.store)
    given = code(house)
    keys = [Ed25519PrivateKey.generate() for _ in range(4)]
    came = await asyncio.gather(
        *(come(house, docket, given, key) for key in keys), return_exceptions=True
    )
    errors = [one.code.name for one in came if isinstance(one, LiangmingError)]
    assert errors == [codes.INVITE_USED.name] * 3
    assert await docket.count("device") == await docket.count(USED_KIND) == 1


async def test_codes_that_are_altered_over_or_of_another_house_admit_nobody(house: World) -> None:
    docket = open_docket(house.premises.store)
    given = code(house)
    head, body, mac = given.split(".")
    for wrong in ("", "lmi1", f"{head}.{body}", f"{head}.{body}.{mac[:-2]}AA", f"x.{body}.{mac}",
                  f"{head}.e30.{mac}", "lmi1.\N{SNOWMAN}.AA", "a" * 5000):  # fmt: skip
        assert await refused(come(house, docket, wrong)) == codes.INVITE_UNFIT.name
    with pytest.raises(LiangmingError):
        read_invite(bytes(32), given, NOON)
    assert await refused(come(house, docket, given, kind="vending")) == codes.KIND_UNFIT.name
    house.clock.move(LIFE)
    assert await refused(come(house, docket, given)) == codes.INVITE_OVER.name
    assert await docket.count("device") == 0
    assert peek(given).id.startswith(INVITE)
    with pytest.raises(LiangmingError) as unknown:
        code(house, scene="no.such")
    assert unknown.value.code is faults.SCENE_UNKNOWN


async def test_whoever_has_a_code_without_the_key_enrols_nothing(house: World) -> None:
    docket = open_docket(house.premises.store)
    given, thief = code(house), Ed25519PrivateKey.generate()
    said = statement()
    for signature in (signed(thief, ENROLMENT, given, said), "zz", "",
                      signed(KEY, ATTESTATION, given, said),
                      signed(KEY, ENROLMENT, given, statement(least=0))):  # fmt: skip
        call = redeem(house.premises, docket, code=given, statement=said, signature=signature)
        assert await refused(call) == codes.STATEMENT_UNSIGNED.name


async def test_a_camera_that_comes_or_goes_is_stated_and_counts(house: World) -> None:
    docket = open_docket(house.premises.store)
    device = (await come(house, docket, code(house), camera="")).id
    await house.premises.devices.refresh()
    assert house.premises.devices_at(SCENE) == ()
    for camera, here in (("uvcvideo 046d:0825", (device,)), ("", ())):
        said = statement(camera=camera)
        signature = signed(KEY, ATTESTATION, device, said)
        await attest(house.premises, docket, device, statement=said, signature=signature)
        await house.premises.devices.refresh()
        assert house.premises.devices_at(SCENE) == here


async def consented(house: World, device: str) -> tuple[str, str]:
    check = (await open_check(house.premises, Opening(scene=SCENE))).about.id
    await show_notice(house.premises, check)
    await choose(house.premises, check, Method.FACE)
    await show_face_notice(house.premises, check, device=device)
    state = await consent(house.premises, check, device=device, age=30)
    return check, state.nonce  # type: ignore[union-attr]


def outcome(check: str, nonce: str, device: str, models: tuple[str, ...]) -> FaceShown:
    report = FaceReport(
        purpose="face-match", pad_level=3, layers=(), models=models, backend="cpu", agent="0",
        key_kept_in="software", at=0, tries=1, frames_taken=9, frames_kept=0,
    )  # fmt: skip
    signature = KEY.sign(face_message(check, nonce, device, "match", report)).hex()
    return FaceShown(
        device=device,
        outcome="match",
        nonce=nonce,
        signature=signature,
        report=report,
        document=card(),
    )


async def test_models_that_were_not_attested_are_no_answer(house: World) -> None:
    from dataclasses import replace

    docket = open_docket(house.premises.store)
    device = (await come(house, docket, code(house))).id
    await house.premises.devices.refresh()
    scene = house.premises.scenes[SCENE]
    assert scene.face is not None
    strict = replace(scene, face=replace(scene.face, pad_level=3))
    house.premises = replace(house.premises, scenes={SCENE: strict})
    check, nonce = await consented(house, device)
    state = await present(house.premises, check, outcome(check, nonce, device, ("b@11",)))
    assert not isinstance(state, Passed)
    said = statement(models=("b@11", "a@00"))
    signature = signed(KEY, ATTESTATION, device, said)
    await attest(house.premises, docket, device, statement=said, signature=signature)
    check, nonce = await consented(house, device)
    state = await present(house.premises, check, outcome(check, nonce, device, ("b@11",)))
    assert isinstance(state, Passed)
    other = statement(Ed25519PrivateKey.generate())
    call = attest(
        house.premises, docket, device, statement=other,
        signature=signed(Ed25519PrivateKey.generate(), ATTESTATION, device, other),
    )  # fmt: skip
    assert await refused(call) == codes.STATEMENT_UNSIGNED.name


async def test_a_stolen_key_counts_nowhere_from_the_moment_it_is_disabled(house: World) -> None:
    """Another process disabled it: this one's own list is still the old one."""
    docket = open_docket(house.premises.store)
    device = (await come(house, docket, code(house))).id
    await house.premises.devices.refresh()
    desk = RightsDesk(
        premises=house.premises,
        docket=docket,
        erasures=MemoryErasures(),
        origin="log.example/demo",
    )
    command = await commands.issue(desk, OPERATOR.id, device, "cns_x")
    assert told(await take(house.premises, docket, OPERATOR.id, [line(device, 0)])) == ["taken"]
    check, nonce = await consented(house, device)
    assert await disable(house.premises, docket, device, actor="test")

    shown = outcome(check, nonce, device, ("a@00",))
    assert await refused(present(house.premises, check, shown)) == faults.OUTCOME_UNSIGNED.name
    events = await take(house.premises, docket, OPERATOR.id, [line(device, 1)])
    assert told(events) == [codes.DISABLED.name]
    signature = KEY.sign(commands.acknowledgement(command, device)).hex()
    call = commands.acknowledge(desk, command, signature)
    assert await refused(call) == commands.NOT_THE_DEVICE.name
    said = statement(models=())
    call = attest(
        house.premises, docket, device, statement=said,
        signature=signed(KEY, ATTESTATION, device, said),
    )  # fmt: skip
    assert await refused(call) == codes.DISABLED.name
    again = (await open_check(house.premises, Opening(scene=SCENE))).about.id
    await show_notice(house.premises, again)
    await choose(house.premises, again, Method.FACE)
    call = show_face_notice(house.premises, again, device=device)
    assert await refused(call) == faults.DEVICE_UNKNOWN.name
    await decline(house.premises, again, Method.FACE)  # every other way goes on
    gone = await find(docket, device)
    assert gone is not None
    assert gone.enabled is False
    await house.premises.devices.refresh()
    assert house.premises.devices_at(SCENE) == ()
    assert await disable(house.premises, docket, device, actor="test") is False


async def test_the_newest_health_is_shown_whatever_order_events_come_in(house: World) -> None:
    from liangming.clock import micros
    from liangming.device import health
    from liangming.ledger.device import sign_event

    docket = open_docket(house.premises.store)
    device = (await come(house, docket, code(house))).id
    assert await health(docket, device) is None

    def said(seq: int, *, disk: bool) -> bytes:
        at = micros(NOON + timedelta(minutes=seq))
        facts = {"disk": disk, "waiting": seq}
        return sign_event(
            KEY, device=device, seq=seq, at=at, tag="device:health:reported", facts=facts
        ).encode()

    await take(house.premises, docket, OPERATOR.id, [said(2, disk=False), said(1, disk=True)])
    first = await health(docket, device)
    assert first is not None
    assert first.facts == {"disk": False, "waiting": 2}
    await take(house.premises, docket, OPERATOR.id, [said(0, disk=True)])
    assert await health(docket, device) == first
    await take(house.premises, docket, OPERATOR.id, [said(3, disk=True)])
    newest = await health(docket, device)
    assert newest is not None
    assert newest.facts["waiting"] == 3
