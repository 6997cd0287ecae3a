"""The sandbox: each test person comes to the outcome that is documented, and everything says it is simulated."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest_asyncio
from tests.patience import PATIENCE, free_port

from liangming import access
from liangming.api import build_api
from liangming.check import Premises
from liangming.check.conclude import expire_due
from liangming.cli.demo import simulated_house
from liangming.cli.sandbox import OPERATOR, SCOPES, _hurried
from liangming.providers.simulated_people import LEFT_MINUTES, LEFT_SCENE, PEOPLE, SCENE

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "integrator.md").read_text("utf-8")


@dataclass
class Box:
    house: Premises
    http: httpx.AsyncClient


@pytest_asyncio.fixture
async def box() -> AsyncIterator[Box]:
    async with simulated_house() as (made, _):
        house = _hurried(made)
        key = await access.create(house, name="sandbox", operator=OPERATOR, scopes=SCOPES)
        transport = httpx.ASGITransport(app=build_api(house))
        headers = {"authorization": f"Bearer {key}"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://box", headers=headers
        ) as http:
            yield Box(house, http)


async def test_each_person_comes_to_the_documented_outcome(box: Box) -> None:
    notice = (await box.http.get(f"/v1/notices/{SCENE}")).json()["notice"]["digest"]
    for person in PEOPLE:
        if not person.evidence:
            continue
        body = {"scene": SCENE, "notice": notice, "method": person.method, "by": "spoken"}
        answer = await box.http.post("/v1/checks:whole", json={**body, "evidence": person.evidence})
        told = answer.json()
        found = (told.get("outcome") or "", told.get("reason") or told.get("code") or "")
        assert found == (person.outcome, person.reason), person.id
        assert answer.headers["liangming-simulated"], person.id
    left = (await box.http.post("/v1/checks", json={"scene": SCENE})).json()["id"]
    ended = await box.http.post(f"/v1/checks/{left}/conclusion", json={"how": "walked-away"})
    assert ended.json()["outcome"] == "abandoned"
    slow = (await box.http.post("/v1/checks", json={"scene": LEFT_SCENE})).json()["id"]
    later = box.house.clock.now() + timedelta(minutes=LEFT_MINUTES, seconds=1)
    await expire_due(box.house, later)
    assert (await box.http.get(f"/v1/checks/{slow}")).json()["outcome"] == "expired"
    unseen = {person.id: person.outcome for person in PEOPLE if not person.evidence}
    assert unseen == {"walks-away": "abandoned", "takes-too-long": "expired"}


def test_the_guide_lists_every_person_as_the_code_does() -> None:
    for person in PEOPLE:
        (row,) = [line for line in GUIDE.splitlines() if line.startswith(f"| `{person.id}` |")]
        shown = person.evidence.get("number") or person.evidence.get("presentation") or ""
        for word in (
            person.does.zh,
            person.does.en,
            person.method,
            shown,
            person.outcome,
            person.reason,
        ):
            assert word in row, (person.id, word)


def test_every_number_is_of_a_region_that_is_nobody_s() -> None:
    numbers = [p.evidence["number"] for p in PEOPLE if "number" in p.evidence]
    assert len(numbers) == 4
    assert all(number.startswith("990101") for number in numbers)


def followed(base: str, key: str) -> list[tuple[str, str]]:
    """The Python of the guide's first whole check, as it stands there; what it accepted."""
    section = GUIDE.partition("## 一次完整的查验")[2].partition("\n## ")[0]
    (code,) = re.findall(r"^```python\n(.*?)^```", section, re.DOTALL | re.MULTILINE)
    accepted: list[tuple[str, str]] = []
    person = PEOPLE[0].evidence
    place = {
        "KEY": key,
        "number": person["number"],
        "name": person["name"],
        "sender": person["waybill_name"],
        "accept": lambda check, receipt: accepted.append((check, receipt)),
    }
    exec(code.replace("http://127.0.0.1:8600", base), place)  # noqa: S102  (our own document)
    place["api"].close()
    return accepted


def test_the_sandbox_starts_says_what_it_is_and_stops_in_order() -> None:
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-m", "liangming", "sandbox", "--key-only", "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        key = process.stdout.readline().strip()
        base = f"http://127.0.0.1:{port}"
        me = httpx.get(f"{base}/v1/client", headers={"authorization": f"Bearer {key}"})
        page = httpx.get(base, headers={"accept-language": "en"}, follow_redirects=True)
        accepted = followed(base, key)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=PATIENCE)
    assert (me.status_code, me.headers["liangming-simulated"] != "") == (200, True)
    assert "Sandbox: sources are simulated" in page.text
    assert "Traceback" not in said
    assert [check[:4] for check, _ in accepted] == ["chk_"]
    assert process.returncode in (0, 130)
