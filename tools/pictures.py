"""Draw every picture in docs/pictures from running pages (needs Chromium), and the page that shows them.

python tools/pictures.py [--to FOLDER] [name …]

Another picture is another line of ``picture_table.py``: its door, its path, what to do first. A picture
that ends at another page than its line says is not taken.
"""

from __future__ import annotations

import argparse
import base64
import re
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import picture_doors as doors
from picture_steps import press
from picture_table import PICTURES, Picture
from playwright.sync_api import Browser, sync_playwright

from liangming.clock import SystemClock, china_date
from liangming.label import Party, Press, Sheet, Shipment, compose

ROOT: Final = Path(__file__).resolve().parent.parent
CHROMIUM: Final = "/usr/bin/chromium"
FLAGS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SIZES: Final = {"phone": (390, 844), "desk": (1280, 900), "kiosk": (1080, 1920)}
QUALITY: Final = 60
TALLEST: Final = 2600
"""A longer page is cut: its beginning shows what it is."""


class Studio:
    """A browser, and the doors that were needed so far."""

    def __init__(self, browser: Browser, stack: ExitStack) -> None:
        self._browser, self._stack = browser, stack
        self._told: dict[
            str, dict[str, Any]
        ] = {}  # by door: its address, and what it told of itself
        self._people: dict[str, Any] = {}  # the cookies of whoever signed in, by role

    def take(self, picture: Picture) -> bytes:
        """The picture, as WebP."""
        told = self._door(picture.door)
        base = told["base"]
        width, height = SIZES[picture.size]
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if picture.dark else "light",
            locale="zh-CN",
            base_url=base,
        )
        if picture.door == "console" and picture.role:
            session = told["sessions"][picture.role]
            context.add_cookies([{"name": "staff", "value": session, "url": base}])
        elif picture.role:
            self._sign_in(context, picture.role)
        chosen = {"lang": "en" if picture.english else "zh", "size": str(picture.large)}
        context.add_cookies([{"name": n, "value": v, "url": base} for n, v in chosen.items()])
        page = context.new_page()
        page.goto(picture.begins.format(mandate=next(iter(told.get("mandates", ())), "")))
        if picture.first is not None:
            picture.first(page)
        if picture.then is not None:
            picture.then(page, told)
        _other_size(page, picture)
        where = urlsplit(page.url).path
        if not reached(picture.of, where):
            raise SystemExit(f"{picture.name}: ended at {where}, not at {picture.of}")
        if "web.broken" in page.content():
            raise SystemExit(f"{picture.name}: the page is broken")
        wire = context.new_cdp_session(page)
        whole = wire.send("Page.getLayoutMetrics")["cssContentSize"]
        if whole["width"] > width:
            print(f"{picture.name}: scrolls sideways, {whole['width']} > {width}")
        shot = wire.send(
            "Page.captureScreenshot",
            {
                "format": "webp",
                "quality": QUALITY,
                "captureBeyondViewport": True,
                "clip": {"x": 0, "y": 0, "width": width, "height": min(max(whole["height"], height), TALLEST), "scale": 1},
            },
        )  # fmt: skip
        _other_size(page, picture)  # the next picture is another visit
        if picture.door == "staff" and any(each["name"] == "staff" for each in context.cookies()):
            self._people[picture.role] = context.cookies()  # another password is another session
        context.close()
        return base64.b64decode(shot["data"])

    def _door(self, name: str) -> dict[str, Any]:
        if name not in self._told:
            told = self._stack.enter_context(getattr(doors, name)())
            self._told[name] = told if isinstance(told, dict) else {"base": told}
        return self._told[name]

    def _sign_in(self, context: Any, role: str) -> None:
        """A member with a passkey in this browser; who signed in once stays signed in."""
        if role in self._people:
            context.add_cookies(self._people[role])
            return
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("WebAuthn.enable")
        about = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
        about |= {"hasUserVerification": True, "isUserVerified": True}
        wire.send(
            "WebAuthn.addVirtualAuthenticator",
            {"options": {**about, "automaticPresenceSimulation": True}},
        )
        page.goto(self._told["staff"]["links"][role][0])
        press(page, "main form button")
        page.click("a[href='/staff/keys/webauthn/add/']")
        page.wait_for_selector("form[data-key=make]")
        page.fill("#name", "这台电脑")
        with page.expect_navigation(url=re.compile("recovery-codes"), wait_until="load"):
            page.click("form[data-key=make] button")
        page.close()
        self._people[role] = context.cookies()


def _other_size(page: Any, picture: Picture) -> None:
    """Press the switch of a machine's letters, and be sure that the machine knows."""
    if picture.door == "demo" or picture.size != "kiosk" or not picture.large:
        return
    with page.expect_response("**/size"):
        page.click("label[for=large]")


def reached(pattern: str, path: str) -> bool:
    """Whether an address is one that the house writes so."""
    parts = re.split(r"<(?:str|int):\w+>", pattern.lstrip("/"))
    return re.fullmatch("[^/]+".join(map(re.escape, parts)), path.lstrip("/")) is not None


def label() -> bytes:
    """A label, of nobody."""
    side = Party(
        name="欧阳示例", phone="13800138000", address="示例市示例区示例路88号2号楼3单元1201室"
    )
    other = Party(
        name="买买提·示例",
        phone="010-88888888",
        address="示例市示例新区示例镇示例路1288弄36号1201室",
    )
    shipment = Shipment(
        brand="示例快递",
        waybill="SL1234567890123",
        sort="021-310 08",
        station="示例转运中心",
        grams=1250,
        sender=side,
        recipient=other,
    )
    day = china_date(SystemClock().now())
    return Press().print(compose(shipment, day), Sheet(), "png").content


def shown() -> str:
    """The page that shows every picture."""
    lines = [
        "# 每一个页面 Every page",
        "",
        "由 `make docs` 从运行中的页面拍下；人物和号码都是虚构的。",
        "*Taken from running pages by `make docs`; people and numbers are made up.*",
    ]
    for size, head in (("phone", "手机 Phone"), ("kiosk", "竖屏 Kiosk"), ("desk", "桌面 Desktop")):
        width = {"phone": 240, "kiosk": 300, "desk": 480}[size]
        lines += ["", f"## {head}", ""]
        lines += [
            f'<img src="{one.name}.webp" width="{width}" alt="{one.says}" title="{one.says}">'
            for one in PICTURES
            if one.size == size
        ]
    lines += ["", "## 面单 Label", "", "![面单 label](label.png)"]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Draw every picture, or those that were named."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "pictures")
    parser.add_argument("names", nargs="*")
    wanted = parser.parse_args()
    if not Path(CHROMIUM).exists():
        print("Chromium is not installed: the pictures stay as they are")
        return 0
    wanted.to.mkdir(parents=True, exist_ok=True)
    (wanted.to / "README.md").write_text(shown(), "utf-8")
    if not wanted.names:
        (wanted.to / "label.png").write_bytes(label())
    with sync_playwright() as playwright, ExitStack() as stack:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        studio = Studio(browser, stack)
        for picture in PICTURES:
            if not wanted.names or picture.name in wanted.names:
                (wanted.to / f"{picture.name}.webp").write_bytes(studio.take(picture))
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
