"""The package of a face filing, filled with what the system knows (face.15(2)).

Six items: the processor; purposes and ways; number stored and measures; rules and procedures; the impact
assessments; other. What only the operator has (licence, legal representative's document, letters with
a stamp) is listed to be added.

Law: face.15 (grade B; the list of papers is from filing guides, B)
"""

from __future__ import annotations

from typing import Final

from liangming.device import faces as devices
from liangming.governance import faces
from liangming.governance.assessment.states import Stage
from liangming.governance.assessment.steps import of_scene
from liangming.governance.incident.texts import when
from liangming.governance.press import (
    Paper,
    Part,
    Tongue,
    cite,
    head,
    line,
    quiet,
    said,
    sign_here,
    table,
)
from liangming.law.values import face_filing_persons
from liangming.notice import FACE
from liangming.rights import RightsDesk
from liangming.scene.model import Operator, Scene, Text

_TITLE: Final = Text("人脸识别技术应用备案材料", "Face recognition filing")
_OPENING: Final = Text(
    "由系统记录预填，供在个人信息保护业务系统中填报时使用。人数由终端各自签名报告，一人在两台终端中计两次。",
    "Filled from the system's records, for the authority's filing system. Devices sign the numbers; one"
    " person in two devices counts twice.",
)
_MEASURES: Final = (
    Text(
        "人脸信息只存储在终端内，中心没有可以接收的接口",
        "Faces stay in the device; the centre has no interface that takes one",
    ),
    Text("只作一对一比对，没有一对多", "One to one only; there is no one to many"),
    Text(
        "登记信息一人一钥加密，查看先留记录",
        "The register is sealed under a key for each person; opening is recorded first",
    ),
    Text(
        "终端登记、签名、可停用；两人批准高风险变更",
        "Devices are enrolled, sign and can be disabled; risky changes take two people",
    ),
    Text(
        "入侵检测和防御、等级保护由企业落实并另附说明",
        "Intrusion detection and multi-level protection are the operator's; add a statement",
    ),
)
_TO_ADD: Final = (
    Text("营业执照（统一社会信用代码）", "Business licence (unified credit code)"),
    Text(
        "法定代表人身份证件、经办人身份证件",
        "Documents of the legal representative and of the handler",
    ),
    Text("加盖公章的授权委托书、承诺书", "Stamped authorisation and letter of commitment"),
)


async def paper(desk: RightsDesk, operator: str, company: Operator, tongue: Tongue) -> Paper:
    """The package of an operator as things stand now."""
    zh = tongue == "zh"
    now = desk.premises.clock.now()
    counts = await devices.stored(desk.docket, operator)
    total = sum(each.persons for each in counts)
    found = await faces.of(desk, operator)
    scenes = faces.scenes_with_faces(desk, operator)
    facts = [when(now), company.id]
    if found is not None:
        facts.append(said(faces.STAGES[found[1].stage], tongue))
        facts.append(f"{found[1].until.day}")
    parts: list[Part] = [
        head("一、处理者基本情况" if zh else "1. The processor"),
        table(
            [1, 3],
            ["", ""],
            [
                ["名称" if zh else "Name", said(company.name, tongue)],
                ["联系方式" if zh else "Contact", said(company.contact, tongue)],
            ],
        ),
        head("二、目的和方式" if zh else "2. Purposes and ways"),
        table(
            [2, 3, 2],
            ["场景", "目的", "保存"] if zh else ["Scene", "Purpose", "Kept"],
            [_scene(scene, tongue) for scene in scenes] or [["—", "—", "—"]],
        ),
        head("三、存储数量和安全措施" if zh else "3. Number stored, and measures"),
        line(
            f"共 {total:,} 人，{len(counts)} 台终端；备案的人数标准为 {face_filing_persons.values[-1].value:,}。"
            if zh
            else f"{total:,} persons in {len(counts)} devices; a filing is due from"
            f" {face_filing_persons.values[-1].value:,}."
        ),
        table([1], [""], [[said(each, tongue)] for each in _MEASURES]),
        head("四、处理规则和操作规程" if zh else "4. Rules and procedures"),
        *await _rules(desk, scenes, tongue),
        head("五、影响评估报告" if zh else "5. Impact assessments"),
        table(
            [2, 3, 2],
            ["场景", "评估", "状态"] if zh else ["Scene", "Assessment", "Standing"],
            [await _assessed(desk, scene, tongue) for scene in scenes] or [["—", "—", "—"]],
        ),
        head("六、其他（请另附）" if zh else "6. Other (to be added)"),
        table([1], [""], [[said(each, tongue)] for each in _TO_ADD]),
        quiet(f"{cite(desk.premises.corpus, 'face.15', tongue)} · B"),
        sign_here(tongue),
    ]
    return Paper(
        title=said(_TITLE, tongue),
        opening=said(_OPENING, tongue),
        facts=tuple(facts),
        parts=tuple(parts),
        tongue=tongue,
        made_at=now,
    )


def _scene(scene: Scene, tongue: Tongue) -> list[str]:
    kept = scene.kept("face")
    days = "—" if kept is None else f"{kept.days} {'天' if tongue == 'zh' else 'days'}"
    return [f"{said(scene.outlet.name, tongue)} · {scene.id}", said(scene.purpose, tongue), days]


async def _rules(desk: RightsDesk, scenes: list[Scene], tongue: Tongue) -> list[Part]:
    """The notice about the face, once for each text."""
    told: dict[tuple[str, ...], list[str]] = {}
    for scene in scenes:
        items = desk.premises.notice(scene, FACE).notice.items
        words = tuple(item.zh if tongue == "zh" else item.en for item in items)
        told.setdefault(words, []).append(scene.id)
    parts: list[Part] = []
    for words, where in told.items():
        parts += [quiet(", ".join(where[:10])), table([1], [""], [[each] for each in words])]
    return parts


async def _assessed(desk: RightsDesk, scene: Scene, tongue: Tongue) -> list[str]:
    every = await of_scene(desk, scene.id)
    standing = [each.study for each in every if each.study.stage is Stage.APPROVED]
    if standing:
        about = standing[-1].about
        return [scene.id, f"{about.id} v{about.version}", "有效" if tongue == "zh" else "in force"]
    named = desk.premises.gates.assessment(scene)
    if named is not None:
        where = "材料另附" if tongue == "zh" else "papers to be added"
        return [scene.id, named.id, where]
    return [scene.id, "—", "没有有效评估" if tongue == "zh" else "none in force"]
