"""A desk over a world, with a counter and a counter that also offers the face."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from tests.rights.people import Desk
from tests.world import face_scene, scene, world

from liangming.rights import RightsDesk
from liangming.storage import open_docket


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with world(tmp_path, scene(), face_scene()) as house:
        made = RightsDesk(premises=house.premises, docket=open_docket(house.premises.store))
        yield Desk(house, made)
