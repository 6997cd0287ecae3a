"""The documentation page: plain HTML made from the OpenAPI document, without script.

Nothing comes from outside and nothing runs in the browser; the one style sheet stands in the page
and is named by its digest in the Content-Security-Policy.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from html import escape
from typing import Any, Final

import msgspec

from liangming.api.call import Call
from liangming.api.language import Language
from liangming.api.lobby import Lobby
from liangming.api.openapi import document
from liangming.api.operation import Operation
from liangming.api.reply import HTML, JSON, Reply
from liangming.api.table import GROUPS, REFERENCE
from liangming.api.table import OPERATIONS as TABLE

_STYLE: Final = (
    ":root{color-scheme:light}"
    "body{margin:0 auto;max-width:60rem;padding:1rem 1.25rem 4rem;background:#fdfcf9;color:#1c2427;"
    'font:1rem/1.65 -apple-system,"PingFang SC","HarmonyOS Sans SC","MiSans","Microsoft YaHei UI",'
    '"Microsoft YaHei","Noto Sans SC","Noto Sans CJK SC",system-ui,sans-serif}'
    "a{color:#0a6464}a:focus-visible{outline:3px solid #0a6464;outline-offset:2px}"
    "h1{font-size:1.6rem}h2{margin-top:3rem;border-bottom:2px solid #0a6464}"
    "article{margin:1.5rem 0;padding:.25rem 1rem 1rem;border:1px solid #75858a;border-radius:.5rem;"
    "background:#fff}h3{font-size:1.1rem}code,pre{font-family:ui-monospace,Consolas,monospace;"
    "font-size:.9rem}pre{overflow-x:auto;padding:.75rem;background:#f1f4f3;border-radius:.375rem}"
    ".verb{display:inline-block;min-width:4rem;color:#0a6464;font-weight:700}"
    "table{border-collapse:collapse;width:100%;display:block;overflow-x:auto}"
    "th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid #c9d1d3}"
    ".quiet{color:#46575d}"
)
_POLICY: Final = (
    "default-src 'none'; style-src 'sha256-"
    + base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    + "'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
_HEADERS: Final = ((b"content-security-policy", _POLICY.encode()),)

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("亮明接口文档", "Liangming API"),
    "machine": ("机器可读的 OpenAPI 3.1", "OpenAPI 3.1 for machines"),
    "other": ("English", "中文"),
    "skip": ("目录", "Contents"),
    "scope": ("所需权限", "Scope"),
    "open": ("无需密钥", "no key needed"),
    "keyed": ("任何一把密钥", "any key"),
    "law": ("依据", "Law"),
    "body": ("请求内容", "Body"),
    "answer": ("答复", "Answer"),
    "example": ("示例", "Example"),
    "status": ("状态", "Status"),
    "what": ("含义", "Meaning"),
    "types": ("数据类型", "Types"),
    "field": ("字段", "Field"),
    "type": ("类型", "Type"),
    "required": ("必填", "required"),
    "errors": ("错误码", "Error codes"),
    "once": ("可带 Idempotency-Key", "takes an Idempotency-Key"),
}


async def openapi(lobby: Lobby, call: Call) -> Reply:  # noqa: ARG001  (one signature for all)
    """The OpenAPI document."""
    return Reply(200, rendered(), JSON)


async def page(lobby: Lobby, call: Call) -> Reply:  # noqa: ARG001
    """The page in the preferred language."""
    return _page(call.language)


async def page_zh(lobby: Lobby, call: Call) -> Reply:  # noqa: ARG001
    """The page in Chinese."""
    return _page("zh")


async def page_en(lobby: Lobby, call: Call) -> Reply:  # noqa: ARG001
    """The page in English."""
    return _page("en")


@lru_cache(maxsize=1)
def described() -> dict[str, Any]:
    """The document as a value."""
    return document((*TABLE, *OPERATIONS))


@lru_cache(maxsize=1)
def rendered() -> bytes:
    """The document as JSON."""
    return msgspec.json.encode(described())


def _page(language: Language) -> Reply:
    return Reply(200, html(language).encode(), HTML, language, _HEADERS)


@lru_cache(maxsize=2)
def html(language: Language) -> str:
    """The page."""
    side = 0 if language == "zh" else 1
    told = described()
    listed = (*TABLE, *OPERATIONS)
    groups = [
        (name, words[side], [o for o in listed if o.group == name])
        for name, words in GROUPS.items()
    ]
    contents = "".join(
        f"<li>{escape(title)}<ul>"
        + "".join(
            f'<li><a href="#{o.id}"><code>{o.method} {escape(o.path)}</code></a> '
            f"{escape(_said(o, side))}</li>"
            for o in operations
        )
        + "</ul></li>"
        for _, title, operations in groups
    )
    sections = "".join(
        f"<section><h2>{escape(title)}</h2>"
        + "".join(_operation(o, told, side) for o in operations)
        + "</section>"
        for _, title, operations in groups
    )
    types = "".join(
        _type(name, schema, side) for name, schema in told["components"]["schemas"].items()
    )
    lang, other = ("zh-CN", "en") if side == 0 else ("en", "zh")
    about = "".join(f"<p>{escape(part)}</p>" for part in told["info"]["description"].split("\n\n"))
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{_word('title', side)}</title><style>{_STYLE}</style></head><body>"
        f"<header><h1>{_word('title', side)}</h1>{about}"
        f'<p><a href="/v1/openapi.json">{_word("machine", side)}</a> · '
        f'<a href="/v1/errors">{_word("errors", side)}</a> · '
        f'<a href="/docs/{other}" hreflang="{other}" lang="{other}">{_word("other", side)}</a></p>'
        f'</header><nav aria-label="{_word("skip", side)}"><ul>{contents}</ul></nav>'
        f"<main>{sections}<section><h2>{_word('types', side)}</h2>{types}</section></main>"
        "</body></html>"
    )


def _operation(operation: Operation, told: dict[str, Any], side: int) -> str:
    entry = told["paths"][operation.path][operation.method.lower()]
    scope = _word("keyed" if operation.keyed else "open", side)
    if operation.scope is not None:
        scope = operation.scope.value
    facts = [f"{_word('scope', side)}: <code>{escape(scope)}</code>"]
    if operation.idempotent_by_key:
        facts.append(_word("once", side))
    if operation.law:
        links = ", ".join(
            f'<a href="/v1/law/articles/{escape(a)}">{escape(a)}</a>' for a in operation.law
        )
        facts.append(f"{_word('law', side)}: {links}")
    heading = (
        f'<article id="{operation.id}"><h3><span class="verb">{operation.method}</span> '
        f"<code>{escape(operation.path)}</code></h3><p>{escape(_said(operation, side))}</p>"
        f'<p class="quiet">{" · ".join(facts)}</p>'
    )
    parts = [heading]
    if operation.body is not None:
        name = operation.body.type.__name__
        example = msgspec.json.format(msgspec.json.encode(operation.example), indent=2).decode()
        parts.append(
            f"<p>{_word('body', side)}: <code>{escape(operation.takes)}</code>, {_link(name)}</p>"
            f'<pre tabindex="0" aria-label="{_word("example", side)}">'
            f"<code>{escape(example)}</code></pre>"
        )
    if operation.gives is not None:
        parts.append(f"<p>{_word('answer', side)}: {_link(operation.gives.__name__)}</p>")
    rows = "".join(
        f"<tr><td>{status}</td><td>{_codes(answer, side, operation)}</td></tr>"
        for status, answer in entry["responses"].items()
    )
    head = f"<tr><th>{_word('status', side)}</th><th>{_word('what', side)}</th></tr>"
    return "".join(parts) + f'<table tabindex="0">{head}{rows}</table></article>'


def _codes(answer: dict[str, Any], side: int, operation: Operation) -> str:
    problem = answer["content"].get("application/problem+json")
    if problem is None:
        return escape(_said(operation, side))
    language = ("zh", "en")[side]
    return "<br>".join(
        f"<code>{escape(name)}</code> {escape(example['value']['texts'][language])}"
        for name, example in problem["examples"].items()
    )


def _type(name: str, schema: dict[str, Any], side: int) -> str:
    required = set(schema.get("required", ()))
    rows = "".join(
        f"<tr><td><code>{escape(field)}</code></td><td>{_kind(of)}"
        f"{' · ' + _word('required', side) if field in required else ''}</td></tr>"
        for field, of in schema.get("properties", {}).items()
    )
    head = f"<tr><th>{_word('field', side)}</th><th>{_word('type', side)}</th></tr>"
    table = f'<table tabindex="0">{head}{rows}</table>' if rows else f"<p>{_kind(schema)}</p>"
    text = escape(schema.get("description", "")).replace("\n", "<br>")
    return (
        f'<article id="type-{escape(name)}"><h3>{escape(name)}</h3><p>{text}</p>{table}</article>'
    )


def _kind(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return _link(schema["$ref"].rpartition("/")[2])
    for words in ("enum", "examples"):
        if words in schema:
            told = " · ".join(f"<code>{escape(str(word))}</code>" for word in schema[words])
            note = escape(schema.get("description", "")) if words == "examples" else ""
            return f"{note} {told}".strip()
    if "anyOf" in schema:
        return " | ".join(_kind(part) for part in schema["anyOf"])
    if "const" in schema:
        return f"<code>{escape(str(schema['const']))}</code>"
    kind = str(schema.get("format") or schema.get("type", ""))
    if kind == "array":
        return f"[ {_kind(schema['items'])} ]" if isinstance(schema.get("items"), dict) else "[ ]"
    return escape(kind)


def _link(name: str) -> str:
    return f'<a href="#type-{escape(name)}">{escape(name)}</a>'


def _said(operation: Operation, side: int) -> str:
    return (operation.zh, operation.en)[side]


def _word(name: str, side: int) -> str:
    return escape(_WORDS[name][side])


OPERATIONS: Final = (
    Operation(
        method="GET",
        path="/v1/openapi.json",
        id="openapi",
        group=REFERENCE,
        zh="本接口的 OpenAPI 3.1 文档。",
        en="The OpenAPI 3.1 document of this API.",
        answer=openapi,
    ),
    *(
        Operation(
            method="GET",
            path=path,
            id=id_,
            group=REFERENCE,
            zh=zh,
            en=en,
            answer=answer,
            media="text/html",
        )
        for path, id_, answer, zh, en in (
            ("/docs", "docs", page, "本文档页。", "This page."),
            ("/docs/zh", "docsZh", page_zh, "本文档页的中文版。", "This page in Chinese."),
            ("/docs/en", "docsEn", page_en, "本文档页的英文版。", "This page in English."),
        )
    ),
)
