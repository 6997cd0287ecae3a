"""What a folder remembers of the events it counted, by the numbers beside its units.

Files of the same days are asked whole, as long as they are there; all others by their samples, which
tell that a number came again, not that it was counted twice: numbers may begin anew each day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import numpy as np
from msgspec import UNSET

from liangming.audit.partials import numbers
from liangming.audit.partials.chain import PARTIALS_FAILED, Line, Part
from liangming.audit.partials.files import file_digest, settled
from liangming.audit.partials.numbers import EVERY, SAMPLE, WHOLE, Counted, Entries
from liangming.errors import Kind, Outage, Refusal, declare

PART_CHANGED = declare(
    "audit.part-changed",
    Kind.REFUSED,
    zh="有一个中间结果文件被改过或者丢失，与链条中的摘要不符。",
    en="A partial file was changed or is gone: it does not match its digest in the chain.",
)
FOLDER: Final = "numbers"
MOST_SAMPLED: Final = 1 << 24
"""How many samples are asked at most, the newest: of 10⁹ events."""


class Memory:
    """The numbers of one folder.

    Args:
        folder: of partial files.
        lines: of its chain; seen as it grows.
    """

    def __init__(self, folder: Path, lines: list[Line]) -> None:
        self._folder = folder
        self._lines = lines
        self._proven: set[str] = set()
        self._held: dict[str, list[Entries]] = {}
        self._seen = 0

    def keep(self, files: Sequence[Path], number: int, day: int) -> tuple[Part, ...]:
        """Put the numbers of a unit beside it, durably, whole and sampled; the files are moved.

        Raises:
            OSError: one cannot be written.
            Outage: ``audit.partials-failed``.
        """
        parts = []
        for place, file in enumerate(files):
            here = numbers.opened(file)
            on = (date(1970, 1, 1) + timedelta(day)).isoformat()
            path = self._folder / FOLDER / on / f"{number:06}-{place}{WHOLE}"
            path.parent.mkdir(parents=True, exist_ok=True)
            loose = path.with_suffix(".loose")
            sample = numbers.sampled(here.entries)
            some = numbers.write(loose, sample, here.header.key, here.header.said)
            settled(loose, path.with_suffix(SAMPLE))
            settled(file, path)
            for made, rows in ((path, here.header.entries), (path.with_suffix(SAMPLE), some)):
                name = made.relative_to(self._folder).as_posix()
                parts.append(Part(name, file_digest(made), rows, day))
        return tuple(parts)

    def of_days(self, first: int, last: int) -> tuple[list[Counted], bool]:
        """The numbers of the units that have a day in common with these; whether they are all.

        Raises:
            Refusal: ``audit.part-changed``.
            Outage: ``audit.partials-failed``.
        """
        found: list[Counted] = []
        complete = True
        whole = self.whole()
        for line in self._lines:
            days = {part.day for part in line.cells}
            if line.kind != "unit" or not any(first <= day <= last for day in days):
                continue
            if line.numbers is UNSET or line.unnumbered:
                complete = False
            for part in line.numbers or ():
                if part.path in whole:
                    found.append(self._opened(part))
                elif part.path.endswith(WHOLE):
                    complete = False
        return found, complete

    def noticed(self, new: Counted) -> int:
        """About how many of some new numbers were counted anywhere before; fewer than 64 may be unseen.

        Raises:
            Refusal: ``audit.part-changed``.
            Outage: ``audit.partials-failed``.
        """
        self._catch_up()
        asked = np.concatenate([np.zeros(0, np.uint64), *numbers.sampled(new.entries)])
        known = np.zeros(len(asked), np.bool_)
        for some in self._held.get(new.header.key, ()):
            known |= numbers.among(asked, some)
        return int(known.sum()) * EVERY

    def whole(self) -> set[str]:
        """The paths of the files that stay whole: the newest, and all of the newest unit."""
        kept: set[str] = set()
        entries = 0
        for line in reversed(self._lines):
            parts = [part for part in line.numbers or () if part.path.endswith(WHOLE)]
            entries += sum(part.rows for part in parts)
            if kept and entries > numbers.NEWEST:
                break
            kept.update(part.path for part in parts)
        return kept

    def thin(self) -> None:
        """Remove what need not stay whole; its sample stays."""
        kept = self.whole()
        for line in self._lines:
            for part in line.numbers or ():
                if part.path.endswith(WHOLE) and part.path not in kept:
                    (self._folder / part.path).unlink(missing_ok=True)

    def _opened(self, part: Part) -> Counted:
        path = self._folder / part.path
        try:
            if part.path not in self._proven and file_digest(path) != part.digest:
                raise Refusal(PART_CHANGED, field=part.path)
        except FileNotFoundError:
            raise Refusal(PART_CHANGED, field=part.path) from None
        except OSError:
            raise Outage(PARTIALS_FAILED) from None
        self._proven.add(part.path)
        return numbers.opened(path)

    def _catch_up(self) -> None:
        """Take in the samples of lines that were added since; few arrays, each twice the next."""
        for line in self._lines[self._seen :]:
            for part in line.numbers or ():
                if not part.path.endswith(SAMPLE) or not part.rows:
                    continue
                one = self._opened(part)
                held = self._held.setdefault(one.header.key, [])
                held.append(np.array(one.entries))
                while len(held) > 1 and len(held[-2]) < 2 * len(held[-1]):
                    held[-2:] = [np.sort(np.concatenate(held[-2:]), kind="stable")]
                while len(held) > 1 and sum(map(len, held)) > MOST_SAMPLED:
                    held.pop(0)
        self._seen = len(self._lines)
