"""My data: every right from the receipt's code, without script, in both languages."""

from __future__ import annotations

import json

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe

from liangming.check import Opening, open_check
from liangming.check.journey import choose, consent, show_face_notice, show_notice
from liangming.check.present import present
from liangming.check.receipt import code_of
from liangming.law.words import Method
from liangming.ledger import read_verifying_key
from liangming.method import DocumentShown
from liangming.rights import RightsDesk, commands
from liangming.rights.certificate import erasure_key, verify
from liangming.rights.handle import refuse
from liangming.rights.words import No, Right
from liangming.storage import open_docket
from liangming.web.plays.people import card_number

from .conftest import Site
from .test_journeys import tap


def passed(site: Site, number: str) -> str:
    """The receipt code of a check that passed at the counter."""

    async def run() -> str:
        check = (await open_check(site.house, Opening(scene="shili-counter"))).about.id
        await show_notice(site.house, check)
        await choose(site.house, check, Method.DOCUMENT_SEEN)
        shown = DocumentShown(
            document="resident_card", number=number, name="演示丙", waybill_name="演示丙"
        )
        await present(site.house, check, shown)
        return code_of(site.house.keys.token, check)

    return site.run(run())


def mine(number: str, **more: str) -> dict[str, str]:
    return {"document": "resident_card", "number": number, **more}


def test_the_code_leads_to_my_data_and_a_wrong_one_nowhere(site: Site, http: httpx.Client):
    code = passed(site, card_number())
    assert http.get("/my").status_code == 200
    answer = http.post("/my", data={"code": code.upper().replace("RCT_", " ")})
    assert answer.headers["location"] == f"/my/{code}"
    assert http.post("/my", data={"code": "x"}).status_code == 404
    assert http.get("/my/rct_nothing").status_code == 404
    assert http.get("/my/chk_" + code[4:]).status_code == 404
    assert http.get(f"/my/{code}/nothing").status_code == 404
    assert http.get(f"/my/{code}/q/req_nothing").status_code == 404
    assert f'href="/my/{code}"' in http.get(f"/r/{code}").text


def test_looking_stores_nothing(site: Site, http: httpx.Client):
    code = passed(site, card_number())
    before = site.run(site.house.store.counts())
    for path in ("", *(f"/{right.value}" for right in Right)):
        answer = http.get(f"/my/{code}{path}")
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
    assert site.run(site.house.store.counts()) == before


def test_data_are_shown_once_to_whoever_has_receipt_and_document(site: Site, http: httpx.Client):
    number = card_number()
    code = passed(site, number)
    assert number not in http.get(f"/my/{code}").text
    answer = http.post(f"/my/{code}/see", data=mine(number))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert number in answer.text
    assert "演示丙" in answer.text
    for wrong in (card_number(), "abc"):
        refused = http.post(f"/my/{code}/see", data=mine(wrong))
        assert refused.status_code == 422
        assert "与登记的证件不一致" in refused.text
        assert wrong not in refused.text
    assert http.post(f"/my/{code}/see", data={}).status_code == 422
    assert http.post(f"/my/{code}/see", data=mine(number, requester="x")).status_code == 400


def test_the_copy_is_a_file_that_programs_read(site: Site, http: httpx.Client):
    number = card_number()
    answer = http.post(f"/my/{passed(site, number)}/copy", data=mine(number))
    assert answer.headers["content-disposition"].startswith('attachment; filename="req_')
    assert answer.headers["content-type"] == "application/json"
    assert json.loads(answer.content)["registered"]["fields"]["number"] == number


def test_an_erasure_ends_in_a_certificate_to_keep(site: Site, http: httpx.Client):
    number = card_number()
    code = passed(site, number)
    there = http.post(f"/my/{code}/erase", data=mine(number)).headers["location"]
    assert "已删除，密钥已销毁" in http.get(there).text
    answer = http.get(f"{there}/certificate")
    assert answer.headers["content-disposition"].endswith('.erasure-certificate"')
    key = erasure_key(site.house.keys.signing, "liangming.local/log").verifying
    assert verify(answer.content, read_verifying_key(key.encode())).gone[0] == "key"
    assert "没有保存您的身份信息" in http.get(f"/my/{code}").text
    other = passed(site, card_number())
    assert http.get(there.replace(code, other)).status_code == 404
    assert http.get(there.replace(code, other) + "/certificate").status_code == 404


