"""Anyone's labelled folders: ``pairs.csv`` for matching, ``clips.csv`` for attacks.

``pairs.csv``: ``one,other,same`` with image paths and 1 or 0.
``clips.csv``: ``clip,species,actions`` with a film or a folder of images, the species (empty for a
person), and the actions in order as ``left blink nod``; without actions the motion layers are not
run. Films have no device, so the camera binding and the flash are not run either.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import cv2
import msgspec
import numpy as np

from liangming.edge.face import binding, challenge, continuity, gates, match, solid
from liangming.edge.face.challenge import Action, Progress
from liangming.edge.face.layers import Layer
from liangming.edge.face.look import FRAMED_SHARE, PASSIVE_FRAMES, PASSIVE_LIVE
from liangming.edge.face.order import Looked, Result, Why
from liangming.edge.face.picture import Pixels
from liangming.edge.face.pose import pose_of
from liangming.edge.measure.intervals import Share, share
from liangming.edge.measure.report import Report, report
from liangming.edge.measure.trial import Trial
from liangming.edge.models.engine import Engine, engine_of
from liangming.edge.models.shelf import Shelf
from liangming.errors import Kind, Misuse, declare

FOLDER_UNFIT: Final = declare(
    "edge.folder-unfit",
    Kind.INVALID,
    zh="这个目录要有 pairs.csv 或 clips.csv，各列和路径要写对（见 docs/edge.md）。",
    en="The folder needs pairs.csv or clips.csv with the right columns and paths (docs/edge.md).",
)
NO_MODELS: Final = declare(
    "edge.no-models",
    Kind.ABSENT,
    zh="还没有人脸模型，先运行 liangming edge models add wheels。",
    en="There are no face models yet; run liangming edge models add wheels first.",
)
PERIOD: Final = 1 / 15  # seconds, where a film does not say


class Pairs(msgspec.Struct, frozen=True):
    """Matching errors; pairs without a usable face count in neither."""

    false_matches: Share
    false_non_matches: Share
    unusable: int


class Figures(msgspec.Struct, frozen=True):
    """What a folder showed."""

    pairs: Pairs | None
    attacks: Report | None
    models: tuple[str, ...]


def evaluate_folder(folder: Path, shelf: Shelf, *, say: Callable[[str], None]) -> Figures:
    """Measure a folder with the models on the shelf.

    Raises:
        Misuse: ``edge.no-models``, ``edge.folder-unfit`` with file and line.
    """
    engine = engine_of(shelf)
    if engine is None:
        raise Misuse(NO_MODELS)
    pairs, clips = folder / "pairs.csv", folder / "clips.csv"
    if not (pairs.is_file() or clips.is_file()):
        raise Misuse(FOLDER_UNFIT, field="DIR")
    return Figures(
        _pairs(pairs, engine, say) if pairs.is_file() else None,
        _clips(clips, engine, say) if clips.is_file() else None,
        (*engine.finder.models, *engine.embedder.models),
    )


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if not set(columns) <= set(reader.fieldnames or ()):
                raise Misuse(FOLDER_UNFIT, field=f"{path.name}:1")
            for row in reader:
                if None in row.values():
                    raise Misuse(FOLDER_UNFIT, field=f"{path.name}:{reader.line_num}")
                yield reader.line_num, {name: row[name].strip() for name in columns}
    except (OSError, UnicodeDecodeError, csv.Error):
        raise Misuse(FOLDER_UNFIT, field=path.name) from None


def _inside(path: Path, name: str, line: int) -> Path:
    target = (path.parent / name).resolve()
    if not name or not target.is_relative_to(path.parent.resolve()) or not target.exists():
        raise Misuse(FOLDER_UNFIT, field=f"{path.name}:{line}")
    return target


def _pairs(path: Path, engine: Engine, say: Callable[[str], None]) -> Pairs:
    counts = {True: [0, 0], False: [0, 0]}  # same person: pairs, matches
    unusable = 0
    for line, row in _rows(path, ("one", "other", "same")):
        if row["same"] not in {"0", "1"}:
            raise Misuse(FOLDER_UNFIT, field=f"{path.name}:{line}")
        vectors = []
        for name in (row["one"], row["other"]):
            pixels = cv2.imread(str(_inside(path, name, line)))
            if pixels is None:
                continue
            faces = engine.finder.find(pixels)
            if faces:
                vectors.append(engine.embedder.embed(pixels, faces[0]))
        if len(vectors) < 2:  # noqa: PLR2004
            unusable += 1
            continue
        count = counts[row["same"] == "1"]
        count[0] += 1
        count[1] += match.same(vectors[0], vectors[1], engine.threshold)
        if sum(c[0] for c in counts.values()) % 100 == 0:
            say(f"{sum(c[0] for c in counts.values())} 对 pairs")
    same, other = counts[True], counts[False]
    return Pairs(share(other[1], other[0]), share(same[0] - same[1], same[0]), unusable)


def _clips(path: Path, engine: Engine, say: Callable[[str], None]) -> Report:
    trials = []
    for line, row in _rows(path, ("clip", "species", "actions")):
        try:
            actions = tuple(Action(word) for word in row["actions"].split())
        except ValueError:
            raise Misuse(FOLDER_UNFIT, field=f"{path.name}:{line}") from None
        clip = _inside(path, row["clip"], line)
        trials.append(_trial(clip, row["species"], actions, engine))
        say(f"{len(trials)} {row['clip']}")
    return report(trials)


def _frames(clip: Path) -> Iterator[tuple[Pixels, float]]:
    if clip.is_dir():
        for number, name in enumerate(sorted(clip.iterdir())):
            pixels = cv2.imread(str(name))
            if pixels is not None:
                yield pixels, number * PERIOD
        return
    film = cv2.VideoCapture(str(clip))
    try:
        rate = film.get(cv2.CAP_PROP_FPS) or 1 / PERIOD
        number = 0
        while True:
            read, pixels = film.read()
            if not read:
                return
            yield pixels, number / rate
            number += 1
    finally:
        film.release()


def _trial(clip: Path, species: str, actions: tuple[Action, ...], engine: Engine) -> Trial:
    """The layers that a film can show, each with its own verdict."""
    sequence, track = binding.Sequence(), continuity.Track()
    progress = Progress(plan=actions)
    good = framed = taken = 0
    repeated = several = False
    front = None
    left: list[tuple[float, float]] = []
    live: list[float] = []
    for pixels, at in _frames(clip):
        taken += 1
        repeated = sequence.frozen(binding.fingerprint(pixels)) or repeated
        faces = engine.finder.find(pixels)
        fault = gates.fault_of(pixels, faces)
        several = several or fault is gates.Fault.SEVERAL
        if fault is not None:
            continue
        good += 1
        face, pose = faces[0], pose_of(faces[0].points)
        track.follow(face.box, at)
        framed += gates.framed(pixels, face.box)
        progress = challenge.follow(progress, pose, at) if actions else progress
        if abs(pose.turn) < challenge.FRONTAL:
            front = face.points if front is None else front
            if engine.passive is not None:
                live.append(engine.passive.live(pixels, face.box))
        elif front is not None and abs(pose.turn) >= challenge.TURN:
            left.append(solid.residuals(front, face.points))
    verdicts = {
        Layer.SEQUENCE: not repeated,
        Layer.GATES: good > 0 and not several,
        Layer.RECTANGLE: framed < max(1, FRAMED_SHARE * good),
        Layer.CONTINUITY: not track.cut,
    }
    if actions:
        verdicts[Layer.CHALLENGE] = progress.passed
        verdicts[Layer.SOLID] = solid.stands(left)
    if len(live) >= PASSIVE_FRAMES:
        verdicts[Layer.PASSIVE] = float(np.mean(live)) >= PASSIVE_LIVE
    looked = Looked(result=Result.ABSTAIN, why=Why.STOPPED, taken=taken)
    return Trial(species, looked, verdicts)
