"""Sheets that two people sign: the register of processing and the self-check, as pages and as PDF."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from liangming.errors import LiangmingError, Misuse
from liangming.governance import board, processing, selfcheck
from liangming.governance.parties import Role
from liangming.governance.parties.states import ROLES
from liangming.governance.press import Paper, Tongue, pdf
from liangming.governance.processing import ADDITIONS
from liangming.governance.selfcheck.items import ANSWERS, Answer, items_for
from liangming.governance.selfcheck.steps import paper as check_paper
from liangming.governance.signed import SHEET_UNKNOWN, Sheet, sheets, sign
from liangming.scene import FIELDS
from liangming.scene.model import Text
from liangming.web.cited import cited
from liangming.web.desk.signin import acting, answering, officer
from liangming.web.faults import FORM_UNFIT, NOT_FOUND
from liangming.web.house import House, house_of
from liangming.web.language import speaks_english
from liangming.web.page import page
from liangming.web.static_files import address

_GROUNDS: Final = {
    "statutory-duty": Text("法定职责", "Statutory duty"),
    "contract": Text("合同所必需", "Contract"),
    "separate-consent": Text("单独同意", "Separate consent"),
}
_PAPERS: Final[dict[str, Callable[[Sheet, Tongue], Paper]]] = {
    processing.KIND: processing.paper,
    selfcheck.KIND: check_paper,
}


async def register(request: HttpRequest) -> HttpResponse:
    """The register of processing: what is known now, what was signed, and a new version."""
    if not await answering(request):
        return HttpResponseRedirect("/desk/signin")
    operator, actor = await (acting if request.method == "POST" else officer)(request)
    house = house_of(request)
    whose, others = _whose(house, operator, request)
    if request.method == "POST":
        form = request.POST
        try:
            match form.get("do"):
                case "draft":
                    added = {name: form.get(name, "") for name in ADDITIONS}
                    await processing.draft(house.desk, whose, added, by=actor)
                case "sign":
                    number = form.get("number", "")
                    await sign(house.desk, number, kind=processing.KIND, operator=whose, by=actor)
                case _:
                    raise Misuse(FORM_UNFIT)
        except LiangmingError as error:
            return await _register(request, house, whose, others, {"fault": error, "form": form})
        return HttpResponseRedirect(f"/desk/register?operator={whose}")
    return await _register(request, house, whose, others, {})


async def _register(
    request: HttpRequest, house: House, whose: str, others: list[str], more: dict[str, Any]
) -> HttpResponse:
    found = await sheets(house.desk, processing.KIND, whose)
    last = next((sheet for sheet in found if sheet.signed_at is not None), None)
    before = found[0].body["added"] if found else {}
    form = more.get("form", {})
    known = await processing.known(house.desk, whose)
    context = {
        **_common(house, whose, others, found, ("pipl.55", "pipl.56", "pipl.21")),
        "moved_on": last is not None and await processing.moved_on(house.desk, last),
        "entries": [
            {
                "scene": entry["scene"],
                "purpose": Text(entry["purpose"]["zh"], entry["purpose"]["en"]),
                "grounds": [_GROUNDS[ground] for ground in entry["grounds"]],
                "fields": [FIELDS[name] for name in entry["fields"]],
                "kept": [(FIELDS[k["field"]], k["days"], k["article"]) for k in entry["kept"]],
                "notices": entry["notices"],
                "devices": entry["devices"],
            }
            for entry in known["entries"]
        ],
        "parties": [
            {
                **each,
                "role": ROLES[Role(each["role"])],
                "fields": [FIELDS[n] for n in each["fields"]],
            }
            for each in known["parties"]
        ],
        "sources": known["sources"],
        "additions": [
            (name, words, form.get(name, before.get(name, ""))) for name, words in ADDITIONS.items()
        ],
        **more,
    }
    return page(request, "desk/register.html", context, status=422 if "fault" in more else 200)


async def self_check(request: HttpRequest) -> HttpResponse:
    """The self-check: items with live evidence, answers, and the second signature."""
    if not await answering(request):
        return HttpResponseRedirect("/desk/signin")
    operator, actor = await (acting if request.method == "POST" else officer)(request)
    house = house_of(request)
    whose, others = _whose(house, operator, request)
    if request.method == "POST":
        form = request.POST
        try:
            match form.get("do"):
                case "draft":
                    small = form.get("items") != "full"
                    answers = {
                        item.id: (form.get(f"a.{item.id}", ""), form.get(f"n.{item.id}", ""))
                        for item in items_for(small=small)
                    }
                    duties = await board(house.desk, operator=whose)
                    await selfcheck.put_forward(
                        house.desk, whose, duties, answers, small=small, by=actor
                    )
                case "sign":
                    number = form.get("number", "")
                    await selfcheck.sign(house.desk, number, operator=whose, by=actor)
                case _:
                    raise Misuse(FORM_UNFIT)
        except LiangmingError as error:
            return await _self_check(request, house, whose, others, {"fault": error, "form": form})
        return HttpResponseRedirect(f"/desk/selfcheck?operator={whose}")
    return await _self_check(request, house, whose, others, {})


async def _self_check(
    request: HttpRequest, house: House, whose: str, others: list[str], more: dict[str, Any]
) -> HttpResponse:
    duties = await board(house.desk, operator=whose)
    now = house.premises.clock.now()
    seen = selfcheck.look(house.premises, whose, duties, now)
    form = more.get("form", {})
    full = form.get("items", request.GET.get("items", "")) == "full"
    fault: LiangmingError | None = more.get("fault")
    items = []
    for number, item in enumerate(items_for(small=not full), 1):
        finding = seen.get(item.id)
        live = None if finding is None else finding.answer
        choices = [
            (answer.value, ANSWERS[answer])
            for answer in Answer
            if (item.may_skip or answer is not Answer.NOT_APPLICABLE)
            and (live is not Answer.NOT_COMPLIANT or answer is Answer.NOT_COMPLIANT)
        ]
        items.append(
            {
                "number": number,
                "item": item,
                "finding": finding,
                "choices": choices,
                "chosen": form.get(f"a.{item.id}", "" if live is None else live.value),
                "note": form.get(f"n.{item.id}", ""),
                "articles": cited(house.premises.corpus, (item.article,), 1),
                "wrong": fault is not None and fault.field == item.id,
            }
        )
    context = {
        **_common(
            house, whose, others, await sheets(house.desk, selfcheck.KIND, whose), ("pipl.54",)
        ),
        "items": items,
        "full": full,
        **more,
    }
    return page(request, "desk/selfcheck.html", context, status=422 if fault is not None else 200)


async def paper(request: HttpRequest, kind: str, number: str) -> HttpResponse:
    """A sheet as PDF, in the page's language."""
    if not await answering(request):
        return HttpResponseRedirect("/desk/signin")
    operator, _ = await officer(request)
    house = house_of(request)
    if kind not in _PAPERS:
        raise Misuse(NOT_FOUND)
    found = [s for one in _operators(house, operator) for s in await sheets(house.desk, kind, one)]
    sheet = next((each for each in found if each.id == number), None)
    if sheet is None:
        raise Misuse(SHEET_UNKNOWN)
    tongue: Tongue = "en" if speaks_english() else "zh"
    data = await sync_to_async(pdf, thread_sensitive=False)(_PAPERS[kind](sheet, tongue))
    answer = HttpResponse(data, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{kind}-{number}.pdf"'
    return answer


def _operators(house: House, operator: str) -> list[str]:
    every = sorted({scene.operator.id for scene in house.premises.scenes.values()})
    return [one for one in every if operator in {"", one}]


def _whose(house: House, operator: str, request: HttpRequest) -> tuple[str, list[str]]:
    """The operator in question, and the others that may be looked at (in the demo, all)."""
    mine = _operators(house, operator)
    wished = request.GET.get("operator", "")
    if not mine or (wished and wished not in mine):
        raise Misuse(NOT_FOUND)
    return wished or mine[0], mine


def _common(
    house: House, whose: str, others: list[str], found: list[Sheet], articles: tuple[str, ...]
) -> dict[str, Any]:
    return {
        "operator": whose,
        "operators": others if len(others) > 1 else [],
        "sheets": found[:20],
        "waiting": next((sheet for sheet in found[:1] if sheet.signed_at is None), None),
        "articles": cited(house.premises.corpus, articles),
        "script": address("desk.js"),
    }
