"""Register, self-check, thresholds and access as pages: filled in, signed by another, as PDF."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from liangming.governance.processing import ADDITIONS

from .conftest import Site
from .test_duties import signed_in


def test_one_key_puts_the_register_forward_another_signs_and_it_is_a_paper(site: Site):
    with signed_in(site, "desk", "rights") as one, signed_in(site, "desk", "rights") as two:
        told = {"do": "draft", **dict.fromkeys(ADDITIONS, "没有")}
        assert one.post("/desk/register", data={**told, "abroad": ""}).status_code == 422
        assert one.post("/desk/register", data=told).status_code == 302
        page = two.get("/desk/register").text
        assert "shili-counter" in page
        number = re.findall(r'name="number" value="(sht_[0-9a-z]{26})"', page)[0]
        sent = {"do": "sign", "number": number}
        assert one.post("/desk/register", data=sent).status_code == 422
        assert two.post("/desk/register", data=sent).status_code == 302
        paper = two.get(f"/desk/paper/register/{number}")
        assert paper.content.startswith(b"%PDF-")
        with signed_in(site, "desk", "rights", operator="yangli-station") as other:
            assert other.get(f"/desk/paper/register/{number}").status_code == 404
            assert other.get("/desk/register?operator=shili-express").status_code == 404


def test_the_self_check_is_prefilled_by_evidence_and_refuses_what_it_sees_otherwise(site: Site):
    with signed_in(site, "desk", "rights") as officer:
        page = officer.get("/desk/selfcheck").text
        assert "还没有两个人批准" in page
        assert "19." in page
        assert "20." not in page
        assert "26." in officer.get("/desk/selfcheck?items=full").text
        answers = {f"a.{name}": "compliant" for name in re.findall(r'name="a\.([a-z-]+)"', page)}
        said = officer.post("/desk/selfcheck", data={"do": "draft", "items": "small", **answers})
        assert said.status_code == 422
        assert "系统看到的是不合规" in said.text


def test_thresholds_and_access_say_what_is_not_known_and_keep_the_review(site: Site):
    with signed_in(site, "desk", "rights") as officer:
        assert "这里不知道" in officer.get("/desk/thresholds").text
        wrong = officer.post("/desk/thresholds", data={"threshold": "officer", "reference": "A-1"})
        assert wrong.status_code == 422
        before = re.findall(r"最迟 ([^<]+)<", officer.get("/desk/access").text)
        assert officer.post("/desk/access", data={"do": "review"}).status_code == 302
        assert re.findall(r"最迟 ([^<]+)<", officer.get("/desk/access").text) != before


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_these_pages_have_no_barrier_and_fit_a_phone(browser, site: Site, scheme: str):
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="zh-CN", color_scheme=scheme,
        base_url=site.demo,
    )  # fmt: skip
    page = context.new_page()
    for where in ("register", "selfcheck", "thresholds", "access"):
        page.goto(f"/desk/{where}")
        assert Axe().run(page).violations_count == 0, where
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, where
    context.close()
