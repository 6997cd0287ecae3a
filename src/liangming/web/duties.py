"""The duties board for staff: what is due, whose, by which article, what happens if it is late."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from liangming.governance import Duty, board, calendar
from liangming.governance.feed import MEDIA
from liangming.web.cited import cited
from liangming.web.desk.signin import answering, officer
from liangming.web.house import house_of
from liangming.web.language import speaks_english
from liangming.web.page import page
from liangming.web.static_files import address


async def duties(request: HttpRequest) -> HttpResponse:
    """The board."""
    if not await answering(request):
        return HttpResponseRedirect("/desk/signin")
    house = house_of(request)
    now = house.premises.clock.now()
    corpus = house.premises.corpus
    lines = [
        {
            "duty": duty,
            "late": duty.is_late(now),
            "leads": duty.do.startswith("/"),  # a page of ours, not a command
            "articles": cited(corpus, (duty.article,), 1),
        }
        for duty in await _board(request)
    ]
    late = [line for line in lines if line["late"]]
    context = {
        "late": late,
        "open": [line for line in lines if not line["late"]],
        "script": address("desk.js"),
    }
    return page(request, "desk/duties.html", context)


async def feed(request: HttpRequest) -> HttpResponse:
    """The board as a calendar file."""
    if not await answering(request):
        return HttpResponseRedirect("/desk/signin")
    now = house_of(request).premises.clock.now()
    data = calendar(await _board(request), now, english=speaks_english())
    answer = HttpResponse(data, content_type=MEDIA)
    answer.headers["Content-Disposition"] = 'attachment; filename="duties.ics"'
    return answer


async def _board(request: HttpRequest) -> list[Duty]:
    operator, _ = await officer(request)
    return await board(house_of(request).desk, operator=operator)
