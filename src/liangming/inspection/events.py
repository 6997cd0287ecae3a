"""What an inspection leaves behind: the inspector's own acts are evidence too."""

from __future__ import annotations

from typing import Final

from liangming.ledger import declare_event

REGISTERED: Final = declare_event(
    "inspection:mandate:registered",
    facts=(
        "digest",
        "authority",
        "case",
        "since",
        "until",
        "sample",
        "basis",
        "counted",
        "in_scope",
        "erased",
    ),
    zh="登记了一项检查任务。",
    en="A mandate of an inspection was registered.",
)
APPROVED: Final = declare_event(
    "inspection:packet:approved",
    facts=("plan", "role", "key"),
    zh="一个人批准了检查包的方案。",
    en="Somebody approved the plan of a packet.",
)
MADE: Final = declare_event(
    "inspection:packet:made",
    facts=("plan", "packet", "sampled", "in_scope", "erased"),
    zh="制作了检查包，打开了抽中的查验记录。",
    en="A packet was made; the records of the checks drawn were opened.",
)
OPENED: Final = declare_event(
    "inspection:packet:opened",
    facts=("packet",),
    zh="查看了检查包。",
    en="A packet was opened and looked at.",
)
ADMITTED: Final = declare_event(
    "inspection:inspector:admitted",
    facts=("inspector", "since", "until", "actor"),
    zh="一位检查人员获准在这些日子里查看。",
    en="An inspector was admitted to look on these days.",
)
DISMISSED: Final = declare_event(
    "inspection:inspector:dismissed",
    facts=("inspector", "actor"),
    zh="一位检查人员的查看提前结束。",
    en="An inspector's looking was ended before its day.",
)
LOOKED: Final = declare_event(
    "inspection:page:looked",
    facts=("page", "number", "inspector"),
    zh="检查人员查看了一页。",
    en="An inspector looked at a page.",
)
FOUND: Final = declare_event(
    "inspection:finding:recorded",
    facts=("finding", "violation", "citations", "due", "place"),
    zh="登记了一个问题和整改期限。",
    en="A finding was recorded, with the day to put it right.",
)
RECTIFIED: Final = declare_event(
    "inspection:finding:rectified",
    facts=("finding", "evidence", "late"),
    zh="企业称问题已整改。",
    en="The operator said that a finding was put right.",
)
CLOSED: Final = declare_event(
    "inspection:finding:closed",
    facts=("finding",),
    zh="检查人员确认问题已整改。",
    en="The inspector accepted that a finding was put right.",
)
REOPENED: Final = declare_event(
    "inspection:finding:reopened",
    facts=("finding", "due"),
    zh="检查人员认为没有整改到位，重新限期。",
    en="The inspector did not accept it and set a new day.",
)
