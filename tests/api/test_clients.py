"""Clients and their keys: limits, terms, rotation, the second person, and what they called."""

from datetime import timedelta

import msgspec
import pytest
from tests.api.conftest import Door
from tests.api.shape import problem

from liangming import access
from liangming.access import Wish
from liangming.access.calls import EACH, EVERY, KEPT
from liangming.clock import micros
from liangming.errors import Misuse
from liangming.rights.retain import retain


async def client_of(door: Door, **wish: object) -> tuple[str, dict[str, str]]:
    """A client made on the server, and the header with its key."""
    key = await access.create(door.world.premises, **{"name": "till", "operator": "demo", **wish})
    return key[4:34], {"authorization": f"Bearer {key}"}


async def test_a_client_limited_to_a_scene_sees_nothing_of_the_others(door: Door) -> None:
    _, headers = await client_of(door, scenes=["demo.counter"])
    theirs = await door.http.get("/v1/scenes", headers=headers)
    assert [scene["id"] for scene in theirs.json()["scenes"]] == ["demo.counter"]
    ours = await door.choosing("demo.face")
    problem(await door.http.get(f"/v1/checks/{ours}", headers=headers), 404, "check.unknown")
    for path, body in (
        ("/v1/checks", {"scene": "demo.face"}),
        ("/v1/checks:whole", door.whole(scene="demo.face")),
        ("/v1/pickup-codes", {"scene": "demo.locker", "parcel": "P1"}),
    ):
        answer = await door.http.post(path, json=body, headers=headers)
        problem(answer, 404, "check.scene-unknown")
    answer = await door.http.post("/v1/checks:whole", json=door.whole(), headers=headers)
    assert answer.status_code == 201


async def test_a_client_limited_to_an_outlet_sees_its_scenes(door: Door) -> None:
    outlet = door.world.premises.scenes["demo.counter"].outlet.id
    _, headers = await client_of(door, outlets=[outlet])
    scenes = (await door.http.get("/v1/scenes", headers=headers)).json()["scenes"]
    assert len(scenes) == 3


@pytest.mark.parametrize(
    "wish",
    [
        {"scenes": ["demo.counter"], "scopes": ["rights"]},
        {"scenes": ["others.counter"]},
        {"outlets": ["nowhere"]},
        {"days": 401},
        {"days": -1},
        {"name": "x" * 61},
        {"name": "a\nb"},
    ],
)
async def test_a_wish_that_does_not_fit_is_refused(door: Door, wish: dict[str, object]) -> None:
    with pytest.raises(Misuse) as refused:
        await client_of(door, **wish)
    assert refused.value.code.name == "api.client-form"


async def test_a_key_ends_on_its_day_and_says_so_only_to_who_holds_it(door: Door) -> None:
    client, headers = await client_of(door, days=1)
    assert (await door.http.get("/v1/client", headers=headers)).json()["expires_at"]
    door.world.clock.move(timedelta(days=1))
    problem(await door.http.get("/v1/client", headers=headers), 401, "api.key-expired")
    guess = {"authorization": f"Bearer lmk_{client}_{'0' * 64}"}
    problem(await door.http.get("/v1/client", headers=guess), 401, "api.key-invalid")


async def test_after_a_rotation_both_keys_open_until_the_overlap_is_over(door: Door) -> None:
    _, old = await client_of(door, scopes=["key:rotate"], days=30)
    answer = await door.http.post("/v1/client/key", json={"overlap_hours": 2}, headers=old)
    assert answer.status_code == 201
    new = {"authorization": f"Bearer {answer.json()['key']}"}
    door.tick.at += 1.01
    for headers in (old, new):
        assert (await door.http.get("/v1/client", headers=headers)).status_code == 200
    door.world.clock.move(timedelta(hours=2))
    problem(await door.http.get("/v1/client", headers=old), 401, "api.key-expired")
    assert (await door.http.get("/v1/client", headers=new)).status_code == 200


