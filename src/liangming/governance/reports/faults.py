"""What this room says when it says no. No text says anything about a person."""

from __future__ import annotations

from typing import Final

from liangming.errors import Kind, declare

UNKNOWN: Final = declare(
    "governance.report-unknown",
    Kind.ABSENT,
    zh="没有这份举报。请核对跟进编码。",
    en="There is no such report. Please check the follow-up code.",
)
WORDS_NEEDED: Final = declare(
    "governance.report-words",
    Kind.INVALID,
    zh="请写明情况（5 至 1000 字），网址不超过两个。",
    en="Please say what happened (5 to 1000 characters, at most two web addresses).",
)
ANSWER_NEEDED: Final = declare(
    "governance.report-answer",
    Kind.INVALID,
    zh="答复写 5 至 1000 字：做了什么、为什么，让举报人看得懂。",
    en="The reply takes 5 to 1000 characters: what was done and why, so that the reporter understands.",
)
CLOSED: Final = declare(
    "governance.report-closed",
    Kind.OUT_OF_ORDER,
    zh="这份举报已经办结，或者还没有分派，现在不能这样做。",
    en="This report is closed, or has no owner yet: this cannot be done now.",
)
REVIEWED: Final = declare(
    "governance.report-reviewed",
    Kind.OUT_OF_ORDER,
    zh="已经复核过一次。仍不同意的，可以向主管部门投诉、举报。",
    en="It was reviewed once. If you still disagree, you may turn to the authority.",
)
LINK_UNFIT: Final = declare(
    "governance.report-link",
    Kind.INVALID,
    zh="关联的查验写回执编码或查验编号，须是本企业的。",
    en="The check is given by its receipt code or its number, and must be this operator's.",
)
SAME_HANDS: Final = declare(
    "governance.report-same-hands",
    Kind.OUT_OF_ORDER,
    zh="复核要由另一个人办：第一次答复的人不能再答复。",
    en="A review is answered by somebody else than the first answer.",
)
