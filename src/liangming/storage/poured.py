"""What a group of poured checks writes, made for each of its jobs by itself and then joined.

Nearly all changes of a large group are whole checks, poured, each of a person of its own. Nothing in them can
stand against another: so they need not be admitted one after another, nor folded, and what a job
writes can be made before its group is known. Whatever is otherwise gets None here and goes
the way that all changes can go (:mod:`liangming.storage.admission`, :class:`liangming.storage.records.Writing`); what both make is the same
(tests/storage/test_poured_groups.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any, Final

from msgspec.structs import astuple

from liangming import ids
from liangming.check.ports import Change, Run
from liangming.errors import LiangmingError
from liangming.storage.records import Writing, due_at
from liangming.storage.runs import pattern_columns, run_columns

Rows = list[tuple[Any, ...]]

_UNFIT: Final = (ValueError, LiangmingError)  # what the other way then says of one change alone


class Poured:
    """What poured checks write, table by table.

    Attributes:
        checks: their ids.
        opened: as of :class:`Writing`.
        leaves: the same.
        new: of persons who are registered, by their index.
        seen: of persons who were known before.
        patterns: runs that carry theirs, by its key.
    """

    __slots__ = ("checks", "leaves", "new", "opened", "patterns", "seen")

    def __init__(self) -> None:
        self.checks: frozenset[str] = frozenset()
        self.opened: Rows = []
        self.leaves: Rows = []
        self.new: dict[bytes, tuple[Any, ...]] = {}
        self.seen: dict[bytes, tuple[Any, ...]] = {}
        self.patterns: dict[bytes, Run] = {}

    @classmethod
    def of(cls, changes: Sequence[Change]) -> Poured | None:
        """Of these changes; None where they are not all of that kind, each of its own check and person."""
        if any(change.run is None or change.remember is not None for change in changes):
            return None
        made = cls()
        checks = [change.check for change in changes]
        try:
            numbers = ids.blocks_of([check.id for check in checks])
            for change, number in zip(changes, numbers, strict=True):
                if not made._take(change, number):
                    return None
            made.leaves = [
                run_columns(change.check, change.run)
                for change in changes
                if change.run is not None
            ]
        except _UNFIT:
            return None
        made.checks = frozenset([check.id for check in checks])
        if len(made.checks) != len(checks) or made.new.keys() & made.seen.keys():
            return None
        made.opened = [(*astuple(check), due_at(check)) for check in checks]
        return made

    def _take(self, change: Change, number: bytes) -> bool:
        check, run, person = change.check, change.run, change.check.person
        if run is None or check.version != 1:
            return False
        if change.leaves or change.redeem or change.consent is not None:
            return False
        row, seen, holder = change.person, change.seen, change.holder_key
        if row is not None:
            if row.person != person or row.wrapped_key != holder or seen is not None:
                return False
            if person in self.new:
                return False
            self.new[person] = (*astuple(row), number)
        elif seen != person or person in self.seen:
            return False
        elif person is not None:
            at, until = max(0, check.changed_at), max(0, change.seen_keep_until)
            self.seen[person] = (person, at, until, holder, number)
        if run.pattern:
            self.patterns[run.key] = run
        return True


def joined(parts: Sequence[Poured | None]) -> Writing | None:
    """What they write together; None where one is not of that kind, or two are about one check or person."""
    some = [part for part in parts if part is not None]
    if len(some) < len(parts):
        return None
    new: dict[bytes, tuple[Any, ...]] = {}
    seen: dict[bytes, tuple[Any, ...]] = {}
    patterns: dict[bytes, Run] = {}
    for part in some:
        new |= part.new
        seen |= part.seen
        patterns |= part.patterns
    checks = frozenset[str]().union(*(part.checks for part in some))
    if len(checks) != sum(len(part.checks) for part in some):
        return None
    if len(new) + len(seen) != sum(len(part.new) + len(part.seen) for part in some):
        return None
    if new.keys() & seen.keys():
        return None
    return Writing.ready(
        opened=list(chain.from_iterable(part.opened for part in some)),
        leaves=list(chain.from_iterable(part.leaves for part in some)),
        persons=[new[key] for key in sorted(new)],
        seen=[seen[key] for key in sorted(seen)],
        patterns=[pattern_columns(patterns[key]) for key in sorted(patterns)],
    )
