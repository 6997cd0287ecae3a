"""Which places stand out: false discoveries held down over all places and questions at once.

A high share of faces alone says nothing about pressure: in a business park people do prefer it.
Where files tell how the same people go elsewhere, a high share stands only if they go by face
*here* and not elsewhere; where that cannot be told the place is put aside as a lead, by name and
number, and not flagged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from liangming.audit.statistics.adaptive import adjusted
from liangming.audit.statistics.asking import Answer, wide_of
from liangming.audit.statistics.habit import MOVED, PAIRS
from liangming.audit.statistics.null import FAR, upper
from liangming.audit.statistics.places import STRETCHES, Places
from liangming.audit.statistics.questions import QUESTIONS
from liangming.audit.statistics.scenes import Steered, whole_scenes
from liangming.audit.statistics.tails import Floats, Ints, benjamini_hochberg

Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]

LEVEL: Final = 0.05
"""Nominal share of false flags, within each question and over all (``_held_down``)."""

BY_PREFERENCE: Final = ("share", "hours", "sudden")
"""Questions whose sight people's own preference could explain. (Clerks of one outlet serve the same
people.)"""

WITHIN: Final = ("hours", "sudden")
"""Those of them that compare an outlet with itself."""

LEANS: Final = 0.2
"""A place's own pairs must lean this much its way, however sure the others are."""

FEW_PAIRS: Final = 2
"""Of a place found within its own outlet: fewest people who change their way."""

PREFER: Final = "prefer"
UNTOLD: Final = "untold"


@dataclass(frozen=True, slots=True)
class Flag:
    """One place that stands out in one question; numbers only, words come later.

    Attributes:
        question: which.
        place: index in the places.
        part: clerk, way or stretch, -1 for none.
        k: how many.
        n: out of how many.
        usual: what is usual there.
        low: lower bound of what was seen.
        p: exact chance among ordinary peers.
        q: the same, adjusted for everything that was asked.
        extra: further numbers of the question.
    """

    question: str
    place: int
    part: int
    k: int
    n: int
    usual: float
    low: float
    p: float
    q: float
    extra: dict[str, float]


@dataclass(frozen=True, slots=True)
class Judged:
    """What stands out, what was put aside, and what could not be asked.

    Attributes:
        flags: places that stand out, the least likely first.
        leads: as many as were put aside: people may prefer it, or it could not be told.
        scenes: whole scenes beyond an absolute limit.
        tested: how many tests each question made.
        thin: how many had too little support, by question.
        silent: why a question could not be asked at all.
        paired: whether the files tell how the same people go elsewhere.
    """

    flags: tuple[Flag, ...]
    leads: tuple[tuple[Flag, str], ...]
    scenes: tuple[Steered, ...]
    tested: dict[str, int]
    thin: dict[str, int]
    silent: dict[str, str]
    paired: bool
    answers: dict[str, Answer] = field(default_factory=dict)


def judge(
    here: Places,
    *,
    level: float = LEVEL,
    questions: Iterable[str] = tuple(QUESTIONS),
    progress: Callable[[str], None] | None = None,
) -> Judged:
    """Ask every question and say what stands out.

    Args:
        here: the places.
        level: nominal share of false flags among all.
        questions: which to ask.
        progress: told each question before it is asked.
    """
    answers: dict[str, Answer] = {}
    for name in questions:
        if progress is not None:
            progress(name)
        answers[name] = QUESTIONS[name](here)
    names = list(answers)
    moved, habit = answers.get("moved"), answers.get("habit")
    paired = any(told is not None and (len(told) or told.thin) for told in (moved, habit))
    flags: list[Flag] = []
    leads: list[tuple[Flag, str]] = []
    own = dict(zip(names, _held_down([answers[name].p for name in names], level), strict=True))
    for name in names:
        answer = answers[name]
        at = np.flatnonzero(answer.stands & (own[name] <= level))
        verdict = None
        if name == "moved" and habit is not None:
            # one cause, two sights: a few changes of way do not stand alone where the share itself
            # is about what its people's habit lets expect
            at = at[~np.isin(answer.rows[at], habit.rows[habit.p > level / 10.0])]
        if paired and name == "share" and habit is not None and len(habit):
            verdict = _by_habit(answer.rows[at], habit, habit.stands & (own["habit"] <= level))
        elif paired and name in BY_PREFERENCE:
            since = answer.part[at] if name == "sudden" else np.zeros(len(at), np.int64)
            fresh = name in WITHIN
            verdict = _told(here, answer.rows[at], since, moved, level, fresh=fresh)
        for position, row in enumerate(at):
            flag = _flag(answer, int(row), float(own[name][row]))
            if verdict is None or verdict[position] == "":
                flags.append(flag)
            else:
                leads.append((flag, verdict[position]))
    flags.sort(key=lambda flag: (flag.p, flag.question, flag.place, flag.part))
    leads.sort(key=lambda pair: (pair[0].p, pair[0].question, pair[0].place, pair[0].part))
    return Judged(
        flags=tuple(flags),
        leads=tuple(leads),
        scenes=whole_scenes(here),
        tested={name: len(answers[name]) for name in names},
        thin={name: answers[name].thin for name in names},
        silent={name: answers[name].silent for name in names if answers[name].silent},
        paired=paired,
        answers=answers,
    )


