"""Processors and recipients: the list, one of them, and a form for another."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict

from liangming.clock import china_date
from liangming.errors import Misuse
from liangming.governance import parties
from liangming.governance.parties.states import ROLES, STAGES, Party
from liangming.governance.parties.steps import HOW, held
from liangming.scene import FIELDS
from liangming.scene.model import Text
from liangming.web.cited import cited
from liangming.web.desk.signin import acting, answering, officer
from liangming.web.faults import FORM_UNFIT, NOT_FOUND
from liangming.web.house import house_of
from liangming.web.page import page
from liangming.web.static_files import address

PAGE: Final = 50
LONGEST: Final = 150
HOWS: Final = {
    "returned": Text("已返还", "returned"),
    "deleted": Text("已删除", "deleted"),
}
_SHOWN: Final = (
    "document", "name", "organisation", "phone", "address", "booking", "payment", "pickup", "face",
)  # fmt: skip


async def listed(request: HttpRequest) -> HttpResponse:
    """Every party, newest first, and a form."""
    if not await answering(request):
        return HttpResponseRedirect("/desk/signin")
    operator, actor = await (acting if request.method == "POST" else officer)(request)
    house = house_of(request)
    operators = sorted({s.operator.id for s in house.premises.scenes.values()})
    if request.method == "POST":
        mine = operator or request.POST.get("operator", "")
        if mine not in operators:
            raise Misuse(NOT_FOUND)
        made = await parties.propose(house.desk, mine, _terms(request.POST), actor)
        return HttpResponseRedirect(f"/desk/parties/{made.id}")
    found = (await parties.listed(house.desk, operator))[::-1]
    after = request.GET.get("after", "")
    ids = [each.id for each in found]
    begins = ids.index(after) + 1 if after in ids else 0
    shown = found[begins : begins + PAGE]
    context = {
        "parties": [_line(each) for each in shown],
        "next": shown[-1].id if len(found) > begins + PAGE else "",
        "operators": [] if operator else operators,
        "roles": [(each.value, text) for each, text in ROLES.items()],
        "fields": [(name, FIELDS[name]) for name in _SHOWN],
        "today": china_date(house.premises.clock.now()).isoformat(),
        "longest": LONGEST,
        "articles": cited(house.premises.corpus, ("pipl.21", "pipl.23", "netdata.12"), 3),
        "script": address("desk.js"),
        "duty_css": address("duty.css"),
    }
    return page(request, "duty/parties.html", context)


async def one(request: HttpRequest, number: str) -> HttpResponse:
    """One party, and what may be done with it now."""
    if not await answering(request):
        return HttpResponseRedirect("/desk/signin")
    operator, actor = await (acting if request.method == "POST" else officer)(request)
    desk = house_of(request).desk
    _, party = await held(desk, number, operator)
    if request.method == "POST":
        match request.POST.get("do"):
            case "agree":
                await parties.agree(desk, number, actor, operator=operator)
            case "end":
                how = request.POST.get("how", "")
                await parties.end(desk, number, how, actor, operator=operator)
            case _:
                raise Misuse(FORM_UNFIT)
        return HttpResponseRedirect(f"/desk/parties/{number}")
    today = china_date(desk.premises.clock.now())
    context = {
        **_line(party),
        "party": party,
        "fields": [FIELDS[name] for name in party.terms.fields],
        "stands": party.stands(today),
        "proposed": party.stage is parties.Stage.PROPOSED,
        "ended": party.stage is parties.Stage.ENDED,
        "mine": party.proposed_by == actor,
        "hows": [(how, HOWS[how]) for how in HOW],
        "how": HOWS.get(party.how),
        "articles": cited(desk.premises.corpus, ("pipl.21", "netdata.12"), 2),
        "script": address("desk.js"),
        "duty_css": address("duty.css"),
    }
    return page(request, "duty/party.html", context)


def _line(party: Party) -> dict[str, Any]:
    return {
        "id": party.id,
        "terms": party.terms,
        "role": ROLES[party.terms.role],
        "stage": STAGES[party.stage],
    }


def _terms(form: QueryDict) -> parties.Terms:
    def text(name: str) -> str:
        return str(form.get(name, "")).strip()[: LONGEST + 50]

    try:
        return parties.Terms(
            code=text("code"),
            name=text("name"),
            contact=text("contact"),
            role=parties.Role(form.get("role", "")),
            purpose=text("purpose"),
            way=text("way"),
            fields=tuple(form.getlist("fields")),
            measures=text("measures"),
            contract=text("contract"),
            assessment=text("assessment"),
            since=date.fromisoformat(text("since")),
            until=date.fromisoformat(text("until")),
            subcontracts=form.get("subcontracts") == "yes",
        )
    except ValueError:
        raise Misuse(FORM_UNFIT) from None
