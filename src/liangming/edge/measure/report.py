"""Figures of many trials: the worst species first."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from liangming.edge.face.layers import MOTION, Layer
from liangming.edge.measure.intervals import Share, share
from liangming.edge.measure.trial import Trial


class Row(msgspec.Struct, frozen=True):
    """One species: attacks let through by all layers, by the motion layers alone, by each alone."""

    species: str
    together: Share
    motion: Share
    alone: dict[str, Share]


class Report(msgspec.Struct, frozen=True):
    """APCER by species, the worst first; BPCER; how many frames it rests on."""

    attacks: tuple[Row, ...]
    people: Share  # BPCER: people not let through by the layers
    people_alone: dict[str, Share]
    frames: int

    @property
    def worst(self) -> Row | None:
        """The species that gets through most."""
        return self.attacks[0] if self.attacks else None


def report(trials: Sequence[Trial]) -> Report:
    """Count."""
    names = sorted({trial.species for trial in trials if trial.species})
    rows = [_row(name, [t for t in trials if t.species == name]) for name in names]
    rows.sort(key=lambda row: (-row.together.rate, -row.together.high, row.species))
    people = [trial for trial in trials if not trial.species]
    return Report(
        tuple(rows),
        share(sum(not trial.passes(frozenset(Layer)) for trial in people), len(people)),
        {
            layer.value: share(
                sum(not t.verdicts[layer] for t in people if layer in t.verdicts),
                sum(layer in t.verdicts for t in people),
            )
            for layer in Layer
            if any(layer in trial.verdicts for trial in people)
        },
        sum(trial.looked.taken for trial in trials),
    )


def _row(name: str, trials: list[Trial]) -> Row:
    return Row(
        name,
        share(sum(trial.passes(frozenset(Layer)) for trial in trials), len(trials)),
        share(
            sum(trial.passes(MOTION) for trial in trials if MOTION & set(trial.verdicts)),
            sum(bool(MOTION & set(trial.verdicts)) for trial in trials),
        ),
        {
            layer.value: share(
                sum(t.passes(frozenset({layer})) for t in trials if layer in t.verdicts),
                sum(layer in t.verdicts for t in trials),
            )
            for layer in Layer
            if any(layer in trial.verdicts for trial in trials)
        },
    )
