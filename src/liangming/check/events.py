"""Everything that a check leaves behind, by tag (``room:subject:action``)."""

from __future__ import annotations

from typing import Final

from liangming.ledger import declare_event

OPENED: Final = declare_event(
    "check:check:opened",
    facts=(
        "scene",
        "operator",
        "outlet",
        "kind",
        "devices",
        "subject",
        "item",
        "sender",
        "grounds",
        "demands",
        "citations",
        "offered",
        "withheld",
        "notice",
    ),
    zh="打开了一次查验，并列出可选的方式。",
    en="A check was opened and its ways were listed.",
)
WRITTEN_LATER: Final = declare_event(
    "check:desk:written-later",
    facts=("seen", "skew", "number"),
    zh="柜台断线时已看证件、已核对，线路恢复后补录；时刻以柜台的时钟为准，并记下它差多少秒。",
    en="Seen and compared at a desk while the line was down, written when it was back; the moment "
    "is the desk's clock's, with the seconds it was off.",
)
NOTICE_SHOWN: Final = declare_event(
    "check:notice:shown",
    facts=("notice", "version", "language"),
    zh="在询问之前作了告知。",
    en="The notice was shown before anything was asked.",
)
CHOSEN: Final = declare_event(
    "check:method:chosen",
    facts=("method", "by", "position", "change"),
    zh="寄件人选择了一种方式。",
    en="The person chose a way.",
)
DECLINED: Final = declare_event(
    "check:method:declined",
    facts=("method", "by"),
    zh="寄件人不使用这种方式；本次不会再问。",
    en="The person declined a way; it is not asked again.",
)
HELPED: Final = declare_event(
    "check:staff:helped",
    facts=("by",),
    zh="工作人员提供了协助。",
    en="Staff helped.",
)
FACE_NOTICE_SHOWN: Final = declare_event(
    "check:face-notice:shown",
    facts=("notice", "version", "language", "device"),
    zh="就人脸信息作了单独告知。",
    en="The separate notice about the face was shown.",
)
CONSENT_GIVEN: Final = declare_event(
    "check:consent:given",
    facts=("consent", "purpose", "notice", "device", "guardian", "child"),
    zh="就刷脸给予了单独同意。",
    en="Separate consent to the face was given.",
)
CONSENT_WITHDRAWN: Final = declare_event(
    "check:consent:withdrawn",
    facts=("consent",),
    zh="撤回了刷脸的同意。",
    en="The consent to the face was withdrawn.",
)
PRESENTED: Final = declare_event(
    "check:evidence:presented",
    facts=(
        "method",
        "document",
        "returning",
        "result",
        "citations",
        "cautions",
        "frames_taken",
        "frames_kept",
        "pad_level",
    ),
    zh="出示了所选方式的凭据。",
    en="The evidence for the chosen way was shown.",
)
PASSED: Final = declare_event(
    "check:outcome:passed",
    facts=("method", "register", "grounds", "citations", "kept", "keep_until"),
    zh="查验通过。",
    en="The check passed.",
)
REFUSED: Final = declare_event(
    "check:outcome:refused",
    facts=("reason", "citations"),
    zh="依法不予收寄，并说明了理由。",
    en="Refused for a lawful reason, which was told.",
)
UNDETERMINED: Final = declare_event(
    "check:outcome:undetermined",
    facts=("why", "citations"),
    zh="暂时无法判定；不是通过，也不是拒绝。",
    en="Undetermined: neither passed nor refused.",
)
EXPIRED: Final = declare_event(
    "check:outcome:expired",
    facts=(),
    zh="查验超时结束，未收集任何信息。",
    en="The check ran out of time; nothing was collected.",
)
ABANDONED: Final = declare_event(
    "check:outcome:abandoned",
    facts=("by",),
    zh="寄件人不再继续，未收集任何信息。",
    en="The person did not go on; nothing was collected.",
)
CODE_ISSUED: Final = declare_event(
    "check:order-code:issued",
    facts=("expires",),
    zh="签发了交接码，柜台不必从头再查验。",
    en="A hand-over code was issued; the counter need not start from zero.",
)
ERASED: Final = declare_event(
    "check:register:erased",
    facts=("why", "actor"),
    zh="登记信息及其密钥已从数据库中删除。",
    en="The registered data and their key were deleted from the database.",
)
DISCLOSED: Final = declare_event(
    "check:register:opened",
    facts=("purpose", "case", "actor", "fields"),
    zh="为写明的目的查看了登记信息，并留下记录。",
    en="Registered data were opened for a stated purpose, and that was recorded.",
)
