"""Attacks by species, and proof that each layer is needed: without it, something gets through."""

import itertools
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from liangming.edge.face import (
    binding,
    challenge,
    continuity,
    flash,
    gates,
    light,
    look,
    match,
    solid,
)
from liangming.edge.face.challenge import PLANS, Action, plan_of
from liangming.edge.face.layers import BASE, MOTION, Layer, level_of
from liangming.edge.face.order import Result
from liangming.edge.measure.report import report
from liangming.edge.measure.trial import Trial, synthetic
from liangming.edge.synthetic.species import ALL, BY_NAME

SEED = 0


@cache
def seen(name: str, **how: float | None) -> Trial:
    """One presentation of a species, or of a person: looked at by several tests, drawn once."""
    return synthetic(BY_NAME[name] if name else None, SEED, **how)  # type: ignore[arg-type]


PASS: dict[Layer, tuple[object, str, Callable[..., object]]] = {
    Layer.BINDING: (binding, "bound", lambda *_: True),
    Layer.SEQUENCE: (binding.Sequence, "frozen", lambda *_: False),
    Layer.RECTANGLE: (gates, "framed", lambda *_: False),
    Layer.SOLID: (solid, "stands", lambda *_: True),
    Layer.RELIEF: (light, "relief", lambda *_: True),
    Layer.PROMPT: (light, "prompt", lambda *_: True),
}


def test_people_are_let_through_and_at_the_level_of_the_flash_no_attack_but_the_published_one() -> (
    None
):
    trials = [seen(name) for name in ("", *BY_NAME)]
    told = report(trials)
    passed = {row.species: row.together.count for row in told.attacks}
    assert passed == {s.name: int(s.hole >= 3) for s in ALL}  # no hole but the published
    assert told.people.count == 0
    opened = [t for t in trials if t.species and t.looked.result is Result.MATCH]
    assert {t.species for t in opened} == {"full-view-relit-quick"}


@pytest.mark.parametrize("name", [s.name for s in ALL if s.family == "print"])
def test_no_printed_photo_passes_the_motion_layers_alone(name: str) -> None:
    assert seen(name).passes(MOTION) is False
    assert seen(name).passes(BASE) is False


def test_the_published_hole_is_open_without_the_flash_and_the_level_says_so() -> None:
    looked = seen("full-view-right-actions", can_flash=False).looked
    assert (looked.result, looked.pad_level) == (Result.MATCH, 1)


def failed(trial: Trial) -> set[Layer]:
    return {layer for layer, held in trial.verdicts.items() if not held}


def test_a_screen_that_answers_the_light_alike_everywhere_is_stopped_by_its_relief() -> None:
    """A tint and a white board with a film on it are flat; a film without an answer fails the flash, too."""
    assert failed(seen("full-view-echo", lag=None)) == {Layer.RELIEF}
    assert failed(seen("full-view-board")) == {Layer.RELIEF}
    assert Layer.FLASH in failed(seen("full-view-right-actions"))


def test_the_published_hole_of_the_flash_is_a_relit_film_and_as_wide_as_the_machine_s_lag_is_known() -> (
    None
):
    unmeasured = seen("full-view-relit", lag=None).looked
    assert (unmeasured.result, unmeasured.pad_level) == (Result.MATCH, 3)
    assert failed(seen("full-view-relit")) == {Layer.PROMPT}
    assert seen("full-view-relit-quick").looked.result is Result.MATCH


