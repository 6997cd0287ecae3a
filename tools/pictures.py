"""Draw every picture in docs/pictures from running pages (needs Chromium), and the page that shows them.

python tools/pictures.py [--to FOLDER] [name …]

Another picture is another line of ``PICTURES``: its door, its path, what to do first.
"""

from __future__ import annotations

import argparse
import base64
import re
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from picture_doors import console, demo, machine, staff
from playwright.sync_api import Browser, Page, sync_playwright

from liangming.clock import SystemClock, china_date
from liangming.label import Party, Press, Sheet, Shipment, compose
from liangming.web.plays.people import card_number

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


Told = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One picture.

    Attributes:
        name: of its file; what follows the last dash may repeat the size.
        says: the caption, in Chinese and English.
        size: a key of ``SIZES``.
        path: where it begins.
        first: what to do before it is taken.
        door: ``demo``, ``staff``, ``console`` (staff pages over a house with figures) or ``machine``.
        role: who looks, on pages of staff.
        then: as ``first``, with what the house of figures told of itself; ``path`` may name its
            ``{mandate}``.
    """

    name: str
    says: str
    size: str = "phone"
    path: str = "/"
    first: Callable[[Page], None] | None = None
    english: bool = False
    dark: bool = False
    door: str = "demo"
    role: str = ""
    then: Callable[[Page, Told], None] | None = None


def press(page: Page, what: str) -> None:
    """Press what leads to another page, and be there."""
    with page.expect_navigation(wait_until="load"):
        page.click(what)


def chosen(page: Page) -> None:
    """Choose the first way."""
    press(page, ".cards button >> nth=0")


def helped(page: Page) -> None:
    """Ask for help."""
    press(page, "button[value=help]")


def consent(page: Page) -> None:
    """Choose the face, to see what it asks."""
    press(page, "button[value=face]")


def compared(page: Page) -> None:
    """Enter a made-up number."""
    page.fill("#scan", card_number())
    press(page, ".scan button")


def passed(page: Page) -> None:
    """A made-up sender passes."""
    compared(page)
    press(page, "button[value=yes]")


def refused(page: Page) -> None:
    """Document and waybill do not agree."""
    compared(page)
    press(page, "button[value=no]")


def receipt(page: Page) -> None:
    """The sender's receipt of a check that passed."""
    passed(page)
    page.goto(str(page.get_attribute("figcaption a", "href")))


def mine(page: Page) -> None:
    """What is kept, and what may be asked."""
    receipt(page)
    press(page, "footer a >> nth=0")


def erasing(page: Page) -> None:
    """The form of one right."""
    mine(page)
    press(page, "a[href$='/erase']")


def without_line(page: Page) -> None:
    """The line is lost; one sender is noted, the next one steps up."""
    page.wait_for_selector("html[data-kept]", state="attached")
    page.context.set_offline(True)
    page.reload()
    page.wait_for_selector("#stage #scan")
    page.keyboard.type(card_number())
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-agrees=yes]")
    page.keyboard.press("1")
    page.wait_for_selector("#stage .big")
    page.wait_for_selector("#queue:not([hidden])")


def queue(page: Page) -> None:
    """The queue, each entry, beside the open field."""
    without_line(page)
    page.keyboard.press("Enter")
    page.click("#queue summary")


def played(page: Page) -> None:
    """An incident, to its end."""
    press(page, "button[name=all]")


def invited(page: Page) -> None:
    """Two more people, so that the list has something to show."""
    for whom, name, role in (("clerk-one", "甲", "clerk"), ("officer-one", "乙", "officer")):
        page.goto("/staff/people/")
        page.fill("#whom", whom)
        page.fill("#name", name)
        page.select_option("#role", role)
        press(page, "button[value=invite]")
    page.goto("/staff/people/")


def searched(page: Page, told: Told) -> None:
    """Search by a made-up document's number."""
    page.select_option("#purpose", "dispute")
    page.fill("#case", "CASE-2026-7")
    page.select_option("#by", "document")
    page.fill("#text", told["number"])
    press(page, "form.panel button")


