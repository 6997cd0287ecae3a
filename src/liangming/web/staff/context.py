"""What staff pages have besides their own values, when allauth's views render them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from liangming.web.page import everywhere
from liangming.web.staff.menu import menu_of
from liangming.web.staff.models import Member
from liangming.web.staff.roles import Role
from liangming.web.static_files import address


def common(request: HttpRequest) -> dict[str, Any]:
    """A context processor."""
    member = getattr(request, "user", None)
    menu = menu_of(Role(member.role)) if isinstance(member, Member) else ()
    above = [e.where for g in menu for e in g.entries if request.path.startswith(e.where)]
    return {
        **everywhere(request),
        "menu": menu,
        "here": max(above, key=len, default=request.path),
        "request": request,
        "staff_css": address("staff.css"),
        "staff_script": address("staff.js"),
        "signon": bool(settings.LIANGMING_STAFF.issuer),
    }
