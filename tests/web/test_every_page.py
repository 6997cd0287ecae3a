"""Every page of a sender: narrow, large, on a kiosk; by keyboard alone and without script."""

from __future__ import annotations

import re

import pytest

from liangming.web.plays.people import card_number
from liangming.web.size import PERCENT

from .test_my_data_in_reach import pages
from .test_mydata import passed

pytestmark = pytest.mark.browser
SMALL = """least => [...document.querySelectorAll('a, button, summary, select, input:not([type=hidden]), textarea')]
  .filter(e => { const b = e.getBoundingClientRect(); return b.width && b.height < least && !e.closest('p:not(:has(> :only-child)), li, figcaption, dd'); })
  .map(e => e.outerHTML)"""


def test_every_page_fits_320_pixels_and_190_percent_and_has_large_targets(browser, site, http):
    code = passed(site, card_number())
    found = [path for path in pages(site, http, code) if not path.startswith("/demo")]
    context = browser.new_context(base_url=site.demo, java_script_enabled=False)
    page = context.new_page()
    wide, small = [], []
    for path in found:
        page.set_viewport_size({"width": 320, "height": 640})
        page.goto(path)
        for step in (0, len(PERCENT) - 1):
            page.evaluate("step => { document.documentElement.className = 's' + step; }", step)
            if page.evaluate("document.documentElement.scrollWidth") > 320:
                wide.append((path, step))
            small += [(path, step, each) for each in page.evaluate(SMALL, 43.5)]
        page.set_viewport_size({"width": 1080, "height": 1920})
        page.evaluate("() => { document.documentElement.className = ''; }")
        small += [(path, "kiosk", each) for each in page.evaluate(SMALL, 59.5)]
    context.close()
    assert (wide, small) == ([], [])


def test_by_keyboard_alone_and_without_script_from_the_choice_to_an_erasure(browser, site):
    number = card_number()
    code = passed(site, number)
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        locale="zh-CN",
        base_url=site.demo,
        java_script_enabled=False,
    )
    page = context.new_page()
    page.goto("/s/shili-counter")

    def reach(what: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            focused = page.locator(":focus")
            if not focused.count():
                continue
            said = f"{focused.inner_text()} {focused.get_attribute('id') or ''}"
            if re.search(what, said):
                outline = focused.evaluate("e => getComputedStyle(e).outlineStyle")
                assert outline == "solid", what  # where one is can be seen
                return
        pytest.fail(f"not reached by Tab: {what}")

    def press(what: str) -> None:
        reach(what)
        with page.expect_navigation(wait_until="load"):
            page.keyboard.press("Enter")

    press("出示身份证件")
    assert "/c/chk_" in page.url
    press("我的信息")
    reach("code")
    page.keyboard.type(code)
    press("继续")
    press("^删除")
    reach("number")
    page.keyboard.type(number)
    press("^删除")
    assert "certificate" in page.content()
    context.close()
