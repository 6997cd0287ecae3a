"""The papers of an incident: reports to the authorities, the notice to people, the course of events.

Law: pipl.57, incident.7, incident.8, courier.35
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from liangming.governance.incident import texts
from liangming.governance.incident.levels import LEVELS, level, report_by, summary_by
from liangming.governance.incident.states import Did, Incident
from liangming.governance.incident.texts import when
from liangming.governance.incident.words import BODIES, STEPS, Body, Step
from liangming.governance.press import (
    Paper,
    Part,
    Tongue,
    cite,
    head,
    line,
    new_page,
    quiet,
    said,
    sign_here,
    table,
)
from liangming.rules import Corpus
from liangming.scene.model import Operator, Text

_TITLE: Final = Text("个人信息安全事件材料", "Papers of a personal data incident")
_DRILL: Final = Text("演练材料，没有发生事件", "Papers of a drill; nothing happened")
_OPENING: Final = Text(
    "报告、通知和处置经过，由系统记录生成；人数和字段从查看记录或登记算出，不含任何人的姓名和号码。",
    "Reports, notice and course, made from the system's records; persons and fields are counted from"
    " readings or the register; no names or numbers of anybody.",
)
_ARTICLES: Final = (
    "pipl.57",
    "netdata.11",
    "courier.35",
    "incident.4",
    "incident.8",
    "incident.annex",
)


def paper(
    incident: Incident,
    *,
    operator: Operator,
    places: Sequence[Text],
    bodies: Sequence[Body],
    account: str,
    corpus: Corpus,
    tongue: Tongue,
    made_at: datetime,
) -> Paper:
    """All of it as one paper.

    Args:
        incident: as it stands.
        operator: who answers.
        places: outlets concerned.
        bodies: whom it is reported to.
        account: the officer's own words; may be empty.
        corpus: the law.
        tongue: in which language; the account stays as it was written.
        made_at: when it is printed.
    """
    parts: list[Part] = []
    for body in bodies:
        to = Text(f"向{BODIES[body].zh}的报告", f"Report to {BODIES[body].en}")
        parts += [
            head(said(to, tongue)),
            _items(texts.report(incident, operator, places, body), tongue),
        ]
        did = incident.reports.get(body)
        parts += [quiet(_went(did, tongue)), sign_here(tongue), new_page()]
    fields = [field.name for field in incident.scope.fields] if incident.scope is not None else []
    parts += [
        head("通知个人的内容" if tongue == "zh" else "What people are told"),
        _items(texts.notice(incident, operator, fields), tongue),
        line(_told(incident, tongue)),
        *(quiet(_went(did, tongue)) for did in incident.besides),
    ]
    if account:
        parts += [head("经过说明" if tongue == "zh" else "Account"), line(account)]
    parts += [
        *_clocks(incident, corpus, tongue),
        *_steps(incident, tongue),
        *_legal(corpus, tongue),
    ]
    return Paper(
        title=said(_DRILL if incident.drill else _TITLE, tongue),
        opening=said(_OPENING, tongue),
        facts=(incident.id, said(LEVELS[level(incident)], tongue), when(made_at)),
        parts=tuple(parts),
        tongue=tongue,
        made_at=made_at,
    )


def _went(did: Did | None, tongue: Tongue) -> str:
    """How a paper went out, as far as it did."""
    if did is None:
        return "尚未报送" if tongue == "zh" else "not sent yet"
    if did.sent is None:
        return f"{when(did.at)} · {did.by} · {did.reference}"
    said_ = [when(did.sent.at), said(did.sent.how, tongue), did.reference, did.by]
    if did.sent.proof:
        said_.append(f"SHA-256 {did.sent.proof}")
    return " · ".join(said_)


def _items(items: Sequence[tuple[Text, Text]], tongue: Tongue) -> Part:
    rows = [[said(name, tongue), said(text, tongue)] for name, text in items]
    return table([1.2, 5], ["", ""], rows)


def _told(incident: Incident, tongue: Tongue) -> str:
    told = incident.people
    zh = tongue == "zh"
    if told is None:
        return "尚未通知个人。" if zh else "People have not been told yet."
    if told.spared:
        return (
            f"没有通知个人，因为已有效避免危害：{told.why}"
            if zh
            else f"People were spared, for harm is effectively avoided: {told.why}"
        )
    return (
        f"{when(told.at)} 已在 {told.persons} 人的回执和“我的信息”页面通知，并作公告。"
        if zh
        else f"On {when(told.at)} {told.persons} persons were told on the pages of their receipts, and"
        " it was announced."
    )


def _clocks(incident: Incident, corpus: Corpus, tongue: Tongue) -> list[Part]:
    zh = tongue == "zh"
    report, summary = report_by(incident), summary_by(incident)
    at_once = "立即（没有小时数）" if zh else "at once (no number of hours)"
    rows = [
        ["补救、通知" if zh else "Remedy and telling", at_once, cite(corpus, "pipl.57", tongue)],
        [
            "省级网信部门" if zh else "Provincial CAC",
            when(report.at) if report is not None else ("不适用" if zh else "does not apply"),
            cite(corpus, "incident.4", tongue),
        ],
        [
            "总结报告" if zh else "Summary",
            f"{summary.day}" if summary is not None else ("不适用" if zh else "does not apply"),
            cite(corpus, "incident.8", tongue),
        ],
    ]
    return [head("期限" if zh else "Clocks"), table([2, 2.4, 2.4], ["", "", ""], rows)]


def _steps(incident: Incident, tongue: Tongue) -> list[Part]:
    zh = tongue == "zh"
    rows = []
    for step in Step:
        did = incident.steps.get(step)
        done = f"{when(did.at)} · {did.by} {did.reference}" if did is not None else "—"
        rows.append([said(STEPS[step], tongue), done])
    if incident.handled_at is not None:
        rows.append(["处置结束" if zh else "Handling ended", when(incident.handled_at)])
    if incident.summary is not None:
        rows.append(
            [
                "总结报告" if zh else "Summary",
                _went(incident.summary, tongue),
            ]
        )
    return [head("处置经过" if zh else "Course"), table([4, 3], ["", ""], rows)]


def _legal(corpus: Corpus, tongue: Tongue) -> list[Part]:
    rows = []
    for name in _ARTICLES:
        article = corpus.articles[name]
        text = article.zh if tongue == "zh" else article.en
        rows.append([cite(corpus, name, tongue), text, article.grade.value])
    return [head("依据" if tongue == "zh" else "Law"), table([2.4, 4, 0.4], ["", "", ""], rows)]
