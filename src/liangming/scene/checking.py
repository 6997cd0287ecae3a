"""Check scene files: what ``liangming scene check FILE…`` asks, and what it gets back."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, assert_never

from liangming.scene import faults
from liangming.scene.faults import BadSceneFile, Fault
from liangming.scene.lawfulness import judge
from liangming.scene.lines import line_of
from liangming.scene.load import load_scene_file
from liangming.scene.model import Scene
from liangming.scene.problem import Judgement, Lawful, Problem, Unlawful


class Result(enum.StrEnum):
    """How a check of files ended, worst last."""

    LAWFUL = "lawful"
    UNLAWFUL = "unlawful"
    UNREADABLE = "unreadable"  # at least one file could not be read as scenes


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found.

    Attributes:
        on: the day on which the law was asked.
        faults: what is wrong with files as files.
        judgements: one for every scene that could be read.
    """

    on: date
    faults: tuple[Fault, ...]
    judgements: tuple[Judgement, ...]

    @property
    def result(self) -> Result:
        """How it ended; where nothing was judged, nothing is lawful."""
        if self.faults or not self.judgements:
            return Result.UNREADABLE
        return Result.UNLAWFUL if self.problems else Result.LAWFUL

    @property
    def lawful(self) -> tuple[Lawful, ...]:
        """The scenes that may go live."""
        return tuple(each for each in self.judgements if isinstance(each, Lawful))

    @property
    def unlawful(self) -> tuple[Unlawful, ...]:
        """The scenes that may not."""
        return tuple(each for each in self.judgements if isinstance(each, Unlawful))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem of every scene, in order."""
        return tuple(problem for each in self.unlawful for problem in each.problems)

    def as_dict(self) -> dict[str, Any]:
        """For machines; the keys are stable."""
        return {
            "on": self.on.isoformat(),
            "result": self.result.value,
            "faults": [fault.as_dict() for fault in self.faults],
            "scenes": [_as_dict(each) for each in self.judgements],
        }


def _as_dict(judgement: Judgement) -> dict[str, Any]:
    scene = judgement.scene
    head = {
        "id": scene.id,
        "file": scene.source.file,
        "line": scene.source.line(),
        "kind": scene.kind.value,
        "operator": scene.operator.id,
        "outlet": scene.outlet.id,
    }
    match judgement:
        case Lawful():
            return head | {
                "result": Result.LAWFUL.value,
                "grounds": list(judgement.grounds),
                "citations": [citation.as_dict() for citation in judgement.citations],
            }
        case Unlawful():
            return head | {
                "result": Result.UNLAWFUL.value,
                "problems": [problem.as_dict() for problem in judgement.problems],
            }
        case _:
            assert_never(judgement)


def check_scenes(scenes: Iterable[Scene], on: date) -> Report:
    """Check scenes that live side by side: ids used once, operators told alike, each lawful."""
    scenes = tuple(scenes)
    found = _across(scenes)
    return Report(on, found, judge(scenes, on))


def check_files(paths: Iterable[Path], on: date) -> Report:
    """Check files, and the ``*.toml`` of folders, together.

    A file that cannot be read is reported; the others are judged all the same.
    """
    bad: list[Fault] = []
    scenes: list[Scene] = []
    for path in expand(paths):
        try:
            scenes += load_scene_file(path)
        except BadSceneFile as error:
            bad += error.faults
    report = check_scenes(scenes, on)
    return Report(on, (*bad, *report.faults), report.judgements)


def expand(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Files as they are; folders as their ``*.toml``, by name; each file once."""
    files: dict[Path, None] = {}
    for path in paths:
        inside = sorted(path.glob("*.toml")) if path.is_dir() else [path]
        files |= dict.fromkeys(inside or [path])
    return tuple(files)


def _across(scenes: tuple[Scene, ...]) -> tuple[Fault, ...]:
    found = []
    ids: set[str] = set()
    operators: dict[str, Scene] = {}
    for scene in scenes:
        source = scene.source
        if scene.id in ids:
            line = source.line("id")
            found.append(Fault(faults.DUPLICATE_ID, source.file, line, "scene.id"))
        ids.add(scene.id)
        first = operators.setdefault(scene.operator.id, scene)
        if first.operator != scene.operator and (source.file, "operator") not in {
            (fault.file, fault.field) for fault in found
        }:
            line = line_of(source.lines, ("operator",))
            found.append(Fault(faults.OPERATOR_DIFFERS, source.file, line, "operator"))
    return tuple(found)
