"""Seconds a customer at the clerk's desk: a keystroke-level model over the real pages in Chromium.

    python bench/desk.py [--runs 3]

The model is Card, Moran and Newell's (*The keystroke-level model for user performance time with
interactive systems*, Communications of the ACM 23(7), 1980, 396–410), with their times:

K   0.28 s a key (their average typist who is no secretary, 40 words a minute); 0.50 s for a figure of a
    number and 0.75 s for a sign of a code, as they give for random letters and for complex codes
H   0.40 s to bring a hand to another thing: from the document to the keyboard or the scanner
M   1.35 s to make up one's mind, or to hold one thing against another
R   not from the book: measured here, from the last key to the next page ready for a key

A scanner types as fast as its line carries (5 ms a sign here) and ends with Enter; that is R as well.
Each key is really pressed, at that speed, on the pages as they are served; the M and H are added on
paper. The time in which a document is taken, looked at and given back, and in which people talk, is
not in the model: it is what the last column leaves of the 20 seconds. The authors found a
root-mean-square error of a fifth for single tasks. Nobody was timed: this is no field study.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

from picture_doors import demo

from liangming.web.plays.people import card_number, credit_code

CHROMIUM = "/usr/bin/chromium"
DESK = "/desk/at/shili-counter"
KEY, FIGURE, SIGN, HAND, MIND = 0.28, 0.50, 0.75, 0.40, 1.35
SCANNED = 0.005
GOAL = 20.0
MOST_KEYS = 12


@dataclass
class Clerk:
    """One clerk with one customer; what took how long."""

    page: Page
    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys("KHMR", 0.0))
    keys: int = 0
    slowest: float = 0.0

    def think(self, times: int = 1) -> None:
        """Make up one's mind, so many times."""
        self.seconds["M"] += MIND * times

    def reach(self) -> None:
        """A hand goes to the keyboard or the scanner."""
        self.seconds["H"] += HAND

    def press(self, key: str, ready: str) -> None:
        """One key, and the page that it leads to."""
        self.seconds["K"] += KEY
        self.keys += 1
        self._led(lambda: self.page.keyboard.press(key), ready)

    def type(self, text: str, each: float, ready: str) -> None:
        """A number by hand at a hand's speed, then Enter."""
        self.page.keyboard.type(text, delay=each * 1000)
        self.seconds["K"] += each * len(text)
        self.keys += len(text)
        self.press("Enter", ready)

    def scan(self, text: str, ready: str) -> None:
        """A scanner, or a card reader, which types and ends with Enter."""

        def burst() -> None:
            self.page.keyboard.type(text, delay=SCANNED * 1000)
            self.page.keyboard.press("Enter")

        self._led(burst, ready)

    def _led(self, deed: Callable[[], Any], ready: str) -> None:
        begin = time.perf_counter()
        deed()
        self.page.wait_for_selector(ready)
        took = time.perf_counter() - begin
        self.seconds["R"] += took
        self.slowest = max(self.slowest, took)

    def told(self) -> None:
        """See the outcome and call the next person."""
        self.think()
        self.press("Enter", "form[action$='/scan'] #scan")

    def compared(self, answer: str = "1", shape: str = "passed") -> None:
        """Name and photo against waybill and person, then the key."""
        self.think(2)
        self.press(answer, f".big.{shape}")


COMPARE = "[data-key='2'][value=no]"


def card_read(clerk: Clerk, _: Browser) -> None:
    """A card on the reader, which types its number."""
    clerk.reach()
    clerk.scan(card_number(), COMPARE)
    clerk.compared()


def card_typed(clerk: Clerk, _: Browser) -> None:
    """A resident card, its number typed by hand."""
    clerk.reach()
    clerk.think()
    clerk.type(card_number(), FIGURE, COMPARE)
    clerk.compared()


def card_said(clerk: Clerk, _: Browser) -> None:
    """The way is said and entered first, then the number is read."""
    clerk.think()
    clerk.reach()
    clerk.keys += 1
    clerk.page.keyboard.press("1")
    clerk.seconds["K"] += KEY
    clerk.press("Enter", "form[action$='/show'] #scan")
    clerk.scan(card_number(), COMPARE)
    clerk.compared()


def passport(clerk: Clerk, _: Browser) -> None:
    """A passport, its number typed by hand."""
    clerk.reach()
    clerk.think()
    clerk.type("E12345678", SIGN, COMPARE)
    clerk.compared()