def drafted(page: Page) -> None:
    """One notice, where its next version is drafted."""
    press(page, ".duties a >> nth=0")


def assessing(page: Page) -> None:
    """An assessment is begun."""
    press(page, "button[value=full] >> nth=0")


def suspected(page: Page) -> None:
    """A drill of an incident."""
    page.check("input[name=drill]")
    press(page, "form.ask .button")


def keyed(page: Page) -> None:
    """A client is made; its key is shown this once, and belongs to a house that goes away."""
    page.fill("#name", "柜台终端")
    page.check("input[value='checks:write']")
    page.check("input[value='scenes:read']")
    press(page, "form.panel button.button")


def first_call(page: Page) -> None:
    """The lines to copy for that client."""
    keyed(page)
    press(page, "a[href$='/first']")


def asked(page: Page) -> None:
    """The consent on the machine's own screen."""
    press(page, "text=证件和本机人脸")


def looking(page: Page) -> None:
    """The camera is open."""
    asked(page)
    press(page, "button[value=yes]")
    page.wait_for_timeout(1200)


def coded(page: Page) -> None:
    """Collect with a code."""
    press(page, "text=凭取件码取件")


_COUNTER: Final = "/s/shili-counter"
_LOCKER: Final = "/s/yangli-locker-send"
_DESK: Final = "/desk/at/shili-counter"
PICTURES: Final = (
    Picture(name="sender-phone", says="寄件人 choices", path=_COUNTER),
    Picture(name="sender-phone-en", says="寄件人，英文 in English", path=_COUNTER, english=True),
    Picture(name="sender-phone-dark", says="寄件人，深色 dark", path=_COUNTER, dark=True),
    Picture(name="sender-phone-large", says="寄件人，190 % at 190 %", path=f"{_COUNTER}?size=3"),
    Picture(name="sender-kiosk", says="柜机 a locker", size="kiosk", path=_LOCKER),
    Picture(name="vending-kiosk", says="售货机 a vending machine", size="kiosk", path="/s/yangpin-campus"),
    Picture(name="kiosk-still", says="还在吗 still there?", size="kiosk", path="/k/yangli-locker-send/still"),
    Picture(name="chosen-phone", says="选好了 chosen", path=_COUNTER, first=chosen),
    Picture(name="help-phone", says="请人协助 help", path=_COUNTER, first=helped),
    Picture(name="consent-phone", says="刷脸的单独同意 consent to a face", path=_LOCKER, first=consent),
    Picture(name="receipt-phone", says="回执 receipt", path=_DESK, first=receipt),
    Picture(name="receipt-phone-en", says="回执，英文 in English", path=_DESK, first=receipt, english=True),
    Picture(name="mydata-phone", says="我的信息 my data", path=_DESK, first=mine),
    Picture(name="mydata-erase-phone-en", says="删除，英文 erase", path=_DESK, first=erasing, english=True),
    Picture(name="log", says="存证公示 the log", size="desk", path="/log/"),
    Picture(name="fault-phone", says="没有这个页面 a fault", path="/nowhere"),
    Picture(name="desk", says="柜台 the desk", size="desk", path=_DESK),
    Picture(name="desk-compare", says="核对 compare", size="desk", path=_DESK, first=compared),
    Picture(name="desk-passed", says="通过 passed", size="desk", path=_DESK, first=passed),
    Picture(name="desk-refused", says="不予收寄 refused", size="desk", path=_DESK, first=refused),
    Picture(name="desk-line", says="断线时记下一笔 noted without a line", size="desk", path=_DESK, first=without_line),
    Picture(name="desk-queue", says="待补录 the queue", size="desk", path=_DESK, first=queue),
    Picture(name="desk-queue-phone-en", says="待补录，英文、深色 in English, dark", path=_DESK, first=queue, english=True, dark=True),
    Picture(name="demo", says="演示 the demo", size="desk", path="/demo"),
    Picture(name="demo-played", says="演示一件 one incident", size="desk", path="/demo/N1", first=played),
    Picture(name="staff-login", says="员工登录 sign in", size="desk", door="staff", path="/staff/login/"),
    Picture(name="staff-people", says="员工 people", size="desk", door="staff", role="administrator", first=invited),
    Picture(name="staff-people-phone-en", says="员工，英文、深色 in English, dark", door="staff", role="administrator", path="/staff/people/", english=True, dark=True),
    Picture(name="staff-sessions", says="登录设备 sessions", size="desk", door="staff", role="administrator", path="/staff/sessions/"),
    Picture(name="staff-keys-phone", says="密钥 keys", door="staff", role="administrator", path="/staff/keys/"),
    Picture(name="console", says="合规负责人 the officer's console", size="desk", door="console", role="officer", path="/staff/console/"),
    Picture(name="console-phone-dark", says="控制台，深色 dark", door="console", role="officer", path="/staff/console/", dark=True),
    Picture(name="console-choices", says="方式与区间 choices with intervals", size="desk", door="console", role="officer", path="/staff/console/parity/", english=True),
    Picture(name="console-scene", says="一个场景 one scene", size="desk", door="console", role="officer", path="/staff/console/scenes/locker-00000"),
    Picture(name="console-search", says="按目的查找 search by purpose", size="desk", door="console", role="officer", path="/staff/console/search/", then=searched),
    Picture(name="console-devices", says="终端 devices", size="desk", door="console", role="officer", path="/staff/console/devices/"),
    Picture(name="inspection", says="检查人员 the inspector", size="desk", door="console", role="inspector", path="/staff/inspection/{mandate}/"),
    Picture(name="inspection-sample", says="抽样 the sample", size="desk", door="console", role="inspector", path="/staff/inspection/{mandate}/sample", english=True),
    Picture(name="inspection-check-phone", says="一次查验 one check", door="console", role="inspector", path="/staff/inspection/{mandate}/sample/1"),
    Picture(name="report-phone", says="举报 report", path="/report"),
    Picture(name="front-phone", says="首页 the front page", path="/"),
    Picture(name="my-phone", says="凭回执码查看 by the receipt's code", path="/my"),
    Picture(name="who-phone", says="谁在处理 who processes", path="/who/shili-counter"),
    Picture(name="told-phone", says="事件公告 incidents told", path="/incidents"),
    Picture(name="duties", says="义务看板 duties", size="desk", door="console", role="officer", path="/desk/duties"),
    Picture(name="notices", says="告知的版本 notices", size="desk", door="console", role="officer", path="/desk/notices", first=drafted),
    Picture(name="reports", says="举报的办理 reports", size="desk", door="console", role="officer", path="/desk/reports"),
    Picture(name="assessment", says="影响评估 an assessment", size="desk", door="console", role="officer", path="/desk/assessments", first=assessing),
    Picture(name="incident", says="安全事件 an incident", size="desk", door="console", role="officer", path="/desk/incidents", first=suspected),
    Picture(name="faces", says="存了多少人脸 stored faces", size="desk", door="console", role="officer", path="/desk/faces"),
    Picture(name="parties", says="受托方与接收方 processors", size="desk", door="console", role="officer", path="/desk/parties"),
    Picture(name="register", says="处理活动清单 register of processing", size="desk", door="console", role="officer", path="/desk/register"),
    Picture(name="selfcheck", says="合规自查 the self-check", size="desk", door="console", role="officer", path="/desk/selfcheck"),
    Picture(name="thresholds", says="门槛 thresholds", size="desk", door="console", role="officer", path="/desk/thresholds", english=True),
    Picture(name="access", says="谁能看 who has access", size="desk", door="console", role="officer", path="/desk/access", english=True),
    Picture(name="training-phone", says="培训 training", door="console", role="clerk", path="/desk/training"),
    Picture(name="console-scenes", says="全部场景 scenes", size="desk", door="console", role="officer", path="/staff/console/scenes/"),
    Picture(name="console-notices", says="在用的告知 notices in use", size="desk", door="console", role="officer", path="/staff/console/notices/"),
    Picture(name="console-consents", says="同意 consents", size="desk", door="console", role="officer", path="/staff/console/consents/", english=True),
    Picture(name="console-people", says="人员 people", size="desk", door="console", role="officer", path="/staff/console/people/"),
    Picture(name="console-visits", says="检查人员的查看 an inspector's looks", size="desk", door="console", role="officer", path="/staff/console/visits/"),
    Picture(name="integrator", says="接口客户 API clients", size="desk", door="console", role="integrator", path="/staff/integrator/"),
    Picture(name="integrator-key", says="密钥只显示一次 a key, shown once", size="desk", door="console", role="integrator", path="/staff/integrator/", first=keyed),
    Picture(name="integrator-first", says="第一次调用 the first call", size="desk", door="console", role="integrator", path="/staff/integrator/", first=first_call, english=True),
    Picture(name="integrator-webhooks", says="通知 webhooks", size="desk", door="console", role="integrator", path="/staff/integrator/webhooks/"),
    Picture(name="integrator-sandbox-phone", says="沙箱 the sandbox", door="console", role="integrator", path="/staff/integrator/sandbox/"),
    Picture(name="machine-home", says="终端自己的屏幕 the machine's own screen", size="kiosk", door="machine"),
    Picture(name="machine-code", says="凭取件码 by code", size="kiosk", door="machine", first=coded),
    Picture(name="machine-consent", says="终端上的同意 consent", size="kiosk", door="machine", first=asked),
    Picture(name="machine-look", says="摄像头打开时 looking", size="kiosk", door="machine", first=looking),
)  # fmt: skip


