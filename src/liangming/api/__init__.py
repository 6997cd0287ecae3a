"""The door for programs: JSON over HTTP under ``/v1``.

``table`` lists every operation; ``app`` takes a request through route, key, scope, pace and body
to one use case of ``check`` and renders what came of it (``answers``, ``problem``); ``openapi``
and ``docs`` describe the same table. Keys are recognised by ``liangming.access``.

It only translates. It decides nothing, keeps nothing about a person, echoes nothing that was
sent, and writes no path, query, header or body to a log.
"""

from liangming.access import DEFAULT_SCOPES, Scope
from liangming.api.app import Api, build_api
from liangming.api.settings import Settings

__all__ = ["DEFAULT_SCOPES", "Api", "Scope", "Settings", "build_api"]
