"""Schemathesis searches the served document on a real server, bounded and repeatable."""

import asyncio
import json
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import negative_data_rejection
from tests.api.conftest import Door, made
from tests.api.shape import shaped
from tests.patience import PATIENCE

from liangming.api import Settings
from liangming.api.docs import rendered
from liangming.check.integrate import Integrator
from liangming.check.log_key import log_key
from liangming.check.premises import Record
from liangming.ledger import FileTiles, Log, SqliteHeads, Trust

pytestmark = pytest.mark.slow

ORIGIN = "log.example/searched"


@dataclass
class Served:
    """The application on a loopback port."""

    url: str
    key: str
    notices: dict[str, str]
    loop: asyncio.AbstractEventLoop
    round: Callable[[], Coroutine[None, None, int]]

    def carry(self) -> None:
        """Let the log have every event so far."""
        while asyncio.run_coroutine_threadsafe(self.round(), self.loop).result(PATIENCE):
            pass

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}

    def check(self, scene: str) -> str:
        """A check on which the notice was shown."""
        with httpx.Client(base_url=self.url, headers=self.headers) as http:
            check = str(http.post("/v1/checks", json={"scene": scene}).json()["id"])
            http.post(f"/v1/checks/{check}/notice")
            return check


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder: Path = tmp_path_factory.mktemp("searched")
    ready: dict[str, object] = {}
    up = threading.Event()

    async def serve() -> None:
        with closing(SqliteHeads(folder / "head.sqlite3")) as heads:
            async with made(folder, Settings(rate=None)) as door:
                await listen(door, heads)

    async def listen(door: Door, heads: SqliteHeads) -> None:
        house = door.world.premises
        key = log_key(house.keys.signing, ORIGIN)
        tiles = FileTiles(folder / "log")
        log = Log(origin=ORIGIN, tiles=tiles, heads=heads, keys=[key])
        carrier = Integrator(house.store, log, house.clock, tiles=tiles)
        record = Record(tiles, Trust(ORIGIN, (key.verifying,)))
        door.api.lobby.premises = replace(house, record=record)
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        server = uvicorn.Server(
            uvicorn.Config(door.api, lifespan="off", access_log=False, log_level="error", ws="none")
        )
        ready["served"] = Served(
            f"http://127.0.0.1:{listening.getsockname()[1]}",
            door.key,
            door.notices,
            asyncio.get_running_loop(),
            carrier.round,
        )
        ready["server"] = server
        up.set()
        await server.serve(sockets=[listening])

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert up.wait(PATIENCE)
    told = ready["served"]
    assert isinstance(told, Served)
    yield told
    server = ready["server"]
    assert isinstance(server, uvicorn.Server)
    server.should_exit = True
    thread.join(PATIENCE)
    assert not thread.is_alive()


@schemathesis.serializer("application/x-ndjson")
def lines(_: schemathesis.SerializationContext, value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


CONFIG = SchemathesisConfig.from_dict(
    {
        "seed": 20261124,
        "checks": {
            # What the schema allows may still be refused by the order of things, by the law, or
            # by check digits: each with its own code, whose shape the test looks at.
            "positive_data_acceptance": {"expected-statuses": ["2xx", "400", "404", "409", "422"]},
            "negative_data_rejection": {
                "expected-statuses": ["400", "401", "403", "404", "409", "413", "415", "422"]
            },
        },
    }
)
schema = schemathesis.openapi.from_dict(json.loads(rendered()), config=CONFIG)


def test_what_is_searched_is_what_is_served(served: Served) -> None:
    assert httpx.get(f"{served.url}/v1/openapi.json").content == rendered()


@schema.parametrize()
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_the_served_document_stands_up_to_being_searched(
    case: schemathesis.Case, served: Served
) -> None:
    positive = case.meta is None or case.meta.generation.mode.is_positive
    if positive and case.operation.path.startswith("/v1/checks/{id}"):
        case.path_parameters = {"id": served.check("demo.face")}
        served.carry()
    if positive and isinstance(case.body, dict) and "scene" in case.body:
        scene = "demo.locker" if "parcel" in case.body else "demo.counter"
        case.body["scene"] = scene
        if "notice" in case.body:
            case.body["notice"] = served.notices[scene]
    told = {"/v1/checks:batch": "check", "/v1/device-events": "outcome"}.get(case.operation.path)
    if told is not None:
        # Any text is a batch of lines; what does not fit fails alone, inside a 200.
        answer = case.call_and_validate(
            base_url=served.url, headers=served.headers, excluded_checks=[negative_data_rejection]
        )
        results = [json.loads(line) for line in _lines(answer)]
        for result in results:
            assert (told in result) != ("problem" in result)
            if "problem" in result:
                shaped(result["problem"])
    else:
        answer = case.call_and_validate(base_url=served.url, headers=served.headers)
    if answer.status_code >= 400 and answer.content:
        shaped(answer.json())


def _lines(answer: schemathesis.Response) -> list[str]:
    return answer.text.splitlines() if answer.status_code == 200 else []
