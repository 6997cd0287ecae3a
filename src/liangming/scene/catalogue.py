"""The scenes that are live: an immutable mapping that an unlawful scene never enters (I1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Final, Self

from liangming.errors import Misuse, Refusal
from liangming.scene import faults
from liangming.scene.checking import Report, check_files, check_scenes
from liangming.scene.model import Scene
from liangming.scene.problem import Unlawful

UNASSESSED: Final = "scene.assessment-missing"


class SceneCatalogue(Mapping[str, Scene]):
    """Live scenes by id, on one day.

    A scene whose id or operator is at odds with another file's is not live either: nobody could
    say which one is meant. ``report`` keeps everything that was refused, with all its problems.

    Args:
        report: what the check of all scenes found.
    """

    def __init__(self, report: Report) -> None:
        self.report = report
        odd = {(fault.file, fault.line) for fault in report.faults}
        doubled = _twice(each.scene.id for each in report.judgements)
        self._live = MappingProxyType(
            {
                each.scene.id: each.scene
                for each in report.lawful
                if each.scene.id not in doubled
                and (each.scene.source.file, each.scene.source.line_in_file("operator")) not in odd
            }
        )
        self._refused: Mapping[str, Unlawful] = MappingProxyType(
            {each.scene.id: each for each in report.unlawful}
        )

    @classmethod
    def load(cls, paths: Iterable[Path], on: date) -> Self:
        """Read files and folders; keep what is lawful on that day, and the reasons for the rest."""
        return cls(check_files(paths, on))

    @classmethod
    def of(cls, scenes: Iterable[Scene], on: date) -> Self:
        """From scenes that are at hand."""
        return cls(check_scenes(scenes, on))

    def again(self, on: date) -> Self:
        """Judge the same scenes on another day: an assessment may have run out, a law changed."""
        judged = check_scenes((each.scene for each in self.report.judgements), on)
        unread = tuple(fault for fault in self.report.faults if fault not in judged.faults)
        return type(self)(Report(on, (*unread, *judged.faults), judged.judgements))

    def find(self, scene_id: str) -> Scene:
        """A live scene.

        Raises:
            Misuse: no such scene (``scene.unknown``).
            Refusal: it exists and is not lawful (``scene.unlawful``), with its articles.
        """
        live = self._live.get(scene_id)
        if live is not None:
            return live
        refused = self._refused.get(scene_id)
        if refused is None:
            raise Misuse(faults.UNKNOWN_SCENE, field="scene")
        cited = (c.id for problem in refused.problems for c in problem.citations)
        raise Refusal(faults.UNLAWFUL, citations=tuple(dict.fromkeys(cited)), field="scene")

    @property
    def refused(self) -> tuple[Unlawful, ...]:
        """The scenes that may not go live, each with all its problems."""
        return self.report.unlawful

    @property
    def waiting(self) -> tuple[Scene, ...]:
        """The scenes that lack nothing but an assessment of their face.

        The law withholds the face way of each of them in every check, until one is approved.
        """
        return tuple(
            each.scene
            for each in self.report.unlawful
            if {problem.code for problem in each.problems} == {UNASSESSED}
        )

    def __getitem__(self, scene_id: str) -> Scene:
        return self._live[scene_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._live)

    def __len__(self) -> int:
        return len(self._live)


def _twice(ids: Iterable[str]) -> frozenset[str]:
    return frozenset(name for name, times in Counter(ids).items() if times > 1)
