"""Where the time of a process goes, by py-spy, if it is asked for and installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def profiled(file: str, pid: int, store: str) -> Iterator[None]:
    """While this lasts; what it found is written for each store."""
    found = shutil.which("py-spy") or shutil.which("py-spy", path=str(Path(sys.executable).parent))
    if file and not found:
        print("    no profile: py-spy is not installed (pip install py-spy)")
    if not file or not found:
        yield
        return
    name = f"{file}.{store}.txt"
    command = [found, "record", "-p", str(pid), "-f", "raw", "-o", name, "-d", "8", "-r", "200"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        yield
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    if process.returncode:
        why = said.decode("utf-8", "replace").strip().splitlines() or ["it says nothing"]
        print(f"    no profile: py-spy failed: {why[-1]}")
    else:
        print(f"    profile: {name}")
