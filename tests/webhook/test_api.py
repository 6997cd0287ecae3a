"""Subscriptions over HTTP: told once, seen by who made them, and ended with their client."""

import json
from pathlib import Path

import pytest_asyncio
from tests.api.conftest import Door, made
from tests.api.shape import problem
from tests.webhook.conftest import House, Receiver

from liangming import access
from liangming.api import Settings
from liangming.storage.beside import BesideStore
from liangming.webhook import Networks, sign


@pytest_asyncio.fixture
async def door(tmp_path: Path):
    async with made(tmp_path, Settings(networks=Networks(loopback=True))) as ready:
        yield ready


async def subscribed(door: Door, receiver: Receiver, **more: object) -> dict[str, object]:
    body = {"url": receiver.url, "events": ["check.concluded"], **more}
    answer = await door.http.post("/v1/webhooks", json=body)
    assert answer.status_code == 201, answer.text
    told: dict[str, object] = answer.json()
    return told


async def test_from_a_subscription_to_a_verified_message_over_http(
    door: Door, receiver: Receiver
) -> None:
    told = await subscribed(door, receiver)
    house = House(door, door.api.lobby.networks)
    await house.passed()
    ping = await door.http.post(f"/v1/webhooks/{told['id']}/ping")
    assert ping.status_code == 202
    await house.posted()
    key = sign.read_text(str(told["secret"]))
    for headers, body in receiver.came:
        sign.verify(key, headers, body, now=int(headers["webhook-timestamp"]))
    types = sorted(json.loads(body)["type"] for _, body in receiver.came)
    assert types == ["check.concluded", "ping"]
    listed = (await door.http.get(f"/v1/webhooks/{told['id']}/deliveries")).json()
    assert [(d["state"], d["attempts"][0]["status"]) for d in listed["deliveries"]] == [
        ("taken", 204),
        ("taken", 204),
    ]
    assert listed["next"] == ""
    again = await door.http.post(f"/v1/deliveries/{listed['deliveries'][0]['id']}/again")
    assert again.status_code == 202
    problem(
        await door.http.post(f"/v1/deliveries/{listed['deliveries'][0]['id']}/again"),
        409,
        "webhook.not-now",
    )


async def test_the_secret_is_told_when_it_is_made_and_never_again(
    door: Door, receiver: Receiver
) -> None:
    told = await subscribed(door, receiver)
    where = f"/v1/webhooks/{told['id']}"
    assert "secret" in (await door.http.get(where)).json()
    assert (await door.http.get(where)).json()["secret"] is None
    new = await door.http.post(f"{where}/secret", json={"overlap_hours": 0})
    assert new.status_code == 201
    assert new.json()["secret"] != told["secret"]


async def test_another_client_and_another_operator_see_nothing_of_it(
    door: Door, receiver: Receiver
) -> None:
    told = await subscribed(door, receiver)
    where = f"/v1/webhooks/{told['id']}"
    for operator in ("demo", "others"):
        headers = await door.another("webhooks", operator=operator)
        assert (await door.http.get("/v1/webhooks", headers=headers)).json() == {"webhooks": []}
        for method, path in (
            ("GET", ""),
            ("DELETE", ""),
            ("POST", "/ping"),
            ("GET", "/deliveries"),
        ):
            answer = await door.http.request(method, where + path, headers=headers)
            problem(answer, 404, "webhook.unknown")


async def test_a_limited_client_subscribes_to_no_more_than_it_sees(
    door: Door, receiver: Receiver
) -> None:
    key = await access.create(
        door.world.premises,
        name="till",
        operator="demo",
        scopes=["webhooks"],
        scenes=["demo.counter"],
    )
    headers = {"authorization": f"Bearer {key}"}
    body = {"url": receiver.url, "events": ["check.concluded"]}
    own = await door.http.post("/v1/webhooks", json=body, headers=headers)
    assert own.json()["scenes"] == ["demo.counter"]
    more = await door.http.post(
        "/v1/webhooks", json={**body, "scenes": ["demo.face"]}, headers=headers
    )
    problem(more, 422, "webhook.form")


async def test_a_subscription_is_paused_resumed_and_ended(door: Door, receiver: Receiver) -> None:
    told = await subscribed(door, receiver)
    where = f"/v1/webhooks/{told['id']}"
    assert (await door.http.post(f"{where}/state", json={"state": "paused"})).json()[
        "state"
    ] == "paused"
    problem(await door.http.post(f"{where}/ping"), 409, "webhook.not-now")
    assert (await door.http.post(f"{where}/state", json={"state": "active"})).json()[
        "state"
    ] == "active"
    assert (await door.http.delete(where)).status_code == 200
    problem(await door.http.get(where), 404, "webhook.unknown")


async def test_a_revoked_client_s_subscriptions_end_in_the_same_commit(
    door: Door, receiver: Receiver
) -> None:
    told = await subscribed(door, receiver)
    await access.revoke(door.world.premises, door.client, actor="wang-01")
    house = House(door, door.api.lobby.networks)
    record = await house.docket.get(str(told["id"]))
    assert record.state == "ended"
    assert [leaf.tag for leaf in await house.store.leaves(record.id)][-1].endswith(":ended")


async def test_production_takes_no_address_on_this_machine(
    tmp_path: Path, receiver: Receiver
) -> None:
    async with made(tmp_path) as production:
        for url, code in (
            (receiver.url, "webhook.address-unfit"),
            ("https://127.0.0.1/", "webhook.address-private"),
        ):
            body = {"url": url, "events": ["check.concluded"]}
            problem(await production.http.post("/v1/webhooks", json=body), 422, code)


async def test_a_key_that_another_process_revokes_stops_within_a_second(door: Door) -> None:
    import dataclasses

    headers = await door.another("scenes:read")
    client = headers["authorization"].removeprefix("Bearer lmk_")[:30]
    assert (await door.http.get("/v1/scenes", headers=headers)).status_code == 200
    premises = door.world.premises
    other = BesideStore(premises.store._path, clock=premises.clock)
    await other.open()
    await access.revoke(dataclasses.replace(premises, store=other), client)
    await other.close()
    door.tick.at += 1.01
    problem(await door.http.get("/v1/scenes", headers=headers), 401, "api.key-invalid")
