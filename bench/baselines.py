"""What the service under load is held against, each on the same machine: for bench/load.py.

A raw ASGI echo of the same body, raw set-based inserts of the same rows, and a naive service that commits
each request by itself.
"""

from __future__ import annotations

import argparse
import asyncio
import socket
import statistics
import sys
import tempfile
import time

from bench.prepared import House, started
from bench.rows import groups, insert_postgres, insert_sqlite
from bench.runs import HERE, SINGLE, repeated


def echo(chosen: argparse.Namespace, text: str, connections: int) -> float:
    """The server without the product: it reads the call and sends it back."""
    port = free_port()
    with started([sys.executable, str(HERE / "echo.py"), str(port)], port=port):
        runs = repeated(chosen.runs, port, list, 1, path=SINGLE, body=text, seconds=chosen.seconds,
                        connections=connections)  # fmt: skip
    return runs.median("rate")


def naive(chosen: argparse.Namespace, made: House, text: str) -> float:
    """On the same kind of database as the house, in a database of its own."""
    port = free_port()
    with tempfile.TemporaryDirectory(dir=made.folder) as folder:
        if made.cluster is None:
            url = f"sqlite:///{folder}/naive.sqlite3"
        else:
            url = made.cluster.database().replace("postgresql://", "postgresql+psycopg://")
        with started([sys.executable, str(HERE / "naive.py"), str(port), url], port=port):
            runs = repeated(chosen.runs, port, list, 1, path=SINGLE, body=text, first=0,
                            seconds=chosen.seconds, connections=32)  # fmt: skip
    return runs.median("rate")


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def raw(made: House, chosen: argparse.Namespace) -> float:
    """The same rows, ready, 100 checks a transaction, by the store's own set-based statements."""
    insert = insert_sqlite if made.cluster is None else insert_postgres
    ready = asyncio.run(groups(made, int(8_000 * chosen.seconds) // 100))
    rates = []
    for n in range(chosen.runs):
        part = ready[n :: chosen.runs]
        begin = time.perf_counter()
        insert(made.url, part)
        rates.append(len(part) * 100 / (time.perf_counter() - begin))
    return statistics.median(rates)
