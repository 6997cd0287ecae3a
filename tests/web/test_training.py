"""Courses at the desk: marked by their file, again as often as one likes, without script."""

from __future__ import annotations

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe

from liangming.governance.training import COURSES, needed

from .conftest import Site
from .test_duties import signed_in

RIGHT = {f"q{n}": question.right for n, question in enumerate(COURSES["parity"].questions)}


def test_a_course_says_why_and_counts_only_when_it_is_passed(site: Site, http: httpx.Client):
    page = http.get("/desk/training").text
    assert all(course.title.zh in page for course in needed("clerk"))
    wrong = http.post("/desk/training/parity", data={**RIGHT, "q0": "help", "q1": ""}).text
    assert "还差一点" in wrong
    assert COURSES["parity"].questions[0].why.zh in wrong
    assert "还没有通过" in http.get("/desk/training").text
    assert "通过了" in http.post("/desk/training/parity", data=RIGHT).text
    assert "有效到" in http.get("/desk/training").text
    assert http.get("/desk/training/nothing").status_code == 404


def test_a_key_of_a_terminal_takes_no_course(site: Site):
    with signed_in(site, "desk") as clerk:
        assert clerk.get("/desk/training").status_code == 401
        assert clerk.get("/desk/at/shili-counter").status_code == 200


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_course_has_no_barrier_and_fits_a_phone(browser, site: Site, scheme: str):
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="zh-CN", color_scheme=scheme,
        base_url=site.demo, java_script_enabled=True,
    )  # fmt: skip
    page = context.new_page()
    for where in ("/desk/training", "/desk/training/clerk-law"):
        page.goto(where)
        assert Axe().run(page).violations_count == 0, where
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, where
    boxes = [box.bounding_box() for box in page.locator("label.option").all()]
    assert all(box["height"] >= 44 for box in boxes)
    context.close()
