"""The assessment report in print, in Chinese or English: what GB/T 39335 asks a report to hold.

Approval · scope and parties · authors · laws and standards · object and data · the answers · ratings,
risk and the table they come from · what the system knew · conclusion. The short form has no ratings.

Law: face.9, pipl.56, small.assessment-table, gbt39335.method
"""

from __future__ import annotations

from typing import Final

from liangming.governance.assessment.live import Live
from liangming.governance.assessment.matrix import (
    IMPACTS,
    LIKELIHOODS,
    MODIFIERS,
    RISKS,
    Impact,
    Likelihood,
    risk,
)
from liangming.governance.assessment.questions import (
    CHOICES,
    DIMENSIONS,
    FACTORS,
    HIGH_RISK_KINDS,
    PARTS,
)
from liangming.governance.assessment.states import (
    Form,
    Stage,
    Study,
    digest_of,
    questions_of,
    result,
    risks,
)
from liangming.governance.assessment.steps import until_of
from liangming.governance.incident.texts import field_name, when
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
from liangming.governance.words_of import method_name
from liangming.rules import Corpus, Rank
from liangming.scene.model import Scene, Text

STAGES: Final = {
    Stage.DRAFT: Text("草稿，未批准", "draft, not approved"),
    Stage.SIGNED: Text("一人已签名，等待第二人", "signed by one, waits for a second"),
    Stage.APPROVED: Text("两人已批准，有效", "approved by two, in force"),
    Stage.SUPERSEDED: Text("已由新版本取代", "superseded by a newer version"),
    Stage.REOPENED: Text("须重新评估，刷脸已停", "to be assessed anew; the face is shut"),
    Stage.WITHDRAWN: Text("已撤回，刷脸已停", "withdrawn; the face is shut"),
}
_TITLE: Final = Text(
    "个人信息保护影响评估报告", "Personal information protection impact assessment"
)
_SHORT: Final = Text(
    "个人信息保护影响评估表（小型个人信息处理者）",
    "Impact assessment table (small personal information processor)",
)
_OPENING: Final = Text(
    "就本场景用人脸识别核验身份，在处理之前所作的评估。内容为问题、回答、等级和系统记录的数字，不含任何人的信息。",
    "Made before faces are used at this scene to verify identity. Questions, answers, ratings and the"
    " system's own figures; nothing about anybody.",
)
_WORDS: Final = {
    "approval": Text("批准", "Approval"),
    "object": Text("评估对象", "What is assessed"),
    "law": Text("依据", "Laws and standards"),
    "live": Text("系统记录的数字", "What the system knows"),
    "rating": Text("影响、可能性和风险", "Impact, likelihood and risk"),
    "table": Text("风险由下表查出", "The table that risk comes from"),
    "end": Text("结论和建议", "Conclusion and advice"),
    "who": Text("签名账号", "Account"),
    "at": Text("时间", "At"),
    "question": Text("问题", "Question"),
    "answer": Text("回答", "Answer"),
    "why": Text("理由", "Reason"),
    "article": Text("条文", "Article"),
    "item": Text("项目", "Item"),
    "value": Text("数值", "Figure"),
    "way": Text("方式", "Way"),
    "open": Text("开放比例", "Open"),
    "chosen": Text("选择次数", "Chosen"),
    "impact": Text("影响", "Impact"),
    "likely": Text("可能性", "Likelihood"),
    "risk": Text("风险", "Risk"),
    "dimension": Text("方面", "Dimension"),
    "not_law": Text("推荐性国家标准，不是法律", "recommended standard, not law"),
}


