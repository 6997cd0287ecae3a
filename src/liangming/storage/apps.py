"""The Django app under whose name the migrations stand."""

from __future__ import annotations

from django.apps import AppConfig


class StorageConfig(AppConfig):  # type: ignore[misc]  # Django ships no types
    """``storage``: a schema, and no queries."""

    name = "liangming.storage"
    label = "storage"
    default_auto_field = "django.db.models.BigAutoField"
