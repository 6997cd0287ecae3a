"""What a file is, by its own bytes: Parquet, a table of text in some encoding, or something else.

A name proves nothing: a ``.csv`` from a spreadsheet may be GBK, and a ``.txt`` a table. Nothing is
guessed silently: a text that is not UTF-8 is named, and read once the mapping says what it is.
"""

from __future__ import annotations

import codecs
import gzip
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, cast

import pyarrow as pa

from liangming.audit.ingest.look import FILE_UNREADABLE
from liangming.errors import Kind, Misuse, declare

FILE_GBK = declare(
    "audit.file-gbk",
    Kind.INVALID,
    zh='这个文件是 GBK 编码。请在映射文件里写 encoding = "gbk"，或者另存为 UTF-8。',
    en='This file is GBK. Please give encoding = "gbk" in the mapping, or save it as UTF-8.',
)
FILE_UTF16 = declare(
    "audit.file-utf-16",
    Kind.INVALID,
    zh='这个文件是 UTF-16 编码。请在映射文件里写 encoding = "utf-16"，或者另存为 UTF-8。',
    en='This file is UTF-16. Please give encoding = "utf-16" in the mapping, or save it as UTF-8.',
)
FILE_NOT_UTF16 = declare(
    "audit.file-not-utf-16",
    Kind.INVALID,
    zh="映射文件说是 UTF-16，这个文件不是，像是 UTF-8。请为它另写一个映射文件，不写 encoding。",
    en="The mapping says UTF-16, and this file is not; it looks like UTF-8. Please give it a mapping of its own, without"
    " encoding.",
)
FILE_NOT_TEXT = declare(
    "audit.file-not-utf-8",
    Kind.INVALID,
    zh="这个文件不是 UTF-8，也不是 GBK，读不出文字。请另存为 UTF-8 的 CSV。",
    en="This file is neither UTF-8 nor GBK, so its texts cannot be read. Please save it as CSV in"
    " UTF-8.",
)
FILE_WORKBOOK = declare(
    "audit.file-workbook",
    Kind.INVALID,
    zh="这是旧式（.xls）、加密的，或者别的软件的工作簿，读不了。请去掉密码，另存为 .xlsx 或“CSV UTF-8（逗号分隔）”再审计。",
    en="This workbook is of an old form (.xls), encrypted, or of another program, and cannot be read. Please"
    " save it without a password as .xlsx or as “CSV UTF-8 (comma delimited)”.",
)
WORKBOOK_BROKEN = declare(
    "audit.workbook-broken",
    Kind.INVALID,
    zh="这个工作簿不完整或者已损坏，多半是没有拷完。请重新拷贝或导出一份，再审计。",
    en="This workbook is incomplete or damaged, most likely because it was not copied to its end. Please copy"
    " or export it again.",
)
FILE_EMPTY = declare(
    "audit.file-empty",
    Kind.INVALID,
    zh="这个文件是空的，连列名也没有。",
    en="This file is empty; it has not even names of columns.",
)

ENCODINGS: Final = {"utf-8": "utf-8", "gbk": "gb18030", "gb18030": "gb18030", "utf-16": "utf-16"}
"""Encodings that a mapping may name, and the codec that reads them; GB 18030 has all of GBK."""

WORKBOOK: Final = ".xlsx"
TEXTS: Final = (".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson")
EVENTS: Final = (
    ".parquet", WORKBOOK, *(f"{end}{packed}" for end in TEXTS for packed in ("", ".gz", ".zst")),
)  # fmt: skip
"""How the names of files end that may hold events."""

_PACKED: Final = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
"""How packed files begin."""
UNREADABLE: Final = (OSError, EOFError, zlib.error)
"""What reading a file may raise, packed or not."""

