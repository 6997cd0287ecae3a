"""What can go wrong with an assessment, and what it leaves in the log."""

from __future__ import annotations

from typing import Final

from liangming.errors import Kind, declare
from liangming.ledger import declare_event

OPENED: Final = declare_event(
    "governance:assessment:opened",
    facts=("scene", "version", "form", "actor"),
    zh="开始了一次影响评估。",
    en="An impact assessment was begun.",
)
WRITTEN: Final = declare_event(
    "governance:assessment:written",
    facts=("scene", "digest", "actor"),
    zh="影响评估的内容有改动，此前的签名作废。",
    en="An impact assessment was written in; earlier signatures are void.",
)
SIGNED: Final = declare_event(
    "governance:assessment:signed",
    facts=("scene", "digest", "risk", "actor"),
    zh="一位批准人在影响评估上签了名。",
    en="One approver signed an impact assessment.",
)
APPROVED: Final = declare_event(
    "governance:assessment:approved",
    facts=("scene", "version", "digest", "risk", "first", "actor", "until"),
    zh="影响评估经两人批准，从此刻生效。",
    en="Two approved an impact assessment; it is in force from here on.",
)
ENDED: Final = declare_event(
    "governance:assessment:ended",
    facts=("scene", "why", "actor"),
    zh="影响评估不再有效；这个场景的刷脸同时停止。",
    en="An impact assessment ended; the face of its scene stopped with it.",
)

UNKNOWN: Final = declare(
    "governance.assessment-unknown",
    Kind.ABSENT,
    zh="没有这份影响评估。",
    en="There is no such assessment.",
)
NO_FACE: Final = declare(
    "governance.assessment-no-face",
    Kind.INVALID,
    zh="这个场景的文件里没有刷脸方式，不需要这份评估。",
    en="This scene's file offers no face; it needs no such assessment.",
)
INCOMPLETE: Final = declare(
    "governance.assessment-incomplete",
    Kind.OUT_OF_ORDER,
    zh="还有问题没有回答或没有写理由，写全以后才能签名。",
    en="Some questions have no answer or no reason yet; it can be signed when all have.",
)
BARRED: Final = declare(
    "governance.assessment-barred",
    Kind.REFUSED,
    zh="这份评估不能批准：有必须为“是”的问题答了“否”，或者风险为严重。请改做法，再评估。",
    en="This cannot be approved: a question that needs a yes was answered no, or the risk is severe."
    " Please change what is done, then assess again.",
)
SAME_PERSON: Final = declare(
    "governance.second-person",
    Kind.OUT_OF_ORDER,
    zh="第二个签名要由另一个账号作出。",
    en="The second signature has to be made by another account.",
)
CLOSED: Final = declare(
    "governance.assessment-closed",
    Kind.OUT_OF_ORDER,
    zh="这份评估已经批准或结束，不能再改；请开始新的版本。",
    en="This assessment is approved or ended and cannot be changed; please begin a new version.",
)
NOT_SMALL: Final = declare(
    "governance.not-small",
    Kind.REFUSED,
    zh="登记的人数已达到小型处理者的上限，不能用简表，请用完整的表。",
    en="So many persons are registered that this is no small processor; please use the full form.",
)
RATING_UNFIT: Final = declare(
    "governance.rating-unfit",
    Kind.INVALID,
    zh="等级从 1 到 4 里选，期限从 1 到 36 个月里选，问题和选项用给出的编号。",
    en="Ratings are 1 to 4, a term is 1 to 36 months, questions and choices are those given.",
)
