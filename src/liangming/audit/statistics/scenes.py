"""What everybody does, peers cannot show: absolute limits for a whole scene of an operator.

Here nothing is compared with peers. Within each outlet those who declined are compared with those
who did not (Mantel-Haenszel over outlets), the same people here and elsewhere, and plain shares
with a limit. Outlets are the sampling units, so the bounds hold also where outlets differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from liangming.audit.statistics.places import Places
from liangming.audit.statistics.tails import Floats
from liangming.audit.statistics.waiting import moments

FEWEST_OUTLETS: Final = 20
FEWEST_CASES: Final = 500
_BOUND: Final = 3.5
"""Standard errors between estimate and bound: scenes are few, and an accusation is large."""

LIMITS: Final = {
    "moved": 2.0,  # people who change to the face here, for each who changes away from it
    "refused": 2.0,  # odds of a refusal after a decline, times the odds without
    "abandoned": 4.0,  # odds of giving up; declining has its own reasons to leave
    "down-on-decline": 2.0,
    "waits": 1.5,  # times as long
    "share": 0.9,  # of those who had a choice
    "first": 0.2,  # of the offers
    "pushed": 0.1,  # of the declines
}
"""Our own limits, not the law's: beyond them a whole scene is worth a visit."""


@dataclass(frozen=True, slots=True)
class Steered:
    """One scene of one operator (or of all together) beyond a limit.

    Attributes:
        question: which.
        operator: whose, "" for all operators together.
        scene_kind: code.
        channel: code.
        outlets: how many spoke.
        seen: the estimate, in the unit of the limit.
        low: its lower bound.
        limit: what it exceeds.
    """

    question: str
    operator: str
    scene_kind: int
    channel: int
    outlets: int
    seen: float
    low: float
    limit: float


def whole_scenes(here: Places) -> tuple[Steered, ...]:
    """Every scene beyond an absolute limit, by operator and over all operators."""
    if not len(here):
        return ()
    measures = dict(_measures(here))
    operators = np.array(here.operator)
    groups: list[tuple[str, np.ndarray[tuple[int], np.dtype[np.int64]]]] = []
    for family in range(int(here.family.max()) + 1):
        at = np.flatnonzero(here.family == family)
        whose = np.unique(operators[at])
        groups.append(("", at))
        if len(whose) > 1:
            groups += [(str(name), at[operators[at] == name]) for name in whose]
    found = []
    for operator, at in groups:
        for question, (top, bottom, cases) in measures.items():
            outlets = int((cases[at] > 0).sum())
            if outlets < FEWEST_OUTLETS or cases[at].sum() < FEWEST_CASES:
                continue
            seen, low = _ratio(top[at], bottom[at])
            if question == "waits":
                seen, low = float(np.exp(seen)), float(np.exp(low))
            if low > LIMITS[question]:
                found.append(
                    Steered(
                        question, operator, int(here.scene_kind[at[0]]), int(here.channel[at[0]]),
                        outlets, seen, low, LIMITS[question],
                    )
                )  # fmt: skip
    return tuple(found)


def _measures(here: Places) -> list[tuple[str, tuple[Floats, Floats, Floats]]]:
    """For each question top and bottom of a ratio, and how many cases speak, by place."""
    plain = {
        "share": ("face_chosen", "chosen_known"),
        "first": ("face_first", "first_known"),
        "pushed": ("declined_face_used", "declined"),
    }
    out = []
    for question, (top, bottom) in plain.items():
        k, n = here.get(top).astype(float), here.get(bottom).astype(float)
        out.append((question, (k, n, n)))
    to, away = (here.get(f"pair_{way}_face").astype(float) for way in ("to", "from"))
    out.append(("moved", (to, away, to + away)))
    kept = sum(
        (here.get(f"kept_{end}") for end in ("passed", "refused", "undetermined", "abandoned")),
        start=np.zeros(len(here), np.int64),
    ).astype(float)
    declined = here.get("declined").astype(float)
    for question, after, without in (
        ("refused", "declined_refused", "kept_refused"),
        ("abandoned", "declined_abandoned", "kept_abandoned"),
        ("down-on-decline", "declined_way_down", "kept_way_down"),
    ):
        a, c = here.get(after).astype(float), here.get(without).astype(float)
        whole = np.maximum(declined + kept, 1.0)
        out.append((question, (a * (kept - c) / whole, c * (declined - a) / whole, declined)))
    m1, _, n1 = moments(here, "declined")
    m0, _, n0 = moments(here, "kept")
    weight = n1 * n0 / np.maximum(n1 + n0, 1.0)
    out.append(("waits", (weight * (m1 - m0), weight, n1)))
    return out


def _ratio(top: Floats, bottom: Floats) -> tuple[float, float]:
    """A ratio of sums over outlets, and its lower bound by linearisation, outlets as units.

    No outlet weighs more than a twentieth of the whole: one giant is not a scene.
    """
    size = top + bottom
    most = max(float(size.sum()) / FEWEST_OUTLETS, 1e-12)
    held = np.minimum(1.0, most / np.maximum(size, 1e-12))
    top, bottom = top * held, bottom * held
    below = float(bottom.sum())
    if below <= 0.0:
        below = 0.5  # as if half a case had gone the other way
    ratio = float(top.sum()) / below
    left = top - ratio * bottom
    units = len(top)
    spread = float(np.sqrt(units / max(units - 1, 1) * np.square(left).sum())) / below
    return ratio, ratio - _BOUND * spread
