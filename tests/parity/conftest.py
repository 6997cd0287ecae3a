"""Chromium is needed; where it is missing the reason is said, and CI fails."""

from __future__ import annotations

import os
import shutil

import pytest


@pytest.fixture(autouse=True, scope="package")
def with_chromium() -> None:
    if shutil.which("chromium") is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing")
        pytest.skip("Chromium is not installed here: sudo apt install chromium")
