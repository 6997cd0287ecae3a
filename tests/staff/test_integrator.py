"""An integrator's way: from a client and its key to a call that is found, and a message that verifies."""

from __future__ import annotations

import http.server
import re
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.patience import PATIENCE, until

from liangming.webhook import sign

pytestmark = pytest.mark.browser


class Receiver(http.server.BaseHTTPRequestHandler):
    """Keeps what comes."""

    came: list[tuple[dict[str, str], bytes]] = []
    arrived = threading.Event()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.came.append(({k.lower(): v for k, v in self.headers.items()}, body))
        self.send_response(204)
        self.end_headers()
        self.arrived.set()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def receiver() -> Iterator[str]:
    with http.server.HTTPServer(("127.0.0.1", 0), Receiver) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}/hook"
        listening.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def integrator(browser: Any, server: Any) -> Iterator[Any]:
    """One integrator for all of these tests."""
    from .conftest import Person

    _, link = server.invited("integrator")
    someone = Person(browser, server.base)
    someone.enrol(link)
    make(someone, "before any course")
    assert "培训还没有通过" in someone.text()
    someone.train("integrator")
    yield someone
    someone.context.close()


def make(someone: Any, name: str, *scopes: str) -> None:
    """Fill in the form and send it."""
    someone.page.goto("/staff/integrator/")
    someone.page.fill("#name", name)
    for scope in scopes:
        someone.page.check(f"input[value='{scope}']")
    someone.tap("form.panel button.button")


def sound(page: Any, *, axe: bool = True) -> None:
    """No finding of axe, and nothing wider than the page."""
    wider = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wider, page.url
    if axe:
        found = Axe().run(page).response["violations"]
        assert [(each["id"], each["nodes"][0]["target"]) for each in found] == [], page.url


def test_from_a_new_client_to_a_call_that_is_found_in_its_log(server, integrator):
    make(integrator, "counter terminals", "checks:read", "checks:write", "scenes:read")
    key = integrator.page.inner_text("#key")
    bearer = {"authorization": f"Bearer {key}"}
    assert (
        httpx.get(f"{server.base}/v1/client", headers=bearer).json()["name"] == "counter terminals"
    )
    integrator.tap("a[href$='/first']")
    assert "$LM/v1/client" in integrator.text()
    assert key not in integrator.page.content()
    sound(integrator.page)
    (scene,) = re.findall(r'"scene": "([\w-]+)"', integrator.text())
    opened = httpx.post(f"{server.base}/v1/checks", headers=bearer, json={"scene": scene})
    assert opened.status_code == 201, opened.text
    missing = httpx.get(
        f"{server.base}/v1/checks/chk_00000000000000000000000000", headers=bearer
    ).headers["request-id"]
    where = integrator.page.url.replace("/first", "/calls?failed=1")
    # Lines are written every five seconds: wait for the page that shows ours.
    until(lambda: integrator.page.goto(where) and missing in integrator.text())
    assert "check.unknown" in integrator.text()
    assert "chk_0" not in integrator.text()
    sound(integrator.page)


def test_a_key_is_shown_once_rotated_and_revoked(server, integrator):
    make(integrator, "till", "scenes:read")
    old = integrator.page.inner_text("#key")
    integrator.tap("a[href*='/clients/cli_']:not([href$='/first'])")
    assert old[-60:] not in integrator.page.content()
    here = integrator.page.url
    sound(integrator.page)
    integrator.tap("button[value=issue]")
    new = integrator.page.inner_text("#key")

    def status(key: str) -> int:
        return httpx.get(
            f"{server.base}/v1/client", headers={"authorization": f"Bearer {key}"}
        ).status_code

    assert [status(old), status(new)] == [200, 200]  # the overlap of a day
    integrator.page.goto(here)
    integrator.tap("button[value=stop]")
    integrator.page.click("summary:has-text('停用这个客户')")
    integrator.tap("details button[value=revoke]")
    assert integrator.page.url.endswith("/staff/integrator/")
    until(lambda: status(new) == 401)  # the row of a client is believed for a second
    assert status(old) == 401


def test_a_risky_right_waits_for_an_administrator(server, integrator, person):
    make(integrator, "app of the company", "rights")
    here = integrator.page.url
    assert "等另一个人同意" in integrator.text()
    assert integrator.page.locator("button[value=agree]").count() == 0
    assert integrator.page.locator("button[value=issue]").count() == 0
    answer = integrator.page.request.post(here, form={"do": "issue", "overlap": "0"})
    assert answer.status == 409
    assert "access.client-waits" in answer.text() or "还在等另一个人同意" in answer.text()
    _, link = server.invited("administrator")
    second = person("en-US")
    second.enrol(link)
    second.train("administrator")
    second.page.goto(here)
    assert "Waits for a second person" in second.text()
    sound(second.page)
    second.tap("button[value=agree]")
    assert second.page.locator("button[value=issue]").count() == 1


def test_a_subscription_is_tested_and_its_message_verifies(server, integrator, receiver):
    integrator.page.goto("/staff/integrator/webhooks/")
    integrator.page.fill("#url", receiver)
    integrator.page.check("input[value='check.concluded']")
    sound(integrator.page)
    integrator.tap("form.panel button.button")
    secret = integrator.page.inner_text("#secret")
    integrator.tap("a[href*='/webhooks/whk_']")
    assert secret not in integrator.page.content()
    integrator.tap("button[value=ping]")
    assert Receiver.arrived.wait(PATIENCE)
    headers, body = Receiver.came[0]
    stamp = int(headers["webhook-timestamp"])
    assert sign.verify(sign.read_text(secret), headers, body, now=stamp)
    until(lambda: integrator.page.reload() and "已收下" in integrator.text())
    integrator.page.click("li summary")
    assert "HTTP 204" in integrator.text()
    sound(integrator.page)
    integrator.page.goto(integrator.page.url)
    integrator.tap("button[value=pause]")
    assert integrator.page.locator("button[value=resume]").count() == 1


@pytest.mark.parametrize("where", ["", "webhooks/", "sandbox/"])
def test_pages_are_sound_on_a_phone_in_the_dark_and_in_english(integrator, where):
    page = integrator.page
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    page.goto(f"/staff/integrator/{where}?lang=en")
    assert page.get_attribute("html", "lang") == "en"
    sound(page)
    page.set_viewport_size({"width": 320, "height": 844})
    sound(page, axe=False)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"/staff/integrator/{where}?lang=zh")


def test_a_client_is_made_with_the_keyboard_alone(integrator):
    page = integrator.page
    page.goto("/staff/integrator/")
    page.focus("#name")
    page.keyboard.type("by keys")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # the first right
    assert page.locator("input[name=scope]:checked").count() == 1
    page.focus("form.panel button.button")
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")
    assert page.inner_text("#key").startswith("lmk_cli_")


def test_nothing_here_is_for_other_roles(server, person):
    _, link = server.invited("clerk", "yangli")
    clerk = person()
    clerk.enrol(link)
    for where in ("", "clients/cli_00000000000000000000000000", "webhooks/", "sandbox/"):
        assert clerk.page.goto(f"/staff/integrator/{where}").status == 403
    assert "/staff/login/" in httpx.get(f"{server.base}/staff/integrator/").headers["location"]
    foreign = httpx.post(
        f"{server.base}/staff/integrator/",
        data={"name": "x"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert foreign.status_code == 403
