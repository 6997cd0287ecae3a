"""The notice to people and the reports to authorities, written from the closed lists in two languages.

The items of PIPL 57: what data, why, what it may do; what was done and what people can do; whom to
reach. A report adds what the measures ask for (incident.7) as far as it is known: first items first,
the rest to follow.

Law: pipl.57, incident.7, netdata.11, courier.35
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from liangming.clock import CHINA
from liangming.governance.incident.levels import LEVELS, level
from liangming.governance.incident.scope import WORDS
from liangming.governance.incident.states import Basis, Incident
from liangming.governance.incident.words import (
    ADVICES,
    BODIES,
    CAUSES,
    CERTAINTIES,
    HARMS,
    NATURES,
    OPERATORS,
    REMEDIES,
    STEPS,
    Body,
)
from liangming.scene import FIELDS
from liangming.scene.model import NOTHING, Operator, Text

_MORE: Final = {
    WORDS: Text("本人在请求中写的话", "what was written into a request"),
    "type": Text("证件种类", "kind of document"),
    "number": Text("证件号码", "document number"),
    "representative-type": Text("经办人证件种类", "representative's kind of document"),
    "representative-number": Text("经办人证件号码", "representative's document number"),
}
_DRILL: Final = Text(
    "【演练】这是一次演练，没有发生事件。", "[DRILL] This is a rehearsal; nothing happened."
)


def field_name(name: str) -> Text:
    """A registered field in words."""
    return _MORE.get(name) or FIELDS.get(name) or Text(name, name)


def joined(texts: Iterable[Text]) -> Text:
    """A list in words."""
    every = list(texts)
    return Text("、".join(t.zh for t in every), ", ".join(t.en for t in every))


def when(at: datetime) -> str:
    """A minute in China."""
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"


def notice(
    incident: Incident, operator: Operator, fields: Iterable[str]
) -> list[tuple[Text, Text]]:
    """What a person is told: each item with its heading.

    Args:
        incident: described and scoped.
        operator: who answers.
        fields: of this person; of all in the public announcement.
    """
    kinds = joined(field_name(name) for name in fields)
    nature, sure = NATURES[incident.nature], CERTAINTIES[incident.certainty]
    items = [
        (
            Text("发生了什么", "What happened"),
            Text(
                f"{operator.name.zh}于 {when(incident.found_at)} 发现您的个人信息{sure.zh}{nature.zh}。",
                f"On {when(incident.found_at)} {operator.name.en} found a {nature.en} of your personal"
                f" data ({sure.en}).",
            ),
        ),
        (Text("涉及哪些信息", "Which data"), kinds),
        (Text("原因", "Why"), joined(CAUSES[each] for each in incident.causes)),
        (Text("可能的危害", "What it may do"), joined(HARMS[each] for each in incident.harms)),
        (
            Text("我们已经做了什么", "What we have done"),
            joined(REMEDIES[each] for each in incident.remedies),
        ),
        (
            Text("您可以做什么", "What you can do"),
            joined(ADVICES[each] for each in incident.advice),
        ),
        (Text("联系我们", "How to reach us"), operator.contact),
    ]
    if incident.drill:
        items.insert(0, (Text("演练", "Drill"), _DRILL))
    return [(head, said) for head, said in items if said]


def report(
    incident: Incident, operator: Operator, places: Iterable[Text], body: Body
) -> list[tuple[Text, Text]]:
    """What an authority is told: each item with its heading."""
    scope = incident.scope
    counted = NOTHING
    basis = NOTHING
    if scope is not None:
        counted = Text(
            f"在册 {scope.persons} 人，另有 {scope.gone} 次办理的本人已删除；共 {scope.readings} 次查看",
            f"{scope.persons} persons on the register and {scope.gone} checks of persons who were"
            f" erased since; {scope.readings} readings",
        )
        basis = (
            Text("从每次查看留下的存证算出", "counted from the evidence that each reading leaves")
            if scope.asked.basis is Basis.READINGS
            else Text("按全部在册登记计算", "counted as everybody on the register")
        )
    fields = joined(
        Text(
            f"{field_name(f.name).zh}（{f.persons} 人）",
            f"{field_name(f.name).en} ({f.persons} persons)",
        )
        for f in (scope.fields if scope is not None else ())
    )
    steps = joined(
        Text(f"{STEPS[step].zh}（{when(did.at)}）", f"{STEPS[step].en} ({when(did.at)})")
        for step, did in incident.steps.items()
    )
    items = [
        (Text("报送", "To"), BODIES[body]),
        (
            Text("单位和系统", "Unit and system"),
            Text(
                f"{operator.name.zh}，身份核验系统（亮明），{OPERATORS[incident.kind].zh}",
                f"{operator.name.en}, identity checks (Liangming), {OPERATORS[incident.kind].en}",
            ),
        ),
        (Text("发现时间", "Found"), Text(when(incident.found_at), when(incident.found_at))),
        (Text("地点", "Where"), joined(places)),
        (
            Text("类型和确定程度", "What, and how sure"),
            Text(
                f"个人信息{NATURES[incident.nature].zh}，{CERTAINTIES[incident.certainty].zh}",
                f"{NATURES[incident.nature].en} of personal data, {CERTAINTIES[incident.certainty].en}",
            ),
        ),
        (Text("等级", "Level"), LEVELS[level(incident)]),
        (Text("涉及人数", "Persons"), counted),
        (Text("怎样算出", "How it was counted"), basis),
        (Text("涉及的信息", "Data"), fields),
        (Text("原因分析", "Causes"), joined(CAUSES[each] for each in incident.causes)),
        (Text("可能的危害", "Possible harm"), joined(HARMS[each] for each in incident.harms)),
        (Text("已采取的措施", "Measures"), joined(REMEDIES[each] for each in incident.remedies)),
        (Text("处置经过", "Steps"), steps),
        (Text("刷脸", "Faces"), _shut(incident)),
        (Text("联系人", "Contact"), operator.contact),
    ]
    if incident.drill:
        items.insert(0, (Text("演练", "Drill"), _DRILL))
    return [(head, said) for head, said in items if said]


def _shut(incident: Incident) -> Text:
    if not incident.shut:
        return NOTHING
    count = len(incident.shut)
    return Text(
        f"{count} 个场景的刷脸已停，重新评估并批准后才恢复",
        f"the face is shut at {count} scenes until it is assessed anew and approved",
    )
