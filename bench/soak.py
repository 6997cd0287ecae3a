"""Minutes of steady load: does memory stay, does latency stay, what does the disk take?

For bench/load.py. A line every ten seconds; in the end, of each kind of process, its memory at the
start and at the end and the slope of the least squares line through all of it. The first fifth is left out of
the slope: caches fill up to their bounds then.
"""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from typing import Any

from bench.prepared import House
from bench.runs import SINGLE, failed, generate
from bench.usage import cpu_of, kept, memory_of, name_of, pids

STEP = 10.0  # seconds a line


class Watched:
    """What was seen, a sample a line."""

    def __init__(self, made: House, server: int) -> None:
        self.made, self.server = made, server
        self.minutes: list[float] = []
        self.sizes: dict[str, list[float]] = defaultdict(list)  # MiB by kind of process
        self.disk = [kept(made)]
        self.checks = 0
        self.latest: list[float] = []
        self.begin = time.monotonic()
        self.cpu = self.spent()

    def spent(self) -> dict[int, float]:
        return {pid: cpu_of(pid) for pid in pids(self.made, self.server)}

    def look(self, result: dict[str, Any]) -> None:
        """After one step of load."""
        self.minutes.append((time.monotonic() - self.begin) / 60)
        held: dict[str, float] = defaultdict(float)
        for pid in pids(self.made, self.server):
            held[name_of(pid)] += memory_of(pid)
        for name, size in held.items():
            self.sizes[name].append(size)
        self.disk.append(kept(self.made))
        self.checks += result["sent"]
        self.latest.append(result["p99"])

    def slope(self, sizes: list[float]) -> float:
        """MiB an hour, by least squares, without the first fifth."""
        skip = len(sizes) // 5
        if len(sizes) - skip < 3:
            return 0.0
        return statistics.linear_regression(self.minutes[skip:], sizes[skip:]).slope * 60

    def tell(self) -> None:
        store, took = self.made.store, self.minutes[-1] * 60
        print(f"{store}: {self.checks:,} checks in {took / 60:.1f} minutes; memory in MiB")
        print(
            "    process       first  a fifth on    last   largest    slope MiB/h   a 10^6 checks"
        )
        for name, sizes in self.sizes.items():
            early, slope = sizes[len(sizes) // 5], self.slope(sizes)
            each = slope / 3600 * took / max(1, self.checks) * 1e6
            print(
                f"    {name:10}{sizes[0]:9.1f}{early:12.1f}{sizes[-1]:8.1f}{max(sizes):10.1f}"
                f"{slope:15.2f}{each:16.2f}"
            )
        third = max(1, len(self.latest) // 3)
        early, late = (
            statistics.median(part) for part in (self.latest[:third], self.latest[-third:])
        )
        print(f"    p99, ms, median of the first third {early:.1f}, of the last {late:.1f}")
        for name, size in self.disk[-1].items():
            grew = size - self.disk[0][name]
            print(
                f"    disk, {name}: {size:,.0f} MiB, {grew:,.0f} of it new:"
                f" {grew * (1 << 20) / max(1, self.checks):,.0f} bytes a check"
            )
        used = sum(spent - self.cpu.get(pid, 0.0) for pid, spent in self.spent().items())
        print(
            f"    CPU {used / max(1, self.checks) * 1e6:.0f} µs a check,"
            f" {used / took:.2f} of the cores"
        )


def soak(
    port: int, pid: int, made: House, plan: dict[str, Any], rate: float, minutes: float
) -> None:
    """Steady load for so long; a batch plan keeps its batches."""
    lines = plan.get("lines", 1)
    print(f"    soak at {rate:,.0f} checks/s for {minutes:g} minutes")
    print("    minute   MiB of all    checks/s    p50 ms    p99 ms   longest   failed")
    seen = Watched(made, pid)
    more = {"path": SINGLE, "connections": 64} | plan
    more |= {"rate": rate / lines, "seconds": STEP, "warm": 0}
    try:
        while time.monotonic() - seen.begin < minutes * 60:
            result = generate(port, **more | {"first": made.some(int(rate * STEP * 2))})
            seen.look(result)
            print(
                f"    {seen.minutes[-1]:6.1f}{sum(sizes[-1] for sizes in seen.sizes.values()):13.1f}"
                f"{result['lines'] if lines > 1 else result['rate']:12,.0f}{result['p50']:10.2f}"
                f"{result['p99']:10.1f}{result['longest']:10.0f}{failed(result):9}",
                flush=True,
            )
    finally:  # stopped early: what was seen is told
        if seen.minutes:
            seen.tell()
