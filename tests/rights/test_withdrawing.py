"""Withdrawing a consent: the camera at once, the device by a signed command whose time is kept."""

from datetime import timedelta

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.rights.people import Desk, code_of
from tests.world import NOON

from liangming.check import faults as check_faults
from liangming.check import read
from liangming.clock import micros
from liangming.consent import State
from liangming.ledger.note import read_note
from liangming.rights import Asking, ask, commands, faults
from liangming.rights.commands import acknowledge, acknowledgement, command_key, waiting
from liangming.rights.states import Answered
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
    mine = await commands.of_consent(desk.desk, "dev-1", command.consent)
    assert [(each.id, each.seconds) for each in mine] == [(command.id, "")]
    desk.house.clock.move(timedelta(seconds=4, milliseconds=250))
    said = acknowledgement(command.id, "dev-1")
    await acknowledge(desk.desk, command.id, desk.house.device_key.sign(said).hex())
    (done,) = await commands.of_consent(desk.desk, "dev-1", command.consent)
    assert done.seconds == "4.2"
    consent = (await desk.house.verify(other)).journey.consent
    assert consent is not None
    assert await commands.of_consent(desk.desk, "dev-1", consent.id) == []
    assert check != other


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
    from liangming.check import Opening, open_check
    from liangming.check.journey import choose, consent, show_face_notice, show_notice
    from liangming.law.words import Method

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
    plain = commands.issue

    async def fails(*_: object, **__: object) -> str:
        raise Outage(STORE_DOWN)

    commands.issue = fails  # type: ignore[assignment]
    try:
        asking = Asking(check=check, right=Right.WITHDRAW)
        assert await code_of(ask(desk.desk, asking)) == STORE_DOWN.name
    finally:
        commands.issue = plain
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
