"""Versions of notices for the officer: in force, drafted, compared, approved by a second account.

A form drafts; another account's button approves. What changes is shown word by word, in both
languages, before anybody can press it.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict

from liangming.clock import china_date
from liangming.errors import LiangmingError, Misuse
from liangming.governance import notices
from liangming.governance.notices.approve import used
from liangming.governance.notices.difference import difference
from liangming.governance.notices.faults import FAMILY_UNKNOWN
from liangming.governance.notices.states import Approved, Declined, Draft, State, begins
from liangming.notice import FACE, Change, ItemKind, Wording, families
from liangming.scene.model import Text
from liangming.web.cited import cited
from liangming.web.desk.signin import acting, answering, officer
from liangming.web.faults import FORM_UNFIT
from liangming.web.house import House, house_of
from liangming.web.page import page
from liangming.web.static_files import address

CHANGES: Final = {
    Change.FIRST: Text("首个版本", "The first version"),
    Change.WORDING: Text("只改文字，意思不变", "Wording only; the meaning stays"),
    Change.PURPOSE: Text("目的变了：此前的同意不再算数", "The purpose: consents from before count no more"),
    Change.METHOD: Text("方式变了：此前的同意不再算数", "The method: consents from before count no more"),
    Change.TYPE: Text("种类变了：此前的同意不再算数", "The type: consents from before count no more"),
}  # fmt: skip
ITEMS: Final = {
    ItemKind.WHO: Text("谁处理", "Who"),
    ItemKind.WHY: Text("目的", "Why"),
    ItemKind.WHAT: Text("收集什么", "What"),
    ItemKind.KEPT: Text("保存多久", "How long"),
    ItemKind.NEED: Text("必要性和影响", "Need and effect"),
    ItemKind.CHOICE: Text("可以选择", "Choice"),
    ItemKind.RIGHTS: Text("权利", "Rights"),
    ItemKind.COMPLAIN: Text("投诉", "Complaints"),
}
FAMILIES: Final = {
    FACE: Text("刷脸", "Face"),
    "parcel-send": Text("寄件", "Sending"),
    "parcel-letter": Text("寄信件", "Letters"),
    "parcel-collect": Text("取件", "Collecting"),
    "entrance": Text("入场", "Entrance"),
    "vending": Text("自动售货", "Vending"),
}
STANDING: Final = {
    "draft": Text("等待第二个人批准", "Waits for a second person"),
    "coming": Text("已批准，未到生效日", "Approved; its day has not come"),
    "in-force": Text("生效中", "In force"),
    "retired": Text("已停用", "Retired"),
    "declined": Text("没有批准", "Not approved"),
}


async def notices_page(request: HttpRequest) -> HttpResponse:
    """Every notice that the operator's scenes use."""
    if not await answering(request):
        return HttpResponseRedirect("/desk/signin")
    operator, _ = await officer(request)
    house = house_of(request)
    now = house.premises.clock.now()
    drafts = [s for s in await notices.listed(house.desk, operator) if isinstance(s, Draft)]
    lines = []
    for whose, family in used(house.premises, operator):
        edition = house.premises.shelf.edition(whose, family, now)
        wording = house.premises.shelf.wording(whose, family, now)
        mine = (whose, family)
        lines.append(
            {
                "operator": whose,
                "family": family,
                "name": FAMILIES.get(family, Text(family, family)),
                "version": "" if wording is None else f"{family}@{wording.version}",
                "since": None if edition is None else edition.since,
                "waiting": sum((d.operator, d.wording.family) == mine for d in drafts),
            }
        )
    context = {"notices": lines, "script": address("desk.js")}
    return page(request, "desk/notices.html", context)


async def notice_page(request: HttpRequest, family: str) -> HttpResponse:
    """One notice: what holds, what waits, and the form for a new version."""
    if not await answering(request):
        return HttpResponseRedirect("/desk/signin")
    operator, actor = await (acting if request.method == "POST" else officer)(request)
    house = house_of(request)
    whose = _whose(house, operator, family, request)
    if request.method != "POST":
        return await _page(request, house, whose, family, {})
    try:
        await _do(house, whose, family, request.POST, actor)
    except LiangmingError as error:
        form = {key: value for key, value in request.POST.items() if key.startswith(("zh.", "en."))}
        return await _page(request, house, whose, family, {"fault": error.code, "form": form})
    return HttpResponseRedirect(f"/desk/notices/{family}?operator={whose}")


