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
