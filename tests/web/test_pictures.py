"""The pictures in the docs are those of the table, and do not swell."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "pictures"
MOST = 4 * 1024 * 1024


def _tool(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    spec = importlib.util.spec_from_file_location("pictures_tool", ROOT / "tools/pictures.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module


def test_every_picture_of_the_table_is_there_and_no_other(monkeypatch):
    tool = _tool(monkeypatch)
    named = {f"{picture.name}.webp" for picture in tool.PICTURES}
    assert {path.name for path in FOLDER.glob("*.webp")} == named
    assert (FOLDER / "README.md").read_text("utf-8") == tool.shown()
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < MOST


def test_every_door_person_size_language_and_theme_is_among_them(monkeypatch):
    pictures = _tool(monkeypatch).PICTURES
    assert {p.door for p in pictures} == {"demo", "staff", "console", "machine"}
    assert {p.size for p in pictures} == {"phone", "desk", "kiosk"}
    assert {p.english for p in pictures} == {p.dark for p in pictures} == {True, False}