def test_a_lag_is_found_to_within_a_part_of_a_frame_and_nothing_has_none() -> None:
    """Fifteen frames a second, each exposed for their whole time, change after change."""

    def steps(late: float) -> list[light.Step]:
        made, before = [], 2
        for number, place in enumerate((0, 1, 2, 0, 1)):
            since, seen = number * 0.21, []
            for at in (since + 0.07, since + 0.14, since + 0.21):
                share = min(max((at - since - late) / 0.07, 0.0), 1.0)
                colour = [100.0, 100.0, 100.0]
                colour[place] += 12 * share
                colour[before] += 12 * (1 - share)
                seen.append(light.Lit(at, (*colour,), (100.0, 100.0, 100.0)))
            made.append(light.Step(place, since, tuple(seen)))
            before = place
        return made

    for late in (0.0, 0.01, 0.05, 0.1):
        assert light.lag_of(steps(late)) == pytest.approx(late, abs=0.001)
    assert light.relief(steps(0.0)) is True
    dark = [light.Step(one.place, one.shown, ()) for one in steps(0.0)]
    grey = light.Lit(1.0, (9.0, 9.0, 9.0), (9.0, 9.0, 9.0))
    even = [light.Step(one.place, one.shown, (grey,)) for one in steps(0.0)]
    for nothing in ([], dark, even):
        assert light.lag_of(nothing) is None
        assert (light.relief(nothing), flash.answers(nothing)) == (False, False)
    assert light.prompt(None, 0.03) is False


# Each layer with an attack that only this layer stops: replaced by "pass", the attack gets in.
NEEDED = [
    (Layer.BINDING, "injected-file", False),
    (Layer.SEQUENCE, "stuttering-feed", False),
    (Layer.RECTANGLE, "phone-edge-right-actions", False),
    (Layer.SOLID, "print-rolled", True),
    (Layer.RELIEF, "full-view-board", True),
    (Layer.PROMPT, "full-view-relit", True),
]


def feasible(plan: tuple[Action, ...]) -> bool:
    """What a rolled photo with holes for eyes and mouth can do by hand."""
    return Action.NOD not in plan


@pytest.mark.parametrize(("layer", "name", "can_flash"), NEEDED, ids=str)
def test_a_layer_replaced_by_pass_lets_an_attack_in(
    layer: Layer, name: str, can_flash: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed = next(s for s in range(99) if feasible(plan_of(f"{s:032x}", 1)))
    whole = {} if can_flash else {"can_flash": False}
    before = seen(name, **whole) if seed == SEED else synthetic(BY_NAME[name], seed, **whole)
    assert before.looked.result is not Result.MATCH
    assert {one for one, held in before.verdicts.items() if not held} == {layer}
    monkeypatch.setattr(*PASS[layer])
    assert synthetic(BY_NAME[name], seed, can_flash=can_flash).looked.result is Result.MATCH


def test_a_film_of_other_actions_is_stopped_by_the_challenge_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    played = BY_NAME["full-view-own-actions"]
    for alone in range(6):
        stopped_by = failed(synthetic(played, alone, can_flash=False))
        assert Layer.CHALLENGE in stopped_by
        if stopped_by == {Layer.CHALLENGE}:
            break
    else:
        pytest.fail("every film was stopped by another layer, too")
    monkeypatch.setattr(
        challenge, "_wrong_turn", lambda *_: False
    )  # half the layer: any order, in time
    monkeypatch.setattr(challenge, "_moved", lambda _, pose, rest: abs(pose.turn - rest.turn) > 0.3)
    mutated = synthetic(played, alone, can_flash=False)
    assert mutated.verdicts[Layer.CHALLENGE] is True


def test_a_swap_of_faces_is_stopped_by_continuity_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    before = synthetic(BY_NAME["swap"], 1, can_flash=False)
    assert failed(before) == {Layer.CONTINUITY}
    monkeypatch.setattr(continuity.Track, "follow", lambda *_: None)
    monkeypatch.setattr(match, "same", lambda *_: True)
    assert synthetic(BY_NAME["swap"], 1, can_flash=False).looked.result is Result.MATCH


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
    lit = BASE | {Layer.FLASH, Layer.RELIEF}
    assert [level_of(lit - {layer}) for layer in (Layer.FLASH, Layer.RELIEF)] == [1, 1]
    assert level_of(lit) == 3
    assert level_of(lit | {Layer.PASSIVE}) == 3  # nobody measured how prompt this screen is
    assert level_of(lit | {Layer.PROMPT}) == 3
    assert level_of(lit | {Layer.PROMPT, Layer.PASSIVE}) == 4
    assert level_of(lit | {Layer.PROMPT, Layer.PASSIVE, Layer.DEPTH}) == 5


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