def paper(study: Study, scene: Scene | None, corpus: Corpus, tongue: Tongue) -> Paper:
    """The report of an assessment as it stands."""
    about = study.about
    short = about.form is Form.SHORT
    until = until_of(study)
    facts = [
        about.id,
        f"{_say('item', tongue)} v{about.version}",
        said(STAGES[study.stage], tongue),
        f"SHA-256 {digest_of(study)[:16]}…",
    ]
    if until is not None:
        facts.append(f"{'有效至' if tongue == 'zh' else 'until'} {until}")
    parts = [*_approval(study, tongue), *_object(study, scene, corpus, tongue)]
    for part, name in PARTS.items():
        parts += [head(said(name, tongue)), _answers(study, part, corpus, tongue)]
    if not short:
        parts += _ratings(study, scene, tongue)
    if study.live is not None:
        parts += _live(study.live, tongue)
    parts += [
        head(_say("end", tongue)),
        line(study.sheet.conclusion or "—"),
        sign_here(tongue),
        *_legal(study, corpus, tongue),
    ]
    return Paper(
        title=said(_SHORT if short else _TITLE, tongue),
        opening=said(_OPENING, tongue),
        facts=tuple(facts),
        parts=tuple(parts),
        tongue=tongue,
        made_at=study.signatures[-1].at if study.signatures else about.opened_at,
    )


def _say(name: str, tongue: Tongue) -> str:
    return said(_WORDS[name], tongue)


def _approval(study: Study, tongue: Tongue) -> list[Part]:
    rows = [[each.by, when(each.at)] for each in study.signatures]
    author = "起草 " if tongue == "zh" else "author "
    return [
        head(_say("approval", tongue)),
        line(said(STAGES[study.stage], tongue)),
        quiet(f"{author}{study.about.opened_by} · {when(study.about.opened_at)}"),
        table([2, 2], [_say("who", tongue), _say("at", tongue)], rows or [["—", "—"]]),
    ]


def _object(study: Study, scene: Scene | None, corpus: Corpus, tongue: Tongue) -> list[Part]:
    if scene is None:
        return [head(_say("object", tongue)), line(study.about.scene)]
    labels = {
        "zh": ("处理者", "联系方式", "场景", "目的", "方式", "处理的信息", "保存期限"),
        "en": ("Processor", "Contact", "Scene", "Purpose", "Ways", "Data", "Retention"),
    }[tongue]
    days = "天" if tongue == "zh" else "days"
    kept = [
        f"{said(field_name(each.field), tongue)} {each.days} {days} ({cite(corpus, each.article, tongue)})"
        for each in scene.retention
    ]
    values = (
        said(scene.operator.name, tongue),
        said(scene.operator.contact, tongue),
        f"{said(scene.outlet.name, tongue)} · {scene.id} · {scene.kind.value}",
        said(scene.purpose, tongue),
        ", ".join(said(method_name(method), tongue) for method in scene.methods),
        ", ".join(said(field_name(name), tongue) for name in (*scene.fields, "face")),
        "; ".join(kept),
    )
    rows = [[label, value] for label, value in zip(labels, values, strict=True)]
    return [head(_say("object", tongue)), table([1, 4], ["", ""], rows)]


def _answers(study: Study, part: object, corpus: Corpus, tongue: Tongue) -> Part:
    rows = []
    for question in questions_of(study.about.form):
        if question.part is not part:
            continue
        answer = study.sheet.answers.get(question.id)
        chosen = said(CHOICES[answer.choice], tongue) if answer is not None else "—"
        reason = answer.reason if answer is not None else "—"
        rows.append(
            [said(question.text, tongue), chosen, reason, cite(corpus, question.article, tongue)]
        )
    header = [_say(name, tongue) for name in ("question", "answer", "why", "article")]
    return table([3.6, 0.6, 2.6, 2.8], header, rows)


