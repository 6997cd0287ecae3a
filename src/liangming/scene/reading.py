"""Bytes to a TOML document, or to a plain sentence about why not."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, Final

from liangming.errors import Code
from liangming.scene import faults
from liangming.scene.faults import BadSceneFile, Fault
from liangming.scene.lines import Path as KeyPath
from liangming.scene.lines import locate

LARGEST: Final = 256 * 1024  # bytes
_LONGEST_KEY: Final = 16  # dots in one key; tomllib takes quadratic time on endless ones
_KEY: Final = r"[A-Za-z0-9_\"'-]"
# A key is tried only where it begins, and never twice: linear in the length of the file.
_DOTS: Final = re.compile(rf"(?<!{_KEY})(?:{_KEY}++[ \t]*+\.[ \t]*+){{{_LONGEST_KEY},}}")
_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_AT_LINE: Final = re.compile(r"at line (\d+)")


def read_file(path: Path) -> bytes:
    """The bytes of a scene file, never more than needed to see that it is too large.

    Raises:
        BadSceneFile: it cannot be opened (``scene.unreadable-file``).
    """
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except (OSError, ValueError):
        raise BadSceneFile((Fault(faults.UNREADABLE, str(path), 0),)) from None


def read(data: bytes, name: str) -> tuple[dict[str, Any], dict[KeyPath, int]]:
    """Parse the bytes of a scene file.

    Args:
        data: the whole file.
        name: its name, for errors.

    Returns:
        The document, and the line of every key in it.

    Raises:
        BadSceneFile: too large, a byte order mark, not UTF-8, not TOML, nested too deeply.
    """

    def bad(code: Code, line: int) -> BadSceneFile:
        return BadSceneFile((Fault(code, name, line),))

    if len(data) > LARGEST:
        raise bad(faults.TOO_LARGE, 0)
    if data.startswith(_MARKS):
        raise bad(faults.BYTE_ORDER_MARK, 1)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise bad(faults.NOT_UTF8, data.count(b"\n", 0, error.start) + 1) from None
    endless = _DOTS.search(text)
    if endless is not None:
        raise bad(faults.TOO_DEEP, text.count("\n", 0, endless.start()) + 1)
    try:
        return tomllib.loads(text), locate(text)
    except RecursionError:
        raise bad(faults.TOO_DEEP, 0) from None
    except ValueError as error:  # TOMLDecodeError, or a number beyond what Python reads
        at = _AT_LINE.search(str(error))
        last = text.count("\n") + 1
        raise bad(faults.NOT_TOML, min(int(at[1]), last) if at else last) from None
