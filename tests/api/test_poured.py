"""An answer that was poured is the answer that would have been written, to the byte."""

from __future__ import annotations

import json
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.api.conftest import Door
from tests.api.test_batch import person, send
from tests.world import NOON, numbers

from liangming.api.reply import encode
from liangming.api.whole import BatchLine, _check
from liangming.check import read
from liangming.clock import CHINA, rfc3339


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "changes",
    [{}, {"evidence": {"kind": "refused-to-show"}}, {"helped": True, "declined": ["organisation"]}],
    ids=["new", "refused", "helped"],
)
async def test_a_poured_answer_says_what_reading_the_check_says(
    door: Door, language: str, changes: dict[str, object]
) -> None:
    headers = {"accept-language": language}
    for _ in range(5):
        door.world.clock.move(timedelta(seconds=3))
        answer = await door.http.post(
            "/v1/checks:whole", json=door.whole(**changes), headers=headers
        )
        assert answer.status_code == 201
        again = await door.http.get(answer.headers["location"], headers=headers)
        assert answer.content == again.content
        assert answer.headers["content-language"] == language


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_a_poured_line_is_the_line_of_its_check(door: Door, language: str) -> None:
    for _ in range(4):
        door.world.clock.move(timedelta(seconds=3))
        lines = [
            *(person(door, number) for number in numbers(3)),
            person(door, numbers(1)[0], notice="0" * 64),
            "",
            json.dumps(door.whole(evidence={"kind": "refused-to-show"})),
            *(person(door, number) for number in numbers(9)[4:]),
            "{",
            *(person(door, number) for number in numbers(3)),
        ]
        answer, results = await send(door, lines, **{"accept-language": language})
        for told, raw in zip(results, answer.content.splitlines(), strict=True):
            if told["status"] != 201:
                continue
            state = await read.read(door.world.premises, told["check"]["id"])
            check = _check(door.api.lobby, state, language)
            assert raw == encode(BatchLine(line=told["line"], status=201, check=check))
            assert msgspec.json.decode(raw, type=BatchLine).check == check


@settings(deadline=None)
@given(st.timedeltas(timedelta(days=-700_000), timedelta(days=2_900_000)))
def test_a_moment_is_written_as_python_writes_it(since: timedelta) -> None:
    at = NOON + since
    assert rfc3339(at) == at.astimezone(CHINA).isoformat(timespec="milliseconds")
    assert rfc3339(at.astimezone(CHINA)) == rfc3339(at)
