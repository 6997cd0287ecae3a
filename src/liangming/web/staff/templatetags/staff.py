"""Filters of staff pages."""

from __future__ import annotations

import json
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder

register = template.Library()


@register.filter
def as_json(value: Any) -> str:
    """A value as JSON, to be escaped into an attribute like any text."""
    return json.dumps(value, cls=DjangoJSONEncoder)


@register.filter
def width(bar: tuple[float, float, float]) -> float:
    """How wide the interval of a bar is."""
    return round(bar[2] - bar[1], 1)


@register.filter
def at(bar: tuple[float, float, float]) -> float:
    """Where the mark of a bar begins, so that it stays within."""
    return min(98.5, max(0.0, bar[0] - 0.75))


@register.filter
def unlocal(value: float) -> str:
    """A number for a machine: no separators of any language."""
    return str(value)
