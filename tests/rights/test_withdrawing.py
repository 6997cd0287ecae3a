"""Withdrawing a consent: the camera at once, the device by a signed command whose time is kept."""

from datetime import timedelta

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.rights.people import Desk, code_of
from tests.world import NOON

from liangming.check import Opening, open_check, read
from liangming.check import faults as check_faults
from liangming.check.devices import Device, KnownDevices
from liangming.check.journey import choose, consent, show_face_notice, show_notice
from liangming.clock import micros
from liangming.consent import State
from liangming.errors import Refusal
from liangming.law.words import Method
from liangming.ledger.note import read_note
from liangming.rights import Asking, ask, commands, faults
from liangming.rights.certificate import erasure_key
from liangming.rights.commands import acknowledge, acknowledgement, command_key, waiting
from liangming.rights.states import Answered
from liangming.rights.stopping import stop, stopped
from liangming.rights.withdraw import take_back
from liangming.rights.withdrawal_certificate import certify, verify, withdrawal_key
from liangming.rights.words import Result, Right


async def withdrawn(desk: Desk) -> tuple[str, commands.Command]:
    check = await desk.by_face()
    desk.house.clock.move(timedelta(days=2))
    done = await ask(desk.desk, Asking(check=check, right=Right.WITHDRAW))
    assert isinstance(done.state, Answered)
    assert done.state.result is Result.WITHDRAWN
    (command,) = await waiting(desk.desk, "dev-1")
    return check, command


async def test_withdrawing_after_the_check_ends_the_consent_and_commands_the_device(desk: Desk):
    check, command = await withdrawn(desk)
    state = await desk.house.verify(check)
    consent = state.journey.consent
    assert consent is not None
    assert consent.state is State.WITHDRAWN
    row = await desk.house.premises.store.consent(consent.id)
    assert row is not None
    assert (row.state, row.at) == ("withdrawn", micros(NOON + timedelta(days=2)))
    assert (command.device, command.consent, command.deed) == (
        "dev-1",
        consent.id,
        "stop-and-delete",
    )
    assert await desk.tags(command.id) == ["rights:command:issued"]
    again = ask(desk.desk, Asking(check=check, right=Right.WITHDRAW))
    assert await code_of(again) == faults.NO_CONSENT.name


async def test_the_command_is_signed_by_the_operator_and_by_nobody_else(desk: Desk):
    _, command = await withdrawn(desk)
    note = read_note(command.text.encode())
    key = command_key(desk.house.premises.keys.signing, desk.desk.origin).verifying
    assert [key.verifies(note.text, line) for line in note.signatures] == [0]
    other = command_key(bytes(32), desk.desk.origin).verifying
    assert other.verifies(note.text, note.signatures[0]) is None
    assert note.text.splitlines()[:4] == [
        "liangming/device-command/1",
        f"command {command.id}",
        "device dev-1",
        "do stop-and-delete",
    ]


async def test_the_time_until_a_device_acknowledged_is_measured_and_kept(desk: Desk):
    _, command = await withdrawn(desk)
    desk.house.clock.move(timedelta(seconds=4, milliseconds=250))
    said = acknowledgement(command.id, "dev-1")
    done = await acknowledge(desk.desk, command.id, desk.house.device_key.sign(said).hex())
    assert done.milliseconds == 4250
    assert await waiting(desk.desk, "dev-1") == []
    assert await desk.tags(command.id) == ["rights:command:issued", "rights:command:acknowledged"]
    leaves = await desk.house.premises.store.leaves(command.id)
    assert msgspec.json.decode(leaves[1].facts) == {
        "device": "dev-1",
        "milliseconds": 4250,
        "late": False,
    }
    again = acknowledge(desk.desk, command.id, desk.house.device_key.sign(said).hex())
    assert await code_of(again) == commands.UNKNOWN.name


async def test_a_person_is_shown_how_long_their_device_took_and_nobody_elses(desk: Desk):
    check, command = await withdrawn(desk)
    other = await desk.by_face()
    mine = await stopped(desk.desk, command.consent)
    assert mine is not None
    assert [(each.id, each.seconds) for each in mine.commands] == [(command.id, "")]
    assert (mine.waiting, mine.seconds) == (1, "")
    desk.house.clock.move(timedelta(seconds=4, milliseconds=250))
    said = acknowledgement(command.id, "dev-1")
    await acknowledge(desk.desk, command.id, desk.house.device_key.sign(said).hex())
    done = await stopped(desk.desk, command.consent)
    assert done is not None
    assert (done.waiting, done.seconds, done.commands[0].seconds) == (0, "4.2", "4.2")
    consent = (await desk.house.verify(other)).journey.consent
    assert consent is not None
    assert await stopped(desk.desk, consent.id) is None
    assert check != other


