"""The one real browser of the tests: found or said to be missing in one place, launched the same way."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from tests.patience import PATIENCE

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def needed() -> str:
    """Where Chromium is; a missing one is a reason to skip at home and a failure in CI."""
    found = shutil.which("chromium")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing")
        pytest.skip("Chromium is not installed here: sudo apt install chromium")
    return found


def _patient(make: Callable[..., Any]) -> Callable[..., Any]:
    """Contexts that wait for a page as long as a machine that many share may need."""

    def made(**options: Any) -> Any:
        context = make(**options)
        context.set_default_timeout(1_000 * PATIENCE)
        return context

    return made


@contextmanager
def launched() -> Iterator[Any]:
    """A running Chromium, closed afterwards.

    Folders hold it in a fixture of scope ``package``: Playwright's loop, left open, would be in
    the way of other folders' tests.
    """
    executable = needed()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        chromium.new_context = _patient(chromium.new_context)
        yield chromium
        chromium.close()
