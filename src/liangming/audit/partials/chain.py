"""The chain: one line of JSON per unit, each with the digest of the one before.

A line is what becomes a leaf of the ledger when an audit runs inside Liangming; elsewhere the
chain stands for itself: whoever keeps its last digest can show that nothing before was changed.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Final

import msgspec

from liangming.errors import Kind, Outage, Refusal, declare

CHAIN_BROKEN = declare(
    "audit.chain-broken",
    Kind.REFUSED,
    zh="中间结果的链条断了：有一行被改过、删过，或者不是这个版本写的。",
    en="The chain of partial results is broken: a line was changed, removed, or written by another"
    " version.",
)
PARTIALS_FAILED = declare(
    "audit.partials-failed",
    Kind.OUTAGE,
    zh="中间结果写不进或者读不出：磁盘已满、无权限或者文件损坏。已提交的部分不受影响。",
    en="Partial results cannot be written or read: a full disk, no right, or a damaged file. What"
    " was committed is not touched.",
)
BEGINNING: Final = "0" * 64


class Source(msgspec.Struct, frozen=True):
    """One file that was counted: its name, the digest of its bytes, its rows."""

    name: str
    digest: str
    rows: int


class Part(msgspec.Struct, frozen=True):
    """One part file: where it is, the digest of its bytes, its rows, its day or month."""

    path: str
    digest: str
    rows: int
    day: int


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the chain.

    Attributes:
        previous: digest of the line before; 64 zeros in the first.
        kind: ``unit`` (files were counted), ``week`` or ``month`` (days were added together).
        sources: the files that were counted.
        cells: parts with cells.
        words: parts with words, without clerks.
        counted: rows that count.
        left_out: rows that do not, by reason.
        missing: columns that were missing, so that some questions were not testable.
        covers: for a week or month, the paths of the day parts that it adds together.
        numbers: digests of the events' numbers, files whole and sampled in turn; absent in a chain
            that was written before they were kept.
        unnumbered: rows that have no number; absent where ``numbers`` is.
    """

    version: int = 1
    previous: str
    kind: str
    sources: tuple[Source, ...] = ()
    cells: tuple[Part, ...] = ()
    words: tuple[Part, ...] = ()
    counted: int = 0
    left_out: dict[str, int] = {}
    missing: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    numbers: tuple[Part, ...] | msgspec.UnsetType = msgspec.UNSET
    unnumbered: int | msgspec.UnsetType = msgspec.UNSET


def encoded(line: Line) -> bytes:
    """A line's bytes: one spelling, fields in order."""
    return msgspec.json.encode(line, order="deterministic")


def digest(line: Line) -> str:
    """The digest that the next line carries."""
    return hashlib.sha256(encoded(line)).hexdigest()


def read(path: Path) -> list[Line]:
    """All lines; a last one without its end was never committed, and is left out.

    Raises:
        Refusal: ``audit.chain-broken``.
        Outage: ``audit.partials-failed``.
    """
    try:
        data = path.read_bytes() if path.exists() else b""
    except OSError:
        raise Outage(PARTIALS_FAILED) from None
    lines: list[Line] = []
    previous = BEGINNING
    for number, text in enumerate(data.split(b"\n")[:-1], 1):
        try:
            line = msgspec.json.decode(text, type=Line)
        except msgspec.MsgspecError:
            raise Refusal(CHAIN_BROKEN, field=f"{path.name}:{number}") from None
        if line.version != 1 or line.previous != previous or encoded(line) != text:
            raise Refusal(CHAIN_BROKEN, field=f"{path.name}:{number}")
        previous = digest(line)
        lines.append(line)
    return lines


def append(path: Path, line: Line, *, size: int) -> None:
    """Append a line durably, after the first ``size`` bytes: the rest of a torn line goes.

    Raises:
        Outage: ``audit.partials-failed``.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o644)
        try:
            os.ftruncate(descriptor, size)
            data = encoded(line) + b"\n"
            if os.pwrite(descriptor, data, size) != len(data):
                raise OSError
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError:
        raise Outage(PARTIALS_FAILED) from None
