"""My data (我的信息): what is kept of me, and everything I may ask, from the receipt's code.

Looking stores nothing. A form that asks about registered data takes the registered document with it;
number and data live for one answer, which no cache keeps. No script, no cookie, no account.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from liangming.check.receipt import check_of, typed
from liangming.check.states import State
from liangming.clock import china_date
from liangming.consent import State as ConsentState
from liangming.errors import Misuse
from liangming.ids import RECEIPT, REQUEST, is_id
from liangming.law.words import Method
from liangming.method.documents import DocumentType
from liangming.method.documents.kinds import registry
from liangming.rights import Asking, Done, ask, take_back
from liangming.rights import states as requests
from liangming.rights.consent_record import MEDIA, consent_record
from liangming.rights.desk import held, requests_of
from liangming.rights.explain import Sentence
from liangming.rights.faults import UNKNOWN
from liangming.rights.handle import appeal
from liangming.rights.possession import ORGANISATION, registered
from liangming.rights.search import looks
from liangming.rights.stopping import stopped
from liangming.rights.withdrawal_certificate import certify, withdrawal_key
from liangming.rights.words import (
    ABOUT_REGISTER,
    ARTICLES,
    NAMES,
    REASONS,
    RESULTS,
    WITH_WORDS,
    Requester,
    Right,
    clock_of,
)
from liangming.scene.model import Text
from liangming.web.cited import Cited, cited
from liangming.web.duty.public import of_person
from liangming.web.faults import FORM_UNFIT, NOT_FOUND
from liangming.web.house import House, house_of
from liangming.web.language import speaks_english
from liangming.web.looks import told
from liangming.web.outcomes import kept_words
from liangming.web.page import page
from liangming.web.visit import state_of
from liangming.web.ways import NAMES as WAYS

LINES: Final = {
    Right.SEE: Text("登记了什么，一项一项看", "What is registered, item by item"),
    Right.COPY: Text("机器可读的文件，带走", "A file that programs can read, to take away"),
    Right.CORRECT: Text("姓名、单位名称写错了", "A name that is written wrong"),
    Right.ERASE: Text("销毁密钥，发给您证明", "The key is destroyed; you get a certificate"),
    Right.RESTRICT: Text("只存储，不作其他使用", "Stored only, used for nothing else"),
    Right.WITHDRAW: Text("立即停止，终端一并删除", "Stops at once; the device deletes too"),
    Right.EXPLAIN: Text("依据哪条，为什么这样", "Which article, and why so"),
    Right.COMPLAIN: Text("对这次办理有意见", "Something about this was not right"),
}
REQUESTERS: Final = {
    Requester.SELF: Text("本人", "Myself"),
    Requester.GUARDIAN: Text("监护人", "A guardian"),
    Requester.HEIR: Text("近亲属（本人已去世）", "A close relative of somebody who died"),
    Requester.AUTHORISED: Text("受本人委托", "With the person's authority"),
}
STANDING: Final = {
    "unproven": Text("等待到网点核对证明", "Waiting: show the proof at the outlet"),
    "open": Text("正在办理", "In hand"),
    "answered": Text("已答复", "Answered"),
    "refused": Text("未予办理", "Not granted"),
    "taken-back": Text("已撤销", "Taken back"),
}
FIELDS: Final = {
    "type": Text("证件种类", "Kind of document"),
    "number": Text("证件号码", "Document number"),
    "name": Text("姓名", "Name"),
    "organisation": Text("单位名称", "Organisation"),
    "representative-type": Text("经办人证件种类", "Representative's document"),
    "representative-number": Text("经办人证件号码", "Representative's number"),
}
PARTS: Final = {
    "asked": Text("为什么问", "Why it was asked"),
    "offered": Text("可以选的方式", "Ways that were open"),
    "withheld": Text("没有开放的方式", "Ways that were not"),
    "chosen": Text("您的选择", "Your choice"),
    "declined": Text("您没有使用的方式", "What you declined"),
    "ended": Text("结果", "Outcome"),
}
_ORGANISATION: Final = Text("单位（统一社会信用代码）", "Organisation (credit code)")


async def enter(request: HttpRequest) -> HttpResponse:
    """Enter the receipt's code."""
    if request.method == "POST":
        code = typed(request.POST.get("code", ""))
        if not is_id(RECEIPT, code):
            raise Misuse(NOT_FOUND)
        return HttpResponseRedirect(f"/my/{code}")
    return page(request, "mydata/enter.html", {})


