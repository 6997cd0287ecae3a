"""A desk over a world with a real store and a real erasure file."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from tests.rights.people import Desk
from tests.world import world

from liangming.rights import RightsDesk
from liangming.storage import open_docket
from liangming.storage.erasure_file import ErasureFile


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with world(tmp_path) as house:
        made = RightsDesk(
            premises=house.premises,
            docket=open_docket(house.premises.store),
            erasures=ErasureFile(tmp_path / "erasures.ledger"),
        )
        yield Desk(house, made)
