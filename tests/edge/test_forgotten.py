"""After a picture was read, its bytes and its pixels are nowhere in the process and on no disk."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from tests.e2e.server import ROOT
from tests.edge.test_wire import disk_of, memory_of

SIZE = (480, 760)


def after_reading(
    folder: Path, kind: str, how: bytes = b"f", fields: int = 1
) -> tuple[bytes, list[bytes]]:
    """The memory and disks of a process that read a picture, and what must not be there."""
    pixels = np.random.default_rng(5).integers(0, 256, (*SIZE, 3), dtype=np.uint8)
    encoded = cv2.imencode(kind, pixels)[1].tobytes()
    seen = cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_COLOR)
    rows = [seen[row].tobytes()[600:648] for row in range(20, SIZE[0] - 20, 40)]
    pieces = [encoded[at : at + 48] for at in range(4000, len(encoded) - 4000, 40_000)]
    head = b'--x\r\nContent-Disposition: form-data; name="front"; filename="f"\r\n\r\n'
    body = head + encoded + b"\r\n--x--\r\n"
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
    with subprocess.Popen(
        [sys.executable, "-m", "tests.edge.reader_alone"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path, "TMPDIR": str(folder), "HOME": str(folder)},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(how + len(body).to_bytes(8, "big") + body)
        process.stdin.flush()
        assert process.stdout.readline() == b"%d\n" % fields, "fields were read"
        memory = memory_of(process.pid)
        process.stdin.write(b".")
        process.stdin.flush()
        assert process.wait(30) == 0
    return memory + disk_of(folder), rows + pieces


@pytest.mark.parametrize("kind", [".jpg", ".png"])
def test_nothing_of_a_picture_is_left_in_memory_or_on_disk(tmp_path: Path, kind: str) -> None:
    data, secrets = after_reading(tmp_path, kind)
    assert len(secrets) > 12
    assert [secret in data for secret in secrets] == [False] * len(secrets)


def test_the_process_that_asked_another_to_read_holds_nothing_of_it(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    data, secrets = after_reading(tmp_path, ".jpg", b"a", 0)
    assert [secret in data for secret in secrets] == [False] * len(secrets)


def test_a_reader_that_keeps_a_picture_would_be_found(tmp_path: Path) -> None:
    data, secrets = after_reading(tmp_path, ".png", b"k")
    assert sum(secret in data for secret in secrets) >= 10
