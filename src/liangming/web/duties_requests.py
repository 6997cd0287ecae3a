"""One request on the staff's side: see the proof, read the words, do it, answer, refuse, hand on.

Each button is one use case under the account that signed in; what is handed out is shown once. The
person's words are opened only by a button of their own, and that is recorded first.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict

from liangming.errors import Misuse
from liangming.ids import REQUEST, is_id
from liangming.rights import Done, RightsDesk, carry_out, handle
from liangming.rights.desk import held
from liangming.rights.faults import UNKNOWN
from liangming.rights.handle import CORRECTABLE
from liangming.rights.states import Answered, Open, Refused, State, Unproven
from liangming.rights.states import tag as tag_of
from liangming.rights.words import BY_HAND, NAMES, REASONS, RESULTS, No, Result, Right
from liangming.web.cited import cited
from liangming.web.desk.signin import acting, answering, officer
from liangming.web.faults import FORM_UNFIT
from liangming.web.house import house_of
from liangming.web.mydata import FIELDS, REQUESTERS, STANDING, attached, shown
from liangming.web.page import page
from liangming.web.static_files import address

_ANSWERS: Final = {
    Result.UPHELD: RESULTS[Result.UPHELD],
    Result.NOT_UPHELD: RESULTS[Result.NOT_UPHELD],
}


async def request_page(request: HttpRequest, number: str) -> HttpResponse:
    """The request, and what may be done with it now."""
    if not await answering(request):
        return HttpResponseRedirect("/desk/signin")
    operator, actor = await (acting if request.method == "POST" else officer)(request)
    desk = house_of(request).desk
    if not is_id(REQUEST, number):
        raise Misuse(UNKNOWN)
    state = (await held(desk, number)).state
    if operator and state.about.operator != operator:
        raise Misuse(UNKNOWN)
    if request.method != "POST":
        return _page(request, state, {})
    if request.POST.get("do") == "words":
        words = await handle.read_words(desk, number, actor)
        return _page(request, (await held(desk, number)).state, {"words": words, "opened": True})
    done = await _do(desk, number, request.POST, actor)
    if done is not None and done.copy is not None:
        data = msgspec.json.format(msgspec.json.encode(done.copy), indent=2)
        return attached(data, f"{number}.json", "application/json")
    if done is not None and (done.fields or done.sentences):
        fields = [(FIELDS[name], shown(name, value)) for name, value in (done.fields or {}).items()]
        return _page(request, done.state, {"fields": fields, "sentences": done.sentences})
    return HttpResponseRedirect(f"/desk/requests/{number}")


async def _do(desk: RightsDesk, number: str, form: QueryDict, actor: str) -> Done | None:
    """One deed.

    Raises:
        Misuse: ``web.form-unfit``, or what the use case says.
    """
    try:
        match form.get("do"):
            case "prove":
                await handle.prove(desk, number, actor)
            case "carry":
                return await carry_out(desk, number, actor)
            case "answer":
                await handle.answer(desk, number, Result(form.get("result", "")), actor)
            case "correct":
                field, value = form.get("field", ""), form.get("value", "")
                await handle.correct(desk, number, field, value, actor)
            case "refuse":
                await handle.refuse(desk, number, No(form.get("reason", "")), actor)
            case "assign":
                await handle.assign(desk, number, form.get("owner", "").strip(), actor)
            case _:
                raise Misuse(FORM_UNFIT)
    except ValueError:
        raise Misuse(FORM_UNFIT) from None
    return None


def _page(request: HttpRequest, state: State, more: dict[str, Any]) -> HttpResponse:
    house = house_of(request)
    about = state.about
    scene = house.premises.scenes.get(about.scene)
    ended = isinstance(state, (Answered, Refused))
    words = RESULTS[state.result] if isinstance(state, Answered) else None
    if isinstance(state, Refused):
        words = REASONS[state.reason]
    context = {
        "scene": scene,
        "state": state,
        "about": about,
        "name": NAMES[about.right],
        "requester": REQUESTERS[about.requester],
        "standing": STANDING[tag_of(state)],
        "result": words,
        "late": not ended and state.due.late(house.premises.clock.now()),
        "unproven": isinstance(state, Unproven),
        "open": isinstance(state, Open),
        "unclosed": isinstance(state, (Unproven, Open)),
        "complaint": about.right is Right.COMPLAIN,
        "correction": about.right is Right.CORRECT,
        "written": about.right in BY_HAND,
        "answers": list(_ANSWERS.items()),
        "correctable": [(name, FIELDS[name]) for name in sorted(CORRECTABLE)],
        "reasons": list(REASONS.items()),
        "articles": cited(house.premises.corpus, (state.due.article,), 1),
        "script": address("desk.js"),
    }
    return page(request, "desk/request.html", {**context, **more})
