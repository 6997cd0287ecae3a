"""NDJSON in, NDJSON out, in order; a bad line fails alone."""

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.api.conftest import Door, made
from tests.api.shape import problem, shaped, usual
from tests.world import numbers

from liangming.api import Settings, whole
from liangming.api.app import BrokenOffError
from liangming.check.ports import STORE_DOWN
from liangming.errors import Outage

NDJSON = {"content-type": "application/x-ndjson"}


def person(door: Door, number: str, **changes: object) -> str:
    evidence = {"kind": "document", "number": number, "name": "甲", "waybill_name": "甲"}
    body = door.whole(evidence={**evidence, "document": "resident_card"}, **changes)
    return json.dumps(body, ensure_ascii=False)


async def send(door: Door, lines: list[str | bytes], **headers: str):
    raw = b"\n".join(line.encode() if isinstance(line, str) else line for line in lines)
    answer = await door.http.post("/v1/checks:batch", content=raw, headers={**NDJSON, **headers})
    return answer, [json.loads(line) for line in answer.text.splitlines()]


async def test_every_line_has_its_result_in_order_and_is_durable(door: Door) -> None:
    answer, results = await send(door, [person(door, number) for number in numbers(450)])
    usual(answer)
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert [result["line"] for result in results] == list(range(1, 451))
    assert {(r["status"], r["check"]["outcome"]) for r in results} == {(201, "passed")}
    counts = await door.world.premises.store.counts()
    assert (counts["checks"], counts["persons"]) == (450, 450)
    told = (await door.http.get(f"/v1/checks/{results[449]['check']['id']}")).json()
    assert told["outcome"] == "passed"


async def test_one_bad_line_among_many_fails_alone(door: Door) -> None:
    good = numbers(9)
    bad = [
        ("{", 400, "api.json-malformed"),
        (b'{"scene":"\xff"}', 400, "api.json-malformed"),
        ("[]", 422, "api.field-type"),
        (person(door, good[0], by="nobody"), 422, "api.field-value"),
        (person(door, good[0], scene="others.counter"), 404, "check.scene-unknown"),
        (person(door, good[0][:-1] + "?"), 400, None),
        (person(door, good[0], extra=1), 422, "api.field-unknown"),
        (person(door, good[0], notice="0" * 64), 409, "check.notice-changed"),
        ('{"scene":"' + "x" * 70_000 + '"}', 422, "api.line-too-long"),
    ]
    lines: list[str | bytes] = []
    for number, (line, _, _) in zip(good, bad, strict=True):
        lines += [person(door, number), line]
    _, results = await send(door, lines)
    assert [result["status"] for result in results[0::2]] == [201] * 9
    for result, (_, status, code) in zip(results[1::2], bad, strict=True):
        assert result["status"] == result["problem"]["status"] == status
        assert code is None or result["problem"]["code"] == code
        shaped(result["problem"])
        assert "check" not in result


async def test_empty_lines_count_as_an_editor_counts_and_have_no_result(door: Door) -> None:
    one, two = numbers(2)
    _, results = await send(door, ["", person(door, one) + "\r", "  ", person(door, two), ""])
    assert [result["line"] for result in results] == [2, 4]
    _, nothing = await send(door, [])
    assert nothing == []


async def test_a_person_twice_in_one_batch_is_collected_once(door: Door) -> None:
    number = numbers(1)[0]
    _, results = await send(door, [person(door, number)] * 3)
    assert [result["check"]["outcome"] for result in results] == ["passed"] * 3
    assert (await door.world.premises.store.counts())["persons"] == 1


async def test_a_store_that_fails_is_told_on_every_line(door: Door, monkeypatch) -> None:
    async def down(*_: object) -> None:
        raise Outage(STORE_DOWN)

    monkeypatch.setattr(type(door.world.premises.store), "commit_many", down)
    _, results = await send(door, [person(door, n) for n in numbers(3)])
    assert [r["problem"]["code"] for r in results] == ["storage.unavailable"] * 3


