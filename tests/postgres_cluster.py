"""A PostgreSQL for the tests: the one of ``LIANGMING_TEST_POSTGRES``, or a private cluster.

The private cluster runs Debian's binaries on a loopback port of its own, with fsync on, and is
stopped at the end. As root it runs under the ``postgres`` account, since PostgreSQL refuses root.
Each :meth:`Cluster.database` is fresh.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from tests.patience import free_port


class Cluster:
    """A server to make databases in; ``folder`` is None when it is not ours to stop."""

    def __init__(self, url: str, folder: Path | None = None, binaries: Path | None = None) -> None:
        self.url = url
        self.folder = folder
        self._binaries = binaries

    @classmethod
    def start(cls) -> Cluster:
        binaries = _binaries()
        folder = Path(tempfile.mkdtemp(prefix="liangming-pg-"))
        cluster = cls("", folder, binaries)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        cluster._run("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8")
        with (folder / "data" / "postgresql.conf").open("a") as settings:
            settings.write(
                "listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\n"
                "max_connections = 60\nshared_buffers = 64MB\nlog_min_messages = fatal\n"
            )
        port = free_port()
        with (folder / "data" / "postgresql.conf").open("a") as settings:
            settings.write(f"port = {port}\n")
        cluster.url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        try:
            cluster.up()
        except BaseException:
            cluster.remove()
            raise
        return cluster

    def up(self) -> None:
        self._run("pg_ctl", "-w", "-t", "60", "-l", str(self.folder / "log"), "start")

    def down(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "-w", "-m", mode, "stop")

    def remove(self) -> None:
        if self.folder is None:
            return
        pid = self.folder / "data" / "postmaster.pid"
        if pid.exists():
            with contextlib.suppress(subprocess.SubprocessError):
                self.down("immediate")
        if pid.exists():
            with contextlib.suppress(ProcessLookupError, ValueError):
                os.kill(int(pid.read_text().split()[0]), signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def database(self) -> str:
        """The address of a fresh, empty database."""
        name = f"liangming_test_{secrets.token_hex(6)}"
        asyncio.run(self._execute(f"CREATE DATABASE {name}"))
        return urlunsplit(urlsplit(self.url)._replace(path="/" + name))

    def drop(self, url: str) -> None:
        name = urlsplit(url).path[1:]
        asyncio.run(self._execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))

    async def _execute(self, sql: str) -> None:
        import asyncpg

        connection = await asyncpg.connect(self.url)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._binaries / program), "-D", str(self.folder / "data"), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(
            command,
            check=True,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=120,
        )


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    if found:
        return found[0].parent
    if os.environ.get("CI") == "true":
        pytest.fail("CI must have PostgreSQL: set LIANGMING_TEST_POSTGRES or install postgresql")
    pytest.skip(
        "no PostgreSQL: LIANGMING_TEST_POSTGRES is unset and Debian's binaries are absent: sudo apt install postgresql"
    )


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    given = os.environ.get("LIANGMING_TEST_POSTGRES")
    if given:
        yield Cluster(given)
        return
    cluster = Cluster.start()
    try:
        yield cluster
    finally:
        cluster.remove()
