"""What is said when a version of a notice cannot be drafted or approved."""

from __future__ import annotations

from typing import Final

from liangming.errors import Kind, declare

UNKNOWN: Final = declare(
    "governance.notice-unknown",
    Kind.ABSENT,
    zh="没有这个告知版本。",
    en="There is no such version of a notice.",
)
FAMILY_UNKNOWN: Final = declare(
    "governance.notice-family",
    Kind.ABSENT,
    zh="这家企业的场景没有用这种告知。",
    en="No scene of this operator uses such a notice.",
)
TOO_SOON: Final = declare(
    "governance.notice-too-soon",
    Kind.OUT_OF_ORDER,
    zh="生效日最早是明天（不能倒填），也不能早于已经批准的版本。要改日期，请不予批准后重新起草。",
    en="It may take effect tomorrow at the earliest, never in the past, and not before a version that is"
    " approved already. To change the day, decline it and draft anew.",
)
SAME_HANDS: Final = declare(
    "governance.notice-same-hands",
    Kind.FORBIDDEN,
    zh="起草的人不能自己批准，要另一个人、另一把钥匙。",
    en="Who drafted it cannot approve it: another person is needed, with another key.",
)
DECIDED: Final = declare(
    "governance.notice-decided",
    Kind.OUT_OF_ORDER,
    zh="这个版本已经有人批准或不予批准。",
    en="This version was approved or declined before.",
)
CHANGE_UNFIT: Final = declare(
    "governance.notice-change",
    Kind.INVALID,
    zh="请写明改了什么：首个版本、只改文字、目的、方式或种类；“首个版本”只用于从没批准过的告知。",
    en="Say what it changes: first, wording, purpose, method or type; “first” only where nothing was"
    " approved before.",
)
SAME_TEXT: Final = declare(
    "governance.notice-same",
    Kind.INVALID,
    zh="文字与已经批准或等待批准的版本完全一样。",
    en="These are the very sentences of a version that is approved or waits for approval.",
)
