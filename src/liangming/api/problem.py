"""Every error in one shape: RFC 9457 problem details with our codes, and nothing of the input."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from liangming.api import faults
from liangming.api.language import Language
from liangming.api.law import Citation, Citer
from liangming.api.reply import PROBLEM, Header, Reply, encode
from liangming.api.rest import counts
from liangming.errors import Code, Kind, LiangmingError

ABOUT: Final = "/v1/errors#"
_MOST: Final = 2_000  # kinds of refusals that are kept
OUTAGE_RETRY: Final = 5  # seconds, where an outage does not say itself

_STATUS: Final = {
    faults.NO_METHOD.name: 405,
    faults.BODY_TOO_SLOW.name: 408,
    faults.BODY_TOO_LARGE.name: 413,
    faults.MEDIA_TYPE.name: 415,
    faults.HEAD_TOO_LARGE.name: 431,
    faults.INTERNAL.name: 500,
    faults.KEY_FORM.name: 400,
    faults.KEY_NOT_HERE.name: 400,
    faults.BATCHES_BUSY.name: 503,
}


_STATUS_OF_KIND: Final = {
    Kind.MALFORMED: 400,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.ABSENT: 404,
    Kind.OUT_OF_ORDER: 409,
    Kind.INVALID: 422,
    Kind.REFUSED: 422,
    Kind.LIMITED: 429,
    Kind.OUTAGE: 503,
}


class Texts(msgspec.Struct, frozen=True):
    """The same sentence in Chinese (the source) and English."""

    zh: str
    en: str


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What went wrong, and what to do. Never contains anything that was sent.

    Attributes:
        type: where the code is explained.
        title: the kind of failure, in the language of the answer.
        code: stable for ever; branch on this.
        branch: misuse (change the call), refusal (evidence or law says no), outage (try again).
        detail: what happened and what to do, in the language of the answer.
        texts: the same in both languages.
        citations: the articles behind a refusal.
        field: where in the body, as a path of names and positions, e.g. ``evidence.number``.
        retry_after: seconds; also in the Retry-After header.
        incident: a number that your administrator finds in the log.
    """

    type: str
    title: str
    status: int
    code: str
    branch: Annotated[str, msgspec.Meta(examples=["misuse", "refusal", "outage"])]
    detail: str
    texts: Texts
    citations: tuple[Citation, ...] = ()
    field: str = ""
    retry_after: int | None = None
    incident: str = ""


def status_of(code: Code) -> int:
    """The HTTP status that signals a code."""
    special = _STATUS.get(code.name)
    return special if special is not None else _STATUS_OF_KIND[code.kind]


def problem(
    failure: LiangmingError, language: Language, citer: Citer, *, incident: str = ""
) -> Problem:
    """A failure as problem details."""
    code = failure.code
    status = status_of(code)
    return Problem(
        type=ABOUT + code.name,
        title=_TITLES[code.kind][language],
        status=status,
        code=code.name,
        branch=failure.branch,
        detail=code.zh if language == "zh" else code.en,
        texts=Texts(code.zh, code.en),
        citations=citer.cite(failure.citations, language),
        field=failure.field or "",
        retry_after=_retry_after(failure, status),
        incident=incident,
    )


def reply(
    failure: LiangmingError,
    language: Language,
    citer: Citer,
    *,
    incident: str = "",
    allow: tuple[str, ...] = (),
) -> Reply:
    """A failure as an answer, with the headers that belong to its status.

    Refusals are alike: nothing of the input stands in one. Each kind is spelled once.
    """
    if incident:
        return _spelled(failure, language, citer, incident, allow)
    kind = (
        failure.code.name,
        failure.branch,
        language,
        failure.citations,
        failure.field,
        failure.retry_after,
        allow,
    )
    told: tuple[int, bytes, tuple[Header, ...]] | None = citer.told.get(kind)
    if told is None:
        made = _spelled(failure, language, citer, incident, allow)
        if len(citer.told) >= _MOST:  # paths of fields count the places of a list
            citer.told.clear()
        told = citer.told[kind] = (made.status, made.body, made.headers)
    status, body, headers = told
    return Reply(status, body, PROBLEM, language, headers, spent=counts(failure.code))


def _spelled(
    failure: LiangmingError,
    language: Language,
    citer: Citer,
    incident: str,
    allow: tuple[str, ...],
) -> Reply:
    told = problem(failure, language, citer, incident=incident)
    headers: list[Header] = []
    if told.retry_after is not None:
        headers.append((b"retry-after", str(told.retry_after).encode()))
    if allow:
        headers.append((b"allow", ", ".join(allow).encode()))
    if told.status == 401:  # noqa: PLR2004
        headers.append((b"www-authenticate", b'Bearer realm="liangming"'))
    if told.status in {408, 413}:
        headers.append((b"connection", b"close"))  # the rest of the body is not read
    return Reply(
        told.status, encode(told), PROBLEM, language, tuple(headers), spent=counts(failure.code)
    )


def _retry_after(failure: LiangmingError, status: int) -> int | None:
    if failure.retry_after is not None:
        return failure.retry_after
    if status == 429:  # noqa: PLR2004
        return 1
    return OUTAGE_RETRY if status == 503 else None  # noqa: PLR2004


_TITLES: Final[dict[Kind, dict[Language, str]]] = {
    Kind.MALFORMED: {"zh": "无法读取请求", "en": "The request cannot be read"},
    Kind.INVALID: {"zh": "请求内容不符合要求", "en": "The request does not fit"},
    Kind.OUT_OF_ORDER: {"zh": "现在还不能这样做", "en": "Not at this moment"},
    Kind.ABSENT: {"zh": "没有找到", "en": "Not found"},
    Kind.UNAUTHENTICATED: {"zh": "需要接口密钥", "en": "An API key is needed"},
    Kind.FORBIDDEN: {"zh": "没有权限", "en": "Not permitted"},
    Kind.LIMITED: {"zh": "超出限度", "en": "Over a limit"},
    Kind.REFUSED: {"zh": "依法或依凭据不能这样做", "en": "The law or the evidence says no"},
    Kind.OUTAGE: {"zh": "暂时无法完成", "en": "Not possible just now"},
}
