"""Houses with millions of people in them, kept between runs in a folder under /tmp.

The people are rows of random bytes in the shape of sealed records; only their number matters: it
makes the indexes as deep as an operator's would be. A house is migrated, has keys, scenes and API
keys of sixteen clients, and is used by the server as any other.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.postgres_cluster import Cluster, _binaries

from bench.devices import enrolled
from liangming import access
from liangming.assembly import Settings, premises
from liangming.storage import migrate
from liangming.storage.opened import connect

KEPT: Final = Path(tempfile.gettempdir()) / f"liangming-bench-{os.getuid()}"
OPERATOR: Final = "shili-express"
SCENE: Final = "shili-counter"
CLIENTS: Final = 16
WRAPPED, SEALED = 79, 163  # bytes of a wrapped key and of a sealed record
PART: Final = 50_000  # people filled in at once; more go in 256 parts
READY: Final = "http://127.0.0.1:"


@dataclass
class House:
    """A house to serve from."""

    store: str
    folder: Path
    url: str
    tokens: tuple[str, ...] = ()
    notice: str = ""
    devices: str = ""  # the file of those whose clocks are off (bench/devices.py)
    first: int = 0
    cluster: Cluster | None = field(default=None, repr=False)

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "LIANGMING_DATA": str(self.folder),
            "LIANGMING_DATABASE": self.url,
            "LIANGMING_SCENES": str(ROOT / "examples" / "scenes"),
            "LIANGMING_MODE": "development",
        }

    def settings(self) -> Settings:
        return Settings.read(self.environment)

    def some(self, many: int) -> int:
        """Numbers that no run before used."""
        first, self.first = self.first, self.first + many
        (self.folder / "first").write_text(str(self.first))
        return first

    @contextmanager
    def server(self) -> Iterator[tuple[int, int]]:
        """The product in a process of its own: (port, pid)."""
        with started(
            [sys.executable, "-m", "liangming", "serve", "--port", "0"], self.environment
        ) as (process, port):
            yield port, process.pid


@contextmanager
def started(
    command: list[str], environment: dict[str, str] | None = None, port: int = 0
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A server process; its port is read from what it says, unless it is given."""
    said = tempfile.TemporaryFile()
    process = subprocess.Popen(command, env=environment, stderr=said, stdout=subprocess.DEVNULL)
    try:
        while not port:
            text = os.pread(said.fileno(), 65_536, 0).decode("utf-8", "replace")
            if READY in text:
                port = int(text.split(READY)[1].split("/")[0])
            elif process.poll() is not None:
                raise RuntimeError(f"{command} ended before it served: {text}")
            time.sleep(0.05)
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        yield process, port
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(30)
        process.kill()
        process.wait()
        said.close()


@contextmanager
def house(store: str, people: int, name: str = "", tree: Path = ROOT) -> Iterator[House]:
    """A house of this store with so many people; made on the first run. A name tells two apart.

    For another tree it is made and brought to its newest form by that tree: schemas differ.
    """
    if tree != ROOT:
        made_by(tree, store, people, name)
    folder = KEPT / "-".join(filter(None, (store, str(people), name)))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    cluster = _kept_cluster(folder) if store == "postgres" else None
    try:
        url = f"sqlite:///{folder / 'liangming.sqlite3'}" if cluster is None else cluster.url
        made = House(store, folder, url, cluster=cluster)
        _ready(made, people, migrates=tree == ROOT)
        yield made
    finally:
        if cluster is not None:
            cluster.down()


def made_by(tree: Path, store: str, people: int, name: str) -> None:
    """Let another tree see to its house."""
    words = "import sys; from pathlib import Path; from bench.prepared import house\n"
    words += "with house(sys.argv[1], int(sys.argv[2]), sys.argv[3]): pass"
    paths = os.pathsep.join((str(tree / "src"), str(tree)))
    subprocess.run(
        [sys.executable, "-c", words, store, str(people), name],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": paths},
        check=True,
    )


def _ready(made: House, people: int, *, migrates: bool = True) -> None:
    mark = made.folder / "ready.json"
    if not mark.exists():
        begin = time.perf_counter()
        migrate(made.url)
        fill_sqlite(made.url, people) if made.cluster is None else asyncio.run(
            fill_postgres(made.url, people)
        )
        tokens, notice = asyncio.run(_clients(made))
        mark.write_bytes(msgspec.json.encode({"tokens": tokens, "notice": notice}))
        took = time.perf_counter() - begin
        print(f"made a {made.store} house with {people:,} people in {took:.0f} s: {made.folder}")
    if migrates:
        migrate(made.url)
    held = msgspec.json.decode(mark.read_bytes())
    made.tokens, made.notice = tuple(held["tokens"]), held["notice"]
    devices = made.folder / "devices.json"
    if not devices.exists():
        devices.write_bytes(msgspec.json.encode(asyncio.run(_devices(made))))
    made.devices = str(devices)
    begun = made.folder / "first"
    made.first = int(begun.read_text()) if begun.exists() else 0


