"""The Django app that owns the console's tables."""

from __future__ import annotations

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """``console``: counts of the log so far, and who may inspect until when."""

    name = "liangming.web.staff.console"
    label = "console"
    default_auto_field = "django.db.models.BigAutoField"
