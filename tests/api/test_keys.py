"""Keys, scopes, and what one operator sees of another."""

import asyncio

import pytest
from tests.api.conftest import Door
from tests.api.shape import problem

from liangming import access as keys
from liangming.access import Scope
from liangming.check.ports import STORE_DOWN
from liangming.errors import Misuse, Outage


async def test_without_a_key_nothing_is_told(door: Door) -> None:
    for header in ("", "Basic abc", "lmk_x"):
        answer = await door.http.get("/v1/scenes", headers={"authorization": header})
        problem(answer, 401, "api.key-missing")


async def test_a_wrong_key_an_unknown_client_and_a_malformed_key_look_alike(door: Door) -> None:
    wrong = door.key[:-1] + ("0" if door.key[-1] != "0" else "1")
    unknown = door.key.replace(door.client, "cli_01kb3xq4m2v8t6r0e5w9y7z1ab")
    told = [
        problem(
            await door.http.get("/v1/scenes", headers={"authorization": f"Bearer {key}"}),
            401,
            "api.key-invalid",
        )
        for key in (wrong, unknown, "lmk_x", door.key + "0", door.key.upper())
    ]
    assert all(problem_told == told[0] for problem_told in told)


async def test_a_revoked_key_stops_within_the_caches_second(door: Door) -> None:
    headers = await door.another()
    client = headers["authorization"].removeprefix("Bearer lmk_")[:30]
    assert (await door.http.get("/v1/scenes", headers=headers)).status_code == 200
    await keys.revoke(door.world.premises, client)
    door.tick.at += 1.01
    problem(await door.http.get("/v1/scenes", headers=headers), 401, "api.key-invalid")
    with pytest.raises(Misuse) as again:
        await keys.revoke(door.world.premises, client)
    assert again.value.code.name == "api.client-unknown"


async def test_a_busy_clients_row_is_read_anew_in_time_and_a_revoked_one_opens_no_longer(
    door: Door,
) -> None:
    header = (await door.another())["authorization"].encode()
    clients = door.api.lobby.clients
    client = await clients.recognise(header)
    for _ in range(4):  # far longer than a row is believed, and it never had to be asked for
        door.tick.at += 0.6
        assert clients.known(clients.presented(header)) == client
        await asyncio.gather(*clients._renewing.values())
    await keys.revoke(door.world.premises, client.id)
    door.tick.at += 0.6
    assert clients.known(clients.presented(header)) == client  # as it was read before
    await asyncio.gather(*clients._renewing.values())
    with pytest.raises(Misuse) as refused:
        clients.known(clients.presented(header))
    assert (refused.value.code.name, clients._renewing) == ("api.key-invalid", {})


async def test_a_row_that_cannot_be_read_anew_is_believed_to_its_end_and_no_longer(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = (await door.another())["authorization"].encode()
    clients = door.api.lobby.clients
    client = await clients.recognise(header)

    async def fails(_: str) -> None:
        raise Outage(STORE_DOWN)

    monkeypatch.setattr(door.world.premises.store, "client", fails)
    door.tick.at += 0.9
    assert clients.known(clients.presented(header)) == client
    await asyncio.gather(*clients._renewing.values())
    door.tick.at += 0.11
    assert clients.known(clients.presented(header)) is None


async def test_the_store_holds_a_digest_and_never_the_secret(door: Door) -> None:
    listed = await keys.listed(door.world.premises)
    assert [client.id for client in listed] == [door.client]
    door.world.planted.add(door.key[-64:])
    door.world.nothing_leaked()


async def test_a_client_needs_an_operator_a_name_and_known_scopes(door: Door) -> None:
    premises = door.world.premises
    for name, operator, scopes in (
        ("", "demo", ["checks:read"]),
        ("a", " ", ["checks:read"]),
        ("a", "demo", []),
        ("a", "demo", ["everything"]),
    ):
        with pytest.raises(Misuse) as refused:
            await keys.create(premises, name=name, operator=operator, scopes=scopes)
        assert refused.value.code.name == "api.client-form"


NEEDS = {
    Scope.CHECKS_READ: ("GET", "/v1/checks/chk_01kb3xq4m2v8t6r0e5w9y7z1ab"),
    Scope.CHECKS_WRITE: ("POST", "/v1/checks"),
    Scope.BATCH_WRITE: ("POST", "/v1/checks:batch"),
    Scope.SCENES_READ: ("GET", "/v1/scenes"),
    Scope.CODES_WRITE: ("POST", "/v1/pickup-codes"),
    Scope.LABELS_WRITE: ("POST", "/v1/labels"),
    Scope.ADMIN: ("GET", "/metrics"),
}


@pytest.mark.parametrize("scope", NEEDS)
async def test_each_scope_opens_its_own_doors_only(door: Door, scope: Scope) -> None:
    method, path = NEEDS[scope]
    others = [other.value for other in Scope if other is not scope]
    answer = await door.http.request(method, path, headers=await door.another(*others))
    problem(answer, 403, "api.scope-missing")
    answer = await door.http.request(method, path, headers=await door.another(scope.value))
    assert answer.status_code not in {401, 403}


async def test_another_operators_scenes_and_checks_do_not_exist(door: Door) -> None:
    check = await door.choosing()
    headers = await door.another(operator="others")
    scenes = (await door.http.get("/v1/scenes", headers=headers)).json()["scenes"]
    assert [scene["id"] for scene in scenes] == ["others.counter"]
    for path in ("/v1/scenes/demo.counter", "/v1/notices/demo.counter"):
        problem(await door.http.get(path, headers=headers), 404, "check.scene-unknown")
    problem(await door.http.get(f"/v1/checks/{check}", headers=headers), 404, "check.unknown")
    for method, path, body in (
        ("POST", "notice", {}),
        ("POST", "choice", {"method": "document.seen"}),
        ("POST", "declines", {"method": "document.seen"}),
        ("POST", "help", {}),
        ("POST", "face-notice", {"device": "dev-1"}),
        ("POST", "consent", {"device": "dev-1", "age": 30}),
        ("DELETE", "consent", None),
        ("POST", "evidence", {"evidence": {"kind": "refused-to-show"}}),
        ("POST", "conclusion", {"how": "walked-away"}),
        ("POST", "order-code", {}),
    ):
        answer = await door.http.request(
            method, f"/v1/checks/{check}/{path}", json=body, headers=headers
        )
        problem(answer, 404, "check.unknown")
    for path, body in (
        ("/v1/checks", {"scene": "demo.counter"}),
        ("/v1/checks:whole", door.whole()),
        ("/v1/pickup-codes", {"scene": "demo.locker", "parcel": "P1"}),
    ):
        answer = await door.http.post(path, json=body, headers=headers)
        problem(answer, 404, "check.scene-unknown")
    assert (await door.world.verify(check)).journey.events == 2
