"""A shared screen that is left alone closes by itself, whatever stands on it."""

from __future__ import annotations

import re

import pytest

from liangming.web import kiosk
from liangming.web.plays.people import card_number

from .test_journeys import tap
from .test_mydata import passed

pytestmark = pytest.mark.browser


@pytest.fixture
def shared(browser, site):
    """A kiosk; the server runs in this process, so that its minute can be made a second."""
    context = browser.new_context(
        viewport={"width": 1080, "height": 1920},
        locale="zh-CN",
        base_url=site.plain,
        java_script_enabled=False,
    )
    page = context.new_page()
    page.goto("/k/yangli-locker-send")
    yield page
    context.close()


def test_my_data_close_by_themselves_after_a_warning_and_do_not_open_for_the_next(
    shared, site, monkeypatch
):
    number = card_number()
    code = passed(site, number)
    shared.goto("/my")
    shared.fill("#code", code)
    tap(shared, "main form button")
    tap(shared, f"a[href='/my/{code}/see']")
    shared.select_option("#document", "resident_card")
    shared.fill("#number", number)
    been = []

    def went(frame) -> None:
        been.append(frame.url.removeprefix(site.plain))
        if "/still" in frame.url:  # the page that follows may stand as long as it takes
            monkeypatch.setattr(kiosk, "STILL_SECONDS", 600)

    shared.on("framenavigated", went)
    monkeypatch.setattr(kiosk, "STILL_SECONDS", 2)
    monkeypatch.setattr(kiosk, "WARNED_SECONDS", 2)
    shared.click("main form button")
    shared.wait_for_url(f"{site.plain}/s/yangli-locker-send")  # nobody touches the screen
    asked = "/k/yangli-locker-send/still?to=/s/yangli-locker-send"
    assert been == [f"/my/{code}/see", asked, "/s/yangli-locker-send"]
    assert number not in shared.content()
    assert shared.goto(f"/my/{code}").status == 404
    assert shared.goto(f"/r/{code}").status == 404
    shared.go_back()
    assert number not in shared.content()


def test_whoever_is_still_there_goes_on_where_they_were(shared, monkeypatch):
    monkeypatch.setattr(kiosk, "STILL_SECONDS", 1)
    shared.reload()
    shared.wait_for_url(re.compile(r"/still\?to="))
    monkeypatch.setattr(kiosk, "STILL_SECONDS", 60)
    assert "还在办理吗" in shared.inner_text("h1")
    assert str(kiosk.WARNED_SECONDS) in shared.inner_text("[role=status]")
    boxes = shared.locator(".cards.pair .card").evaluate_all(
        "all => all.map(c => [c.offsetWidth, c.offsetHeight])"
    )
    assert boxes[0] == boxes[1]
    tap(shared, ".cards.pair a >> nth=0")
    assert shared.url.endswith("/s/yangli-locker-send")
    assert shared.locator(".card[value=help]").count() == 1
