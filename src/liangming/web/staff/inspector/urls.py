"""Addresses of a visit: a mandate's id and small numbers. Nothing here takes a form."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from liangming.web.staff.inspector import pages
from liangming.web.staff.room import through

_look = require_http_methods(["GET", "HEAD"])

urlpatterns: list[URLPattern] = [
    path("", through(_look(pages.mandates))),
    path("<str:mandate>/", through(_look(pages.mandate))),
    path("<str:mandate>/sample", through(_look(pages.sample))),
    path("<str:mandate>/sample/<int:number>", through(_look(pages.sampled))),
    path("<str:mandate>/packet", through(_look(pages.packet_file))),
    path("<str:mandate>/heads", through(_look(pages.heads))),
]
