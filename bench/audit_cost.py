"""What a part of ``bench/audit.py`` cost: CPU with all children, memory, medians of pairs, and the line that says so."""

from __future__ import annotations

import json
import os
import resource
import statistics
import sys
import time
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


class Spent:
    """CPU and time of what is done with each file, here and nowhere else."""

    waits = False
    """Whether each file waits for its turn: another process does the same file before or after."""

    def __init__(self):
        self.cost = {"cpu": 0.0, "wall": 0.0}

    def each(self, files):
        for file in files:
            if self.waits:
                print("ready", flush=True)
                sys.stdin.readline()
            cpu, begun = usage(), time.perf_counter()
            yield file
            self.cost["cpu"] += usage() - cpu
            self.cost["wall"] += time.perf_counter() - begun


def told(parts, asked):
    """Run one part here and print what it cost."""
    Spent.waits = asked.get("turns", False)
    begun, cpu = time.perf_counter(), usage()
    answer = parts[asked["part"]](asked["files"], asked["folder"])
    answer.setdefault("cpu", usage() - cpu)
    answer.setdefault("wall", time.perf_counter() - begun)
    answer["mb"] = largest()
    print(json.dumps(answer))


class Told:
    """A line that says what is being done, where somebody looks; gone before the next result."""

    def __init__(self):
        self._seen = sys.stderr.isatty()

    def __call__(self, doing):
        if self._seen:
            print(f"\r\033[K{doing} …", end="", file=sys.stderr, flush=True)

    def line(self, text):
        if self._seen:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
        print(text, flush=True)


def in_pairs(start, parts, rounds, tell):
    """Parts beside each other, again and again, each of them first as often as the other.

    Returns:
        What each cost, by part, round by round.
    """
    found = {part: [] for part in parts}
    for turn in range(rounds):
        order = parts if turn % 2 == 0 else parts[::-1]
        tell(f"{' and '.join(parts)}, {turn + 1} of {rounds}")
        for part, cost in zip(order, beside(start, order), strict=True):
            found[part].append(cost)
    return found


def in_turn(alone, parts, files, folder, rounds, tell):
    """Each part once a round, there and back again, so that none has the better half of a minute.

    Returns:
        What each cost, by part, round by round.
    """
    found = {part: [] for part in parts}
    for turn in range(rounds):
        for part in parts if turn % 2 == 0 else parts[::-1]:
            tell(f"{part}, {turn + 1} of {rounds}")
            found[part].append(alone(part, files, str(folder)))
    return found


def beside(start, parts):
    """Parts in fresh processes that take each file one after the other: a core that slows down does so for all.

    Args:
        start: starts a part whose files wait for their turn.
        parts: which, in the order in which each file is taken.

    Returns:
        What each cost, in that order.
    """
    running = [start(part) for part in parts]
    said = {}
    try:
        waiting = dict(zip(parts, running, strict=True))
        while waiting:
            for part, process in list(waiting.items()):
                if part in said:
                    process.stdin.write("\n")
                    process.stdin.flush()
                said[part] = process.stdout.readline()
                if said[part] != "ready\n":
                    del waiting[part]
        for part, process in zip(parts, running, strict=True):
            if process.wait():
                raise SystemExit(f"{part}: {process.stderr.read()[-2000:]}")
    finally:
        for process in running:
            process.kill()
            process.communicate()
    return [json.loads(said[part]) for part in parts]


def middle(found):
    """The run with the median CPU, the lower of two."""
    return sorted(found, key=lambda one: one["cpu"])[(len(found) - 1) // 2]


def of_pairs(above, below):
    """The ratio of CPU of runs that stood beside each other: median, least and most."""
    ratios = [one["cpu"] / other["cpu"] for one, other in zip(above, below, strict=True)]
    return (
        f"median {statistics.median(ratios):.2f}, {min(ratios):.2f} to {max(ratios):.2f},"
        f" {len(ratios)} pairs"
    )


def line(name, found, rows, base):
    return (
        f"{name:34} {found['cpu']:8.2f} CPU-s {rows / found['cpu'] / 1e6:6.2f} M rows/CPU-s"
        f" {found['cpu'] / base['cpu']:6.2f} × raw {found['wall']:7.1f} s wall {found['mb']:6,} MB"
        + (f"  {found['cells']:,} cells" if "cells" in found else "")
    )
