"""What people ask, and what is due."""

from __future__ import annotations

from typing import Any, Final

from liangming.access import Scope
from liangming.api import duties, looks, requests
from liangming.api.operation import Operation
from liangming.check import faults as check
from liangming.check.ports import MOVED_ON
from liangming.method.limits import TOO_MANY_TRIES
from liangming.rights import faults as rights
from liangming.rights import looks as approvals

REQUESTS: Final = "requests"


def _request(**of: Any) -> Operation:
    of.setdefault("method", "POST")
    of.setdefault("gives", requests.RequestAnswer)
    return Operation(group=REQUESTS, scope=Scope.RIGHTS, **of)


OPERATIONS: Final[tuple[Operation, ...]] = (
    _request(
        path="/v1/checks/{id}/requests",
        id="askRight",
        zh="代本人提出权利请求；涉及登记信息的须同时给出登记时的证件。能当场办的当场办完。",
        en="A person asks; for registered data with the registered document. What can be done is done at once.",
        answer=requests.asked,
        body=requests.ASKING,
        status=201,
        codes=(
            check.UNKNOWN,
            rights.PROOF_NEEDED,
            rights.NOT_THE_SAME,
            rights.WORDS_NEEDED,
            rights.NO_CONSENT,
            rights.LEDGER_OUTAGE,
            TOO_MANY_TRIES,
            MOVED_ON,
        ),
        example={"right": "explain"},
        law=("pipl.45", "pipl.50"),
    ),
    _request(
        method="GET",
        path="/v1/checks/{id}/requests",
        id="listRequests",
        zh="凭同一回执提出的请求，从早到晚。",
        en="The requests made with one receipt, oldest first.",
        answer=requests.listed,
        gives=requests.RequestsAnswer,
        codes=(check.UNKNOWN,),
    ),
    Operation(
        method="GET",
        path="/v1/checks/{id}/consent-record",
        id="readConsentRecord",
        group=REQUESTS,
        zh="刷脸同意的记录（JSON-LD，DPV 用语，结构参照 ISO/IEC TS 27560），交给本人。",
        en="The record of the consent to a face (JSON-LD, DPV terms, after ISO/IEC TS 27560), for the person.",
        answer=requests.consent,
        scope=Scope.RIGHTS,
        media="application/ld+json",
        codes=(check.UNKNOWN, rights.NO_CONSENT),
        law=("pipl.29", "iso27560.record"),
    ),
    _request(
        method="GET",
        path="/v1/requests/{id}",
        id="readRequest",
        zh="读取一个请求的现状。",
        en="Read how a request stands.",
        answer=requests.read_one,
        codes=(rights.UNKNOWN,),
    ),
    _request(
        method="DELETE",
        path="/v1/requests/{id}",
        id="takeBackRequest",
        zh="本人撤销请求。",
        en="The person takes the request back.",
        answer=requests.taken_back,
        codes=(rights.UNKNOWN, rights.CLOSED, MOVED_ON),
    ),
    _request(
        path="/v1/requests/{id}/proof",
        id="proveRequester",
        zh="已核对监护、亲属或委托关系的证明。",
        en="The proof of guardianship, kinship or authority was seen.",
        answer=requests.proven,
        body=requests.NOTHING,
        codes=(rights.UNKNOWN, rights.CLOSED, MOVED_ON),
        example={},
        law=("pipl.31", "pipl.49"),
    ),
    _request(
        path="/v1/requests/{id}/fulfilment",
        id="fulfilRequest",
        zh="办理并答复：查阅、复制、删除、限制、撤回、解释。",
        en="Do what is asked and answer it.",
        answer=requests.fulfilled,
        body=requests.NOTHING,
        codes=(
            rights.UNKNOWN,
            rights.CLOSED,
            rights.AUTHORITY_FIRST,
            rights.NOT_BY_HAND,
            rights.NO_CONSENT,
            rights.LEDGER_OUTAGE,
            MOVED_ON,
        ),
        example={},
        law=("pipl.45", "pipl.47"),
    ),
    _request(
        path="/v1/requests/{id}/answer",
        id="answerComplaint",
        zh="答复投诉。",
        en="Answer a complaint.",
        answer=requests.answered,
        body=requests.RESULT,
        codes=(
            rights.UNKNOWN,
            rights.CLOSED,
            rights.AUTHORITY_FIRST,
            rights.NOT_BY_HAND,
            MOVED_ON,
        ),
        example={"result": "upheld"},
        law=("courier.29",),
    ),
    _request(
        path="/v1/requests/{id}/refusal",
        id="refuseRequest",
        zh="拒绝请求，理由只能从封闭的清单中选。",
        en="Refuse, for a reason from the closed list.",
        answer=requests.refused,
        body=requests.REFUSAL,
        codes=(rights.UNKNOWN, rights.CLOSED, MOVED_ON),
        example={"reason": "no-authority"},
        law=("pipl.50",),
    ),
    _request(
        path="/v1/requests/{id}/appeal",
        id="appealRequest",
        zh="本人要求复核一次：换人，重新计时。",
        en="The person asks for one review: by somebody else, under a clock of its own.",
        answer=requests.appealed,
        body=requests.NOTHING,
        codes=(rights.UNKNOWN, rights.CLOSED, rights.APPEALED, MOVED_ON),
        example={},
    ),
    Operation(
        method="GET",
        path="/v1/duties",
        id="listDuties",
        group=REQUESTS,
        zh="义务看板：到期日、经办人、条文、逾期的后果，最先到期的在前。",
        en="The duties board: day, owner, article, what happens if late; the earliest due first.",
        answer=duties.listed,
        scope=Scope.RIGHTS,
        gives=duties.DutiesAnswer,
    ),
    Operation(
        method="GET",
        path="/v1/duties/calendar",
        id="dutiesCalendar",
        group=REQUESTS,
        zh="同上，iCalendar 日历。",
        en="The same as an iCalendar feed.",
        answer=duties.feed,
        scope=Scope.RIGHTS,
        media="text/calendar",
    ),
    Operation(
        method="GET",
        path="/v1/looks",
        id="listLooks",
        group=REQUESTS,
        zh="要另一个人批准的查看，从新到旧；没有登记的内容。",
        en="Looks at records that take a second person, newest first; nothing of the records.",
        answer=looks.listed,
        scope=Scope.RIGHTS,
        gives=looks.LooksAnswer,
        law=("pipl.51",),
    ),
    Operation(
        method="POST",
        path="/v1/looks/{id}/decision",
        id="decideLook",
        group=REQUESTS,
        zh="批准或不批准一次查看；请求的人自己不能批准。",
        en="Agree to a look, or decline it; never by whoever asked.",
        answer=looks.decided,
        scope=Scope.RIGHTS,
        body=looks.DECISION,
        gives=looks.LookAnswer,
        codes=(approvals.UNKNOWN, approvals.SAME_HANDS, MOVED_ON),
        example={"agreed": True},
        law=("pipl.51",),
    ),
)
