"""Typed reading of one table: take each key once, and nothing may be left over.

Every fault is collected, so that an engineer mends a file in one round.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, TypeVar

from liangming.errors import Code
from liangming.scene import faults
from liangming.scene.faults import Fault
from liangming.scene.lines import Path, line_of, written
from liangming.scene.model import Text

E = TypeVar("E", bound=StrEnum)

LONGEST_TEXT: Final = 500
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_PROVINCE: Final = re.compile(r"[1-9][0-9]0000")


class Report:
    """Where faults are gathered while one file is read."""

    def __init__(self, file: str, lines: Mapping[Path, int]) -> None:
        self.file = file
        self.lines = lines
        self.faults: list[Fault] = []

    def add(self, code: Code, path: Path, hint: str = "") -> None:
        """Note a fault at a path."""
        self.faults.append(Fault(code, self.file, line_of(self.lines, path), written(path), hint))


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that looks most like this one; empty where none does."""
    close = difflib.get_close_matches(word[:64].casefold(), list(known), n=1, cutoff=0.6)
    return close[0] if close else ""


class Form:
    """One table of a file. A wrong value is reported and read as if it were absent."""

    def __init__(self, report: Report, table: object, path: Path, keys: tuple[str, ...]) -> None:
        self._report = report
        self.path = path
        self._table: dict[str, Any] = {}
        if not isinstance(table, dict):
            report.add(faults.WRONG_TYPE, path, "{ … }")
            return
        self._table = table
        for key in table:
            if key not in keys:
                # the path stops before the key: a stray key may hold anything
                line = line_of(report.lines, (*path, key))
                hint = nearest(key, keys)
                report.faults.append(
                    Fault(faults.UNKNOWN_KEY, report.file, line, written(path), hint)
                )

    def has(self, key: str) -> bool:
        """Whether the key was written."""
        return key in self._table

    def fault(self, code: Code, key: str | None = None, hint: str = "") -> None:
        """Note a fault at a key of this table."""
        self._report.add(code, (*self.path, key) if key else self.path, hint)

    def raw(self, key: str) -> Any:
        """The value as TOML has it."""
        return self._table.get(key)

    def missing(self, key: str) -> None:
        """Note that a required key is not there."""
        self.fault(faults.MISSING_KEY, None, key)

    def string(self, key: str, default: str = "", *, required: bool = False) -> str:
        """One line of text."""
        if key not in self._table:
            if required:
                self.missing(key)
            return default
        return self._plain(self._table[key], (*self.path, key))

    def _plain(self, value: object, path: Path) -> str:
        if not isinstance(value, str):
            self._report.add(faults.WRONG_TYPE, path, '"…"')
            return ""
        if len(value) > LONGEST_TEXT or any(unicodedata.category(c) == "Cc" for c in value):
            self._report.add(faults.BAD_TEXT, path)
            return ""
        return value.strip()

    def id(self, key: str = "id") -> str:
        """An identifier chosen by the operator."""
        value = self.string(key, required=True)
        if value and not _ID.fullmatch(value):
            self.fault(faults.BAD_ID, key)
            return ""
        if not value and isinstance(self._table.get(key), str):
            self.fault(faults.BAD_ID, key)
        return value

    def province(self, key: str) -> str:
        """A province code, or nothing."""
        value = self.string(key)
        if value and not _PROVINCE.fullmatch(value):
            self.fault(faults.BAD_PROVINCE, key)
            return ""
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self._table.get(key, default)
        if not isinstance(value, bool):
            self.fault(faults.WRONG_TYPE, key, "true | false")
            return default
        return value

    def number(self, key: str, default: int | None, low: int, high: int) -> int | None:
        """A whole number between two bounds, both included."""
        value = self._table.get(key, default)
        if value is default:
            return default
        if isinstance(value, bool) or not isinstance(value, int):
            self.fault(faults.WRONG_TYPE, key, f"{low}–{high}")
            return default
        if not low <= value <= high:
            self.fault(faults.OUT_OF_RANGE, key, f"{low}–{high}")
            return default
        return value

    def day(self, key: str) -> date | None:
        """A calendar day, written without quotes: ``2026-03-01``."""
        if key not in self._table:
            self.missing(key)
            return None
        value = self._table[key]
        if isinstance(value, datetime) or not isinstance(value, date):
            self.fault(faults.WRONG_TYPE, key, "2026-03-01")
            return None
        return value

    def word(self, key: str, words: type[E], default: E | None = None) -> E | None:
        """A member of a closed list."""
        if key not in self._table:
            if default is None:
                self.missing(key)
            return default
        return self.member(self._table[key], words, (*self.path, key))

    def member(self, value: object, words: type[E], path: Path) -> E | None:
        """A value that must be a member of a closed list."""
        if not isinstance(value, str):
            self._report.add(faults.WRONG_TYPE, path, '"…"')
            return None
        known = [str(word) for word in words]
        if value not in known:
            self._report.add(faults.UNKNOWN_VALUE, path, nearest(value, known))
            return None
        return words(value)

    def text(self, key: str, *, both: bool = True) -> Text:
        """A sentence in both languages; with ``both=False`` one string serves for both."""
        return self.as_text(self._table.get(key), (*self.path, key), both=both)

    def as_text(self, value: object, path: Path, *, both: bool = True) -> Text:
        """A sentence in both languages, from a value."""
        if value is None:
            return Text("", "")
        if isinstance(value, str) and (not both or not value.strip()):
            plain = self._plain(value, path)
            return Text(plain, plain)
        if not isinstance(value, dict):
            self._report.add(faults.WRONG_TYPE, path, '{ zh = "…", en = "…" }')
            return Text("", "")
        form = Form(self._report, value, path, ("zh", "en"))
        return Text(form.string("zh", required=True), form.string("en", required=True))

    def items(self, key: str) -> tuple[Any, ...]:
        """The elements of an array; none when absent."""
        value = self._table.get(key, [])
        if not isinstance(value, list):
            self.fault(faults.WRONG_TYPE, key, "[ … ]")
            return ()
        return tuple(value)

    def table(self, key: str, keys: tuple[str, ...]) -> Form | None:
        """A table inside this one, or nothing when absent."""
        if key not in self._table:
            return None
        return Form(self._report, self._table[key], (*self.path, key), keys)
