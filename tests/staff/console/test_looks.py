"""The console in a browser: no barrier, at every width, and by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.chromium import launched

from .conftest import Figures
from .test_pages import PAGES
from .test_visits import INSPECTION, pages

pytestmark = pytest.mark.browser
LOOKS = {
    "phone-zh-dark": (390, 844, "zh-CN", "dark"),
    "desktop-en": (1280, 900, "en-GB", "light"),
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launched() as chromium:
        yield chromium


def seated(browser: Any, figures: Figures, who: str, look: str) -> Any:
    width, height, language, scheme = LOOKS[look]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale=language,
        color_scheme=scheme,
        base_url=figures.base,
    )
    context.set_default_timeout(60_000)
    context.add_cookies([{"name": "staff", "value": figures.sessions[who], "url": figures.base}])
    return context.new_page()


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_and_nothing_overflows(browser: Any, figures: Figures, look: str):
    seen = {
        "officer": [*PAGES, "/staff/console/search/", "/staff/console/visits/"],
        "inspector": [
            INSPECTION,
            *(where for name, where in pages(figures.mandates[0]).items() if name != "packet"),
            pages(figures.mandates[1])["sample"],  # over: it says so
        ],
    }
    found = {}
    if look == "desktop-en":  # the pages whose layout is another one there
        seen = {"officer": seen["officer"][::3], "inspector": seen["inspector"][1:3]}
    for who, paths in seen.items():
        found |= looked(browser, figures, who, look, paths)
    assert found == {}


def looked(
    browser: Any, figures: Figures, who: str, look: str, paths: list[str]
) -> dict[str, tuple[int, list[str]]]:
    page = seated(browser, figures, who, look)
    found = {}
    for path in paths:
        page.goto(path)
        violations = Axe().run(page).response["violations"]
        wide = page.evaluate("document.documentElement.scrollWidth")
        if violations or wide > LOOKS[look][0]:
            found[path] = (wide, [each["id"] for each in violations])
    page.context.close()
    return found


def test_the_keyboard_alone_filters_and_turns_a_page(browser: Any, figures: Figures):
    page = seated(browser, figures, "officer", "desktop-en")
    page.goto("/staff/console/parity/")
    page.focus("#only")
    page.keyboard.type("What stands")
    page.focus("form.filter button")
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")
    assert page.locator("article.outlet").count() == 2
    page.goto("/staff/console/parity/?sort=scene")
    page.focus("a[rel=next]")
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")
    assert "locker-00010" in page.inner_text("main")
    page.context.close()


def test_a_search_by_keyboard_leaves_what_was_typed_nowhere(browser: Any, figures: Figures):
    page = seated(browser, figures, "officer", "phone-zh-dark")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/staff/console/search/")
    page.select_option("#purpose", "dispute")
    page.fill("#case", "CASE-9")
    page.select_option("#by", "document")
    page.fill("#text", figures.number)
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")
    assert "已遮盖" in page.inner_text("main")
    assert figures.number not in page.content()
    with page.expect_navigation(wait_until="load"):
        page.click("section.told button")
    assert figures.number in page.inner_text("main")
    assert Axe().run(page).violations_count == 0
    assert not [url for url in asked if figures.number in url]
    page.context.close()
