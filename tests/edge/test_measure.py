"""Figures with their intervals, the worst species first."""

import math

import pytest

from liangming.edge.face.layers import Layer
from liangming.edge.face.order import Looked, Result, Why
from liangming.edge.measure.intervals import share
from liangming.edge.measure.report import report
from liangming.edge.measure.trial import Trial


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [  # exact binomial intervals as tables of statistics print them
        (0, 10, 0.0, 0.30850),
        (1, 10, 0.00253, 0.44502),
        (5, 10, 0.18709, 0.81291),
        (10, 10, 0.69150, 1.0),
        (0, 2160, 0.0, 0.0017063),
        (14, 16, 0.61652, 0.98449),
    ],
)
def test_an_interval_is_clopper_and_pearson_s(
    count: int, total: int, low: float, high: float
) -> None:
    got = share(count, total)
    assert got.low == pytest.approx(low, abs=2e-5)
    assert got.high == pytest.approx(high, abs=2e-5)


def test_nothing_of_nothing_is_no_rate() -> None:
    nothing = share(0, 0)
    assert math.isnan(nothing.rate)
    assert (nothing.low, nothing.high, str(nothing)) == (0.0, 1.0, "–")


def trial(species: str, *, held: bool) -> Trial:
    looked = Looked(result=Result.ABSTAIN, why=Why.ATTACK, taken=10)
    return Trial(species, looked, {Layer.FLASH: held, Layer.GATES: True})


def test_the_worst_species_stands_first_and_people_apart() -> None:
    trials = [trial("a", held=False)] * 4 + [trial("b", held=True)] + [trial("b", held=False)]
    trials += [trial("", held=True)] * 3 + [trial("", held=False)]
    told = report(trials)
    assert [row.species for row in told.attacks] == ["b", "a"]
    assert (told.attacks[0].together.count, told.attacks[0].together.total) == (1, 2)
    assert told.attacks[0].alone["gates"].count == 2
    assert (told.people.count, told.people.total) == (1, 4)
    assert told.people_alone["flash"].count == 1
    assert told.frames == 100


def test_layers_that_did_not_run_are_not_counted_as_held() -> None:
    told = report([trial("a", held=True)])
    assert told.attacks[0].motion.total == 0