async def test_a_failure_of_our_own_is_an_incident_on_every_line(door: Door, monkeypatch) -> None:
    async def broken(*_: object) -> None:
        raise ZeroDivisionError("演示甲")

    monkeypatch.setattr(type(door.world.premises.store), "commit_many", broken)
    answer, results = await send(door, [person(door, n) for n in numbers(2)])
    assert {r["problem"]["code"] for r in results} == {"api.internal"}
    assert len({r["problem"]["incident"] for r in results}) == 1
    assert "演示甲" not in answer.text


async def test_entering_what_was_said_needs_the_desk_scope_line_by_line(door: Door) -> None:
    one, two = numbers(2)
    headers = await door.another("batch:write")
    lines = [person(door, one, by="person"), person(door, two, by="spoken")]
    _, results = await send(door, lines, **headers)
    assert [result["status"] for result in results] == [201, 403]


async def test_more_batches_than_seats_are_done_one_after_the_other_and_none_leaks(
    tmp_path,
) -> None:
    async with made(tmp_path, Settings(batches_at_once=2)) as door:
        line = person(door, numbers(1)[0])
        answers = await asyncio.gather(*(send(door, [line]) for _ in range(6)))
        assert [answer.status_code for answer, _ in answers] == [200] * 6
        problem((await send(door, [b"x" * (17 << 20)]))[0], 413, "api.body-too-large")
        assert len(door.api.lobby.hall) == door.api.lobby.hall.held == 0


async def test_a_batch_beyond_the_line_is_told_to_come_again(tmp_path) -> None:
    async with made(tmp_path, Settings(batches_at_once=1, batches_waiting=1)) as door:
        line, hall = person(door, numbers(1)[0]), door.api.lobby.hall
        seat = hall.take(1)
        assert seat is not None
        answers = [asyncio.create_task(send(door, [line])) for _ in range(3)]
        done, _ = await asyncio.wait(answers, return_when=asyncio.FIRST_COMPLETED)
        while len(done) < 2:
            more, _ = await asyncio.wait(set(answers) - done, return_when=asyncio.FIRST_COMPLETED)
            done |= more
        for each in done:
            problem((await each)[0], 503, "api.batches-busy")
            assert (await each)[0].headers["retry-after"] == "2"
        seat.leave()
        assert sorted([(await each)[0].status_code for each in answers]) == [200, 503, 503]
        assert len(hall) == hall.waiting == hall.held == 0


async def test_a_batch_pays_its_lines_in_time(tmp_path) -> None:
    async with made(tmp_path, Settings(rate=1, burst=5, lines_per_request=10)) as door:
        await send(door, [person(door, n) for n in numbers(100)])
        told = problem(await door.http.get("/v1/scenes"), 429, "api.too-fast")
        door.tick.at += told["retry_after"]
        assert (await door.http.get("/v1/scenes")).status_code == 200


async def test_an_answer_that_breaks_off_says_nothing_of_what_broke_it(
    door: Door, monkeypatch, caplog
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("演示甲")

    monkeypatch.setattr("liangming.api.whole.verdict", broken)
    with pytest.raises(BrokenOffError) as left:
        await send(door, [person(door, n) for n in numbers(2)])
    assert "演示甲" not in f"{left.value!r}"
    assert left.value.__suppress_context__
    assert str(left.value) in caplog.text
    assert "演示甲" not in caplog.text
    assert len(door.api.lobby.hall) == 0


@given(
    st.lists(st.sampled_from([b"{}", b"", b" ", b"\t{}\r", b"x" * 7]), max_size=40),
    st.sampled_from([b"", b"\n"]),
    st.integers(1, 5),
    st.integers(1, 12),
)
def test_lines_are_numbered_as_an_editor_numbers_them_however_they_are_cut(
    lines: list[bytes], end: bytes, size: int, stretch: int
) -> None:
    expected = [(n, line.strip()) for n, line in enumerate(lines, 1) if line.strip()]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(whole, "_STRETCH", stretch)
        chunks = list(whole.numbered_chunks(b"\n".join(lines) + end, size))
    assert [each for chunk in chunks for each in chunk] == expected
    assert all(len(chunk) == size for chunk in chunks[:-1])
    assert all(chunks)
