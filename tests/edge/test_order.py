"""The order of a look: notice, consent, camera; and nothing of a frame survives any way out."""

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from liangming.edge import codes
from liangming.edge.face import order
from liangming.edge.face.look import Tools, look
from liangming.edge.face.order import Looked, Result, Why
from liangming.edge.face.picture import Frame, FrameRoom
from liangming.edge.face.threshold import Threshold
from liangming.edge.synthetic.head import head_of
from liangming.edge.synthetic.studio import IDENTITY, embedding, studio_of
from liangming.errors import LiangmingError, Misuse

LOOKED = st.builds(
    Looked, result=st.sampled_from(Result), why=st.sampled_from(Why), taken=st.integers(0, 9)
)


class Looking(RuleBasedStateMachine):
    """Every sequence of moves, lawful or not, from one choice of the face."""

    def __init__(self) -> None:
        super().__init__()
        self.look: order.Look = order.Waiting(check="chk_1", device="dev-1")
        self.told = self.consented = self.declined = False
        self.opened = 0

    def attempt(self, move) -> bool:
        try:
            self.look = move(self.look)
        except LiangmingError:
            return False
        return True

    @rule(notice=st.sampled_from(["", "digest"]))
    def tell(self, notice: str) -> None:
        self.told = self.attempt(lambda now: order.tell(now, notice)) or self.told

    @rule(consent=st.sampled_from(["", "cns_1"]), nonce=st.sampled_from(["", "00ff"]))
    def agree(self, consent: str, nonce: str) -> None:
        told = self.told
        if self.attempt(lambda now: order.agree(now, consent=consent, nonce=nonce)):
            assert told
            assert consent
            assert nonce
            self.consented = True

    @rule()
    def open(self) -> None:
        if self.attempt(order.open_camera):
            assert self.told
            assert self.consented
            assert not self.declined
            self.opened += 1

    @rule(looked=LOOKED)
    def close(self, looked: Looked) -> None:
        if isinstance(self.look, order.Watching):
            self.look = order.close_camera(self.look, looked)
            self.declined = isinstance(self.look, order.Declined) or self.declined

    @rule()
    def decline(self) -> None:
        self.look = order.decline(self.look)
        self.declined = True

    @invariant()
    def the_camera_is_never_open_more_than_three_times(self) -> None:
        assert self.opened <= order.TRIES

    @invariant()
    def a_no_is_final(self) -> None:
        assert isinstance(self.look, order.Declined) == self.declined

    @invariant()
    def a_room_for_frames_opens_for_a_watching_state_alone(self) -> None:
        if not isinstance(self.look, order.Watching):
            with pytest.raises(Misuse) as caught:
                FrameRoom(self.look)  # type: ignore[arg-type]
            assert caught.value.code is codes.CAMERA_SHUT


Looking.TestCase.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
TestLooking = Looking.TestCase


def watching(tries: int = 0) -> order.Watching:
    agreed = order.Agreed(
        check="chk_1", device="dev-1", notice="n", consent="cns_1", nonce="ab" * 16, tries=tries
    )
    return order.open_camera(agreed)


def tools(studio, **changes) -> Tools:
    parts = {
        "camera": studio,
        "expected": IDENTITY,
        "screen": studio,
        "finder": studio,
        "embedder": studio,
        "threshold": Threshold(metric="cosine", at=0.6),
        "least": 1,
    }
    return Tools(**{**parts, **changes})


@pytest.fixture
def kept_frames(monkeypatch: pytest.MonkeyPatch) -> list[np.ndarray]:
    """Every array that the camera handed over, to look at afterwards."""
    seen: list[np.ndarray] = []
    admit = FrameRoom.admit

    def spy(self: FrameRoom, pixels: np.ndarray, at: float) -> Frame:
        seen.append(pixels)
        return admit(self, pixels, at)

    monkeypatch.setattr(FrameRoom, "admit", spy)
    return seen


class Failing:
    """A part that works for a while and then raises."""

    models = ("failing@0",)

    def __init__(self, inner: object, after: int, error: BaseException) -> None:
        self.inner, self.left, self.error = inner, after, error

    def __getattr__(self, name: str) -> object:
        return getattr(self.inner, name)

    def find(self, pixels):
        self.left -= 1
        if self.left < 0:
            raise self.error
        return self.inner.find(pixels)


@pytest.mark.parametrize("after", [0, 1, 20])
@pytest.mark.parametrize(
    "error",
    [Misuse(codes.MODEL_WRONG), RuntimeError("a bug"), KeyboardInterrupt(), SystemExit()],
    ids=["declared", "bug", "ctrl-c", "exit"],
)
def test_frames_are_overwritten_whatever_breaks_the_look(
    kept_frames: list[np.ndarray], after: int, error: BaseException
) -> None:
    rng = np.random.default_rng(after)
    head = head_of(rng)
    studio = studio_of(None, head, rng)
    failing = Failing(studio, after, error)
    if isinstance(error, LiangmingError):
        looked = look(
            watching(), tools(studio, finder=failing), embedding(head, rng), stop=lambda: False
        )
        assert (looked.result, looked.why, looked.kept) == (Result.ABSTAIN, Why.MODEL, 0)
    else:
        with pytest.raises(type(error)):
            look(
                watching(), tools(studio, finder=failing), embedding(head, rng), stop=lambda: False
            )
    assert len(kept_frames) == after + 1
    assert [int(frame.sum()) for frame in kept_frames] == [0] * len(kept_frames)
    assert (studio.is_open, studio.lit, studio.opened_unlit) == (False, False, False)