async def overview(request: HttpRequest, code: str) -> HttpResponse:
    """What is kept, what may be asked, what was asked."""
    house, check, state = await _receipt(request, code)
    person = await registered(house.desk, check)
    consent = state.journey.consent
    rights = [
        (right, NAMES[right], LINES[right])
        for right in Right
        if right is not Right.WITHDRAW
        or (consent is not None and consent.state is ConsentState.GIVEN)
    ]
    context = {
        **_of(house, code, state),
        "kept": kept_words(state) if person is not None else Text(*_NOTHING),
        "keep_until": getattr(state, "keep_until", None) if person is not None else None,
        "rights": rights,
        "consented": consent is not None,
        "looks": told(await looks(house.desk, check), FIELDS),
        "requests": [_line(each) for each in await requests_of(house.desk, check)],
        "incidents": await of_person(house, person.person if person is not None else None),
    }
    return page(request, "mydata/overview.html", context)


async def right(request: HttpRequest, code: str, right: str) -> HttpResponse:
    """One right: its form, and what comes of it."""
    house, check, state = await _receipt(request, code)
    if right not in {each.value for each in Right}:
        raise Misuse(NOT_FOUND)
    wanted = Right(right)
    if request.method == "POST":
        done = await ask(house.desk, _asking(request, check, wanted))
        return _handed(request, house, code, done)
    person = await registered(house.desk, check) if wanted in ABOUT_REGISTER else None
    clock = house.premises.corpus.values[clock_of(wanted, state.about.kind)]
    since = clock.since(china_date(house.premises.clock.now()))
    context = {
        **_of(house, code, state),
        "right": wanted,
        "name": NAMES[wanted],
        "line": LINES[wanted],
        "about_register": person is not None,
        "nothing": wanted in ABOUT_REGISTER and person is None,
        "with_words": wanted in WITH_WORDS,
        "documents": _documents(),
        "requesters": list(REQUESTERS.items()),
        "days": since.value,
        "working": clock.unit == "working-days",
        "articles": cited(house.premises.corpus, (*ARTICLES[wanted], since.article), 4),
    }
    return page(request, "mydata/right.html", context)


