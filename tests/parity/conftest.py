"""The measuring command launches Chromium itself; here it is only asked for."""

from __future__ import annotations

import pytest
from tests.chromium import needed


@pytest.fixture(autouse=True, scope="package")
def with_chromium() -> None:
    """Skip at home, fail in CI, where it is missing."""
    needed()
