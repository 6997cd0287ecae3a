"""What is answered together is answered as one by one: same bytes, and what goes wrong goes wrong alone."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.api.conftest import Door, made
from tests.api.test_wire import Served, served
from tests.patience import PATIENCE
from tests.storage import disk_child
from tests.storage.test_apart import MUTE, back, pid_of
from tests.world import numbers

from liangming import access as keys
from liangming.api import Settings, build_api
from liangming.api.app import Api
from liangming.api.call import Call
from liangming.api.letterhead import Letterhead, headers_of
from liangming.api.reply import NDJSON, Reply
from liangming.api.turns import MOST, WHOLE_PATH, Asked, Turns
from liangming.check import seen
from liangming.check.ports import STORE_BUSY, STORE_DOWN
from liangming.errors import Outage
from liangming.storage import ahead
from liangming.storage.apart import COMMAND
from liangming.storage.sqlite import SqliteStore

__all__ = ["served"]

PEOPLE = iter(numbers(5_000))
OWN = re.compile(rb"(chk|rct)_[0-9a-z]{26}|inc_[0-9a-z]{26}")


async def gone() -> dict[str, object]:
    return {"type": "http.disconnect"}


class Heard(Asked):
    """A call, and the answer that was sent to it."""

    def __init__(self, api: Api, call: Call) -> None:
        self.api = api
        self.heard: Reply | None = None
        self.alone: asyncio.Task[None] | None = None
        self.broken = False
        self.begin(call)

    def answer(self, reply: Reply) -> None:
        assert self.heard is None
        self.heard = reply

    def go_alone(self) -> None:
        self.alone = asyncio.ensure_future(self._alone())

    def break_off(self) -> None:
        self.broken = True

    async def _alone(self) -> None:
        self.heard = await self.api.direct(WHOLE_PATH, self.call)

    @property
    def told_as(self) -> Reply:
        assert self.heard is not None
        return self.heard

    @property
    def code(self) -> str:
        return str(json.loads(self.told_as.body).get("code", ""))


async def in_one_turn(api: Api, calls: list[Call], turns: Turns | None = None) -> list[Heard]:
    turns = turns or Turns(api)
    tasks: set[asyncio.Task[None]] = set()
    heard = [Heard(api, call) for call in calls]
    for each in heard:
        turns.take(each, asyncio.get_running_loop(), tasks)
    await asyncio.gather(*tasks)
    await asyncio.gather(*(each.alone for each in heard if each.alone is not None))
    return heard


def call(door: Door, body: object = None, key: str = "", **headers: str) -> Call:
    raw = body if isinstance(body, bytes) else json.dumps(body or fresh(door)).encode()
    usual = {"authorization": f"Bearer {key or door.key}", "content-type": "application/json"}
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [(name.encode(), value.encode()) for name, value in {**usual, **given}.items()]
    return Call("POST", [line for line in lines if line[1]], gone, body=raw)


def fresh(door: Door, number: str = "", **changes: object) -> dict[str, object]:
    """A whole check of somebody new."""
    body = door.whole(**changes)
    if "evidence" not in changes:
        body["evidence"] = {**body["evidence"], "number": number or next(PEOPLE)}  # type: ignore[dict-item]
    return body


@pytest_asyncio.fixture
async def known(door: Door) -> Door:
    """A door that knows its client, and the usual kind of check."""
    for _ in range(3):
        await door.http.post(WHOLE_PATH, json=fresh(door))
    return door


async def checks(door: Door) -> int:
    return (await door.world.premises.store.counts())["checks"]


KINDS = {
    "new": lambda door, _: call(door),
    "English": lambda door, _: call(door, accept_language="en"),
    "known": lambda door, _: call(door, door.whole()),
    "refused": lambda door, _: call(door, fresh(door, evidence={"kind": "refused-to-show"})),
    "expired": lambda door, _: call(door, _with(door, expires="2020-01-01")),
    "organisation": lambda door, _: call(door, organisation(door)),
    "by a source": lambda door, _: call(
        door,
        fresh(
            door,
            method="network-credential",
            evidence={"kind": "network-credential", "presentation": "x"},
        ),
    ),
    "notice": lambda door, _: call(door, fresh(door, notice="0" * 64)),
    "scene": lambda door, _: call(door, fresh(door, scene="others.counter")),
    "number": lambda door, _: call(door, fresh(door, "990101199003071238")),
    "unfit": lambda door, _: call(door, fresh(door, method="organisation")),
    "face": lambda door, _: call(door, fresh(door, method="face")),
    "unknown field": lambda door, _: call(door, {**fresh(door), "more": 1}),
    "missing": lambda door, _: call(door, {"scene": "demo.counter"}),
    "no JSON": lambda door, _: call(door, b"\xff{"),
    "empty": lambda door, _: call(door, b" "),
    "long": lambda door, _: call(door, b" " * 5_001),
    "media": lambda door, _: call(door, content_type="text/plain"),
    "packed": lambda door, _: call(door, content_encoding="gzip"),
    "no key": lambda door, _: call(door, authorization=""),
    "wrong key": lambda door, _: call(door, key=door.key[:-4] + "0000"),
    "other scope": lambda door, other: call(door, key=other),
    "key form": lambda door, _: call(door, idempotency_key="short"),
    "keyed": lambda door, _: call(door, idempotency_key=f"key-{next(PEOPLE)}"),
}


def organisation(door: Door) -> dict[str, object]:
    evidence = {
        "kind": "organisation",
        "uscc": "91990000MA00000001",
        "name": "示例公司",
        "waybill_name": "示例公司",
        "representative": fresh(door)["evidence"],
    }
    return fresh(door, method="organisation", evidence=evidence)


def _with(door: Door, **more: str) -> dict[str, object]:
    body = fresh(door)
    body["evidence"] = {**body["evidence"], **more}  # type: ignore[dict-item]
    return body


def as_told(reply: Reply) -> tuple[object, ...]:
    """Everything of an answer but whose it is."""
    headers = [header for header in headers_of(reply) if header[0] != b"request-id"]
    plain = [(name, OWN.sub(b"", value)) for name, value in headers]
    return reply.status, plain, OWN.sub(b"", reply.body)


@pytest_asyncio.fixture
async def strict(tmp_path: Path) -> AsyncIterator[tuple[Door, str]]:
    async with made(tmp_path, Settings(body_bytes=5_000, rate=None)) as door:
        other = await keys.create(
            door.world.premises, name="reads", operator="demo", scopes=["checks:read"]
        )
        for key in (door.key, other):
            for _ in range(3):
                await door.http.post(
                    WHOLE_PATH, json=fresh(door), headers={"authorization": f"Bearer {key}"}
                )
        for kind in ("known", "organisation", "by a source"):  # the same ones each time
            await door.api.direct(WHOLE_PATH, KINDS[kind](door, other))
        yield door, other


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(chosen=st.lists(st.sampled_from(list(KINDS)), min_size=1, max_size=12))
async def test_answers_of_one_turn_are_those_of_one_by_one(
    strict: tuple[Door, str], chosen: list[str]
) -> None:
    door, other = strict
    together = await in_one_turn(door.api, [KINDS[kind](door, other) for kind in chosen])
    for kind, heard in zip(chosen, together, strict=True):
        alone = await door.api.direct(WHOLE_PATH, KINDS[kind](door, other))
        assert as_told(heard.told_as) == as_told(alone), kind
        assert heard.told_as.request
        assert heard.call.code == json.loads(alone.body).get("code", "")


async def test_every_kind_of_call_is_answered_in_one_turn_as_alone(
    strict: tuple[Door, str],
) -> None:
    door, other = strict
    together = await in_one_turn(door.api, [kind(door, other) for kind in KINDS.values()])
    statuses = {}
    for kind, heard in zip(KINDS, together, strict=True):
        alone = await door.api.direct(WHOLE_PATH, KINDS[kind](door, other))
        assert as_told(heard.told_as) == as_told(alone), kind
        statuses[kind] = heard.told_as.status
    assert set(statuses.values()) == {201, 400, 401, 403, 404, 409, 413, 415, 422}
    assert [kind for kind, status in statuses.items() if status == 201] == [
        "new", "English", "known", "refused", "expired", "organisation", "by a source", "keyed",
    ]  # fmt: skip


async def test_counters_and_the_clients_own_log_count_every_call_of_a_turn(known: Door) -> None:
    before = known.api.lobby.metrics.text().decode()
    await in_one_turn(known.api, [call(known), call(known), call(known, b"{")])
    after = known.api.lobby.metrics.text().decode()

    def of(text: str, line: str) -> int:
        return int(re.search(rf"^{re.escape(line)} (\d+)$", text, re.MULTILINE)[1])  # type: ignore[index]

    for line, more in (
        ('liangming_http_requests_total{route="/v1/checks:whole",method="POST",status="201"}', 2),
        ('liangming_whole_checks_total{outcome="passed"}', 2),
    ):
        assert of(after, line) - of(before, line) == more
    assert 'method="POST",status="400"} 1' in after
    answer = await known.http.get("/v1/client")
    assert answer.status_code == 200


async def test_what_breaks_unforeseen_breaks_alone(
    known: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = seen.of_document

    def breaks(sitting, evidence):
        if evidence.name == "坏":
            raise ZeroDivisionError
        return looked(sitting, evidence)

    monkeypatch.setattr(seen, "of_document", breaks)
    before = await checks(known)
    broken = call(known, _with(known, name="坏"), idempotency_key="it-breaks-1")
    heard = await in_one_turn(known.api, [call(known), broken, call(known)])
    assert [each.told_as.status for each in heard] == [201, 500, 201]
    assert json.loads(heard[1].told_as.body)["incident"].startswith("inc_")
    assert await checks(known) == before + 2
    monkeypatch.undo()  # its key is free again
    again = call(known, idempotency_key="it-breaks-1")
    assert [each.told_as.status for each in await in_one_turn(known.api, [again])] == [201]


async def test_one_key_in_one_turn_is_one_check_and_is_answered_again_later(known: Door) -> None:
    before, body = await checks(known), fresh(known)
    same = [call(known, body, idempotency_key="one-turn-one-check") for _ in range(4)]
    heard = await in_one_turn(known.api, [*same, call(known, idempotency_key="one-turn-one-check")])
    assert [each.told_as.status for each in heard] == [201, 409, 409, 409, 409]
    assert {each.code for each in heard[1:]} == {"api.idempotency-key-running"}
    assert await checks(known) == before + 1
    later = [
        call(known, body, idempotency_key="one-turn-one-check", accept_language="en"),
        call(known),
    ]
    again, other = await in_one_turn(known.api, later)
    assert (again.told_as.status, again.told_as.body) == (201, heard[0].told_as.body)
    assert (b"idempotency-replayed", b"true") in again.told_as.headers
    assert other.told_as.status == 201
    (reused,) = await in_one_turn(known.api, [call(known, idempotency_key="one-turn-one-check")])
    assert (reused.told_as.status, reused.code) == (422, "api.idempotency-key-reused")
    stale = call(known, {**body, "notice": "0" * 64}, idempotency_key="one-turn-one-check")
    (refused,) = await in_one_turn(known.api, [stale])
    assert refused.code == "api.idempotency-key-reused"
    assert await checks(known) == before + 2


async def test_a_key_of_before_a_leap_of_the_clock_is_answered_again(
    known: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, before = known.world.clock, await checks(known)
    keyed = call(known, (body := fresh(known)), idempotency_key="before-the-leap")
    (first,) = await in_one_turn(known.api, [keyed])
    clock.move(timedelta(hours=30))
    monkeypatch.setattr(clock, "settled", lambda: False)
    again = call(known, body, idempotency_key="before-the-leap")
    heard, other = await in_one_turn(known.api, [again, call(known)])
    assert heard.told_as.body == first.told_as.body
    assert other.told_as.status == 201
    assert await checks(known) == before + 2


async def test_two_processes_with_the_same_keys_and_people_make_each_check_once(
    known: Door,
) -> None:
    other = build_api(known.world.premises)
    await other.direct(WHOLE_PATH, call(known))
    before = await checks(known)
    bodies = [fresh(known) for _ in range(6)]
    sides = await asyncio.gather(
        *(
            in_one_turn(api, [call(known, b, idempotency_key=f"both-{n}-here") for n, b in enumerate(bodies)])
            for api in (known.api, other)
        )
    )  # fmt: skip
    assert [each.told_as.status for side in sides for each in side] == [201] * 12
    assert [each.told_as.body for each in sides[0]] == [each.told_as.body for each in sides[1]]
    assert await checks(known) == before + 6
    people = [fresh(known) for _ in range(4)]
    sides = await asyncio.gather(
        *(in_one_turn(api, [call(known, b) for b in people]) for api in (known.api, other))
    )
    assert [each.told_as.status for side in sides for each in side] == [201] * 8
    assert await checks(known) == before + 14


async def test_two_parcels_of_one_new_person_in_one_turn_register_once(known: Door) -> None:
    before = (await known.world.premises.store.counts())["persons"]
    body = fresh(known)
    heard = await in_one_turn(known.api, [call(known, body), call(known, body)])
    registers = [json.loads(each.told_as.body)["kept"]["register"] for each in heard]
    assert registers == ["collected", "kept"]
    assert (await known.world.premises.store.counts())["persons"] == before + 1


@pytest.mark.parametrize("code", [STORE_DOWN, STORE_BUSY])
@pytest.mark.parametrize("written", [False, True], ids=["not written", "but written"])
async def test_a_store_that_fails_a_turn_is_told_to_all_and_nothing_is_done_twice(
    known: Door, monkeypatch: pytest.MonkeyPatch, code: object, written: bool
) -> None:
    store = known.world.premises.store
    commit, before = store.commit_many, await checks(known)

    async def fails(changes):
        if written:
            await commit(changes)
        raise Outage(code, retry_after=3)

    monkeypatch.setattr(store, "commit_many", fails)
    bodies = [fresh(known) for _ in range(4)]
    calls = [call(known, b, idempotency_key=f"faulty-{n}") for n, b in enumerate(bodies)]
    bad = call(known, b"{")
    heard = await in_one_turn(known.api, [*calls, bad])
    status = 503 if code is STORE_DOWN else 429
    # What was in fact written is found under its key at once.
    assert [each.told_as.status for each in heard] == [201 if written else status] * 4 + [400]
    if not written:
        assert {dict(each.told_as.headers)[b"retry-after"] for each in heard[:4]} == {b"3"}
    monkeypatch.undo()
    heard = await in_one_turn(
        known.api,
        [call(known, b, idempotency_key=f"faulty-{n}") for n, b in enumerate(bodies)],
    )
    assert [each.told_as.status for each in heard] == [201] * 4
    assert await checks(known) == before + 4


@pytest.mark.parametrize("told", [False, True], ids=["and is mute", "and is killed"])
async def test_a_writer_that_dies_in_a_turn_leaves_each_check_once(known: Door, told: bool) -> None:
    house = known.world.premises
    await house.store.close()  # one writer at a time
    command = COMMAND if told else (sys.executable, "-c", MUTE)
    path = house.store._path  # type: ignore[attr-defined]
    store = SqliteStore(path, clock=known.world.clock, apart=command)
    await store.open()
    api = build_api(replace(house, store=store))
    bodies = [fresh(known) for _ in range(5)]

    def calls() -> list[Call]:
        return [call(known, b, idempotency_key=f"it-dies-{n}") for n, b in enumerate(bodies)]

    await api.lobby.clients.recognise(f"Bearer {known.key}".encode())
    if told:  # it stands still, has the turn in its pipe, and is gone
        os.kill(pid_of(store), signal.SIGSTOP)
        turn = asyncio.ensure_future(in_one_turn(api, calls()))
        while not store._writer._sent:  # type: ignore[union-attr]  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        os.kill(pid_of(store), signal.SIGKILL)
        heard = await turn
    else:  # what it wrote before it died is found under its key at once
        heard = await in_one_turn(api, calls())
    assert [each.told_as.status for each in heard] == [503 if told else 201] * 5
    if not told:
        store._writer._command = COMMAND  # type: ignore[union-attr]
    await back(store)
    again = await in_one_turn(api, calls())
    assert [each.told_as.status for each in again] == [201] * 5
    assert (await store.counts())["checks"] == 3 + 5 + 1
    await store.close()


async def test_what_the_disk_refused_is_not_told_as_done_because_it_can_be_seen(
    known: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen is what was written; done is what the disk has, and the kernel told this process, too."""
    house = known.world.premises
    await house.store.close()  # one writer at a time
    path = house.store._path  # type: ignore[attr-defined]
    store = SqliteStore(path, clock=known.world.clock, apart=disk_child.command(tmp_path))
    await store.open()
    api = build_api(replace(house, store=store))
    await api.lobby.clients.recognise(f"Bearer {known.key}".encode())
    asked = call(known, fresh(known), idempotency_key="refused-by-the-disk")
    real = ahead.to_disk

    def refuses(_: int) -> None:
        raise OSError(os.strerror(5))

    (tmp_path / "how").write_text("once")
    monkeypatch.setattr(ahead, "to_disk", refuses)
    (heard,) = await in_one_turn(api, [asked])
    assert (heard.told_as.status, heard.code) == (503, STORE_DOWN.name)
    assert (await store.counts())["checks"] == 3 + 1  # it can be seen
    monkeypatch.setattr(ahead, "to_disk", real)
    (again,) = await in_one_turn(api, [call_again(asked)])
    assert again.told_as.status == 201
    assert (await store.counts())["checks"] == 3 + 1
    await store.close()


