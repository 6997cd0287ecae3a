"""What a report leaves in the log. Facts are codes, ids and integers; never what was written."""

from __future__ import annotations

from typing import Final

from liangming.ledger import declare_event

RECEIVED: Final = declare_event(
    "governance:report:received",
    facts=("topic", "operator", "outlet", "scene", "due", "article"),
    zh="收到一份举报，期限从此起算。",
    en="A report came in; its clock runs from here.",
)
TRIAGED: Final = declare_event(
    "governance:report:triaged",
    facts=("topic", "owner", "linked", "actor"),
    zh="举报分给了经办人。",
    en="The report was given to an owner.",
)
WORDS_OPENED: Final = declare_event(
    "governance:report:words-opened",
    facts=("actor",),
    zh="打开了举报的内容。",
    en="The words of a report were opened.",
)
ANSWERED: Final = declare_event(
    "governance:report:answered",
    facts=("outcome", "late", "actor", "round"),
    zh="举报已答复。",
    en="The report was answered.",
)
APPEALED: Final = declare_event(
    "governance:report:appealed",
    facts=("due",),
    zh="举报人不同意答复，要求复核一次。",
    en="The reporter disagrees and asks for one review.",
)
