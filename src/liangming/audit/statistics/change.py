"""Sudden change: did the share of faces jump from one stretch to the next, and stay up?

For every place and every cut between stretches, what came after is tested against what came
before, with the season that all peers share taken out first. The smallest chance counts, times
the number of cuts (Bonferroni): exact enough, and on the safe side.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from scipy import special

from liangming.audit.statistics.asking import Answer, Floor, Own, against_peers, nothing
from liangming.audit.statistics.places import STRETCHES, Places
from liangming.audit.statistics.tails import Floats, Ints

JUMP: Final = Floor(support=30, rise=0.18, sure=0.1)
_BEFORE: Final = 30
_FEW: Final = 10
_FEW_OUTLETS: Final = 5.0
SEASON_MARGIN: Final = -4.0
"""By how much a step must fit better than a season (half a log-likelihood is one): the step has
chosen its moment among eleven, the season only a height and a phase."""

Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]


def sudden(here: Places) -> Answer:
    """Did the share of faces rise suddenly at some moment, beyond the season?"""
    chosen, known = here.by_stretch[:2]
    if not known.any():
        return nothing("sudden", thin=0, silent="column")
    season = _season(here)
    before_k, before_n = np.cumsum(chosen, axis=1), np.cumsum(known, axis=1)
    all_k, all_n = before_k[:, -1:], before_n[:, -1:]
    after_k, after_n = all_k - before_k, all_n - before_n
    cuts = slice(0, STRETCHES - 1)
    able = (before_n >= _BEFORE) & (after_n >= JUMP.support)
    able = able[:, cuts]
    tested = able.any(axis=1)
    thin = int(((all_n[:, 0] > 0) & ~tested).sum())
    if not tested.any():
        return nothing("sudden", thin=thin, silent="support")
    # the strongest cut of each place by a plain score; the test below then pays for the search
    weight_before = _mean_season(season, known, before=True)[:, cuts]
    weight_after = _mean_season(season, known, before=False)[:, cuts]
    logit_before = special.logit((before_k + 0.5) / (before_n + 1.0))[:, cuts]
    expected = special.expit(logit_before - weight_before + weight_after)
    seen = (after_k / np.maximum(after_n, 1))[:, cuts]
    noise = (
        expected
        * (1.0 - expected)
        * (1.0 / np.maximum(after_n, 1)[:, cuts] + 1.0 / np.maximum(before_n, 1)[:, cuts] + 0.02)
    )
    score = np.where(able, (seen - expected) / np.sqrt(noise), -np.inf)
    cut = np.argmax(score, axis=1)
    at = np.arange(len(here))
    answer = against_peers(
        "sudden",
        here,
        np.where(tested, after_k[at, cut], 0),
        np.where(tested, after_n[at, cut], 0),
        JUMP,
        part=cut + 1,
        own=Own(
            np.asarray(special.logit(np.clip(expected[at, cut], 1e-4, 1 - 1e-4))),
            np.maximum(before_n[at, cut], 1).astype(float),
        ),
    )
    tries = able.sum(axis=1)[answer.rows]
    stands = answer.stands & _stays(here, answer, season)
    return replace(
        answer,
        p=np.minimum(answer.p * tries, 1.0),
        stands=stands,
        thin=answer.thin + thin,
        extra={**answer.extra, "cuts": tries.astype(float)},
    )


def _season(here: Places) -> Floats:
    """Logit of each family's pooled share by stretch, beyond its mean: places × stretches."""
    chosen, known = here.by_stretch[:2]
    families = int(here.family.max()) + 1
    pooled_k = np.zeros((families, STRETCHES))
    pooled_n = np.zeros((families, STRETCHES))
    capped = known / np.maximum(known.sum(axis=1, keepdims=True), 200)  # no giant sets the season
    rate = chosen / np.maximum(known, 1)
    np.add.at(pooled_k, here.family, capped * rate)
    np.add.at(pooled_n, here.family, capped)
    logit = special.logit((pooled_k + 0.5) / (pooled_n + 1.0))
    weight = pooled_n / np.maximum(pooled_n.sum(axis=1, keepdims=True), 1e-9)
    mean = (logit * weight).sum(axis=1, keepdims=True)
    season = np.where(pooled_n >= _FEW_OUTLETS, logit - mean, 0.0)
    return np.asarray(season[here.family])


def _mean_season(season: Floats, known: Ints, *, before: bool) -> Floats:
    total = np.cumsum(season * known, axis=1)
    many = np.cumsum(known, axis=1)
    if not before:
        total, many = total[:, -1:] - total, many[:, -1:] - many
    return np.asarray(total / np.maximum(many, 1))


def _stays(here: Places, answer: Answer, season: Floats) -> Mask:
    """Whether it is a step that stays, better told so than as a yearly season of the place's own."""
    chosen, known = here.by_stretch[:2, answer.rows].astype(float)
    later = np.arange(STRETCHES)[None, :] >= (answer.part[:, None] + STRETCHES * 2) // 3
    k, n = (chosen * later).sum(axis=1), (known * later).sum(axis=1)
    stays = (n < _FEW) | (k / np.maximum(n, 1.0) >= answer.usual + JUMP.rise / 2)
    at = np.flatnonzero(answer.stands & stays)
    logit = special.logit((chosen[at] + 0.5) / (known[at] + 1.0)) - season[answer.rows[at]]
    weight = known[at] * special.expit(logit) * special.expit(-logit)
    weight = weight / (1.0 + 0.02 * weight)  # a stretch drifts by itself, however many its checks
    when = np.arange(STRETCHES)[None, :]
    step = _left(logit, weight, [np.where(when >= answer.part[at, None], 1.0, 0.0)])
    turn = 2.0 * np.pi * (when + 0.5) / STRETCHES
    flat = np.ones((len(at), 1))
    wave = _left(logit, weight, [flat * np.sin(turn), flat * np.cos(turn)])
    stays[at] &= step <= wave + SEASON_MARGIN
    return np.asarray(stays)


def _left(logit: Floats, weight: Floats, shapes: list[Floats]) -> Floats:
    """What a weighted least-squares fit of a level and some shapes leaves over, row by row."""
    design = np.stack([np.ones_like(logit), *shapes], axis=2)
    gram = np.einsum("nsi,ns,nsj->nij", design, weight, design)
    gram += 1e-9 * np.eye(design.shape[2])
    right = np.einsum("nsi,ns,ns->ni", design, weight, logit)
    found = np.linalg.solve(gram, right[:, :, None])[:, :, 0]
    rest = logit - np.einsum("nsi,ni->ns", design, found)
    return np.asarray((weight * rest**2).sum(axis=1))
