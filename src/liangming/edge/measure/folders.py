"""Anyone's labelled folders: ``pairs.csv`` for matching, ``clips.csv`` for attacks.

``pairs.csv``: ``one,other,same`` with image paths and 1 or 0, and if you like ``case``.
``clips.csv``: ``clip,species,actions`` with a film or a folder of images, the species (empty for a
person), and the actions in order as ``left blink nod``; without actions the motion layers are not
run. Films have no device, so the camera binding and the flash are not run either.

Both tables are read whole and judged before anything is measured: a mistake in the last row costs no
night. A clip that cannot be read is in no rate and told by its name: it was not stopped by anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import cv2
import msgspec
import numpy as np

from liangming.edge.face import binding, challenge, continuity, gates, solid
from liangming.edge.face.challenge import Action, Progress
from liangming.edge.face.layers import Layer
from liangming.edge.face.look import FRAMED_SHARE, PASSIVE_FRAMES, PASSIVE_LIVE
from liangming.edge.face.order import Looked, Result, Why
from liangming.edge.face.picture import Pixels
from liangming.edge.face.pose import pose_of
from liangming.edge.measure.pairs import Pairs, measured
from liangming.edge.measure.report import Report, report
from liangming.edge.measure.table import FOLDER_UNFIT, inside, once, rows_of
from liangming.edge.measure.trial import Trial
from liangming.edge.models.engine import Engine, engine_of
from liangming.edge.models.shelf import Shelf
from liangming.errors import Kind, Misuse, declare

NO_MODELS: Final = declare(
    "edge.no-models",
    Kind.ABSENT,
    zh="还没有人脸模型，先运行 liangming edge models add wheels。",
    en="There are no face models yet; run liangming edge models add wheels first.",
)
NO_SPECIES: Final = declare(
    "edge.folder-species",
    Kind.INVALID,
    zh="这个词像是说真人。真人的 species 一栏请留空；其他词都算一种攻击。",
    en="This word seems to mean a person. Leave species empty for people; any other word is an attack.",
)
PERIOD: Final = 1 / 15  # seconds, where a film does not say
PEOPLE: Final = frozenset(
    {"bonafide", "person", "people", "live", "real", "genuine", "human", "none", "真人", "活体"}
)


class Figures(msgspec.Struct, frozen=True):
    """What a folder showed."""

    pairs: Pairs | None
    attacks: Report | None
    models: tuple[str, ...]
    unreadable: tuple[str, ...] = ()  # clips of which no frame could be read: in no rate
    without_actions: int = 0  # clips on which challenge and solid were not run


class Clip(NamedTuple):
    """A row of the table."""

    name: str
    path: Path
    species: str
    actions: tuple[Action, ...]


def evaluate_folder(folder: Path, shelf: Shelf, *, say: Callable[[str], None]) -> Figures:
    """Measure a folder with the models on the shelf.

    Raises:
        Misuse: ``edge.no-models``; with file and line ``edge.folder-unfit``,
            ``edge.folder-row-twice``, ``edge.folder-species``; ``edge.folder-empty``.
    """
    engine = engine_of(shelf)
    if engine is None:
        raise Misuse(NO_MODELS)
    pairs, clips = folder / "pairs.csv", folder / "clips.csv"
    if not (pairs.is_file() or clips.is_file()):
        raise Misuse(FOLDER_UNFIT, field="DIR")
    shown = list(clips_of(clips)) if clips.is_file() else []
    matching = measured(pairs, engine, say) if pairs.is_file() else None
    trials = []
    unreadable = []
    for number, clip in enumerate(shown, 1):
        trial = _trial(clip, engine)
        say(f"{number}/{len(shown)} {clip.name}")
        if trial.looked.taken:
            trials.append(trial)
        else:
            unreadable.append(clip.name)
    return Figures(
        matching,
        report(trials) if shown else None,
        engine.models,
        tuple(unreadable),
        sum(Layer.CHALLENGE not in trial.verdicts for trial in trials),
    )


def clips_of(path: Path) -> Iterator[Clip]:
    """The rows of ``clips.csv``; a clip may stand once."""
    before: set[object] = set()
    for line, row in rows_of(path, ("clip", "species", "actions")):
        where = f"{path.name}:{line}"
        try:
            actions = tuple(Action(word) for word in row["actions"].split())
        except ValueError:
            raise Misuse(FOLDER_UNFIT, field=where) from None
        clip = inside(path, row["clip"], line)
        once(path, line, clip, before)
        if re.sub(r"[\s_-]", "", row["species"]).casefold() in PEOPLE:
            raise Misuse(NO_SPECIES, field=where)
        yield Clip(row["clip"], clip, row["species"], actions)


def _in_order(path: Path) -> list[str | int]:
    """Frame 2 before frame 10, however they are padded."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", path.name)]


def _frames(clip: Path) -> Iterator[tuple[Pixels, float]]:
    if clip.is_dir():
        for number, name in enumerate(sorted(clip.iterdir(), key=_in_order)):
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


def _trial(clip: Clip, engine: Engine) -> Trial:
    """The layers that a film can show, each with its own verdict."""
    actions = clip.actions
    sequence, track = binding.Sequence(), continuity.Track()
    progress = Progress(plan=actions)
    good = framed = taken = 0
    repeated = several = False
    front = None
    left: list[tuple[float, float]] = []
    live: list[float] = []
    for pixels, at in _frames(clip.path):
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
    return Trial(clip.species, looked, verdicts, answered=good > 0 or several)