def test_a_refusal_says_why_and_where_to_go_next(site: Site, http: httpx.Client):
    number = card_number()
    code = passed(site, number)
    there = http.post(f"/my/{code}/copy", data=mine(number, requester="authorised")).headers[
        "location"
    ]
    assert "等待到网点核对证明" in http.get(there).text
    desk = RightsDesk(premises=site.house, docket=open_docket(site.house.store))
    site.run(refuse(desk, there.rpartition("/")[2], No.NO_AUTHORITY, "clerk-1"))
    text = http.get(there).text
    for words in ("没有看到能证明", "不同意怎么办", "要求复核", "第六十五条", "第五十条"):
        assert words in text
    assert http.post(there, data={"do": "appeal"}).headers["location"] == there
    assert "换人重新办理" in http.get(there).text
    assert http.post(there, data={"do": "nothing"}).status_code == 400
    assert http.post(there, data={"do": "take-back"}).status_code == 302
    assert "已撤销" in http.get(there).text


def test_withdrawing_is_offered_only_where_a_consent_stands(site: Site, http: httpx.Client):
    assert "/withdraw" not in http.get(f"/my/{passed(site, card_number())}").text
    from dataclasses import replace

    from liangming.check import Device, KnownDevices

    async def run() -> tuple[str, str]:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        key = Ed25519PrivateKey.generate().public_key()
        device = Device("dev-test", "yangli-locker-send", key)
        house = replace(site.house, devices=KnownDevices({"dev-test": device}))
        check = (await open_check(house, Opening(scene="yangli-locker-send"))).about.id
        await show_notice(house, check)
        await choose(house, check, Method.FACE)
        await show_face_notice(house, check, device="dev-test")
        await consent(house, check, device="dev-test", age=30)
        return code_of(house.keys.token, check), check

    code, _ = site.run(run())
    assert f"/my/{code}/withdraw" in http.get(f"/my/{code}").text
    there = http.post(f"/my/{code}/withdraw").headers["location"]
    record = http.get(f"/my/{code}/consent-record")
    assert record.headers["content-type"] == "application/ld+json"
    assert json.loads(record.content)["dpv:hasConsentStatus"]["@id"] == "dpv:ConsentWithdrawn"
    assert "已撤回" in http.get(there).text
    page = http.get(there).text
    assert "还没有确认删除" in page
    assert "台没有确认" in page
    kept = http.get(f"{there}/certificate")
    assert kept.content.startswith(b"liangming/withdrawal-certificate/1\nconsent cns_")
    assert b"\ndevice dev-test cmd_" in kept.content
    assert "/withdraw" not in http.get(f"/my/{code}").text
    desk = RightsDesk(premises=site.house, docket=open_docket(site.house.store))
    assert len(site.run(commands.waiting(desk, "dev-test"))) == 1


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_my_data_have_no_barrier(browser, site: Site, language: str, scheme: str):
    number = card_number()
    code = passed(site, number)
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        locale={"zh": "zh-CN", "en": "en-GB"}[language],
        color_scheme=scheme,
        base_url=site.demo,
    )
    page = context.new_page()
    for path in ("/my", f"/my/{code}", f"/my/{code}/correct", f"/my/{code}/see"):
        page.goto(path)
        assert Axe().run(page).violations_count == 0, path
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.fill("#number", number)
    tap(page, "form.panel button")
    assert number in page.inner_text("main")
    assert Axe().run(page).violations_count == 0
    page.goto(f"/my/{code}/explain")
    tap(page, "form.panel button")
    assert Axe().run(page).violations_count == 0
    page.goto(f"/my/{code}/complain")
    page.fill("#words", "x")
    tap(page, "form.panel button")
    assert Axe().run(page).violations_count == 0
    context.close()


@pytest.mark.browser
def test_from_the_receipt_every_right_is_two_taps_away(visitor, site: Site):
    code = passed(site, card_number())
    visitor.goto(f"/r/{code}")
    tap(visitor, "footer a")
    tap(visitor, "text=解释这次决定")
    tap(visitor, "form.panel button")
    assert "快递暂行条例" in visitor.inner_text("main")
    boxes = [box.bounding_box() for box in visitor.locator("footer a").all()]
    assert all(box["height"] >= 44 for box in boxes)
