"""Chromium renders the page. Only :func:`measure` and :func:`mark` touch it; neither sends anything.

A page is opened in a context of its own: no cookies before, none kept. The camera stays shut; that
the page asked for it is counted.
"""

from __future__ import annotations

import enum
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec

from liangming.errors import Misuse, Outage
from liangming.parity.faults import (
    BROWSER_MISSING,
    NOTHING_FOUND,
    PAGE_UNREACHABLE,
    PICTURE_UNWRITTEN,
    SELECTOR_UNFIT,
)
from liangming.parity.model import Finding, Measure
from liangming.parity.words import PATTERNS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


class Screen(enum.StrEnum):
    """A screen by its name."""

    PHONE = "phone"
    DESKTOP = "desktop"
    KIOSK = "kiosk"


SIZES: Final[dict[Screen, tuple[int, int]]] = {
    Screen.PHONE: (390, 844),
    Screen.DESKTOP: (1280, 900),
    Screen.KIOSK: (1080, 1920),
}
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS: Final = ("--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")  # fmt: skip
_CAMERA: Final = """(() => {
  window.__liangmingCamera = 0;
  const no = () => { window.__liangmingCamera += 1; return Promise.reject(new DOMException("", "NotAllowedError")); };
  if (navigator.mediaDevices) navigator.mediaDevices.getUserMedia = no;
  navigator.getUserMedia = navigator.webkitGetUserMedia = (_, __, failed) => { window.__liangmingCamera += 1; failed && failed(new DOMException("", "NotAllowedError")); };
})()"""
_MARK: Final = """(marks) => {
  for (const mark of marks) {
    const box = document.createElement("div"), tag = document.createElement("div");
    Object.assign(box.style, {position: "absolute", zIndex: 2147483646, pointerEvents: "none", boxSizing: "border-box",
      left: mark.x - 4 + "px", top: mark.y - 4 + "px", width: mark.width + 8 + "px", height: mark.height + 8 + "px",
      border: "3px solid " + (mark.says ? "#b3261e" : "#0a6464"), borderRadius: "6px"});
    if (mark.says) {
      Object.assign(tag.style, {position: "absolute", right: "0", bottom: "0", maxWidth: "100%", padding: "1px 8px", background: "#b3261e",
        color: "#fff", font: "600 12px/18px sans-serif", borderRadius: "6px 0 0 0"});
      tag.textContent = mark.says;
      box.append(tag);
    }
    document.documentElement.append(box);
  }
}"""
_SECONDS: Final = 1000


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is looked at."""

    size: Screen = Screen.PHONE
    language: Literal["zh", "en"] = "zh"
    dark: bool = False
    select: str = ""
    seconds: int = 20


@contextmanager
def chromium(executable: str = "") -> Iterator[Browser]:
    """A browser, closed in the end.

    Raises:
        Outage: ``parity.browser-missing``.
    """
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise Outage(BROWSER_MISSING) from None
    found = executable or next(filter(None, map(shutil.which, _NAMES)), None)
    # A sandbox needs a user of its own; root has none.
    flags = [*_FLAGS, *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=found, args=flags)
        except Error:
            raise Outage(BROWSER_MISSING) from None
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(browser: Browser, url: str, look: Look) -> Iterator[Page]:
    """A page as a new visitor sees it.

    Raises:
        Outage: ``parity.page-unreachable``.
    """
    from playwright.sync_api import Error

    width, height = SIZES[look.size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if look.dark else "light",
        locale="zh-CN" if look.language == "zh" else "en-GB",
        reduced_motion="reduce",
        ignore_https_errors=False,
    )
    context.set_default_timeout(look.seconds * _SECONDS)
    context.add_init_script(_CAMERA)
    try:
        page = context.new_page()
        try:
            answer = page.goto(url, wait_until="load")
        except Error:
            raise Outage(PAGE_UNREACHABLE) from None
        if answer is not None and answer.status >= 400:  # noqa: PLR2004
            raise Outage(PAGE_UNREACHABLE)
        _settled(page)
        yield page
    finally:
        context.close()


def _settled(page: Page) -> None:
    """Pages that draw themselves by script need a moment after loading; a busy one is taken as is."""
    from playwright.sync_api import TimeoutError as Late

    try:
        page.wait_for_load_state("networkidle", timeout=3 * _SECONDS)
    except Late:
        return


def measure(page: Page, *, select: str = "") -> Measure:
    """The choices of an open page.

    Args:
        page: as it stands.
        select: a CSS selector of the choices, where they are not to be guessed.

    Raises:
        Misuse: ``parity.nothing-found``, ``parity.selector-unfit``.
    """
    from playwright.sync_api import Error

    script = (resources.files("liangming.parity") / "measure.js").read_text("utf-8")
    try:
        raw: Any = page.evaluate(script, {"patterns": PATTERNS, "select": select})
    except Error:
        if select:
            raise Misuse(SELECTOR_UNFIT) from None
        raise Outage(PAGE_UNREACHABLE) from None
    measured = msgspec.convert(raw, Measure)
    if not measured.options:
        raise Misuse(SELECTOR_UNFIT if select else NOTHING_FOUND)
    return measured


def mark(page: Page, measured: Measure, findings: tuple[Finding, ...], path: Path) -> None:
    """Draw the findings on the page and take its picture.

    Raises:
        Outage: ``parity.picture-unwritten``.
    """
    says: dict[int, list[str]] = {}
    for finding in findings:
        for told in finding.options:
            says.setdefault(told, []).append(finding.code)
    marks = [
        {
            "x": o.x,
            "y": o.y,
            "width": o.width,
            "height": o.height,
            "says": " · ".join(says.get(o.told, [])),
        }
        for o in measured.options
    ]
    page.evaluate(_MARK, marks)
    try:
        path.write_bytes(page.screenshot(full_page=True))
    except OSError:
        raise Outage(PICTURE_UNWRITTEN) from None
