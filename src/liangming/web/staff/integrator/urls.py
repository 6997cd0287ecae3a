"""Addresses under ``/staff/integrator/``."""

from __future__ import annotations

from typing import Final

from django.urls import URLPattern, path

from liangming.web.staff.integrator import calls, clients, hooks, sandbox
from liangming.web.staff.integrator.hall import page

urlpatterns: Final[list[URLPattern]] = [
    path("", page(clients.clients, "POST")),
    path("clients/<str:name>", page(clients.client, "POST")),
    path("clients/<str:name>/calls", page(calls.calls)),
    path("clients/<str:name>/first", page(calls.first)),
    path("webhooks/", page(hooks.hooks, "POST")),
    path("webhooks/<str:name>", page(hooks.hook, "POST")),
    path("sandbox/", page(sandbox.sandbox)),
]
