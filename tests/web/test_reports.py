"""Anybody reports, without being asked who they are; staff answer; the code leads back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe

from .conftest import Site
from .test_duties import signed_in
from .test_journeys import tap

WORDS = "柜台说不刷脸就不收件"


@pytest.fixture(autouse=True)
def _clock(site: Site) -> Iterator[None]:
    """The site's clock stands for all: it is put back where it was."""
    before = site.clock.now()
    yield
    site.clock.set(before)


def slip_of(page: str) -> str:
    found = re.search(r'name="slip" value="([^"]+)"', page)
    assert found
    return found[1]


def filled(site: Site, http: httpx.Client, where: str = "/report/shili-counter", **more: str):
    """Load the form, take a while, and send it."""
    slip = slip_of(http.get(where).text)
    site.clock.move(timedelta(seconds=4))
    told = {"slip": slip, "website": "", "topic": "forced-face", "words": WORDS, **more}
    return http.post(where, data=told)


def reported(site: Site, http: httpx.Client, **more: str) -> str:
    answer = filled(site, http, **more)
    assert answer.status_code == 302, answer.text
    return answer.headers["location"].removesuffix("?new=yes")


def newest(officer: httpx.Client) -> str:
    return re.findall(
        r'href="(/desk/reports/rpt_[0-9a-z]{26})"', officer.get("/desk/reports").text
    )[-1]


def test_a_stranger_reports_staff_answer_and_the_code_leads_back(site: Site, http: httpx.Client):
    there = reported(site, http)
    assert re.fullmatch(r"/report/f/rpf_[0-9a-z]{26}", there)
    code = there.rpartition("/")[2]
    assert code in http.get(f"{there}?new=yes").text
    assert WORDS not in http.get(there).text
    with signed_in(site, "desk", "rights") as officer:
        assert "举报待分派" in officer.get("/desk/duties").text
        page = newest(officer)
        assert WORDS not in officer.get(page).text
        assert WORDS in officer.post(page, data={"do": "words"}).text
        taken = {"do": "triage", "topic": "unequal", "owner": "rights-desk", "check": ""}
        assert officer.post(page, data=taken).status_code == 302
        done = {"do": "answer", "outcome": "upheld", "words": "已经改正<b>并</b>培训"}
        assert officer.post(page, data=done).status_code == 302
        assert officer.post(page, data=done).status_code == 409
        with signed_in(site, "desk", "rights", operator="somebody-else") as other:
            assert other.get(page).status_code == 404
            assert page not in other.get("/desk/reports").text
    shown = http.get(there).text
    assert "已经改正&lt;b&gt;并&lt;/b&gt;培训" in shown
    assert "属实，已经改正" in shown
    assert http.post(there, data={"do": "appeal"}).status_code == 302
    assert "复核中，换人办理" in http.get(there).text
    found = http.post("/report/f", data={"code": code.upper()})
    assert found.headers["location"] == there


def test_programs_are_kept_out_without_asking_anybody_a_riddle(site: Site, http: httpx.Client):
    slip = slip_of(http.get("/report").text)
    told = {
        "slip": slip,
        "website": "",
        "topic": "other",
        "words": WORDS,
        "place": "shili-express/",
    }
    assert http.post("/report", data=told).status_code == 409  # faster than anybody reads
    site.clock.move(timedelta(seconds=4))
    assert http.post("/report", data={**told, "website": "x"}).status_code == 400
    assert http.post("/report", data={**told, "slip": slip[:-1]}).status_code == 409
    assert http.post("/report", data={**told, "place": "else/"}).status_code == 400
    assert http.post("/report", data={**told, "words": "短"}).status_code == 422
    first = http.post("/report", data=told)
    again = http.post("/report", data=told)
    assert first.headers["location"] == again.headers["location"]
    site.clock.move(timedelta(hours=13))
    assert http.post("/report", data=told).status_code == 409
    assert "<script" not in http.get("/report").text
    assert http.get("/report/f/rpf_00000000000000000000000000").status_code == 404
    assert http.post("/report/f", data={"code": "x"}).status_code == 404


def test_an_outlet_takes_so_many_in_an_hour_and_says_when_to_come_back(
    site: Site, http: httpx.Client
):
    for n in range(60):
        answer = filled(site, http, "/report/yangpin-metro", words=f"{WORDS}{n}")
        if answer.status_code == 429:
            break
    answer = filled(site, http, "/report/yangpin-metro")
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert filled(site, http).status_code == 302  # another outlet is not held up


def test_the_board_of_reports_needs_the_right_key(site: Site):
    with httpx.Client(base_url=site.plain) as nobody:
        assert nobody.get("/desk/reports").headers["location"] == "/desk/signin"
    with signed_in(site, "desk") as clerk:
        assert clerk.get("/desk/reports").status_code == 403


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_a_report_have_no_barrier_and_fit_a_phone(
    browser, site: Site, http, scheme: str
):
    there = reported(site, http)
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        locale="zh-CN",
        color_scheme=scheme,
        base_url=site.demo,
    )
    page = context.new_page()
    for where in ("/report", there, "/desk/reports"):
        page.goto(where)
        assert Axe().run(page).violations_count == 0, where
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, where
    tap(page, "ul.duties h2 a")
    assert Axe().run(page).violations_count == 0
    page.goto("/s/shili-counter")
    tap(page, 'footer a[href^="/report"]')
    assert page.url.endswith("/report/shili-counter")
    context.close()