async def standing(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """How one request stands; take it back, or ask for a review."""
    house, check, state = await _receipt(request, code)
    if not is_id(REQUEST, number):
        raise Misuse(UNKNOWN)
    asked = (await held(house.desk, number)).state
    if asked.about.check != check:
        raise Misuse(UNKNOWN)
    if request.method == "POST":
        deed = request.POST.get("do")
        if deed == "take-back":
            await take_back(house.desk, check, number)
        elif deed == "appeal":
            await appeal(house.desk, check, number)
        else:
            raise Misuse(FORM_UNFIT)
        return HttpResponseRedirect(f"/my/{code}/q/{number}")
    context = _standing(house, code, state, asked)
    consent = state.journey.consent
    if asked.about.right is Right.WITHDRAW and consent is not None:
        context["stopped"] = await stopped(house.desk, consent.id)
    return page(request, "mydata/request.html", context)


async def consent(request: HttpRequest, code: str) -> HttpResponse:
    """The record of the consent to a face, as a file."""
    house, check, _ = await _receipt(request, code)
    record = await consent_record(house.desk, check)
    data = msgspec.json.format(msgspec.json.encode(record), indent=2)
    return attached(data, f"{code}-consent-record.jsonld", MEDIA)


async def certificate(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """The signed certificate of an erasure or of a withdrawal, as a file."""
    house, check, state = await _receipt(request, code)
    if not is_id(REQUEST, number):
        raise Misuse(UNKNOWN)
    asked = (await held(house.desk, number)).state
    if asked.about.check != check:
        raise Misuse(UNKNOWN)
    if asked.about.right is Right.WITHDRAW and state.journey.consent is not None:
        found = await stopped(house.desk, state.journey.consent.id)
        if found is not None and found.commands:
            key = withdrawal_key(house.premises.keys.signing, house.desk.origin)
            text = certify(
                key,
                found,
                request=number,
                operator=asked.about.operator,
                at=house.premises.clock.now(),
            )
            return attached(text, f"{number}.withdrawal-certificate", _PLAIN)
    erased: str = getattr(asked, "certificate", "")
    if not erased:
        raise Misuse(UNKNOWN)
    return attached(erased.encode(), f"{number}.erasure-certificate", _PLAIN)


_PLAIN: Final = "text/plain; charset=utf-8"
_WAYS: Final = frozenset(method.value for method in Method)
_NOTHING: Final = ("没有保存您的身份信息", "Nothing about your identity is kept")


async def _receipt(request: HttpRequest, code: str) -> tuple[House, str, State]:
    house = house_of(request)
    check = check_of(house.premises.keys.token, code)
    return house, check, await state_of(house, check)


def _asking(request: HttpRequest, check: str, wanted: Right) -> Asking:
    form = request.POST
    try:
        requester = Requester(form.get("requester", Requester.SELF.value))
    except ValueError:
        raise Misuse(FORM_UNFIT) from None
    return Asking(
        check=check,
        right=wanted,
        requester=requester,
        document=form.get("document", ""),
        number=form.get("number", ""),
        words=form.get("words", ""),
    )


def _handed(request: HttpRequest, house: House, code: str, done: Done) -> HttpResponse:
    """What is handed out this once; everything else has an address."""
    about = done.state.about
    if done.copy is not None:
        data = msgspec.json.format(msgspec.json.encode(done.copy), indent=2)
        return attached(data, f"{about.id}.json", "application/json")
    if done.fields is None and not done.sentences:
        return HttpResponseRedirect(f"/my/{code}/q/{about.id}")
    corpus = house.premises.corpus
    every = tuple(citation for s in done.sentences for citation in s.citations)
    context = {
        "code": code,
        "name": NAMES[about.right],
        "request_id": about.id,
        "fields": [
            (FIELDS.get(name, Text(name, name)), shown(name, value))
            for name, value in (done.fields or {}).items()
        ],
        "said": [
            (PARTS[part], lines) for part in PARTS if (lines := _lines(house, done.sentences, part))
        ],
        "articles": cited(corpus, every),
    }
    return page(request, "mydata/handed.html", context)


def _lines(
    house: House, sentences: tuple[Sentence, ...], part: str
) -> list[tuple[str, Sentence, tuple[Cited, ...]]]:
    """The sentences of one part; what is said of several ways alike is said once."""
    lines: dict[str, tuple[list[Text], Sentence]] = {}
    for sentence in sentences:
        if sentence.part == part:
            names, _ = lines.setdefault(sentence.zh, ([], sentence))
            if sentence.word in _WAYS:
                names.append(WAYS[Method(sentence.word)])
    comma = ", " if speaks_english() else "、"
    return [
        (
            comma.join(name.en if speaks_english() else name.zh for name in names),
            sentence,
            cited(house.premises.corpus, sentence.citations, 3) if not names else (),
        )
        for names, sentence in lines.values()
    ]


def _standing(house: House, code: str, state: State, asked: requests.State) -> dict[str, Any]:
    corpus = house.premises.corpus
    words: Text | None = None
    articles: tuple[str, ...] = (asked.due.article,)
    if isinstance(asked, requests.Answered):
        words, articles = RESULTS[asked.result], asked.citations
    if isinstance(asked, requests.Refused):
        words, articles = REASONS[asked.reason], asked.citations
    closed = isinstance(asked, (requests.Answered, requests.Refused))
    return {
        **_of(house, code, state),
        **_line(asked),
        "words": words,
        "refused": isinstance(asked, requests.Refused),
        "certificate": bool(getattr(asked, "certificate", "")),
        "until": getattr(asked, "until", None),
        "due": asked.due,
        "last_day": asked.due.at,
        "unclosed": isinstance(asked, (requests.Open, requests.Unproven)),
        "reviewable": closed and asked.round == 1,
        "round": asked.round,
        "articles": cited(corpus, articles, 4),
        "remedies": cited(corpus, ("pipl.50", "pipl.65"), 2) if closed else (),
    }


def _of(house: House, code: str, state: State) -> dict[str, Any]:
    return {
        "code": code,
        "about": state.about,
        "scene": house.premises.scenes.get(state.about.scene),
    }


def _line(state: requests.State) -> dict[str, Any]:
    tag = requests.tag(state)
    return {
        "id": state.about.id,
        "name": NAMES[state.about.right],
        "asked_at": state.about.asked_at,
        "standing": STANDING[tag],
    }


def _documents() -> list[tuple[str, Text]]:
    known = [(kind.value, Text(f.zh, f.en)) for kind, f in registry.items()]
    return [*known, (ORGANISATION, _ORGANISATION)]


def shown(name: str, value: str) -> Text:
    """A registered value as people read it."""
    if name.endswith("type") and value in {kind.value for kind in DocumentType}:
        found = registry[DocumentType(value)]
        return Text(found.zh, found.en)
    return Text(value, value)


def attached(data: bytes, name: str, media: str) -> HttpResponse:
    """A file to save."""
    answer = HttpResponse(data, content_type=media)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
