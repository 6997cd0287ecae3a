"""What processes use: their CPU, their memory, and which they are. From /proc, so Linux only."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from tests.family import family

from bench.prepared import House

TICKS: Final = os.sysconf("SC_CLK_TCK")
NAMES: Final = {
    "apart_process": "writer",
    "committer_process": "writer",
    "log_process": "log",
    "postgres": "database",
}


def cpu_of(pid: int) -> float:
    """Seconds of CPU that a process used, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(fields[n]) for n in (11, 12)) / TICKS


def memory_of(pid: int) -> float:
    """MiB that a process holds of its own, and its share of what it holds with others.

    Left out is what is mapped from files: of a library the share rises when other programs end,
    and pages of a database that SQLite maps are the kernel's to take. PostgreSQL's processes all
    hold its shared buffers, which the resident size of each counts again.
    """
    said = Path(f"/proc/{pid}/smaps_rollup").read_text()
    parts = (int(said.split(f"\n{kind}:")[1].split()[0]) for kind in ("Pss_Anon", "Pss_Shmem"))
    return sum(parts) / 1024


def name_of(pid: int) -> str:
    """What a process of the service is."""
    said = Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace")
    return next((name for word, name in NAMES.items() if word in said), "front")


def pids(made: House, *servers: int) -> list[int]:
    """All processes of these servers, and of their database."""
    found = [pid for server in servers for pid in family(server)]
    if made.cluster is not None:
        assert made.cluster.folder is not None
        mark = made.cluster.folder / "data" / "postmaster.pid"
        found += family(int(mark.read_text().split()[0]))
    return found


def kept(made: House) -> dict[str, float]:
    """MiB on the disk: the database with its write-ahead log, and the log of evidence."""
    parts = {"database": 0, "log": 0}
    for folder, _, names in os.walk(made.folder):  # what goes away meanwhile is passed over
        for name in names:
            each = Path(folder, name)
            part = "database" if "sqlite3" in name or "cluster" in each.parts else "log"
            with suppress(FileNotFoundError):
                parts[part] += each.stat().st_size
    return {name: size / (1 << 20) for name, size in parts.items()}
