"""Documents are read in a process of their own, which ends with the pictures it was given.

So the memory that nets and decoders take is given back at once, a picture that breaks a decoder
breaks nothing else, and what the nets' own numbers still hold of a picture ends with the process.

To it: for each picture eight bytes of length and its bytes. Back: four bytes of length and JSON,
either what was read or the name of what was wrong. The day and the models' folder are its words.
This side of the pipe loads no picture library (``reads`` is the other one): a station that waits is small.
"""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import threading
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, Protocol

import msgspec

from liangming.edge.models.reading import cards_of
from liangming.edge.models.shelf import Shelf
from liangming.edge.reading import codes
from liangming.edge.reading.fields import Reading
from liangming.edge.reading.given import let_go, wipe
from liangming.errors import LiangmingError, Misuse, Outage, catalogue

if TYPE_CHECKING:
    from liangming.edge.reading.ports import Reader

READS: Final = "liangming.edge.station.reads"
SECONDS: Final = 60.0  # for one picture; the slowest that was seen took five
# One pool of memory, given back early: what the nets let go is really gone. glibc only; harmless elsewhere.
SPARING: Final = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": str(1 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 20),
    "OMP_NUM_THREADS": "1",
}


class Told(msgspec.Struct, frozen=True, omit_defaults=True):
    """What came of one picture."""

    reading: Reading = Reading()
    wrong: str = ""  # the name of a code


class Pictures(Protocol):
    """Reads the pictures of one document."""

    prints: bool  # whether print is read; squares and bars always are

    def read(self, pictures: Mapping[str, bytearray], *, on: date) -> list[Reading]:
        """Read each in turn; every picture is overwritten whatever comes of it.

        Raises:
            Misuse: one that cannot be read, with its name in ``field``.
            Outage: ``edge.reading-ended``: it took too long, or broke the reading process.
        """
        ...


class Here:
    """Implements Pictures in this process: for tests and measuring, where the reader is told."""

    def __init__(self, reader: Reader | None) -> None:
        self._reader = reader
        self.prints = reader is not None

    def read(self, pictures: Mapping[str, bytearray], *, on: date) -> list[Reading]:
        """Read each in turn."""
        return [_told(data, self._reader, on, name) for name, data in pictures.items()]


class Apart:
    """Implements Pictures in a process of its own.

    Args:
        models: the folder of the shelf.

    Raises:
        Misuse: a listed model is missing or altered (``edge.model-wrong``): said at the start.
    """

    def __init__(self, models: Path) -> None:
        self._models = models
        shelf = Shelf(models)
        cards = cards_of(shelf)
        for card in cards or ():
            shelf.load(card)
        self.prints = cards is not None

    def read(self, pictures: Mapping[str, bytearray], *, on: date) -> list[Reading]:
        """Read each in turn."""
        words = [sys.executable, "-m", READS, str(self._models), on.isoformat()]
        environment = {**os.environ, **SPARING}
        with subprocess.Popen(  # noqa: S603  (our own module)
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, env=environment
        ) as process:
            try:
                return [_asked(process, data, name) for name, data in pictures.items()]
            finally:
                for data in pictures.values():
                    wipe(data)
                process.kill()  # it holds nothing that has to be put away


def _asked(process: subprocess.Popen[bytes], data: bytearray, name: str) -> Reading:
    """One picture to the process and its answer back; a process that hangs is ended."""
    late = threading.Timer(SECONDS, process.kill)
    late.start()
    try:
        put(process.stdin, struct.pack(">Q", len(data)))
        put(process.stdin, data)
        let_go(data)
        (size,) = struct.unpack(">I", got(process.stdout, 4))
        told = msgspec.json.decode(got(process.stdout, size), type=Told)
    except (OSError, EOFError, msgspec.DecodeError):
        raise Outage(codes.ENDED, field=name) from None
    finally:
        late.cancel()
    if told.wrong:
        code = next((one for one in catalogue() if one.name == told.wrong), codes.BROKEN)
        raise Misuse(code, field=name)
    return told.reading


def _told(data: bytearray, reader: Reader | None, on: date, name: str) -> Reading:
    from liangming.edge.reading.read import read

    try:
        return read(data, reader, on=on)
    except LiangmingError as error:
        raise Misuse(error.code, field=name) from None


def put(pipe: IO[bytes] | None, data: bytes | bytearray) -> None:
    """Straight out of the caller's buffer: no copy is left behind."""
    assert pipe is not None  # noqa: S101  (asked for above)
    with memoryview(data) as view:
        sent = 0
        while sent < len(view):
            sent += os.write(pipe.fileno(), view[sent:])


def got(pipe: IO[bytes] | None, size: int) -> bytearray:
    """So many bytes, straight into a buffer that can be overwritten."""
    assert pipe is not None  # noqa: S101
    data = bytearray(size)
    with memoryview(data) as view:
        there = 0
        while there < size:
            count = os.readv(pipe.fileno(), [view[there:]])
            if not count:
                raise EOFError
            there += count
    return data