@pytest.mark.parametrize("after", [0, 1, 7, 40])
def test_the_stop_button_stops_before_the_next_frame(
    kept_frames: list[np.ndarray], after: int
) -> None:
    rng = np.random.default_rng(3)
    head = head_of(rng)
    studio = studio_of(None, head, rng)
    asked = iter([False] * after + [True] * 1000)
    looked = look(watching(), tools(studio), embedding(head, rng), stop=lambda: next(asked))
    assert (looked.why, looked.taken, looked.kept) == (Why.STOPPED, after, 0)
    assert isinstance(order.close_camera(watching(), looked), order.Declined)
    assert not any(frame.any() for frame in kept_frames)


def test_a_whole_look_ends_in_a_match_with_no_frame_kept(kept_frames: list[np.ndarray]) -> None:
    rng = np.random.default_rng(5)
    head = head_of(rng)
    studio = studio_of(None, head, rng)
    looked = look(watching(), tools(studio), embedding(head, rng), stop=lambda: False)
    assert (looked.result, looked.pad_level, looked.kept) == (Result.MATCH, 3, 0)
    assert looked.taken == len(kept_frames) > 30
    assert not any(frame.any() for frame in kept_frames)
    assert not studio.is_open
    assert not studio.opened_unlit


def test_somebody_else_is_a_no_and_three_of_them_end_the_face_not_the_person() -> None:
    rng = np.random.default_rng(6)
    head, other = head_of(rng), head_of(rng)
    state: order.Look = watching().agreed
    for _ in range(order.TRIES):
        studio = studio_of(None, head, rng)
        open_ = order.open_camera(state)
        looked = look(open_, tools(studio), embedding(other, rng), stop=lambda: False)
        assert (looked.result, looked.why) == (Result.NO_MATCH, Why.DIFFERENT)
        state = order.close_camera(open_, looked)
    assert isinstance(state, order.Ended)
    with pytest.raises(Misuse) as caught:
        order.open_camera(state.agreed)
    assert caught.value.code is codes.NO_MORE_TRIES


def test_without_a_reference_the_camera_does_not_open() -> None:
    rng = np.random.default_rng(7)
    studio = studio_of(None, head_of(rng), rng)
    looked = look(watching(), tools(studio), None, stop=lambda: False)
    assert (looked.result, looked.why, looked.taken) == (Result.ABSTAIN, Why.NO_REFERENCE, 0)


def test_another_camera_than_the_enrolled_one_is_never_opened() -> None:
    rng = np.random.default_rng(8)
    head = head_of(rng)
    from liangming.edge.synthetic.actors import live
    from liangming.edge.synthetic.studio import SimulatedStudio

    studio = SimulatedStudio(live(head, rng), head, rng, feed="virtual")
    looked = look(watching(), tools(studio), embedding(head, rng), stop=lambda: False)
    assert (looked.result, looked.why, looked.taken) == (Result.ABSTAIN, Why.VIRTUAL, 0)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"dim": 0.0}, Why.COVERED),
        ({"faces": 0}, Why.NOBODY),
        ({"faces": 2}, Why.SEVERAL),
        ({"dim": 0.25}, Why.UNCLEAR),
        ({"reads": False}, Why.LOST),
    ],
    ids=["covered", "nobody", "two", "dark", "unplugged"],
)
def test_each_trouble_with_the_picture_has_its_own_outcome(change: dict, why: Why) -> None:
    rng = np.random.default_rng(9)
    head = head_of(rng)
    studio = studio_of(None, head, rng, dim=change.get("dim", 1.0))

    class Odd(Failing):
        def find(self, pixels):
            faces = self.inner.find(pixels)
            return faces * change["faces"] if "faces" in change else faces

        def read(self):
            return self.inner.read() if change.get("reads", True) else None

    odd = Odd(studio, 0, RuntimeError())
    looked = look(
        watching(), tools(studio, camera=odd, finder=odd), embedding(head, rng), stop=lambda: False
    )
    assert (looked.result, looked.why, looked.kept) == (Result.ABSTAIN, why, 0)


@pytest.mark.parametrize("seed", range(6))
def test_frames_of_noise_and_of_odd_shapes_open_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    head = head_of(rng)
    studio = studio_of(None, head, rng)
    shapes = [(1, 1, 3), (2, 3, 3), (240, 320, 3), (240, 1, 3), (7, 320, 3)]

    class Noise(Failing):
        def read(self):
            shape = shapes[int(rng.integers(len(shapes)))]
            read = self.inner.read()
            assert read is not None
            return rng.integers(0, 256, shape, dtype=np.uint8), read[1]

    noise = Noise(studio, 0, RuntimeError())
    looked = look(watching(), tools(studio, camera=noise), embedding(head, rng), stop=lambda: False)
    assert (looked.result is Result.MATCH, looked.kept) == (False, 0)
