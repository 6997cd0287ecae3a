"""Looks that take a second person: asked from the search page, decided here, used once from here.

Who decides sees who asked, for what, under which case and why; never the record.
"""

from __future__ import annotations

from typing import Any, Final

from asgiref.sync import async_to_sync
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from liangming.errors import LiangmingError, Misuse
from liangming.rights import looks as rights
from liangming.rights.search import PURPOSES, SEARCH_UNFIT
from liangming.scene.model import Text
from liangming.vault import Purpose
from liangming.web.faults import FORM_UNFIT
from liangming.web.house import House, house_of
from liangming.web.looks import PURPOSE_NAMES
from liangming.web.page import STATUS
from liangming.web.staff.console.paging import paged
from liangming.web.staff.menu import only
from liangming.web.staff.roles import ANSWERS, DECIDES_LOOKS, Role
from liangming.web.staff.trained import must_be_trained

WHERE: Final = "/staff/console/looks/"
_MOST: Final = 1000
STATES: Final = {
    rights.ASKED: Text("等待另一个人", "waits for another person"),
    rights.APPROVED: Text("已批准，还没有用", "agreed, not used yet"),
    rights.DECLINED: Text("没有批准", "not agreed"),
    rights.USED: Text("已看过一次", "used once"),
    rights.LAPSED: Text("过了时间，作废", "lapsed"),
}


@login_required
def looks(request: HttpRequest) -> HttpResponse:
    """What waits, what may be used now, and what became of the others."""
    member: Any = only(request, DECIDES_LOOKS)
    house = house_of(request)
    fault, status = None, 200
    if request.method == "POST":
        try:
            must_be_trained(house, member)
            _done(request, house, member)
        except LiangmingError as error:
            fault, status = error.code, STATUS[error.code.kind]
        else:
            return HttpResponseRedirect(WHERE)
    now = house.premises.clock.now()
    found = async_to_sync(rights.listed)(house.desk, str(member.operator), _MOST)
    lines = [
        {
            "look": each,
            "purpose": PURPOSE_NAMES[each.purpose],
            "state": STATES[rights.standing(each, now)],
            "decide": each.waits(now) and each.actor != member.username,
            "use": each.opens(now) and each.actor == member.username,
        }
        for each in found
    ]
    lines.sort(key=lambda line: not (line["decide"] or line["use"]))
    context = {
        "fault": fault,
        "paged": paged(request, lines, {}),
        "searches": Role(member.role) in ANSWERS,
        "wanted": sorted(house.desk.approvals),
    }
    return TemplateResponse(request, "staff/console/looks.html", context, status=status)


def _done(request: HttpRequest, house: House, member: Any) -> None:
    """Ask, agree or decline.

    Raises:
        Misuse: ``web.form-unfit``, ``rights.search-unfit``, or what the use case says.
    """
    form = request.POST
    do, operator, actor = form.get("do", ""), str(member.operator), str(member.username)
    if do in {"agree", "decline"}:
        async_to_sync(rights.decide)(
            house.desk, form.get("look", ""), agreed=do == "agree", actor=actor, operator=operator
        )
        return
    if do != "ask":
        raise Misuse(FORM_UNFIT)
    only(request, ANSWERS)
    try:
        purpose = Purpose(form.get("purpose", ""))
    except ValueError:
        raise Misuse(SEARCH_UNFIT) from None
    if purpose not in PURPOSES:
        raise Misuse(SEARCH_UNFIT)
    asked = rights.Asked(
        operator=operator,
        check=form.get("check", ""),
        purpose=purpose,
        case=form.get("case", "").strip(),
        reason=form.get("reason", ""),
        whole=form.get("whole") == "yes",
        actor=actor,
    )
    async_to_sync(rights.request)(house.desk, asked)
