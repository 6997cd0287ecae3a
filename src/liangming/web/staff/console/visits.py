"""Inspectors' visits: the officer admits somebody whom a mandate names, until a day, and can end it.

The operator decides nothing but the days: which checks are seen follows from the mandate alone. An
admission and its early end are leaves under the mandate.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from asgiref.sync import async_to_sync
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from liangming.clock import china_date
from liangming.docket import Record, Records
from liangming.errors import LiangmingError, Misuse
from liangming.inspection import Inspected, Mandate, Role, act
from liangming.inspection.events import ADMITTED, DISMISSED
from liangming.inspection.register import KIND, acts_of
from liangming.web.house import House, house_of
from liangming.web.page import STATUS
from liangming.web.staff.console.models import Admission
from liangming.web.staff.inspector.faults import ADMISSION_UNFIT
from liangming.web.staff.menu import only
from liangming.web.staff.models import Member
from liangming.web.staff.roles import ANSWERS, INSPECTS
from liangming.web.staff.trained import must_be_trained

LONGEST: Final = timedelta(days=90)
_STEP: Final = 200
_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One admission."""

    admission: Admission
    case: str
    over: bool


@login_required
def visits(request: HttpRequest) -> HttpResponse:
    """Mandates of the operator, who may look, and the form that admits."""
    member: Any = only(request, ANSWERS)
    house = house_of(request)
    mandates = async_to_sync(_mandates)(house.desk.docket, member.operator)
    fault, status = None, 200
    if request.method == "POST":
        try:
            must_be_trained(house, member)
            _done(request, house, member, mandates)
        except LiangmingError as error:
            fault, status = error.code, STATUS[error.code.kind]
        else:
            return HttpResponseRedirect("/staff/console/visits/")
    today = china_date(house.premises.clock.now())
    named = {mandate.id: f"{mandate.authority} {mandate.case}" for mandate in mandates}
    admissions = Admission.objects.filter(operator=member.operator).order_by("-pk")[:_SHOWN]
    context = {
        "fault": fault,
        "mandates": [(mandate, _listed(mandate)) for mandate in mandates],
        "inspectors": _inspectors(member.operator),
        "lines": [
            Line(
                each,
                named.get(str(each.mandate), ""),
                each.ended_at is not None or each.last_day < today,
            )
            for each in admissions
        ],
        "today": today.isoformat(),
        "most": (today + LONGEST).isoformat(),
    }
    return TemplateResponse(request, "staff/console/visits.html", context, status=status)


def _done(request: HttpRequest, house: House, member: Member, mandates: list[Mandate]) -> None:
    """Admit, or end early; the leaf first, so that nobody looks without one.

    Raises:
        Misuse: ``staff.admission-unfit``.
    """
    form = request.POST
    now = house.premises.clock.now()
    inspected = Inspected(house.premises, house.desk.docket)
    known = {mandate.id: mandate for mandate in mandates}
    if form.get("do") == "end":
        number = form.get("number", "")
        admission = Admission.objects.filter(
            pk=int(number) if number.isdecimal() else 0, operator=member.operator, ended_at=None
        ).first()
        if admission is None or str(admission.mandate) not in known:
            raise Misuse(ADMISSION_UNFIT)
        facts = {"inspector": str(admission.inspector), "actor": str(member.username)}
        async_to_sync(act)(inspected, known[str(admission.mandate)], DISMISSED, facts, repeats=True)
        admission.ended_at = now
        admission.save(update_fields=["ended_at"])
        return
    mandate = known.get(form.get("mandate", ""))
    inspector, today = form.get("inspector", ""), china_date(now)
    last = _day(form.get("until", ""))
    fits = (
        mandate is not None
        and inspector in _listed(mandate)
        and inspector in [str(each.username) for each in _inspectors(member.operator)]
        and today <= last <= today + LONGEST
    )
    if not fits or mandate is None:
        raise Misuse(ADMISSION_UNFIT)
    facts = {
        "inspector": inspector,
        "since": today.isoformat(),
        "until": last.isoformat(),
        "actor": str(member.username),
    }
    async_to_sync(act)(inspected, mandate, ADMITTED, facts, repeats=True)
    Admission(
        mandate=mandate.id,
        inspector=inspector,
        operator=member.operator,
        first_day=today,
        last_day=last,
        by=member.username,
        at=now,
    ).save()


def _listed(mandate: Mandate) -> list[str]:
    """Whom a mandate names on the authority's behalf."""
    return [each.person for each in mandate.approvers if each.role is Role.AUTHORITY]


def _inspectors(operator: str) -> list[Member]:
    return list(
        Member.objects.filter(operator=operator, role__in=list(INSPECTS), is_active=True).order_by(
            "username"
        )
    )


async def _mandates(docket: Records, operator: str) -> list[Mandate]:
    """The mandates of an operator, the latest first."""
    found: list[Record] = []
    after = ""
    while some := await docket.walk(KIND, after, _STEP):
        found += [each for each in some if each.operator == operator]
        after = some[-1].id
    found.sort(key=lambda record: record.opened_at, reverse=True)
    return [acts_of(record).mandate for record in found[:_SHOWN]]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Misuse(ADMISSION_UNFIT, field="until") from None
