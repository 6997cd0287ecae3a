"""What is done on a page before its picture is taken. Everything is made up, in a house that goes away."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
from typing import Any

from playwright.sync_api import Page

from liangming.clock import SystemClock
from liangming.web.plays.people import card_number

Told = dict[str, Any]
PASSWORD = "correct-horse-battery-9"  # noqa: S105  (of nobody)


def press(page: Page, what: str) -> None:
    """Press what leads to another page, and be there."""
    with page.expect_navigation(wait_until="load"):
        page.click(what)


def entered(page: Page, where: str, text: str) -> None:
    """Type into a field and send its form."""
    page.fill(where, text)
    with page.expect_navigation(wait_until="load"):
        page.press(where, "Enter")


def chosen(page: Page) -> None:
    """Choose the first way."""
    press(page, ".cards button >> nth=0")


def again(page: Page) -> None:
    """A change of mind: every way again."""
    chosen(page)
    press(page, "a[href$='/ways']")


def helped(page: Page) -> None:
    """Ask for help."""
    press(page, "button[value=help]")


def consent(page: Page) -> None:
    """Choose the face, to see what it asks."""
    press(page, "button[value=face]")


def agreed(page: Page) -> None:
    """Agree, and wait for the device."""
    consent(page)
    press(page, "button[value=yes]")


def compared(page: Page) -> None:
    """Enter a made-up number."""
    entered(page, "#scan", card_number())


def passed(page: Page) -> None:
    """A made-up sender passes."""
    compared(page)
    press(page, "button[value=yes]")


def refused(page: Page) -> None:
    """Document and waybill do not agree."""
    compared(page)
    press(page, "button[value=no]")


def spoken(page: Page) -> None:
    """The sender says which way; its field opens."""
    press(page, "button[name=way] >> nth=2")


def asks_again(page: Page) -> None:
    """A sender asked for help on their phone; the clerk opens their check."""
    helped(page)
    page.goto(f"/desk/check/{page.url.rpartition('/c/')[2].partition('/')[0]}")


def at_the_device(page: Page) -> None:
    """The desk while a sender decides about a face."""
    consent(page)
    page.goto(f"/desk/check/{page.url.rpartition('/c/')[2].partition('/')[0]}")


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


def handed(page: Page) -> None:
    """What is kept, handed over."""
    number = card_number()
    entered(page, "#scan", number)
    press(page, "button[value=yes]")
    page.goto(str(page.get_attribute("figcaption a", "href")))
    press(page, "footer a >> nth=0")
    press(page, "a[href$='/see']")
    entered(page, "#number", number)


def complained(page: Page) -> None:
    """A complaint, and how it stands."""
    mine(page)
    press(page, "a[href$='/complain']")
    page.fill("#words", "排了很久的队，没有人说明可以不刷脸。")
    press(page, "form.ask .button")


def complaint(page: Page) -> None:
    """The same as staff see it."""
    complained(page)
    page.goto(f"/desk/requests/{page.url.rpartition('/q/')[2]}")


def said(page: Page) -> None:
    """A report is sent, after the while that a person needs to write one."""
    page.select_option("#topic", index=1)
    page.fill("#words", "柜台的人说不刷脸就不收件。")
    page.wait_for_timeout(4_000)
    press(page, "main form .button")


def reported(page: Page) -> None:
    """The same report where it is handled."""
    said(page)
    page.goto("/desk/reports")
    press(page, "main a[href*='/desk/reports/'] >> nth=0")


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


def drafted(page: Page) -> None:
    """One notice, where its next version is drafted."""
    press(page, ".duties a >> nth=0")


def assessing(page: Page) -> None:
    """An assessment is begun."""
    press(page, "button[value=full] >> nth=0")


def part(page: Page) -> None:
    """Its first part."""
    assessing(page)
    press(page, "a[href$='/purpose']")


def rating(page: Page) -> None:
    """Its table of risks."""
    assessing(page)
    press(page, "a[href$='/rating']")


def suspected(page: Page) -> None:
    """A drill of an incident."""
    page.check("input[name=drill]")
    press(page, "form.ask .button")


def contracted(page: Page) -> None:
    """A processor is proposed; it waits for a second person."""
    for name, text in (
        ("code", "verify-co"), ("name", "某核验服务公司"), ("contact", "privacy@verify.example"),
        ("purpose", "核对网络身份凭证"), ("way", "加密接口"), ("measures", "加密传输，不留存"),
        ("contract", "HT-1"), ("assessment", "PIA-PAPER-1"), ("since", "2026-11-24"),
        ("until", "2027-10-31"),
    ):  # fmt: skip
        page.fill(f"[name={name}]", text)
    page.check("[name=fields] >> nth=0")
    press(page, "main form >> nth=-1 >> .button")


def filed(page: Page) -> None:
    """A sheet is made; it waits for a second person."""
    press(page, "main form .button >> nth=0")
    found = page.locator("a[href*='/desk/paper/']")
    if found.count():
        press(page, "a[href*='/desk/paper/'] >> nth=0")


def course(page: Page) -> None:
    """One course."""
    press(page, "main a[href*='/desk/training/'] >> nth=0")


def searched(page: Page, told: Told) -> None:
    """Search by a made-up document's number."""
    page.select_option("#purpose", "dispute")
    page.fill("#case", "CASE-2026-7")
    page.select_option("#by", "document")
    entered(page, "#text", told["number"])


