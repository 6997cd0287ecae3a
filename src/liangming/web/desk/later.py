"""The desk without a line: a page that the browser keeps, and the door where its entries come in.

While the line is down a worker in the browser answers with the page kept here: one field, the
ways that need no answer from elsewhere, the comparison. What the clerk confirms is sealed in the
page (``envelope``) and waits in the browser; nothing about a person is readable there. When the
line is back each entry is sent until it was answered; the same entry twice is one check.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from importlib import resources
from typing import Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse

from liangming.check import Opening
from liangming.check.later import Later, write_later
from liangming.check.open import begin
from liangming.check.states import Passed, Refused, State
from liangming.clock import from_micros, micros
from liangming.errors import LiangmingError, Misuse
from liangming.law.words import Method, RefusalReason
from liangming.scene.model import Scene, Text
from liangming.web.desk.envelope import ID, leave, opened, public
from liangming.web.desk.evidence import ASKED, evidence_of
from liangming.web.desk.sealed import Entry
from liangming.web.desk.signin import SHIFT_SECONDS, clerk, clerk_of, desk_scene
from liangming.web.faults import FORM_UNFIT, LATER_AFTER_SHIFT, TOO_LARGE
from liangming.web.house import House, house_of
from liangming.web.language import speaks_english
from liangming.web.outcomes import NEXT, REASONS, outcome
from liangming.web.page import STATUS, page
from liangming.web.static_files import address
from liangming.web.ways import NAMES

BY_EYE: Final = (
    Method.DOCUMENT_SEEN,
    Method.DOCUMENT_READ,
    Method.ORGANISATION,
    Method.REGISTERED_SENDER,
)
"""Ways that need no answer from elsewhere at that moment."""
_LONGEST: Final = 12 * 1024
_HOUR: Final = 3_600_000_000  # µs
_YEARS: Final = 10 * 366 * 24 * _HOUR


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """One entry as it arrives."""

    id: str
    sealed: str
    now: int  # ms, the desk's clock at this moment


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the desk is told of one entry; ``code`` where it was not written."""

    state: str = ""
    word: str = ""
    line: str = ""
    check: str = ""
    code: str = ""


def by_eye(house: House, scene: Scene) -> list[Method]:
    """The ways of a scene that go on without a line; none where nobody is asked for a document."""
    now = house.premises.clock.now()
    offers = begin(house.premises, Opening(scene=scene.id), now).state.about.offers
    return [offer.method for offer in offers if offer.method in BY_EYE]


def shell_address(house: House, scene: Scene) -> str:
    """Where the page to keep is; another address whenever it says anything else. Empty: none."""
    if not by_eye(house, scene):
        return ""
    until = _until(house)
    says = "/".join(
        (
            house.premises.notice(scene).digest,
            str(micros(until)),
            public(house),
            *(address(name) for name in ("liangming.css", "desk.js", "queue.js", "offline.js")),
            "en" if speaks_english() else "zh",
        )
    )
    return f"/desk/at/{scene.id}/offline?v={hashlib.sha256(says.encode()).hexdigest()[:16]}"


def _until(house: House) -> datetime:
    """A shift from the last full hour: the page is fetched again at most once an hour."""
    now = micros(house.premises.clock.now())
    return from_micros(now - now % _HOUR) + timedelta(seconds=SHIFT_SECONDS)


async def shell(request: HttpRequest, scene: str) -> HttpResponse:
    """The page that the browser keeps. It holds nothing about any person."""
    place = await desk_scene(request, scene)
    house = house_of(request)
    from liangming.web.desk.pages import types, why

    until = _until(house)
    context: dict[str, Any] = {
        "scene": place,
        "ways": [(m.value, NAMES[m], ASKED[m]) for m in by_eye(house, place)],
        "documents": types(place),
        "why_asked": why(house, place),
        "notice": house.premises.notice(place).digest,
        "until": until,
        "until_ms": micros(until) // 1000,
        "leave": leave(house, place.id, until),
        "public": public(house),
        "mismatch": REASONS[RefusalReason.MISMATCH],
        "mismatch_next": NEXT[RefusalReason.MISMATCH],
        "script": address("desk.js"),
        "queue": address("queue.js"),
        "offline": address("offline.js"),
    }
    return page(request, "desk/offline.html", context)


async def line(_request: HttpRequest) -> HttpResponse:
    """Whether there is a line."""
    return HttpResponse(status=204)


async def worker(_request: HttpRequest) -> HttpResponse:
    """The worker that answers while the line is down; its address must not change."""
    script = (resources.files("liangming.web") / "static" / "worker.js").read_bytes()
    answer = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


async def receive(request: HttpRequest) -> HttpResponse:
    """One entry comes in. Every answer is JSON; refusals carry their stable code."""
    house = house_of(request)
    check = ""
    try:
        later = await _received(request, house)
        check = later.check
        return _told(_answer(await write_later(house.premises, later)))
    except LiangmingError as error:
        side = error.code.en if speaks_english() else error.code.zh
        begun = bool(check) and await house.premises.store.check(check) is not None
        told = Answer(code=error.code.name, line=side, check=check if begun else "")
        return _told(told, status=STATUS[error.code.kind])


async def _received(request: HttpRequest, house: House) -> Later:
    await clerk(request)
    if len(request.body) > _LONGEST:
        raise Misuse(TOO_LARGE)
    try:
        sent = msgspec.json.decode(request.body, type=Sent)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise Misuse(FORM_UNFIT) from None
    if ID.fullmatch(sent.id) is None:
        raise Misuse(FORM_UNFIT)
    entered, until = opened(house, sent.id, sent.sealed)
    place = await desk_scene(request, entered.scene)
    at = house.premises.clock.now()
    if entered.way not in BY_EYE or not (_of_now(sent.now, at) and _of_now(entered.seen, at)):
        raise Misuse(FORM_UNFIT)
    entry = Entry(0, entered.text, entered.document, entered.expires)
    later = Later(
        chance=hmac.digest(house.key("desk-entry-id"), sent.id.encode(), "sha256")[:10],
        opening=Opening(scene=place.id, subject=entered.subject),
        method=entered.way,
        evidence=evidence_of(entered.way, entry, agrees=entered.agrees),
        notice=entered.notice,
        stated=from_micros(entered.seen * 1000),
        skew=at - from_micros(sent.now * 1000),
        number=entered.number,
        clerk=await clerk_of(request, place),
    )
    if later.seen > until:
        raise Misuse(LATER_AFTER_SHIFT)
    return later


def _of_now(millis: int, at: datetime) -> bool:
    """Whether a clock that says so may be meant at all."""
    return abs(micros(at) - millis * 1000) < _YEARS


def _answer(state: State) -> Answer:
    said = outcome(state)
    english = speaks_english()

    def side(text: Text) -> str:
        return text.en if english else text.zh

    settled = isinstance(state, (Passed, Refused))
    return Answer(
        state=said.shape if settled else "open",
        word=side(said.word),
        line=side(said.reason),
        check=state.about.id,
    )


def _told(answer: Answer, *, status: int = 200) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(answer), status=status, content_type="application/json")