async def _clients(made: House) -> tuple[list[str], str]:
    async with premises(made.settings(), allow_test_region=True) as inside:
        tokens = [
            await access.create(inside, name=f"bench {n}", operator=OPERATOR)
            for n in range(CLIENTS)
        ]
        return tokens, inside.notice(inside.scenes[SCENE]).digest


async def _devices(made: House) -> dict[str, object]:
    async with premises(made.settings(), allow_test_region=True) as inside:
        return await enrolled(inside, OPERATOR, SCENE)


def parts(people: int) -> Iterator[tuple[bytes, int]]:
    """Parts of the register in the order of the key: its first byte, and how many people begin with it.

    A part fits in memory whatever the whole is, the index is still written once, from left to right,
    and keys are as evenly spread as real ones.
    """
    heads = [bytes([n]) for n in range(256)] if people > PART else [b""]
    many, begin = len(heads), time.perf_counter()
    for n, head in enumerate(heads):
        yield head, people * (n + 1) // many - people * n // many
        took = time.perf_counter() - begin
        if n % 32 == 31:
            left = took / (n + 1) * (many - n - 1)
            done = people * (n + 1) // many
            print(f"    {done:,} people in {took:.0f} s, {left:.0f} s to go", flush=True)


def fill_sqlite(url: str, people: int) -> None:
    """Part by part, each a transaction; what an interrupted run left goes first."""
    connection = connect(Path(url.removeprefix("sqlite:///")), writes=True)
    connection.execute("PRAGMA secure_delete = OFF").fetchall()
    connection.execute("DELETE FROM persons").fetchall()
    for head, some in parts(people):
        connection.execute(
            "INSERT INTO persons (person, operator, index_version, wrapped_key, sealed,"
            " registered_at, last_seen_at, due_at)"
            " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
            " SELECT CAST(? || randomblob(?) AS BLOB) AS p, ?, 1, randomblob(?), randomblob(?),"
            " 1764000000000000 + i, 1764000000000000 + i, 4102444800000000 + i FROM n ORDER BY p",
            (some, head, 16 - len(head), OPERATOR, WRAPPED, SEALED),
        ).fetchall()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.close()


async def fill_postgres(url: str, people: int) -> None:
    """The same, set-based too."""
    import asyncpg

    connection = await asyncpg.connect(url)
    blob = "sha512(('{}' || i || random())::bytea)"
    await connection.execute("TRUNCATE persons")
    for head, some in parts(people):
        await connection.execute(
            "INSERT INTO persons (person, operator, index_version, wrapped_key, sealed,"
            " registered_at, last_seen_at, due_at)"
            f" SELECT $5::bytea || substring({blob.format('p')} for 16 - length($5)) AS p, $1, 1,"
            f" substring({blob.format('w')} || {blob.format('v')} for $3),"
            f" substring({blob.format('a')} || {blob.format('b')} || {blob.format('c')} for $4),"
            " 1764000000000000 + i, 1764000000000000 + i, 4102444800000000 + i"
            " FROM generate_series(1, $2::bigint) AS i ORDER BY p",
            OPERATOR,
            some,
            WRAPPED,
            SEALED,
            head,
            timeout=600,
        )
    await connection.execute("VACUUM (ANALYZE) persons", timeout=3600)
    await connection.execute("CHECKPOINT", timeout=3600)
    await connection.close()


def _kept_cluster(folder: Path) -> Cluster:
    """A private cluster whose data stay; settings as for one small machine, fsync on."""
    place = folder / "cluster"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    cluster = Cluster(f"postgresql://postgres@127.0.0.1:{port}/postgres", place, _binaries())
    if os.geteuid() == 0:
        for parent in (KEPT, folder):
            parent.chmod(0o711)
    if not (place / "data" / "PG_VERSION").exists():
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(mode=0o700)
        if os.geteuid() == 0:
            shutil.chown(place, "postgres", "postgres")
        cluster._run("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8")
        with (place / "data" / "postgresql.conf").open("a") as settings:
            settings.write(
                "listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\n"
                "shared_buffers = 1GB\nmax_wal_size = 8GB\ncheckpoint_timeout = 15min\n"
                "log_min_messages = fatal\nwal_compression = off\n"
            )
    with (place / "data" / "postgresql.auto.conf").open("w") as settings:
        settings.write(f"port = {port}\n")
    if os.geteuid() == 0:
        shutil.chown(place / "data" / "postgresql.auto.conf", "postgres", "postgres")
    (place / "data" / "postmaster.pid").unlink(missing_ok=True)
    cluster.up()
    return cluster
