"""Nothing about a person in an error, a log line, an address, a header or a metric.

Recognisable values are planted in every field of every operation that takes a body, in paths,
queries and headers; everything that comes back or is written down is searched for them.
"""

import asyncio
import contextlib
import json
import logging
from typing import Any

import pytest
from tests.api.conftest import Door

from liangming.api import log
from liangming.api.docs import described
from liangming.api.table import OPERATIONS

CANARIES = ("990101199003071237", "金丝雀", "13800138000", "canary-value")


def planted(schema: dict[str, Any], schemas: dict[str, Any], canary: str, depth: int = 0) -> Any:
    """A value of the schema's outline with the canary in every text, number or odd place."""
    kind = schema.get("type")
    if depth > 6:
        return canary
    if "$ref" in schema or "anyOf" in schema:
        inner = schema["anyOf"][0] if "anyOf" in schema else _named(schema, schemas)
        return planted(inner, schemas, canary, depth + 1)
    if kind == "object":
        fields = schema.get("properties", {}).items()
        return {name: planted(of, schemas, canary, depth + 1) for name, of in fields}
    if kind == "array":
        return [planted(schema.get("items") or {}, schemas, canary, depth + 1)]
    return schema.get("const", canary)


def _named(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    return schemas[schema["$ref"].rpartition("/")[2]]


def variants(body: dict[str, Any], canary: str) -> list[Any]:
    """All fields planted; each planted alone; an unknown field; not an object at all."""
    return [
        body,
        *({key: value} for key, value in body.items()),
        {canary: canary},
        canary,
        [canary],
    ]


@pytest.mark.parametrize("canary", CANARIES)
async def test_no_planted_value_comes_back_or_is_written_down(
    door: Door, canary: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    schemas = described()["components"]["schemas"]
    check = await door.choosing("demo.face")
    seen: list[str] = []
    for operation in OPERATIONS:
        path = operation.path.replace("{id}", check).replace("{scene}", "demo.counter")
        odd = operation.path.replace("{id}", canary).replace("{scene}", canary)
        bodies: list[Any] = [None]
        if operation.body is not None:
            made = planted(schemas[operation.body.type.__name__], schemas, canary)
            bodies = variants(made, canary)
            if isinstance(made, dict) and "scene" in made:
                bodies += [{**made, "scene": "demo.counter"}]
            bodies += [_close(operation.example, door, canary)]
        for body in bodies:
            content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
            for target in (path, odd, f"{path}?name={canary}"):
                answer = await door.http.request(
                    operation.method,
                    target,
                    content=content,
                    headers={
                        "content-type": operation.takes,
                        "x-name": canary.encode(),
                        "idempotency-key": canary.encode(),
                        "accept-language": canary.encode(),
                    },
                )
                seen.append(f"{answer.text}{answer.headers}")
                answer = await door.http.request(
                    operation.method,
                    target,
                    content=content,
                    headers={"content-type": operation.takes},
                )
                seen.append(f"{answer.text}{answer.headers}")
    answer = await door.http.get(f"/v1/{canary}", headers={"authorization": canary.encode()})
    seen.append(f"{answer.text}{answer.headers}")
    metrics = (await door.http.get("/metrics")).text
    lines = [record.getMessage() for record in caplog.records if _ours(record)]
    assert len(seen) > 200
    assert len(lines) > 200
    for text in (*seen, *lines, metrics):
        assert canary not in text
    door.world.planted = {canary}
    door.world.nothing_leaked()


def _ours(record: logging.LogRecord) -> bool:
    return not record.name.startswith(("httpx", "httpcore"))  # the test's own client


def _close(example: Any, door: Door, canary: str) -> Any:
    """A body that gets as far as the evidence, with the canary as number and names."""
    if not isinstance(example, dict) or "evidence" not in example:
        return example
    evidence = {**example["evidence"], "number": canary, "name": canary, "waybill_name": canary}
    if "scene" not in example:
        return {"evidence": evidence}
    return {
        **example,
        "scene": "demo.counter",
        "notice": door.notices["demo.counter"],
        "evidence": evidence,
    }


async def test_a_failure_of_our_own_is_logged_by_place_and_never_by_words(
    door: Door, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.api.shape import problem

    async def broken(*_: object) -> None:
        try:
            {}["金丝雀"]
        except KeyError as inner:
            raise ZeroDivisionError("13800138000") from inner

    monkeypatch.setattr(type(door.world.premises.store), "check", broken)
    check = await door.opened()
    told = problem(await door.http.get(f"/v1/checks/{check}"), 500, "api.internal")
    [record] = [r for r in caplog.records if r.name == "liangming.api.incident"]
    line = record.getMessage()
    assert line.startswith(
        f"{told['incident']} builtins.ZeroDivisionError at tests/api/test_canary"
    )
    assert "builtins.KeyError" in line
    assert "金丝雀" not in line
    assert "13800138000" not in line
    assert record.exc_info is None


async def test_the_access_log_has_templates_and_no_paths(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "liangming.api.access")
    check = await door.opened()
    await door.http.get(f"/v1/checks/{check}?x=1")
    await door.http.get("/v1/13800138000")
    await door.http.request("13800138000", "/healthz")
    lines = [r.getMessage() for r in caplog.records if r.name == "liangming.api.access"]
    words = [line.split() for line in lines]
    assert [(w[0], w[1], w[2]) for w in words] == [
        ("POST", "/v1/checks", "201"),
        ("GET", "/v1/checks/{id}", "200"),
        ("GET", "-", "404"),
        ("other", "/healthz", "405"),
    ]
    assert [w[4] for w in words] == [door.client, door.client, "-", "-"]


async def test_lines_of_requests_go_out_together_in_their_order_and_none_is_left(
    door: Door, caplog
) -> None:
    caplog.set_level(logging.INFO, "liangming.api.access")
    written: list[str] = []
    lines = log.Gathered(written.append, door.world.clock)
    writing = asyncio.create_task(log.gather(lines))
    await asyncio.sleep(0)  # it runs
    await door.http.get("/v1/scenes")
    await door.http.post("/v1/checks:whole", json={})
    lines.flush()
    await door.http.get("/healthz")
    writing.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await writing
    await door.http.get("/healthz")
    told = [line.split(" ")[2:7] for line in "".join(written).splitlines()]
    assert told == [
        ["INFO", "liangming.api.access", "GET", "/v1/scenes", "200"],
        ["INFO", "liangming.api.access", "POST", "/v1/checks:whole", "422"],
        ["INFO", "liangming.api.access", "GET", "/healthz", "200"],
    ]
    assert [r.getMessage().split(" ")[1] for r in caplog.records] == ["/healthz"]
