"""A world per test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from tests.world import World, world


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made
