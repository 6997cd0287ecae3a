"""A fleet as cells: the sums that a pass over its events would give, drawn directly.

Used where events would be too many: 350,000 outlets. Columns that no statistic reads are left out.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from liangming.audit.generate.rates import BROKEN_WAY, PAIRED, Rows, rows
from liangming.audit.generate.world import FAMILIES, HOURS, World
from liangming.audit.schema import LN_SCALE, way_column
from liangming.audit.statistics.tails import Floats, Ints

OTHER_WAYS: Final = (
    ("document.seen", "document.read", "network-credential"),
    ("document.seen", "document.read", "network-credential"),
    ("pickup-code", "document.read", "network-credential"),
    ("pickup-code", "document.read", "document.seen"),
    ("ticket", "document.read", "document.seen"),
    ("cash", "bank-card", "payment-code"),
    ("ticket", "document.read", "document.seen"),
)
"""The three other ways of each family; the second is the one that breaks."""
OTHER_PARTS: Final = (0.55, 0.35, 0.10)
FIRST_DAY: Final = 20_089  # 2025-01-01
DAYS: Final = 360


def cells(world: World, periods: int = 6) -> pa.Table:
    """Draw the cells of a world; each stretch of time stands on its first day."""
    drawn = rows(world, periods)
    rng = np.random.default_rng([world.plan.seed, 13])
    sums = _sums(world, drawn, rng)
    day = FIRST_DAY + drawn.period * (DAYS // periods)
    at = drawn.outlet
    keys = {
        "day": pa.array(day.astype(np.int32)),
        "operator": _named("op-", world.operator[at]),
        "outlet": _named("outlet-", at),
        "clerk": _named("clerk-", at * 4 + drawn.clerk),
        "scene_kind": pa.array(world.scene_kind[at].astype(np.int32)),
        "province": pa.array(world.province[at].astype(np.int32)),
        "channel": pa.array(world.channel[at].astype(np.int32)),
    }
    return pa.table({**keys, **{name: pa.array(value) for name, value in sums.items()}})


def _named(prefix: str, number: Ints) -> pa.DictionaryArray:
    known, code = np.unique(number, return_inverse=True)
    words = pa.array([f"{prefix}{value:07d}" for value in known.tolist()])
    return pa.DictionaryArray.from_arrays(pa.array(code.astype(np.int32)), words)


def _sums(world: World, drawn: Rows, rng: np.random.Generator) -> dict[str, Ints]:
    at, n = drawn.outlet, drawn.checks
    offered = _by_hour(world, at, n, rng)
    took = [rng.binomial(some, rate) for some, rate in zip(offered, drawn.by_hour, strict=True)]
    chosen = sum(took, start=np.zeros(len(n), np.int64))
    others = n - chosen
    declined = rng.binomial(others, drawn.declines)
    pushed = rng.binomial(declined, drawn.pushed)
    refused = rng.binomial(declined, drawn.refused[0])
    left = rng.binomial(declined - refused, np.minimum(drawn.abandoned[0], 1.0))
    unclear = rng.binomial(declined - refused - left, 0.01)
    passed = declined - refused - left - unclear
    kept = n - declined
    kept_refused = rng.binomial(kept, drawn.refused[1])
    kept_left = rng.binomial(kept - kept_refused, drawn.abandoned[1])
    kept_unclear = rng.binomial(kept - kept_refused - kept_left, 0.01)
    kept_passed = kept - kept_refused - kept_left - kept_unclear
    fake = rng.poisson(n * drawn.padding)
    invented = _by_hour(world, at, fake, rng)
    first = rng.binomial(n, drawn.first)
    chosen_first = np.minimum(rng.binomial(first, drawn.face), chosen)
    paired = rng.binomial(n, PAIRED)
    to_face = rng.binomial(paired, drawn.to_face)
    away = rng.binomial(
        paired - to_face, np.minimum(drawn.from_face / np.maximum(1 - drawn.to_face, 1e-9), 1.0)
    )
    same = paired - to_face - away
    face_there = np.clip(
        drawn.both / np.maximum(1.0 - drawn.to_face - drawn.from_face, 1e-9), 0.0, 1.0
    )
    there = away + np.random.default_rng([world.plan.seed, 17]).binomial(same, face_there)
    pace = world.pace[at]
    uneven = world.unevenness[at]
    times = _times(rng, passed, pace + drawn.late, uneven)
    fakes = _times(rng, fake, pace, np.full(len(at), 0.04))
    usual = _times(rng, kept_passed, pace, uneven)
    out = {
        "checks": n + fake,
        "passed": passed + kept_passed + fake,
        "refused": refused + kept_refused,
        "undetermined": unclear + kept_unclear,
        "abandoned": left + kept_left,
        "ways_known": n + fake,
        "face_offered": n + fake,
        "chosen_known": n + fake,
        "face_chosen": chosen,
        "first_known": n + fake,
        "face_first": first,
        "face_chosen_first": chosen_first,
        "face_chosen_other": chosen - chosen_first,
        "decline_known": n + fake,
        "declined": declined + fake,
        "declined_passed": passed + fake,
        "declined_refused": refused,
        "declined_undetermined": unclear,
        "declined_abandoned": left,
        "declined_face_used": pushed,
        "declined_way_down": rng.binomial(declined, drawn.down[0]),
        "kept_passed": kept_passed,
        "kept_refused": kept_refused,
        "kept_undetermined": kept_unclear,
        "kept_abandoned": kept_left,
        "kept_way_down": rng.binomial(kept, drawn.down[1]),
        "declined_timed": passed + fake,
        "declined_ln": times[0] + fakes[0],
        "declined_ln2": times[1] + fakes[1],
        "kept_timed": kept_passed,
        "kept_ln": usual[0],
        "kept_ln2": usual[1],
        "pair_to_face": to_face,
        "pair_from_face": away,
        "pair_known": paired,
        "pair_face_there": there,
    }
    for hour, some, added, by_face in zip(HOURS, offered, invented, took, strict=True):
        out[f"face_offered_{hour}"], out[f"face_chosen_{hour}"] = some + added, by_face
    return {**out, **_ways(world, drawn, rng, others + fake)}


def _by_hour(world: World, at: Ints, n: Ints, rng: np.random.Generator) -> list[Ints]:
    """How many of n fall into each band of the day."""
    left, rest, out = n, np.ones(len(n)), []
    for hour in range(len(HOURS) - 1):
        part = world.hours[at, hour]
        some = rng.binomial(left, np.clip(part / np.maximum(rest, 1e-12), 0.0, 1.0))
        left, rest = left - some, rest - part
        out.append(some)
    return [*out, left]


def _times(rng: np.random.Generator, n: Ints, mean: Floats, deviation: Floats) -> tuple[Ints, Ints]:
    """Σ L and Σ L² of n log-normal times: exactly distributed, without drawing each."""
    centre = mean + deviation * rng.standard_normal(len(n)) / np.sqrt(np.maximum(n, 1))
    around = deviation**2 * rng.chisquare(np.maximum(n - 1, 1)) * (n > 1)
    return (
        np.rint(LN_SCALE * n * centre).astype(np.int64),
        np.rint(LN_SCALE**2 * (n * centre**2 + around)).astype(np.int64),
    )


def _ways(
    world: World, drawn: Rows, rng: np.random.Generator, others: Ints
) -> dict[str, np.ndarray[tuple[int], np.dtype[np.int32]]]:
    """Offered, down, passed, failed of the other ways, each family with its own three."""
    family = world.family[drawn.outlet]
    out: dict[str, np.ndarray[tuple[int], np.dtype[np.int32]]] = {}
    left, rest = others, 1.0
    for number, part in enumerate(OTHER_PARTS):
        tried = rng.binomial(left, min(part / rest, 1.0))
        left, rest = left - tried, rest - part
        breaks = number == BROKEN_WAY
        failed = rng.binomial(tried, drawn.failing if breaks else 0.02)
        down = rng.binomial(drawn.checks, drawn.shut if breaks else 0.01)
        deeds = {
            "offered": drawn.checks, "down": down, "passed": tried - failed, "failed": failed,
        }  # fmt: skip
        for place in range(len(FAMILIES)):
            for deed, value in deeds.items():
                name = way_column(OTHER_WAYS[place][number], deed)
                held = out.setdefault(name, np.zeros(len(family), np.int32))
                held += np.where(family == place, value, 0)
    return out
