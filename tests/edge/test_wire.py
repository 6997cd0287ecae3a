"""The whole face flow, recorded: nothing of a frame, a template or a score on the wire, in the
memory of the centre, or on any disk; and what is looked for would be found if it were there.
"""

from __future__ import annotations

import base64
import re
import socket
import threading
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from tests.edge.conftest import Centre
from tests.edge.test_vending import looked, remembered
from tests.patience import PATIENCE

from liangming.edge.agent.simulated import SimulatedParts
from liangming.edge.face.order import Why
from liangming.edge.face.picture import FrameRoom
from liangming.edge.synthetic.studio import SimulatedStudio
from liangming.edge.template import kept


class Tap:
    """Stands between device and centre and keeps every byte, both ways."""

    def __init__(self, url: str, at: str = "127.0.0.1") -> None:
        target = urlsplit(url)
        self._target = (target.hostname, target.port)
        self._listener = socket.create_server((at, 0))
        self.url = f"http://{at}:{self._listener.getsockname()[1]}"
        self._lock, self._kept = threading.Lock(), bytearray()
        self._threads: list[threading.Thread] = []
        self._begin(self._accept)

    def _begin(self, work, *args: socket.socket) -> None:
        thread = threading.Thread(target=work, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            self._begin(self._pass, near, socket.create_connection(self._target))

    def _pass(self, near: socket.socket, far: socket.socket) -> None:
        with near, far:
            back = threading.Thread(target=self._carry, args=(far, near), daemon=True)
            back.start()
            self._carry(near, far)
            back.join(PATIENCE)

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        try:
            while data := one.recv(65536):
                with self._lock:
                    self._kept += data
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)
        except OSError:
            return

    def kept(self) -> bytes:
        with self._lock:
            return bytes(self._kept)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(PATIENCE)


def forms(secret: bytes) -> list[bytes]:
    """How bytes travel: as they are, hexadecimal, and in base64 at each of its three offsets."""
    sixty_four = [base64.b64encode(secret[shift:])[:40] for shift in range(3)]
    return [secret, secret.hex().encode(), *sixty_four]


def memory_of(pid: int) -> bytes:
    """Every readable page of a process."""
    pages = []
    with Path(f"/proc/{pid}/mem").open("rb") as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            span = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
            if span is None:
                continue
            start, end = (int(part, 16) for part in span.groups())
            try:
                memory.seek(start)
                pages.append(memory.read(end - start))
            except (OSError, ValueError):
                continue
    return b"".join(pages)


def disk_of(*folders: Path) -> bytes:
    return b"".join(p.read_bytes() for f in folders for p in f.rglob("*") if p.is_file())


def test_nothing_of_a_face_is_on_the_wire_in_the_centre_or_on_a_disk(
    centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted: list[bytes] = []
    admit, embed = FrameRoom.admit, SimulatedStudio.embed

    def plant_frame(self: FrameRoom, pixels: np.ndarray, at: float) -> object:
        row = pixels[pixels.shape[0] // 2].tobytes()
        planted.append(row[300:364])
        return admit(self, pixels, at)

    def plant_vector(self: SimulatedStudio, pixels: np.ndarray, found: object) -> np.ndarray:
        vector = embed(self, pixels, found)  # type: ignore[arg-type]
        planted.append(vector.tobytes()[:64])
        return vector

    monkeypatch.setattr(FrameRoom, "admit", plant_frame)
    monkeypatch.setattr(SimulatedStudio, "embed", plant_vector)
    tap = Tap(centre.server.url)
    machine = centre.machine(tmp_path, SimulatedParts(pace=False), centre=tap.url)
    machine.begin_face()
    visit = machine.visit_now()
    visit.agree(by_guardian=False)
    assert visit.over.wait(PATIENCE)
    assert visit.passed
    machine.opened_by_face()
    assert len(set(planted)) > 60
    wire = tap.kept()
    memory = memory_of(centre.server.process.pid)
    disks = disk_of(tmp_path, centre.house.folder)
    tap.close()
    machine.close()
    for place, data in (("wire", wire), ("memory", memory), ("disk", disks)):
        assert visit.check.encode() in data, f"the search of {place} finds what is there"
        for secret in planted[::9]:
            for form in forms(secret):
                assert form not in data, place
    sent = wire.lower()
    for word in (b"score", b"similarity", b"embedding", b"template", b"image", b"distance"):
        assert word not in sent, word
    assert b'"frames_kept":0' in sent


def test_a_template_s_making_use_and_end_leave_nothing_of_it_on_the_wire_in_the_centre_or_in_clear(
    centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted: list[bytes] = []
    protect = kept.protect

    def plant(vector: np.ndarray, key: bytes) -> bytes:
        bits = protect(vector, key)
        planted.extend((bits[:48], vector.tobytes()[:48], key))
        return bits

    monkeypatch.setattr(kept, "protect", plant)
    tap = Tap(centre.server.url)
    about = centre.enrolled(tmp_path / "own", remember_days=30)
    machine = centre.machine(tmp_path, SimulatedParts(pace=False), about=about, centre=tap.url)
    number = remembered(machine)
    assert looked(machine, number) is Why.SAME
    check = machine.visit_now().check
    machine.report()
    disks = disk_of(tmp_path, centre.house.folder)
    machine.forget(number=number)
    machine.report()
    wire, memory = tap.kept(), memory_of(centre.server.process.pid)
    tap.close()
    machine.close()
    assert len(planted) >= 6
    for place, data in (("wire", wire), ("memory", memory), ("disk", disks)):
        assert check.encode() in data, place
        for secret in (*planted, number.encode()):
            assert [form in data for form in forms(secret)] == [False] * 5, place


def test_the_search_finds_a_frame_that_is_really_there(tmp_path: Path) -> None:
    secret = np.random.default_rng(1).integers(0, 256, 64, dtype=np.uint8).tobytes()
    (tmp_path / "raw").write_bytes(b"x" * 100 + secret)
    assert secret in disk_of(tmp_path)
    for shift in range(3):
        sent = base64.b64encode(b"p" * shift + secret)
        assert any(form in sent for form in forms(secret))
    assert any(form in secret.hex().encode() for form in forms(secret))
