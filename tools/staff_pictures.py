"""Draw the pictures of staff pages: the house with figures that the tests serve (needs Chromium).

python tools/staff_pictures.py [folder]
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run"]
PHONE, DESK = (390, 844), (1280, 900)
Told = dict[str, Any]
First = Callable[[Page, Told], None]


def searched(page: Page, told: Told) -> None:
    """Search by a made-up document's number."""
    page.select_option("#purpose", "dispute")
    page.fill("#case", "CASE-2026-7")
    page.select_option("#by", "document")
    page.fill("#text", told["number"])
    with page.expect_navigation():
        page.click("form.panel button")


def mandate(told: Told) -> str:
    """The address of the mandate that is open."""
    return f"/staff/inspection/{told['mandates'][0]}/"


Picture = tuple[str, str, tuple[int, int], Any, First | None, str, str]
"""Name, who, size, where, what to do first, language, colour scheme."""
PICTURES: tuple[Picture, ...] = (
    ("staff-people", "administrator", DESK, "/staff/people/", None, "zh", "light"),
    ("console", "officer", DESK, "/staff/console/", None, "zh", "light"),
    ("console-phone-dark", "officer", PHONE, "/staff/console/", None, "zh", "dark"),
    ("console-choices", "officer", DESK, "/staff/console/parity/", None, "en", "light"),
    ("console-scene", "officer", DESK, "/staff/console/scenes/locker-00000", None, "zh", "light"),
    ("console-search", "officer", DESK, "/staff/console/search/", searched, "zh", "light"),
    ("inspection", "inspector", DESK, mandate, None, "zh", "light"),
    ("inspection-sample", "inspector", DESK, lambda t: mandate(t) + "sample", None, "en", "light"),
    ("inspection-check-phone", "inspector", PHONE, lambda t: mandate(t) + "sample/1", None, "zh", "light"),
)  # fmt: skip


def main() -> int:
    """Draw every picture."""
    to = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures"
    if not Path(CHROMIUM).exists():
        print("Chromium is not installed: the pictures stay as they are")
        return 0
    to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.staff.console.house", folder, "30"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )
        said = process.stdout
        if said is None:
            return 1
        try:
            told: Told = json.loads(said.readline())
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
                for picture in PICTURES:
                    draw(browser, told, to, picture)
                browser.close()
        finally:
            process.terminate()
            process.wait(30)
            said.close()
    return 0


def draw(browser: Any, told: Told, to: Path, picture: Picture) -> None:
    """One picture."""
    name, who, size, where, first, language, scheme = picture
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, base_url=told["base"]
    )
    cookies = {"lang": language, "staff": told["sessions"][who]}
    context.add_cookies([{"name": n, "value": v, "url": told["base"]} for n, v in cookies.items()])
    page = context.new_page()
    page.goto(where(told) if callable(where) else where)
    if first is not None:
        first(page, told)
    page.screenshot(path=to / f"{name}.png", full_page=True)
    context.close()


if __name__ == "__main__":
    raise SystemExit(main())
