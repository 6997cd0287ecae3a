"""Draw the pictures in docs/pictures from the running demo (needs Chromium).

python tools/pictures.py [folder]
"""

from __future__ import annotations

import asyncio
import socket
import sys
import tempfile
import threading
from pathlib import Path

import uvicorn
from playwright.sync_api import Page, sync_playwright

from liangming.assembly import Settings, premises
from liangming.clock import SystemClock, china_date
from liangming.label import Party, Press, Sheet, Shipment, compose
from liangming.method import Sources
from liangming.providers import (
    SimulatedAgreementSource,
    SimulatedCredentialSource,
    SimulatedEntitlementSource,
)
from liangming.web import build_web
from liangming.web.plays.people import card_number

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PHONE, DESK, KIOSK = (390, 844), (1280, 900), (1080, 1920)


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


def chosen(page: Page) -> None:
    """Choose the first way."""
    with page.expect_navigation():
        page.click(".cards button >> nth=0")


def consent(page: Page) -> None:
    """Choose the face, to see what it asks."""
    with page.expect_navigation():
        page.click("button[value=face]")


def compared(page: Page) -> None:
    """Enter a made-up number."""
    page.fill("#scan", card_number())
    with page.expect_navigation():
        page.keyboard.press("Enter")


def passed(page: Page) -> None:
    """A made-up sender passes."""
    compared(page)
    with page.expect_navigation():
        page.click("button[value=yes]")


def refused(page: Page) -> None:
    """Document and waybill do not agree."""
    compared(page)
    with page.expect_navigation():
        page.click("button[value=no]")


def receipt(page: Page) -> None:
    """The sender's receipt of a check that passed."""
    passed(page)
    page.goto(str(page.get_attribute("figcaption a", "href")))


def played(page: Page) -> None:
    """An incident, to its end."""
    with page.expect_navigation():
        page.click("button[name=all]")


# name, size, path, what to do first, language, colour scheme, text size in percent
PICTURES = (
    ("sender-phone", PHONE, "/s/shili-counter", None, "zh", "light", 100),
    ("sender-phone-en", PHONE, "/s/shili-counter", None, "en", "light", 100),
    ("sender-phone-dark", PHONE, "/s/shili-counter", None, "zh", "dark", 100),
    ("sender-phone-large", PHONE, "/s/shili-counter?size=3", None, "zh", "light", 100),
    ("sender-kiosk", KIOSK, "/s/yangli-locker-send", None, "zh", "light", 100),
    ("kiosk-still", KIOSK, "/k/yangli-locker-send/still", None, "zh", "light", 100),
    ("vending-kiosk", KIOSK, "/s/yangpin-campus", None, "zh", "light", 100),
    ("chosen-phone", PHONE, "/s/shili-counter", chosen, "zh", "light", 100),
    ("consent-phone", PHONE, "/s/yangli-locker-send", consent, "zh", "light", 100),
    ("desk", DESK, "/desk/at/shili-counter", None, "zh", "light", 100),
    ("desk-compare", DESK, "/desk/at/shili-counter", compared, "zh", "light", 100),
    ("desk-passed", DESK, "/desk/at/shili-counter", passed, "zh", "light", 100),
    ("desk-refused", DESK, "/desk/at/shili-counter", refused, "zh", "light", 100),
    ("receipt-phone", PHONE, "/desk/at/shili-counter", receipt, "zh", "light", 100),
    ("receipt-phone-en", PHONE, "/desk/at/shili-counter", receipt, "en", "light", 100),
    ("demo", DESK, "/demo", None, "zh", "light", 100),
    ("demo-played", DESK, "/demo/N1", played, "zh", "light", 100),
)


def serve(port: list[int], ready: threading.Event, stop: threading.Event) -> None:
    """The demo on a free port, in a folder that goes away."""

    async def run() -> None:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            settings = Settings(
                data=place,
                database=f"sqlite:///{place / 'pictures.sqlite3'}",
                keys=place / "keys.json",
                scenes=(ROOT / "examples" / "scenes",),
                production=False,
            )
            sources = Sources(
                credential=SimulatedCredentialSource(),
                entitlement=SimulatedEntitlementSource(),
                agreement=SimulatedAgreementSource(),
            )
            async with premises(settings, sources=sources, allow_test_region=True) as house:
                listener = socket.socket()
                listener.bind(("127.0.0.1", 0))
                port.append(listener.getsockname()[1])
                config = uvicorn.Config(
                    build_web(house, demo=True), lifespan="off", log_level="error", ws="none"
                )
                server = uvicorn.Server(config)
                serving = asyncio.create_task(server._serve(sockets=[listener]))  # noqa: SLF001  (no signals in a thread)
                ready.set()
                while not stop.is_set():  # noqa: ASYNC110  (a flag of another thread)
                    await asyncio.sleep(0.1)
                server.should_exit = True
                await serving

    asyncio.run(run())


def main() -> int:
    """Draw every picture."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures"
    if not Path(CHROMIUM).exists():
        print("Chromium is not installed: the pictures stay as they are")
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "label.png").write_bytes(label())
    port: list[int] = []
    ready, stop = threading.Event(), threading.Event()
    thread = threading.Thread(target=serve, args=(port, ready, stop))
    thread.start()
    try:
        ready.wait(30)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            for name, (width, height), path, first, language, scheme, percent in PICTURES:
                base = f"http://127.0.0.1:{port[0]}"
                context = browser.new_context(
                    viewport={"width": width, "height": height},
                    color_scheme="dark" if scheme == "dark" else "light",
                    base_url=base,
                )
                context.add_cookies([{"name": "lang", "value": language, "url": base}])
                page = context.new_page()
                page.goto(path)
                if first is not None:
                    first(page)
                if percent != 100:  # noqa: PLR2004
                    page.evaluate(f"document.documentElement.style.fontSize = '{percent}%'")
                page.screenshot(path=folder / f"{name}.png", full_page=True)
                context.close()
            browser.close()
    finally:
        stop.set()
        thread.join()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
