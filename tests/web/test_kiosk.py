"""A shared screen: large targets, a warning before it begins anew, nothing left for the next person."""

from __future__ import annotations

import re

import pytest

from liangming.web.kiosk import STILL_SECONDS, WAITING_SECONDS, WARNED_SECONDS

from .test_doors import choose
from .test_journeys import tap

SCREEN = {"width": 1080, "height": 1920}


@pytest.fixture
def kiosk(browser, site):
    context = browser.new_context(
        viewport=SCREEN, locale="zh-CN", base_url=site.demo, java_script_enabled=False
    )
    yield context.new_page()
    context.close()


def refresh(answer) -> str:
    return answer.headers.get("refresh", "")


def test_a_screen_that_stands_still_asks_and_then_begins_anew(http):
    assert refresh(http.get("/s/yangli-locker-send")) == ""  # not on people's own phones
    begun = http.get("/k/yangli-locker-send")
    assert begun.headers["location"] == "/s/yangli-locker-send"
    ways = http.get("/s/yangli-locker-send")
    asks = "/k/yangli-locker-send/still?to=/s/yangli-locker-send"
    assert refresh(ways) == f"{STILL_SECONDS}; url={asks}"
    still = http.get(asks)
    assert refresh(still) == f"{WARNED_SECONDS}; url=/k/yangli-locker-send"
    assert WARNED_SECONDS >= 20  # WCAG 2.2.1
    assert 'href="/s/yangli-locker-send"' in still.text


def test_a_page_that_waits_for_staff_stands_longer_and_asks_too(http):
    http.get("/k/yangli-locker-send")
    path = choose(http, "document.read", "/s/yangli-locker-send")
    url, times = path, 0
    while "still" not in url:
        every, _, url = refresh(http.get(url)).partition("; url=")
        times += 1
        assert times < 100
    assert times * int(every) == WAITING_SECONDS
    assert url == f"/k/yangli-locker-send/still?to={path}"


def test_nothing_of_one_person_opens_for_the_next(http):
    http.get("/k/yangli-locker-send")
    path = choose(http, "document.read", "/s/yangli-locker-send")
    assert http.get(path).status_code == 200
    http.get("/", params={"lang": "en", "size": "3"})
    assert {"lang", "size"} <= set(http.cookies)
    http.get("/k/yangli-locker-send")  # begin anew
    assert set(http.cookies) == {"kiosk"}
    for address in (path, f"{path}/ways", f"{path}/help", f"{path}/consent"):
        assert http.get(address).status_code == 404
    assert http.post(f"{path}/choose", data={"way": "document.read"}).status_code == 404
    assert 'lang="zh-Hans">' in http.get("/s/yangli-locker-send").text


def test_a_cookie_that_was_tampered_with_is_no_visit(http):
    http.get("/k/yangli-locker-send")
    cookie = http.cookies["kiosk"].strip('"')
    path = choose(http, "document.read", "/s/yangli-locker-send")
    other = path.rpartition("/")[2]
    http.cookies.clear()
    scene, visit, tag = cookie.split("~")
    http.cookies.set("kiosk", f"{scene}~{visit}~{other}~{tag}")
    assert refresh(http.get("/s/yangli-locker-send")) == ""


@pytest.mark.browser
def test_a_person_at_a_kiosk_without_script_goes_all_the_way_and_leaves_nothing(kiosk):
    kiosk.goto("/k/yangli-locker-send")
    tap(kiosk, "button[value=help]")
    assert "请把这个页面给工作人员看" in kiosk.inner_text("h1")
    left = kiosk.url
    kiosk.goto("/k/yangli-locker-send/still?to=" + left.partition(":")[2][2:].partition("/")[2])
    tap(kiosk, "a[href='/k/yangli-locker-send']")
    assert kiosk.url.endswith("/s/yangli-locker-send")
    assert kiosk.goto(left).status == 404
    kiosk.go_back()
    assert "请把这个页面给工作人员看" not in kiosk.inner_text("main")


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh", "en"])
def test_targets_on_a_kiosk_are_at_least_sixty_pixels_and_help_is_a_card_like_the_others(
    browser, site, language
):
    context = browser.new_context(viewport=SCREEN, base_url=site.demo)
    page = context.new_page()
    context.add_cookies([{"name": "lang", "value": language, "url": site.demo}])

    def large() -> None:
        small = page.evaluate(
            """() => [...document.querySelectorAll('a, button, summary')]
            .filter(e => e.getBoundingClientRect().height < 60).map(e => e.outerHTML)"""
        )
        assert small == [], page.url

    page.goto("/k/yangli-locker-send")
    context.add_cookies([{"name": "lang", "value": language, "url": site.demo}])
    page.reload()
    large()
    boxes = page.evaluate(
        "() => [...document.querySelectorAll('.card')].map(c => [c.offsetWidth, c.offsetHeight])"
    )
    assert page.locator(".card[value=help]").count() == 1
    assert len({tuple(box) for box in boxes}) == 1
    page.goto("/k/yangli-locker-send/still?to=/s/yangli-locker-send")
    large()
    page.goto("/s/yangli-locker-send")
    tap(page, "button[value=face]")
    large()
    tap(page, "button[value=no]")
    large()
    tap(page, "button[value='document.read']")
    large()
    context.close()


@pytest.mark.browser
def test_a_sender_with_a_keyboard_alone_and_without_script_goes_all_the_way(browser, site):
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        locale="zh-CN",
        base_url=site.demo,
        java_script_enabled=False,
    )
    page = context.new_page()
    page.goto("/s/yangli-locker-send")

    def reach(label: str) -> None:
        for _ in range(40):
            page.keyboard.press("Tab")
            focused = page.locator(":focus")
            if focused.count() and re.search(label, focused.inner_text()):
                return
        pytest.fail(f"not reached by Tab: {label}")

    def press(label: str) -> None:
        reach(label)
        with page.expect_navigation(wait_until="load"):
            page.keyboard.press("Enter")

    press("本机人脸比对")
    press("不同意刷脸")
    assert "不刷脸" in page.inner_text("main")
    press("证件放读卡器|出示身份证件")
    assert "/c/chk_" in page.url
    context.close()