def _whose(house: House, operator: str, family: str, request: HttpRequest) -> str:
    """The operator in question: one's own, or in the demo any."""
    found = [each for each, name in used(house.premises, operator) if name == family]
    wished = request.GET.get("operator", "")
    if not found or (wished and wished not in found):
        raise Misuse(FAMILY_UNKNOWN)
    return wished or found[0]


async def _do(house: House, operator: str, family: str, form: QueryDict, actor: str) -> None:
    """One deed.

    Raises:
        Misuse: ``web.form-unfit``, or what the use case says.
    """
    deed = form.get("do")
    if deed in {"approve", "decline"}:
        number = form.get("number", "")
        known = {state.id for state in await notices.listed(house.desk, operator, family)}
        if number not in known:
            raise Misuse(FORM_UNFIT)
        decide = notices.approve if deed == "approve" else notices.decline
        await decide(house.desk, number, by=actor)
        return
    try:
        change, since = Change(form.get("change", "")), date.fromisoformat(form.get("since", ""))
    except ValueError:
        raise Misuse(FORM_UNFIT) from None
    told: dict[str, Any] = {
        "operator": operator,
        "family": family,
        "change": change,
        "since": since,
        "by": actor,
    }
    match deed:
        case "draft":
            kinds = [kind.value for kind in ItemKind]
            zh = {kind: _line(form, f"zh.{kind}") for kind in kinds}
            en = {kind: _line(form, f"en.{kind}") for kind in kinds}
            await notices.draft(house.desk, zh=zh, en=en, **told)
        case "release":
            await notices.draft_release(house.desk, **told)
        case _:
            raise Misuse(FORM_UNFIT)


def _line(form: QueryDict, name: str) -> str:
    return " ".join(form.get(name, "").split())


async def _page(
    request: HttpRequest, house: House, operator: str, family: str, more: dict[str, Any]
) -> HttpResponse:
    now = house.premises.clock.now()
    shelf = house.premises.shelf
    current = shelf.wording(operator, family, now) or families()[family]
    states = await notices.listed(house.desk, operator, family)
    approved = any(isinstance(state, Approved) for state in states)
    form = more.get("form", {})
    context = {
        "operator": operator,
        "family": family,
        "name": FAMILIES.get(family, Text(family, family)),
        "current": current,
        "approved": approved,
        "drafts": [_draft(current, state) for state in states if isinstance(state, Draft)],
        "history": [_entry(house, state) for state in reversed(states)],
        "items": [
            (
                kind.value,
                ITEMS[kind],
                form.get(f"zh.{kind.value}", current.zh[kind.value]),
                form.get(f"en.{kind.value}", current.en[kind.value]),
            )
            for kind in ItemKind
        ],
        "changes": [
            (change.value, words)
            for change, words in CHANGES.items()
            if (change is Change.FIRST) is not approved
        ],
        "soonest": (china_date(now) + timedelta(days=1)).isoformat(),
        "articles": cited(house.premises.corpus, ("pipl.14", "pipl.17"), 2),
        "script": address("desk.js"),
        **more,
    }
    status = 422 if "fault" in more else 200
    return page(request, "desk/notice.html", context, status=status)


def _draft(current: Wording, state: Draft) -> dict[str, Any]:
    changed = [each for each in difference(current, state.wording) if not each.same]
    return {
        "state": state,
        "change": CHANGES[state.change],
        "changed": [(ITEMS[each.kind], each) for each in changed],
    }


def _entry(house: House, state: State) -> dict[str, Any]:
    match state:
        case Draft():
            standing = "draft"
        case Declined():
            standing = "declined"
        case Approved():
            now = house.premises.clock.now()
            shelf = house.premises.shelf
            holds = shelf.edition(state.operator, state.wording.family, now)
            if begins(state.since) > now:
                standing = "coming"
            else:
                standing = "in-force" if holds == state.edition else "retired"
    return {
        "state": state,
        "version": f"{state.wording.family}@{state.wording.version}",
        "standing": STANDING[standing],
        "by": getattr(state, "approved_by", ""),
        "approved_at": getattr(state, "approved_at", None),
    }
