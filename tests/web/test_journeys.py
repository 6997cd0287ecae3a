"""People's ways through the pages, in a real browser."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from liangming.web.plays.people import card_number

pytestmark = pytest.mark.browser


def check_of(page) -> str:
    return page.url.rpartition("/")[2].partition("?")[0]


def tap(page, what: str) -> None:
    """Press what leads to another page, and be there: the next look is at the new page."""
    with page.expect_navigation(wait_until="load"):
        page.click(what)


def at_the_counter(clerk, check: str, number: str, answer: str = "1") -> None:
    """A clerk with a keyboard: scan, number, comparison."""
    clerk.goto("/desk/at/shili-counter")
    clerk.keyboard.type(check)
    clerk.keyboard.press("Enter")
    clerk.wait_for_url("**/desk/check/chk_*")
    clerk.keyboard.type(number)
    clerk.keyboard.press("Enter")
    clerk.wait_for_selector("[data-key='1']")
    clerk.keyboard.press(answer)
    clerk.wait_for_selector(".big")


def test_a_sender_without_script_chooses_shows_and_takes_a_receipt(visitor, clerk):
    visitor.goto("/s/shili-counter")
    tap(visitor, "button[value='document.seen']")
    check = check_of(visitor)
    at_the_counter(clerk, check, card_number())
    assert "核验一致" in clerk.inner_text(".big")
    visitor.wait_for_url("**/r/rct_*")  # the sender does nothing: the page looks again by itself
    text = visitor.inner_text("main")
    assert "通过" in text
    assert "保存到 2027年11月24日，到期删除" in text
    assert "快递暂行条例" in text
    assert "工作人员" not in text


def test_the_page_looks_again_by_itself_unless_told_not_to(visitor):
    visitor.goto("/s/shili-counter")
    tap(visitor, "button[value='document.seen']")
    answer = visitor.reload()
    assert answer.headers["refresh"] == "5"
    tap(visitor, "text=停止自动更新")
    assert "refresh" not in visitor.reload().headers


def test_a_change_of_mind_costs_nothing(visitor):
    visitor.goto("/s/shili-counter")
    tap(visitor, "button[value='document.read']")
    tap(visitor, "text=换一种方式")
    tap(visitor, "button[value='document.seen']")
    assert "出示身份证件" in visitor.inner_text("h1")


def test_a_returning_sender_is_seen_and_not_collected(visitor, clerk):
    number = card_number()
    for words in ("核验一致", "已登记：看证件，不再采集"):
        visitor.goto("/s/shili-counter")
        tap(visitor, "button[value='document.seen']")
        at_the_counter(clerk, check_of(visitor), number)
        assert words in clerk.inner_text(".big")


def test_a_face_is_declined_in_one_tap_and_all_else_stays(visitor):
    visitor.goto("/s/yangli-locker-send")
    before = visitor.locator(".cards button").count()
    tap(visitor, "button[value=face]")
    tap(visitor, "button[value=no]")
    assert visitor.locator(".cards button").count() == before - 1
    assert "本次不会再问" in visitor.inner_text("main")


def test_a_face_needs_its_own_consent_and_can_be_taken_back(visitor):
    visitor.goto("/s/yangli-locker-send")
    tap(visitor, "button[value=face]")
    tap(visitor, "button[value=yes]")
    assert "请到终端前" in visitor.inner_text("h1")
    tap(visitor, "text=撤回同意")
    assert visitor.locator("button[value=face]").count() == 0


def test_a_child_s_guardian_decides(visitor):
    visitor.goto("/s/yangli-locker-send")
    tap(visitor, "button[value=face]")
    tap(visitor, "text=未满十四周岁")
    assert visitor.locator("button[value=yes]").count() == 0
    tap(visitor, "button[value=guardian]")
    assert "请到终端前" in visitor.inner_text("h1")


def test_a_sender_who_asks_for_help_is_helped(visitor, clerk):
    visitor.goto("/s/shili-counter")
    tap(visitor, "button[value=help]")
    check = visitor.locator("figcaption code").inner_text()
    clerk.goto("/desk/at/shili-counter")
    clerk.keyboard.type(check)
    clerk.keyboard.press("Enter")
    clerk.wait_for_selector(".keys")
    clerk.keyboard.press("1")
    clerk.wait_for_selector("#scan")
    assert "出示身份证件" in clerk.inner_text("h1")


def test_a_walk_in_without_a_phone_takes_few_keys(clerk):
    clerk.goto("/desk/at/shili-counter")
    clerk.keyboard.type(card_number())  # one scan
    clerk.keyboard.press("Enter")
    clerk.wait_for_selector("[data-key='1']")
    clerk.keyboard.press("1")
    clerk.wait_for_selector(".big.passed")
    clerk.keyboard.press("Enter")
    clerk.wait_for_selector("#scan")
    assert clerk.evaluate("document.activeElement.id") == "scan"


def test_a_spoken_choice_is_its_number_and_enter(clerk):
    clerk.goto("/desk/at/shili-counter")
    clerk.keyboard.press("2")
    clerk.keyboard.press("Enter")
    clerk.wait_for_url("**/desk/check/chk_*")
    assert "证件放读卡器" in clerk.inner_text("h1")


def test_a_mismatch_is_refused_with_reason_and_next_step(clerk):
    clerk.goto("/desk/at/shili-counter")
    clerk.keyboard.type(card_number())
    clerk.keyboard.press("Enter")
    clerk.wait_for_selector("[data-key='2']")
    clerk.keyboard.press("2")
    clerk.wait_for_selector(".big.refused")
    assert "证件与运单不一致" in clerk.inner_text(".big")
    assert "改正运单" in clerk.inner_text(".big")


@pytest.mark.parametrize(
    ("button", "words"), [("refused-to-show", "不予收寄"), ("walked-away", "已结束")]
)
def test_a_check_ends_without_evidence(clerk, button, words):
    clerk.goto("/desk/at/shili-counter")
    clerk.keyboard.press("1")
    clerk.keyboard.press("Enter")
    clerk.wait_for_selector(f"button[value={button}]")
    tap(clerk, f"button[value={button}]")
    assert words in clerk.inner_text(".big")


def test_a_slip_of_the_hand_can_be_put_right(clerk):
    clerk.goto("/desk/at/shili-counter")
    clerk.keyboard.press("1")
    clerk.keyboard.press("Enter")
    clerk.wait_for_url("**/desk/check/chk_*")
    clerk.keyboard.type(card_number()[:-1] + "W")
    clerk.keyboard.press("Enter")
    clerk.wait_for_selector("[data-key='1']")
    clerk.keyboard.press("1")
    clerk.wait_for_selector("[role=alert]")
    assert clerk.locator("#scan").input_value() == ""


@pytest.mark.parametrize("incident", ["N1", "N2", "N3", "N4", "N5", "N6"])
def test_an_incident_is_played_step_by_step(visitor, incident):
    visitor.goto("/demo")
    tap(visitor, f"a[href='/demo/{incident}']")
    assert visitor.locator(".steps li").count() == 0
    tap(visitor, "button[name=turned]")
    assert visitor.locator(".steps li").count() == 1
    tap(visitor, "button[name=all]")
    assert visitor.locator(".shape.passed").count() == 1
    assert visitor.locator(".articles li").count() >= 1


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_foreign_is_asked(browser, site, language, scheme):
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, base_url=site.demo, color_scheme=scheme
    )
    context.add_cookies([{"name": "lang", "value": language, "url": site.demo}])
    page = context.new_page()
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url.split("/")[2]))
    axe, found = Axe(), {}

    def look(name: str) -> None:
        result = axe.run(page)
        if result.violations_count:
            found[name] = [
                v["id"] + str([n["target"] for n in v["nodes"]][:3])
                for v in result.response["violations"]
            ]

    for path in (
        "/",
        "/demo",
        "/demo/N1",
        "/nowhere",
        "/desk",
        "/desk/at/shili-counter",
        "/s/shili-counter",
        "/s/yangpin-metro",
    ):
        page.goto(path)
        look(path)

    def press(button: str, then: str) -> None:
        tap(page, button)
        look(then)

    page.goto("/demo/N2")
    press("button[name=all]", "played")
    page.goto("/s/yangli-locker-send")
    press("button[value=face]", "consent")
    press("button[value=yes]", "device")
    page.goto("/s/shili-counter")
    press("button[value=help]", "help")
    press("a[href$='/ways']", "ways")
    press("button[value='document.seen']", "chosen")
    check = check_of(page)
    page.goto(f"/desk/check/{check}")
    look("entry")
    page.fill("#scan", card_number())
    press(".scan button", "compare")
    press("button[value=yes]", "outcome")
    page.goto(site.receipt(check))
    look("receipt")
    site.carry()
    page.reload()
    look("receipt with proof")
    page.goto(f"{site.plain}/desk/signin")
    look("signin")
    context.close()
    assert found == {}
    assert asked == {site.demo.split("/")[2], site.plain.split("/")[2]}
