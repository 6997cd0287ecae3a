"""The log's public page: anybody may look, nothing personal, a way to verify."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from liangming.ledger.circle import Standing
from liangming.ledger.codes import WITNESS_AHEAD
from liangming.ledger.head import Head
from liangming.ledger.past import Past, kept_path
from liangming.ledger.tiles import CHECKPOINT

from .conftest import Site
from .test_doors import choose


def carried(site: Site) -> bytes:
    """The published checkpoint once everything is in it."""

    async def carry() -> None:
        while await site.carrier.round():
            pass

    site.run(carry())
    return site.house.record.tiles.get(CHECKPOINT)


def test_anybody_sees_the_newest_head_the_key_and_how_to_verify(site: Site, http):
    choose(http, "document.seen")
    origin, size, _ = carried(site).decode().split("\n")[:3]
    for language, title in (("zh", "存证"), ("en", "The log")):
        answer = http.get("/log/", params={"lang": language})
        assert answer.status_code == 200
        for words in (title, origin, f"<dd>{size}</dd>", site.house.record.trust.log_keys[0].name):
            assert words in answer.text
        assert "liangming ledger fsck" in answer.text
        assert "<script" not in answer.text


def test_a_witness_that_fails_is_shown_with_what_it_fails_at(site: Site, http):
    carried(site)
    told = (
        Standing("w1", Head(1234, bytes(32)), site.clock.now()),
        Standing("w2", failure=WITNESS_AHEAD),
    )
    record = site.house.record
    object.__setattr__(record, "standing", lambda: told)
    try:
        page = http.get("/log/", params={"lang": "en"}).text
    finally:
        object.__setattr__(record, "standing", tuple)
    assert "has signed 1,234 leaves" in page
    assert WITNESS_AHEAD.en[:40] in page


def test_a_head_that_does_not_hold_is_not_shown_as_one(site: Site, http):
    whole = carried(site)
    tiles = site.house.record.tiles
    tiles.replace(CHECKPOINT, whole.replace(b"\n", b"x\n", 1))
    try:
        page = http.get("/log/", params={"lang": "en"}).text
    finally:
        tiles.replace(CHECKPOINT, whole)
    assert "does not hold" in page
    assert "/log/checkpoint" not in page.replace("…/log/checkpoint", "")


@pytest.fixture(scope="module")
def first(site: Site) -> int:
    """The number of the first of sixty heads that were published before; number 30 of them is of
    another log. Heads that others left here stand before them.
    """
    note = carried(site)
    other = note.replace(b"\n", b"x\n", 1)
    tiles = site.house.record.tiles
    number = Past(tiles).count()
    for n in range(60):
        tiles.keep(kept_path(number + n), other if n == 30 else note)
    return number


def test_earlier_heads_are_shown_page_by_page_each_with_what_it_is_worth(site, http, first):
    choose(http, "document.seen")
    carried(site)
    newest = Past(site.house.record.tiles).count() - 1
    assert newest >= first + 59
    pages = []
    address = "/log/?lang=en"
    while address:
        text = http.get(address).text
        assert "<script" not in text
        pages.append([int(n) for n in re.findall(r">No\. (\d+)</a>", text)])
        more = re.search(r'href="(/log/\?before=\d+)#past">Earlier<', text)
        address = f"{more[1]}&lang=en" if more else ""
    assert pages == [list(range(n, max(n - 24, -1), -1)) for n in range(newest, -1, -24)]
    middle = http.get(f"/log/?before={first + 32}&lang=en").text
    assert middle.count("consistent with the newest") == 23
    assert middle.count("this head does not hold") == 1
    assert f'/log/?before={first + 56}#past">Later<' in middle
    for odd in ("x", "-1", "99999999999999999999", "１"):
        assert f">No. {newest}</a>" in http.get("/log/", params={"before": odd, "lang": "en"}).text
    assert http.get("/log/?before=0&lang=en").text.count("</a></dt>") == 0


@pytest.mark.browser
@pytest.mark.parametrize(("language", "scheme"), [("zh-CN", "light"), ("en", "dark")])
def test_axe_finds_nothing_on_it(browser, site: Site, first, language, scheme):
    carried(site)
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale=language, color_scheme=scheme
    )
    page = context.new_page()
    page.goto(f"{site.plain}/log/")
    found = Axe().run(page)
    context.close()
    assert found.violations_count == 0, found.generate_report()
