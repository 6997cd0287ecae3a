"""Every order of calls: no sequence breaks the invariants (I2, I3, I4, I8, I9, I11)."""

import asyncio
import contextlib
import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, rule
from tests.world import CARD, CONFIRMED, DENIED, DOWN, card, numbers, world

from liangming.check import Opening, open_check, present
from liangming.check import states as s
from liangming.check.conclude import conclude
from liangming.check.journey import (
    choose,
    consent,
    decline,
    help_given,
    show_face_notice,
    show_notice,
    withdraw,
)
from liangming.check.states import Subject, Thing
from liangming.errors import LiangmingError
from liangming.law.words import Method, RefusalReason
from liangming.method import CredentialShown, FaceShown, RegisteredShown, Unwilling

PEOPLE = [CARD, *numbers(3)]
EVIDENCE = st.one_of(
    st.builds(card, st.sampled_from(PEOPLE)),
    st.builds(lambda n: card(n, waybill_name="演示乙"), st.sampled_from(PEOPLE)),
    st.builds(lambda n: card(n, expires="2020-01-01"), st.sampled_from(PEOPLE)),
    st.just(card(number="12")),
    st.just(Unwilling()),
    st.builds(
        lambda n: RegisteredShown(document="resident_card", number=n, agrees=True),
        st.sampled_from(PEOPLE),
    ),
    st.just(CredentialShown(presentation="x")),
    st.just(FaceShown(device="dev-1", outcome="match", nonce="", signature="00")),
)


class AnyOrder(RuleBasedStateMachine):
    """Random calls against the real use cases on a real store."""

    checks = Bundle("checks")

    @initialize()
    def begin(self) -> None:
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.context = world(Path(self.folder.name))
        self.world = self.runner.run(self.context.__aenter__())
        self.world.planted |= set(PEOPLE) | {"演示乙"}
        self.declined: dict[str, set[Method]] = {}
        self.ended: dict[str, s.State] = {}
        self.registered: set[str] = set()

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.nothing_leaked()
            self.runner.run(self.context.__aexit__(None, None, None))
            self.runner.close()
            self.folder.cleanup()

    def call(self, awaitable: object, check: str | None = None) -> s.State | None:
        async def go() -> s.State | None:
            with contextlib.suppress(LiangmingError):  # a declared error is a fine answer
                return await awaitable  # type: ignore[misc]
            return None

        state = self.runner.run(go())
        if check is not None:
            self.holds(check)
        return state

    def holds(self, check: str) -> None:
        """What must be true after every call."""
        state = self.runner.run(self.world.verify(check))
        if check in self.ended:
            assert state == self.ended[check]
        leaves = self.runner.run(self.world.premises.store.leaves(check))
        tags = [leaf.tag for leaf in leaves]
        asked = {"check:method:chosen", "check:evidence:presented", "check:consent:given"}
        first = next((n for n, t in enumerate(tags) if t in asked), len(tags))
        assert "check:notice:shown" in tags[:first] or first == len(tags)  # notice first
        if "check:consent:given" in tags:  # I2
            given = tags.index("check:consent:given")
            assert "check:face-notice:shown" in tags[:given]
        for method in self.declined.get(check, ()):  # I3
            assert method in state.journey.declined
        if isinstance(state, s.Refused):  # I4
            assert isinstance(state.reason, RefusalReason)
            assert state.citations
        if isinstance(state, s.Passed):  # I11
            assert state.grounds
            assert state.citations
        if isinstance(state, (s.Passed, s.Refused, s.Expired, s.Abandoned)):
            self.ended[check] = state

    @rule(
        target=checks,
        scene=st.sampled_from(["demo.counter", "demo.face"]),
        subject=st.sampled_from(Subject),
        thing=st.sampled_from([Thing.PARCEL, Thing.LETTER]),
        unseen=st.booleans(),
    )
    def open(self, scene: str, subject: Subject, thing: Thing, unseen: bool) -> str:
        opening = Opening(scene=scene, subject=subject, thing=thing, unseen=unseen)
        state = self.call(open_check(self.world.premises, opening))
        assert state is not None
        return state.about.id

    @rule(check=checks)
    def notice(self, check: str) -> None:
        self.call(show_notice(self.world.premises, check), check)

    @rule(check=checks, method=st.sampled_from(Method))
    def choose(self, check: str, method: Method) -> None:
        state = self.call(choose(self.world.premises, check, method), check)
        if state is not None:
            assert method not in self.declined.get(check, set())  # I3: never asked again

    @rule(check=checks, method=st.sampled_from(Method))
    def decline(self, check: str, method: Method) -> None:
        if self.call(decline(self.world.premises, check, method), check) is not None:
            self.declined.setdefault(check, set()).add(method)

    @rule(check=checks)
    def help(self, check: str) -> None:
        self.call(help_given(self.world.premises, check), check)

    @rule(check=checks)
    def face_notice(self, check: str) -> None:
        self.call(show_face_notice(self.world.premises, check, device="dev-1"), check)

    @rule(check=checks, age=st.sampled_from([None, 8, 13, 14, 40]), guardian=st.booleans())
    def consent(self, check: str, age: int | None, guardian: bool) -> None:
        state = self.call(
            consent(self.world.premises, check, device="dev-1", age=age, by_guardian=guardian),
            check,
        )
        if state is not None:  # I7
            assert age is not None
            assert age >= 14 or guardian

    @rule(check=checks)
    def withdraw(self, check: str) -> None:
        if self.call(withdraw(self.world.premises, check), check) is not None:
            self.declined.setdefault(check, set()).add(Method.FACE)

    @rule(check=checks, evidence=EVIDENCE)
    def present(self, check: str, evidence: object) -> None:
        before = self.runner.run(self.world.premises.store.counts())["persons"]
        state = self.call(present(self.world.premises, check, evidence), check)  # type: ignore[arg-type]
        after = self.runner.run(self.world.premises.store.counts())["persons"]
        if isinstance(state, s.Passed) and state.register == "kept":  # I9
            assert after == before
        if not isinstance(state, s.Passed):
            assert after == before
        assert after <= len(PEOPLE)
        if isinstance(state, s.Passed):
            assert not state.about.unseen

    @rule(check=checks, how=st.sampled_from(["walked-away", "refused-to-show"]))
    def conclude(self, check: str, how: str) -> None:
        self.call(conclude(self.world.premises, check, how), check)  # type: ignore[arg-type]

    @rule(answer=st.sampled_from([CONFIRMED, DENIED, DOWN]))
    def source(self, answer: object) -> None:
        self.world.source.answer = answer  # type: ignore[assignment]

    @rule(minutes=st.sampled_from([1, 20]))
    def time_passes(self, minutes: int) -> None:
        self.world.clock.move(timedelta(minutes=minutes))


AnyOrder.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestAnyOrder = AnyOrder.TestCase
