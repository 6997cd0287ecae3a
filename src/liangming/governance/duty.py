"""A duty (义务): what the operator must do unasked, whose it is, until when, and by which article."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from liangming.clock import china_date
from liangming.scene.model import NOTHING, Text


class Kind(enum.StrEnum):
    """What kind of duty, in the order in which equals are shown."""

    OVERDUE = "overdue"  # 到期未删
    REQUEST = "request"  # 权利请求
    INCIDENT = "incident"  # 事件
    COMMAND = "command"  # 终端未确认
    ASSESSMENT = "assessment"  # 影响评估
    FILING = "filing"  # 人脸备案
    PARTY = "party"  # 受托方、接收方
    REPORT = "report"  # 举报
    NOTICE = "notice"  # 告知文本待批准
    TRAINING = "training"  # 培训到期
    LOOK = "look"  # 查看登记待批准
    WATCH = "watch"  # 每日审计的突出之处
    HOLD = "hold"  # 保全到期
    THRESHOLD = "threshold"  # 人数门槛
    REGISTER = "register"  # 处理情况记录
    SELF_CHECK = "self-check"  # 合规自查
    PERIODIC = "periodic"  # 定期义务
    CALENDAR = "calendar"  # 放假安排未收录


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One duty on the board.

    Attributes:
        id: stable while the duty stands; leads to its evidence.
        owner: a role or account, never a name.
        due: the first moment that is too late.
        article: why.
        late: what happens if it is late.
        gate: what is shut until it is done.
        do: the command or page that does it.
        standard: the term comes from a recommended standard or is ours: it is not law.
        at_once: the article says at once and names no number; ``due`` is when it began, and no day
            is shown.
        may_move: days off of a year in it are not published here yet.
    """

    id: str
    kind: Kind
    title: Text
    owner: str
    due: datetime
    article: str
    late: Text
    do: str
    gate: Text = NOTHING
    operator: str = ""
    standard: bool = False
    may_move: bool = False
    at_once: bool = False

    @property
    def day(self) -> date:
        """The last day in China on which it is in time."""
        return china_date(self.due - timedelta(microseconds=1))

    def is_late(self, now: datetime) -> bool:
        """Whether it is too late. What is due at once stands first and has no day to be late by."""
        return now >= self.due and not self.at_once


ERASED_LATE: Final = Text(
    "超过告知的期限保存，违反最短必要期限",
    "Kept beyond the term that was told: longer than necessary",
)
ANSWERED_LATE: Final = Text(
    "逾期未答复属于违法违规情形，本人可以投诉、起诉",
    "A late answer is a listed violation; the person may complain and sue",
)
STILL_PROCESSED: Final = Text(
    "同意已撤回，终端可能仍在处理", "Consent is withdrawn, and the device may still process"
)
