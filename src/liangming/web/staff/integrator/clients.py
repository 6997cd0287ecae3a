"""API clients: the list, a new one, its key shown once, rotation, the second person, an end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict

from liangming import access
from liangming.access import DEFAULT_SCOPES, RISKY, WHOLE_ONLY, Scope, Wish
from liangming.access.scopes import NAMES
from liangming.check.ports import Client
from liangming.errors import LiangmingError, Misuse
from liangming.scene.model import Text
from liangming.web.faults import FORM_UNFIT
from liangming.web.staff.integrator.hall import PAGE, Hall, moment

LIST: Final = "/staff/integrator/"
TERMS: Final = (30, 90, 180, 400)
OVERLAPS: Final = (
    ("0", Text("马上停用旧密钥", "stop the old key now")),
    ("24", Text("旧密钥再用 1 天", "the old key opens for 1 day more")),
    ("168", Text("旧密钥再用 7 天", "the old key opens for 7 days more")),
)
STANDING: Final = {
    "waits": Text("等另一个人同意", "waits for a second person"),
    "bare": Text("还没有密钥", "has no key yet"),
    "opens": Text("可用", "in use"),
    "over": Text("密钥已到期", "its key is over its term"),
    "revoked": Text("已停用", "revoked"),
}
ACTS: Final = {
    "access:client:asked": Text("登记", "put on file"),
    "access:client:agreed": Text("同意", "agreed"),
    "access:key:issued": Text("发放密钥", "key made"),
    "access:key:stopped": Text("停用旧密钥", "former key stopped"),
    "access:client:revoked": Text("停用", "revoked"),
}


def clients(request: HttpRequest) -> HttpResponse:
    """The clients of the member's operator, and a form for another."""
    hall = Hall(request)
    fault = None
    if request.method == "POST":
        try:
            return _made(hall)
        except LiangmingError as error:
            fault = error.code
    found = hall.run(access.listed(hall.premises, hall.operator))
    found.sort(key=lambda client: (client.revoked_at is not None, -client.created_at))
    try:
        number = max(0, min(int(request.GET.get("page", "0") or 0), len(found) // PAGE))
    except ValueError:
        number = 0
    scenes = [s for s in hall.premises.scenes.values() if s.operator.id == hall.operator]
    outlets = {scene.outlet.id: scene.outlet.name for scene in scenes}
    context = {
        "clients": [_line(hall, c) for c in found[number * PAGE : (number + 1) * PAGE]],
        "before": number - 1 if number else None,
        "after": number + 1 if (number + 1) * PAGE < len(found) else None,
        "scopes": [
            (scope.value, NAMES[scope], scope.value in DEFAULT_SCOPES, scope in RISKY)
            for scope in Scope
        ],
        "scenes": [(scene.id, scene.outlet.name) for scene in scenes],
        "outlets": sorted(outlets.items()),
        "terms": TERMS,
    }
    return hall.show("clients", context, fault=fault)


def client(request: HttpRequest, name: str) -> HttpResponse:
    """One client: how it stands, and what may be done with it."""
    hall = Hall(request)
    fault = None
    if request.method == "POST":
        try:
            return _done(hall, name, request.POST)
        except LiangmingError as error:
            fault = error.code
    found = _one(hall, name)
    line = _line(hall, found)
    context = {
        **line,
        "overlaps": OVERLAPS,
        "mine": found.asked_by == hall.actor,
        "acts": [
            (moment(act.at), None if act.actor == access.HOST else act.actor, ACTS[act.what])
            for act in hall.run(access.acts(hall.premises, name))
        ],
        "whole_only": sorted(scope.value for scope in WHOLE_ONLY),
    }
    return hall.show("client", context, fault=fault)


def _made(hall: Hall) -> HttpResponse:
    hall.trained()
    form = hall.request.POST
    days = form.get("days", "")
    wish = Wish(
        operator=hall.operator,
        name=form.get("name", ""),
        scopes=tuple(form.getlist("scope")),
        scenes=tuple(form.getlist("scene")),
        outlets=tuple(form.getlist("outlet")),
        days=int(days) if days.isdecimal() and int(days) in TERMS else -1,
    )
    made = hall.run(access.ask(hall.premises, wish, actor=hall.actor))
    if made.waits:
        return HttpResponseRedirect(f"{LIST}clients/{made.id}")
    return _key(hall, made.id, timedelta(0))


def _done(hall: Hall, name: str, form: QueryDict) -> HttpResponse:
    """One deed.

    Raises:
        Misuse: ``web.form-unfit``, or what the use case says.
    """
    who: dict[str, Any] = {"operator": hall.operator, "actor": hall.actor}
    if form.get("do") in {"issue", "agree"}:
        hall.trained()
    match form.get("do"):
        case "issue":
            hours = form.get("overlap", "0")
            if hours not in dict(OVERLAPS):
                raise Misuse(FORM_UNFIT)
            return _key(hall, name, timedelta(hours=int(hours)))
        case "agree":
            hall.run(access.agree(hall.premises, name, **who))
        case "stop":
            hall.run(access.stop_former(hall.premises, name, **who))
        case "revoke":
            hall.run(access.revoke(hall.premises, name, **who))
            return HttpResponseRedirect(LIST)
        case _:
            raise Misuse(FORM_UNFIT)
    return HttpResponseRedirect(f"{LIST}clients/{name}")


def _key(hall: Hall, name: str, overlap: timedelta) -> HttpResponse:
    key = hall.run(
        access.issue(hall.premises, name, actor=hall.actor, operator=hall.operator, overlap=overlap)
    )
    found = _one(hall, name)
    return hall.show("key", {"key": key, **_line(hall, found)})


def _one(hall: Hall, name: str) -> Client:
    return hall.run(access.one(hall.premises, name, hall.operator))


def _line(hall: Hall, found: Client) -> dict[str, Any]:
    word = "bare"
    if found.revoked_at is not None:
        word = "revoked"
    elif found.waits:
        word = "waits"
    elif found.digest:
        word = "opens" if found.opens(hall.now) else "over"
    return {
        "client": found,
        "word": word,
        "standing": STANDING[word],
        "rights": [(scope, NAMES[Scope(scope)], Scope(scope) in RISKY) for scope in found.scopes],
        "made": moment(found.created_at),
        "until": moment(found.expires_at),
        "former_until": moment(found.former_until if found.former else None),
        "used": moment(found.used_on),
    }
