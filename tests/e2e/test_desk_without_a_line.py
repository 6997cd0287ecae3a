"""The server is killed under a clerk's hands, and comes back: what was seen meanwhile is written once."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.chromium import launched
from tests.e2e.server import House, Server

from liangming.web.plays.people import card_number


@pytest.mark.browser
def test_a_killed_server_stops_no_clerk_and_the_queue_is_written_when_it_is_back(tmp_path: Path):
    house = House(tmp_path)
    key = house.key("desk")
    with launched() as chromium:
        server = house.start()
        try:
            context = chromium.new_context(locale="zh-CN", base_url=server.url)
            page = context.new_page()
            page.goto("/desk/signin")
            page.fill("#key", key)
            with page.expect_navigation(wait_until="load"):
                page.click("form.panel button")
            page.goto("/desk/at/shili-counter")
            page.wait_for_selector("html[data-kept]", state="attached")
            server.kill()

            page.reload()
            for answer in ("1", "2"):
                page.wait_for_selector("#stage #scan")
                page.keyboard.type(card_number())
                page.keyboard.press("Enter")
                page.wait_for_selector("[data-agrees=yes]")
                page.keyboard.press(answer)
                page.wait_for_selector("#stage .big")
                page.keyboard.press("Enter")
            page.reload()
            page.wait_for_selector("#queue:not([hidden])")
            assert page.inner_text("#queue [data-count]") == "2"

            server = Server.begin(house, "--port", str(server.port))
            server.wait_until_ready()
            page.click("#queue [data-send] button")
            page.wait_for_selector("#queue [data-send]", state="hidden")
            assert page.inner_text("#queue [data-sent-count]") == "1"
            assert page.inner_text("#queue [data-hand-count]") == "1"
            context.close()
        finally:
            server.kill()
