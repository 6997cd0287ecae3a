"""The product as an operator runs it: ``python -m liangming serve`` in a process of its own.

Only on loopback, only in a folder of the test, and only processes started here are stopped.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Self

import httpx
from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples" / "scenes"
OPERATOR = "shili-express"
COUNTER = "shili-counter"
READY = re.compile(r"http://127\.0\.0\.1:(\d+)/")

# As loud as logging goes: the handler that is there first keeps the product from setting INFO.
LOUD = (
    "import logging; logging.basicConfig(level=logging.DEBUG); logging.debug('all is said');"
    "from liangming.cli import main; main()"
)


@dataclass
class House:
    """A folder with data, and the environment in which every command runs."""

    folder: Path
    database: str = ""
    scenes: Path = EXAMPLES
    loud: bool = False

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def address(self) -> str:
        return self.database or f"sqlite:///{self.data / 'liangming.sqlite3'}"

    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "LIANGMING_DATA": str(self.data),
            "LIANGMING_DATABASE": self.database,
            "LIANGMING_SCENES": str(self.scenes),
            "LIANGMING_MODE": "development",
            "PYTHONUTF8": "1",
            "PYTHONUNBUFFERED": "1",
            "COLUMNS": "160",
        }

    def command(self, *words: str) -> list[str]:
        start = ["-c", LOUD] if self.loud else ["-m", "liangming"]
        return [sys.executable, *start, *words]

    def run(self, *words: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """One command to its end."""
        return subprocess.run(
            self.command(*words),
            input=stdin,
            capture_output=True,
            cwd=self.folder,
            env=self.environment(),
            timeout=PATIENCE,
            check=False,
        )

    def key(self, *scopes: str, operator: str = OPERATOR) -> str:
        """A new API key; while no server runs, since SQLite admits one writer."""
        more = [part for scope in scopes for part in ("--scope", scope)]
        done = self.run("keys", "add", "e2e", "--operator", operator, *more)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode().strip()

    def start(self) -> Server:
        """A server that answers."""
        server = Server.begin(self)
        server.wait_until_ready()
        return server


@dataclass
class Server:
    """One server process."""

    process: subprocess.Popen[bytes]
    port: int = 0
    output: dict[str, list[bytes]] = field(default_factory=dict)
    _readers: list[threading.Thread] = field(default_factory=list)
    _ready: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def begin(cls, house: House, *words: str, start_new_session: bool = False) -> Server:
        """Start, without waiting."""
        process = subprocess.Popen(
            house.command("serve", "--port", "0", *words),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=house.folder,
            env=house.environment(),
            start_new_session=start_new_session,
        )
        server = cls(process)
        for name, pipe in (("stdout", process.stdout), ("stderr", process.stderr)):
            assert pipe is not None
            reader = threading.Thread(target=server._read, args=(name, pipe), daemon=True)
            server._readers.append(reader)
            reader.start()
        return server

    def _read(self, name: str, pipe: IO[bytes]) -> None:
        lines = self.output.setdefault(name, [])
        for line in pipe:
            lines.append(line)
            found = READY.search(line.decode("utf-8", "replace"))
            if found and not self.port and name == "stderr":
                self.port = int(found.group(1))
                self._ready.set()
        pipe.close()
        if name == "stderr":
            self._ready.set()  # it ended: waiting longer is of no use

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def said(self) -> bytes:
        """All it wrote to its standard streams."""
        return b"".join(b"".join(lines) for lines in self.output.values())

    def wait_until_ready(self) -> None:
        if not self._ready.wait(PATIENCE) or not self.port:
            self.kill()
            raise AssertionError(self.said().decode("utf-8", "replace"))

    def child(self, module: str) -> int:
        """The number of a process that it started to run a module; waits until there is one."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for task in Path(f"/proc/{self.process.pid}/task").iterdir():
                for pid in (task / "children").read_text().split():
                    with suppress(OSError):
                        if module.encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                            return int(pid)
            time.sleep(0.02)
        raise AssertionError(f"no process of {module}")

    def kill(self) -> None:
        """Without warning."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.ended()

    def stop(self) -> int:
        """Asked politely; gives the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.ended()

    def ended(self) -> int:
        """The exit status, once all output was read."""
        try:
            status = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(PATIENCE)
            raise
        finally:
            for reader in self._readers:
                reader.join(PATIENCE)
        return status

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


def client(server: Server, key: str, **more: Any) -> httpx.Client:
    """An API client of the server."""
    headers = {"authorization": f"Bearer {key}", **more.pop("headers", {})}
    return httpx.Client(
        base_url=server.url, headers=headers, timeout=PATIENCE, trust_env=False, **more
    )


def whole(notice: str, number: str, name: str = "演示甲", **evidence: object) -> dict[str, object]:
    """A whole check at the counter, which passes unless told otherwise."""
    return {
        "scene": COUNTER,
        "notice": notice,
        "method": "document.seen",
        "evidence": {
            "kind": "document",
            "document": "resident_card",
            "number": number,
            "name": name,
            "waybill_name": name,
            "expires": "长期",
            **evidence,
        },
    }


def notice_of(http: httpx.Client, scene: str = COUNTER) -> str:
    """The digest of the notice in force."""
    answer = http.get(f"/v1/scenes/{scene}")
    assert answer.status_code == 200, answer.text
    return str(answer.json()["notice"])


def ndjson(lines: Sequence[Mapping[str, object]]) -> bytes:
    return b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)
