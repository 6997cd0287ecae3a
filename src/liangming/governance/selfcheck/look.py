"""What the system itself can say to an item: read from the board of duties and the scenes, now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from liangming.check.premises import Premises
from liangming.governance.duty import Duty, Kind
from liangming.governance.selfcheck.items import Answer
from liangming.scene.model import Scene, Text


class Finding(NamedTuple):
    """Live evidence for one item.

    Attributes:
        answer: None where it only helps to answer.
    """

    answer: Answer | None
    says: Text


_LATE: Final = {
    "deletion": ({Kind.OVERDUE}, ()),
    "rights": ({Kind.REQUEST, Kind.COMMAND}, ()),
    "responding": ({Kind.REQUEST, Kind.REPORT}, ()),
    "management": ({Kind.TRAINING}, ("periodic/staff-training", "periodic/incident-drill")),
    "technical": (set(), ("periodic/restore-drill", "periodic/close-backups")),
    "watch": ({Kind.WATCH}, ()),
}
"""Items that stand as the board stands: nothing late is compliant, anything late is not."""

_AGAINST: Final = {
    "entrusting": {Kind.PARTY},
    "assessment": {Kind.ASSESSMENT},
    "incident": {Kind.INCIDENT},
    "filing": {Kind.FILING},
}
"""Items that something late speaks against; that nothing is late is not enough to tick them."""


def look(
    premises: Premises, operator: str, duties: Sequence[Duty], now: datetime
) -> dict[str, Finding]:
    """Every item that the system can say something to.

    Args:
        premises: the house.
        operator: whose self-check it is.
        duties: the board as it stands.
        now: at this moment.
    """
    scenes = [s for s in premises.scenes.values() if s.operator.id == operator]
    found = {name: _by_board(duties, now, *what) for name, what in _LATE.items()}
    for name, kinds in _AGAINST.items():
        seen = _by_board(duties, now, kinds, ())
        found[name] = seen if seen.answer is Answer.NOT_COMPLIANT else Finding(None, seen.says)
    found["basis"] = Finding(
        Answer.COMPLIANT if scenes else None,
        Text(
            f"{len(scenes)} 个场景在用，每个都由规则核对过；不合法的不能启动",
            f"{len(scenes)} scenes are live, each checked by the rules; an unlawful one does not start",
        ),
    )
    found["rules"] = _rules(duties)
    found["channel"] = Finding(
        Answer.COMPLIANT,
        Text("“我的信息”和“举报”在每个页面的页脚", "“My data” and “Report” stand at the foot of every page"),
    )  # fmt: skip
    found["decisions"] = Finding(
        Answer.COMPLIANT,
        Text("拒绝的理由是封闭清单，每次都能要求解释", "Reasons to refuse are a closed list; each decision is explained on request"),
    )  # fmt: skip
    found["publishing"] = Finding(
        None, Text("公开的存证只有承诺值，没有个人信息", "The public log holds commitments, nothing personal")
    )  # fmt: skip
    found["sensitive"] = _faces(scenes, duties, now)
    found["devices"] = _devices(premises, scenes)
    found["minors"] = Finding(
        Answer.COMPLIANT,
        Text("不满十四周岁没有监护人同意，摄像头不开", "Under fourteen no camera opens without a guardian's consent"),
    )  # fmt: skip
    return found


def _by_board(
    duties: Sequence[Duty], now: datetime, kinds: set[Kind], names: tuple[str, ...]
) -> Finding:
    late = [d for d in duties if (d.kind in kinds or d.id in names) and d.is_late(now)]
    if not late:
        return Finding(
            Answer.COMPLIANT, Text("看板上没有逾期", "Nothing of this is late on the board")
        )
    return Finding(
        Answer.NOT_COMPLIANT,
        Text(
            f"看板上逾期 {len(late)} 项：{late[0].title.zh}",
            f"{len(late)} late on the board: {late[0].title.en}",
        ),
    )


def _rules(duties: Sequence[Duty]) -> Finding:
    open_ = [d for d in duties if d.kind is Kind.NOTICE and d.id.startswith("notice/")]
    if not open_:
        return Finding(
            Answer.COMPLIANT, Text("每种告知都由两个人批准", "Every notice was approved by two")
        )
    return Finding(
        Answer.NOT_COMPLIANT,
        Text(
            f"{len(open_)} 种告知还没有两个人批准",
            f"{len(open_)} notices are not approved by two yet",
        ),
    )


def _faces(scenes: Sequence[Scene], duties: Sequence[Duty], now: datetime) -> Finding:
    faces = [s for s in scenes if s.face is not None]
    if not faces:
        return Finding(Answer.NOT_APPLICABLE, Text("没有场景提供刷脸", "No scene offers a face"))
    late = [d for d in duties if d.kind is Kind.ASSESSMENT and d.is_late(now)]
    if late:
        return Finding(
            Answer.NOT_COMPLIANT,
            Text(f"{len(late)} 份评估到期", f"{len(late)} assessments have ended"),
        )
    return Finding(
        Answer.COMPLIANT,
        Text(
            f"{len(faces)} 个场景提供刷脸：单独同意、有效评估、同样方便的其他方式都是关口",
            f"{len(faces)} scenes offer a face: consent, assessment and equal ways are gates",
        ),
    )


def _devices(premises: Premises, scenes: Sequence[Scene]) -> Finding:
    count = sum(len(premises.devices_at(scene.id)) for scene in scenes)
    if not count:
        return Finding(None, Text("没有登记带摄像头的终端", "No device with a camera is enrolled"))
    return Finding(
        None,
        Text(
            f"登记了 {count} 台带摄像头的终端；现场有没有提示，要人去看",
            f"{count} devices with a camera are enrolled; whether a sign stands there, somebody must look",
        ),
    )
