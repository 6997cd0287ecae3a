"""The same POST twice is one check."""

import asyncio

import pytest
from tests.api.conftest import Door
from tests.api.shape import problem

KEY = {"idempotency-key": "7f6d2a52-3f1e-4d0c-9f57-3b1f0f6f2a10"}


async def checks(door: Door) -> int:
    return (await door.world.premises.store.counts())["checks"]


@pytest.mark.parametrize("path", ["/v1/checks", "/v1/checks:whole"])
async def test_the_same_request_again_gives_the_stored_answer(door: Door, path: str) -> None:
    body = {"scene": "demo.counter"} if path == "/v1/checks" else door.whole()
    first = await door.http.post(path, json=body, headers=KEY)
    again = await door.http.post(path, json=body, headers={**KEY, "accept-language": "en"})
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["content-language"] == first.headers["content-language"]
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert await checks(door) == 1


async def test_the_same_key_with_another_body_is_refused(door: Door) -> None:
    await door.http.post("/v1/checks", json={"scene": "demo.counter"}, headers=KEY)
    other = await door.http.post("/v1/checks", json={"scene": "demo.face"}, headers=KEY)
    problem(other, 422, "api.idempotency-key-reused")
    assert await checks(door) == 1


async def test_a_key_belongs_to_one_client_and_one_route(door: Door) -> None:
    body = {"scene": "demo.counter"}
    await door.http.post("/v1/checks", json=body, headers=KEY)
    headers = {**KEY, **await door.another()}
    assert (await door.http.post("/v1/checks", json=body, headers=headers)).status_code == 201
    whole = await door.http.post("/v1/checks:whole", json=door.whole(), headers=KEY)
    assert whole.status_code == 201
    assert await checks(door) == 3


async def test_fifty_identical_requests_at_once_make_one_check(door: Door) -> None:
    answers = await asyncio.gather(
        *(door.http.post("/v1/checks:whole", json=door.whole(), headers=KEY) for _ in range(50))
    )
    for answer in answers:
        if answer.status_code == 409:
            problem(answer, 409, "api.idempotency-key-running")
            assert answer.headers["retry-after"] == "1"
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({a.json()["id"] for a in answers if a.status_code == 201}) == 1
    assert await checks(door) == 1
    late = await door.http.post("/v1/checks:whole", json=door.whole(), headers=KEY)
    assert late.headers["idempotency-replayed"] == "true"


async def test_two_processes_that_race_make_one_check(door: Door) -> None:
    import httpx

    from liangming.api import build_api

    other = httpx.AsyncClient(
        transport=httpx.ASGITransport(app=build_api(door.world.premises)),
        base_url="http://other",
        headers=door.http.headers,
    )
    async with other:
        answers = await asyncio.gather(
            *(
                client.post("/v1/checks:whole", json=door.whole(), headers=KEY)
                for client in (door.http, other)
            )
        )
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    assert await checks(door) == 1


async def test_what_failed_is_not_remembered_and_may_be_mended(door: Door) -> None:
    bad = await door.http.post("/v1/checks", json={"scene": "nowhere"}, headers=KEY)
    problem(bad, 404, "check.scene-unknown")
    good = await door.http.post("/v1/checks", json={"scene": "demo.counter"}, headers=KEY)
    assert good.status_code == 201


async def test_a_key_that_is_no_key_is_refused(door: Door) -> None:
    for key in ("short", "x" * 129, "with space in it", '"unclosed'):
        answer = await door.http.post(
            "/v1/checks", json={"scene": "demo.counter"}, headers={"idempotency-key": key}
        )
        problem(answer, 400, "api.idempotency-key-form")


async def test_a_key_where_it_would_promise_nothing_is_refused(door: Door) -> None:
    check = await door.opened()
    for path in (f"/v1/checks/{check}/notice", "/v1/pickup-codes", "/v1/checks:batch"):
        problem(await door.http.post(path, headers=KEY), 400, "api.idempotency-key-not-here")


async def test_neither_key_nor_body_is_stored(door: Door) -> None:
    headers = {"idempotency-key": "parcel-of-13800138000"}
    await door.http.post("/v1/checks:whole", json=door.whole(), headers=headers)
    door.world.planted |= {"13800138000"}
    door.world.nothing_leaked()
