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
