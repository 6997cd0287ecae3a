"""A device obeys the centre it was admitted by, in what is meant for it, and nobody else."""

from __future__ import annotations

from typing import get_args

import pytest

from liangming.edge.agent.centre import DEEDS, Command, obeyed
from liangming.edge.agent.enrolment import Enrolment
from liangming.ledger.note import Note
from liangming.rights.commands import Deed, command_key

KEY = command_key(bytes(32), "log.example/demo")
ANOTHER = command_key(bytes(31) + b"\x01", "log.example/demo")
TEXT = (
    "liangming/device-command/1\ncommand cmd_01m85vbsg0d0x9aq2286sjkhd9\ndevice dev-1\n"
    "do stop-and-delete\nconsent cns_01m85vbsg075ez9phtw5wj5c7x\n"
    "issued 2026-11-24T12:00:00.000+08:00\n"
)
DEVICE = Enrolment(
    device="dev-1",
    scene="demo.locker",
    kind="locker",
    seed="00" * 32,
    secret="11" * 32,
    commands_key=KEY.verifying.encode(),
)


def signed(text: str = TEXT, key=KEY) -> str:
    return Note(text, (key.sign(text, 0),)).encode().decode()


def test_a_signed_command_for_this_device_is_obeyed():
    expected = Command(
        "cmd_01m85vbsg0d0x9aq2286sjkhd9", "stop-and-delete", "cns_01m85vbsg075ez9phtw5wj5c7x"
    )
    assert obeyed(signed(), DEVICE) == expected
    for deed in DEEDS:
        text = TEXT.replace("stop-and-delete", deed).replace(
            "consent cns_01m85vbsg075ez9phtw5wj5c7x\n", ""
        )
        assert obeyed(signed(text), DEVICE) == Command(expected.command, deed)
    assert set(get_args(Deed)) == DEEDS


@pytest.mark.parametrize(
    "text",
    [
        signed(key=ANOTHER),
        signed().replace("075ez9phtw5wj5c7x", "075ez9phtw5wj5c7y"),
        signed(TEXT.replace("device dev-1", "device dev-2")),
        signed(TEXT.replace("stop-and-delete", "open-every-cell")),
        signed(TEXT.replace("command/1", "command/2")),
        TEXT,
        "",
    ],
    ids=["another key", "changed", "another device", "another deed", "another version", "unsigned",
         "empty"],
)  # fmt: skip
def test_anything_else_is_not_obeyed(text):
    assert obeyed(text, DEVICE) is None
