"""Addresses of these pages."""

from __future__ import annotations

from typing import Any, Final

from django.urls import path
from django.views.decorators.http import require_http_methods

from liangming.web.duty import assessments, faces, incidents, parties, public

_look = require_http_methods(["GET", "HEAD"])
_both = require_http_methods(["GET", "HEAD", "POST"])

PATHS: Final[list[Any]] = [
    path("incidents", _look(public.announced)),
    path("who/<str:scene>", _look(public.who)),
    path("desk/assessments", _both(assessments.listed)),
    path("desk/assessments/<str:number>", _both(assessments.one)),
    path("desk/assessments/<str:number>/<str:tongue>.pdf", _look(assessments.printed)),
    path("desk/assessments/<str:number>/<str:name>", _both(assessments.part)),
    path("desk/incidents", _both(incidents.listed)),
    path("desk/incidents/<str:number>", _both(incidents.one)),
    path("desk/faces", _both(faces.counted)),
    path("desk/faces/<str:tongue>.pdf", _look(faces.printed)),
    path("desk/parties", _both(parties.listed)),
    path("desk/parties/<str:number>", _both(parties.one)),
]
