"""Which files of some paths may hold events, and what stands beside them and was not looked at."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from liangming.errors import Kind, Misuse, declare

NO_EVENTS = declare(
    "cli.audit-no-events",
    Kind.ABSENT,
    zh="没有可以审计的文件。",
    en="There is no file to audit.",
)
_REPORT: Final = frozenset(
    {"findings.parquet", "findings.csv", "shown.parquet", "shown.csv", "summary.json"}
)
_BENCHMARK: Final = frozenset({"plan.json", "truth.parquet"})
_PARTIALS: Final = frozenset({"chain.jsonl", "work", "cells"})
"""Of these one stands beside the lock of a folder of partials."""


@dataclass(slots=True)
class EventFiles:
    """The files that some paths name.

    Attributes:
        there: those that may hold events.
        other: how many files stand in folders and are of no kind that does, or in hidden folders.
        own: how many files of an audit's own results stand there: partials, a report, a benchmark's plan.
        closed: folders that could not be looked into.
        linked: links to folders, which are not followed: they may lead round in a circle.
    """

    there: list[Path] = field(default_factory=list)
    other: int = 0
    own: int = 0
    closed: list[str] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, given: list[Path]) -> EventFiles:
        """Look into folders, and take files as they are.

        Raises:
            Misuse: ``cli.audit-no-events``.
        """
        found = cls()
        for path in given:
            if path.is_dir():
                found._look_into(path)
            else:
                found.there.append(path)
        if not found.there:
            raise Misuse(NO_EVENTS, field="FILES")
        found.there.sort()
        return found

    def _look_into(self, path: Path) -> None:
        from liangming.audit.ingest.form import may_hold_events

        partials: set[Path] = set()
        for place, folders, names in os.walk(
            path, onerror=lambda failure: self.closed.append(Path(failure.filename).name)
        ):
            folders.sort()
            folder = Path(place)
            self.linked += (name for name in folders if (folder / name).is_symlink())
            held = "lock" in names and _PARTIALS & {*names, *folders}
            if held or folder.parent in partials:
                partials.add(folder)
                self.own += len(names)
                continue
            hidden = any(part.startswith(".") for part in folder.relative_to(path).parts)
            own = _own(names)
            fit = [
                name
                for name in names
                if not hidden and name not in own and may_hold_events(Path(name))
            ]
            self.own += len(own)
            self.other += len(names) - len(fit) - len(own)
            self.there += [folder / name for name in fit]

    @property
    def partly(self) -> bool:
        """Whether folders were left out that may hold events."""
        return bool(self.closed or self.linked)


def _own(names: list[str]) -> set[str]:
    """Which files of a folder an audit itself wrote."""
    there, own = set(names), set()
    if there >= {"findings.parquet", "summary.json"}:
        own |= there & _REPORT
    if there >= _BENCHMARK:
        own |= there & _BENCHMARK
    return own
