"""What a part of ``bench/audit.py`` cost: CPU with all children, memory, and the line that says so."""

from __future__ import annotations

import os
import resource
from pathlib import Path


def usage():
    """CPU seconds of this process and of those below it that ended."""
    own, children = (
        resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def below():
    """CPU of the processes below this one that still run: the Java virtual machine."""
    ticks = os.sysconf("SC_CLK_TCK")
    parents, used = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
            used[int(entry.name)] = (int(fields[11]) + int(fields[12])) / ticks
    mine, total = {os.getpid()}, 0.0
    for process in sorted(parents):
        if parents[process] in mine:
            mine.add(process)
            total += used[process]
    return total


def largest():
    """MiB of the largest resident set, of this process or of one below it."""
    own, children = (
        resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return max(own.ru_maxrss, children.ru_maxrss) // 1024


def line(name, found, rows, base):
    print(
        f"{name:34} {found['cpu']:8.2f} CPU-s {rows / found['cpu'] / 1e6:6.2f} M rows/CPU-s"
        f" {found['cpu'] / base['cpu']:6.2f} × raw {found['wall']:7.1f} s wall {found['mb']:6,} MB"
        + (f"  {found['cells']:,} cells" if "cells" in found else "")
    )
