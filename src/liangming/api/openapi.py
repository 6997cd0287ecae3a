"""The OpenAPI 3.1 document, made from the route table and the types that decode and encode."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from typing import Any, Final

import msgspec

from liangming import __version__
from liangming.access import KEY_EXPIRED, KEY_INVALID, KEY_MISSING, Scope
from liangming.api import faults
from liangming.api.operation import Operation
from liangming.api.problem import ABOUT, Problem, status_of
from liangming.api.table import GROUPS, RUNNING
from liangming.check.ports import KEY_REUSED, STORE_BUSY, STORE_DOWN, STORE_FULL
from liangming.errors import Code, Kind

REF: Final = "#/components/schemas/{name}"

_BODY: Final = (
    faults.JSON_MALFORMED,
    faults.BODY_TOO_SLOW,
    faults.BODY_TOO_LARGE,
    faults.MEDIA_TYPE,
    faults.FIELD_MISSING,
    faults.FIELD_UNKNOWN,
    faults.FIELD_TYPE,
    faults.FIELD_VALUE,
)
_KEYED: Final = (KEY_MISSING, KEY_INVALID, KEY_EXPIRED, faults.SCOPE_MISSING, faults.TOO_FAST)
_STORE: Final = (STORE_DOWN, STORE_FULL, STORE_BUSY)
_ONCE: Final = (faults.KEY_FORM, faults.KEY_RUNNING, KEY_REUSED)

_PATHS: Final[dict[str, dict[str, Any]]] = {
    "/v1/checks/{id}": {
        "pattern": "^chk_[0-7][0-9a-hjkmnp-tv-z]{25}$",
        "examples": ["chk_01kb3xq4m2v8t6r0e5w9y7z1ab"],
    },
    "/v1/law/articles/{id}": {"pattern": "^[a-z0-9.-]+$", "examples": ["courier.23"]},
    "/": {
        "pattern": "^[A-Za-z0-9][A-Za-z0-9._:-]*$",
        "maxLength": 64,
        "examples": ["shili-counter"],
    },
}
_ABOUT: Final = """\
亮明查验接口。答复语言由 Accept-Language 决定（中文为默认）。时间为 RFC 3339，带时差。\
标有 Open list 的词表会增加，遇到不认识的词请按“其他”处理。错误一律为 RFC 9457，\
请以 `code` 判断，不要以文字判断；任何错误都不回显所发送的内容。

