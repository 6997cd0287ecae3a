"""Staff pages of our own: home, enrolment, people. Everything about keys is allauth's."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from liangming.errors import LiangmingError, Misuse
from liangming.web.house import house_of
from liangming.web.staff import accounts
from liangming.web.staff.adapters import ENROLLING, ENROLLING_SECONDS
from liangming.web.staff.faults import MEMBER_UNKNOWN, NOT_FOR_YOU, NOT_YOURSELF
from liangming.web.staff.lock import lock
from liangming.web.staff.models import Deed, Member
from liangming.web.staff.roles import DEEDS, NAMES, Role
from liangming.web.staff.trained import must_be_trained

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
_DEEDS = 20
_STOPS = frozenset({"end", "sign-out", "decline"})
"""What is never shut for want of training: it takes rights away."""


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Who you are here, and where to go."""
    member: Any = request.user
    return TemplateResponse(request, "staff/home.html", {"role": NAMES[Role(member.role)]})


@login_required
def lock_now(request: HttpRequest) -> HttpResponse:
    """Lock this session: for a moment away from a shared counter."""
    lock(request.session, house_of(request).premises.clock.now())
    return HttpResponseRedirect("/staff/")


def enrol(request: HttpRequest, token: str) -> HttpResponse:
    """The link of an invitation: used once, it signs in to make the first key."""
    now = house_of(request).premises.clock.now()
    if request.method != "POST":
        member = accounts.of_link(token, now)
        return TemplateResponse(request, "staff/enrol.html", {"member": member})
    member = accounts.spend(token, now)
    login(request, member, backend=_BACKEND)
    request.session[ENROLLING] = (member.pk, now.timestamp() + ENROLLING_SECONDS)
    return HttpResponseRedirect("/staff/keys/")


@login_required
def people(request: HttpRequest) -> HttpResponse:
    """Accounts of the same operator, and what waits for a second person."""
    by = _administrator(request)
    fault, made = None, ""
    if request.method == "POST":
        try:
            made = _done(request, by)
        except LiangmingError as error:
            fault = error.code
        else:
            if not made:
                return HttpResponseRedirect("/staff/people/")
    now = house_of(request).premises.clock.now()
    members = Member.objects.filter(operator=by.operator).order_by("-is_active", "username")
    context = {
        "people": [(member, NAMES[Role(member.role)]) for member in members],
        "roles": [(role.value, name) for role, name in NAMES.items()],
        "waiting": [
            (each, NAMES[Role(each.role)] if each.role else None)
            for each in accounts.waiting(by.operator, now)
        ],
        "deeds": [
            (each, DEEDS[each.what], None if each.by == accounts.HOST else each.by)
            for each in Deed.objects.filter(
                whom__in=members.values_list("username", flat=True)
            ).order_by("-pk")[:_DEEDS]
        ],
        "fault": fault,
        "link": request.build_absolute_uri(f"/staff/enrol/{made}") if made else "",
    }  # fmt: skip
    status = 200 if fault is None else 422
    return TemplateResponse(request, "staff/people.html", context, status=status)


def _administrator(request: HttpRequest) -> Member:
    member = request.user
    if not isinstance(member, Member) or not member.sees_people:
        raise Misuse(NOT_FOR_YOU)
    return member


def _done(request: HttpRequest, by: Member) -> str:
    """One form of the page; a link's token where one was made."""
    form = request.POST
    at = house_of(request).premises.clock.now()
    what, whom = form.get("what", ""), form.get("whom", "").strip()
    if what not in _STOPS:
        must_be_trained(house_of(request), by)
    role, name = form.get("role", ""), form.get("name", "")
    if what in {"agree", "decline"}:
        number = form.get("number", "")
        accounts.decide(by, int(number) if number.isdecimal() else 0, at, agreed=what == "agree")
        return ""
    if what == "invite":
        if role in set(Role) and accounts.needs_two(what, role, None):
            accounts.propose(by, what, whom, at, name=name, role=role)
            return ""
        member = accounts.invite(by.username, whom, name, role, operator=by.operator, at=at)
        return accounts.link(by.username, member, at)
    member = _of(by, whom)
    if member.pk == by.pk:
        raise Misuse(NOT_YOURSELF)
    if accounts.needs_two(what, role, member):
        accounts.propose(by, what, whom, at, role=role)
        return ""
    return _changed(what, by, member, role, at)


def _changed(what: str, by: Member, member: Member, role: str, at: datetime) -> str:
    match what:
        case "link":
            return accounts.link(by.username, member, at)
        case "role":
            accounts.change_role(by.username, member, role, at)
        case "reset":
            accounts.reset(by.username, member, at)
        case "end":
            accounts.end(by.username, member, at)
        case "sign-out":
            accounts.sign_out(by.username, member, at)
        case _:
            raise Misuse(MEMBER_UNKNOWN)
    return ""


def _of(by: Member, whom: str) -> Member:
    member = Member.objects.filter(username=whom, operator=by.operator).first()
    if not isinstance(member, Member):
        raise Misuse(MEMBER_UNKNOWN)
    return member
