"""What this room leaves in the log, by tag. Facts are codes, ids and integers."""

from __future__ import annotations

from typing import Final

from liangming.ledger import declare_event

OPENED: Final = declare_event(
    "rights:request:opened",
    facts=("right", "requester", "link", "due", "article"),
    zh="收到一项权利请求，期限从此起算。",
    en="A person's request came in; its clock runs from here.",
)
PROVEN: Final = declare_event(
    "rights:request:proven",
    facts=("actor", "requester"),
    zh="核对了监护、亲属或委托关系的证明。",
    en="The proof of guardianship, kinship or authority was seen.",
)
ASSIGNED: Final = declare_event(
    "rights:request:assigned",
    facts=("actor", "owner"),
    zh="请求换了经办人。",
    en="The request was given to another owner.",
)
ANSWERED: Final = declare_event(
    "rights:request:answered",
    facts=("right", "result", "late", "actor", "erasure", "citations"),
    zh="请求已答复。",
    en="The request was answered.",
)
REFUSED: Final = declare_event(
    "rights:request:refused",
    facts=("right", "reason", "late", "actor", "citations"),
    zh="请求被拒绝，理由和去处已书面告知。",
    en="The request was refused; reason and remedy were told in writing.",
)
TAKEN_BACK: Final = declare_event(
    "rights:request:taken-back",
    facts=(),
    zh="本人撤销了请求。",
    en="The person took the request back.",
)
APPEALED: Final = declare_event(
    "rights:request:appealed",
    facts=("due",),
    zh="本人不同意答复，要求复核一次。",
    en="The person disagrees and asks for one review.",
)
WORDS_OPENED: Final = declare_event(
    "rights:words:opened",
    facts=("actor",),
    zh="打开了请求中写的文字。",
    en="The words of a request were opened.",
)
RESTRICTED: Final = declare_event(
    "rights:restriction:placed",
    facts=("why", "link"),
    zh="一份登记从此只存储、只保护。",
    en="A registration is stored only from here on.",
)
HELD: Final = declare_event(
    "rights:hold:placed",
    facts=("reason", "article", "until", "actor"),
    zh="一份登记依法保全，到期前不删除。",
    en="A registration is held by law and not erased before the stated day.",
)
LIFTED: Final = declare_event(
    "rights:hold:lifted",
    facts=("actor",),
    zh="保全结束。",
    en="A hold ended.",
)
REPLAYED: Final = declare_event(
    "rights:erasures:replayed",
    facts=("entries", "resurrected"),
    zh="恢复备份之后重做了删除；数字是被备份带回来的人数。",
    en="Erasures were done again after a restore; the number is of people the backup brought back.",
)
