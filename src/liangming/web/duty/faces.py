"""Stored faces: the count of each device, the filing, its package as a print."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from liangming.clock import china_date, from_micros
from liangming.device import faces as devices
from liangming.errors import Misuse
from liangming.governance import faces, press
from liangming.governance.filing import paper
from liangming.law.values import face_filing_persons
from liangming.web.cited import cited
from liangming.web.desk.signin import acting, answering, officer
from liangming.web.duty.companies import company_of
from liangming.web.duty.sending import choices, sent_of
from liangming.web.faults import NOT_FOUND
from liangming.web.house import House, house_of
from liangming.web.mydata import attached
from liangming.web.page import page
from liangming.web.static_files import address

SHOWN = 100


async def counted(request: HttpRequest) -> HttpResponse:
    """How many faces devices store, and what is to be filed."""
    if not await answering(request):
        return HttpResponseRedirect("/desk/signin")
    operator, actor = await (acting if request.method == "POST" else officer)(request)
    house = house_of(request)
    mine = _one(house, operator, request.GET.get("operator", ""))
    if request.method == "POST":
        sent = sent_of(request.POST, house.premises.clock.now())
        await faces.file(house.desk, mine, sent, actor)
        return HttpResponseRedirect(f"/desk/faces?operator={mine}")
    now = house.premises.clock.now()
    counts = sorted(await devices.stored(house.desk.docket, mine), key=lambda each: -each.persons)
    found = await faces.of(house.desk, mine)
    filing = found[1] if found is not None else None
    waits = filing is not None and filing.stage in faces.WAITING
    context = {
        "operator": mine,
        "operators": sorted({s.operator.id for s in house.premises.scenes.values()})
        if not operator
        else [],
        "company": company_of(house, mine),
        "total": sum(each.persons for each in counts),
        "counts": [(each.device, each.persons, from_micros(each.at)) for each in counts[:SHOWN]],
        "more": max(0, len(counts) - SHOWN),
        "threshold": face_filing_persons.at(china_date(now)),
        "filing": filing,
        "stage": faces.STAGES[filing.stage] if filing is not None else None,
        "waits": waits,
        **choices(now),
        "late": filing is not None and waits and filing.until.late(now),
        "articles": cited(house.premises.corpus, ("face.15",), 1),
        "script": address("desk.js"),
        "duty_css": address("duty.css"),
    }
    return page(request, "duty/faces.html", context)


async def printed(request: HttpRequest, tongue: str) -> HttpResponse:
    """The filing's package, filled with what is known."""
    if not await answering(request):
        return HttpResponseRedirect("/desk/signin")
    operator, _ = await officer(request)
    house = house_of(request)
    if tongue not in {"zh", "en"}:
        raise Misuse(NOT_FOUND)
    mine = _one(house, operator, request.GET.get("operator", ""))
    made = await paper(house.desk, mine, company_of(house, mine), "zh" if tongue == "zh" else "en")
    data = await sync_to_async(press.pdf, thread_sensitive=False)(made)
    return attached(data, f"face-filing.{tongue}.pdf", "application/pdf")


def _one(house: House, operator: str, wanted: str) -> str:
    known = sorted({scene.operator.id for scene in house.premises.scenes.values()})
    if operator:
        return operator
    if wanted and wanted not in known:
        raise Misuse(NOT_FOUND)
    return wanted or known[0]
