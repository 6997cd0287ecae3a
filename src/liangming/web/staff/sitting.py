"""Who sits there: a staff session, looked at each time, so that ending it ends the desk."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpRequest

from liangming.web.house import house_of
from liangming.web.staff.lock import locked, seen


@dataclass(frozen=True, slots=True)
class Sitting:
    """A signed-in member.

    Attributes:
        username: as it stands in records of what was answered.
        operator: whose scenes and requests are seen.
        role: as it stands in the account.
        at_the_desk: opens the clerk's desk.
        answers: handles requests and duties.
        locked: stood unused; opens nothing before a new proof.
    """

    username: str
    operator: str
    role: str
    at_the_desk: bool
    answers: bool
    locked: bool


async def sitting(request: HttpRequest) -> Sitting | None:
    """The member whose session this is."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    if not key:
        return None
    return await sync_to_async(_looked_up)(key, house_of(request).premises.clock.now())


def _looked_up(key: str, now: Any) -> Sitting | None:
    from allauth.core.internal.sessionkit import get_session_user

    from liangming.web.staff.models import Member

    store = import_module(settings.SESSION_ENGINE).SessionStore(key)
    member = get_session_user(store)
    if not isinstance(member, Member) or not member.is_active:
        return None
    shut = locked(store, now, settings.LIANGMING_STAFF.idle)
    if not shut:
        seen(store, now)
    store.save()
    return Sitting(
        username=str(member.username),
        operator=str(member.operator),
        role=str(member.role),
        at_the_desk=member.at_the_desk,
        answers=member.answers,
        locked=shut,
    )
