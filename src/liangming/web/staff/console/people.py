"""People and roles as an officer sees them: who is here for what, and what waits; nothing to change."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from liangming.web.house import house_of
from liangming.web.staff import accounts
from liangming.web.staff.console.paging import paged, word
from liangming.web.staff.menu import only
from liangming.web.staff.models import Member
from liangming.web.staff.roles import ANSWERS, NAMES, Role


@login_required
def people(request: HttpRequest) -> HttpResponse:
    """Accounts of the operator."""
    member: Any = only(request, ANSWERS)
    role = word(request, "role", [each.value for each in Role])
    found = Member.objects.filter(operator=member.operator).order_by("-is_active", "username")
    if role:
        found = found.filter(role=role)
    lines = [(each, NAMES[Role(each.role)]) for each in found]
    waiting = accounts.waiting(member.operator, house_of(request).premises.clock.now())
    context = {
        "paged": paged(request, lines, {"role": role}),
        "role": role,
        "roles": [(each.value, name) for each, name in NAMES.items()],
        "waiting": len(waiting),
    }
    return TemplateResponse(request, "staff/console/people.html", context)