def devices(desk: Desk, *more: Device) -> None:
    """More devices than the one."""
    known = desk.house.premises.devices
    assert isinstance(known, KnownDevices)
    known.update({each.id: each for each in more})


async def test_every_device_of_the_scene_is_told_and_no_other(desk: Desk):
    keys = {name: Ed25519PrivateKey.generate() for name in ("dev-2", "dev-3", "dev-4", "dev-5")}
    public = {name: key.public_key() for name, key in keys.items()}
    devices(
        desk,
        Device("dev-2", "demo.face", public["dev-2"]),
        Device("dev-3", "demo.counter", public["dev-3"]),
        Device("dev-4", "demo.face", public["dev-4"], enabled=False),
        Device("dev-5", "demo.face", public["dev-5"], camera=False),
    )
    check = await desk.by_face()
    asking = Asking(check=check, right=Right.WITHDRAW)
    request = (await ask(desk.desk, asking)).state.about
    consent = (await desk.house.verify(check)).journey.consent
    assert consent is not None
    found = await stopped(desk.desk, consent.id)
    assert found is not None
    assert [each.device for each in found.commands] == ["dev-1", "dev-2"]
    assert {each.consent for each in found.commands} == {consent.id}
    for name in ("dev-3", "dev-4", "dev-5"):
        assert await waiting(desk.desk, name) == []
    for each, key, after in zip(
        found.commands, (desk.house.device_key, keys["dev-2"]), (1500, 61_500), strict=True
    ):
        desk.house.clock.set(found.withdrawal.at + timedelta(milliseconds=after))
        said = acknowledgement(each.id, each.device)
        await acknowledge(desk.desk, each.id, key.sign(said).hex())
    done = await stopped(desk.desk, consent.id)
    assert done is not None
    assert [each.milliseconds for each in done.commands] == [1500, 61_500]
    assert (done.milliseconds, done.seconds) == (61_500, "61")

    signing, origin = desk.house.premises.keys.signing, desk.desk.origin
    key = withdrawal_key(signing, origin)
    text = certify(key, done, request=request.id, operator="demo", at=desk.house.clock.now())
    said = verify(text, key.verifying)
    assert [(each.device, each.milliseconds) for each in said.devices] == [
        ("dev-1", 1500),
        ("dev-2", 61_500),
    ]
    assert (said.consent, said.check, said.request) == (consent.id, check, request.id)
    other = verify(certify(key, found, request=request.id, operator="demo", at=NOON), key.verifying)
    assert [each.milliseconds for each in other.devices] == [None, None]
    changed = text.replace(b" 61500", b" 61501")
    assert changed != text
    with pytest.raises(Refusal):
        verify(changed, key.verifying)
    with pytest.raises(Refusal):
        verify(text, withdrawal_key(bytes(32), origin).verifying)
    with pytest.raises(Refusal):  # the key of erasures signs no withdrawal
        verify(text, erasure_key(signing, origin).verifying)


async def test_declining_after_consent_tells_the_devices_once(desk: Desk):
    premises = desk.house.premises
    check = (await open_check(premises, Opening(scene="demo.face"))).about.id
    await show_notice(premises, check)
    await choose(premises, check, Method.FACE)
    await show_face_notice(premises, check, device="dev-1")
    await consent(premises, check, device="dev-1", age=30)
    state = await take_back(desk.desk, check, said_by="dev-1")
    assert await waiting(desk.desk, "dev-1") == []  # it said so itself, and there is no other
    first, second = await stop(desk.desk, state), await stop(desk.desk, state)
    assert first is not None
    assert first == second
    assert [each.id for each in await waiting(desk.desk, "dev-1")] == list(first.commands)
    await take_back(desk.desk, check)
    assert len(await waiting(desk.desk, "dev-1")) == 1


async def test_an_erasure_reaches_the_devices_and_they_can_still_answer(desk: Desk):
    check = await desk.by_face()
    done = await desk.ask(check, Right.ERASE)
    assert isinstance(done.state, Answered)
    assert done.state.result is Result.ERASED
    (command,) = await waiting(desk.desk, "dev-1")
    said = acknowledgement(command.id, "dev-1")
    await acknowledge(desk.desk, command.id, desk.house.device_key.sign(said).hex())
    assert await waiting(desk.desk, "dev-1") == []


