"""Attacks by species, and proof that each layer is needed: without it, something gets through."""

import itertools
from collections.abc import Callable

import numpy as np
import pytest

from liangming.edge.face import binding, challenge, continuity, flash, gates, look, match, solid
from liangming.edge.face.challenge import PLANS, Action, plan_of
from liangming.edge.face.layers import BASE, MOTION, Layer, level_of
from liangming.edge.face.order import Result
from liangming.edge.measure.report import report
from liangming.edge.measure.trial import synthetic
from liangming.edge.synthetic.species import ALL, BY_NAME

SEEDS = range(1)
PASS: dict[Layer, tuple[object, str, Callable[..., object]]] = {
    Layer.BINDING: (binding, "bound", lambda *_: True),
    Layer.SEQUENCE: (binding.Sequence, "frozen", lambda *_: False),
    Layer.RECTANGLE: (gates, "framed", lambda *_: False),
    Layer.SOLID: (solid, "stands", lambda *_: True),
    Layer.FLASH: (flash, "answers", lambda *_: True),
}


def test_people_are_let_through_and_at_the_level_of_the_flash_no_attack_but_the_published_one() -> (
    None
):
    trials = [synthetic(species, seed) for species in (None, *ALL) for seed in SEEDS]
    told = report(trials)
    passed = {row.species: row.together.count for row in told.attacks}
    assert passed == {s.name: len(SEEDS) * (s.hole >= 3) for s in ALL}  # no hole but the published
    assert told.people.count == 0
    opened = [t for t in trials if t.species and t.looked.result is Result.MATCH]
    assert {t.species for t in opened} == {"full-view-echo"}


@pytest.mark.parametrize("seed", range(4, 5))
@pytest.mark.parametrize("species", [s for s in ALL if s.family == "print"], ids=lambda s: s.name)
def test_no_printed_photo_passes_the_motion_layers_alone(species, seed: int) -> None:
    trial = synthetic(species, seed, can_flash=False)
    assert trial.passes(MOTION) is False
    assert trial.passes(BASE) is False


def test_the_published_hole_is_open_without_the_flash_and_the_level_says_so() -> None:
    trials = [synthetic(BY_NAME["full-view-right-actions"], s, can_flash=False) for s in SEEDS]
    assert [t.looked.result for t in trials] == [Result.MATCH] * len(trials)
    assert {t.looked.pad_level for t in trials} == {1}


def test_the_published_hole_of_the_flash_is_one_frame_wide() -> None:
    """A screen that shows the machine's own light passes level 3; two frames late it is stopped."""
    quick = synthetic(BY_NAME["full-view-echo"], 2)
    assert (quick.looked.result, quick.looked.pad_level) == (Result.MATCH, 3)
    late = synthetic(BY_NAME["full-view-echo-late"], 2)
    assert {layer for layer, held in late.verdicts.items() if not held} == {Layer.FLASH}
    film = synthetic(BY_NAME["full-view-right-actions"], 2)
    assert {layer for layer, held in film.verdicts.items() if not held} == {Layer.FLASH}


# Each layer with an attack that only this layer stops: replaced by "pass", the attack gets in.
NEEDED = [
    (Layer.BINDING, "injected-file", False),
    (Layer.SEQUENCE, "stuttering-feed", False),
    (Layer.RECTANGLE, "phone-edge-right-actions", False),
    (Layer.SOLID, "print-rolled", True),
    (Layer.FLASH, "full-view-right-actions", True),
]


def feasible(plan: tuple[Action, ...]) -> bool:
    """What a rolled photo with holes for eyes and mouth can do by hand."""
    return Action.NOD not in plan


