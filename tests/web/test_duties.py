"""The duties board at the desk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe

from liangming import access

from .conftest import Site


@contextmanager
def signed_in(site: Site, *scopes: str) -> Iterator[httpx.Client]:
    async def make() -> str:
        return await access.create(site.house, name="desk", operator="shili-express", scopes=scopes)

    with httpx.Client(base_url=site.plain, headers={"Accept-Language": "zh-CN"}) as http:
        answer = http.post("/desk/signin", data={"key": site.run(make())})
        assert answer.status_code == 302
        yield http


def test_the_board_needs_a_key_with_both_scopes(site: Site):
    with httpx.Client(base_url=site.plain) as nobody:
        for path in ("/desk/duties", "/desk/duties/calendar.ics"):
            assert nobody.get(path).headers["location"] == "/desk/signin"
    with signed_in(site, "desk") as clerk:
        assert "/desk/duties" not in clerk.get("/desk").text
        for path in ("/desk/duties", "/desk/duties/calendar.ics"):
            assert clerk.get(path).status_code == 403
    with signed_in(site, "desk", "rights") as officer:
        assert "/desk/duties" in officer.get("/desk").text
        text = officer.get("/desk/duties").text
        for words in ("义务看板", "恢复演练", "最后一日", "逾期的后果", "不是法律"):
            assert words in text
        feed = officer.get("/desk/duties/calendar.ics")
        assert feed.headers["content-disposition"] == 'attachment; filename="duties.ics"'
        assert feed.content.startswith(b"BEGIN:VCALENDAR\r\n")


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_board_has_no_barrier_and_fits_a_phone(browser, site: Site, scheme: str):
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        locale="zh-CN",
        color_scheme=scheme,
        base_url=site.demo,
    )
    page = context.new_page()
    page.goto("/desk/duties")
    assert Axe().run(page).violations_count == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()
