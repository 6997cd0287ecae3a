"""Assessments, incidents, stored faces and processors on staff pages, and what people see of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe

from liangming.check.disclose import disclose
from liangming.check.receipt import check_of
from liangming.governance.assessment.questions import QUESTIONS
from liangming.vault import Purpose
from liangming.web.plays.people import card_number

from .conftest import Site
from .test_duties import signed_in
from .test_mydata import passed

PAGES = ("/desk/assessments", "/desk/incidents", "/desk/faces", "/desk/parties")
FACES = "yangli-station"
FACE = "yangli-locker-collect"


@contextmanager
def two(site: Site, operator: str) -> Iterator[tuple[httpx.Client, httpx.Client]]:
    with (
        signed_in(site, "desk", "rights", operator=operator) as one,
        signed_in(site, "desk", "rights", operator=operator) as other,
    ):
        yield one, other


def filled(officer: httpx.Client, there: str) -> None:
    for part in ("purpose", "impact", "risk", "measures"):
        form = {
            key: value
            for q in QUESTIONS.values()
            if q.part.value == part
            for key, value in ((f"a-{q.id}", "yes"), (f"r-{q.id}", "已核对现场"))
        }
        assert officer.post(f"{there}/{part}", data=form).status_code == 302
    names = ("autonomy", "unequal", "reputation", "property")
    rated = {f"i-{n}": "2" for n in names} | {f"ir-{n}": "可以换方式" for n in names}
    names = ("technical", "process", "people", "business")
    rated |= {f"f-{n}": "1" for n in names} | {f"fr-{n}": "措施有效" for n in names}
    assert officer.post(f"{there}/rating", data=rated).status_code == 302
    end = {"conclusion": "可以继续。", "months": ""}
    assert officer.post(f"{there}/end", data=end).status_code == 302


def begun(officer: httpx.Client) -> str:
    data = {"scene": FACE, "form": "full"}
    answer = officer.post("/desk/assessments", data=data)
    assert answer.status_code == 302
    return answer.headers["location"]


def test_every_page_needs_a_key_with_both_scopes_and_has_an_empty_state(site: Site):
    with httpx.Client(base_url=site.plain) as nobody:
        for path in PAGES:
            assert nobody.get(path).headers["location"] == "/desk/signin"
    with signed_in(site, "desk") as clerk:
        assert {clerk.get(path).status_code for path in PAGES} == {403}
    with signed_in(site, "desk", "rights", operator="nobody") as stranger:
        assert "没有提供刷脸的场景" in stranger.get("/desk/assessments").text
        assert "没有事件，也没有演练" in stranger.get("/desk/incidents").text
        assert "没有受托方" in stranger.get("/desk/parties").text
        assert "没有终端报告过人数" in stranger.get("/desk/faces").text


def test_two_officers_assess_a_face_and_one_withdraws_it(site: Site):
    scene = site.house.scenes[FACE]

    def open_now() -> bool:
        return site.house.gates.assessed(scene, site.clock.now().date())

    with two(site, FACES) as (one, other):
        there = begun(one)
        page = one.get(there).text
        assert "还差" in page
        assert 'value="sign"' not in page
        filled(one, there)
        assert one.post(there, data={"do": "sign"}).status_code == 302
        assert 'value="sign"' not in one.get(there).text
        assert one.post(there, data={"do": "sign"}).status_code == 409
        assert other.post(there, data={"do": "sign"}).status_code == 302
        page = other.get(there).text
        assert "两人已批准，有效" in page
        assert "系统记录的数字" in page
        printed = other.get(f"{there}/zh.pdf")
        assert printed.headers["content-type"] == "application/pdf"
        assert printed.content.startswith(b"%PDF")
        assert open_now()
        assert other.post(there, data={"do": "withdraw"}).status_code == 302
        assert not open_now()
        assert "刷脸已停" in one.get("/desk/assessments").text
        again = begun(one)
        assert one.post(again, data={"do": "sign"}).status_code == 302
        assert other.post(again, data={"do": "sign"}).status_code == 302
        assert "刷脸开放" in one.get("/desk/assessments").text


@pytest.mark.parametrize(
    ("part", "form", "status"),
    [
        ("purpose", {"a-necessary": "perhaps"}, 400),
        ("purpose", {"a-necessary": "yes", "r-necessary": "13800000000"}, 422),
        ("rating", {"i-autonomy": "9"}, 422),
        ("rating", {"i-autonomy": "x"}, 400),
        ("end", {"months": "99"}, 422),
        ("nothing", {}, 404),
    ],
)
def test_what_does_not_fit_an_assessment_is_refused_in_words(site: Site, part, form, status):
    with signed_in(site, "desk", "rights", operator=FACES) as officer:
        there = begun(officer)
        answer = officer.post(f"{there}/{part}", data=form)
        assert answer.status_code == status
        assert "Traceback" not in answer.text


def test_an_incident_is_counted_told_and_the_person_finds_it(site: Site, http: httpx.Client):
    number = card_number()
    code = passed(site, number)
    check = check_of(site.house.keys.token, code)
    assert check is not None
    opening = disclose(site.house, check, purpose=Purpose.DISPUTE, case="CASE-9", actor="thief")
    site.run(opening)
    with signed_in(site, "desk", "rights") as officer:
        found = officer.post("/desk/incidents", data={"nature": "leak"})
        there = found.headers["location"]
        assert officer.post(there, data={"do": "tell"}).status_code == 409
        said = {
            "do": "describe",
            "certainty": "confirmed",
            "causes": "account",
            "harms": ["fraud", "contact"],
            "remedies": "stopped",
            "advice": ["calls", "erase"],
        }
        assert officer.post(there, data=said).status_code == 302
        span = {"since": "2026-11-01T00:00", "until": "2026-12-31T00:00", "actor": "thief"}
        scope = {"do": "scope", "basis": "readings", **span}
        assert officer.post(there, data=scope).status_code == 302
        assert "1 人" in officer.get(there).text
        listed = officer.post(there, data={"do": "list"})
        assert listed.text.splitlines() == ["receipt,fields", f"{code},name number type"]
        assert "安全事件告知" not in http.get(f"/my/{code}").text
        assert officer.post(there, data={"do": "tell"}).status_code == 302
        for step in ("stop", "shut-out", "preserve", "keys", "check-backups"):
            done = officer.post(there, data={"do": "step", "step": step, "reference": "T-1"})
            assert done.status_code == 302
        assert officer.post(there, data={"do": "handled"}).status_code == 409
        for body in ("authority", "postal"):
            sent = {"do": "report", "body": body, "reference": "W-1", "channel": "hand"}
            assert officer.post(there, data={**sent, "channel": "pigeon"}).status_code == 400
            assert officer.post(there, data={**sent, "proof": "0f"}).status_code == 422
            assert officer.post(there, data={**sent, "proof": "0F" * 32}).status_code == 302
        other = {"do": "notified", "reference": "SMS-1", "channel": "sms"}
        assert officer.post(there, data=other).status_code == 302
        said = officer.get(there).text
        assert all(word in said for word in ("当面递交", "短信", "0f0f0f0f0f0f0f0f…", "SMS-1"))
        assert officer.post(there, data={"do": "account", "account": "经过"}).status_code == 302
        assert "经过" not in officer.get(there).text.replace("经过说明", "").replace("处置经过", "")
        printed = officer.post(there, data={"do": "paper-en"})
        assert printed.content.startswith(b"%PDF")
        assert officer.post(there, data={"do": "handled"}).status_code == 302
        assert "已结束" in officer.get(there).text
    mine = http.get(f"/my/{code}").text
    assert "安全事件告知" in mine
    assert "证件号码" in mine
    public = http.get("/incidents").text
    assert "不要相信索要验证码" in public
    assert number not in mine + public


def test_a_drill_is_marked_and_nothing_is_announced(site: Site, http: httpx.Client):
    with signed_in(site, "desk", "rights") as officer:
        form = {"nature": "loss", "drill": "yes"}
        there = officer.post("/desk/incidents", data=form).headers["location"]
        assert "演练" in officer.get(there).text
        assert officer.post(there, data={"do": "unfounded"}).status_code == 302
        for bad in ({"nature": "x"}, {"nature": "leak", "found": "yesterday"}):
            assert officer.post("/desk/incidents", data=bad).status_code == 400
        future = {"nature": "leak", "found": "2999-01-01T00:00"}
        assert officer.post("/desk/incidents", data=future).status_code == 422
    with signed_in(site, "desk", "rights", operator="yangli") as other:
        assert other.get(there).status_code == 404


def test_a_processor_is_agreed_by_two_and_people_see_it(site: Site, http: httpx.Client):
    entry = {
        "role": "processor",
        "code": "verify-co",
        "name": "某核验服务公司",
        "contact": "privacy@verify.example",
        "purpose": "核对网络身份凭证",
        "way": "加密接口",
        "fields": ["document"],
        "measures": "加密传输，不留存",
        "contract": "HT-1",
        "assessment": "PIA-PAPER-1",
        "since": "2026-11-01",
        "until": "2027-10-31",
    }
    with two(site, "shili-express") as (one, other):
        bad = {**entry, "until": "soon"}
        assert one.post("/desk/parties", data=bad).status_code == 400
        there = one.post("/desk/parties", data=entry).headers["location"]
        assert 'value="agree"' not in one.get(there).text
        assert one.post(there, data={"do": "agree"}).status_code == 409
        assert "没有别人处理您的信息" in http.get("/who/shili-counter").text
        assert other.post(there, data={"do": "agree"}).status_code == 302
        seen = http.get("/who/shili-counter").text
        assert "某核验服务公司" in seen
        assert "privacy@verify.example" in seen
        assert other.post(there, data={"do": "end", "how": "deleted"}).status_code == 302
        assert "某核验服务公司" not in http.get("/who/shili-counter").text


def test_the_filing_s_page_counts_and_prints(site: Site):
    with signed_in(site, "desk", "rights") as officer:
        page = officer.get("/desk/faces").text
        assert "达到 100000 人须在三十个工作日内备案" in page
        assert officer.get("/desk/faces/en.pdf").content.startswith(b"%PDF")
        assert officer.get("/desk/faces/fr.pdf").status_code == 404
        nothing = officer.post("/desk/faces", data={"reference": "BA-1", "channel": "system"})
        assert nothing.status_code == 404


@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "locale"), [("light", "zh-CN"), ("dark", "en-GB")])
def test_no_page_has_a_barrier_and_each_fits_a_phone(browser, site: Site, scheme, locale):
    with httpx.Client(base_url=site.demo) as demo:
        data = {"scene": FACE, "form": "full"}
        there = demo.post("/desk/assessments", data=data).headers["location"]
        form = {"nature": "leak", "operator": "shili-express"}
        incident = demo.post("/desk/incidents", data=form).headers["location"]
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        locale=locale,
        color_scheme=scheme,
        base_url=site.demo,
    )
    page = context.new_page()
    paths = [f"{there}/purpose", f"{there}/rating", incident, "/desk/parties"]
    if scheme == "light":
        paths += [*PAGES[:3], there, f"{there}/end", "/incidents", "/who/shili-counter"]
    for path in paths:
        page.goto(path)
        assert Axe().run(page).violations_count == 0, path
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        assert re.search("[\u4e00-\u9fff]{2}", page.title()) or locale == "en-GB"
    context.close()
