"""Subscriptions: the list, a new one, its secret shown once, deliveries, a test, an end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict

from liangming.errors import LiangmingError, Misuse
from liangming.ids import is_id
from liangming.scene.model import Text
from liangming.storage import open_outbox
from liangming.web.faults import FORM_UNFIT
from liangming.web.staff.integrator.clients import OVERLAPS
from liangming.web.staff.integrator.hall import Hall, moment
from liangming.webhook import (
    EVENTS,
    Hook,
    Name,
    again,
    deliveries_of,
    end,
    find,
    hooks_of,
    pause,
    ping,
    resume,
    rotate,
    subscribe,
)
from liangming.webhook.deliveries import DELIVERY, Kept
from liangming.webhook.hooks import Held

LIST: Final = "/staff/integrator/webhooks/"
_PAGE: Final = 20
STANDING: Final = {
    "active": Text("投递中", "active"),
    "paused": Text("已暂停", "paused"),
}
PAUSED: Final = {
    "asked": Text("有人要求暂停", "somebody paused it"),
    "gone": Text("接收方答复 410：不再接收", "the receiver answered 410: gone"),
}
GOING: Final = {
    "waiting": Text("等待投递", "waiting"),
    "taken": Text("已收下", "taken"),
    "dead": Text("没有送到", "not delivered"),
}
WHY: Final = {
    "address": Text("地址在内部网络，不投递", "the address is private"),
    "name": Text("查不到这个域名", "the name cannot be looked up"),
    "connect": Text("连不上", "no connection"),
    "tls": Text("证书不可信", "the certificate is not trusted"),
    "slow": Text("10 秒内没有答复", "no answer within 10 seconds"),
    "garbled": Text("答复不是 HTTP", "the answer is not HTTP"),
}
PING: Final = Text("测试", "test")


def hooks(request: HttpRequest) -> HttpResponse:
    """The subscriptions of the member's operator, and a form for another."""
    hall = Hall(request)
    fault = None
    if request.method == "POST":
        try:
            return _made(hall)
        except LiangmingError as error:
            fault = error.code
    found = hall.run(hooks_of(hall.docket, hall.operator))
    scenes = [s for s in hall.premises.scenes.values() if s.operator.id == hall.operator]
    context = {
        "hooks": [_line(each) for each in found],
        "events": list(EVENTS.items()),
        "scenes": [(scene.id, scene.outlet.name) for scene in scenes],
    }
    return hall.show("hooks", context, fault=fault)


def hook(request: HttpRequest, name: str) -> HttpResponse:
    """One subscription and its deliveries."""
    hall = Hall(request)
    fault = None
    if request.method == "POST":
        try:
            return _done(hall, name, request.POST)
        except LiangmingError as error:
            fault = error.code
    held = hall.run(find(hall.docket, name, hall.operator))
    before = request.GET.get("before", "")
    before = before if is_id(DELIVERY, before) else ""
    found = hall.run(deliveries_of(hall.docket, name, before, _PAGE + 1))
    until = held.hook.former_until
    context = {
        **_line(held),
        "deliveries": [_delivery(each) for each in found[:_PAGE]],
        "further": found[_PAGE - 1].id if len(found) > _PAGE else "",
        "first": bool(before),
        "overlaps": OVERLAPS,
        "former_until": moment(until) if until > hall.now else None,
    }
    return hall.show("hook", context, fault=fault)


def _made(hall: Hall) -> HttpResponse:
    hall.trained()
    form = hall.request.POST
    try:
        events = tuple(Name(each) for each in form.getlist("event"))
    except ValueError:
        raise Misuse(FORM_UNFIT) from None
    wish = Hook(
        url=form.get("url", "").strip(),
        events=events,
        by=hall.actor,
        scenes=tuple(form.getlist("scene")),
    )
    held, secret = hall.run(
        subscribe(
            hall.premises,
            hall.docket,
            open_outbox(hall.premises.store),
            wish,
            networks=hall.house.networks,
            operator=hall.operator,
        )
    )
    return hall.show("secret", {**_line(held), "secret": secret})


def _done(hall: Hall, name: str, form: QueryDict) -> HttpResponse:
    who: dict[str, Any] = {"operator": hall.operator, "actor": hall.actor}
    premises, docket = hall.premises, hall.docket
    if form.get("do") not in {"pause", "end"}:
        hall.trained()
    match form.get("do"):
        case "ping":
            hall.run(ping(premises, docket, name, **who))
        case "pause":
            hall.run(pause(premises, docket, name, **who))
        case "resume":
            hall.run(resume(premises, docket, open_outbox(premises.store), name, **who))
        case "again":
            hall.run(again(premises, docket, form.get("delivery", ""), **who))
        case "rotate":
            hours = form.get("overlap", "0")
            if hours not in dict(OVERLAPS):
                raise Misuse(FORM_UNFIT)
            overlap = timedelta(hours=int(hours))
            secret = hall.run(rotate(premises, docket, name, overlap=overlap, **who))
            held = hall.run(find(docket, name, hall.operator))
            return hall.show("secret", {**_line(held), "secret": secret})
        case "end":
            hall.run(end(premises, docket, name, **who))
            return HttpResponseRedirect(LIST)
        case _:
            raise Misuse(FORM_UNFIT)
    return HttpResponseRedirect(f"{LIST}{name}")


def _line(held: Held) -> dict[str, Any]:
    return {
        "held": held,
        "hook": held.hook,
        "standing": STANDING[held.state],
        "why": PAUSED.get(held.hook.why),
        "told": [(name.value, EVENTS[name]) for name in held.hook.events],
        "made": moment(held.record.opened_at),
    }


def _delivery(each: Kept) -> dict[str, Any]:
    told = each.delivery
    return {
        "id": each.id,
        "state": each.state,
        "going": GOING[each.state],
        "message": told.message,
        "name": told.name.value,
        "words": EVENTS.get(told.name, PING),
        "at": moment(told.at),
        "next": moment(each.record.due_at),
        "data": sorted(told.data.items()),
        "attempts": [
            (moment(one.at), one.status, WHY.get(one.why), one.micros / 1000)
            for one in told.attempts
        ],
    }
