"""Incidents: the list, and one from its discovery to its summary; papers and list are recorded first."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, TypeVar

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict

from liangming.clock import CHINA
from liangming.errors import Misuse
from liangming.governance import press
from liangming.governance.incident import account, counting, levels, needs, reporting, steps, texts
from liangming.governance.incident.paper import paper
from liangming.governance.incident.states import Asked, Basis, Incident
from liangming.governance.incident.steps import Description
from liangming.governance.incident.words import (
    ADVICES,
    BODIES,
    CAUSES,
    CERTAINTIES,
    DO,
    HARMS,
    NATURES,
    OPERATORS,
    REMEDIES,
    STEPS,
    Advice,
    Body,
    Cause,
    Certainty,
    Harm,
    Nature,
    Operator,
    Remedy,
    Step,
)
from liangming.rights import RightsDesk
from liangming.scene.model import Operator as Company
from liangming.scene.model import Text
from liangming.web.cited import cited
from liangming.web.desk.signin import acting, answering, officer
from liangming.web.duty.companies import company_of
from liangming.web.duty.sending import choices, sent_of
from liangming.web.faults import FORM_UNFIT, NOT_FOUND
from liangming.web.house import House, house_of
from liangming.web.mydata import attached
from liangming.web.page import page
from liangming.web.static_files import address

E = TypeVar("E", Cause, Harm, Remedy, Advice)
PAGE: Final = 50
ACCOUNT: Final = 1500  # characters of the account on the page
BASES: Final = {
    Basis.READINGS: Text("从查看记录：谁的信息被打开过", "From readings: whose data were opened"),
    Basis.REGISTER: Text(
        "全部在册：数据库或备份外流", "The whole register: a database or backup got out"
    ),
}
_ARTICLES: Final = ("pipl.57", "courier.35", "netdata.11", "incident.annex")


async def listed(request: HttpRequest) -> HttpResponse:
    """All incidents and drills, newest first, and a form for another."""
    if not await answering(request):
        return HttpResponseRedirect("/desk/signin")
    operator, actor = await (acting if request.method == "POST" else officer)(request)
    house = house_of(request)
    operators = _operators(house, operator)
    if request.method == "POST":
        made = await steps.find(
            house.desk,
            _chosen(request.POST, operators),
            _nature(request.POST),
            actor,
            found_at=_moment(request.POST.get("found", "")),
            drill=request.POST.get("drill") == "yes",
        )
        return HttpResponseRedirect(f"/desk/incidents/{made.id}")
    found = await counting.listed(house.desk, operator)
    after = request.GET.get("after", "")
    ids = [each.id for each in found]
    begins = ids.index(after) + 1 if after in ids else 0
    shown = found[begins : begins + PAGE]
    context = {
        "incidents": [_line(each) for each in shown],
        "next": shown[-1].id if len(found) > begins + PAGE else "",
        "natures": [(each.value, text) for each, text in NATURES.items()],
        "operators": operators,
        "now": _local(house.premises.clock.now()),
        "articles": cited(house.premises.corpus, _ARTICLES, 4),
        "script": address("desk.js"),
        "duty_css": address("duty.css"),
    }
    return page(request, "duty/incidents.html", context)


async def one(request: HttpRequest, number: str) -> HttpResponse:
    """One incident, and what may be done about it now."""
    if not await answering(request):
        return HttpResponseRedirect("/desk/signin")
    operator, actor = await (acting if request.method == "POST" else officer)(request)
    house = house_of(request)
    incident = (await steps.held(house.desk, number, operator)).incident
    if request.method == "POST":
        do = request.POST.get("do", "")
        if do in {"paper-zh", "paper-en"}:
            return await _printed(house, number, actor, "zh" if do == "paper-zh" else "en")
        if do == "list":
            lines = [line async for line in account.listed(house.desk, number, actor)]
            return attached("".join(lines).encode(), f"{number}.csv", "text/csv")
        await _do(house, number, request.POST, actor)
        return HttpResponseRedirect(f"/desk/incidents/{number}")
    return page(request, "duty/incident.html", _context(house, incident))


def _context(house: House, incident: Incident) -> dict[str, Any]:
    desk, now = house.desk, house.premises.clock.now()
    company = company_of(house, incident.operator)
    bodies = needs.bodies(desk, incident)
    report, summary = levels.report_by(incident), levels.summary_by(incident)
    fields = [field.name for field in incident.scope.fields] if incident.scope is not None else []
    ended = incident.ended
    return {
        **_line(incident),
        "incident": incident,
        "ended": ended,
        "level": levels.LEVELS[levels.level(incident)],
        "report_by": report,
        "report_late": report is not None and report.late(now) and Body.PROVINCIAL not in incident.reports,
        "summary_by": summary,
        "gaps": needs.unfinished(desk, incident),
        "steps": [
            (each.value, text, incident.steps.get(each), DO.get(each, ""))
            for each, text in STEPS.items()
            if each is not Step.SCOPE
        ],
        "certainties": [
            (each.value, text, each is incident.certainty)
            for each, text in CERTAINTIES.items()
            if each is not Certainty.UNFOUNDED
        ],
        "kinds": [(each.value, text, each is incident.kind) for each, text in OPERATORS.items()],
        "lists": [
            ("causes", Text("原因", "Why"), _ticked(CAUSES, incident.causes)),
            ("harms", Text("可能的危害", "What it may do"), _ticked(HARMS, incident.harms)),
            ("remedies", Text("已采取的措施", "What was done"), _ticked(REMEDIES, incident.remedies)),
            ("advice", Text("个人可以做什么", "What people can do"), _ticked(ADVICES, incident.advice)),
        ],
        "bases": [(each.value, text) for each, text in BASES.items()],
        "scenes": [s.id for s in house.premises.scenes.values() if s.operator.id == incident.operator],
        "fields": [
            (texts.field_name(field.name), field.persons)
            for field in (incident.scope.fields if incident.scope is not None else ())
        ],
        "basis": BASES[incident.scope.asked.basis] if incident.scope is not None else None,
        "notice": texts.notice(incident, company, fields) if incident.scope is not None else [],
        "told": incident.people,
        "bodies": [(each.value, BODIES[each], incident.reports.get(each)) for each in bodies],
        "others": [(each.value, text) for each, text in BODIES.items() if each not in bodies],
        "besides": incident.besides,
        "handled": incident.handled_at,
        **choices(now),
        "summarise": incident.handled_at is not None and incident.summary is None and summary is not None,
        "since": _local(incident.found_at),
        "now": _local(now),
        "longest": ACCOUNT,
        "articles": cited(house.premises.corpus, _ARTICLES, 4),
        "script": address("desk.js"),
        "duty_css": address("duty.css"),
    }  # fmt: skip


async def _do(house: House, number: str, form: QueryDict, actor: str) -> None:
    """One deed.

    Raises:
        Misuse: ``web.form-unfit``, or what the use case says.
    """
    do = form.get("do", "")
    try:
        if not (
            await _looked_into(house.desk, number, form, actor)
            if do in {"describe", "step", "scope", "account"}
            else await _brought_to_an_end(house.desk, number, form, actor)
        ):
            raise Misuse(FORM_UNFIT)
    except ValueError:
        raise Misuse(FORM_UNFIT) from None


async def _looked_into(desk: RightsDesk, number: str, form: QueryDict, actor: str) -> bool:
    match form.get("do"):
        case "describe":
            await steps.describe(desk, number, _description(form), actor)
        case "step":
            which = Step(form.get("step", ""))
            await steps.step(desk, number, which, actor, reference=_reference(form))
        case "scope":
            await steps.scope(desk, number, _asked(form), actor)
        case _:
            await account.write(desk, number, form.get("account", "")[:ACCOUNT], actor)
    return True


async def _brought_to_an_end(desk: RightsDesk, number: str, form: QueryDict, actor: str) -> bool:
    match form.get("do"):
        case "tell":
            await steps.tell(desk, number, actor)
        case "spare" if form.get("why", "").strip():
            await steps.tell(desk, number, actor, spare=form["why"])
        case "report":
            body = Body(form.get("body", ""))
            await reporting.report(desk, number, body, sent_of(form, _now(desk)), actor)
        case "notified":
            await reporting.notified(desk, number, sent_of(form, _now(desk)), actor)
        case "handled":
            await steps.handled(desk, number, actor)
        case "summary":
            await reporting.summarise(desk, number, sent_of(form, _now(desk)), actor)
        case "unfounded":
            await steps.unfounded(desk, number, actor)
        case _:
            return False
    return True


def _now(desk: RightsDesk) -> datetime:
    return desk.premises.clock.now()


def _reference(form: QueryDict) -> str:
    return str(form.get("reference", "")).strip()


async def _printed(house: House, number: str, actor: str, tongue: press.Tongue) -> HttpResponse:
    incident, words = await account.opened(house.desk, number, actor)
    scenes = house.premises.scenes.values()
    places = {
        s.outlet.id: s.outlet.name
        for s in scenes
        if s.operator.id == incident.operator
        and (incident.scope is None or incident.scope.asked.scene in {"", s.id})
    }
    made = paper(
        incident,
        operator=company_of(house, incident.operator),
        places=list(places.values())[:50],
        bodies=(*needs.bodies(house.desk, incident), *_besides(house, incident)),
        account=words,
        corpus=house.premises.corpus,
        tongue=tongue,
        made_at=house.premises.clock.now(),
    )
    data = await sync_to_async(press.pdf, thread_sensitive=False)(made)
    return attached(data, f"{number}.{tongue}.pdf", "application/pdf")


def _besides(house: House, incident: Incident) -> list[Body]:
    needed = needs.bodies(house.desk, incident)
    return [body for body in incident.reports if body not in needed]


def _operators(house: House, operator: str) -> list[Company]:
    found = {s.operator.id: s.operator for s in house.premises.scenes.values()}
    return [each for each in found.values() if operator in {"", each.id}]


def _chosen(form: QueryDict, operators: list[Company]) -> str:
    ids = [each.id for each in operators]
    wanted = form.get("operator", ids[0] if len(ids) == 1 else "")
    if wanted not in ids:
        raise Misuse(NOT_FOUND)
    return str(wanted)


def _line(incident: Incident) -> dict[str, Any]:
    return {
        "id": incident.id,
        "nature": NATURES[incident.nature],
        "certainty": CERTAINTIES[incident.certainty],
        "found_at": incident.found_at,
        "drill": incident.drill,
        "over": incident.ended,
    }


def _ticked(words: dict[Any, Text], chosen: tuple[Any, ...]) -> list[tuple[str, Text, bool]]:
    return [(each.value, text, each in chosen) for each, text in words.items()]


def _nature(form: QueryDict) -> Nature:
    try:
        return Nature(form.get("nature", ""))
    except ValueError:
        raise Misuse(FORM_UNFIT) from None


def _description(form: QueryDict) -> Description:
    def some(name: str, kind: type[E]) -> tuple[E, ...]:
        return tuple(kind(value) for value in form.getlist(name))

    return Description(
        certainty=Certainty(form.get("certainty", "")),
        kind=Operator(form.get("kind", "ordinary")),
        causes=some("causes", Cause) or (Cause.UNKNOWN,),
        harms=some("harms", Harm),
        remedies=some("remedies", Remedy),
        advice=some("advice", Advice),
        serious=form.get("serious") == "yes",
        other_trigger=form.get("other") == "yes",
    )


def _asked(form: QueryDict) -> Asked:
    since, until = _moment(form.get("since", "")), _moment(form.get("until", ""))
    if since is None or until is None:
        raise Misuse(FORM_UNFIT)
    return Asked(
        basis=Basis(form.get("basis", "")),
        since=since,
        until=until,
        actor=form.get("actor", "").strip()[:64],
        scene=form.get("scene", "").strip()[:128],
    )


def _moment(text: str) -> datetime | None:
    """A time in China as a form writes it; None for nothing.

    Raises:
        Misuse: ``web.form-unfit``.
    """
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=CHINA)
    except ValueError:
        raise Misuse(FORM_UNFIT) from None


def _local(at: datetime) -> str:
    return f"{at.astimezone(CHINA):%Y-%m-%dT%H:%M}"
