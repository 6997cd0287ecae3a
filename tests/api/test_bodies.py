"""What is not taken, and how it is told; nothing of it comes back."""

import asyncio

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.api.conftest import Door, made
from tests.api.shape import problem

from liangming.api import Settings
from liangming.api.bodies import EvidenceBody, WholeBody
from liangming.api.body import Body
from liangming.api.language import preferred
from liangming.errors import Misuse

JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("raw", "status", "code", "field"),
    [
        (b"", 400, "api.json-malformed", ""),
        (b"{", 400, "api.json-malformed", ""),
        (b'{"scene":"\xff"}', 400, "api.json-malformed", ""),
        (b'{"scene":"a"} x', 400, "api.json-malformed", ""),
        (b"[" * 100_000, 422, "api.field-type", ""),
        (b"null", 422, "api.field-type", ""),
        (b"{}", 422, "api.field-missing", "scene"),
        (b'{"scene":1}', 422, "api.field-type", "scene"),
        (b'{"scene":"a b"}', 422, "api.field-value", "scene"),
        (b'{"scene":"demo.counter","subject":"zhangsan"}', 422, "api.field-value", "subject"),
        (b'{"scene":"demo.counter","zhangsan":1}', 422, "api.field-unknown", ""),
        (b'{"scene":"demo.counter","thing":"nothing"}', 422, "check.thing-does-not-fit", "thing"),
    ],
)
async def test_a_body_that_does_not_fit_says_where_and_nothing_else(
    door: Door, raw: bytes, status: int, code: str, field: str
) -> None:
    answer = await door.http.post("/v1/checks", content=raw, headers=JSON)
    assert problem(answer, status, code).get("field", "") == field
    assert "zhangsan" not in answer.text


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"evidence": {"kind": "zhangsan"}}, "evidence.kind"),
        ({"evidence": {}}, "evidence.kind"),
        ({"evidence": {"kind": "document", "mrz": ["a", 5]}}, "evidence.mrz[1]"),
        ({"evidence": {"kind": "document", "zhangsan": "x"}}, "evidence"),
        ({"evidence": {"kind": "payment", "reference": "x", "by": "zhangsan"}}, "evidence.by"),
        (
            {"evidence": {"kind": "organisation", "uscc": "x", "representative": {"number": 5}}},
            "evidence.representative.number",
        ),
    ],
)
async def test_the_path_leads_into_the_evidence(door: Door, body: dict, field: str) -> None:
    check = await door.choosing()
    answer = await door.http.post(f"/v1/checks/{check}/evidence", json=body)
    assert answer.json()["field"] == field
    assert "zhangsan" not in answer.text
    problem(answer, 422, answer.json()["code"])


@given(st.text(min_size=3).filter(lambda t: t not in "evidence.kind$[…]"))
def test_no_text_that_was_sent_ever_comes_back_in_a_misfit(text: str) -> None:
    import msgspec

    marked = f"秘{text}密"
    for value in (
        {"evidence": {"kind": marked}},
        {"evidence": {"kind": "document", marked: 1}},
        {
            "evidence": {
                "kind": "face",
                "outcome": marked,
                "device": "",
                "nonce": "",
                "signature": "",
            }
        },
        {marked: marked},
        {"evidence": marked},
    ):
        for body in (Body(EvidenceBody), Body(WholeBody)):
            with pytest.raises(Misuse) as misfit:
                body.decode(msgspec.json.encode(value))
            assert marked not in f"{misfit.value!r}{misfit.value}{misfit.value.field}"
            assert misfit.value.__cause__ is None


@given(st.binary())
def test_any_bytes_are_a_body_or_a_misuse(raw: bytes) -> None:
    try:
        Body(EvidenceBody).decode(raw)
    except Misuse:
        return


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "application/json; charset=gbk"},
        {"content-type": "application/json", "content-encoding": "gzip"},
    ],
)
async def test_another_media_type_is_415(door: Door, headers: dict[str, str]) -> None:
    answer = await door.http.post("/v1/checks", content=b'{"scene":"a"}', headers=headers)
    problem(answer, 415, "api.media-type")


