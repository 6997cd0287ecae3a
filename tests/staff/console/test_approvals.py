"""A look that takes a second person, as pages: asked, agreed by an administrator, used once."""

from __future__ import annotations

import re

import httpx

from .conftest import Figures

LOOKS, SEARCH = "/staff/console/looks/", "/staff/console/search/"


def send(figures: Figures, http: httpx.Client, where: str, **form: str) -> httpx.Response:
    return http.post(where, data=form, headers={"Origin": figures.base})


def test_a_look_is_asked_for_agreed_to_by_another_and_used_once(figures: Figures):
    check = figures.checks[0]
    whole = {"by": "check", "text": check, "purpose": "statutory-report", "case": "GA-2026-9", "whole": "yes"}  # fmt: skip
    with figures.as_("officer") as officer, figures.as_("administrator") as second:
        shut = send(figures, officer, SEARCH, **whole).text
        assert "要另一个人批准" in shut
        assert figures.number not in shut
        assert "没有打开，要另一个人批准" in shut  # in the list of searches below
        ask = {"do": "ask", "check": check, "purpose": "statutory-report", "case": "GA-2026-9", "whole": "yes"}  # fmt: skip
        wrong = send(figures, officer, LOOKS, **ask, reason="看")
        assert (wrong.status_code, "4 到 120" in wrong.text) == (422, True)
        assert send(figures, officer, LOOKS, **ask, reason="公安机关来函核实").status_code == 302
        mine = officer.get(LOOKS).text
        assert "等待另一个人" in mine
        assert 'value="agree"' not in mine
        waiting = second.get(LOOKS).text
        [look] = re.findall(r'name="look" value="(lok_\w+)"', waiting)
        assert figures.number not in waiting
        assert send(figures, officer, LOOKS, do="agree", look=look).status_code == 403
        assert send(figures, second, LOOKS, do="agree", look=look).status_code == 302
        assert "现在看" in officer.get(LOOKS).text
        assert figures.number in send(figures, officer, SEARCH, **whole).text
        assert figures.number not in send(figures, officer, SEARCH, **whole).text
        assert "已看过一次" in officer.get(LOOKS).text
        assert send(figures, second, LOOKS, **ask, reason="自己想看一看").status_code == 403


def test_pages_of_looks_speak_english_and_are_not_for_everybody(figures: Figures):
    with figures.as_("officer-elsewhere", "en-GB") as http:
        assert "Nobody asked for a look." in http.get(LOOKS).text
    for who in ("clerk", "manager", "integrator", "inspector"):
        with figures.as_(who) as http:
            assert http.get(LOOKS).status_code == 403