async def test_a_second_rotation_ends_the_oldest_key_and_none_overlaps_if_none_is_asked(
    door: Door,
) -> None:
    client, first = await client_of(door)
    premises = door.world.premises
    overlap = timedelta(hours=2)
    second = await access.issue(premises, client, actor="wang-01", overlap=overlap)
    third = await access.issue(premises, client, actor="wang-01", overlap=overlap)
    last = {"authorization": f"Bearer {third}"}
    beside = {"authorization": f"Bearer {second}"}
    problem(await door.http.get("/v1/client", headers=first), 401, "api.key-invalid")
    assert (await door.http.get("/v1/client", headers=beside)).status_code == 200
    await access.stop_former(premises, client, operator="demo", actor="wang-01")
    door.tick.at += 1.01
    problem(await door.http.get("/v1/client", headers=beside), 401, "api.key-invalid")
    assert (await door.http.get("/v1/client", headers=last)).status_code == 200
    await access.issue(premises, client, actor="wang-01")
    door.tick.at += 1.01
    problem(await door.http.get("/v1/client", headers=last), 401, "api.key-invalid")


async def test_a_risky_right_waits_for_a_second_person(door: Door) -> None:
    premises = door.world.premises
    wish = Wish(operator="demo", name="app", scopes=("rights",))
    client = await access.ask(premises, wish, actor="wang-01")
    assert client.waits
    refused = []
    for deed in (
        access.issue(premises, client.id, actor="wang-01"),
        access.agree(premises, client.id, operator="demo", actor="wang-01"),
        access.agree(premises, client.id, operator="others", actor="li-02"),
    ):
        with pytest.raises(Misuse) as no:
            await deed
        refused.append(no.value.code.name)
    assert refused == ["access.client-waits", "access.not-yourself", "api.client-unknown"]
    await access.agree(premises, client.id, operator="demo", actor="li-02")
    key = await access.issue(premises, client.id, actor="wang-01")
    answer = await door.http.get("/v1/duties", headers={"authorization": f"Bearer {key}"})
    assert answer.status_code == 200


async def test_each_deed_has_an_act_and_a_leaf_that_name_no_secret(door: Door) -> None:
    premises = door.world.premises
    client, _ = await client_of(door)
    await access.revoke(premises, client, actor="wang-01")
    acts = await access.acts(premises, client)
    assert [(act.what, act.actor) for act in acts] == [
        ("access:client:revoked", "wang-01"),
        ("access:key:issued", "-"),
        ("access:client:asked", "-"),
    ]
    tags = [leaf.tag for _, leaf in await premises.store.leaves_after(-1, 99)]
    assert tags.count("access:client:revoked") == 1
    door.world.nothing_leaked()


async def lines(door: Door, query: str = "") -> list[dict[str, object]]:
    await door.api.lobby.diary.flush()
    answer = await door.http.get(f"/v1/client/calls{query}")
    assert answer.status_code == 200, answer.text
    told: list[dict[str, object]] = answer.json()["calls"]
    return told


async def test_a_client_reads_what_it_called_and_calls_that_are_alike_are_one_line(
    door: Door,
) -> None:
    check = await door.choosing()
    for _ in range(3):
        await door.http.get(f"/v1/checks/{check}")
    failed = await door.http.get("/v1/scenes/nowhere")
    told = {(line["route"], line["status"]): line for line in await lines(door)}
    read = told["/v1/checks/{id}", 200]
    assert (read["count"], read["method"], read["code"]) == (3, "GET", "")
    (line,) = await lines(door, "?failed=1")
    assert line["code"] == "check.scene-unknown"
    assert line["request"] == failed.headers["request-id"]
    assert await lines(door, "?code=api.too-fast") == []
    assert (await lines(door, "?code=check.scene-unknown"))[0]["route"] == "/v1/scenes/{id}"


