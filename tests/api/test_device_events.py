"""Signed events over HTTP: NDJSON both ways, harmless to repeat, a scope of their own."""

from __future__ import annotations

import json

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.api.conftest import Door
from tests.api.shape import problem
from tests.device.test_device import KEY, line

from liangming.device import enrol
from liangming.ledger.device import key_text

NDJSON = {"content-type": "application/x-ndjson"}


async def enrolled(door: Door) -> str:
    house = door.world.premises
    device = await enrol(
        house,
        door.api.lobby.desk.docket,
        name="一号柜台",
        scene="demo.counter",
        key=key_text(KEY.public_key()),
        actor="test",
    )
    return device.id


async def send(door: Door, *lines: bytes) -> list[dict]:
    headers = {**NDJSON, **await door.another("device-events", operator="demo")}
    answer = await door.http.post("/v1/device-events", content=b"\n".join(lines), headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(each) for each in answer.content.splitlines()]


async def test_lines_are_taken_repeated_forked_or_refused_each_alone(door: Door) -> None:
    device = await enrolled(door)
    rows = await send(
        door,
        line(device, 0),
        b"",
        b"nonsense",
        line(device, 0),
        line(device, 0, frames=3),
        line(device, 1, key=Ed25519PrivateKey.generate()),
    )
    assert [(row["line"], row["status"]) for row in rows] == [
        (1, 201), (3, 400), (4, 200), (5, 409), (6, 422),
    ]  # fmt: skip
    assert [row.get("outcome") for row in rows] == ["taken", None, "repeated", "forked", None]
    assert rows[0] == {
        "line": 1, "status": 201, "device": device, "seq": 0, "outcome": "taken",
    }  # fmt: skip
    assert [row["problem"]["code"] for row in rows if "problem" in row] == [
        "ledger.device-event-malformed",
        "device.number-used",
        "ledger.device-event-signature",
    ]


async def test_the_scope_is_its_own_and_devices_of_others_do_not_exist(door: Door) -> None:
    device = await enrolled(door)
    headers = {**NDJSON, **await door.another("checks:write", operator="demo")}
    answer = await door.http.post("/v1/device-events", content=line(device, 0), headers=headers)
    problem(answer, 403, "api.scope-missing")
    headers = {**NDJSON, **await door.another("device-events", operator="others")}
    answer = await door.http.post("/v1/device-events", content=line(device, 0), headers=headers)
    assert json.loads(answer.content)["problem"]["code"] == "device.unknown"


async def test_an_idempotency_key_is_not_taken(door: Door) -> None:
    headers = {**NDJSON, **await door.another("device-events"), "idempotency-key": "k" * 20}
    answer = await door.http.post("/v1/device-events", content=b"{}", headers=headers)
    problem(answer, 400, "api.idempotency-key-not-here")
