"""The demo's pages: the incidents, each played on the real thing, step by step."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse

from liangming.errors import Misuse
from liangming.web.cited import cited
from liangming.web.faults import NOT_FOUND
from liangming.web.house import House, house_of
from liangming.web.page import page
from liangming.web.plays import STORIES, Play
from liangming.web.plays.people import card_number

_PLAYS: Final = {story.incident: (story, player) for story, player in STORIES}


def _demo(request: HttpRequest) -> House:
    house = house_of(request)
    if not house.demo:
        raise Misuse(NOT_FOUND)
    return house


async def incidents(request: HttpRequest) -> HttpResponse:
    """The list."""
    _demo(request)
    return page(request, "demo/incidents.html", {"stories": [story for story, _ in STORIES]})


async def play_page(request: HttpRequest, incident: str) -> HttpResponse:
    """One incident: what was reported, then what happens here, one step at a time.

    A POST plays the whole of it on the real use cases; the steps are then turned over one by one.
    """
    house = _demo(request)
    if incident not in _PLAYS:
        raise Misuse(NOT_FOUND)
    story, player = _PLAYS[incident]
    play: Play | None = None
    turned = 0
    if request.method == "POST":
        play = await player(house.premises)
        wanted = request.POST.get("turned", "")
        turned = (
            len(play.steps) if request.POST.get("all") or not wanted.isdecimal() else int(wanted)
        )
    steps = play.steps[:turned] if play is not None else ()
    context = {
        "story": story,
        "play": play,
        "steps": steps,
        "turned": turned + 1,
        "done": play is not None and turned >= len(play.steps),
        "articles": cited(house.premises.corpus, play.citations, 6) if play is not None else (),
        "scene": house.premises.scenes.get(story.scene),
        "locker": house.machine("locker") if incident == "N5" else "",
        "vending": house.machine("vending") if incident == "N6" else "",
        "numbers": [card_number() for _ in range(2)],
    }
    return page(request, "demo/play.html", context)