_HEAD: Final = 1 << 20
_LEAD: Final = 64
_ONE_SIDE: Final = 2
"""More than so many times the zeros of the other side: UTF-32 has twice as many, a Chinese letter may end in one."""
_JSON: Final = re.compile(
    rb"\s*(\{|\[\s*([\[{\]\"]|$|(?:-?\d+(?:\.\d+)?|true|false|null)\s*[,\]\n]))"
)
_AT_ONCE: Final = 1 << 22
_BEGINNING: Final = 1 << 16
_ARCHIVE: Final = b"PK\x03\x04"
_WORKBOOKS: Final = (_ARCHIVE, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_UTF32: Final = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UNREADABLE_LINE: Final = b"\xff\n"
"""Stands for a line that its encoding does not allow: no reader takes it for a row."""


def may_hold_events(path: Path) -> bool:
    """Whether a file in a folder is taken for events, by its name.

    What a spreadsheet keeps beside a workbook while it is open (``~$…``) is none, nor what a Mac puts beside
    a file (``._…``).
    """
    return path.name.lower().endswith(EVENTS) and not path.name.startswith(("~$", "._"))


def is_parquet(path: Path) -> bool:
    """Whether a file is Parquet; otherwise it is a text or a workbook.

    Raises:
        OSError: it cannot be read.
        Misuse: ``audit.file-unreadable``, ``audit.file-workbook``, ``audit.workbook-broken``,
            ``audit.file-empty``.
    """
    with path.open("rb") as file:
        head = file.read(_BEGINNING)
    if head.startswith(b"PAR1"):
        return True
    if path.suffix.lower() == ".parquet":
        raise Misuse(FILE_UNREADABLE, field=path.name)
    if head.startswith(_WORKBOOKS) and not is_workbook(path):
        whole = not head.startswith(_ARCHIVE) or zipfile.is_zipfile(path)
        raise Misuse(FILE_WORKBOOK if whole else WORKBOOK_BROKEN, field=path.name)
    if not head.strip():
        raise Misuse(FILE_EMPTY, field=path.name)
    if (
        path.suffix.lower() == WORKBOOK
        and b"\0" in head
        and not head.startswith(_WORKBOOKS)
        and not wide(head)
    ):
        raise Misuse(WORKBOOK_BROKEN, field=path.name)  # no text has such bytes
    return False


def is_workbook(path: Path) -> bool:
    """Whether a file is a workbook that can be read here: an archive with a book inside.

    Raises:
        OSError: it cannot be read.
    """
    if not zipfile.is_zipfile(path):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except zipfile.BadZipFile:
        return False


def refuse_other(path: Path, *, whole: bool = False) -> None:
    """Refuse a text that is not UTF-8, and say what it is.

    Args:
        path: the text.
        whole: look at all of it, not only at its beginning.

    Raises:
        OSError: it cannot be read.
        Misuse: ``audit.file-gbk``, ``audit.file-utf-16``, ``audit.file-not-utf-8``.
    """
    with opened(path) as file:
        head = file.read(_LEAD)
    if wide(head):
        raise Misuse(FILE_UTF16, field=path.name)
    if b"\0" in head:
        raise Misuse(FILE_NOT_TEXT, field=path.name)
    gbk = other = 0
    with opened(path) as file:
        for line in _lines(file, whole=whole):
            if line.isascii():
                continue
            if _reads(line, "utf-8"):
                return  # a line that is none among those that are: named with the other rows
            if _reads(line, "gb18030"):
                gbk += 1
            else:
                other += 1
    if gbk > other:
        raise Misuse(FILE_GBK, field=path.name)
    if other:
        raise Misuse(FILE_NOT_TEXT, field=path.name)


def wide(head: bytes) -> str:
    """The codec of a text that begins so, if it is UTF-16; otherwise empty.

    Without a mark it is known by the zeros of its plain letters, on one side of each pair: no other text has
    any, and UTF-32 has some on both.
    """
    if head.startswith(_UTF32) or not head:
        return ""
    if head.startswith(_UTF16):
        return "utf-16"
    head = head[: min(len(head), _LEAD) // 2 * 2]
    first, second = head[::2].count(0), head[1::2].count(0)
    if second > first * _ONE_SIDE:
        return "utf-16-le"
    return "utf-16-be" if first > second * _ONE_SIDE else ""


def begins_as_json(head: bytes) -> bool:
    """Whether a text in UTF-8 that begins so is JSON, and no table."""
    return bool(_JSON.match(head[:_LEAD].removeprefix(codecs.BOM_UTF8)))


def is_json(path: Path) -> bool:
    """Whether a text in UTF-8 begins as JSON does.

    Raises:
        OSError, EOFError, zlib.error: it cannot be read.
    """
    with opened(path) as file:
        return begins_as_json(file.read(_LEAD))


def packing(path: Path) -> str:
    """How a file is packed, as DuckDB and Arrow call it, by its own bytes; empty for not at all.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(4)
    return next((kind for mark, kind in _PACKED.items() if head.startswith(mark)), "")


def is_whole(path: Path) -> bool:
    """Whether a packed file can be unpacked to its end; another is."""
    try:
        if not packing(path):
            return True
        with opened(path) as file:
            while file.read(_AT_ONCE):
                pass
    except UNREADABLE:
        return False
    return True


def without_mark(head: bytes, codec: str) -> bytes:
    """A text's beginning without a byte order mark of UTF-8, which some programs put before GBK."""
    return head.removeprefix(codecs.BOM_UTF8) if codec == ENCODINGS["gbk"] else head


def as_utf8(path: Path, encoding: str, target: Path) -> None:
    """Write a text once more in UTF-8; a line that its encoding does not allow stays unreadable.

    Args:
        path: the text.
        encoding: one of :data:`ENCODINGS`.
        target: the file to write.

    Raises:
        OSError: one of them cannot be read or written.
        Misuse: ``audit.file-not-utf-16``.
    """
    codec = ENCODINGS[encoding]
    with opened(path) as file, target.open("wb") as made:
        if codec == "utf-16":
            head = file.read(_LEAD)
            if b"\0" not in head and _begins(head, "utf-8"):
                raise Misuse(FILE_NOT_UTF16, field=path.name)
            decoder = codecs.getincrementaldecoder(wide(head) or codec)("replace")
            made.write(decoder.decode(head).encode("utf-8", "replace"))
            while part := file.read(_AT_ONCE):
                made.write(decoder.decode(part).encode("utf-8", "replace"))
            made.write(decoder.decode(b"", final=True).encode("utf-8", "replace"))
            return
        rest = without_mark(file.read(_LEAD), codec)
        while part := file.read(_AT_ONCE):
            lines, newline, rest = (rest + part).rpartition(b"\n")
            made.write(_again(lines + newline, codec))
        made.write(_again(rest, codec))


def _again(lines: bytes, codec: str) -> bytes:
    try:
        return lines.decode(codec).encode()
    except UnicodeDecodeError:
        return b"".join(
            line.decode(codec).encode() if _reads(line, codec) else _UNREADABLE_LINE
            for line in lines.splitlines(keepends=True)
        )


def opened(path: Path) -> BinaryIO:
    """A text's bytes, unpacked.

    Raises:
        OSError: it cannot be read; later :data:`UNREADABLE`.
    """
    match packing(path):
        case "gzip":
            return cast("BinaryIO", gzip.open(path))
        case "zstd":
            return cast("BinaryIO", pa.input_stream(str(path), compression="zstd"))
        case _:
            return path.open("rb")


def _lines(file: BinaryIO, *, whole: bool) -> Iterable[bytes]:
    if whole:
        yield from _in_parts(file)
    else:
        # The last line of a piece may be cut in a character.
        piece = file.read(_HEAD)
        yield from piece.splitlines() if len(piece) < _HEAD else piece.splitlines()[:-1]


def _in_parts(file: BinaryIO) -> Iterator[bytes]:
    rest = b""
    while part := file.read(_AT_ONCE):
        lines, _, rest = (rest + part).rpartition(b"\n")
        yield from lines.split(b"\n")
    yield rest


def _begins(head: bytes, codec: str) -> bool:
    """Whether a text may begin so, which is cut off anywhere."""
    try:
        codecs.getincrementaldecoder(codec)().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _reads(line: bytes, codec: str) -> bool:
    try:
        line.decode(codec)
    except UnicodeDecodeError:
        return False
    return True