async def test_json_with_its_charset_is_taken(door: Door) -> None:
    answer = await door.http.post(
        "/v1/checks",
        content=b'{"scene":"demo.counter"}',
        headers={"content-type": 'Application/JSON; charset="UTF-8"'},
    )
    assert answer.status_code == 201


async def test_a_method_that_is_not_taken_is_405_with_those_that_are(door: Door) -> None:
    answer = await door.http.put("/v1/checks/x/consent")
    problem(answer, 405, "api.method-not-allowed")
    assert answer.headers["allow"] == "DELETE, POST"
    assert (await door.http.put("/v1/scenes")).headers["allow"] == "GET, HEAD"


async def test_head_has_the_headers_and_no_body(door: Door) -> None:
    head = await door.http.head("/v1/scenes")
    get = await door.http.get("/v1/scenes")
    assert head.content == b""
    assert head.headers["content-length"] == get.headers["content-length"]


async def test_a_body_beyond_the_limit_is_413_stated_or_not(tmp_path) -> None:
    async with made(tmp_path, Settings(body_bytes=100)) as door:
        large = b'{"scene":"' + b"x" * 100 + b'"}'

        async def in_parts():
            for at in range(0, len(large), 10):
                yield large[at : at + 10]

        for content in (large, in_parts()):
            answer = await door.http.post("/v1/checks", content=content, headers=JSON)
            problem(answer, 413, "api.body-too-large")


async def raw_call(door: Door, receive) -> list[dict]:
    sent: list[dict] = []

    async def send(message: dict) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/checks",
        "headers": [
            (b"authorization", f"Bearer {door.key}".encode()),
            (b"content-type", b"application/json"),
        ],
    }
    await door.api(scope, receive, send)
    return sent


async def test_half_a_body_that_stalls_is_408(tmp_path) -> None:
    async with made(tmp_path, Settings(body_seconds=0.05)) as door:
        parts = [{"type": "http.request", "body": b'{"sce', "more_body": True}]

        async def stall() -> dict:
            if parts:
                return parts.pop()
            await asyncio.sleep(60)
            raise AssertionError

        start, body = await raw_call(door, stall)
        answer = httpx.Response(start["status"], headers=start["headers"], content=body["body"])
        problem(answer, 408, "api.body-too-slow")
        assert answer.headers["connection"] == "close"


async def test_a_client_that_hangs_up_is_not_answered_and_changes_nothing(door: Door) -> None:
    parts = [
        {"type": "http.disconnect"},
        {"type": "http.request", "body": b'{"scene":"demo.counter"}', "more_body": True},
    ]

    async def hang_up() -> dict:
        return parts.pop()

    assert await raw_call(door, hang_up) == []
    assert (await door.world.premises.store.counts())["checks"] == 0


async def test_a_client_that_is_too_fast_waits_and_others_do_not(tmp_path) -> None:
    async with made(tmp_path, Settings(rate=2, burst=3)) as door:
        other = await door.another()
        for _ in range(3):
            assert (await door.http.get("/v1/methods")).status_code == 200
        told = problem(await door.http.get("/v1/methods"), 429, "api.too-fast")
        assert told["retry_after"] == 1
        assert (await door.http.get("/v1/methods", headers=other)).status_code == 200
        door.tick.at += 0.5
        assert (await door.http.get("/v1/methods")).status_code == 200


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "zh"),
        (b"", "zh"),
        (b"en", "en"),
        (b"en-US,en;q=0.9", "en"),
        (b"zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        (b"en;q=0.5, zh;q=0.9", "zh"),
        (b"fr, en;q=0.1", "en"),
        (b"fr", "zh"),
        (b"en;q=x", "zh"),
        (b"en;q=0", "zh"),
        (b"en;q=nan", "zh"),
        (b"\xff\xfe,en", "en"),
        (b"en," * 1000, "zh"),
    ],
)
def test_chinese_unless_english_is_preferred(header: bytes | None, language: str) -> None:
    assert preferred(header) == language
