"""What can go wrong around an inspector's visit."""

from __future__ import annotations

from typing import Final

from liangming.errors import Kind, declare

NOT_ADMITTED: Final = declare(
    "staff.not-admitted",
    Kind.FORBIDDEN,
    zh="您没有获准查看这项检查任务。请让企业的合规负责人登记您的查看期限。",
    en="You are not admitted to this mandate. Please ask the operator's compliance officer to register your days.",
)
VISIT_OVER: Final = declare(
    "staff.visit-over",
    Kind.FORBIDDEN,
    zh="对这项检查任务的查看期限已经过了，什么也不再显示。检查包仍可离线核验。",
    en="The days of looking at this mandate are over; nothing is shown any more. A packet can still be verified offline.",
)
VISIT_EARLY: Final = declare(
    "staff.visit-early",
    Kind.FORBIDDEN,
    zh="对这项检查任务的查看期限还没有开始。",
    en="The days of looking at this mandate have not begun.",
)
ADMISSION_UNFIT: Final = declare(
    "staff.admission-unfit",
    Kind.INVALID,
    zh="请从列表里选任务和检查人员；检查人员须是任务里写明的人；最后一日不早于今天，最多九十天。",
    en="Please choose mandate and inspector from the lists; the mandate must name the inspector; the last day is today or later, ninety days at most.",
)
NO_PACKET: Final = declare(
    "staff.packet-absent",
    Kind.ABSENT,
    zh="检查包还没有制作，或者不在企业的检查包目录里。",
    en="The packet is not made yet, or is not in the operator's folder of packets.",
)