def one_notice(page: Page) -> None:
    """One notice in use."""
    press(page, "main a[href*='/console/notices/'] >> nth=0")


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


def one_client(page: Page) -> None:
    """The client itself."""
    first_call(page)
    page.goto(page.url.removesuffix("/first"))


def called(page: Page) -> None:
    """It calls once with its key and once with a mistake; both stand in the log."""
    keyed(page)
    key = page.inner_text("#key").strip()
    where = page.get_attribute("a[href$='/first']", "href") or ""
    asks = page.context.request
    for path in ("/v1/scenes", "/v1/checks/chk_00000000000000000000000000"):
        asks.get(path, headers={"Authorization": f"Bearer {key}"})
    page.wait_for_timeout(6_000)  # calls are written together, every five seconds
    page.goto(f"{where.removesuffix('/first')}/calls")


def hooked(page: Page) -> None:
    """A subscription; its secret is shown this once."""
    page.fill("#url", "https://receiver.example.cn/liangming")
    page.check("input[name=event] >> nth=0")
    press(page, "form.panel button.button")


def one_hook(page: Page) -> None:
    """The subscription itself."""
    hooked(page)
    press(page, "a[href*='/webhooks/whk_']")


def invited(page: Page) -> None:
    """Two more people, so that the list has something to show."""
    for whom, name, role in (("clerk-one", "甲", "clerk"), ("officer-one", "乙", "officer")):
        page.goto("/staff/people/")
        page.fill("#whom", whom)
        page.fill("#name", name)
        page.select_option("#role", role)
        press(page, "button[value=invite]")
    page.goto("/staff/people/")


def enrolling(page: Page, told: Told) -> None:
    """An invitation's link is opened."""
    page.goto(told["links"]["inspector"][-1])


def removing(page: Page) -> None:
    """One passkey, before it is removed."""
    press(page, "a[href*='/webauthn/'][href$='/remove/'] >> nth=0")


def digits(secret: str) -> str:
    """What an authenticator shows now (RFC 6238)."""
    step = int(SystemClock().now().timestamp()) // 30
    mac = hmac.digest(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1)
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def with_password(page: Page) -> None:
    """A password is set."""
    page.goto("/staff/password/set/")
    if page.locator("#id_password1").count() and page.url.endswith("/set/"):
        page.fill("#id_password1", PASSWORD)
        page.fill("#id_password2", PASSWORD)
        press(page, "main form button")


