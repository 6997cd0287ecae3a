"""Find the line of every key and value in a TOML file, so that an error can point at it.

``tomllib`` reads and forgets where. This walker runs *after* it, over text that is known to be
valid, and only follows keys, headers and brackets; it decides nothing about values. A path is
what indexing the parsed document would take: ``("scene", 0, "ways", 1, "method")``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

Step = str | int
Path = tuple[Step, ...]

_BLANK: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_STRING: Final = re.compile(
    r'"""(?:[^\\]|\\[\s\S])*?"{3,5}'
    r"|'''[\s\S]*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
)
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR: Final = re.compile(r"[^,\]}#\n]+")
_DOT: Final = re.compile(r"[ \t]*\.[ \t]*")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a scene was written: a file's name, and the line of each of its keys.

    Attributes:
        file: the name as given by whoever loaded it; empty for a scene built in code.
        at: the path of the scene inside the file.
        lines: path → line, counted from 1.
    """

    file: str = ""
    at: Path = ()
    lines: Mapping[Path, int] = field(default_factory=lambda: MappingProxyType({}))

    def line(self, *steps: Step) -> int:
        """The line of a key of this scene, or of the nearest thing around it; 0 if unknown."""
        return line_of(self.lines, (*self.at, *steps))

    def line_in_file(self, *steps: Step) -> int:
        """The line of a key counted from the top of the file, such as ``operator``."""
        return line_of(self.lines, steps)


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """The line of a path, or of the longest part of it that stands in the file."""
    for length in range(len(path), 0, -1):
        line = lines.get(path[:length])
        if line is not None:
            return line
    return 0


def written(path: Path) -> str:
    """A path as people write it: ``scene[0].ways[1].method``."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def locate(text: str) -> dict[Path, int]:
    """The line of every table, key and array element of a valid TOML text."""
    return _Walker(text.replace("\r\n", "\n")).walk()


class _Walker:
    """One pass over the text; ``_pos`` only moves forward."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._pos = 0
        self._line = 1
        self._counted = 0
        self._found: dict[Path, int] = {}
        self._tables: dict[Path, int] = {}  # how many [[tables]] of each name so far

    def walk(self) -> dict[Path, int]:
        here: Path = ()
        while self._skip():
            if self._text.startswith("[", self._pos):
                here = self._header()
            else:
                self._pair(here)
        return self._found

    def _header(self) -> Path:
        line, many = self._now(), self._text.startswith("[[", self._pos)
        self._pos += 2 if many else 1
        self._skip()
        keys = self._keys()
        self._skip()
        self._pos += 2 if many else 1
        path = self._through(keys[:-1], line)
        path = (*path, keys[-1])
        if many:
            index = self._tables.get(path, 0)
            self._tables[path] = index + 1
            self._found.setdefault(path, line)
            path = (*path, index)
        elif path in self._tables:  # cannot happen in valid TOML; kept harmless
            path = (*path, self._tables[path] - 1)
        self._found.setdefault(path, line)
        return path

    def _through(self, keys: list[str], line: int) -> Path:
        """Step into the latest element wherever a header passes through an array of tables."""
        path: Path = ()
        for key in keys:
            path = (*path, key)
            self._found.setdefault(path, line)
            if path in self._tables:
                path = (*path, self._tables[path] - 1)
        return path

    def _pair(self, here: Path) -> None:
        line = self._now()
        path = here
        for key in self._keys():
            path = (*path, key)
            self._found.setdefault(path, line)
        self._skip()
        self._pos += 1  # "="
        self._value(path)

    def _keys(self) -> list[str]:
        keys: list[str] = []
        while True:
            quoted = _STRING.match(self._text, self._pos)
            match = quoted or _BARE_KEY.match(self._text, self._pos)
            if match is None:  # valid TOML has a key here
                self._pos = len(self._text)
                return keys or [""]
            keys.append(_unquote(match[0]) if quoted else match[0])
            self._pos = match.end()
            dot = _DOT.match(self._text, self._pos)
            if dot is None:
                blank = _BLANK.match(self._text, self._pos)
                self._pos = blank.end() if blank else self._pos
                return keys
            self._pos = dot.end()

    def _value(self, path: Path) -> None:
        self._skip()
        self._found.setdefault(path, self._now())
        string = _STRING.match(self._text, self._pos)
        if string:
            self._pos = string.end()
        elif self._text.startswith("[", self._pos):
            self._array(path)
        elif self._text.startswith("{", self._pos):
            self._inline(path)
        else:
            scalar = _SCALAR.match(self._text, self._pos)
            self._pos = scalar.end() if scalar else len(self._text)

    def _array(self, path: Path) -> None:
        self._pos += 1
        index = 0
        while self._skip() and not self._text.startswith("]", self._pos):
            if self._text.startswith(",", self._pos):
                self._pos += 1
                continue
            self._value((*path, index))
            index += 1
        self._pos += 1

    def _inline(self, path: Path) -> None:
        self._pos += 1
        while self._skip() and not self._text.startswith("}", self._pos):
            if self._text.startswith(",", self._pos):
                self._pos += 1
                continue
            self._pair(path)
        self._pos += 1

    def _skip(self) -> bool:
        """Pass blanks and comments; whether anything is left."""
        blank = _BLANK.match(self._text, self._pos)
        self._pos = blank.end() if blank else self._pos
        return self._pos < len(self._text)

    def _now(self) -> int:
        self._line += self._text.count("\n", self._counted, self._pos)
        self._counted = self._pos
        return self._line


def _unquote(quoted: str) -> str:
    return next(iter(tomllib.loads(f"{quoted} = 0")))
