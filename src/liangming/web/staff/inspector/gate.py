"""The gate of every page of a visit: who, within which mandate, on which days; and a leaf first.

1 an inspector, signed in       2 admitted to this mandate, of their own operator
3 today is within the days      4 the look is a leaf, durable; only then the page is made
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, Final

from asgiref.sync import async_to_sync
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase

from liangming.check.ports import MOVED_ON
from liangming.clock import china_date
from liangming.errors import Misuse
from liangming.inspection import Inspected, Mandate, act
from liangming.inspection.events import LOOKED
from liangming.inspection.register import Acts, acts_of
from liangming.web.house import House, house_of
from liangming.web.staff.console.models import Admission
from liangming.web.staff.inspector.faults import NOT_ADMITTED, VISIT_EARLY, VISIT_OVER
from liangming.web.staff.menu import only
from liangming.web.staff.models import Member
from liangming.web.staff.roles import INSPECTS

_ROUNDS: Final = 5


@dataclass(frozen=True, slots=True)
class Visit:
    """What a page of a visit may see.

    Attributes:
        acts: the mandate, and what was found under it.
        last_day: of looking.
    """

    house: House
    member: Member
    mandate: Mandate
    acts: Acts
    last_day: date

    @property
    def inspected(self) -> Inspected:
        """The house as the inspection room sees it."""
        return Inspected(self.house.premises, self.house.desk.docket)


class Standing(enum.Enum):
    """Where an admission stands on a day."""

    EARLY = enum.auto()
    OPEN = enum.auto()
    OVER = enum.auto()


def standing(admission: Admission, today: date) -> Standing:
    """Where it stands; one that was ended is over."""
    if admission.ended_at is not None or admission.last_day < today:
        return Standing.OVER
    return Standing.EARLY if today < admission.first_day else Standing.OPEN


View = Callable[..., HttpResponseBase]


def within(page: str) -> Callable[[View], Any]:
    """A page of a visit; the view gets the visit in place of the mandate's id.

    Args:
        page: as it stands in the leaf.
    """

    def gated(view: View) -> Any:
        @wraps(view)
        def run(request: HttpRequest, mandate: str, **more: Any) -> HttpResponseBase:
            member = only(request, INSPECTS)
            visit = visit_of(house_of(request), member, mandate)
            leave(visit, page, str(more.get("number", "")))  # 4
            return view(request, visit, **more)

        return login_required(run)

    return gated


def visit_of(house: House, member: Member, mandate: str) -> Visit:
    """The visit, if there is one today.

    Raises:
        Misuse: ``staff.not-admitted``, ``staff.visit-over``, ``staff.visit-early``.
    """
    today = china_date(house.premises.clock.now())
    mine = Admission.objects.filter(
        mandate=mandate, inspector=member.username, operator=member.operator
    )
    admissions = list(mine)
    if not admissions:
        raise Misuse(NOT_ADMITTED)
    open_now = [each.last_day for each in admissions if standing(each, today) is Standing.OPEN]
    if not open_now:
        early = any(standing(each, today) is Standing.EARLY for each in admissions)
        raise Misuse(VISIT_EARLY if early else VISIT_OVER)
    record = async_to_sync(house.desk.docket.get)(mandate)
    if record is None or record.operator != member.operator:
        raise Misuse(NOT_ADMITTED)
    acts = acts_of(record)
    return Visit(house, member, acts.mandate, acts, max(open_now))


def leave(visit: Visit, page: str, number: str = "") -> None:
    """The leaf of a look; two looks at once take turns."""
    facts = {"page": page, "inspector": str(visit.member.username)}
    if number:
        facts["number"] = number
    for left in range(_ROUNDS, 0, -1):
        try:
            async_to_sync(act)(visit.inspected, visit.mandate, LOOKED, facts, repeats=True)
        except Misuse as late:
            if late.code is not MOVED_ON or left == 1:
                raise
            continue
        return
