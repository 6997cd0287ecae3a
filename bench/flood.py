"""A flood of new connections: what do those who are served already notice of it?

    python bench/flood.py [--store sqlite|postgres] [--people 200000] [--pairs 5] [--seconds 3]
                          [--connections 64] [--leave] [--newcomers 0]

Single checks in a closed loop, on connections that were there before; in every second run three processes
connect as fast as they are let, send half a head, and stay, or with ``--leave`` go at once. Pairs, for the speed of a
shared machine swings. The flood's own clients run at the lowest priority, and what counts is the CPU of the service for
each check, the flood's part of it included: on a machine that is shared with its flood the rate tells of the clients, too. Told
as well: what the flood alone costs, a newcomer and a second, and how long a polite newcomer waits for
its first answer. ``--newcomers`` sets ``LIANGMING_NEWCOMERS``.
"""

from __future__ import annotations

import argparse
import os
import resource
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from bench.generator import number
from bench.prepared import House, house
from bench.runs import SINGLE, body, failed, generate
from bench.usage import cpu_of, pids

CLIENTS: Final = 3
HELD: Final = 6_000  # connections of one process at most; then the oldest goes for a new one
BEGIN: Final = 0.8  # seconds in which the polite ones connect


def flood(port: int, place: int, *, leaves: bool) -> None:
    """Connect again and again until the input ends; says how many connections were made, each second."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))  # who measures may go before all
    os.nice(19)
    print("ready", flush=True)
    sys.stdin.readline()
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    held: list[socket.socket] = []
    made = 0
    while True:
        one = socket.socket()
        one.settimeout(2)
        one.setsockopt(
            socket.IPPROTO_IP, 24, 1
        )  # IP_BIND_ADDRESS_NO_PORT: choose it when connecting
        with suppress(OSError):
            one.bind((f"127.0.0.{place + 2}", 0))
            one.connect(("127.0.0.1", port))
            one.send(b"POST /v1/checks:whole HTTP/1.1\r\nhost: 127")
            made += 1
        if leaves:
            one.close()
            continue
        held.append(one)
        if len(held) > HELD:
            held.pop(0).close()


@contextmanager
def flooded(port: int, *, leaves: bool) -> Iterator[Callable[[], None]]:
    """Three such processes, which connect from when they are told to."""
    command = [sys.executable, __file__, "--flood", str(port), "--place"]
    clients = [
        subprocess.Popen(
            [*command, str(n), *["--leave"] * leaves], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for n in range(CLIENTS)
    ]
    try:
        for each in clients:  # to begin takes them seconds on a busy machine
            assert each.stdout is not None
            each.stdout.readline()

        def begin() -> None:
            for each in clients:
                assert each.stdin is not None
                each.stdin.write(b"\n")
                each.stdin.flush()

        yield begin
    finally:
        for each in clients:
            each.kill()
        for each in clients:
            each.wait()
            assert each.stdin is not None
            assert each.stdout is not None
            each.stdin.close()
            each.stdout.close()


def held(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def outside(port: int) -> int:
    """How many stand in the kernel's row before the door."""
    lines = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    mine = (each for each in lines if each[3] == "0A" and int(each[1].split(":")[1], 16) == port)
    return sum(int(each[4].split(":")[1], 16) for each in mine)


def calm(port: int, pid: int, before: int) -> None:
    """Until all of the flood are gone, those outside too."""
    for _ in range(600):
        if held(pid) <= before + 20 and not outside(port):
            break
        time.sleep(0.05)
    time.sleep(0.5)


class Newcomer(threading.Thread):
    """Somebody polite who connects anew for each check, four times a second."""

    def __init__(self, port: int, made: House, first: int) -> None:
        super().__init__(daemon=True)
        self.port, self.first, self.done = port, first, threading.Event()
        self.template, self.token = body(made), made.tokens[-1]
        self.took: list[float] = []

    def run(self) -> None:
        while not self.done.wait(0.25):
            self.first += 1
            whole = self.template.encode().replace(b"{number}", number(self.first))
            head = (
                f"POST {SINGLE} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {self.token}\r\n"
                f"content-type: application/json\r\ncontent-length: {len(whole)}\r\n\r\n"
            )
            begin = time.perf_counter()
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 20) as one:
                one.sendall(head.encode() + whole)
                if b" 201 " in one.recv(4096):
                    self.took.append(time.perf_counter() - begin)


