"""Answer, sign, and what follows: the periodic duty counts from the second signature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from liangming.clock import china_date, rfc3339
from liangming.docket.clocks import end_of
from liangming.errors import Kind as FaultKind
from liangming.errors import Misuse, declare
from liangming.governance import signed
from liangming.governance.duty import Duty, Kind
from liangming.governance.periodic import done
from liangming.governance.press import Paper, Tongue, head, quiet, said, sign_here, table
from liangming.governance.selfcheck.items import ANSWERS, Answer, items_for
from liangming.governance.selfcheck.look import look
from liangming.governance.signed import Sheet
from liangming.law.values import small_processor_persons
from liangming.rights import RightsDesk
from liangming.scene.model import Text

KIND: Final = "self-check"
TASK: Final = "compliance-audit"
NOTE: Final = 300
MEND_DAYS: Final = 30  # to put right what is not compliant; ours
UNANSWERED: Final = declare(
    "governance.item-unanswered",
    FaultKind.INVALID,
    zh="每一项都要答；不能“不适用”的要答合规或不合规，说明不超过 300 字。",
    en="Every item needs an answer; some cannot be “not applicable”; a note takes at most 300 characters.",
)
SEEN_OTHERWISE: Final = declare(
    "governance.item-seen-otherwise",
    FaultKind.REFUSED,
    zh="系统看到的是不合规，不能勾合规：先改正，或者如实写。",
    en="The system sees that this is not so; it cannot be ticked compliant. Put it right first, or say it as it is.",
)
NOT_SMALL: Final = declare(
    "governance.self-check-not-small",
    FaultKind.REFUSED,
    zh="登记的人数已经不是小型处理者，请答完整的清单。",
    en="With so many people registered this is no small processor; please answer the full list.",
)


async def put_forward(
    desk: RightsDesk,
    operator: str,
    duties: Sequence[Duty],
    answers: Mapping[str, tuple[str, str]],
    *,
    small: bool,
    by: str,
) -> Sheet:
    """Put the answers forward, for a second person to sign.

    Args:
        desk: the desk.
        operator: whose.
        duties: the board as it stands now; what it shows is kept beside the answers.
        answers: by item: the answer and a note.
        small: whether the short list is answered.
        by: account.

    Raises:
        Misuse: ``governance.item-unanswered``, ``governance.item-seen-otherwise``, naming the item;
            ``governance.self-check-not-small``.
    """
    now = desk.premises.clock.now()
    persons = (await desk.premises.store.counts())["persons"]
    if small and persons >= small_processor_persons.at(china_date(now)):
        raise Misuse(NOT_SMALL, citations=("small.scope",))
    seen = look(desk.premises, operator, duties, now)
    lines: list[dict[str, Any]] = []
    for item in items_for(small=small):
        word, note = answers.get(item.id, ("", ""))
        try:
            answer = Answer(word)
        except ValueError:
            raise Misuse(UNANSWERED, field=item.id) from None
        if (answer is Answer.NOT_APPLICABLE and not item.may_skip) or len(note) > NOTE:
            raise Misuse(UNANSWERED, field=item.id)
        finding = seen.get(item.id)
        live = None if finding is None else finding.answer
        if live is Answer.NOT_COMPLIANT and answer is not Answer.NOT_COMPLIANT:
            raise Misuse(SEEN_OTHERWISE, field=item.id)
        lines.append(
            {
                "item": item.id,
                "answer": answer.value,
                "live": None if live is None else live.value,
                "says": None if finding is None else {"zh": finding.says.zh, "en": finding.says.en},
                "note": " ".join(note.split()),
            }
        )
    body = {"small": small, "persons": persons, "on": china_date(now).isoformat(), "lines": lines}
    return await signed.put_forward(desk, KIND, operator, body, by=by)


async def sign(desk: RightsDesk, number: str, *, operator: str, by: str) -> Sheet:
    """The second signature; the next self-check is due from this day on.

    Raises:
        Misuse: ``governance.sheet-unknown``, ``governance.sheet-same-hands``.
    """
    sheet = await signed.sign(desk, number, kind=KIND, operator=operator, by=by)
    # A crash here leaves the sheet signed and the periodic duty open: it is done by hand then.
    await done(desk.premises, desk.docket, TASK, actor=by, reference=sheet.id)
    return sheet


async def duties(desk: RightsDesk, _now: datetime) -> list[Duty]:
    """A sheet that waits for its second signature, and what the last one found not compliant."""
    made = []
    for operator in sorted({s.operator.id for s in desk.premises.scenes.values()}):
        sheets = await signed.sheets(desk, KIND, operator)
        for sheet in sheets[:1]:
            bad = [one for one in sheet.body["lines"] if one["answer"] == Answer.NOT_COMPLIANT]
            if sheet.signed_at is None:
                title = Text(
                    "合规自查等待第二个人签字", "The self-check waits for a second signature"
                )
                due = end_of(china_date(sheet.at) + timedelta(days=MEND_DAYS))
            elif bad:
                title = Text(
                    f"自查不合规 {len(bad)} 项：改正后再查一次",
                    f"{len(bad)} items were not compliant: put them right and check again",
                )
                due = end_of(china_date(sheet.signed_at) + timedelta(days=MEND_DAYS))
            else:
                continue
            made.append(
                Duty(
                    id=f"self-check/{operator}",
                    kind=Kind.SELF_CHECK,
                    title=title,
                    owner="privacy-officer",
                    due=due,
                    article="pipl.54",
                    late=Text("自查没有结果", "The self-check comes to nothing"),
                    do=f"/desk/selfcheck?operator={operator}",
                    operator=operator,
                    standard=True,
                )
            )
    return made


def paper(sheet: Sheet, tongue: Tongue) -> Paper:
    """The self-check as a document."""
    zh = tongue == "zh"
    by_id = {item.id: item for item in items_for(small=False)}
    rows = []
    for number, one in enumerate(sheet.body["lines"], 1):
        item = by_id[one["item"]]
        says = one["says"][tongue] if one["says"] else ("人工回答" if zh else "answered by hand")
        rows.append(
            [
                str(number),
                said(item.title, tongue),
                said(item.ask, tongue),
                said(ANSWERS[Answer(one["answer"])], tongue),
                says + (f" · {one['note']}" if one["note"] else ""),
                item.article,
            ]
        )
    names = (
        ("", "项目", "问题", "结论", "证据与说明", "条文")
        if zh
        else ("", "Item", "Question", "Answer", "Evidence and note", "Article")
    )
    done_ = "" if sheet.signed_at is None else rfc3339(sheet.signed_at)[:16].replace("T", " ")
    both = f"{sheet.by} + {sheet.signed_by} · {done_}"
    return Paper(
        title="个人信息保护合规自查" if zh else "Self-check of compliance",
        opening=sheet.operator,
        facts=(
            sheet.id,
            f"SHA-256 {sheet.digest[:16]}…",
            sheet.body["on"],
            (f"在册 {sheet.body['persons']} 人" if zh else f"{sheet.body['persons']} registered"),
        ),
        parts=(
            head("逐项" if zh else "Item by item"),
            table((0.3, 1.1, 1.9, 0.8, 2.2, 0.9), names, rows),
            quiet(
                "标题出自小型处理者自查表（二手来源，等级 B）；问题是亮明自拟的，不是附件原文。"
                if zh
                else "Headings as secondary sources list the table for small processors (grade B); the questions"
                " are Liangming's own."
            ),
            quiet(
                (("两人签字：" if zh else "Signed by two: ") + both)
                if sheet.signed_at
                else ("尚未签字，只是草稿。" if zh else "Not signed: a draft only.")
            ),
            sign_here(tongue),
        ),
        tongue=tongue,
        made_at=sheet.at,
    )
