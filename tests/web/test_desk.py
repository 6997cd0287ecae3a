"""The clerk's desk: few keys, and outcomes that are heard as well as seen."""

from __future__ import annotations

import pytest

from liangming.web.plays.people import card_number

pytestmark = pytest.mark.browser
LISTEN = """(() => {
  window.heard = [];
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (at) { window.heard.push(this.frequency.value); return start.call(this, at); };
})()"""


class Keys:
    """Counts what a hand presses; a scanner types by itself and ends with Enter."""

    def __init__(self, page) -> None:
        self.page = page
        self.pressed = 0

    def press(self, key: str) -> None:
        self.pressed += 1
        self.page.keyboard.press(key)

    def scan(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")


@pytest.mark.parametrize(
    ("answer", "shape", "notes"), [("1", "passed", [880]), ("2", "refused", [220, 220])]
)
def test_a_customer_takes_at_most_twelve_keys_and_the_outcome_is_heard(clerk, answer, shape, notes):
    clerk.add_init_script(LISTEN)
    keys = Keys(clerk)
    clerk.goto("/desk/at/shili-counter")
    keys.press("1")  # said: shows the document
    keys.press("Enter")
    clerk.wait_for_url("**/desk/check/chk_*")
    clerk.wait_for_selector("#scan")
    keys.scan(card_number())
    clerk.wait_for_selector(f"[data-key='{answer}']")
    keys.press(answer)
    clerk.wait_for_selector(f".big.{shape} .shape.{shape}")
    clerk.wait_for_function(f"window.heard.length === {len(notes)}")
    assert clerk.evaluate("window.heard") == notes
    keys.press("Enter")
    clerk.wait_for_selector("#scan")
    assert keys.pressed <= 12
    assert clerk.evaluate("document.activeElement.id") == "scan"


def test_whoever_types_slowly_is_not_taken_for_finished_after_the_first_figure(clerk):
    number = card_number()
    clerk.clock.install()
    clerk.goto("/desk/at/shili-counter")
    clerk.keyboard.type(number[:1])
    clerk.clock.fast_forward(5_000)  # of the page: no timer of it waits for the second figure
    clerk.keyboard.type(number[1:])
    assert clerk.url.endswith("/desk/at/shili-counter")
    clerk.keyboard.press("Enter")
    clerk.wait_for_selector("[data-key='1']")
    clerk.keyboard.press("1")
    clerk.wait_for_selector(".big.passed")


def test_a_desk_with_a_keyboard_alone_and_without_script_goes_all_the_way(browser, site):
    context = browser.new_context(base_url=site.demo, locale="zh-CN", java_script_enabled=False)
    page = context.new_page()

    def enter(text: str = "") -> None:
        page.keyboard.type(text)
        with page.expect_navigation(wait_until="load"):
            page.keyboard.press("Enter")

    def reach(words: str) -> None:
        for _ in range(30):
            page.keyboard.press("Tab")
            if words in page.locator(":focus").inner_text():
                return
        pytest.fail(f"not reached by Tab: {words}")

    page.goto("/desk/at/shili-counter")
    page.wait_for_selector("#scan:focus")  # the field has the focus by itself
    enter("1")
    assert "出示身份证件" in page.inner_text("h1")
    page.wait_for_selector("#scan:focus")
    enter(card_number())
    reach("一致")
    enter()
    assert "通过" in page.inner_text(".big")
    reach("下一位")
    enter()
    assert page.inner_text("h1") == "下一位"
    page.wait_for_selector("#scan:focus")
    enter("9")  # no way has this number
    assert page.locator("[role=alert]").count() == 1
    context.close()
