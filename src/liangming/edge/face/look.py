"""One try: the camera opens, every layer looks, frames are destroyed, a plain answer remains.

Steps, as the code marks them:
    1 the reference is there and the camera is the enrolled one, before anything opens
    2 the sign is lit, the camera opens
    3 frames: covered, repeated, gated, framed; track, challenge, passive; few are chosen
    4 the screen flashes, where it can
    5 the layers are judged; only then one is compared with one
    6 frames, vectors: destroyed, on every path; the camera shut, the sign dark
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from liangming.edge.face import binding, challenge, continuity, flash, gates, light, match, solid
from liangming.edge.face.layers import Layer, accepted, level_of
from liangming.edge.face.lens import CameraIdentity
from liangming.edge.face.order import Looked, Result, Watching, Why
from liangming.edge.face.picture import Found, Frame, FrameRoom, Points
from liangming.edge.face.ports import Camera, Embedder, Finder, Passive, Screen, Vector
from liangming.edge.face.pose import pose_of
from liangming.edge.face.threshold import Threshold
from liangming.errors import LiangmingError

MISSES: Final = 3  # reads without a frame before the camera counts as lost
BAD: Final = 25  # unusable frames in a row
LIMIT: Final = 20.0  # seconds for one try
FRAMED_SHARE: Final = 0.25  # of the good frames
PASSIVE_FRAMES: Final = 8
PASSIVE_LIVE: Final = 0.5
BLACK_FRAMES: Final = 5
_FIRST, _FLASH = -1, 99  # steps before the first action and after the last


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """Everything a try uses."""

    camera: Camera
    expected: CameraIdentity
    screen: Screen
    finder: Finder
    embedder: Embedder
    threshold: Threshold
    passive: Passive | None = None
    least: int = 3
    lag: float | None = None  # of this machine's own light, seconds; None: never measured

    @property
    def models(self) -> tuple[str, ...]:
        """What the signed outcome names."""
        more = self.passive.models if self.passive is not None else ()
        return (*self.finder.models, *self.embedder.models, *more)


@dataclass(slots=True)
class Seen:
    """What the layers have noticed so far. No pixels beyond the chosen frames of the room."""

    progress: challenge.Progress
    sequence: binding.Sequence = field(default_factory=binding.Sequence)
    track: continuity.Track = field(default_factory=continuity.Track)
    repeated: bool = False
    good: int = 0
    bad: int = 0
    black: int = 0
    framed: int = 0
    faults: Counter[gates.Fault] = field(default_factory=Counter)
    front: Points | None = None
    residuals: list[tuple[float, float]] = field(default_factory=list)
    live: list[float] = field(default_factory=list)
    chosen: dict[int, tuple[Frame, Found]] = field(default_factory=dict)  # by actions done
    lag: float | None = None
    began: float | None = None

    def choose(self, step: int, frame: Frame, face: Found, room: FrameRoom) -> None:
        """Keep the newest frontal frame of a step; the older one is destroyed."""
        older = self.chosen.get(step)
        if older is not None:
            room.destroy(older[0])
        self.chosen[step] = frame, face


@dataclass(frozen=True, slots=True)
class Here:
    """One try as it runs."""

    tools: Tools
    room: FrameRoom
    stop: Callable[[], bool]
    judged: dict[Layer, bool]
    seen: Seen


def look(
    watching: Watching,
    tools: Tools,
    reference: Vector | match.Reference | None,
    *,
    stop: Callable[[], bool],
    verdicts: dict[Layer, bool] | None = None,
) -> Looked:
    """One try. Blocks until it is over; ``stop`` is asked before every frame.

    Args:
        reference: the one face to compare with, from the person's own card or template.
        verdicts: filled for evaluation; a device leaves it out.
    """
    judged: dict[Layer, bool] = {} if verdicts is None else verdicts
    if reference is None:  # 1
        return Looked(result=Result.ABSTAIN, why=Why.NO_REFERENCE)
    try:
        judged[Layer.BINDING] = binding.bound(tools.expected, tools.camera.identity())
    except LiangmingError:
        return Looked(result=Result.ABSTAIN, why=Why.LOST)
    if not judged[Layer.BINDING] and verdicts is None:
        return Looked(result=Result.ABSTAIN, why=Why.VIRTUAL)
    here = Here(tools, FrameRoom(watching), stop, judged, _seen(watching))
    try:
        with here.room:
            tools.screen.sign(lit=True)  # 2
            tools.camera.open()
            why, result = _watch(here, watching, reference)
    except LiangmingError as error:
        why = Why.MODEL if error.code.name.startswith("edge.model") else Why.LOST
        result = Result.ABSTAIN
    finally:  # 6
        tools.camera.close()
        tools.screen.flash(None)
        tools.screen.sign(lit=False)
    ran = frozenset(judged)
    return Looked(
        result=result,
        why=why,
        layers=tuple(sorted(layer.value for layer in ran)),
        pad_level=level_of(ran),
        taken=here.room.taken,
        kept=here.room.kept,
        models=tools.models,
        lag=here.seen.lag,
    )


def _seen(watching: Watching) -> Seen:
    plan = challenge.plan_of(watching.agreed.nonce, watching.attempt)
    return Seen(challenge.Progress(plan=plan))


def _watch(
    here: Here, watching: Watching, reference: Vector | match.Reference
) -> tuple[Why, Result]:
    seen, judged = here.seen, here.judged
    early = _frames(here)  # 3
    if early is None:
        early = _flashed(here, flash.plan_of(watching.agreed.nonce, watching.attempt))  # 4
    if early in {Why.STOPPED, Why.LOST, Why.COVERED}:
        return early, Result.ABSTAIN
    _judge(seen, judged)  # 5
    if seen.repeated:
        return Why.FROZEN, Result.ABSTAIN
    if early is not None:
        return early, Result.ABSTAIN
    same = _compare(here.tools, reference, seen, judged)
    if not accepted(judged):
        return Why.ATTACK, Result.ABSTAIN
    if level_of(frozenset(judged)) < here.tools.least:
        return Why.LEVEL, Result.ABSTAIN
    return (Why.SAME, Result.MATCH) if same else (Why.DIFFERENT, Result.NO_MATCH)


def _frames(here: Here) -> Why | None:
    tools, room, seen = here.tools, here.room, here.seen
    misses = 0
    while not seen.progress.over:
        if here.stop():
            return Why.STOPPED
        read = tools.camera.read()
        if read is None:
            misses += 1
            if misses >= MISSES:
                return Why.LOST
            continue
        misses = 0
        frame = room.admit(*read)
        seen.began = frame.at if seen.began is None else seen.began
        if frame.at - seen.began > LIMIT:
            return Why.TOO_SLOW
        why = _one(tools, seen, frame, room)
        if all(frame is not held for held, _ in seen.chosen.values()):
            room.destroy(frame)
        if why is not None:
            return why
        asked = seen.progress.asked
        tools.screen.ask(asked.value if asked is not None else "look")
    return Why.TOO_SLOW if seen.progress.late else None


def _one(tools: Tools, seen: Seen, frame: Frame, room: FrameRoom) -> Why | None:
    """Everything that is asked of one frame."""
    if binding.covered(frame.pixels):
        seen.black += 1
        return Why.COVERED if seen.black >= BLACK_FRAMES else None
    seen.black = 0
    if seen.sequence.frozen(binding.fingerprint(frame.pixels)):
        seen.repeated = True
    faces = tools.finder.find(frame.pixels)
    fault = gates.fault_of(frame.pixels, faces)
    if fault is not None:
        seen.faults[fault] += 1
        seen.bad += 1
        if seen.bad < BAD:
            return None
        worst = seen.faults.most_common(1)[0][0]
        return {gates.Fault.NOBODY: Why.NOBODY, gates.Fault.SEVERAL: Why.SEVERAL}.get(
            worst, Why.UNCLEAR
        )
    seen.bad = 0
    seen.good += 1
    face = faces[0]
    seen.track.follow(face.box, frame.at)
    seen.framed += gates.framed(frame.pixels, face.box)
    pose = pose_of(face.points)
    before = seen.progress
    seen.progress = challenge.follow(before, pose, frame.at)
    if abs(pose.turn) < challenge.FRONTAL:
        seen.front = face.points if seen.front is None else seen.front
        if not before.down:  # the newest frontal frame of each step, and only that
            step = before.done if before.asked is not None else _FIRST
            seen.choose(step, frame, face, room)
        if tools.passive is not None and len(seen.live) < 3 * PASSIVE_FRAMES:
            seen.live.append(tools.passive.live(frame.pixels, face.box))
    if seen.front is not None and abs(pose.turn) >= challenge.TURN:
        seen.residuals.append(solid.residuals(seen.front, face.points))
    return None


def _flashed(here: Here, plan: tuple[int, ...]) -> Why | None:
    tools, room, seen = here.tools, here.room, here.seen
    steps: list[light.Step] = []
    for place in plan:
        shown = tools.screen.flash(flash.COLOURS[place])
        if shown is None:
            return None  # this screen cannot: the layers were not run, and the level says so
        lit: list[light.Lit] = []
        for number in range(flash.FRAMES):
            if here.stop():
                return Why.STOPPED
            read = tools.camera.read()
            if read is None:
                return Why.LOST
            frame = room.admit(*read)
            faces = tools.finder.find(frame.pixels)
            if faces:
                lit.append(light.lit(frame.pixels, faces[0].box, frame.at))
                seen.track.follow(faces[0].box, frame.at)
            if faces and number and abs(pose_of(faces[0].points).turn) < challenge.FRONTAL:
                seen.choose(_FLASH, frame, faces[0], room)
            else:
                room.destroy(frame)
        steps.append(light.Step(place, shown, tuple(lit)))
    tools.screen.flash(None)
    here.judged[Layer.FLASH] = flash.answers(steps)
    here.judged[Layer.RELIEF] = light.relief(steps)
    seen.lag = light.lag_of(steps)
    if tools.lag is not None:
        here.judged[Layer.PROMPT] = light.prompt(seen.lag, tools.lag)
    return None


def _judge(seen: Seen, judged: dict[Layer, bool]) -> None:
    judged[Layer.SEQUENCE] = not seen.repeated
    judged[Layer.GATES] = seen.good > 0 and gates.Fault.SEVERAL not in seen.faults
    judged[Layer.RECTANGLE] = seen.framed < max(1, FRAMED_SHARE * seen.good)
    judged[Layer.CHALLENGE] = seen.progress.passed
    judged[Layer.SOLID] = solid.stands(seen.residuals)
    judged[Layer.CONTINUITY] = not seen.track.cut
    if len(seen.live) >= PASSIVE_FRAMES:
        judged[Layer.PASSIVE] = sum(seen.live) / len(seen.live) >= PASSIVE_LIVE


def _compare(
    tools: Tools, reference: Vector | match.Reference, seen: Seen, judged: dict[Layer, bool]
) -> bool:
    """The frontal frames of every step are one person, and that person is the reference's."""
    vectors = [tools.embedder.embed(frame.pixels, face) for frame, face in seen.chosen.values()]
    try:
        if not vectors:
            return False
        if not all(match.same(vectors[0], vector, tools.threshold) for vector in vectors[1:]):
            judged[Layer.CONTINUITY] = False
        middle = np.mean(vectors, axis=0)
        same = (
            match.same(middle, reference, tools.threshold)
            if isinstance(reference, np.ndarray)
            else reference.same(middle, tools.threshold)
        )
        match.wiped(middle)
        return same
    finally:
        for vector in vectors:
            match.wiped(vector)
