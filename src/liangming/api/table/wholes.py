"""Whole checks in one call, alone or many."""

from __future__ import annotations

from typing import Any, Final

from liangming.access import Scope
from liangming.api import faults, whole
from liangming.api.answers import CheckAnswer
from liangming.api.operation import Operation
from liangming.check import faults as check
from liangming.check.ports import CODE_USED, MOVED_ON

WHOLES: Final = "whole checks"
WHOLE_EXAMPLE: Final[dict[str, Any]] = {
    "scene": "shili-counter",
    "notice": "0" * 64,
    "method": "document.seen",
    "by": "spoken",
    "evidence": {
        "kind": "document",
        "document": "resident_card",
        "number": "11010519491231002X",
        "name": "样例",
        "waybill_name": "样例",
        "expires": "长期",
    },
}


OPERATIONS: Final[tuple[Operation, ...]] = (
    Operation(
        method="POST",
        path="/v1/checks:whole",
        id="wholeCheck",
        group=WHOLES,
        zh="一次提交一次完整的查验；与逐步办理经过同样的状态和规则。",
        en="One whole check in one call, through the same states and rules as step by step.",
        answer=whole.one,
        scope=Scope.CHECKS_WRITE,
        body=whole.WHOLE,
        gives=CheckAnswer,
        status=201,
        codes=(
            check.SCENE_UNKNOWN,
            check.NOT_SENDING,
            check.NOTICE_CHANGED,
            check.NOT_OFFERED,
            check.DECLINED_BEFORE,
            check.EVIDENCE_UNFIT,
            check.CONSENT_FIRST,
            CODE_USED,
            MOVED_ON,
        ),
        idempotent_by_key=True,
        example=WHOLE_EXAMPLE,
        law=("courier.23",),
    ),
    Operation(
        method="POST",
        path="/v1/checks:batch",
        id="batchChecks",
        group=WHOLES,
        zh="成批提交：NDJSON，每行一次完整的查验，逐行按序给出结果；一行有误只影响这一行。",
        en="A batch: NDJSON, one whole check a line, results in order; a bad line fails alone.",
        answer=whole.batch,
        scope=Scope.BATCH_WRITE,
        body=whole.WHOLE,
        gives=whole.BatchLine,
        media="application/x-ndjson",
        takes="application/x-ndjson",
        codes=(faults.BATCHES_BUSY,),
        example=WHOLE_EXAMPLE,
    ),
)
