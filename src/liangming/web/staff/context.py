"""What staff pages have besides their own values, when allauth's views render them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from liangming.web.page import everywhere
from liangming.web.static_files import address


def common(request: HttpRequest) -> dict[str, Any]:
    """A context processor."""
    return {
        **everywhere(request),
        "request": request,
        "staff_script": address("staff.js"),
        "signon": bool(settings.LIANGMING_STAFF.issuer),
    }
