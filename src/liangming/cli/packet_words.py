"""How a packet and its verdict are told: Chinese and English, point by point, with figures."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from liangming.cli.speech import cited, out
from liangming.clock import from_micros, rfc3339
from liangming.inspection import Mandate, Plan, Point, Said, Verdict
from liangming.ledger import event_kinds

_POINTS: Final = {
    Point.FILE: ("文件完整", "The file is whole"),
    Point.MANDATE: ("检查任务", "The mandate"),
    Point.APPROVALS: ("两人批准", "Two people approved"),
    Point.HEAD: ("存证签名", "The log's signed head"),
    Point.CENSUS: ("清查完整：范围内每一条都在", "The census is whole: every leaf of the range"),
    Point.REGISTRATION: ("任务先于抽样登记", "The mandate was registered before the draw"),
    Point.SEED: ("抽样种子", "The seed"),
    Point.PLAN: ("与批准的方案一致", "It is what was approved"),
    Point.SAMPLE: ("样本：抽中的都在，没有别的", "The sample: all that were drawn, no other"),
    Point.EVENTS: ("样本的事件齐全", "Every event of the sample"),
    Point.NOTICES: ("当时的告知文本", "The notices as shown"),
}
_MARK: Final = {True: "✓", False: "✗", None: "·"}
_NOT_SEEN: Final = "前面的一点不成立，没有查看 / not looked at: a point before it does not hold"


def say_verdict(verdict: Verdict) -> None:
    """Each point on a line, its figures under it."""
    for said in verdict.points:
        zh, en = _POINTS[said.point]
        out.print(f"{_MARK[said.holds]} {zh} / {en}", style=_style(said), markup=False)
        if said.code is not None:
            out.print(f"    {said.code.zh}\n    {said.code.en}\n    {said.code.name}", markup=False)
        elif said.holds is None:
            out.print(f"    {_NOT_SEEN}", markup=False)
        for line in _figures(said):
            out.print(f"    {line}", markup=False)
    words = "全部成立 everything holds" if verdict.holds else "不成立 it does not hold"
    out.print(words, style="bold", markup=False)


def say_packet(
    mandate: Mandate, plan: Plan, verdict: Verdict | None = None, *, only: str = ""
) -> None:
    """What a plan or a packet is about; with a verdict, the checks of its sample."""
    outlets = " ".join(mandate.outlets) or "全部网点 all outlets"
    kinds = " ".join(kind.value for kind in mandate.kinds) or "全部场景 all kinds"
    out.print(f"{mandate.authority} {mandate.case}  {mandate.id}", style="bold", markup=False)
    out.print(f"目的 purpose: {mandate.purpose}", markup=False)
    for line in cited(mandate.basis):
        out.print(f"  {line}", markup=False)
    out.print(
        f"范围 scope: {mandate.operator}，{outlets}，{kinds}，"
        f"{mandate.since_day} — {mandate.until_day}",
        markup=False,
    )
    out.print(
        f"存证 log: 第 {plan.begin} 至 {plan.end - 1} 条 leaves {plan.begin} to {plan.end - 1}",
        markup=False,
    )
    out.print(
        f"范围内 in scope {plan.in_scope}，范围外 outside {plan.outside}，"
        f"抽中 drawn {len(plan.sample)}",
        markup=False,
    )
    if plan.erased:
        out.print(
            f"已销毁、无法再打开 erased, can no longer be opened: {plan.erased} 条 leaves，"
            f"删除记录 erasures {plan.erasures}",
            markup=False,
        )
    if plan.erased_since:
        out.print(
            f"其中登记之后才销毁的 of these destroyed after the registration: {plan.erased_since}",
            style="bold yellow",
            markup=False,
        )
    if plan.notices_gone:
        out.print(
            f"文本已不再保存的告知 notices no longer held: {len(plan.notices_gone)}", markup=False
        )
    if verdict is not None:
        _say_checks(verdict, only)


def document(verdict: Verdict) -> dict[str, Any]:
    """The verdict for machines."""
    told: dict[str, Any] = msgspec.to_builtins(
        {
            "holds": verdict.holds,
            "points": [
                {
                    "point": said.point,
                    "holds": said.holds,
                    "code": None if said.code is None else said.code.name,
                    "figures": said.figures,
                }
                for said in verdict.points
            ],
        }
    )
    return told


def _say_checks(verdict: Verdict, only: str) -> None:
    words = {kind.tag: kind for kind in event_kinds()}
    for check, events in verdict.facts.items():
        if only and check != only:
            continue
        out.print(f"\n{check}", style="bold", markup=False)
        for place, facts in events:
            kind = words.get(str(facts.get("tag")))
            said = f"{kind.zh} / {kind.en}" if kind is not None else str(facts.get("tag"))
            at = facts.get("at")
            when = rfc3339(from_micros(at)) if isinstance(at, int) else ""
            out.print(f"  {when}  {said}  #{place}", markup=False)
            for name, value in facts.items():
                if name not in {"at", "check", "seq", "tag"}:
                    shown = " ".join(map(str, value)) if isinstance(value, tuple) else value
                    out.print(f"    {name} = {shown}", markup=False)


def _figures(said: Said) -> list[str]:
    if not said.holds:
        return []
    told = []
    for name, value in said.figures.items():
        shown = " ".join(map(str, value)) if isinstance(value, list) else value
        told.append(f"{name} = {shown}" if shown != "" else f"{name} = –")
    return told


def _style(said: Said) -> str:
    return {True: "green", False: "bold red", None: "dim"}[said.holds]
