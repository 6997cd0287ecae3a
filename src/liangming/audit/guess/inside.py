"""The first objects of a file of JSON as rows of a table: names by dots, as a mapping writes them.

A key that is like a number of a person, or a moment, names nothing that can be mapped: what hangs under
it is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, Final

from liangming.audit.guess.moments import written
from liangming.audit.guess.personal import like_a_number
from liangming.audit.ingest.nested import is_array
from liangming.audit.ingest.objects import beginning, objects

MOST_NAMES: Final = 512
SEPARATOR: Final = "|"
"""Put between the words of a list; a mapping's own is the same unless it says otherwise."""
_DEEPEST: Final = 16
_LONG: Final = 16
"""Objects in a list that no check has of its own."""


def list_of(text: str) -> str:
    """Where the rows are, if they are in a list inside an object; otherwise empty.

    They are in its longest list if that is long, or if nothing beside it is a moment: a check has one, and its
    own lists are short. Where other objects follow, it takes both.

    Args:
        text: the beginning of the file.
    """
    begun = beginning(text)
    name = begun.longest
    if not name or any(map(_is_value, name.split("."))):
        return ""
    long = begun.lists[name] > _LONG
    bare = not any(written([one]).form for one in begun.beside)
    return name if (long or bare if begun.alone else long and bare) else ""


def rows_of(
    path: Path, lines: list[str], most: int, *, inside: str = "", codec: str = "utf-8-sig"
) -> tuple[list[str], list[list[str]]]:
    """The names and the rows.

    Args:
        path: the file.
        lines: the whole lines of its beginning, in case it has one object in each.
        most: rows at most.
        inside: the list that has the rows.
        codec: of the text.

    Raises:
        OSError, EOFError, zlib.error, Misuse: an array cannot be read.
    """
    several = bool(inside) or is_array("".join(lines[:2]) or "[")
    items = objects(path, path.name, inside, codec) if several else lines
    found = (dict(_inside("", one)) for one in islice(_objects(items), most))
    rows = list(found)
    names = list(dict.fromkeys(name for row in rows for name in row))[:MOST_NAMES]
    return names, [[row.get(name, "") for name in names] for row in rows]


def _objects(items: Iterable[str]) -> Iterator[dict[str, Any]]:
    for item in items:
        try:
            found = json.loads(item)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            yield found


def _inside(name: str, value: Any, deep: int = 0) -> Iterator[tuple[str, str]]:
    """Each name in a value with its text."""
    match value:
        case dict() if value and deep < _DEEPEST:
            for key, inner in value.items():
                if key and not _is_value(key):
                    yield from _inside(f"{name}.{key}" if name else key, inner, deep + 1)
        case [dict(), *_] if deep < _DEEPEST:
            listed: dict[str, list[str]] = {}
            for item in value:
                for inner, text in _inside(f"{name}[]", item, deep + 1):
                    listed.setdefault(inner, []).append(text)
            for inner, texts in listed.items():
                yield inner, SEPARATOR.join(texts)
        case _:
            yield name, _text(value)


@lru_cache(1 << 12)
def _is_value(key: str) -> bool:
    """Whether a key is a number or a moment, which names nothing."""
    return like_a_number(key) or bool(written([key]).form)


def _text(value: Any) -> str:
    match value:
        case None | [] | {}:
            return ""
        case bool():
            return "true" if value else "false"
        case list():
            return SEPARATOR.join(map(_text, value))
        case dict():
            return json.dumps(value)
        case _:
            return str(value)