class Studio:
    """A browser, and the doors that were needed so far."""

    def __init__(self, browser: Browser, stack: ExitStack) -> None:
        self._browser, self._stack = browser, stack
        self._address: dict[str, str] = {}
        self._links: dict[str, list[str]] = {}
        self._told: Told = {}
        self._people: dict[str, Any] = {}  # the cookies of whoever signed in, by role

    def take(self, picture: Picture) -> bytes:
        """The picture, as WebP."""
        base = self._door(picture.door)
        width, height = SIZES[picture.size]
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if picture.dark else "light",
            locale="zh-CN",
            base_url=base,
        )
        if picture.door == "console":
            cookie = {"name": "staff", "value": self._told["sessions"][picture.role], "url": base}
            context.add_cookies([cookie])
        elif picture.role:
            self._sign_in(context, picture.role)
        lang = "en" if picture.english else "zh"
        context.add_cookies([{"name": "lang", "value": lang, "url": base}])
        page = context.new_page()
        page.goto(picture.path.format(mandate=next(iter(self._told.get("mandates", ())), "")))
        if picture.first is not None:
            picture.first(page)
        if picture.then is not None:
            picture.then(page, self._told)
        wire = context.new_cdp_session(page)
        whole = wire.send("Page.getLayoutMetrics")["cssContentSize"]
        shot = wire.send(
            "Page.captureScreenshot",
            {
                "format": "webp",
                "quality": QUALITY,
                "captureBeyondViewport": True,
                "clip": {"x": 0, "y": 0, "width": width, "height": min(max(whole["height"], height), TALLEST), "scale": 1},
            },
        )  # fmt: skip
        context.close()
        return base64.b64decode(shot["data"])

    def _door(self, name: str) -> str:
        if name not in self._address:
            if name == "staff":
                self._address[name], self._links = self._stack.enter_context(staff())
            elif name == "console":
                self._told = self._stack.enter_context(console())
                self._address[name] = self._told["base"]
            else:
                door = {"demo": demo, "machine": machine}[name]
                self._address[name] = self._stack.enter_context(door())
        return self._address[name]

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
        page.goto(self._links[role].pop())
        press(page, "main form button")
        page.click("a[href='/staff/keys/webauthn/add/']")
        page.wait_for_selector("form[data-key=make]")
        page.fill("#name", "这台电脑")
        with page.expect_navigation(url=re.compile("recovery-codes"), wait_until="load"):
            page.click("form[data-key=make] button")
        page.close()
        self._people[role] = context.cookies()


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
