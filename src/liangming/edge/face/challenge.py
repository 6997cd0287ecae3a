"""Layer 3: three actions in an order that only the centre's nonce decides.

At least one of them is a turn, because the three-dimensional check needs one: 54 orders of three
out of five. A wrong turn while another action is asked ends the try: a film that happens to hold
every action does not pass by patience.
"""

from __future__ import annotations

import enum
import hashlib
import itertools
from typing import Final

import msgspec
from msgspec.structs import replace

from liangming.edge.face.pose import Pose

CONTEXT: Final = b"liangming/face-challenge/1\0"
BASELINE_FRAMES: Final = 6
STEP_SECONDS: Final = 5.0

TURN: Final = 0.38  # excursion of the nose between the cheeks; ± of it spans the measured 0.75
BLINK, REOPEN = 0.72, 0.85  # of the person's own open eyes
OPENED: Final = 0.06  # of the face height
NOD: Final = 0.16
FRONTAL: Final = 0.27  # about 15 degrees


class Action(enum.StrEnum):
    """What a person may be asked to do."""

    LEFT = "left"
    RIGHT = "right"
    BLINK = "blink"
    MOUTH = "mouth"
    NOD = "nod"


PLANS: Final = tuple(
    plan
    for plan in itertools.permutations(Action, 3)
    if Action.LEFT in plan or Action.RIGHT in plan
)


def plan_of(nonce: str, attempt: int) -> tuple[Action, ...]:
    """The actions of one try: the same for device and centre, unknown before consent."""
    digest = hashlib.sha256(CONTEXT + nonce.encode() + b"\0" + str(attempt).encode()).digest()
    return PLANS[int.from_bytes(digest, "big") % len(PLANS)]


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a challenge has come; a pure fold over poses."""

    plan: tuple[Action, ...]
    base: tuple[Pose, ...] = ()
    done: int = 0
    since: float | None = None
    down: bool = False  # the movement began and has to come back
    wrong: bool = False
    late: bool = False

    @property
    def asked(self) -> Action | None:
        """What is asked now; None while the person only looks, and after the last."""
        if len(self.base) < BASELINE_FRAMES or self.over:
            return None
        return self.plan[self.done]

    @property
    def passed(self) -> bool:
        """Every action was done in order."""
        return self.done == len(self.plan)

    @property
    def over(self) -> bool:
        """Nothing more to ask."""
        return self.passed or self.wrong or self.late


def follow(progress: Progress, pose: Pose, at: float) -> Progress:
    """One more frame."""
    if progress.over:
        return progress
    since = at if progress.since is None else progress.since
    if at - since > STEP_SECONDS:
        return replace(progress, late=True)
    if len(progress.base) < BASELINE_FRAMES:
        return _settling(progress, pose, at, since)
    rest = _middle(progress.base)
    asked = progress.plan[progress.done]
    if progress.down:
        back = _back(asked, pose, rest)
        return replace(progress, done=progress.done + 1, since=at, down=False) if back else progress
    before = progress.plan[progress.done - 1] if progress.done else None
    down = _moved(asked, pose, rest)
    return replace(progress, down=down, wrong=not down and _wrong_turn(asked, before, pose, rest))


def _settling(progress: Progress, pose: Pose, at: float, since: float) -> Progress:
    """The person's own rest comes first: frontal frames to compare every movement with."""
    if abs(pose.turn) > FRONTAL:
        return replace(progress, since=since)
    base = (*progress.base, pose)
    return replace(progress, base=base, since=at if len(base) == BASELINE_FRAMES else since)


def _middle(base: tuple[Pose, ...]) -> Pose:
    def median(values: list[float]) -> float:
        return sorted(values)[len(values) // 2]

    return Pose(
        median([p.turn for p in base]),
        median([p.eyes for p in base]),
        median([p.mouth for p in base]),
        median([p.nod for p in base]),
    )


def _moved(action: Action, pose: Pose, rest: Pose) -> bool:
    match action:
        case Action.LEFT:
            return pose.turn - rest.turn >= TURN
        case Action.RIGHT:
            return pose.turn - rest.turn <= -TURN
        case Action.BLINK:
            return pose.eyes <= BLINK * rest.eyes and abs(pose.turn - rest.turn) < TURN
        case Action.MOUTH:
            return pose.mouth - rest.mouth >= OPENED
        case Action.NOD:
            return abs(pose.nod - rest.nod) >= NOD


def _back(action: Action, pose: Pose, rest: Pose) -> bool:
    match action:
        case Action.LEFT | Action.RIGHT:
            return abs(pose.turn - rest.turn) <= TURN / 2
        case Action.BLINK:
            return pose.eyes >= REOPEN * rest.eyes
        case Action.MOUTH:
            return pose.mouth - rest.mouth <= OPENED / 2
        case Action.NOD:
            return abs(pose.nod - rest.nod) <= NOD / 2


def _wrong_turn(asked: Action, before: Action | None, pose: Pose, rest: Pose) -> bool:
    """A full turn that is neither asked nor the swing back of the turn before."""
    turns = (Action.LEFT, Action.RIGHT)
    return any(
        _moved(turn, pose, rest) for turn in turns if turn is not asked and turn is not before
    )
