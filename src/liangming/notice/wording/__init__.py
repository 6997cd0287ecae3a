"""The wordings on file: ``<family>.<version>.toml``, immutable once published."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib import resources
from typing import Final

import msgspec

FACE: Final = "face"
_NAME = re.compile(r"([a-z-]+)\.(\d+)\.toml")


class Wording(msgspec.Struct, frozen=True):
    """One file: sentences with places for the scene's own facts, in reading order."""

    family: str
    version: int
    zh: dict[str, str]
    en: dict[str, str]


@lru_cache(maxsize=1)
def families() -> dict[str, Wording]:
    """The newest wording of every family."""
    newest: dict[str, Wording] = {}
    for file in resources.files(__name__).iterdir():
        name = _NAME.fullmatch(file.name)
        if name is None:
            continue
        family, version = name[1], int(name[2])
        if family in newest and newest[family].version > version:
            continue
        body = tomllib.loads(file.read_text("utf-8"))
        newest[family] = Wording(family, version, body["zh"], body["en"])
    return newest
