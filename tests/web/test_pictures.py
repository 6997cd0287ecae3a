"""The pictures in the docs are those of the table, and do not swell."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "pictures"
MOST = 8 * 1024 * 1024
DOORS = {"demo", "staff", "console", "machine", "kiosk", "vending", "station"}


def table() -> Any:
    """The table of pictures, and the addresses that have none, each with its reason."""
    where = str(ROOT / "tools")
    sys.path.insert(0, where)
    try:
        told = importlib.import_module("picture_table")
    finally:
        sys.path.remove(where)
    return told.PICTURES, told.NO_PICTURE, told.NO_PICTURE_OF_SCREENS


def _tool(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    return importlib.import_module("pictures")


def test_every_picture_of_the_table_is_there_and_no_other(monkeypatch):
    tool = _tool(monkeypatch)
    named = {f"{picture.name}.webp" for picture in tool.PICTURES}
    assert {path.name for path in FOLDER.glob("*.webp")} == named
    assert (FOLDER / "README.md").read_text("utf-8") == tool.shown()
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < MOST


def test_every_door_size_language_theme_and_large_type_is_among_them():
    pictures = table()[0]
    assert {p.door for p in pictures} == DOORS
    assert {p.size for p in pictures} == {"phone", "desk", "kiosk"}
    assert {p.english for p in pictures} == {p.dark for p in pictures} == {True, False}
    assert {p.large for p in pictures if p.size != "kiosk"} == {0, 2, 3}
    assert {p.large for p in pictures if p.size == "kiosk"} == {0, 1}  # a machine has one step
    assert len({p.name for p in pictures}) == len(pictures)