def phone(clerk: Clerk, browser: Browser) -> None:
    """The code on a sender's phone, where they chose to show their document; then its number is read."""
    there = browser.new_context(base_url=clerk.page.url.partition("/desk")[0], locale="zh-CN")
    own = there.new_page()
    own.goto("/s/shili-counter")
    with own.expect_navigation(wait_until="load"):
        own.click("button[value='document.seen']")
    code = own.inner_text("figcaption code")
    there.close()
    clerk.reach()
    clerk.scan(code, "form[action$='/show'] #scan")
    clerk.reach()
    clerk.scan(card_number(), COMPARE)
    clerk.compared()


def returning(clerk: Clerk, _: Browser) -> None:
    """Registered earlier: seen, not collected again."""
    number = card_number()
    before = Clerk(clerk.page)
    before.scan(number, COMPARE)
    before.compared()
    before.told()
    clerk.reach()
    clerk.scan(number, COMPARE)
    clerk.compared()


def organisation(clerk: Clerk, _: Browser) -> None:
    """For an organisation: the code on its licence and the representative's card, both scanned."""
    clerk.think()
    clerk.reach()
    clerk.page.keyboard.press("3")
    clerk.keys += 1
    clerk.seconds["K"] += KEY
    clerk.press("Enter", "form[action$='/show'] #scan")
    clerk.scan(f"{credit_code()}/{card_number()}", COMPARE)
    clerk.compared()


def mismatch(clerk: Clerk, _: Browser) -> None:
    """Document and waybill do not agree: refused, with the reason."""
    clerk.reach()
    clerk.scan(card_number(), COMPARE)
    clerk.compared("2", "refused")


def without_line(clerk: Clerk, _: Browser) -> None:
    """The line is down: noted, to be registered later."""
    page = clerk.page
    page.wait_for_selector("html[data-kept]", state="attached")
    page.context.set_offline(True)
    page.reload()
    page.wait_for_selector("#stage #scan")
    clerk.reach()
    clerk.scan(card_number(), "[data-agrees=yes]")
    clerk.think(2)
    clerk.press("1", "#stage .big")
    clerk.think()
    clerk.press("Enter", "#stage #scan")


WAYS: tuple[tuple[str, Callable[[Clerk, Browser], None]], ...] = (
    ("card on a reader", card_read),
    ("card, said first, on a reader", card_said),
    ("card, number typed", card_typed),
    ("passport, number typed", passport),
    ("phone's code, card on a reader", phone),
    ("registered earlier", returning),
    ("organisation, both scanned", organisation),
    ("does not agree: refused", mismatch),
    ("line down, card on a reader", without_line),
)


def served(browser: Browser, base: str, way: Callable[[Clerk, Browser], None]) -> Clerk:
    """One customer, from the open field to the open field."""
    context = browser.new_context(
        base_url=base, locale="zh-CN", viewport={"width": 1280, "height": 900}
    )
    page = context.new_page()
    page.goto(DESK)
    page.wait_for_selector("#scan")
    clerk = Clerk(page)
    way(clerk, browser)
    if way is not without_line:
        clerk.told()
    context.close()
    return clerk


def main() -> int:
    """One row a way, medians of the runs."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    if not Path(CHROMIUM).exists():
        print("Chromium is not installed: nothing was measured")
        return 0
    with ExitStack() as stack:
        base = stack.enter_context(demo())
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        print(f"seconds a customer by the keystroke-level model; R measured, medians of {runs}")
        print(f"{'way':31} {'keys':>4} {'K':>5} {'H':>5} {'M':>5} {'R':>5} {'all':>6} {'ours':>5} {'slowest':>8} {'left of 20':>10}")  # fmt: skip
        served(browser, base, card_read)  # the first page of a server fills its caches
        over = []
        for name, way in WAYS:
            found = [served(browser, base, way) for _ in range(runs)]
            one = {part: statistics.median(c.seconds[part] for c in found) for part in "KHMR"}
            total = sum(one.values())
            slowest = statistics.median(c.slowest for c in found)
            print(f"{name:31} {found[0].keys:4} {one['K']:5.1f} {one['H']:5.1f} {one['M']:5.1f} {one['R']:5.2f} {total:6.1f} {one['R'] / total:5.0%} {slowest:8.2f} {GOAL - total:10.1f}")  # fmt: skip
            if total > GOAL:
                over.append(name)
        browser.close()
    print(f"over {GOAL:.0f} s: {', '.join(over) or 'none'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
