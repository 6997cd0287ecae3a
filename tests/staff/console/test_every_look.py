"""Every page of staff that a plain address shows, in English and dark: narrow, at 190 %, without a barrier."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.chromium import launched
from tests.web.test_pictures import table

from .conftest import Figures

pytestmark = pytest.mark.browser
NARROW = {"width": 320, "height": 640}
LARGEST = "document.documentElement.className = 's3'"
WIDTH = "document.documentElement.scrollWidth"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launched() as chromium:
        yield chromium


@pytest.mark.parametrize("role", ["clerk", "officer", "inspector", "integrator"])
def test_no_page_of_staff_scrolls_sideways_or_has_a_barrier(
    browser: Any, figures: Figures, role: str
):
    plain = [
        each.begins.format(mandate=figures.mandates[0])
        for each in table()[0]
        if (each.door, each.role) == ("console", role) and not (each.first or each.then)
    ]
    context = browser.new_context(
        base_url=figures.base, viewport=NARROW, locale="en-GB", color_scheme="dark"
    )
    context.add_cookies([{"name": "staff", "value": figures.sessions[role], "url": figures.base}])
    page, found = context.new_page(), {}
    for path in dict.fromkeys(plain):
        assert page.goto(path).status == 200, path
        wide = [page.evaluate(WIDTH)]
        barriers = [each["id"] for each in Axe().run(page).response["violations"]]
        page.evaluate(LARGEST)
        wide.append(page.evaluate(WIDTH))
        if max(wide) > NARROW["width"] or barriers:
            found[path] = (wide, barriers)
    context.close()
    assert plain
    assert found == {}
