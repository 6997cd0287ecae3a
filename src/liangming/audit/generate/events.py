"""A fleet as single events in the canonical schema: the same rates, drawn check by check.

For small fleets, so that a whole audit can be tried end to end, by anyone's software. No column
says anything about a person; facts that nobody would know are not given.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pyarrow as pa

from liangming.audit.generate.cells import DAYS, FIRST_DAY, OTHER_PARTS, OTHER_WAYS
from liangming.audit.generate.rates import BROKEN_WAY, PAIRED, Rows, rows
from liangming.audit.generate.world import World
from liangming.audit.schema import (
    EVENT_COLUMNS,
    FACE,
    FACE_BIT,
    FACTS,
    NONE_CHOSEN,
    OUTCOMES,
    WAYS,
)
from liangming.audit.statistics.tails import Ints

ZONE: Final = 480
_DAY: Final = 86_400_000_000
_OPENS: Final = np.array([8, 12, 18]) * 3_600_000_000
_LASTS: Final = np.array([4, 6, 2]) * 3_600_000_000
"""When each band of HOURS begins, and how long it lasts, in microseconds."""
_BIT: Final = {fact.name: 1 << number for number, fact in enumerate(FACTS)}
_PASSED, _REFUSED, _UNDETERMINED, _ABANDONED = (
    OUTCOMES.index(word) for word in ("passed", "refused", "undetermined", "abandoned")
)
_NO_DOCUMENT: Final = 1
BLOCK: Final = 20_000
"""Stretches (outlet × clerk × period) in one table."""


def events(world: World, periods: int = 12) -> Iterator[pa.Table]:
    """Draw every event of a world, in tables of moderate size, outlet by outlet."""
    drawn = rows(world, periods)
    rng = np.random.default_rng([world.plan.seed, 17])
    number = 0
    for start in range(0, len(drawn.outlet), BLOCK):
        at = np.arange(start, min(start + BLOCK, len(drawn.outlet)))
        table = _table(world, drawn, at, rng, periods, number)
        number += table.num_rows
        yield table


def _table(  # noqa: PLR0917  (one column after another)
    world: World, drawn: Rows, at: Ints, rng: np.random.Generator, periods: int, number: int
) -> pa.Table:
    fakes = rng.poisson(drawn.checks[at] * drawn.padding[at])
    row = np.concatenate([np.repeat(at, drawn.checks[at]), np.repeat(at, fakes)])
    fake = np.zeros(len(row), bool)
    fake[int(drawn.checks[at].sum()) :] = True
    outlet = drawn.outlet[row]
    family = world.family[outlet]
    many = len(row)

    def happens(
        chance: np.ndarray[tuple[int], np.dtype[np.float64]],
    ) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return np.asarray(rng.random(many) < chance)

    ways = np.array([[WAYS.index(word) for word in three] for three in OTHER_WAYS])[family]
    lot = rng.random(many)
    hour = np.minimum((np.cumsum(world.hours, axis=1)[outlet] <= lot[:, None]).sum(axis=1), 2)
    face = happens(np.stack(drawn.by_hour, axis=1)[row, hour]) & ~fake
    declined = (~face & happens(drawn.declines[row])) | fake
    pick = rng.choice(3, many, p=OTHER_PARTS)
    other = ways[np.arange(many), pick]
    chosen = np.where(face, FACE, other)
    breaks = pick == BROKEN_WAY
    failed = ~face & happens(np.where(breaks, drawn.failing[row], 0.02)) & ~fake
    shut = happens(np.where(declined, np.maximum(drawn.down[0], drawn.shut)[row], drawn.shut[row]))
    refused = happens(np.where(declined, drawn.refused[0][row], drawn.refused[1][row])) & ~fake
    left = happens(np.where(declined, drawn.abandoned[0][row], drawn.abandoned[1][row])) & ~fake
    unclear = happens(np.full(many, 0.01)) & ~fake
    outcome = np.where(
        refused, _REFUSED, np.where(left, _ABANDONED, np.where(unclear, _UNDETERMINED, _PASSED))
    )
    pushed = declined & happens(drawn.pushed[row]) & ~fake
    passed = outcome == _PASSED
    second = ways[:, 0]  # whoever's way failed goes on with the first of the other ways
    completed = np.where(pushed | face, FACE, np.where(failed, second, other))
    completed = np.where(passed | pushed, completed, NONE_CHOSEN)
    pace = world.pace[outlet] + np.where(declined & ~fake, drawn.late[row], 0.0)
    deviation = np.where(fake, 0.04, world.unevenness[outlet])
    duration = np.exp(pace + deviation * rng.standard_normal(many))
    offered = (1 << ways).sum(axis=1) + FACE_BIT
    down = np.where(shut, 1 << ways[:, BROKEN_WAY], 0)
    first = np.where(happens(drawn.first[row]) & ~fake, FACE, ways[:, 0])
    paired, there = _elsewhere(drawn, row, rng, face=face, able=~fake)
    facts = np.where(declined, _BIT["declined_face"], 0) + np.where(
        there, _BIT["face_elsewhere"], 0
    )
    known = _BIT["declined_face"] + np.where(paired, _BIT["face_elsewhere"], 0)
    length = DAYS // periods
    day = FIRST_DAY + drawn.period[row] * length + rng.integers(0, length, many)
    moment = day * _DAY + _OPENS[hour] + (rng.random(many) * _LASTS[hour]).astype(np.int64)
    values = {
        "event": np.arange(number, number + many),
        "at": moment - ZONE * 60_000_000,
        "zone": np.full(many, ZONE),
        "operator": _words("op-", world.operator[outlet]),
        "outlet": _words("outlet-", outlet),
        "clerk": _words("clerk-", outlet * 4 + drawn.clerk[row]),
        "province": world.province[outlet],
        "scene_kind": world.scene_kind[outlet],
        "channel": world.channel[outlet],
        "ways_offered": offered,
        "ways_down": down,
        "ways_failed": np.where(failed, 1 << other, 0),
        "way_first": first,
        "way_chosen": chosen,
        "way_completed": completed,
        "outcome": outcome,
        "reason": np.where(refused, _NO_DOCUMENT, 0),
        "duration_ms": np.minimum(duration, 3.6e6).astype(np.int64),
        "facts": facts,
        "known": known,
    }
    columns = {
        column.name: pa.array(values[column.name]).cast(getattr(pa, column.shape.value)())
        for column in EVENT_COLUMNS
    }
    return pa.table(columns)


def _elsewhere(
    drawn: Rows,
    row: Ints,
    rng: np.random.Generator,
    *,
    face: np.ndarray[tuple[int], np.dtype[np.bool_]],
    able: np.ndarray[tuple[int], np.dtype[np.bool_]],
) -> tuple[np.ndarray[tuple[int], np.dtype[np.bool_]], np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Who was seen elsewhere, and by face; given the way here, so that both chances come out."""
    many = len(row)
    paired = able & (rng.random(many) < PAIRED)
    rate = np.clip(drawn.face[row], 1e-9, 1.0 - 1e-9)
    other_there = np.clip(drawn.to_face[row] / rate, 0.0, 1.0)  # of those who go by face here
    face_there = np.clip(drawn.from_face[row] / (1.0 - rate), 0.0, 1.0)
    chance = np.where(face, 1.0 - other_there, face_there)
    return paired, paired & (rng.random(many) < chance)


def _words(prefix: str, number: Ints) -> pa.Array:
    known, code = np.unique(number, return_inverse=True)
    words = pa.array([f"{prefix}{value:07d}" for value in known.tolist()])
    return pa.DictionaryArray.from_arrays(pa.array(code.astype(np.int32)), words).cast(pa.string())
