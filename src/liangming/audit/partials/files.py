"""Bytes of part files: their digest, and their being on the disk."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def settled(loose: Path, path: Path) -> None:
    """Give a file that was written under another name its own; what it holds is durable before."""
    with loose.open("rb") as file:
        os.fsync(file.fileno())
    loose.rename(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
