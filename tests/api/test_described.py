"""What is served and what is documented are the same, and stand up to being searched."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from tests.api.conftest import Door
from tests.api.shape import problem, usual

from liangming.api import docs
from liangming.api.docs import described, html
from liangming.api.openapi import codes_of
from liangming.api.table import OPERATIONS
from liangming.errors import Kind, catalogue
from liangming.law import CORPUS

ROOT = Path(__file__).parents[2]


def test_every_route_is_documented_and_every_documented_route_is_served() -> None:
    listed = {(o.method.lower(), o.path) for o in (*OPERATIONS, *docs.OPERATIONS)}
    told = {(m, path) for path, methods in described()["paths"].items() for m in methods}
    assert listed == told


def test_operation_ids_are_unique_and_every_cited_article_is_on_file() -> None:
    ids = [o.id for o in (*OPERATIONS, *docs.OPERATIONS)]
    assert len(ids) == len(set(ids))
    for operation in OPERATIONS:
        assert set(operation.law) <= set(CORPUS.articles), operation.id


def test_every_example_is_taken_by_its_own_decoder() -> None:
    for operation in OPERATIONS:
        if operation.body is not None:
            operation.body.decode(json.dumps(operation.example).encode())


def test_every_reference_in_the_document_leads_somewhere() -> None:
    text = json.dumps(described())
    schemas = set(described()["components"]["schemas"])
    assert set(re.findall(r"#/components/schemas/([A-Za-z0-9_]+)", text)) <= schemas


def test_every_operation_tells_its_failures_with_declared_codes() -> None:
    known = {code.name for code in catalogue()}
    for operation in OPERATIONS:
        codes = {code.name for code in codes_of(operation)}
        assert codes <= known
        assert "api.internal" in codes


def test_every_code_of_this_door_can_be_raised_by_some_operation_or_is_said_elsewhere() -> None:
    told = {code.name for operation in OPERATIONS for code in codes_of(operation)}
    ours = {code.name for code in catalogue() if code.name.startswith("api.")}
    elsewhere = {
        "api.no-such-address",  # no operation
        "api.method-not-allowed",  # no operation
        "api.line-too-long",  # in a line of a batch
        "api.head-too-large",  # before there is a call
        "api.http-malformed",  # before there is a call
    }
    assert ours - told == elsewhere


def test_the_integrators_guide_names_every_route_scope_and_own_code() -> None:
    guide = (ROOT / "docs" / "integrator.md").read_text(encoding="utf-8")
    for operation in (*OPERATIONS, *docs.OPERATIONS):
        assert f"`{operation.method} {operation.path}`" in guide, operation.path
        if operation.scope is not None:
            assert f"`{operation.scope.value}`" in guide
    for code in catalogue():
        if code.name.startswith("api."):
            assert f"`{code.name}`" in guide, code.name
    for kind in Kind:
        assert f"`{kind.value}`" in guide


async def test_the_document_and_the_page_are_served_to_anybody(door: Door) -> None:
    for path, media in (
        ("/v1/openapi.json", "application/json"),
        ("/docs", "text/html; charset=utf-8"),
        ("/docs/zh", "text/html; charset=utf-8"),
        ("/docs/en", "text/html; charset=utf-8"),
        ("/healthz", "application/json"),
        ("/readyz", "application/json"),
        ("/v1/errors", "application/json"),
    ):
        answer = await door.http.get(path, headers={"authorization": ""})
        assert answer.status_code == 200, path
        assert answer.headers["content-type"] == media
        usual(answer)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        named = dict(attrs)
        assert "style" not in named
        assert not any(name.startswith("on") for name in named)
        self.links += [v for n, v in attrs if n in {"href", "src", "action"} and v]
        if named.get("id"):
            self.ids.append(str(named["id"]))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_runs_nothing_asks_nothing_from_outside_and_links_lead_somewhere(
    language: Any,
) -> None:
    page = _Page()
    page.feed(html(language))
    assert not {"script", "img", "link", "iframe", "form"} & set(page.tags)
    assert all(link.startswith(("#", "/")) and not link.startswith("//") for link in page.links)
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert page.tags.count("h1") == 1


async def test_the_policy_names_the_one_style_sheet(door: Door) -> None:
    import base64
    import hashlib

    answer = await door.http.get("/docs/zh")
    style = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    [digest] = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in style]
    policy = answer.headers["content-security-policy"]
    assert f"style-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy


async def test_metrics_count_templates_and_need_their_scope(door: Door) -> None:
    check = await door.opened()
    await door.http.get(f"/v1/checks/{check}")
    await door.http.post("/v1/checks:whole", json=door.whole())
    text = (await door.http.get("/metrics")).text
    assert 'liangming_whole_checks_total{outcome="passed"} 1' in text.splitlines()
    assert (
        'liangming_http_requests_total{route="/v1/checks/{id}",method="GET",status="200"} 1'
        in text.splitlines()
    )
    assert check not in text
    assert door.client not in text


async def test_not_ready_is_an_outage_in_the_same_shape(door: Door) -> None:
    await door.world.premises.store.close()
    problem(await door.http.get("/readyz"), 503, "storage.unavailable")
    assert (await door.http.get("/healthz")).status_code == 200
    await door.world.premises.store.open()