Checks who a person is without demanding their face. Accept-Language chooses the language \
(Chinese by default). Times are RFC 3339 with an offset. Word lists marked "Open list" grow: take \
an unknown word as "something else". Every error is an RFC 9457 problem; branch on its `code`, \
never on its texts; nothing that was sent is ever echoed."""


def codes_of(operation: Operation) -> tuple[Code, ...]:
    """Everything that an operation can answer besides success, each once."""
    found = list(operation.codes)
    if operation.scope is not None or operation.keyed:
        found += [*_KEYED, *_STORE]
    if operation.body is not None:
        found += _BODY
        found += _ONCE if operation.idempotent_by_key else (faults.KEY_NOT_HERE,)
    if operation.path == "/readyz":
        found.append(STORE_DOWN)
    found.append(faults.INTERNAL)
    return tuple(dict.fromkeys(found))


def document(operations: Iterable[Operation]) -> dict[str, Any]:
    """The whole document."""
    listed = tuple(operations)
    types: list[Any] = [Problem]
    for operation in listed:
        types += [operation.gives] if operation.gives is not None else []
        types += [operation.body.type] if operation.body is not None else []
    _, schemas = msgspec.json.schema_components(types, ref_template=REF)
    paths: dict[str, dict[str, Any]] = {}
    for operation in listed:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "亮明 Liangming API",
            "version": __version__,
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "servers": [{"url": "/"}],
        "tags": [
            {"name": name, "description": f"{zh} · {en}"} for name, (zh, en) in GROUPS.items()
        ],
        "paths": paths,
        "components": {
            "schemas": {name: _clean(schema) for name, schema in sorted(schemas.items())},
            "securitySchemes": {
                "apiKey": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "lmk_<client id>_<secret>",
                    "description": "`liangming keys add`; scopes: "
                    + ", ".join(scope.value for scope in Scope),
                }
            },
        },
    }


def _operation(operation: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": operation.id,
        "tags": [operation.group],
        "summary": operation.zh,
        "description": _description(operation),
        "security": [{"apiKey": []}] if operation.scope or operation.keyed else [],
        "parameters": _parameters(operation),
        "responses": _responses(operation),
    }
    if operation.scope is not None:
        told["x-scope"] = operation.scope.value
    if operation.body is not None:
        told["requestBody"] = _body(operation)
    return {key: value for key, value in told.items() if value != [] or key == "security"}


def _description(operation: Operation) -> str:
    lines = [operation.en]
    if operation.scope is not None:
        lines.append(f"Scope: `{operation.scope.value}`.")
    if operation.law:
        lines.append(f"Law: {', '.join(operation.law)}.")
    return "\n\n".join(lines)


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", **_path_schema(operation.path)},
        }
        for name in ("id", "scene")
        if f"{{{name}}}" in operation.path
    ]
    if operation.group != RUNNING:
        found.append(
            {
                "name": "Accept-Language",
                "in": "header",
                "required": False,
                "description": "zh (default) or en",
                "schema": {"type": "string", "examples": ["zh", "en"]},
            }
        )
    found += [
        {
            "name": asked.name,
            "in": "query",
            "required": False,
            "description": f"{asked.zh} / {asked.en}",
            "schema": asked.schema,
        }
        for asked in operation.asks
    ]
    if operation.idempotent_by_key:
        found.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "description": "同样的请求重发只办一次：24 小时内给出同样的答复。 / The same request "
                "again is done once and answered alike for 24 hours.",
                "schema": {
                    "type": "string",
                    "pattern": "^[!#-~]{8,128}$",
                    "examples": ["7f6d2a52-3f1e-4d0c-9f57-3b1f0f6f2a10"],
                },
            }
        )
    return found


def _path_schema(path: str) -> dict[str, Any]:
    for start, schema in _PATHS.items():
        if path.startswith(start):
            return schema
    raise LookupError(path)


def _body(operation: Operation) -> dict[str, Any]:
    body = operation.body
    if body is None:
        raise LookupError(operation.id)
    lines = operation.takes != "application/json"
    content: dict[str, Any]
    if lines:
        # One line's schema stands beside, since a body of lines is no JSON value of its own.
        content = {
            "schema": {"type": "string", "description": "one object a line"},
            "x-line-schema": {"$ref": REF.format(name=body.type.__name__)},
            "example": msgspec.json.encode(operation.example).decode() + "\n",
        }
    else:
        content = {
            "schema": {"$ref": REF.format(name=body.type.__name__)},
            "example": operation.example,
        }
    return {"required": not body.optional, "content": {operation.takes: content}}


def _responses(operation: Operation) -> dict[str, Any]:
    success: dict[str, Any] = {"description": operation.zh}
    content: dict[str, Any] = {"schema": {"type": "string"}}
    if operation.media == "application/json" and operation.gives is None:
        content = {"schema": {"type": "object"}}
    elif operation.media == "application/json":
        content = {"schema": {"$ref": REF.format(name=operation.gives.__name__)}}
    elif operation.gives is not None:
        content["x-line-schema"] = {"$ref": REF.format(name=operation.gives.__name__)}
    success["content"] = {operation.media: content}
    headers = _success_headers(operation)
    if headers:
        success["headers"] = headers
    responses: dict[str, Any] = {str(operation.status): success}
    by_status: dict[int, list[Code]] = {}
    for code in codes_of(operation):
        by_status.setdefault(status_of(code), []).append(code)
    for status, codes in sorted(by_status.items()):
        responses[str(status)] = _problem(status, codes)
    return responses


def _success_headers(operation: Operation) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if operation.idempotent_by_key:
        headers["Location"] = {"schema": {"type": "string"}, "description": "the check"}
        headers["Idempotency-Replayed"] = {
            "schema": {"type": "string", "enum": ["true"]},
            "description": "the answer was given before",
        }
    return headers


def _problem(status: int, codes: list[Code]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "description": " · ".join(f"`{code.name}`" for code in codes),
        "content": {
            "application/problem+json": {
                "schema": {"$ref": REF.format(name="Problem")},
                "examples": {code.name: {"value": _example(status, code)} for code in codes},
            }
        },
    }
    if status in {429, 503}:
        told["headers"] = {
            "Retry-After": {"schema": {"type": "string", "pattern": "^[0-9]+$"}, "required": True}
        }
    if status == 401:  # noqa: PLR2004
        told["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}, "required": True}}
    return told


def _example(status: int, code: Code) -> dict[str, Any]:
    branch = "misuse"
    if code.kind is Kind.REFUSED:
        branch = "refusal"
    elif code.kind is Kind.OUTAGE:
        branch = "outage"
    example: dict[str, Any] = {
        "type": ABOUT + code.name,
        "title": code.kind.value,
        "status": status,
        "code": code.name,
        "branch": branch,
        "detail": code.zh,
        "texts": {"zh": code.zh, "en": code.en},
    }
    if status in {429, 503}:
        example["retry_after"] = 1
    return example


def _clean(schema: dict[str, Any]) -> dict[str, Any]:
    """Docstrings as prose: their indentation is the source's, not the reader's."""
    text = schema.get("description")
    return {**schema, "description": inspect.cleandoc(text)} if isinstance(text, str) else schema
