"""The whole face flow over a cable of its own, heard by tcpdump; then memory and disks are searched.

The device is in a network namespace whose only way out is that cable, so what is not on it was not
sent. Real nets of our own making look at each frame, too, so that what they make of it is searched for: smaller,
in other channels, as numbers (``copies``).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import pytest
from tests.e2e.server import ROOT
from tests.edge import copies, netns, nets
from tests.edge.agent_alone import MASK, SIDE, masked
from tests.edge.conftest import Centre
from tests.edge.test_models import mesh_points
from tests.edge.test_wire import Tap, disk_of, forms, memory_of
from tests.patience import PATIENCE


@pytest.fixture(scope="module")
def room_for_a_cable() -> None:
    reason = netns.why_not()
    if reason:
        pytest.skip(reason)
    if shutil.which("tcpdump") is None:
        assert not os.environ.get("CI"), "CI can make namespaces here and has no tcpdump"
        pytest.skip("needs tcpdump")


@dataclass
class Flown:
    """What a look left behind."""

    check: str
    frames: int
    wire: dict[tuple[str, str], bytes]
    agent: bytes  # its memory
    disks: bytes


def secrets(count: int, step: int = 3) -> list[bytes]:
    """A piece of the stamp of every third frame, as it stood there."""
    return [(masked(number) ^ MASK).tobytes()[72:120] for number in range(0, count, step)]


def nets_in(folder: Path) -> Path:
    """A detector, a mesh and an embedder of our own making."""
    folder.mkdir()
    made = {
        "detect": nets.detector([(0.5, 0.5, 0.3)]),
        "mesh": nets.mesher(mesh_points()),
        "embed": nets.embedder(),
    }
    for name, net in made.items():
        (folder / name).write_bytes(net)
    return folder


def squares(number: int) -> np.ndarray:
    """The colours of a frame's stamp."""
    return masked(number)[::SIDE] ^ MASK


def flown(centre: Centre, folder: Path, *, keep: bool = False) -> Flown:
    with netns.cable(folder) as cable:
        tap = Tap(centre.server.url, netns.CENTRE)
        about = msgspec.structs.replace(centre.enrolment, centre=tap.url)
        device = folder / "device"
        asked = {
            "folder": str(device),
            "enrolment": msgspec.json.encode(about).decode(),
            "keep": keep,
            "nets": str(nets_in(folder / "nets")),
        }
        words = cable.run(sys.executable, "-m", "tests.edge.agent_alone")
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
        environment = {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"}
        with subprocess.Popen(
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=environment,
            text=True,
        ) as agent:
            assert agent.stdin is not None
            assert agent.stdout is not None
            agent.stdin.write(json.dumps(asked) + "\n")
            agent.stdin.flush()
            told = json.loads(agent.stdout.readline())
            assert told["passed"]
            memory = memory_of(agent.pid)
            agent.stdin.write("\n")
            agent.stdin.flush()
            assert agent.wait(PATIENCE) == 0
        kept = tap.kept()
        wire = netns.heard(cable.file, len(kept))
        tap.close()
    assert sum(map(len, wire.values())) == len(kept), "tcpdump heard all that the centre's end saw"
    cable.file.unlink()
    return Flown(told["done"], told["frames"], wire, memory, disk_of(device, centre.house.folder))


@pytest.mark.usefixtures("room_for_a_cable")
def test_on_the_cable_in_memory_and_on_disks_nothing_of_a_face_is_found(
    centre: Centre, tmp_path: Path
) -> None:
    told = flown(centre, tmp_path)
    assert told.frames > 30
    ends = {end.rpartition(":")[0] for pair in told.wire for end in pair}
    assert ends == {netns.CENTRE, netns.DEVICE}, "nobody else was spoken to"
    wire = b"".join(told.wire.values())
    at_centre = memory_of(centre.server.process.pid)
    for name, data in (
        ("wire", wire), ("agent", told.agent), ("centre", at_centre), ("disks", told.disks)
    ):  # fmt: skip
        assert told.check.encode() in data, f"the search of {name} finds what is there"
        for secret in secrets(told.frames):
            for form in forms(secret) if name != "agent" else (secret,):
                assert form not in data, name
        assert [copies.found(data, squares(told.frames // part)) for part in (2, 9)] == [set()] * 2
    sent = b"".join(data for (who, _), data in told.wire.items() if who.startswith(netns.DEVICE))
    for word in (b"score", b"similarity", b"embedding", b"template", b"image", b"distance"):
        assert word not in sent.lower(), word
    assert b'"frames_kept":0' in sent
    assert max(map(len, told.wire.values())) < 64_000, "no frame would fit in"


@pytest.mark.usefixtures("room_for_a_cable")
def test_a_device_that_kept_its_frames_would_be_found(centre: Centre, tmp_path: Path) -> None:
    told = flown(centre, tmp_path, keep=True)
    assert all(secret in told.agent for secret in secrets(told.frames, 9))
    assert copies.found(told.agent, squares(told.frames // 2)) == set(copies.KEPT)


def test_a_capture_with_a_gap_is_not_taken_for_whole() -> None:
    def packet(sequence: int, payload: bytes, flags: int = 16) -> bytes:
        tcp = np.array([1, 2], ">u2").tobytes() + sequence.to_bytes(4, "big") + bytes(4)
        tcp += bytes([80, flags]) + bytes(6) + payload
        ip = b"\x45\0" + (20 + len(tcp)).to_bytes(2, "big") + bytes(5) + b"\x06" + bytes(2)
        frame = bytes(12) + b"\x08\x00" + ip + bytes([10, 0, 0, 1, 10, 0, 0, 2]) + tcp
        return bytes(8) + len(frame).to_bytes(4, "little") * 2 + frame

    head = b"\xd4\xc3\xb2\xa1" + bytes(16) + b"\x01\0\0\0"
    whole = head + packet(9, b"", 2) + packet(13, b"def") + packet(10, b"abc") + packet(10, b"abc")
    assert netns.streams(whole) == {("10.0.0.1:1", "10.0.0.2:2"): b"abcdef"}
    with pytest.raises(ValueError, match="gap"):
        netns.streams(head + packet(9, b"", 2) + packet(13, b"def"))
