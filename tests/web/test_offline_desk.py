"""The desk without a line: what was seen is noted, sealed, kept, and written once when the line is back."""

from __future__ import annotations

import base64
import json
import secrets
from datetime import timedelta

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from liangming.check.read import read
from liangming.clock import micros
from liangming.law.words import Method
from liangming.web.plays.people import card_number

AT = "/desk/at/shili-counter"
EVERYTHING = """async () => {
  const base = await new Promise((give) => { const o = indexedDB.open('liangming-desk'); o.onsuccess = () => give(o.result); });
  const entries = await new Promise((give) => { const g = base.transaction('entries').objectStore('entries').getAll(); g.onsuccess = () => give(g.result); });
  const cache = await caches.open('liangming-desk');
  const pages = await Promise.all((await cache.keys()).map(async (k) => k.url + await (await cache.match(k)).text()));
  return { entries, pages, local: { ...localStorage }, session: { ...sessionStorage }, shown: document.documentElement.outerHTML };
}"""


@pytest.fixture
def desk(browser, site):
    """A signed-in desk whose clock is the server's."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, locale="zh-CN", base_url=site.plain
    )
    context.clock.set_fixed_time(site.clock.now())
    page = context.new_page()
    page.goto("/desk/signin")
    page.fill("#key", site.key)
    with page.expect_navigation(wait_until="load"):
        page.click("form.panel button")
    page.goto(AT)
    page.wait_for_selector("html[data-kept]", state="attached")
    yield page
    context.close()


def note(page, number: str, answer: str = "1") -> None:
    """One sender without a line."""
    page.wait_for_selector("#stage #scan")
    page.keyboard.type(number)
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-agrees=yes]")
    page.keyboard.press(answer)
    page.wait_for_selector("#stage .big")


@pytest.mark.browser
def test_what_was_seen_without_a_line_waits_sealed_survives_a_reload_and_is_written_once(
    desk, site
):
    number, bodies = card_number(), []
    desk.on(
        "request", lambda r: bodies.append(r.post_data) if r.url.endswith("/desk/later") else None
    )
    desk.context.set_offline(True)
    desk.reload()
    note(desk, number)
    assert "待补录" in desk.inner_text("#stage .big")
    assert Axe().run(desk).violations_count == 0
    desk.reload()  # still without a line: the page and the queue are there
    desk.wait_for_selector("#stage #scan")
    assert desk.inner_text("#queue [data-count]") == "1"
    kept = desk.evaluate(EVERYTHING)
    assert sorted(kept["entries"][0]) == ["id", "number", "scene", "sealed", "seen"]
    for form in (number, number[:-1], number[6:14]):
        assert form not in json.dumps(kept)
        assert form.encode() not in base64.urlsafe_b64decode(kept["entries"][0]["sealed"] + "==")

    desk.context.set_offline(False)
    desk.wait_for_selector("#queue [data-sent]:not([hidden])")
    assert desk.evaluate(EVERYTHING)["entries"] == []
    headers = {"Content-Type": "application/json", "Origin": site.plain}
    again = desk.context.request.post("/desk/later", data=bodies[-1], headers=headers).json()
    assert again["state"] == "passed"
    before = site.run(site.house.store.leaves(again["check"]))
    desk.context.request.post("/desk/later", data=bodies[-1], headers=headers)
    assert site.run(site.house.store.leaves(again["check"])) == before
    assert [leaf.tag for leaf in before] == [
        "check:check:opened",
        "check:desk:written-later",
        "check:notice:shown",
        "check:method:chosen",
        "check:evidence:presented",
        "check:outcome:passed",
    ]

    # The same person once more, online: seen, not collected again.
    desk.wait_for_selector("#back:not([hidden])")
    with desk.expect_navigation(wait_until="load"):
        desk.click("#back a")
    desk.keyboard.type(number)
    desk.keyboard.press("Enter")
    desk.wait_for_selector("[data-key='1']")
    desk.keyboard.press("1")
    desk.wait_for_selector(".big.passed")
    assert "已登记" in desk.inner_text(".big")


@pytest.mark.browser
def test_a_line_that_breaks_during_an_entry_is_said_and_a_mismatch_is_told_at_once(desk):
    desk.context.set_offline(True)
    desk.keyboard.type(card_number())
    desk.keyboard.press("Enter")
    desk.wait_for_selector("#maybe:not([hidden])")
    assert "可能已经送到" in desk.inner_text("#maybe")
    assert desk.url.endswith(AT)
    number = card_number()
    desk.fill("#scan", number[:-1] + ("1" if number[-1] != "1" else "2"))
    desk.keyboard.press("Enter")
    desk.wait_for_selector("[data-slip]:not([hidden])")
    assert desk.input_value("#scan") == ""
    note(desk, number, "2")
    assert "不予收寄" in desk.inner_text("#stage .big")
    desk.context.set_offline(False)
    desk.wait_for_selector("#queue [data-hand]:not([hidden])")
    desk.click("#queue summary")
    assert "证件与运单不一致" in desk.inner_text("#queue [data-list]")
    desk.click("#queue [data-done]")
    desk.wait_for_selector("#queue", state="hidden")


@pytest.mark.browser
def test_who_signs_out_leaves_no_page_to_note_on_and_the_queue_waits_for_the_next_sign_in(
    desk, site
):
    desk.context.set_offline(True)
    desk.reload()
    note(desk, card_number())
    desk.context.clear_cookies()  # the sign-in ended meanwhile
    desk.context.set_offline(False)
    desk.wait_for_selector("#queue [data-signin]:not([hidden])")
    desk.goto("/desk/signin")
    desk.wait_for_selector("#queue:not([hidden])")
    assert desk.inner_text("#queue [data-count]") == "1"
    kept = desk.evaluate(EVERYTHING)
    assert (kept["pages"], len(kept["entries"])) == ([], 1)
    desk.fill("#key", site.key)
    with desk.expect_navigation(wait_until="load"):
        desk.click("form.panel button")
    desk.wait_for_selector("#queue [data-sent]:not([hidden])")


class Desk:
    """The same by hand: seals as the page does, with an implementation of others."""

    def __init__(self, site) -> None:
        self.site = site
        self.http = httpx.Client(base_url=site.plain, headers={"Accept-Language": "en"})
        self.http.post("/desk/signin", data={"key": site.key})
        self.data = self.attributes()
        self.ms = micros(site.clock.now()) // 1000

    def attributes(self, scene: str = "shili-counter") -> dict[str, str]:
        page = self.http.get(f"/desk/at/{scene}/offline").text
        found = page.partition('id="offline" ')[2].partition(">")[0]
        return {
            part.partition("=")[0].removeprefix("data-"): part.partition("=")[2].strip('"')
            for part in found.split()
        }

    def entry(self, **changed: object) -> dict[str, object]:
        entered = {
            "v": 1,
            "scene": "shili-counter",
            "notice": self.data["notice"],
            "leave": self.data["leave"],
            "seen": self.ms,
            "number": 1,
            "way": "document.seen",
            "text": card_number(),
            "agrees": True,
        }
        return {**entered, **changed}

    def send(
        self, entered: dict[str, object], *, spoil=lambda sent: sent, **more
    ) -> httpx.Response:
        entry = secrets.token_hex(16)
        point = base64.urlsafe_b64decode(self.data["public"] + "==")
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        suite = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
        info = b"liangming/desk-entry/1\0" + entry.encode()
        raw = suite.encrypt(json.dumps(entered).encode(), key, info)
        sealed = base64.urlsafe_b64encode(raw).decode().rstrip("=")
        sent = spoil({"id": entry, "sealed": sealed, "now": self.ms, **more})
        return self.http.post("/desk/later", content=json.dumps(sent))


@pytest.fixture
def by_hand(site):
    made = Desk(site)
    yield made
    made.http.close()


def test_an_entry_that_was_touched_or_is_of_another_place_or_time_is_not_written(by_hand, site):
    day = 24 * 3600 * 1000
    cases = {
        "web.later-unreadable": [
            by_hand.send(by_hand.entry(), spoil=lambda s: {**s, "id": secrets.token_hex(16)}),
            by_hand.send(by_hand.entry(), spoil=lambda s: {**s, "sealed": s["sealed"][:-8] + "AAAAAAAA"}),
            by_hand.send(by_hand.entry(), spoil=lambda s: {**s, "sealed": ""}),
            by_hand.send(by_hand.entry(leave=by_hand.attributes("shili-doorstep")["leave"])),
            by_hand.send(by_hand.entry(leave="e30.e30")),
        ],
        "check.later-too-old": [
            by_hand.send(by_hand.entry(seen=by_hand.ms - 3 * day - 60_000)),
            by_hand.send(by_hand.entry(seen=by_hand.ms + 10 * 60_000)),
            by_hand.send(by_hand.entry(seen=by_hand.ms - 2 * day), now=by_hand.ms - 2 * day),
        ],
        "web.later-after-shift": [by_hand.send(by_hand.entry(seen=by_hand.ms + day))],
        "check.notice-changed": [by_hand.send(by_hand.entry(notice="0" * 64))],
        "web.form-unfit": [
            by_hand.send(by_hand.entry(), now=0),
            by_hand.send(by_hand.entry(way=Method.PICKUP_CODE.value)),
            by_hand.send(by_hand.entry(), spoil=lambda s: {**s, "id": "x"}),
            by_hand.http.post("/desk/later", content=b"{"),
        ],
        "web.too-large": [by_hand.send(by_hand.entry(), spoil=lambda s: {**s, "more": "x" * 13_000})],
    }  # fmt: skip
    for code, answers in cases.items():
        for answer in answers:
            assert (answer.json()["code"], 400 <= answer.status_code < 500) == (code, True)
            assert "990101" not in answer.text
    assert by_hand.http.get("/desk/at/yangpin-metro/offline").status_code == 403
    by_hand.http.cookies.clear()
    assert by_hand.send(by_hand.entry()).status_code == 401


@pytest.mark.parametrize("minutes", [7, -7])
def test_a_clock_that_is_off_is_put_right_and_how_far_stands_in_the_evidence(
    by_hand, site, minutes
):
    theirs = by_hand.ms - minutes * 60_000
    answer = by_hand.send(by_hand.entry(seen=theirs - 60_000, number=5), now=theirs)
    check = answer.json()["check"]
    [leaf] = [
        leaf
        for leaf in site.run(site.house.store.leaves(check))
        if leaf.tag == "check:desk:written-later"
    ]
    facts = json.loads(leaf.facts)
    assert (facts["skew"], facts["number"]) == (minutes * 60, 5)
    assert facts["seen"] == micros(site.clock.now() - timedelta(minutes=1))
    state = site.run(read(site.house, check))
    assert state.about.id == check
    assert state.about.opened_at == site.clock.now()


def test_what_the_law_would_not_pass_at_a_counter_does_not_pass_later(by_hand):
    expired = by_hand.send(by_hand.entry(document="resident_card", expires="2020-01-01"))
    assert (expired.json()["state"], expired.status_code) == ("refused", 200)
    wrong = by_hand.send(by_hand.entry(text=card_number()[:-1] + "W"))
    assert (wrong.json()["code"], wrong.status_code) == ("check.document-type-unclear", 422)
    begun = by_hand.http.get(f"/desk/check/{wrong.json()['check']}")  # to go on by hand
    assert begun.status_code == 200


def test_a_place_that_asks_for_no_document_has_no_page_for_this(http):
    assert 'data-shell=""' in http.get("/desk/at/yangpin-metro").text
    assert 'data-shell="/desk/at/shili-counter/offline' in http.get(AT).text
