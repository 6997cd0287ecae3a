"""Addresses of the console: words and ids of ours, nothing about a person."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from liangming.web.staff.console import (
    consents,
    devices,
    looks,
    notices,
    pages,
    parity,
    people,
    scenes,
    search,
    visits,
)
from liangming.web.staff.room import through

_look = require_http_methods(["GET", "HEAD"])
_both = require_http_methods(["GET", "HEAD", "POST"])

urlpatterns: list[URLPattern] = [
    path("", through(_look(pages.home))),
    path("scenes/", through(_look(scenes.scenes))),
    path("scenes/<str:scene>", through(_look(scenes.scene))),
    path("parity/", through(_both(parity.parity))),
    path("notices/", through(_look(notices.notices))),
    path("notices/<str:digest>", through(_look(notices.notice))),
    path("consents/", through(_look(consents.consents))),
    path("devices/", through(_look(devices.devices))),
    path("people/", through(_look(people.people))),
    path("search/", through(_both(search.search_page))),
    path("looks/", through(_both(looks.looks))),
    path("visits/", through(_both(visits.visits))),
]
