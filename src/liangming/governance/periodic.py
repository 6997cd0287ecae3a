"""What has to be done again and again, and when it was done last.

Each time leaves a record and a leaf: what, by which role, with a reference to the papers. The next
day is counted from the last time; what was never done is due a month after the house began.

Law: pipl.47, pipl.51, pipl.54; gbt35273.10.1 (recommended standard, not law)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import msgspec

from liangming import ids
from liangming.check.desk import leaf_of
from liangming.check.premises import Premises
from liangming.clock import china_date, from_micros, micros
from liangming.docket import Record, Records, leaf_keys
from liangming.docket.clocks import end_of, last_day
from liangming.errors import Kind, Misuse, declare
from liangming.ledger import Event, declare_event
from liangming.scene.model import Text

KIND: Final = "periodic"
DUTY_ID: Final = "dty"
FIRST_DAYS: Final = 30  # to do each of them for the first time; ours, as most of the terms
_REFERENCE: Final = re.compile(r"[A-Za-z][A-Za-z0-9._/-]{0,79}")
_ROLE: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}")

DONE: Final = declare_event(
    "governance:duty:done",
    facts=("task", "actor", "reference", "late"),
    zh="一项定期义务完成了。",
    en="A duty that comes again was done.",
)
TASK_UNKNOWN: Final = declare(
    "governance.task-unknown",
    Kind.ABSENT,
    zh="没有这项定期义务。运行 liangming duties list 可看到全部。",
    en="There is no such duty; liangming duties list shows all.",
)
DONE_UNFIT: Final = declare(
    "governance.done-unfit",
    Kind.INVALID,
    zh="经办人写岗位或账号代号，材料写编号（字母开头，不写姓名和个人号码）。",
    en="The one who did it is a role or account; papers are a reference that begins with a letter,"
    " without names or personal numbers.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A duty that comes again.

    Attributes:
        months: how often; ``of_house`` where the article names no number.
        standard: the article is of a recommended standard.
    """

    id: str
    title: Text
    months: int
    article: str
    owner: str
    late: Text
    do: str
    of_house: bool = True
    standard: bool = False


TASKS: Final = {
    task.id: task
    for task in (
        Task(
            id="restore-drill",
            title=Text(
                "恢复演练：已删除的人不会回来", "Restore drill: the erased do not come back"
            ),
            months=12,
            article="pipl.51",
            owner="operations",
            late=Text(
                "备份能否恢复、删除是否有效没有证明",
                "Nothing proves that backups and erasures work",
            ),
            do="liangming drill restore BACKUP",
        ),
        Task(
            id="close-backups",
            title=Text("更换桶密钥，让旧备份读不出已删除的人", "Close old backups to the erased"),
            months=3,
            article="pipl.47",
            owner="operations",
            late=Text(
                "已删除的人仍能从旧备份和密钥中读出",
                "The erased can still be read from old backups",
            ),
            do="liangming keys forget, then --destroy",
        ),
        Task(
            id="incident-drill",
            title=Text("个人信息安全事件应急演练", "Drill for an incident with personal data"),
            months=12,
            article="gbt35273.10.1",
            owner="privacy-officer",
            late=Text(
                "不符合推荐性标准：每年至少一次",
                "Short of the recommended standard: yearly at least",
            ),
            do="liangming duties done incident-drill --by ROLE",
            of_house=False,
            standard=True,
        ),
        Task(
            id="staff-training",
            title=Text("从业人员个人信息保护培训", "Training of staff in protecting personal data"),
            months=12,
            article="gbt35273.10.1",
            owner="privacy-officer",
            late=Text(
                "不符合推荐性标准：每年至少一次",
                "Short of the recommended standard: yearly at least",
            ),
            do="liangming duties done staff-training --by ROLE",
            of_house=False,
            standard=True,
        ),
        Task(
            id="access-review",
            title=Text(
                "复核谁能看到什么：账号、角色、密钥",
                "Review who may see what: accounts, roles, keys",
            ),
            months=6,
            article="pipl.51",
            owner="privacy-officer",
            late=Text("离开的人、换岗的人可能还能看到", "Whoever left or moved may still see it"),
            do="/desk/access",
        ),
        Task(
            id="compliance-audit",
            title=Text("个人信息保护合规审计", "Audit of compliance in protecting personal data"),
            months=24,
            article="pipl.54",
            owner="privacy-officer",
            late=Text(
                "没有定期审计；监管部门可以要求审计",
                "No regular audit; the authority may order one",
            ),
            do="/desk/selfcheck",
        ),
    )
}
"""By id."""


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """One time that a task was done."""

    task: str
    actor: str
    reference: str
    at: datetime


async def done(
    premises: Premises, docket: Records, task_id: str, *, actor: str, reference: str = ""
) -> date:
    """Record that a task was done now; returns the last day for the next time.

    Raises:
        Misuse: ``governance.task-unknown``, ``governance.done-unfit``.
    """
    task = TASKS.get(task_id)
    if task is None:
        raise Misuse(TASK_UNKNOWN)
    if not _ROLE.fullmatch(actor) or (reference and not _REFERENCE.fullmatch(reference)):
        raise Misuse(DONE_UNFIT)
    at = premises.clock.now()
    late = at >= await due_of(premises, docket, task)
    name = ids.new(DUTY_ID, at)
    key = leaf_keys.lasting(premises, name)
    row = Record(
        id=name,
        kind=KIND,
        operator="",
        about=task.id,
        state="done",
        version=1,
        opened_at=micros(at),
        changed_at=micros(at),
        due_at=None,
        keep_until=None,
        leaf_key=key.kept,
        body=msgspec.json.encode(Done(task=task.id, actor=actor, reference=reference, at=at)),
    )
    facts: dict[str, str | bool] = {
        "task": task.id,
        "actor": actor,
        "reference": reference,
        "late": late,
    }
    leaf = leaf_of(Event(DONE.tag, micros(at), row.id, facts), key.key, 0)
    await docket.commit([row], [leaf])
    return last_day(china_date(at), task.months, "months")


async def last_time(docket: Records, task: Task) -> Record | None:
    """The record of the last time."""
    rows = await docket.about(KIND, task.id)
    return rows[-1] if rows else None


async def due_of(premises: Premises, docket: Records, task: Task) -> datetime:
    """The first moment that is too late for the next time.

    What was never done is due a month after the house's first key was made.
    """
    row = await last_time(docket, task)
    if row is None:
        born = china_date(from_micros(premises.keys.wrapping[0].made))
        return end_of(last_day(born, FIRST_DAYS, "days"))
    return end_of(last_day(china_date(from_micros(row.opened_at)), task.months, "months"))