async def test_another_client_s_calls_are_not_told(door: Door) -> None:
    await door.http.get("/v1/scenes")
    headers = await door.another("scenes:read")
    await door.api.lobby.diary.flush()
    answer = await door.http.get("/v1/client/calls", headers=headers)
    assert answer.json() == {"calls": [], "next": ""}


async def test_many_failures_of_a_span_are_kept_one_by_one_up_to_a_bound(door: Door) -> None:
    for _ in range(EACH + 5):
        await door.http.get("/v1/scenes/nowhere")
    counts = sorted(int(str(line["count"])) for line in await lines(door, "?failed=1"))
    assert counts == [1] * EACH + [5]


async def test_pages_of_calls_follow_one_another_without_gap_or_repeat(door: Door) -> None:
    for _ in range(6):
        for _ in range(EACH):
            await door.http.get("/v1/scenes/nowhere")
        await door.api.lobby.diary.flush()
    seen, before = [], ""
    for _ in range(3):
        query = f"?failed=1{before}"
        answer = (await door.http.get(f"/v1/client/calls{query}")).json()
        seen += [line["request"] for line in answer["calls"]]
        before = f"&before={answer['next']}"
    assert (len(seen), len(set(seen)), before) == (120, 120, "&before=")


@pytest.mark.parametrize(
    "query", ["?what=1", "?failed=2", "?before=x", "?code=", "?failed=1&failed=1", "?code=%ff"]
)
async def test_a_query_that_is_not_taken_is_refused(door: Door, query: str) -> None:
    problem(await door.http.get(f"/v1/client/calls{query}"), 422, "api.query-unfit")


async def test_lines_go_after_a_week_and_the_day_of_last_use_is_a_day(door: Door) -> None:
    await door.http.get("/v1/scenes")
    assert await lines(door)
    client = await door.world.premises.store.client(door.client)
    day = (client.used_on or 0) / 3_600_000_000
    assert (day + 8) % 24 == 0  # midnight in China
    assert (client.used_on or 0) <= micros(door.world.clock.now())
    door.world.clock.move(KEPT + timedelta(seconds=EVERY))
    await retain(door.api.lobby.desk)
    assert await door.api.lobby.desk.docket.count("call") == 0


async def test_lines_that_cannot_be_written_are_lost_and_calls_go_on(
    door: Door, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from liangming.check.ports import STORE_DOWN
    from liangming.errors import Outage

    async def down(*_: object, **__: object) -> None:
        raise Outage(STORE_DOWN)

    diary = door.api.lobby.diary
    await door.http.get("/v1/scenes")
    monkeypatch.setattr(diary._docket, "commit", down)
    await diary.flush()
    assert "1 (storage.unavailable)" in caplog.text
    assert (await door.http.get("/v1/scenes")).status_code == 200


async def test_every_answer_has_an_id_of_its_own_that_says_nothing(door: Door) -> None:
    ids = [(await door.http.get("/v1/scenes")).headers["request-id"] for _ in range(3)]
    ids.append((await door.http.get("/v1/nowhere")).headers["request-id"])
    assert len(set(ids)) == 4
    assert len({number.partition("-")[0] for number in ids}) == 1


async def test_no_line_holds_a_body_an_id_or_a_query(door: Door) -> None:
    canary = "990101199003071237"
    await door.http.post("/v1/checks:whole", json=door.whole())
    await door.http.get(f"/v1/checks/{canary}?number={canary}")
    await door.http.get("/v1/scenes/金丝雀")
    await door.api.lobby.diary.flush()
    docket = door.api.lobby.desk.docket
    rows = [row for kind in ("call", "call-failed") for row in await docket.walk(kind, "", 99)]
    assert len(rows) == 3
    for row in rows:
        text = msgspec.json.encode(row).decode() + row.body.decode()
        assert canary not in text
        assert "金丝雀" not in text
        assert "chk_" not in text