class Bench:
    def __init__(self, made: House, port: int, pid: int, said: argparse.Namespace) -> None:
        self.made, self.port, self.pid, self.said = made, port, pid, said
        self.before = held(pid)
        self.waits: list[float] = []

    def spent(self) -> dict[int, float]:
        return {each: cpu_of(each) for each in pids(self.made, self.pid)}

    def once(self, *, flood: bool) -> dict[str, Any]:
        """One run of the polite ones: their rate, and CPU of the service a check."""
        said = self.said
        plan: dict[str, Any] = {"tokens": self.made.tokens, "body": body(self.made), "path": SINGLE}
        plan |= {"connections": said.connections, "warm": BEGIN * 2.5, "seconds": said.seconds}
        plan["first"] = self.made.some(int(20_000 * (said.seconds + 3)))
        told: dict[str, Any] = {}
        polite = threading.Thread(target=lambda: told.update(generate(self.port, **plan)))
        if not flood:
            polite.start()
            time.sleep(BEGIN)
            self.measure(told, polite)
        else:
            with flooded(self.port, leaves=said.leave) as begin:
                polite.start()
                time.sleep(BEGIN)
                begin()
                self.measure(told, polite)
            calm(self.port, self.pid, self.before)
        return told

    def measure(self, told: dict[str, Any], polite: threading.Thread) -> None:
        time.sleep(BEGIN * 1.5)
        newcomer = Newcomer(self.port, self.made, self.made.some(1_000))
        newcomer.start()
        before, begin = self.spent(), time.monotonic()
        time.sleep(self.said.seconds * 0.95)
        used = sum(now - before.get(each, now) for each, now in self.spent().items())
        took = time.monotonic() - begin
        held_now = held(self.pid) - self.before
        newcomer.done.set()
        polite.join()
        told |= {"cores": used / took, "each": used / took / max(1, told["rate"]) * 1e6}
        told |= {"held": held_now, "waits": newcomer.took}

    def alone(self) -> None:
        """What the flood costs where nobody else is."""
        with flooded(self.port, leaves=self.said.leave) as begin:
            begin()
            time.sleep(3)  # those who may come at once are there
            before, many, since = self.spent(), held(self.pid), time.monotonic()
            time.sleep(self.said.seconds)
            used = sum(now - before.get(each, now) for each, now in self.spent().items())
            came, took = held(self.pid) - many, time.monotonic() - since
        calm(self.port, self.pid, self.before)
        after = self.spent()
        used_all = sum(now - before.get(each, now) for each, now in after.items())
        print(
            f"flood alone: {used / took:.2f} of a core; {came / took:,.0f} more connections a second",
            end="",
        )
        print(
            ""
            if self.said.leave
            else f", {used_all / max(1, came) * 1e6:.0f} µs each till its end",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--store", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--leave", action="store_true", help="they go at once and come again")
    parser.add_argument("--newcomers", default="", help="LIANGMING_NEWCOMERS of the service")
    parser.add_argument("--flood", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--place", type=int, help=argparse.SUPPRESS)
    said = parser.parse_args()
    if said.flood:
        flood(said.flood, said.place, leaves=said.leave)
        return
    if said.newcomers:
        os.environ["LIANGMING_NEWCOMERS"] = said.newcomers
    with house(said.store, said.people) as made, made.server() as (port, pid):
        bench = Bench(made, port, pid, said)
        bench.once(flood=False)  # the client is known, caches are full
        bench.alone()
        quiet, beside = [], []
        for n in range(said.pairs):
            for flood_now in (True, False) if n % 2 else (False, True):
                (beside if flood_now else quiet).append(bench.once(flood=flood_now))
        for what, column in (("without", quiet), ("beside a flood", beside)):
            middle = lambda name: statistics.median(each[name] for each in column)  # noqa: B023, E731
            waits = sorted(wait for each in column for wait in each["waits"])
            print(
                f"{what:15} {middle('rate'):7,.0f}/s  CPU {middle('each'):6.0f} µs a check"
                f"  {middle('cores'):.2f} cores  p50 {middle('p50'):6.1f} p99 {middle('p99'):6.1f} ms"
                f"  {middle('held'):,.0f} connections  failed {sum(map(failed, column))}"
                f"  a newcomer waits {statistics.median(waits) * 1e3 if waits else -1:,.0f} ms,"
                f" longest {waits[-1] * 1e3 if waits else -1:,.0f} ({len(waits)})"
            )
        for name, one_over in (("rate", False), ("each", True)):
            pairs = [
                q[name] / b[name] if one_over else b[name] / q[name]
                for q, b in zip(quiet, beside, strict=True)
            ]
            what = "CPU a check without ÷ beside" if one_over else "rate beside ÷ without"
            print(f"{what:30} {statistics.median(pairs):.2f} ({min(pairs):.2f}–{max(pairs):.2f})")
    print(f"load of the machine {', '.join(f'{n:.1f}' for n in os.getloadavg())}")


if __name__ == "__main__":
    main()
