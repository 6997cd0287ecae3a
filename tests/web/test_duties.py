"""The duties board at the desk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe

from liangming import access
from liangming.web.plays.people import card_number

from .conftest import Site
from .test_mydata import mine, passed


@contextmanager
def signed_in(site: Site, *scopes: str, operator: str = "shili-express") -> Iterator[httpx.Client]:
    async def make() -> str:
        return await access.create(site.house, name="desk", operator=operator, scopes=scopes)

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


def asked(site: Site, http: httpx.Client, right: str, **more: str) -> tuple[str, str]:
    """A request made by a person; gives its number and the person's page of it."""
    number = more.pop("number", card_number())
    code = passed(site, number)
    answer = http.post(f"/my/{code}/{right}", data=mine(number, **more))
    return answer.headers["location"].rpartition("/")[2], answer.headers["location"]


def test_a_complaint_is_read_answered_and_seen_by_the_person(site: Site, http: httpx.Client):
    request, there = asked(site, http, "complain", words="柜台说一定要刷脸")
    with signed_in(site, "desk", "rights") as officer:
        board = officer.get("/desk/duties").text
        assert f'href="/desk/requests/{request}"' in board
        page = officer.get(f"/desk/requests/{request}").text
        assert "柜台说一定要刷脸" not in page
        opened = officer.post(f"/desk/requests/{request}", data={"do": "words"})
        assert "柜台说一定要刷脸" in opened.text
        tags = [leaf.tag for leaf in site.run(site.house.store.leaves(request))]
        assert tags == ["rights:request:opened", "rights:words:opened"]
        for form in ({}, {"do": "answer", "result": "x"}, {"do": "answer", "result": "shown"}):
            assert officer.post(f"/desk/requests/{request}", data=form).status_code in {400, 422}
        given = {"do": "answer", "result": "upheld"}
        assert officer.post(f"/desk/requests/{request}", data=given).status_code == 302
        assert request not in officer.get("/desk/duties").text
    assert "投诉成立" in http.get(there).text


def test_a_name_is_corrected_with_the_document_in_hand(site: Site, http: httpx.Client):
    number = card_number()
    request, there = asked(site, http, "correct", number=number, words="第二个字")
    with signed_in(site, "desk", "rights") as officer:
        path = f"/desk/requests/{request}"
        handed = officer.post(path, data={"do": "assign", "owner": "outlet-lead"})
        assert handed.status_code == 302
        assert "outlet-lead" in officer.get(path).text
        wrong = {"do": "correct", "field": "number", "value": "1"}
        assert officer.post(path, data=wrong).status_code == 422
        right = {"do": "correct", "field": "name", "value": "演示丁"}
        assert officer.post(path, data=right).status_code == 302
    code = there.split("/")[2]
    assert "演示丁" in http.post(f"/my/{code}/see", data=mine(number)).text


def test_for_another_person_staff_see_the_proof_then_hand_out_once(site: Site, http: httpx.Client):
    number = card_number()
    request, _ = asked(site, http, "see", number=number, requester="guardian")
    with signed_in(site, "desk", "rights") as officer:
        path = f"/desk/requests/{request}"
        assert officer.post(path, data={"do": "carry"}).status_code == 409
        assert officer.post(path, data={"do": "prove"}).status_code == 302
        handed = officer.post(path, data={"do": "carry"})
        assert number in handed.text
        assert number not in officer.get(path).text
        refused = officer.post(path, data={"do": "refuse", "reason": "no-authority"})
        assert refused.status_code == 409


def test_staff_of_another_operator_or_without_the_scope_see_nothing(site: Site, http: httpx.Client):
    request, _ = asked(site, http, "complain", words="x")
    with signed_in(site, "desk") as clerk:
        assert clerk.get(f"/desk/requests/{request}").status_code == 403
    with signed_in(site, "desk", "rights", operator="yangli") as other:
        assert other.get(f"/desk/requests/{request}").status_code == 404
    with httpx.Client(base_url=site.plain) as nobody:
        assert nobody.get(f"/desk/requests/{request}").headers["location"] == "/desk/signin"


@pytest.mark.browser
def test_the_page_of_a_request_has_no_barrier(browser, site: Site, http: httpx.Client):
    request, _ = asked(site, http, "correct", words="x")
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="zh-CN", base_url=site.demo
    )
    page = context.new_page()
    page.goto(f"/desk/requests/{request}")
    assert Axe().run(page).violations_count == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()
