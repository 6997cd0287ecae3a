"""A shared counter that is left alone: locked by the clock, opened by its owner's key alone."""

from __future__ import annotations

import pytest

from .conftest import IDLE

pytestmark = pytest.mark.browser


def test_a_desk_that_stood_unused_is_locked_for_whoever_comes_by_and_opens_for_its_owner(
    server, person
):
    _, link = server.invited("clerk")
    clerk = person()
    clerk.enrol(link)
    clerk.train("clerk")
    page = clerk.page
    answer = page.goto("/desk/at/shili-counter")
    # The screen does not stay open either: it asks again by itself once the time is over.
    assert answer.headers["refresh"] == f"{IDLE + 1}; url=/desk"
    try:
        server.moved.write_text(str(IDLE - 5), "utf-8")
        assert (
            page.goto("/desk/at/shili-counter").status == 200
        )  # used in time: the time begins anew
        server.moved.write_text(str(2 * IDLE), "utf-8")
        page.keyboard.press("1")  # somebody else presses a key, and Enter
        page.keyboard.press("Enter")
        page.wait_for_selector("text=柜台已锁定")
        assert page.url.endswith("/desk/at/shili-counter/scan")
        for path in ("/desk", "/desk/at/shili-counter", "/desk/duties", "/staff/sessions/"):
            page.goto(path)
            assert "下一位" not in clerk.text()
            assert page.locator("#scan").count() == 0
        page.goto("/staff/")
        clerk.keyed("form[data-key=show] button", "**/staff/")
        assert page.goto("/desk/at/shili-counter").status == 200
    finally:
        server.moved.write_text("0", "utf-8")
