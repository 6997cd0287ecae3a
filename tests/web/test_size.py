"""Steps of size: without script, on every page of a sender, up to 190 %."""

from __future__ import annotations

import re

import pytest

from liangming.web.size import PERCENT

from .test_journeys import tap

pytestmark = pytest.mark.browser

ROOT = "parseFloat(getComputedStyle(document.documentElement).fontSize)"


def test_larger_is_a_link_and_stays_until_smaller(visitor):
    visitor.goto("/s/shili-counter")
    sizes = [visitor.evaluate(ROOT)]
    while visitor.locator("a[href*='size=']", has_text="大字").count():
        tap(visitor, "a:text('大字')")
        sizes.append(visitor.evaluate(ROOT))
    assert sizes == [16 * percent / 100 for percent in PERCENT]
    tap(visitor, "button[value='document.seen']")  # the next page keeps it
    assert visitor.evaluate(ROOT) == sizes[-1]
    tap(visitor, "a:text('小字')")
    assert visitor.evaluate(ROOT) == sizes[-2]


def test_a_size_is_remembered_only_if_asked_for_and_never_taken_from_nonsense(http):
    assert "set-cookie" not in http.get("/s/shili-counter").headers
    assert http.get("/?size=2").headers["set-cookie"].startswith("size=2;")
    for odd in ("9", "-1", "x", "2;evil", ""):
        answer = http.get("/", params={"size": odd})
        assert "set-cookie" not in answer.headers
        assert "evil" not in answer.text
    http.cookies.set("size", "99")
    assert re.search(r'<html lang="zh-Hans">', http.get("/").text)


@pytest.mark.parametrize("step", range(len(PERCENT)))
@pytest.mark.parametrize(("width", "height"), [(320, 640), (390, 844), (1080, 1920)])
def test_every_page_of_a_sender_reflows_at_every_step(browser, site, step, width, height):
    context = browser.new_context(
        viewport={"width": width, "height": height}, base_url=site.demo, java_script_enabled=True
    )
    context.add_cookies([{"name": "size", "value": str(step), "url": site.demo}])
    page = context.new_page()

    def fits() -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
        small = page.evaluate(
            """() => [...document.querySelectorAll('a, button, summary, input:not([type=hidden])')]
            .filter(e => e.getBoundingClientRect().height < 43.5 && !e.closest('p, li, figcaption, dd') )
            .map(e => e.outerHTML)"""
        )
        assert small == [], page.url

    for path in ("/", "/s/shili-counter", "/s/shili-counter?lang=en", "/s/yangpin-metro"):
        page.goto(path)
        fits()
    page.goto("/s/yangli-locker-send?lang=zh")
    tap(page, "button[value=face]")
    fits()
    tap(page, "button[value=no]")
    fits()
    tap(page, "button[value='document.read'], button[value='document.seen']")
    fits()
    context.close()
