"""Which rules a program applies, in one number: a digest over its law and its engine as released."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib import resources
from typing import Final

_ROOMS: Final = ("law", "rules")


@lru_cache(maxsize=1)
def rulebook_digest() -> str:
    """SHA-256, hex, over name and digest of every module of the law and of the engine."""
    whole = hashlib.sha256()
    for room in _ROOMS:
        folder = resources.files(f"liangming.{room}")
        for file in sorted(folder.iterdir(), key=lambda each: each.name):
            if file.name.endswith(".py"):
                inner = hashlib.sha256(file.read_bytes()).hexdigest()
                whole.update(f"{room}/{file.name} {inner}\n".encode())
    return whole.hexdigest()
