"""From any page of a sender: my data in two taps, with nothing but the receipt's code."""

from __future__ import annotations

import re

import httpx
import pytest

from liangming.rights.words import Right
from liangming.web.plays.people import card_number

from .conftest import Site
from .test_doors import choose
from .test_journeys import tap
from .test_mydata import passed

FOOT = re.compile(r'<footer><a href="(/my[^"]*)">')


def pages(site: Site, http: httpx.Client, code: str) -> list[str]:
    """Every address that a sender can stand at."""
    found = [
        "/",
        "/demo",
        "/demo/N1",
        "/log/",
        "/nowhere",
        "/report",
        "/report/shili-counter",
        "/my",
        f"/my/{code}",
        f"/r/{code}",
    ]
    found += [f"/my/{code}/{right.value}" for right in Right]
    for scene in site.house.scenes:
        found += [f"/s/{scene}", f"/k/{scene}/still?to=/s/{scene}"]
    found += [f"/s/shili-counter?for={way}" for way in ("for-another", "with-guardian", "helped")]
    check = choose(http, "document.seen", "/s/shili-counter")
    face = choose(http, "face", "/s/yangli-locker-send")
    helped = choose(http, "help", "/s/shili-counter")
    asked = http.post(f"/my/{code}/complain", data={"words": "等了很久", "as": "self"})
    found += [check, f"{check}/ways", f"{face}/consent", f"{face}/consent?guardian", helped]
    found += re.findall(rf"/my/{code}/q/req_\w+", asked.text + asked.headers.get("location", ""))
    return list(dict.fromkeys(found))


@pytest.mark.parametrize("shared", [False, True])
def test_every_page_of_a_sender_leads_to_my_data_in_two_taps(site, http, shared):
    code = passed(site, card_number())
    if shared:
        http.get("/k/shili-counter")
        assert http.get(f"/my/{code}").status_code == 404  # before its code was entered here
        http.post("/my", data={"code": code})
    met = []
    every = pages(site, http, code)
    # On a shared screen the same pages pass the same door: every fourth is enough there.
    for path in every[::4] if shared else every:
        answer = http.get(path, follow_redirects=True)
        if answer.status_code == 404 and not shared:
            assert path == "/nowhere"
        foot = FOOT.search(answer.text)
        assert foot is not None, path
        met.append(path)
        first = http.get(foot[1])
        assert first.status_code == 200, path
        if foot[1] == "/my":
            entered = http.post("/my", data={"code": code})
            assert entered.headers["location"] == f"/my/{code}", path
    assert len(every) > 40
    assert any("/q/" in path for path in every)


@pytest.mark.browser
def test_two_taps_without_script_on_a_phone_and_on_a_shared_screen(browser, site):
    code = passed(site, card_number())
    for size, start in (((390, 844), "/s/shili-counter"), ((1080, 1920), "/k/yangli-locker-send")):
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            base_url=site.plain,
            java_script_enabled=False,
            locale="zh-CN",
        )
        page = context.new_page()
        page.goto(start)
        tap(page, "footer a")  # 1
        page.fill("#code", code)
        tap(page, "main form button")  # 2
        assert page.url.endswith(f"/my/{code}")
        assert "法定义务" in page.inner_text("body") or page.locator("main .card").count() >= 6
        context.close()
