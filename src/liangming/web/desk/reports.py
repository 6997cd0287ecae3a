"""Reports on the staff's side: the list, and one report from triage to its answer.

Each button is one use case under the account that signed in; the words are opened by a button of
their own, and that is recorded first.
"""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict

from liangming.errors import Misuse
from liangming.governance import reports
from liangming.governance.reports.desk import LONGEST, answer_of
from liangming.governance.reports.faults import UNKNOWN
from liangming.governance.reports.states import Answered, Received, State, Taken
from liangming.governance.reports.words import OUTCOMES, TOPICS, Outcome, Topic
from liangming.ids import is_id
from liangming.rights import RightsDesk
from liangming.web.cited import cited
from liangming.web.desk.signin import acting, answering, officer
from liangming.web.faults import FORM_UNFIT
from liangming.web.house import house_of
from liangming.web.page import page
from liangming.web.report import STANDING
from liangming.web.static_files import address

PAGE: Final = 50
_ID: Final = "rpt"


async def reports_page(request: HttpRequest) -> HttpResponse:
    """All reports of the operator, in the order in which they came, a page at a time."""
    if not await answering(request):
        return HttpResponseRedirect("/desk/signin")
    operator, _ = await officer(request)
    house = house_of(request)
    after = request.GET.get("after", "")
    found = await reports.listed(house.desk, operator, after if is_id(_ID, after) else "", PAGE + 1)
    now = house.premises.clock.now()
    shown = found[:PAGE]
    context = {
        "reports": [_line(state, late=_late(state, now)) for state in shown],
        "next": shown[-1].about.id if len(found) > PAGE else "",
        "script": address("desk.js"),
    }
    return page(request, "desk/reports.html", context)


async def report_page(request: HttpRequest, number: str) -> HttpResponse:
    """One report, and what may be done with it now."""
    if not await answering(request):
        return HttpResponseRedirect("/desk/signin")
    operator, actor = await (acting if request.method == "POST" else officer)(request)
    desk = house_of(request).desk
    state = await _mine(desk, operator, number)
    if request.method != "POST":
        return await _page(request, state, {})
    if request.POST.get("do") == "words":
        said = await reports.read_words(desk, number, actor)
        state = await _mine(desk, operator, number)
        return await _page(request, state, {"words": said.words, "opened": True})
    await _do(desk, number, request.POST, actor)
    return HttpResponseRedirect(f"/desk/reports/{number}")


async def _mine(desk: RightsDesk, operator: str, number: str) -> State:
    state = (await reports.held(desk, number)).state
    if operator and state.about.operator != operator:
        raise Misuse(UNKNOWN)
    return state


async def _do(desk: RightsDesk, number: str, form: QueryDict, actor: str) -> None:
    """One deed.

    Raises:
        Misuse: ``web.form-unfit``, or what the use case says.
    """
    try:
        match form.get("do"):
            case "triage":
                await reports.triage(
                    desk,
                    number,
                    topic=Topic(form.get("topic", "")),
                    owner=form.get("owner", "").strip(),
                    actor=actor,
                    check=form.get("check", "")[:80],
                )
            case "answer":
                await reports.answer(
                    desk,
                    number,
                    outcome=Outcome(form.get("outcome", "")),
                    words=form.get("words", ""),
                    actor=actor,
                )
            case _:
                raise Misuse(FORM_UNFIT)
    except ValueError:
        raise Misuse(FORM_UNFIT) from None


def _late(state: State, now: Any) -> bool:
    match state:
        case Received():
            return bool(now >= state.triage_by)
        case Taken():
            return state.due.late(now)
        case Answered():
            return False


def _line(state: State, *, late: bool) -> dict[str, Any]:
    return {
        "id": state.about.id,
        "at": state.about.at,
        "topic": TOPICS[state.topic],
        "where": state.about.outlet or state.about.operator,
        "standing": STANDING[str(type(state).__struct_config__.tag)],
        "due": None if isinstance(state, Answered) else state.due.at,
        "late": late,
    }


async def _page(request: HttpRequest, state: State, more: dict[str, Any]) -> HttpResponse:
    house = house_of(request)
    closed = isinstance(state, Answered)
    now = house.premises.clock.now()
    context = {
        **_line(state, late=_late(state, now)),
        "about": state.about,
        "owner": getattr(state, "owner", "rights-desk"),
        "check": getattr(state, "check", ""),
        "review": state.round > 1,
        "unclosed": not closed,
        "taken": isinstance(state, Taken),
        "outcome": OUTCOMES[state.outcome] if isinstance(state, Answered) else None,
        "by": getattr(state, "by", ""),
        "reply": await answer_of(house.desk, state.about.id) if closed else "",
        "leak": state.topic is Topic.LEAK,
        "chosen": state.topic.value,
        "topics": [(topic.value, words) for topic, words in TOPICS.items()],
        "outcomes": [(outcome.value, words) for outcome, words in OUTCOMES.items()],
        "longest": LONGEST,
        "articles": cited(house.premises.corpus, (state.due.article, "netdata.20"), 2),
        "script": address("desk.js"),
    }
    return page(request, "desk/report.html", {**context, **more})