def with_totp(page: Page) -> None:
    """And an authenticator."""
    with_password(page)
    page.goto("/staff/keys/totp/activate/")
    if page.locator("#id_password").count():
        entered(page, "#id_password", PASSWORD)
    if page.locator("figcaption code").count():
        entered(page, "#id_code", digits(page.inner_text("figcaption code")))


def changing(page: Page) -> None:
    """Another password."""
    with_password(page)
    page.goto("/staff/password/change/")


def without_totp(page: Page) -> None:
    """The authenticator, before it is stopped."""
    with_totp(page)
    page.goto("/staff/keys/totp/deactivate/")


def by_password(page: Page) -> None:
    """Asked again, by password."""
    with_totp(page)
    page.goto("/staff/reauthenticate/")


def by_code(page: Page) -> None:
    """Asked again, by the authenticator."""
    with_totp(page)
    page.goto("/staff/keys/reauthenticate/")


def second_step(page: Page, told: Told) -> None:
    """Signed in by password; the second step is asked."""
    with_totp(page)
    page.context.clear_cookies(name="staff")
    page.goto("/staff/login/")
    page.click("summary")
    page.fill("#id_login", told["names"]["manager"])
    page.fill("#id_password", PASSWORD)
    press(page, "details form button")


def asked(page: Page) -> None:
    """The consent on the machine's own screen."""
    press(page, "text=证件和本机人脸")


def looking(page: Page) -> None:
    """The camera is open."""
    asked(page)
    press(page, "button[value=yes]")
    page.wait_for_timeout(1200)


def looked(page: Page) -> None:
    """It passed; a cell is open."""
    asked(page)
    press(page, "button[value=yes]")
    page.wait_for_url("**/face/end", wait_until="load", timeout=60_000)


def coded(page: Page) -> None:
    """Collect with a code."""
    press(page, "text=凭取件码取件")


def wrong_code(page: Page) -> None:
    """A code that opens nothing."""
    coded(page)
    entered(page, "#code", "00000000")


def placed(page: Page) -> None:
    """A courier places a parcel; its code is shown this once."""
    page.fill("#code", "13572468")
    entered(page, "#parcel", "P-2")


def by_card(page: Page) -> None:
    """The card alone."""
    press(page, "button.go")


def ordered(page: Page) -> None:
    """A good is chosen; now every way to pay."""
    goods = "button:has-text('样品绿茶')"
    if page.locator(goods).count():  # not chosen before
        press(page, goods)


def paying(page: Page) -> None:
    """The money is asked for."""
    ordered(page)
    press(page, "text=付款码来付款")


def paid(page: Page) -> None:
    """Paid."""
    paying(page)
    press(page, "button.go")


def remembered(page: Page) -> None:
    """What remembering means, before anything is asked."""
    press(page, "text=我的授权与删除")
    press(page, "text=记住我")


def kept(page: Page) -> None:
    """Remembered, with the number to keep."""
    remembered(page)
    press(page, "button[value=yes]")
    press(page, "button[value=yes]")
    page.wait_for_url("**/face/end", wait_until="load", timeout=60_000)


def numbered(page: Page) -> str:
    """Somebody who is remembered pays: first their number."""
    kept(page)
    number = page.inner_text(".code")
    page.goto("/")
    ordered(page)
    press(page, "text=号码和本机人脸")
    return number


def claimed(page: Page) -> None:
    """The number is right; the face's notice comes first."""
    entered(page, "#number", numbered(page))


def read(page: Page, told: Told) -> None:
    """A made-up card is read; the form is filled, one field to be looked at."""
    page.set_input_files("#front", told["card"])
    press(page, "form button.go")


def sent(page: Page, told: Told) -> None:
    """Sent, and it passed."""
    read(page, told)
    page.fill("#expires", "长期")
    press(page, "button[value=yes]")