def _held_down(chances: list[Floats], level: float) -> list[Floats]:
    """Adjusted chances (q) of each question: within it, and over everything that was asked.

    Over everything either as one family (Benjamini-Hochberg), or question by question: those in
    which anything stands out at all (Simes, held down over the questions) spend the part of the
    level that they are of all (Benjamini and Bogomolov). Where many places are under pressure the
    first is spoilt by the million tests of questions in which nobody is.
    """
    if not chances:
        return []
    every = benjamini_hochberg(np.concatenate(chances))
    both = np.split(every, np.cumsum([len(p) for p in chances])[:-1])
    own = [benjamini_hochberg(p) for p in chances]
    least = np.array([float(q.min()) for q in own if len(q)])
    alive = int((benjamini_hochberg(least) <= level).sum())
    part = alive / max(len(least), 1)
    return [
        np.minimum(np.maximum(q, all_), np.minimum(q / part, 1.0) if alive else 1.0)
        for q, all_ in zip(own, both, strict=True)
    ]


def _flag(answer: Answer, row: int, q: float) -> Flag:
    return Flag(
        question=answer.question,
        place=int(answer.rows[row]),
        part=int(answer.part[row]),
        k=int(answer.k[row]),
        n=int(answer.n[row]),
        usual=float(answer.usual[row]),
        low=float(answer.low[row]),
        p=float(answer.p[row]),
        q=q,
        extra={name: float(values[row]) for name, values in answer.extra.items()},
    )


def _by_habit(rows: Ints, habit: Answer, flagged: Mask) -> list[str]:
    """For each place: "" where it stands also beside its own people's habit, else why it does not.

    A place is asked because its share is high, so the habit's test is no fresh one there: it must
    have held among everything that was asked of the habit.
    """
    stand, asked = habit.rows[flagged], habit.rows[habit.extra["pairs"] >= 2 * PAIRS]
    return [
        "" if otherwise else PREFER if told else UNTOLD
        for otherwise, told in zip(
            np.isin(rows, stand).tolist(), np.isin(rows, asked).tolist(), strict=True
        )
    ]


def _told(
    here: Places, rows: Ints, since: Ints, moved: Answer | None, level: float, *, fresh: bool
) -> list[str]:
    """For each place: "" where the same people go otherwise here, else why it is put aside.

    Only the pairs since a sudden change count. Among the places that ask for it, false clearings
    are held down as everywhere (Benjamini-Hochberg, at half the level: the other half is spent).
    Places found within their own outlet (a part of the day, a moment) were not picked for a high
    share, so few of them are ordinary, only that part is counted, and a few pairs can tell.
    """
    if moved is None or not len(moved):
        return [UNTOLD] * len(rows)
    after = np.arange(STRETCHES)[None, :] >= since[:, None]
    to, away = ((here.by_stretch[row, rows] * after).sum(axis=1) for row in (2, 3))
    usual, alike, wide = _usual_moves(here, rows, moved)
    able = (usual > 0.0) & (to + away >= (FEW_PAIRS if fresh else MOVED.support))
    p = upper(to[able], (to + away)[able], usual[able], alike[able], wide[able])
    here_not_there = np.zeros(len(rows), bool)
    if fresh:
        here_not_there[able] = (adjusted(p) <= level / 2.0) & (p <= LEANS)
    else:
        whole = np.ones(len(rows))
        whole[able] = p
        here_not_there = benjamini_hochberg(whole) <= level / 2.0
    enough = able & (to + away >= 2 * MOVED.support)
    return [
        "" if otherwise else PREFER if told else UNTOLD
        for otherwise, told in zip(here_not_there.tolist(), enough.tolist(), strict=True)
    ]


def _usual_moves(here: Places, rows: Ints, moved: Answer) -> tuple[Floats, Floats, Floats]:
    """What is usual of those who change their way, by place: mean, concentration, far pairs.

    A place with too few pairs to be asked itself is any of its family: its peers' own means differ,
    and by so much less is known of its. Zero where no peer was asked.
    """
    usual, alike = np.zeros(len(rows)), np.ones(len(rows))
    far = np.zeros((len(rows), len(FAR)))
    where = np.full(len(here), -1)
    where[moved.rows] = np.arange(len(moved))
    family, at = here.family[moved.rows], where[rows]
    for one in np.unique(here.family[rows[at < 0]]):
        peers = np.flatnonzero(family == one)
        if not len(peers):
            continue
        mean, some = moved.usual[peers], (at < 0) & (here.family[rows] == one)
        centre = float(mean.mean())
        within = float((mean * (1.0 - mean) / (moved.extra["alike"][peers] + 1.0)).mean())
        usual[some] = centre
        alike[some] = centre * (1.0 - centre) / (within + float(mean.var())) - 1.0
        far[some] = wide_of(moved, peers[:1])
    own = np.flatnonzero(at >= 0)
    usual[own], alike[own] = moved.usual[at[own]], moved.extra["alike"][at[own]]
    far[own] = wide_of(moved, at[own])
    return usual, np.maximum(alike, 0.5), far
