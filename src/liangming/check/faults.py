"""What can go wrong in a check; see ``errors`` for what a code is."""

from __future__ import annotations

from typing import Final

from liangming.errors import Code, Kind, declare

UNKNOWN: Final[Code] = declare(
    "check.unknown",
    Kind.ABSENT,
    zh="没有找到这次查验。",
    en="No such check.",
)
SCENE_UNKNOWN: Final[Code] = declare(
    "check.scene-unknown",
    Kind.ABSENT,
    zh="没有这个场景，或它没有通过合法性检查。",
    en="No such scene, or it did not pass the check of lawfulness.",
)
FINISHED: Final[Code] = declare(
    "check.finished",
    Kind.OUT_OF_ORDER,
    zh="这次查验已经结束；需要时请重新开始一次。",
    en="This check is finished; open a new one if needed.",
)
EXPIRED: Final[Code] = declare(
    "check.expired",
    Kind.OUT_OF_ORDER,
    zh="这次查验已超时，没有收集任何信息；请重新开始。",
    en="This check ran out of time and nothing was collected; please start again.",
)
NOTICE_FIRST: Final[Code] = declare(
    "check.notice-first",
    Kind.OUT_OF_ORDER,
    zh="要先告知，才能询问。",
    en="The notice comes before anything is asked.",
)
NOTICE_CHANGED: Final[Code] = declare(
    "check.notice-changed",
    Kind.OUT_OF_ORDER,
    zh="告知内容已更新，请先展示新的告知。",
    en="The notice has changed; please show the new one first.",
)
NOT_OFFERED: Final[Code] = declare(
    "check.method-not-offered",
    Kind.INVALID,
    zh="这次查验没有提供这种方式，请从列出的方式中选择。",
    en="This way is not offered in this check; please choose one that is listed.",
)
DECLINED_BEFORE: Final[Code] = declare(
    "check.declined-before",
    Kind.OUT_OF_ORDER,
    zh="已拒绝过的方式，本次不再询问；其他方式都可用。",
    en="A way that was declined is not asked again in this check; every other way is open.",
)
CHOOSE_FIRST: Final[Code] = declare(
    "check.choose-first",
    Kind.OUT_OF_ORDER,
    zh="请先由本人选择一种方式。",
    en="The person chooses a way first.",
)
EVIDENCE_UNFIT: Final[Code] = declare(
    "check.evidence-unfit",
    Kind.INVALID,
    zh="出示的内容与所选方式不符。",
    en="What was shown does not fit the chosen way.",
)
CONSENT_FIRST: Final[Code] = declare(
    "check.consent-first",
    Kind.OUT_OF_ORDER,
    zh="刷脸之前必须先取得单独同意。",
    en="Separate consent comes before the face.",
)
CONSENT_ONLY_FACE: Final[Code] = declare(
    "check.consent-only-for-face",
    Kind.OUT_OF_ORDER,
    zh="所选方式不需要单独同意。",
    en="The chosen way needs no separate consent.",
)
CAPTURE_BARRED: Final[Code] = declare(
    "check.capture-barred",
    Kind.REFUSED,
    zh="现在不能刷脸，请改用其他任何一种方式。",
    en="The face cannot be used now; please use any other way.",
)
NOT_REGISTERED: Final[Code] = declare(
    "check.not-registered",
    Kind.INVALID,
    zh="没有找到已有的登记，请改用出示证件的方式。",
    en="No earlier registration was found; please show a document instead.",
)
NAMES_UNCLEAR: Final[Code] = declare(
    "check.names-unclear",
    Kind.INVALID,
    zh="姓名需要人工比对，请由收寄员确认证件与运单是否一致。",
    en="The names need a person's eye: please confirm whether document and waybill agree.",
)
TYPE_UNCLEAR: Final[Code] = declare(
    "check.document-type-unclear",
    Kind.INVALID,
    zh="无法从号码判断证件类型，请选择证件类型。",
    en="The number does not tell its kind; please name the type of document.",
)
AGREE_MISSING: Final[Code] = declare(
    "check.comparison-missing",
    Kind.INVALID,
    zh="还没有核对证件与运单是否一致。",
    en="Document and waybill have not been compared yet.",
)
ORDER_UNKNOWN: Final[Code] = declare(
    "check.order-unknown",
    Kind.INVALID,
    zh="交接码对应的下单核验不存在或没有通过，请改用证件。",
    en="The order's check does not exist or did not pass; please use a document.",
)
REASON_NOT_LAWFUL: Final[Code] = declare(
    "check.reason-not-lawful",
    Kind.REFUSED,
    zh="这不是可以拒绝的理由。",
    en="This is not a lawful reason to refuse.",
)
NOT_PASSED: Final[Code] = declare(
    "check.not-passed",
    Kind.OUT_OF_ORDER,
    zh="查验通过后才能签发交接码。",
    en="A hand-over code is issued only after the check has passed.",
)
NOT_SENDING: Final[Code] = declare(
    "check.thing-does-not-fit",
    Kind.INVALID,
    zh="这个场景不办理这类业务。",
    en="This scene does not handle that.",
)
DATE_UNREADABLE: Final[Code] = declare(
    "check.date-unreadable",
    Kind.INVALID,
    zh="日期请写成 2030-01-31 的形式；长期有效写“长期”。",
    en="Write a date like 2030-01-31, or 长期 for one without end.",
)
OUTCOME_UNSIGNED: Final[Code] = declare(
    "check.face-outcome-unsigned",
    Kind.INVALID,
    zh="刷脸结果不是由本场景登记的设备为这次查验签发的，请改用其他方式。",
    en="This face outcome was not signed for this check by an enrolled device; use another way.",
)
FRAMES_KEPT: Final[Code] = declare(
    "check.face-frames-kept",
    Kind.REFUSED,
    zh="设备说它留下了画面，这个结果不被接受；请改用其他方式，并停用这台设备。",
    en="The device says that it kept frames, so its outcome is not taken; use another way, and "
    "take the device out of service.",
)
LIFE_UNFIT: Final[Code] = declare(
    "check.code-life-unfit",
    Kind.INVALID,
    zh="取件码的有效时间应在 1 分钟到 7 天之间。",
    en="A pick-up code is valid for one minute to seven days.",
)
DEVICE_UNKNOWN: Final[Code] = declare(
    "check.device-unknown",
    Kind.INVALID,
    zh="这台设备没有在本场景登记，或已停用；请改用其他任何一种方式。",
    en="This device is not enrolled here, or was disabled; please use any other way.",
)
NOTHING_REGISTERED: Final[Code] = declare(
    "check.nothing-registered",
    Kind.ABSENT,
    zh="这次查验没有登记信息，或登记信息已经删除。",
    en="Nothing was registered in this check, or it has been erased.",
)
ERASED: Final[Code] = declare(
    "check.erased",
    Kind.ABSENT,
    zh="这次查验的登记信息已经删除，它的存证条目谁也打不开了，也不能再继续。",
    en="What was registered in this check was erased; nobody can open its leaves again, and it"
    " cannot go on.",
)
LEAF_KEY_UNREADABLE: Final[Code] = declare(
    "check.leaf-key-unreadable",
    Kind.MALFORMED,
    zh="这次查验的存证钥匙读不出来，数据库可能损坏，或由更新的版本写入。",
    en="The leaf key of this check cannot be read: the database is damaged, or a newer release"
    " wrote it.",
)
