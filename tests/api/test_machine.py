"""Every order of requests over HTTP: one error shape, no echo, and the invariants hold."""

import asyncio
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, rule
from tests.world import CARD, NAME, numbers

from liangming.law.words import Method, RefusalReason

from .conftest import made

WAYS = [
    Method.DOCUMENT_SEEN.value,
    Method.NETWORK_CREDENTIAL.value,
    Method.FACE.value,
    Method.CASH.value,  # never offered here
]
OTHER_NAME = "演示乙"
PEOPLE = [CARD, *numbers(2)]
FINAL = {"passed", "refused", "expired", "abandoned"}


def shown(number: str, waybill: str) -> dict[str, object]:
    return {
        "kind": "document",
        "document": "resident_card",
        "number": number,
        "name": NAME,
        "waybill_name": waybill,
    }


EVIDENCE = st.one_of(
    st.builds(shown, st.sampled_from(PEOPLE), st.sampled_from([NAME, OTHER_NAME])),
    st.just({"kind": "refused-to-show"}),
    st.just({"kind": "network-credential", "presentation": "x"}),
    st.just({"kind": "face", "device": "dev-1", "outcome": "match", "nonce": "", "signature": ""}),
    st.just({"kind": "document", "number": PEOPLE[0], "score": 0.9}),
    st.just({"kind": "portrait", "image": "QUJD"}),
)


class OverHttp(RuleBasedStateMachine):
    """Random requests against the whole API on a real store."""

    checks = Bundle("checks")

    @initialize()
    def begin(self) -> None:
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.context = made(Path(self.folder.name))
        self.door = self.runner.run(self.context.__aenter__())
        self.door.world.planted |= {*PEOPLE, NAME, OTHER_NAME}
        self.declined: dict[str, set[str]] = {}
        self.ended: dict[str, dict[str, object]] = {}

    def teardown(self) -> None:
        if hasattr(self, "door"):
            self.door.world.nothing_leaked()
            self.runner.run(self.context.__aexit__(None, None, None))
            self.runner.close()
            self.folder.cleanup()

    def ask(self, method: str, path: str, body: object = None) -> dict[str, object] | None:
        """One request; the answer of a success, None for a problem of the one shape."""
        call = self.door.http.request(method, path, json=body)
        answer = self.runner.run(call)
        for value in (*PEOPLE, NAME, OTHER_NAME):
            assert value not in answer.text  # I8
        told = answer.json()
        if answer.status_code < 400:
            return told
        assert answer.status_code < 500
        assert answer.headers["content-type"] == "application/problem+json"
        assert told["code"]
        assert told["texts"]["zh"]
        return None

    def holds(self, check: str) -> None:
        now = self.ask("GET", f"/v1/checks/{check}")
        assert now is not None
        if check in self.ended:
            assert now["state"] == self.ended[check]["state"]
        if now["outcome"] == "refused":  # I4
            assert now["reason"] in {reason.value for reason in RefusalReason}
            assert now["citations"]
        if now["outcome"] == "passed":  # I11
            assert now["citations"]
        if now["state"] in FINAL:
            self.ended[check] = now

    @rule(
        target=checks,
        scene=st.sampled_from(["demo.counter", "demo.face"]),
        then=st.sampled_from(["", "told", "document.seen", "face"]),
    )
    def open(self, scene: str, then: str) -> str:
        """Open a check, and often go on a little, so that the later steps are reached too."""
        answer = self.ask("POST", "/v1/checks", {"scene": scene})
        assert answer is not None
        check = str(answer["id"])
        if then:
            assert self.ask("POST", f"/v1/checks/{check}/notice", {"language": "zh"})
        if then in {offer["method"] for offer in answer["offers"]}:
            assert self.ask("POST", f"/v1/checks/{check}/choice", {"method": then, "by": "person"})
        return check

    @rule(check=checks)
    def notice(self, check: str) -> None:
        self.ask("POST", f"/v1/checks/{check}/notice", {"language": "zh"})
        self.holds(check)

    @rule(check=checks, method=st.sampled_from(WAYS))
    def choose(self, check: str, method: str) -> None:
        body = {"method": method, "by": "person"}
        if self.ask("POST", f"/v1/checks/{check}/choice", body) is not None:
            assert method not in self.declined.get(check, set())  # I3
        self.holds(check)

    @rule(check=checks, method=st.sampled_from(WAYS))
    def decline(self, check: str, method: str) -> None:
        body = {"method": method, "by": "person"}
        if self.ask("POST", f"/v1/checks/{check}/declines", body) is not None:
            self.declined.setdefault(check, set()).add(method)
        self.holds(check)

    @rule(check=checks, age=st.sampled_from([8, 13, 14, 40]), guardian=st.booleans())
    def consent(self, check: str, age: int, guardian: bool) -> None:
        shown_first = self.ask(
            "POST", f"/v1/checks/{check}/face-notice", {"device": "dev-1", "language": "zh"}
        )
        body = {"device": "dev-1", "age": age, "by_guardian": guardian}
        if self.ask("POST", f"/v1/checks/{check}/consent", body) is not None:
            assert shown_first is not None  # I2
            assert age >= 14 or guardian  # I7
        self.holds(check)

    @rule(check=checks)
    def withdraw(self, check: str) -> None:
        if self.ask("DELETE", f"/v1/checks/{check}/consent") is not None:
            self.declined.setdefault(check, set()).add("face")
        self.holds(check)

    @rule(check=checks, evidence=EVIDENCE)
    def present(self, check: str, evidence: dict[str, object]) -> None:
        answer = self.ask("POST", f"/v1/checks/{check}/evidence", {"evidence": evidence})
        if evidence.get("score") or evidence["kind"] == "portrait":  # I5
            assert answer is None
        persons = self.runner.run(self.door.world.premises.store.counts())["persons"]
        assert persons <= len(PEOPLE)  # I9
        self.holds(check)

    @rule(
        target=checks,
        number=st.sampled_from(PEOPLE),
        waybill=st.sampled_from([NAME, OTHER_NAME]),
    )
    def send(self, number: str, waybill: str) -> str:
        """One ordinary visit from door to door."""
        check = self.open("demo.counter", "document.seen")
        body = {"evidence": shown(number, waybill)}
        answer = self.ask("POST", f"/v1/checks/{check}/evidence", body)
        assert answer is not None
        assert answer["outcome"] == ("passed" if waybill == NAME else "refused")
        self.holds(check)
        return check

    @rule(
        check=checks,
        how=st.sampled_from(["walked-away", "refused-to-show"]),
        really=st.sampled_from([True, False, False, False]),
    )
    def conclude(self, check: str, how: str, really: bool) -> None:
        if not really:
            return
        self.ask("POST", f"/v1/checks/{check}/conclusion", {"how": how})
        self.holds(check)


OverHttp.TestCase.settings = settings(
    max_examples=15,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestOverHttp = OverHttp.TestCase