def call_again(asked: Call) -> Call:
    return Call("POST", list(asked.headers.items()), gone, body=asked.body)


async def test_what_breaks_the_pass_itself_is_told_to_all_who_wait(
    known: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Turns, "_note", breaks)
    calls = [call(known, b"{"), call(known, idempotency_key="key-of-a-pass"), call(known)]
    heard = await in_one_turn(known.api, calls)
    assert [each.told_as.status for each in heard] == [400, 500, 500]
    monkeypatch.undo()
    heard = await in_one_turn(known.api, [call(known, idempotency_key="key-of-a-pass")])
    assert heard[0].told_as.status == 201


async def test_a_turn_that_is_cut_off_ends_its_connections_and_frees_its_keys(
    known: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, begun = known.world.premises.store, asyncio.Event()

    async def never(_: object) -> None:
        begun.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(store, "commit_many", never)
    tasks: set[asyncio.Task[None]] = set()
    heard = [Heard(known.api, call(known, idempotency_key=f"cut-off-{n}")) for n in range(3)]
    turns = Turns(known.api)
    for each in heard:
        turns.take(each, asyncio.get_running_loop(), tasks)
    await begun.wait()
    (task,) = tasks
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [each.broken for each in heard] == [True] * 3
    monkeypatch.undo()
    again = await in_one_turn(known.api, [call(known, idempotency_key="cut-off-1")])
    assert again[0].told_as.status == 201


async def test_more_calls_than_a_pass_takes_make_another_pass(known: Door) -> None:
    tasks: set[asyncio.Task[None]] = set()
    turns = Turns(known.api)
    heard = [Heard(known.api, call(known, b"{")) for _ in range(MOST + 1)]
    for each in heard:
        turns.take(each, asyncio.get_running_loop(), tasks)
    assert len(tasks) == 2
    await asyncio.gather(*tasks)
    assert {each.told_as.status for each in heard} == {400}


async def test_who_hangs_up_in_a_turn_loses_nothing_and_holds_up_nobody(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = served.door.world.premises.store
    commit, begun, go, sizes = store.commit_many, asyncio.Event(), asyncio.Event(), []

    async def slow(changes):
        sizes.append(len(changes))
        begun.set()
        await go.wait()
        return await commit(changes)

    raws = [json.dumps(fresh(served.door)).encode() for _ in range(3)]
    async with served.line() as one, served.line() as two, served.line() as three:
        await one.send(served.call())
        await one.answer()
        monkeypatch.setattr(store, "commit_many", slow)
        lines = (one, two, three)
        for n, (line, raw) in enumerate(zip(lines, raws, strict=True)):
            line.writer.write(served.call(raw, f"idempotency-key: hangs-up-{n}"))
        async with asyncio.timeout(PATIENCE):
            await begun.wait()
        two.writer.transport.abort()
        go.set()
        assert [(await line.answer())[0] for line in (one, three)] == [201, 201]
        await one.send(served.call(raws[1], "idempotency-key: hangs-up-1"))
        while (answer := await one.answer())[0] == 409:
            await one.send(served.call(raws[1], "idempotency-key: hangs-up-1"))
    assert (answer[0], answer[1]["idempotency-replayed"]) == (201, "true")
    assert (await store.counts())["checks"] == 4


@pytest.mark.parametrize("close", [False, True])
@pytest.mark.parametrize("status", [200, 201, 413, 503])
def test_the_letterhead_spells_the_headers_that_the_general_way_sends(
    status: int, close: bool
) -> None:
    head = Letterhead()
    servers = [(b"date", b"today"), (b"server", b"x")]
    for media in (b"application/json", NDJSON):
        for language in (None, "zh", "en"):
            for more in ((), ((b"location", b"/v1/x"),), ((b"a", b"b"), (b"connection", b"close"))):
                for simulated in (False, True):
                    reply = Reply(
                        status, b"{}", media, language, more, request="r-1", simulated=simulated
                    )
                    raw = head.write(reply, servers, close=close)
                    lines, _, body = raw.partition(b"\r\n\r\n")
                    first, *headers = lines.split(b"\r\n")
                    told = [tuple(line.split(b": ", 1)) for line in headers]
                    ends = [(b"connection", b"close")] if close and not reply.closes else []
                    assert told == [*servers, *headers_of(reply), *ends]
                    assert first.startswith(b"HTTP/1.1 %d " % status)
                    assert body == b"{}"
    assert b"date: later" in head.write(reply, [(b"date", b"later")], close=False)
