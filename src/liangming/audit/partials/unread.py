"""What a run could not read, kept beside the chain so that a report says it, too.

No result rests on it: it is told, and taken back once a file of that name was read.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from liangming.audit.ingest.faults import Fault
from liangming.audit.partials.chain import PARTIALS_FAILED
from liangming.audit.partials.files import settled
from liangming.errors import Outage

NAME: Final = "unread.json"
VERSION: Final = 1


class File(msgspec.Struct, frozen=True, order=True):
    """A file that was not read.

    Attributes:
        name: what it is called.
        code: of the reason.
    """

    name: str
    code: str


class Unread(msgspec.Struct, frozen=True):
    """What could not be read.

    Attributes:
        files: whole files, by name.
        faults: values of files that count.
        version: of the form in which it is kept.
    """

    files: tuple[File, ...] = ()
    faults: tuple[Fault, ...] = ()
    version: int = VERSION


NOTHING: Final = Unread()


class Missed:
    """What earlier runs could not read, in a folder of partials.

    Args:
        folder: of partials.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME

    def told(self) -> Unread:
        """What stands there; nothing where it cannot be read, for no result rests on it."""
        try:
            kept = msgspec.json.decode(self._path.read_bytes(), type=Unread)
        except (OSError, msgspec.MsgspecError):
            return NOTHING
        return kept if kept.version == VERSION else NOTHING

    def tell(
        self, files: Iterable[tuple[str, str]], faults: Iterable[Fault], read: Iterable[str]
    ) -> None:
        """Add what a run could not read, and take back what it could.

        Args:
            files: names and codes.
            faults: values.
            read: names of files that were read, now or before.

        Raises:
            Outage: ``audit.partials-failed``.
        """
        before = self.told()
        there, missed = set(read), dict(files)
        names = {one.name: one.code for one in before.files if one.name not in there} | missed
        values = {(one.file, one.column, one.reason): one for one in before.faults}
        values |= {
            (one.file, one.column, one.reason): one for one in faults if one.file not in missed
        }
        now = Unread(
            tuple(File(name, code) for name, code in sorted(names.items())),
            tuple(one for _, one in sorted(values.items())),
        )
        if now == before:
            return
        loose = self._path.with_suffix(".loose")
        try:
            loose.write_bytes(msgspec.json.encode(now))
            settled(loose, self._path)
        except OSError:
            raise Outage(PARTIALS_FAILED) from None
