"""More connections than a service has descriptors for: do the polite notice, and what does each take?

    python bench/crowd.py [--connections 45000] [--seconds 5]

Clients in processes of their own connect from several loopback addresses, send half a head, and
stay; who is let go is counted. Single checks run before, beside and after, in a closed loop on 16 connections
that are made anew each time. SQLite, 20,000 people. How fast they come is not bounded here (bench/flood.py).
"""

from __future__ import annotations

import argparse
import os
import resource
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from bench.prepared import House, house
from bench.runs import SINGLE, body, failed, generate
from bench.usage import memory_of

EACH: Final = 15_000  # connections of one process


def stand(port: int, place: int, many: int) -> None:
    """Connect, send half a head, stay until told; say how many were let go."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    made, refused = [], 0
    for _ in range(many):
        one = socket.socket()
        one.settimeout(5)
        try:
            one.bind((f"127.0.0.{place + 2}", 0))
            one.connect(("127.0.0.1", port))
            one.send(b"POST /v1/checks:whole HTTP/1.1\r\nhost: 127")
            one.setblocking(False)
            made.append(one)
        except OSError:
            refused += 1
            one.close()
    print(f"{len(made)} connected, {refused} not", flush=True)
    sys.stdin.readline()
    gone = 0
    for one in made:
        try:
            gone += one.recv(1) == b"" or 1
        except BlockingIOError:
            continue
        except OSError:
            gone += 1
    print(f"{gone} were let go", flush=True)


def polite(port: int, made: House, said: argparse.Namespace, when: str, pid: int) -> None:
    plan: dict[str, Any] = {"tokens": made.tokens, "body": body(made), "warm": 0.5}
    plan |= {"path": SINGLE, "connections": 16, "seconds": said.seconds}
    result = generate(port, **plan | {"first": made.some(int(10_000 * said.seconds))})
    held = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    print(
        f"{when:8} {result['rate']:7,.0f}/s  p50 {result['p50']:6.1f}  p99 {result['p99']:7.1f} ms"
        f"  failed {failed(result)}  descriptors {held:,}  front {memory_of(pid):,.0f} MiB",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--connections", type=int, default=45_000)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--stand", type=int, nargs=3, help=argparse.SUPPRESS)
    said = parser.parse_args()
    if said.stand:
        stand(*said.stand)
        return
    os.environ["LIANGMING_NEWCOMERS"] = "off"
    with house("sqlite", 20_000) as made, made.server() as (port, pid):
        polite(port, made, said, "before", pid)
        clients: list[subprocess.Popen[str]] = []
        try:
            begin = time.monotonic()
            for place, first in enumerate(range(0, said.connections, EACH)):
                many = min(EACH, said.connections - first)
                command = [sys.executable, __file__, "--stand", str(port), str(place), str(many)]
                clients.append(
                    subprocess.Popen(
                        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
                    )
                )
            polite(port, made, said, "coming", pid)
            for each in clients:
                assert each.stdout is not None
                print("    " + each.stdout.readline().strip())
            print(f"    all are there after {time.monotonic() - begin:.0f} s")
            polite(port, made, said, "beside", pid)
            for each in clients:
                out, _ = each.communicate("\n")
                print("    " + out.strip())
        finally:
            for each in clients:
                with suppress(ProcessLookupError):
                    each.kill()
                each.wait()
        time.sleep(1)
        polite(port, made, said, "after", pid)


if __name__ == "__main__":
    main()