def _ratings(study: Study, scene: Scene | None, tongue: Tongue) -> list[Part]:
    sheet, found = study.sheet, risks(study)
    impacts = [
        [
            said(name, tongue),
            said(IMPACTS[found[key][0]], tongue) if key in found else "—",
            said(LIKELIHOODS[found[key][1]], tongue) if key in found else "—",
            said(RISKS[found[key][2]], tongue) if key in found else "—",
            sheet.impacts[key].reason if key in sheet.impacts else "—",
        ]
        for key, name in DIMENSIONS.items()
    ]
    factors = [
        [
            said(name, tongue),
            said(LIKELIHOODS[Likelihood(sheet.factors[key].level)], tongue),
            sheet.factors[key].reason,
        ]
        for key, name in FACTORS.items()
        if key in sheet.factors
    ]
    modifiers = [[said(MODIFIERS[each], tongue), why] for each, why in sheet.modifiers.items()]
    matrix = [
        [said(IMPACTS[i], tongue), *(said(RISKS[risk(i, each)], tongue) for each in Likelihood)]
        for i in sorted(Impact, reverse=True)
    ]
    header = [_say(n, tongue) for n in ("dimension", "impact", "likely", "risk", "why")]
    parts = [
        head(_say("rating", tongue)),
        {
            "kind": "sums",
            "of": [
                {
                    "number": said(RISKS[result(study)], tongue),
                    "name": _say("risk", tongue),
                    "told": result(study) > risk(Impact.MIDDLE, Likelihood.HIGH),
                }
            ],
        },
        table([2, 0.8, 0.8, 0.8, 4], header, impacts),
        table([3, 1, 4], ["", _say("likely", tongue), _say("why", tongue)], factors),
    ]
    if modifiers:
        parts.append(table([3, 5], ["", _say("why", tongue)], modifiers))
    if scene is not None and scene.kind.value in HIGH_RISK_KINDS:
        parts.append(line(said(_HIGH_RISK, tongue)))
    parts += [
        quiet(f"{_say('table', tongue)} · GB/T 39335-2020 · {_say('not_law', tongue)}"),
        table(
            [1.2, 1, 1, 1, 1],
            [
                f"{_say('impact', tongue)} \\ {_say('likely', tongue)}",
                *(said(LIKELIHOODS[each], tongue) for each in Likelihood),
            ],
            matrix,
        ),
    ]
    return parts


_HIGH_RISK: Final = Text(
    "标准所举的高风险例子包括这类场景（健身场所、宾馆以生物特征出入，刷脸支付）。",
    "The standard's examples of high risk name this kind of scene (biometric entry at gyms and hotels,"
    " payment by face).",
)


def _live(live: Live, tongue: Tongue) -> list[Part]:
    labels = {
        "zh": (
            "在册人数",
            "终端存储的人脸（一人在两台计两次）",
            f"近 {live.days} 日查验",
            "其中不用刷脸的（明确拒绝）",
            "给予单独同意",
            "撤回同意",
            "曾无法判定",
            "登记的终端",
            "一年内的事件",
        ),
        "en": (
            "Persons registered",
            "Faces stored in devices (one person in two counts twice)",
            f"Checks in {live.days} days",
            "Of these declined the face",
            "Separate consents given",
            "Consents withdrawn",
            "Undetermined at some moment",
            "Devices enrolled",
            "Incidents within a year",
        ),
    }[tongue]
    numbers = (
        live.persons,
        live.stored_faces,
        live.checks,
        live.declined,
        live.consents,
        live.withdrawn,
        live.undetermined,
        live.devices,
        live.incidents,
    )
    rows = [[label, f"{number:,}"] for label, number in zip(labels, numbers, strict=True)]
    ways = []
    for way in live.ways:
        share = live.uptime(way)
        name = said(method_name(way.method), tongue)
        ways.append([name, "—" if share is None else f"{share:.1%}", f"{way.chosen:,}"])
    header = [_say(name, tongue) for name in ("way", "open", "chosen")]
    return [
        head(_say("live", tongue)),
        quiet(when(live.at)),
        table([4, 1], [_say("item", tongue), _say("value", tongue)], rows),
        table([4, 1, 1], header, ways),
    ]


def _legal(study: Study, corpus: Corpus, tongue: Tongue) -> list[Part]:
    wanted = dict.fromkeys(
        ("face.9", "pipl.55", "pipl.56", *(q.article for q in questions_of(study.about.form)))
    )
    if study.about.form is Form.FULL:
        wanted["gbt39335.method"] = None
    else:
        wanted["small.assessment-table"] = None
    rows = []
    for name in wanted:
        article = corpus.articles[name]
        instrument = corpus.instruments[article.instrument]
        mark = f" ({_say('not_law', tongue)})" if instrument.rank is Rank.STANDARD else ""
        text = article.zh if tongue == "zh" else article.en
        rows.append([f"{cite(corpus, name, tongue)}{mark}", text, article.grade.value])
    return [head(_say("law", tongue)), table([2.4, 4, 0.4], ["", "", ""], rows)]