@pytest.mark.parametrize(("layer", "name", "can_flash"), NEEDED, ids=str)
def test_a_layer_replaced_by_pass_lets_an_attack_in(
    layer: Layer, name: str, can_flash: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed = next(s for s in range(99) if feasible(plan_of(f"{s:032x}", 1)))
    before = synthetic(BY_NAME[name], seed, can_flash=can_flash)
    assert before.looked.result is not Result.MATCH
    assert {one for one, held in before.verdicts.items() if not held} == {layer}
    monkeypatch.setattr(*PASS[layer])
    assert synthetic(BY_NAME[name], seed, can_flash=can_flash).looked.result is Result.MATCH


def test_a_film_of_other_actions_is_stopped_by_the_challenge_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trials = [synthetic(BY_NAME["full-view-own-actions"], s, can_flash=False) for s in range(6)]
    failed = [{layer for layer, held in t.verdicts.items() if not held} for t in trials]
    assert all(Layer.CHALLENGE in one for one in failed)
    alone = failed.index({Layer.CHALLENGE})
    monkeypatch.setattr(
        challenge, "_wrong_turn", lambda *_: False
    )  # half the layer: any order, in time
    monkeypatch.setattr(challenge, "_moved", lambda _, pose, rest: abs(pose.turn - rest.turn) > 0.3)
    mutated = synthetic(BY_NAME["full-view-own-actions"], alone, can_flash=False)
    assert mutated.verdicts[Layer.CHALLENGE] is True


def test_a_swap_of_faces_is_stopped_by_continuity_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    before = synthetic(BY_NAME["swap"], 1)
    assert {layer for layer, held in before.verdicts.items() if not held} == {Layer.CONTINUITY}
    monkeypatch.setattr(continuity.Track, "follow", lambda *_: None)
    monkeypatch.setattr(match, "same", lambda *_: True)
    assert synthetic(BY_NAME["swap"], 1).looked.result is Result.MATCH


def test_the_gates_stop_a_second_face_that_every_other_layer_would_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from liangming.edge.synthetic.studio import SimulatedStudio

    find = SimulatedStudio.find
    monkeypatch.setattr(SimulatedStudio, "find", lambda self, pixels: find(self, pixels) * 2)
    assert synthetic(None, 1).looked.result is Result.ABSTAIN
    monkeypatch.setattr(gates, "fault_of", lambda *_: None)
    assert synthetic(None, 1).looked.result is Result.MATCH


class Textured:
    """Stands for a trained detector: fine regular grain is a screen's or a print's."""

    models = ("grain@0",)

    def live(self, pixels, box):
        face = gates.cut(pixels, box).astype(np.float32).mean(axis=2)
        fine = face[1:, 1:] + face[:-1, :-1] - face[1:, :-1] - face[:-1, 1:]
        return float(np.abs(fine).mean() < 9.0)


def test_the_passive_layer_stops_a_grainy_screen_that_does_all_else_right(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from liangming.edge.synthetic import species

    grainy = species.Species(
        name="grainy", make=species._screen(right=True, edge=None, grain=(9, 10)), family="replay"
    )
    person = synthetic(None, 1, can_flash=False, passive=Textured())
    assert (person.looked.result, person.looked.pad_level) == (Result.MATCH, 2)
    stopped = synthetic(grainy, 1, can_flash=False, passive=Textured())
    assert {layer for layer, held in stopped.verdicts.items() if not held} == {Layer.PASSIVE}
    monkeypatch.setattr(look, "PASSIVE_LIVE", 0.0)
    assert synthetic(grainy, 1, can_flash=False, passive=Textured()).looked.result is Result.MATCH


def test_the_level_names_the_layers_that_were_there() -> None:
    assert level_of(frozenset()) == 0
    assert [level_of(BASE - {layer}) for layer in BASE] == [0] * len(BASE)
    assert level_of(BASE) == 1
    assert level_of(BASE | {Layer.PASSIVE}) == 2
    assert level_of(BASE | {Layer.FLASH}) == 3
    assert level_of(BASE | {Layer.FLASH, Layer.PASSIVE}) == 4
    assert level_of(BASE | {Layer.FLASH, Layer.PASSIVE, Layer.DEPTH}) == 5


def test_a_level_below_what_the_device_may_open_is_no_match(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from liangming.edge.measure import trial

    tools = trial.Tools
    monkeypatch.setattr(trial, "Tools", lambda **parts: tools(**{**parts, "least": 3}))
    looked = synthetic(None, 1, can_flash=False).looked
    assert (looked.result, looked.why.value) == (Result.ABSTAIN, "level-too-low")


def test_every_plan_has_three_actions_and_a_turn_and_the_nonce_decides() -> None:
    assert len(PLANS) == len(set(PLANS)) == 54
    assert all(len(set(p)) == 3 and {Action.LEFT, Action.RIGHT} & set(p) for p in PLANS)
    drawn = [plan_of(f"{n:032x}", 1) for n in range(2000)]
    assert len(set(drawn)) == len(PLANS)
    assert plan_of("ab", 1) == plan_of("ab", 1)
    assert {plan_of("ab", attempt) for attempt in (1, 2, 3)} != {plan_of("ab", 1)}


def test_flash_colours_never_repeat_and_each_comes() -> None:
    for nonce in range(500):
        plan = flash.plan_of(str(nonce), 1)
        assert set(plan) == {0, 1, 2}
        assert all(one != other for one, other in itertools.pairwise(plan))


@pytest.mark.parametrize("driver", ["v4l2loopback", "obs-virtualcam", "akvcam", "vivid"])
def test_software_cameras_are_never_bound(driver: str) -> None:
    from liangming.edge.face.lens import CameraIdentity

    one = CameraIdentity(vendor="v", product="p", serial="s", driver=driver, bus="usb-1")
    assert binding.bound(one, one) is False
    real = CameraIdentity(vendor="v", product="p", serial="s", driver="uvcvideo", bus="usb-1")
    assert binding.bound(real, real) is True
    for part in ("vendor", "product", "serial", "driver", "bus"):
        other = {**{f: getattr(real, f) for f in real.__struct_fields__}, part: "x"}
        assert binding.bound(real, CameraIdentity(**other)) is False
    nameless = CameraIdentity(vendor="v", product="p", serial="", driver="uvcvideo", bus="usb-1")
    assert binding.bound(nameless, nameless) is False


def test_vectors_that_are_odd_are_nobody() -> None:
    threshold = match.Threshold(metric="cosine", at=-1.0)  # even a threshold that admits all
    one = np.ones(4, np.float32)
    assert match.same(one, one, threshold) is True
    for odd in (np.ones(3), np.zeros(0), np.zeros(4), np.full(4, np.nan), np.full(4, np.inf)):
        assert match.same(one, odd.astype(np.float32), threshold) is False
        assert match.same(odd.astype(np.float32), one, threshold) is False
