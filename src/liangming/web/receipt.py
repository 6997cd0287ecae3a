"""The receipt (回执): what was asked and why, what is kept until when, what comes next."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from liangming.check.states import (
    Abandoned,
    Expired,
    Passed,
    Refused,
    State,
)
from liangming.law.words import Method
from liangming.notice import compose
from liangming.scene.model import Text
from liangming.web.cited import cited
from liangming.web.house import house_of
from liangming.web.outcomes import GROUNDS, demanded, kept_words, outcome
from liangming.web.page import page
from liangming.web.qr import drawn
from liangming.web.visit import state_of
from liangming.web.ways import NAMES

FINISHED: Final = (Passed, Refused, Expired, Abandoned)


async def receipt(request: HttpRequest, check: str) -> HttpResponse:
    """One receipt; an unfinished check leads back to where it stands."""
    house = house_of(request)
    state = await state_of(house, check)
    over = house.premises.clock.now() >= state.about.expires_at
    if not isinstance(state, FINISHED) and not over:
        return HttpResponseRedirect(f"/c/{check}")
    scene = house.premises.scenes.get(state.about.scene)
    about = state.about
    corpus = house.premises.corpus
    own: tuple[str, ...] = getattr(state, "citations", ())
    context = {
        "scene": scene,
        "about": about,
        "check": check,
        "result": outcome(state),
        "asked": demanded(state),
        "grounds": [GROUNDS[g] for g in about.grounds if g in GROUNDS],
        "articles": cited(corpus, (*about.citations, *own), 6),
        "offered": [NAMES[o.method] for o in about.offers],
        "chosen": _names(state.journey.chosen),
        "declined": _names(state.journey.declined),
        "kept": kept_words(state),
        "keep_until": getattr(state, "keep_until", None),
        "notice": compose(scene) if scene is not None else None,
        "qr": drawn(check),
    }
    return page(request, "receipt.html", context)


def _names(methods: tuple[Method, ...]) -> list[Text]:
    return [NAMES[m] for m in dict.fromkeys(methods)]


def unfinished(state: State) -> bool:
    """Whether something can still happen."""
    return not isinstance(state, FINISHED)
