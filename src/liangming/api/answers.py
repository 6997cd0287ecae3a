"""What this door answers about checks, and how a state becomes such an answer.

Lists of words are open: a client treats a word it does not know as "something else", never as an
error. Times are RFC 3339 with China's offset.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final, assert_never

import msgspec

from liangming.api.language import Language
from liangming.api.law import Citation
from liangming.api.lobby import Lobby
from liangming.check.done import Done
from liangming.check.receipt import code_of, codes_of
from liangming.check.states import (
    Abandoned,
    Choosing,
    Chosen,
    Consented,
    Expired,
    Opened,
    Passed,
    Refused,
    State,
    Undetermined,
    tag,
)
from liangming.clock import rfc3339
from liangming.law.words import Ground, Method, RefusalReason


def open_words(words: Any, note: str) -> msgspec.Meta:
    """An open list of words: any text is valid, these are the words of today."""
    known = [str(word) for word in words]
    return msgspec.Meta(description=f"{note} Open list.", examples=known)


STATES: Final = (
    "opened",
    "choosing",
    "chosen",
    "consented",
    "undetermined",
    "passed",
    "refused",
    "expired",
    "abandoned",
)
OUTCOMES: Final = ("passed", "refused", "undetermined", "expired", "abandoned")

Time = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date-time"})]
StateWord = Annotated[str, open_words(STATES, "Where the check stands.")]
OutcomeWord = Annotated[str, open_words(OUTCOMES, "How it ended, or stands undetermined.")]
MethodWord = Annotated[str, open_words(Method, "A way to show who one is, or that one may.")]
GroundWord = Annotated[str, open_words(Ground, "Why this processing is lawful.")]
ReasonWord = Annotated[
    str, open_words(RefusalReason, "Why it was refused (a closed list of law) or is undetermined.")
]


class OfferAnswer(msgspec.Struct, frozen=True):
    """A way that is open now. Show all of them alike, in this order, none preselected."""

    method: MethodWord
    grounds: tuple[GroundWord, ...]
    citations: tuple[str, ...]


class WithheldAnswer(msgspec.Struct, frozen=True):
    """A way of the scene that is not open in this check, and why."""

    method: MethodWord
    why: str


class NextStep(msgspec.Struct, frozen=True):
    """A call that is possible now, by its operation id in the OpenAPI document."""

    operation: str
    method: str
    path: str


class Keeping(msgspec.Struct, frozen=True):
    """One field that is kept, for how long, and by which article."""

    field: str
    days: int
    article: str


class Kept(msgspec.Struct, frozen=True):
    """What is kept of the person after this check, and until when; nothing is the usual answer.

    ``register`` says what happened: *collected* now, *kept* from before, or *nothing*.
    """

    register: Annotated[str, open_words(("collected", "kept", "nothing"), "")]
    fields: tuple[Keeping, ...]
    until: Time | None


class FaceTerms(msgspec.Struct, frozen=True):
    """For the enrolled device: it may begin, and signs its outcome under this nonce."""

    device: str
    nonce: str


class CheckAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A check as it stands. Holds nothing about the person.

    Attributes:
        language: of all texts in this answer.
        outcome: None while the check is open.
        reason: of a refusal (closed list) or why it is undetermined.
        text: one sentence to show or read out.
        citations: the articles that say so.
        demands: what the operator must do, by name, e.g. ``retain_days``.
        offers: the ways still open, in the order to show them.
        next: the calls possible now.
        notice: digest of the notice in force; fetch its text at ``/v1/notices/{scene}``.
        notice_shown_at: None until it was shown; nothing may be asked before.
        face: only between consent and capture.
        receipt: the person's receipt, once there is an outcome.
    """

    id: str
    language: Language
    scene: str
    state: StateWord
    outcome: OutcomeWord | None
    reason: ReasonWord | None
    text: str
    citations: tuple[Citation, ...]
    grounds: tuple[GroundWord, ...]
    demands: dict[str, str]
    offers: tuple[OfferAnswer, ...]
    withheld: tuple[WithheldAnswer, ...]
    chosen: MethodWord | None
    declined: tuple[MethodWord, ...]
    next: tuple[NextStep, ...]
    notice: str
    notice_shown_at: Time | None
    face: FaceTerms | None
    kept: Kept | None
    receipt: str | None
    opened_at: Time
    expires_at: Time
    ended_at: Time | None


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What a state says, taken apart once."""

    outcome: str | None
    reason: str | None
    text: str
    citations: tuple[str, ...]
    grounds: tuple[str, ...]
    ended_at: datetime | None


def verdict(state: State, language: Language) -> Verdict:
    """Outcome, reason, sentence, articles and grounds of a state."""
    about = state.about
    outcome: str | None = None
    reason: str | None = None
    citations, grounds = about.citations, about.grounds
    at: datetime | None = None
    match state:
        case Passed():
            outcome, at = "passed", state.at
            citations, grounds = state.citations, state.grounds
        case Refused():
            outcome, at, reason = "refused", state.at, state.reason.value
            citations = state.citations
        case Undetermined():
            outcome, reason = "undetermined", state.why
            citations = state.citations
        case Expired():
            outcome, at = "expired", state.at
        case Abandoned():
            outcome, at = "abandoned", state.at
        case Opened() | Choosing() | Chosen() | Consented():
            pass
        case _:
            assert_never(state)
    return Verdict(
        outcome=outcome,
        reason=reason,
        text=_text(tag(state), reason, language),
        citations=citations,
        grounds=grounds,
        ended_at=at,
    )


def check_answer(lobby: Lobby, state: State, language: Language) -> CheckAnswer:
    """A state as this door tells it."""
    about, journey = state.about, state.journey
    said = verdict(state, language)
    is_over = said.ended_at is not None
    declined = journey.declined
    return CheckAnswer(
        id=about.id,
        language=language,
        scene=about.scene,
        state=tag(state),
        outcome=said.outcome,
        reason=said.reason,
        text=said.text,
        citations=lobby.citer.cite(said.citations, language),
        grounds=said.grounds,
        demands=about.demands,
        offers=()
        if is_over
        else tuple(
            OfferAnswer(offer.method.value, offer.grounds, offer.citations)
            for offer in about.offers
            if offer.method not in declined
        ),
        withheld=tuple(WithheldAnswer(w.method.value, w.why) for w in about.withheld),
        chosen=_chosen(state),
        declined=tuple(method.value for method in declined),
        next=_next(state),
        notice=about.notice,
        notice_shown_at=rfc3339(journey.notice.at) if journey.notice else None,
        face=FaceTerms(state.device, state.nonce) if isinstance(state, Consented) else None,
        kept=kept_of(lobby, state),
        receipt=receipt_of(lobby, about.id) if said.outcome else None,
        opened_at=rfc3339(about.opened_at),
        expires_at=rfc3339(about.expires_at),
        ended_at=rfc3339(said.ended_at) if said.ended_at else None,
    )


def _chosen(state: State) -> str | None:
    match state:
        case Chosen() | Passed():
            return state.method.value
        case Consented():
            return Method.FACE.value
        case _:
            return None


def receipt_of(lobby: Lobby, check_id: str) -> str:
    """Where the person finds the receipt of a check."""
    code = code_of(lobby.premises.keys.token, check_id)
    return lobby.settings.receipt.replace("{code}", code)


def receipts_of(lobby: Lobby, checks: Sequence[Done]) -> list[bytes]:
    """As :func:`receipt_of`, of many at once, as bytes of a text."""
    page = lobby.settings.receipt
    codes = codes_of(lobby.premises.keys.token, [done.block for done in checks])
    if page.count("{code}") == 1:
        before, _, after = page.partition("{code}")
        return [f"{before}{code}{after}".encode() for code in codes]
    return [page.replace("{code}", code).encode() for code in codes]


def kept_of(lobby: Lobby, state: State) -> Kept | None:
    """What is kept of the person after this check; None unless it passed."""
    if not isinstance(state, Passed):
        return None
    if state.keep_until is None:
        return Kept(state.register, (), None)
    scene = lobby.premises.scenes.get(state.about.scene)
    fields = () if scene is None else tuple(k for k in scene.retention if k.field in state.fields)
    return Kept(
        state.register,
        tuple(Keeping(kept.field, kept.days, kept.article) for kept in fields),
        rfc3339(state.keep_until),
    )


def _next(state: State) -> tuple[NextStep, ...]:
    if isinstance(state, Refused | Expired | Abandoned):
        return (NextStep("openCheck", "POST", "/v1/checks"),)
    base = f"/v1/checks/{state.about.id}"
    return tuple(NextStep(name, *_at(name, base)) for name in _names(state))


def _names(state: State) -> tuple[str, ...]:
    match state:
        case Opened():
            return ("showNotice", "conclude")
        case Chosen() if state.method.is_face:
            told = state.journey.face_notice is not None
            return ("decline", "choose", "giveConsent" if told else "showFaceNotice", "conclude")
        case Chosen():
            return ("present", "choose", "decline", "conclude")
        case Consented():
            return ("withdrawConsent", "choose", "present", "conclude")
        case Passed():
            return ("issueOrderCode",) if state.register != "nothing" else ()
        case _:
            return ("choose", "decline", "conclude")


def _at(name: str, base: str) -> tuple[str, str]:
    method = "DELETE" if name == "withdrawConsent" else "POST"
    return method, base + _STEPS[name]


_STEPS: Final = {
    "showNotice": "/notice",
    "choose": "/choice",
    "decline": "/declines",
    "showFaceNotice": "/face-notice",
    "giveConsent": "/consent",
    "withdrawConsent": "/consent",
    "present": "/evidence",
    "conclude": "/conclusion",
    "issueOrderCode": "/order-code",
}
_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "opened": ("请先展示告知，再询问。", "Show the notice first, then ask."),
    "choosing": (
        "请本人任选一种方式，各种方式效力相同。",
        "Let the person choose any way; all count the same.",
    ),
    "chosen": ("请按所选方式出示。", "Please show what the chosen way needs."),
    "consented": (
        "已取得单独同意，设备可以开始；随时可以改用其他方式。",
        "Separate consent was given; the device may begin. Any other way stays open.",
    ),
    "undetermined": (
        "暂时无法判定：不是通过，也不是拒绝。请稍后再试或换一种方式。",
        "Undetermined: neither passed nor refused. Please try again shortly or use another way.",
    ),
    "passed": ("查验通过。", "The check passed."),
    "refused": ("依法不能办理。", "By law this cannot be done."),
    "expired": (
        "查验已超时，没有收集任何信息；请重新开始。",
        "The check ran out of time and nothing was collected; please start again.",
    ),
    "abandoned": (
        "已结束，没有收集任何信息。",
        "Ended; nothing was collected.",
    ),
}
_REASONS: Final[dict[str, tuple[str, str]]] = {
    RefusalReason.NO_DOCUMENT: (
        "依法寄件须出示有效身份证件；出示后可重新办理。",
        "By law a sender shows a valid identity document; show one and start again.",
    ),
    RefusalReason.MISMATCH: (
        "证件与运单上的寄件人不一致；更正运单后可重新办理。",
        "The document and the waybill's sender differ; correct the waybill and start again.",
    ),
    RefusalReason.UNTRUE: (
        "身份信息不实，依法不予收寄；可出示本人的有效证件重新办理。",
        "The identity given is untrue and may not be accepted. Show your own valid document.",
    ),
    RefusalReason.INVALID_DOCUMENT: (
        "证件无效、过期或不在可用范围；请换一种有效证件重新办理。",
        "The document is invalid, expired or not of an accepted kind; please use another one.",
    ),
    RefusalReason.NO_ENTITLEMENT: (
        "没有找到有效的取件码、票证或付款；请核对后重试，或找工作人员协助。",
        "No valid code, ticket or payment was found; please check it or ask the staff.",
    ),
    RefusalReason.NO_GUARDIAN: (
        "未满十四周岁须由监护人在场或同意；也可使用其他方式。",
        "Under fourteen a guardian must be present or consent; other ways are open too.",
    ),
}


def _text(state: str, reason: str | None, language: Language) -> str:
    pair = _REASONS.get(reason or "") or _TEXTS[state]
    return pair[0] if language == "zh" else pair[1]
