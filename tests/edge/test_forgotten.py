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
from tests.edge import copies
from tests.edge.test_scan import program
from tests.edge.test_wire import disk_of, memory_of
from tests.patience import PATIENCE

SIZE, SIDE = (480, 768), 48


def after_reading(
    folder: Path, kind: str, how: bytes = b"f", fields: int = 1, page: Path | None = None
) -> tuple[bytes, list[bytes], np.ndarray]:
    """The memory and disks of a process that read a picture, and what must not be there."""
    pixels = np.random.default_rng(5).integers(0, 256, (*SIZE, 3), dtype=np.uint8)
    colours = pixels[0, ::SIDE][:4]
    for number, colour in enumerate(colours):  # squares of one colour, for copies that are smaller
        pixels[:SIDE, number * SIDE : (number + 1) * SIDE] = colour
    encoded = cv2.imencode(kind, pixels)[1].tobytes()
    seen = cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_COLOR)
    rows = [seen[row].tobytes()[600:648] for row in range(20, SIZE[0] - 20, 40)]
    pieces = [encoded[at : at + 48] for at in range(4000, len(encoded) - 4000, 40_000)]
    head = b'--x\r\nContent-Disposition: form-data; name="front"; filename="f"\r\n\r\n'
    body = head + (encoded if page is None else b"x") + b"\r\n--x--\r\n"
    scanner = ""
    if page is not None:
        (page / "page").write_bytes(encoded)
        scanner = program(page / "bin", f"cat {page}/page")
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
    with subprocess.Popen(
        [sys.executable, "-m", "tests.edge.reader_alone", scanner],
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
        assert process.wait(PATIENCE) == 0
    return memory + disk_of(folder), rows + pieces, seen[SIDE // 2, SIDE // 2 :: SIDE][:4]


@pytest.mark.parametrize("kind", [".jpg", ".png"])
def test_nothing_of_a_picture_is_left_in_memory_or_on_disk(tmp_path: Path, kind: str) -> None:
    data, secrets, squares = after_reading(tmp_path, kind)
    assert len(secrets) > 12
    assert copies.found(data, squares, SIDE) == set()
    assert [secret in data for secret in secrets] == [False] * len(secrets)


def test_the_process_that_asked_another_to_read_holds_nothing_of_it(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    data, secrets, _ = after_reading(tmp_path, ".jpg", b"a", 0)
    assert [secret in data for secret in secrets] == [False] * len(secrets)


def test_a_reader_that_keeps_a_picture_would_be_found(tmp_path: Path) -> None:
    data, secrets, squares = after_reading(tmp_path, ".png", b"k")
    assert sum(secret in data for secret in secrets) >= 10
    assert copies.found(data, squares, SIDE) == set(copies.KEPT)


def test_a_page_that_a_scanner_handed_over_is_nowhere_either(tmp_path: Path) -> None:
    (tmp_path / "house" / "models").mkdir(parents=True)
    data, secrets, squares = after_reading(tmp_path / "house", ".jpg", b"s", 0, page=tmp_path)
    assert [secret in data for secret in secrets] == [False] * len(secrets)
    assert copies.found(data, squares, SIDE) == set()
