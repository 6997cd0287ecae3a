"""Test persons of the sandbox: nobody's numbers, each with what they show and what comes of it.

The region of the numbers, 990101, is allocated to nobody. What a person shows is sent as it stands here; the
outcome follows from the same rules as anywhere, only the sources are simulated. Production refuses both: the
numbers by their region, the sources when it starts.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from liangming.scene.model import Text

SCENE: Final = "shili-counter"
LEFT_SCENE: Final = "shili-doorstep"
LEFT_MINUTES: Final = 1


class SimulatedPerson(msgspec.Struct, frozen=True, kw_only=True):
    """One test person.

    Attributes:
        id: a word to name them by.
        does: what they do at the counter.
        method: the way they choose; empty: none.
        evidence: as ``POST /v1/checks:whole`` takes it; empty where the check is left.
        outcome: ``passed``, ``refused``, ``undetermined``, ``abandoned``, ``expired``; empty: a problem.
        reason: of a refusal; the code of a problem.
    """

    id: str
    does: Text
    method: str = "document.seen"
    evidence: dict[str, Any] = {}
    outcome: str
    reason: str = ""


def _card(number: str, name: str, **more: str) -> dict[str, Any]:
    return {
        "kind": "document",
        "document": "resident_card",
        "number": number,
        "name": name,
        "waybill_name": name,
        **more,
    }


def _credential(presentation: str) -> dict[str, Any]:
    return {"kind": "network-credential", "presentation": presentation, "waybill_name": "演示丁"}


PEOPLE: Final = (
    SimulatedPerson(
        id="verified",
        does=Text("出示身份证，姓名相符", "shows a card, the name agrees"),
        evidence=_card("990101199001010019", "演示甲"),
        outcome="passed",
    ),
    SimulatedPerson(
        id="mismatch",
        does=Text("证件与运单上的姓名不符", "card and waybill bear different names"),
        evidence=_card("990101199001010027", "演示乙", waybill_name="演示丙"),
        outcome="refused",
        reason="mismatch",
    ),
    SimulatedPerson(
        id="expired-card",
        does=Text("证件已过有效期", "shows a card that is over its term"),
        evidence=_card("990101199001010035", "演示丙", expires="2020-01-01"),
        outcome="refused",
        reason="invalid-document",
    ),
    SimulatedPerson(
        id="mistyped",
        does=Text("号码抄错了一位", "the number has a wrong digit"),
        evidence=_card("990101199001010010", "演示甲"),
        outcome="",
        reason="document.check-digit",
    ),
    SimulatedPerson(
        id="credential",
        does=Text("用网络身份凭证，来源确认", "uses the network credential, the source confirms"),
        method="network-credential",
        evidence=_credential("demo-document:990101199001010043"),
        outcome="passed",
    ),
    SimulatedPerson(
        id="denied",
        does=Text("网络身份凭证没有得到确认", "the source does not confirm the credential"),
        method="network-credential",
        evidence=_credential("demo-no"),
        outcome="undetermined",
        reason="source-denied",
    ),
    SimulatedPerson(
        id="source-down",
        does=Text("来源没有答复", "the source does not answer"),
        method="network-credential",
        evidence=_credential("demo-down"),
        outcome="undetermined",
        reason="source-down",
    ),
    SimulatedPerson(
        id="shows-nothing",
        does=Text("告知后仍不出示证件", "shows nothing after being told"),
        evidence={"kind": "refused-to-show"},
        outcome="refused",
        reason="no-document",
    ),
    SimulatedPerson(
        id="walks-away",
        does=Text("不寄了，离开", "leaves without sending"),
        method="",
        outcome="abandoned",
    ),
    SimulatedPerson(
        id="takes-too-long",
        does=Text("打开查验后不再继续，一分钟后超时", "goes on no more; after a minute it is over"),
        method="",
        outcome="expired",
    ),
)
