"""The Django app that owns the tables of staff."""

from __future__ import annotations

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """``staff``: members, what was done to their accounts, and what waits for a second person."""

    name = "liangming.web.staff"
    label = "staff"
    default_auto_field = "django.db.models.BigAutoField"