async def test_only_the_enrolled_device_acknowledges_its_own_command(desk: Desk):
    _, command = await withdrawn(desk)
    said = acknowledgement(command.id, "dev-1")
    for signature in (
        Ed25519PrivateKey.generate().sign(said).hex(),
        desk.house.device_key.sign(acknowledgement(command.id, "dev-2")).hex(),
        "00",
        "no hexadecimal",
    ):
        wrong = acknowledge(desk.desk, command.id, signature)
        assert await code_of(wrong) == commands.NOT_THE_DEVICE.name
    unknown = acknowledge(desk.desk, "cmd_nothing", "00")
    assert await code_of(unknown) == commands.UNKNOWN.name
    assert len(await waiting(desk.desk, "dev-1")) == 1


async def test_a_command_nobody_fetches_stands_due_after_a_day_and_late_when_done(desk: Desk):
    _, command = await withdrawn(desk)
    now = desk.house.clock.now()
    assert await desk.desk.docket.due("command", now + timedelta(hours=24), 10)
    assert await desk.desk.docket.due("command", now + timedelta(hours=23), 10) == []
    desk.house.clock.move(timedelta(hours=25))
    said = acknowledgement(command.id, "dev-1")
    await acknowledge(desk.desk, command.id, desk.house.device_key.sign(said).hex())
    leaves = await desk.house.premises.store.leaves(command.id)
    assert b'"late":true' in leaves[1].facts


async def test_withdrawing_in_the_middle_of_a_check_leads_back_to_the_other_ways(desk: Desk):
    premises = desk.house.premises
    check = (await open_check(premises, Opening(scene="demo.face"))).about.id
    await show_notice(premises, check)
    await choose(premises, check, Method.FACE)
    nothing = ask(desk.desk, Asking(check=check, right=Right.WITHDRAW))
    assert await code_of(nothing) == faults.NO_CONSENT.name
    await show_face_notice(premises, check, device="dev-1")
    await consent(premises, check, device="dev-1", age=30)
    await ask(desk.desk, Asking(check=check, right=Right.WITHDRAW))
    state = await read.read(premises, check)
    assert Method.FACE in state.journey.declined
    assert await code_of(choose(premises, check, Method.FACE)) == check_faults.DECLINED_BEFORE.name
    assert len(await waiting(desk.desk, "dev-1")) == 1


async def test_a_crash_before_the_command_is_mended_by_asking_again(desk: Desk):
    from liangming.check.ports import STORE_DOWN
    from liangming.errors import Outage

    check = await desk.by_face()
    plain = commands.issued

    async def fails(*_: object, **__: object) -> None:
        raise Outage(STORE_DOWN)

    commands.issued = fails  # type: ignore[assignment]
    try:
        asking = Asking(check=check, right=Right.WITHDRAW)
        assert await code_of(ask(desk.desk, asking)) == STORE_DOWN.name
    finally:
        commands.issued = plain
    assert await waiting(desk.desk, "dev-1") == []
    done = await ask(desk.desk, Asking(check=check, right=Right.WITHDRAW))
    assert isinstance(done.state, Answered)
    assert len(await waiting(desk.desk, "dev-1")) == 1


async def test_the_record_of_a_consent_follows_it_and_names_nobody(desk: Desk):
    import json

    from tests.world import CARD, NAME

    from liangming.rights.consent_record import consent_record

    check = await desk.by_face()
    given = await consent_record(desk.desk, check)
    assert given["dpv:hasConsentStatus"] == {"@id": "dpv:ConsentGiven"}
    assert [part["@type"][0] for part in given["dct:hasPart"]] == ["dpv:ConsentGiven"]
    desk.house.clock.move(timedelta(days=2))
    await ask(desk.desk, Asking(check=check, right=Right.WITHDRAW))
    record = await consent_record(desk.desk, check)
    assert record["dpv:hasConsentStatus"] == {"@id": "dpv:ConsentWithdrawn"}
    assert [part["@type"][0] for part in record["dct:hasPart"]] == [
        "dpv:ConsentGiven",
        "dpv:ConsentWithdrawn",
    ]
    state = await read.read(desk.house.premises, check)
    consent = state.journey.consent
    assert consent is not None
    assert record["dpv:hasIdentifier"] == consent.id
    assert record["dpv:hasNotice"]["dpv:hasIdentifier"] == consent.notice
    assert record["dpv:hasNotice"]["dct:hasVersion"].startswith("face@")
    purpose = record["dpv:hasPurpose"]
    assert purpose["dpv:hasStorageCondition"]["dpv:hasDuration"] == "P0D"
    assert purpose["dpv:hasOrganisationalMeasure"]["dpv:hasIdentifier"] == "PIA-1"
    text = json.dumps(record, ensure_ascii=False)
    assert CARD not in text
    assert NAME not in text
    other, _ = await desk.passed()
    assert await code_of(consent_record(desk.desk, other)) == faults.NO_CONSENT.name
