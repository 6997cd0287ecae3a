"""The one shape of every error, asserted in one place."""

from typing import Any

import httpx

from liangming.errors import catalogue

ALLOWED = {
    "type",
    "title",
    "status",
    "code",
    "branch",
    "detail",
    "texts",
    "citations",
    "field",
    "retry_after",
    "incident",
}


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Assert the shape and return the problem."""
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    shaped(told)
    assert told["status"] == status
    if status in {429, 503}:
        assert answer.headers["retry-after"] == str(told["retry_after"])
    if status == 405:
        assert answer.headers["allow"]
    if status == 401:
        assert answer.headers["www-authenticate"].startswith("Bearer")
    assert (status == 500) == ("incident" in told)
    usual(answer)
    return told


def shaped(told: dict[str, Any]) -> None:
    """The shape alone, as it also stands in a line of a batch."""
    declared = {code.name: code for code in catalogue()}
    code = declared[told["code"]]
    assert set(told) <= ALLOWED
    assert told["type"] == f"/v1/errors#{code.name}"
    assert told["texts"] == {"zh": code.zh, "en": code.en}
    assert told["detail"] in {code.zh, code.en}
    assert told["title"]
    assert told["branch"] in {"misuse", "refusal", "outage"}
    for citation in told.get("citations", []):
        assert set(citation) == {"id", "title", "text"}


def usual(answer: httpx.Response) -> None:
    """What every answer carries."""
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "access-control-allow-origin" not in answer.headers
    assert "server" not in answer.headers
