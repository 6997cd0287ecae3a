"""A check, step by step."""

from __future__ import annotations

from typing import Any, Final

from liangming.access import Scope
from liangming.api import receipts, steps
from liangming.api.answers import CheckAnswer
from liangming.api.operation import Operation
from liangming.api.table.wholes import WHOLE_EXAMPLE
from liangming.check import faults as check
from liangming.check.ports import CODE_USED, MOVED_ON
from liangming.check.proofs import NOT_YET
from liangming.check.receipt.codes import ERASED, NO_CONSENT, NO_LOG
from liangming.consent import NOT_GIVEN, NOTICE_NOT_SHOWN, NOTICE_SUPERSEDED

CHECKS: Final = "checks"
_MOVES: Final = (check.FINISHED, check.EXPIRED, MOVED_ON)
_RECEIPT: Final = (check.UNKNOWN, ERASED, NOT_YET, NO_LOG)
_FREE: Final = (check.NOTICE_FIRST, *_MOVES)


def _step(**of: Any) -> Operation:
    of.setdefault("method", "POST")
    return Operation(group=CHECKS, scope=Scope.CHECKS_WRITE, gives=CheckAnswer, **of)


OPERATIONS: Final[tuple[Operation, ...]] = (
    _step(
        path="/v1/checks",
        id="openCheck",
        zh="打开一次查验：定下依据、要求和可选的方式，此时不询问任何信息。",
        en="Open a check: settles ground, demands and ways; asks nothing yet.",
        answer=steps.open_one,
        body=steps.OPENING,
        status=201,
        codes=(check.SCENE_UNKNOWN, check.NOT_SENDING),
        idempotent_by_key=True,
        example={"scene": "shili-counter", "subject": "self"},
        law=("courier.23",),
    ),
    Operation(
        method="GET",
        path="/v1/checks/{id}",
        id="readCheck",
        group=CHECKS,
        zh="读取一次查验的现状。",
        en="Read how a check stands.",
        answer=steps.read_one,
        scope=Scope.CHECKS_READ,
        gives=CheckAnswer,
        codes=(check.UNKNOWN,),
    ),
    Operation(
        method="GET",
        path="/v1/checks/{id}/receipt",
        id="readReceipt",
        group=CHECKS,
        zh="本人的回执：问了什么、依据、给过哪些方式、选了什么、保存到何时、找谁。",
        en="The person's receipt: what was asked and why, the ways, the choice, the terms, whom to turn to.",
        answer=receipts.read_receipt,
        scope=Scope.CHECKS_READ,
        gives=receipts.ReceiptAnswer,
        codes=(check.UNKNOWN,),
        law=("pipl.17",),
    ),
    Operation(
        method="GET",
        path="/v1/checks/{id}/receipt/file",
        id="readReceiptFile",
        group=CHECKS,
        zh="回执文件：每个事件的证明和当时的告知，离线可核验；请逐字节交给本人。",
        en="The receipt file: proofs and notices, verified offline; hand it on byte for byte.",
        answer=receipts.receipt_file,
        scope=Scope.CHECKS_READ,
        codes=_RECEIPT,
    ),
    Operation(
        method="GET",
        path="/v1/checks/{id}/receipt/consent",
        id="readConsentReceipt",
        group=CHECKS,
        zh="只含刷脸同意的回执文件。",
        en="The receipt file of the consent to a face alone.",
        answer=receipts.consent_file,
        scope=Scope.CHECKS_READ,
        codes=(*_RECEIPT, NO_CONSENT),
        law=("pipl.29",),
    ),
    _step(
        path="/v1/checks/{id}/notice",
        id="showNotice",
        zh="已向本人展示（或读出）告知；此后才可询问。",
        en="The notice was shown or read out; only then may anything be asked.",
        answer=steps.notice_shown,
        body=steps.NOTICE,
        codes=(check.UNKNOWN, check.NOTICE_CHANGED, *_MOVES),
        example={"language": "zh"},
        law=("pipl.17",),
    ),
    _step(
        path="/v1/checks/{id}/choice",
        id="choose",
        zh="本人选择一种方式；随时可以改选。",
        en="The person chooses a way; changing it later is free.",
        answer=steps.choose,
        body=steps.METHOD,
        codes=(check.UNKNOWN, check.NOT_OFFERED, check.DECLINED_BEFORE, *_FREE),
        example={"method": "document.seen", "by": "person"},
    ),
    _step(
        path="/v1/checks/{id}/declines",
        id="decline",
        zh="本人不使用某种方式：价格、先后、时间和结果都不变，本次不再询问。",
        en="The person declines a way: price, order, wait and outcome stay, it is not asked again.",
        answer=steps.decline,
        body=steps.METHOD,
        codes=(check.UNKNOWN, check.NOT_OFFERED, *_FREE),
        example={"method": "face", "by": "person"},
        law=("pipl.16",),
    ),
    _step(
        path="/v1/checks/{id}/help",
        id="giveHelp",
        zh="工作人员提供了协助。",
        en="Staff helped.",
        answer=steps.help_given,
        body=steps.HELP,
        codes=(check.UNKNOWN, *_MOVES),
        example={},
    ),
    _step(
        path="/v1/checks/{id}/face-notice",
        id="showFaceNotice",
        zh="选择刷脸之后，在设备上单独告知。",
        en="After the face was chosen: its own notice was shown on the device.",
        answer=steps.face_notice_shown,
        body=steps.FACE_NOTICE,
        codes=(check.UNKNOWN, check.CONSENT_ONLY_FACE, check.CAPTURE_BARRED, *_FREE),
        example={"device": "dev-1", "language": "zh"},
        law=("pipl.30", "face.5"),
    ),
    _step(
        path="/v1/checks/{id}/consent",
        id="giveConsent",
        zh="就刷脸给予单独同意；答复中的 nonce 供设备签名。",
        en="Separate consent to the face; the nonce in the answer is for the device to sign.",
        answer=steps.consent_given,
        body=steps.CONSENT,
        codes=(
            check.UNKNOWN,
            check.CONSENT_ONLY_FACE,
            check.CAPTURE_BARRED,
            NOTICE_NOT_SHOWN,
            NOTICE_SUPERSEDED,
            *_FREE,
        ),
        example={"device": "dev-1", "age": 30, "by_guardian": False},
        law=("pipl.29", "pipl.31"),
    ),
    _step(
        method="DELETE",
        path="/v1/checks/{id}/consent",
        id="withdrawConsent",
        zh="撤回刷脸的同意，与给予同样方便；回到其他方式。",
        en="Withdraw the consent to the face, as easily as it was given; back to the other ways.",
        answer=steps.consent_withdrawn,
        codes=(check.UNKNOWN, NOT_GIVEN, *_FREE),
        law=("pipl.15",),
    ),
    _step(
        path="/v1/checks/{id}/evidence",
        id="present",
        zh="出示所选方式的凭据：核对、判断、登记，一次写定。",
        en="Show the evidence for the chosen way: looked at, decided, registered, durable at once.",
        answer=steps.evidence_shown,
        body=steps.EVIDENCE,
        codes=(
            check.UNKNOWN,
            check.CHOOSE_FIRST,
            check.CONSENT_FIRST,
            check.EVIDENCE_UNFIT,
            check.TYPE_UNCLEAR,
            check.NAMES_UNCLEAR,
            check.AGREE_MISSING,
            check.NOT_REGISTERED,
            check.ORDER_UNKNOWN,
            CODE_USED,
            *_FREE,
        ),
        example={"evidence": WHOLE_EXAMPLE["evidence"]},
        law=("courier.23",),
    ),
    _step(
        path="/v1/checks/{id}/conclusion",
        id="conclude",
        zh="没有出示凭据而结束：本人离开，或告知后仍不出示（后者需要 desk 权限）。",
        en="End without evidence: the person left, or shows nothing after being told (scope desk).",
        answer=steps.conclude,
        body=steps.CONCLUSION,
        codes=(check.UNKNOWN, check.REASON_NOT_LAWFUL, *_FREE),
        example={"how": "walked-away"},
    ),
)
