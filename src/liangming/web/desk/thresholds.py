"""Thresholds by number, and who may see what: two short pages for the officer."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from liangming.errors import LiangmingError
from liangming.governance import thresholds as numbers
from liangming.governance.periodic import TASKS, done, due_of
from liangming.governance.thresholds import THRESHOLDS
from liangming.scene.model import Text
from liangming.web.cited import cited
from liangming.web.desk.signin import acting, answering, officer
from liangming.web.duty.sending import choices, sent_of
from liangming.web.house import House, house_of
from liangming.web.page import page
from liangming.web.static_files import address

MOST: Final = 2000


async def thresholds(request: HttpRequest) -> HttpResponse:
    """What is counted, what is reached, what is asked, and what nobody here can know."""
    if not await answering(request):
        return HttpResponseRedirect("/desk/signin")
    _, actor = await (acting if request.method == "POST" else officer)(request)
    house = house_of(request)
    fault = None
    if request.method == "POST":
        form = request.POST
        try:
            await numbers.answer(
                house.desk,
                form.get("threshold", ""),
                by=actor,
                sent=sent_of(form, house.premises.clock.now()),
            )
        except LiangmingError as error:
            fault = error
        else:
            return HttpResponseRedirect("/desk/thresholds")
    persons, standing = await numbers.look(house.desk)
    context = {
        "persons": persons,
        "fault": fault,
        "lines": [
            {
                "standing": each,
                "threshold": THRESHOLDS[each.threshold],
                "articles": cited(house.premises.corpus, (each.article,), 1),
                "grade": house.premises.corpus.articles[each.article].grade.value,
                "waits": each.crossing is not None and each.crossing.done_at is None,
            }
            for each in standing
        ],
        **choices(house.premises.clock.now()),
        "script": address("desk.js"),
    }
    return page(request, "desk/thresholds.html", context, status=422 if fault else 200)


async def access(request: HttpRequest) -> HttpResponse:
    """Accounts and keys that may see something, and that somebody looked them over."""
    if not await answering(request):
        return HttpResponseRedirect("/desk/signin")
    operator, actor = await (acting if request.method == "POST" else officer)(request)
    house = house_of(request)
    members = await sync_to_async(_members)(operator) if house.staffed else []
    keys = await _keys(house, operator)
    if request.method == "POST":
        seen = repr((sorted(m[:2] for m in members), sorted(k["id"] for k in keys)))
        mark = hashlib.sha256(seen.encode()).hexdigest()[:16]
        await done(
            house.premises,
            house.desk.docket,
            "access-review",
            actor=actor,
            reference=f"ACCESS-{mark}",
        )
        return HttpResponseRedirect("/desk/access")
    context = {
        "members": members,
        "keys": keys,
        "due": await due_of(house.premises, house.desk.docket, TASKS["access-review"]),
        "articles": cited(house.premises.corpus, ("pipl.51",), 1),
        "script": address("desk.js"),
    }
    return page(request, "desk/access.html", context)


async def _keys(house: House, operator: str) -> list[dict[str, Any]]:
    """Keys of clients that are not revoked."""
    clients = await house.premises.store.clients()
    return [
        {
            "id": client.id,
            "name": client.name,
            "scopes": sorted(str(scope) for scope in client.scopes),
        }
        for client in clients
        if client.revoked_at is None and operator in {"", client.operator}
    ][:MOST]


def _members(operator: str) -> list[tuple[str, str, Text, Any, list[Any]]]:
    """Sign-in name, role, its words, since when, and who had a hand in it last."""
    from liangming.web.staff.models import Deed, Member
    from liangming.web.staff.roles import DEEDS, NAMES, Role

    members: Any = Member.objects.filter(operator=operator, is_active=True).order_by("username")
    found: list[tuple[str, str, Text, Any, list[Any]]] = []
    for member in members[:MOST]:
        last = Deed.objects.filter(whom=member.username).order_by("-pk")[:3]
        deeds = [
            (deed.at, deed.by, DEEDS.get(deed.what, Text(deed.what, deed.what))) for deed in last
        ]
        name = NAMES[Role(member.role)]
        found.append((str(member.username), str(member.role), name, member.created_at, deeds))
    return found
