"""A locker in a process of its own: one look at a face, every frame stamped with a known secret.

Reads one line of JSON (folder, enrolment, nets), writes ``done`` with the check's id and the number of
stamped frames, and waits. The stamps stand here only masked, so that its memory can be searched.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
from tests.edge.copies import KEPT
from tests.patience import PATIENCE

from liangming.clock import SystemClock
from liangming.edge.agent.cells import SimulatedDoor
from liangming.edge.agent.enrolment import Enrolment
from liangming.edge.agent.guard import Guard
from liangming.edge.agent.machine import Machine
from liangming.edge.agent.simulated import SimulatedParts
from liangming.edge.face.picture import FrameRoom
from liangming.edge.models.embedders import OnnxEmbedder
from liangming.edge.models.finder import MeshFinder
from liangming.edge.models.runtime import OnnxNet
from liangming.edge.synthetic.studio import SimulatedStudio

MASK = 0x5A
WIDE, SIDE = (
    64,
    16,
)  # pixels: four squares of one colour each, so that smaller copies show them, too


def masked(number: int) -> np.ndarray:
    """The stamp of a frame, masked."""
    colours = np.random.default_rng([77, number]).integers(
        0, 256, (WIDE // SIDE, 3), dtype=np.uint8
    )
    return np.repeat(colours, SIDE, axis=0)


def stamp(row: np.ndarray, number: int) -> None:
    """Write the secret straight into the frame: it stands nowhere else."""
    np.bitwise_xor(masked(number), MASK, out=row)


def looking(folder: Path) -> Callable[..., object]:
    """The studio's own finder, and before it real nets over the same pixels, whatever they find."""
    detect, mesh, embed = (
        OnnxNet((folder / name).read_bytes()) for name in ("detect", "mesh", "embed")
    )
    finder, embedder, find = MeshFinder(detect, mesh), OnnxEmbedder(embed), SimulatedStudio.find

    def both(self: SimulatedStudio, pixels: np.ndarray) -> object:
        for face in finder.find(pixels):
            embedder.embed(pixels, face)
        return find(self, pixels)

    return both


def main() -> None:
    told = json.loads(sys.stdin.readline())
    about = msgspec.json.decode(told["enrolment"], type=Enrolment)
    count = 0
    admit = FrameRoom.admit

    def stamped(self: FrameRoom, pixels: np.ndarray, at: float) -> object:
        nonlocal count
        for row in pixels[-SIDE:, 8 : 8 + WIDE]:
            stamp(row, count)
        count += 1
        frame = admit(self, pixels, at)
        if told["keep"]:
            kept.append(frame.pixels.copy())
            planted = frame.pixels[-SIDE:, 8 : 8 + WIDE]
            kept.extend(keep(planted) for keep in KEPT.values())
        return frame

    kept: list[np.ndarray] = []
    SimulatedStudio.find = looking(Path(told["nets"]))  # type: ignore[method-assign, assignment]
    FrameRoom.admit = stamped  # type: ignore[method-assign, assignment]
    machine = Machine(
        Path(told["folder"]),
        about,
        clock=SystemClock(),
        door=SimulatedDoor(),
        guard=Guard(8700),
        parts=SimulatedParts(pace=False),
    )
    machine.begin_face()
    visit = machine.visit_now()
    visit.agree(by_guardian=False)
    assert visit.over.wait(PATIENCE)
    machine.opened_by_face()
    machine.report()
    said = {"done": visit.check, "frames": count, "passed": visit.passed}
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()
    sys.stdin.readline()
    machine.close()


if __name__ == "__main__":
    main()
