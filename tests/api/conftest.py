"""The application in front of a world with a real store, and clients of several kinds."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest_asyncio
from tests.world import OPERATOR, World, face_scene, scene, world

from liangming import access as keys
from liangming.api import DEFAULT_SCOPES, Api, Settings, build_api
from liangming.law.words import Channel, Method, SceneKind
from liangming.notice import compose
from liangming.scene.model import Kept, Operator, Text

OTHERS = Operator(
    id="others",
    name=Text("别家", "Others"),
    contact=Text("privacy@others.example", "privacy@others.example"),
)


@dataclass
class Ticking:
    """Seconds that grow only when told."""

    at: float = 1000.0

    def __call__(self) -> float:
        return self.at


@dataclass
class Door:
    """Everything a test of this door needs."""

    world: World
    api: Api
    http: httpx.AsyncClient
    tick: Ticking
    key: str
    client: str
    notices: dict[str, str] = field(default_factory=dict)

    async def another(self, *scopes: str, operator: str = "demo") -> dict[str, str]:
        """The header of another client."""
        key = await keys.create(
            self.world.premises, name="another", operator=operator, scopes=scopes or DEFAULT_SCOPES
        )
        return {"authorization": f"Bearer {key}"}

    def whole(self, **changes: object) -> dict[str, object]:
        """A whole check that passes."""
        return {
            "scene": "demo.counter",
            "notice": self.notices["demo.counter"],
            "method": "document.seen",
            "evidence": {
                "kind": "document",
                "document": "resident_card",
                "number": "990101199003071237",
                "name": "演示甲",
                "waybill_name": "演示甲",
            },
            **changes,
        }

    async def opened(self, scene_id: str = "demo.counter") -> str:
        answer = await self.http.post("/v1/checks", json={"scene": scene_id})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def choosing(self, scene_id: str = "demo.counter") -> str:
        check = await self.opened(scene_id)
        await self.http.post(f"/v1/checks/{check}/notice", json={"language": "zh"})
        return check


@pytest_asyncio.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with made(tmp_path) as ready:
        yield ready


def made(folder: Path, settings: Settings | None = None):
    return _Made(folder, settings)


class _Made:
    def __init__(self, folder: Path, settings: Settings | None) -> None:
        locker = scene(
            "demo.locker",
            SceneKind.COLLECT_LOCKER,
            (Method.PICKUP_CODE,),
            channel=Channel.MACHINE,
            notice="parcel-collect",
            fields=("pickup",),
            retention=(Kept(field="pickup", days=7, article="pipl.19"),),
        )
        foreign = scene("others.counter", operator=OTHERS)
        self._scenes = (scene(), face_scene(), locker, foreign)
        self._folder = folder
        self._settings = settings

    async def __aenter__(self) -> Door:
        self._world = world(self._folder, *self._scenes)
        house = await self._world.__aenter__()
        tick = Ticking()
        api = build_api(house.premises, self._settings, tick=tick)
        key = await keys.create(
            house.premises,
            name="test",
            operator=OPERATOR.id,
            scopes=[scope.value for scope in keys.Scope],
        )
        self._http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=api, raise_app_exceptions=True),
            base_url="http://door",
            headers={"authorization": f"Bearer {key}"},
        )
        return Door(
            world=house,
            api=api,
            http=self._http,
            tick=tick,
            key=key,
            client=key[4:34],
            notices={s.id: compose(s).digest for s in self._scenes},
        )

    async def __aexit__(self, *of: object) -> None:
        await self._http.aclose()
        await self._world.__aexit__(None, None, None)
