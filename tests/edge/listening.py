"""Where processes listen, by the kernel's own tables (Linux)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

from tests.family import family

_LISTENS = "0A"


def sockets(pid: int) -> Iterator[str]:
    """The numbers of the sockets that a process holds."""
    for each in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            kind, _, number = str(each.readlink()).partition(":")
            if kind == "socket":
                yield number.strip("[]")


def addresses(pid: int) -> set[IPv4Address | IPv6Address]:
    """The addresses at which a process or one that it started listens, by TCP or UDP."""
    held = {number for process in family(pid) for number in sockets(process)}
    found = set()
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            # UDP has no listening: whatever is bound and not connected is told of any sender.
            open_to_all = fields[3] == _LISTENS or (table[:3] == "udp" and fields[3] == "07")
            if open_to_all and fields[9] in held:
                words = bytes.fromhex(fields[1].partition(":")[0])
                # Each word of four bytes stands there in the machine's own order.
                ordered = b"".join(words[n : n + 4][::-1] for n in range(0, len(words), 4))
                found.add(ip_address(ordered))
    return found
