"""Staff sign in for real: by passkey, by password and TOTP, by single sign-on; and what then holds."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import sqlite3
import struct
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe

from liangming.check.states import decode
from liangming.clock import SystemClock

from .conftest import OPERATOR

pytestmark = pytest.mark.browser
PASSWORD = "correct-horse-battery-9"


def digits(secret: str, back: int = 0) -> str:
    """What an authenticator shows now, or showed so many steps ago (RFC 6238)."""
    step = int(SystemClock().now().timestamp()) // 30 - back
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.digest(key, struct.pack(">Q", step), hashlib.sha1)
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def wrong(code: str) -> str:
    return f"{(int(code) + 500_000) % 1_000_000:06}"


def test_a_link_is_used_once_and_leads_to_a_passkey_and_recovery_codes(server, person):
    _, link = server.invited("clerk")
    clerk = person()
    clerk.enrol(link)
    assert clerk.page.locator(".codes li").count() == 10
    clerk.page.goto("/staff/")
    assert "收寄员" in clerk.text()
    assert httpx.get(server.base + link).status_code == 404
    clerk.context.clear_cookies()
    clerk.sign_in()
    assert "收寄员" in clerk.text()


def test_nobody_goes_on_without_a_key_of_their_own(server, person):
    _, link = server.invited("clerk")
    bare = person()
    bare.page.goto(link)
    bare.tap("main form button")
    for path in ("/staff/", "/staff/people/", "/staff/sessions/"):
        bare.page.goto(path)
        assert bare.page.url.endswith("/staff/keys/")
    assert httpx.get(f"{server.base}/staff/signup/").status_code == 404
    for path in ("/staff/", "/staff/people/", "/staff/sessions/", "/staff/keys/"):
        assert "/staff/login/" in httpx.get(server.base + path).headers["location"]


def test_password_and_totp_open_together_and_neither_alone(server, person):
    name, link = server.invited("manager")
    manager = person()
    manager.page.goto(link)
    manager.tap("main form button")
    manager.page.goto("/staff/password/set/")
    manager.page.fill("#id_password1", "short")
    manager.page.fill("#id_password2", "short")
    manager.tap("main form button")
    assert manager.page.locator("[role=alert]").count() >= 1
    manager.page.fill("#id_password1", PASSWORD)
    manager.page.fill("#id_password2", PASSWORD)
    manager.tap("main form button")
    manager.page.goto("/staff/keys/totp/activate/")
    if manager.page.locator("#id_password").count():  # a password was set: it is asked for
        manager.page.fill("#id_password", PASSWORD)
        manager.tap("main form.panel button")
    secret = manager.page.inner_text("figcaption code")
    manager.page.fill("#id_code", digits(secret, back=5))
    manager.tap("main form button")
    assert manager.page.locator("[role=alert]").count() >= 1  # an old one opens nothing
    manager.page.fill("#id_code", digits(secret))
    manager.tap("main form button")
    assert "/keys/recovery-codes/" in manager.page.url
    spare = manager.page.inner_text(".codes li >> nth=0")
    manager.context.clear_cookies()

    manager.page.goto("/staff/login/")
    manager.page.click("summary")
    manager.page.fill("#id_login", name)
    manager.page.fill("#id_password", PASSWORD)
    manager.tap("details form button")
    assert "/keys/authenticate/" in manager.page.url
    manager.page.goto("/staff/")  # half-way is not in
    assert "/keys/authenticate/" in manager.page.url
    manager.page.fill("#id_code", wrong(digits(secret)))
    manager.tap("main form.panel >> nth=0 >> button")
    assert manager.page.locator("[role=alert]").count() >= 1
    manager.page.fill("#id_code", spare)
    manager.tap("main form.panel >> nth=0 >> button")
    assert "站长" in manager.text()


def test_single_sign_on_opens_accounts_that_exist_and_makes_none(server, person):
    name, _ = server.invited("clerk")
    someone = person()
    server.provider.user = "stranger"
    someone.page.goto("/staff/login/")
    someone.tap("a[href*='signon']")
    assert "没有对应的员工账户" in someone.text()
    assert "stranger" not in server.staff("list").stdout
    server.provider.user = name
    someone.tap("a[href*='signon']")
    assert "收寄员" in someone.text()
    someone.train("clerk")
    someone.page.goto("/desk")
    assert "选择场景" in someone.text()


def test_a_clerk_opens_the_desk_of_their_operator_and_an_administrator_none(server, person):
    _, link = server.invited("clerk")
    clerk = person()
    clerk.enrol(link)
    for where in (
        "/desk",
        "/desk/at/shili-counter",
    ):  # no training, no role; the answer leads there
        assert clerk.page.goto(where).status == 403
        assert clerk.page.locator("a[href='/desk/training']").count() == 1
    clerk.train("clerk")
    clerk.page.goto("/desk")
    assert "选择场景" in clerk.text()
    assert clerk.page.goto("/desk/at/shili-counter").status == 200
    assert clerk.page.goto("/desk/at/yangpin-metro").status == 403
    assert clerk.page.goto("/desk/duties").status in {401, 403}
    _, link = server.invited("officer")
    officer = person()
    officer.enrol(link)
    assert officer.page.goto("/desk/duties").status == 200
    assert "恢复演练" in officer.text()
    nothing = officer.page.request.post("/desk/reports/rpt_00000000000000000000000000", form={})
    assert nothing.status == 403  # an officer without training looks, and does nothing
    for where in (
        "faces",
        "parties",
        "assessments",
        "incidents",
        "register",
        "selfcheck",
        "access",
    ):
        assert officer.page.request.post(f"/desk/{where}", form={}).status == 403, where
    officer.train("officer")
    nothing = officer.page.request.post("/desk/reports/rpt_00000000000000000000000000", form={})
    assert nothing.status == 404
    officer.page.goto("/desk/training")
    assert clerk.page.goto("/desk/training").status == 200
    officer.page.goto("/desk")
    assert "/desk/signin" in officer.page.url
    _, link = server.invited("administrator")
    administrator = person()
    administrator.enrol(link)
    administrator.page.goto("/desk")
    assert "/desk/signin" in administrator.page.url
    assert clerk.page.goto("/staff/people/").status == 403


def test_checks_say_which_were_one_clerks_by_a_code_and_name_nobody(server, person):
    codes = []
    for number in range(2):
        name, link = server.invited("clerk")
        clerk = person()
        clerk.enrol(link)
        clerk.train("clerk")
        for _ in range(2 - number):
            said = clerk.page.request.post(
                "/desk/at/shili-counter/say", form={"way": "document.seen"}
            )
            assert said.ok, said.status
            check = said.url.rpartition("/")[2]
            with sqlite3.connect(
                Path(server.environment["LIANGMING_DATA"], "liangming.sqlite3")
            ) as db:
                ((body,),) = db.execute("select body from checks where id = ?", (check,))
            codes.append(decode(bytes(body)).about.clerk)
            assert name.encode() not in bytes(body)
    assert codes[0] == codes[1] != codes[2]
    assert all(re.fullmatch("[0-9a-f]{16}", code) for code in codes)


def test_a_session_that_is_locked_opens_again_by_its_own_key_and_the_desk_waits(server, person):
    _, link = server.invited("clerk")
    clerk = person()
    clerk.enrol(link)
    clerk.train("clerk")
    clerk.page.goto("/staff/")
    clerk.tap("form[action='/staff/lock/'] button")
    assert "已锁定" in clerk.text()
    assert clerk.page.goto("/desk/at/shili-counter").status == 401
    clerk.page.goto("/staff/")
    clerk.keyed("form[data-key=show] button", "**/staff/")
    assert "收寄员" in clerk.text()
    assert clerk.page.goto("/desk/at/shili-counter").status == 200


def test_other_devices_are_seen_and_signed_out_at_once(server, person):
    _, link = server.invited("clerk")
    counter = person()
    counter.enrol(link)
    # The same person on a second device: the credential is carried over, as synced passkeys are.
    [credential] = counter.devtools.send(
        "WebAuthn.getCredentials", {"authenticatorId": counter.key}
    )["credentials"]
    home = person()
    home.devtools.send(
        "WebAuthn.addCredential", {"authenticatorId": home.key, "credential": credential}
    )
    home.sign_in()
    home.train("clerk")
    assert home.page.goto("/desk/at/shili-counter").status == 200
    counter.page.goto("/staff/sessions/")
    assert counter.page.locator("tbody tr").count() == 2
    counter.tap("form[action='/staff/sessions/'] button")
    assert counter.page.locator("tbody tr").count() == 1
    assert home.page.goto("/desk/at/shili-counter").status == 401
    home.page.goto("/staff/")
    assert "/staff/login/" in home.page.url


def test_risky_changes_take_two_administrators_and_others_one(server, person):
    (_, first_link), (_, second_link) = server.invited(), server.invited()
    first, second = person(), person()
    first.enrol(first_link)
    second.enrol(second_link)
    second.train("administrator")

    def invite(who, whom: str, role: str) -> None:
        who.page.goto("/staff/people/")
        who.page.fill("#whom", whom)
        who.page.fill("#name", "示例")
        who.page.select_option("#role", role)
        who.tap("button[value=invite]")

    invite(first, "clerk-one", "clerk")
    assert "培训还没有通过" in first.text()  # no deed without the courses of the role
    assert "clerk-one" not in server.staff("list").stdout
    first.train("administrator")
    invite(first, "clerk-one", "clerk")
    link = re.search(r"/staff/enrol/\S+", first.text())
    assert link is not None
    invite(first, "officer-one", "officer")
    assert "officer-one" not in server.staff("list").stdout
    assert first.page.locator("button[value=agree]").count() == 0  # not one's own
    second.page.goto("/staff/people/")
    second.tap("li:has-text('officer-one') button[value=agree]")
    assert "shili-express  officer-one  officer" in server.staff("list").stdout

    clerk = person()
    clerk.enrol(link[0])
    clerk.train("clerk")
    assert clerk.page.goto("/desk/at/shili-counter").status == 200
    first.page.goto("/staff/people/")
    first.page.click("li:has-text('clerk-one') summary")
    first.tap("li:has-text('clerk-one') button[value=end]")  # stopping a clerk is quick
    assert clerk.page.goto("/desk/at/shili-counter").status == 401
    clerk.page.goto("/staff/")
    assert "/staff/login/" in clerk.page.url
    clerk.keyed("form[data-key=show] button", "**/staff/**")
    assert "收寄员" not in clerk.text()


def test_one_operators_administrator_does_not_see_another_operators_people(server, person):
    (mine, link), (theirs, _) = server.invited(), server.invited("clerk", "yangli")
    administrator = person()
    administrator.enrol(link)
    administrator.page.goto("/staff/people/")
    names = administrator.page.locator("main code").all_inner_texts()
    assert mine in names
    assert theirs not in names
    answer = administrator.page.request.post(
        "/staff/people/", form={"what": "end", "whom": theirs}, headers={"Origin": server.base}
    )
    assert answer.status == 422
    assert f"yangli  {theirs}  clerk  " in server.staff("list").stdout


def test_the_command_line_makes_resets_and_ends_and_says_what_is_wrong(server):
    name = "by-hand"
    made = server.staff("invite", name, "--operator", OPERATOR, "--role", "clerk", "--name", "乙")
    assert f"{server.base}/staff/enrol/" in made.stdout
    assert "/staff/enrol/" in server.staff("link", name).stdout
    assert "/staff/enrol/" in server.staff("reset", name).stdout
    assert server.staff("end", name).returncode == 0
    for words, code in (
        (("link", name), "staff.member-unknown"),
        (("invite", name, "--operator", "x"), "staff.member-taken"),
        (("invite", "fine", "--operator", "x", "--role", "king"), "staff.member-form"),
    ):
        done = server.staff(*words)
        assert (done.returncode, code in done.stderr) == (2, True), done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_axe_finds_nothing_on_staff_pages_and_nothing_foreign_is_asked(server, person, language):
    _, link = server.invited()
    someone = person(language)
    asked: set[str] = set()
    someone.page.on("request", lambda request: asked.add(request.url.split("/")[2]))
    axe, found = Axe(), {}

    def look() -> None:
        result = axe.run(someone.page)
        if result.violations_count:
            found[someone.page.url] = [
                v["id"] + str([n["target"] for n in v["nodes"]][:3])
                for v in result.response["violations"]
            ]
        someone.page.set_viewport_size({"width": 320, "height": 640})
        if someone.page.evaluate("document.documentElement.scrollWidth") > 320:
            found[f"{someone.page.url} at 320"] = ["scrolls sideways"]
        someone.page.set_viewport_size({"width": 1280, "height": 900})

    someone.page.goto("/staff/login/")
    look()
    someone.page.goto(link)
    look()
    someone.enrol(link)
    look()
    for path in (
        "/staff/",
        "/staff/people/",
        "/staff/keys/",
        "/staff/keys/webauthn/",
        "/staff/sessions/",
        "/staff/keys/totp/activate/",
        "/staff/nowhere/",
    ):
        someone.page.goto(path)
        look()
    assert found == {}
    assert asked == {server.base.split("/")[2]}
