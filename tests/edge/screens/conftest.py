"""The browser of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.chromium import launched


@pytest.fixture(scope="package")
def chromium() -> Iterator[Any]:
    """One Chromium for this folder."""
    with launched() as browser:
        yield browser
