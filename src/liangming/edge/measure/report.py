"""Figures of many trials: the worst species first."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from liangming.edge.face.layers import MOTION, Layer
from liangming.edge.measure.intervals import Share, share
from liangming.edge.measure.trial import Trial


class Row(msgspec.Struct, frozen=True):
    """One species: attacks let through by all layers, by the motion layers alone, by each alone.

    Attributes:
        motion: of those that were asked for actions; without actions nothing moved on request.
        silent: without an answer (APNRR): no usable face was seen. They stand in no other share,
            because a clip that nobody could look at was not stopped by any layer.
    """

    species: str
    together: Share
    motion: Share
    alone: dict[str, Share]
    silent: Share


class Report(msgspec.Struct, frozen=True):
    """APCER by species, the worst first; BPCER; how many frames it rests on."""

    attacks: tuple[Row, ...]
    people: Share  # BPCER: people not let through by the layers
    people_alone: dict[str, Share]
    frames: int
    people_silent: Share  # BPNRR, in no other share

    @property
    def worst(self) -> Row | None:
        """The species that gets through most."""
        return self.attacks[0] if self.attacks else None


def report(trials: Sequence[Trial]) -> Report:
    """Count."""
    names = sorted({trial.species for trial in trials if trial.species})
    rows = [_row(name, [t for t in trials if t.species == name]) for name in names]
    # Where rates are equal, or there is none, the one of which less is known stands first.
    rows.sort(key=lambda r: (-(r.together.rate if r.together.total else 0), -r.together.high))
    everybody = [trial for trial in trials if not trial.species]
    people = [trial for trial in everybody if trial.answered]
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
        share(len(everybody) - len(people), len(everybody)),
    )


def _row(name: str, presented: list[Trial]) -> Row:
    trials = [trial for trial in presented if trial.answered]
    moved = [trial for trial in trials if Layer.CHALLENGE in trial.verdicts]
    return Row(
        name,
        share(sum(trial.passes(frozenset(Layer)) for trial in trials), len(trials)),
        share(sum(trial.passes(MOTION) for trial in moved), len(moved)),
        {
            layer.value: share(
                sum(t.passes(frozenset({layer})) for t in trials if layer in t.verdicts),
                sum(layer in t.verdicts for t in trials),
            )
            for layer in Layer
            if any(layer in trial.verdicts for trial in trials)
        },
        share(len(presented) - len(trials), len(presented)),
    )
