"""A device in a network namespace of its own: one cable to the centre, and tcpdump on it."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.patience import PATIENCE

# Four addresses of its own for each process that tests: several may lay their cables at once.
_NET = f"10.203.{os.getpid() % 250}.{{}}"
_FIRST = os.getpid() // 250 % 60 * 4
CENTRE, DEVICE = _NET.format(_FIRST + 1), _NET.format(_FIRST + 2)


@dataclass(frozen=True)
class Cable:
    """The only way out of the namespace."""

    space: str
    wire: str  # this end's interface
    file: Path  # what tcpdump wrote

    def run(self, *words: str) -> list[str]:
        """A command inside the namespace."""
        return ["ip", "netns", "exec", self.space, *words]


def _ip(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["ip", *words], capture_output=True, text=True, check=False, timeout=PATIENCE
    )


def why_not() -> str:
    """Why no namespace can be made here; empty if one can."""
    if shutil.which("ip") is None:
        return "needs iproute2"
    if os.geteuid() != 0:
        return "needs root: only root may make network namespaces"
    probe = f"lmp{os.getpid()}"
    made = _ip("netns", "add", probe)
    if made.returncode:
        return "this machine does not let its root make network namespaces"
    pair = _ip("link", "add", f"{probe}h", "type", "veth", "peer", "name", f"{probe}d")
    _ip("link", "del", f"{probe}h")
    _ip("netns", "del", probe)
    return "this machine has no veth pairs" if pair.returncode else ""


@contextmanager
def cable(folder: Path) -> Iterator[Cable]:
    """Lay the cable and listen on it; everything is taken away again."""
    name = f"lm{os.getpid()}"
    made = Cable(name, f"{name}h", folder / "wire.pcap")
    steps = (
        ("netns", "add", name),
        ("link", "add", made.wire, "type", "veth", "peer", "name", f"{name}d"),
        ("link", "set", f"{name}d", "netns", name),
        ("addr", "add", f"{CENTRE}/30", "dev", made.wire),
        ("link", "set", made.wire, "up"),
        ("-n", name, "addr", "add", f"{DEVICE}/30", "dev", f"{name}d"),
        ("-n", name, "link", "set", f"{name}d", "up"),
        ("-n", name, "link", "set", "lo", "up"),
    )
    try:
        for step in steps:
            done = _ip(*step)
            assert done.returncode == 0, (step, done.stderr)
        words = ["tcpdump", "-i", made.wire, "-U", "-s", "0", "-w", str(made.file), "-Z", "root"]
        with subprocess.Popen(words, stderr=subprocess.PIPE) as ear:
            assert ear.stderr is not None
            assert any(b"listening" in line for line in ear.stderr), "tcpdump did not begin"
            try:
                yield made
            finally:
                ear.terminate()
                ear.wait(PATIENCE)
    finally:
        _ip("link", "del", made.wire)
        _ip("netns", "del", name)


def heard(file: Path, length: int) -> dict[tuple[str, str], bytes]:
    """Every stream, once they hold so many bytes: tcpdump writes behind what happens."""
    until = time.monotonic() + PATIENCE
    while sum(map(len, (told := streams(file.read_bytes())).values())) < length:
        assert time.monotonic() < until, "tcpdump did not hear all"
        time.sleep(0.05)
    return told


def streams(pcap: bytes) -> dict[tuple[str, str], bytes]:
    """The bytes of every TCP connection and way, in order, by who spoke to whom.

    Raises:
        ValueError: another kind of capture, or a gap in it.
    """
    if pcap[:4] != b"\xd4\xc3\xb2\xa1" or struct.unpack("<I", pcap[20:24])[0] != 1:
        raise ValueError("no little-endian Ethernet capture")
    parts: dict[tuple[str, str], dict[int, bytes]] = {}
    place = 24
    while place + 16 <= len(pcap):
        held = struct.unpack("<I", pcap[place + 8 : place + 12])[0]
        frame, place = pcap[place + 16 : place + 16 + held], place + 16 + held
        if frame[12:14] != b"\x08\x00" or frame[23] != 6:
            continue
        ip = frame[14:]
        size, head = struct.unpack(">H", ip[2:4])[0], (ip[0] & 15) * 4
        tcp = ip[head : size or None]
        one, two = struct.unpack(">HH", tcp[:4])
        who = (
            f"{ip[12]}.{ip[13]}.{ip[14]}.{ip[15]}:{one}",
            f"{ip[16]}.{ip[17]}.{ip[18]}.{ip[19]}:{two}",
        )
        payload = tcp[(tcp[12] >> 4) * 4 :]
        sequence = struct.unpack(">I", tcp[4:8])[0] + bool(tcp[13] & 2)
        flow = parts.setdefault(who, {})
        if tcp[13] & 2:
            flow[sequence] = b""
        if payload and len(payload) > len(flow.get(sequence, b"")):
            flow[sequence] = payload
    return {who: _joined(flow) for who, flow in parts.items()}


def _joined(flow: dict[int, bytes]) -> bytes:
    text, start = b"", min(flow)
    for sequence in sorted(flow):
        here = sequence - start
        if here > len(text):
            raise ValueError("a gap in the capture")
        text = text[:here] + flow[sequence] if here + len(flow[sequence]) > len(text) else text
    return text
