"""The receipt page: reached by its code alone, whole before and after the log has the check."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from tests.web.conftest import Site
from tests.web.test_doors import choose
from tests.web.test_journeys import at_the_counter, check_of, tap

from liangming import ids
from liangming.check.erase import Why, erase_person
from liangming.check.proofs import open_proof
from liangming.check.receipt import Part, read_receipt, verify_receipt
from liangming.web.plays.people import card_number


@pytest.fixture
def passed(site: Site, http) -> str:
    """A check that passed, not yet in the log."""
    site.carry()
    compare = http.post("/desk/at/shili-counter/scan", data={"scan": card_number()}).text
    form = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', compare))
    where = re.search(r'action="(/desk/check/chk_\w+/show)"', compare)
    assert where is not None
    done = http.post(where[1], data={**form, "agrees": "yes"})
    return done.headers["location"].rpartition("/")[2]


def test_before_the_log_has_the_check_the_page_stands_and_says_so(site: Site, http, passed):
    page = http.get(site.receipt(passed))
    assert page.status_code == 200
    for words in ("通过", "正在进入公开的存证", "这里没有登记带摄像头的终端", "1 出示身份证件"):
        assert words in page.text, words
    assert "/file" not in page.text
    assert http.get(site.receipt(passed) + "/file").status_code == 503


def test_then_its_file_and_each_proof_verify_with_the_log_s_key(site: Site, http, passed):
    site.carry()
    page = http.get(site.receipt(passed)).text
    trust = site.house.record.trust
    answer = http.get(site.receipt(passed) + "/file")
    name = site.receipt(passed).removeprefix("/r/")
    assert f'filename="{name}.liangming-receipt"' in answer.headers["content-disposition"]
    assert verify_receipt(read_receipt(answer.content), trust).check == passed
    links = re.findall(r'href="(/r/rct_\w+/proof/\d+)"', page)
    assert len(links) == 5
    for link in links:
        assert open_proof(http.get(link).content, trust).facts["check"] == passed
    assert http.get(site.receipt(passed) + "/proof/5").status_code == 404


def test_the_way_to_one_s_data_is_one_tap_from_the_receipt(site: Site, http, passed):
    page = http.get(site.receipt(passed)).text
    link = re.search(r'href="(/my/rct_\w+)"', page)
    assert link is not None
    assert http.get(link[1]).status_code == 200


def test_what_is_kept_is_told_with_days_article_and_last_day(site: Site, http, passed):
    page = http.get(site.receipt(passed)).text
    assert re.search(r"证件[^<]*：最多 365 天，《[^》]+》第", page), page
    assert "保存到 2027年11月24日，到期删除" in page


def test_the_check_s_own_id_opens_no_receipt(site: Site, http, passed):
    assert http.get(f"/r/{passed}").status_code == 404
    assert passed not in http.get(site.receipt(passed)).text


def test_the_check_s_page_leads_to_the_receipt_only_while_the_person_is_there(
    site: Site, http, passed
):
    answer = http.get(f"/c/{passed}")
    assert answer.headers["location"] == site.receipt(passed)
    site.clock.move(timedelta(hours=3))
    try:
        assert http.get(f"/c/{passed}").status_code == 404
        assert http.get(site.receipt(passed)).status_code == 200
    finally:
        site.clock.move(timedelta(hours=-3))


def test_a_code_is_typed_in_any_case_with_gaps(site: Site, http, passed):
    code = site.receipt(passed).removeprefix("/r/rct_")
    spoken = " ".join(code.upper()[n : n + 5] for n in range(0, 26, 5))
    answer = http.post("/", data={"code": spoken})
    assert answer.headers["location"] == site.receipt(passed)
    for wrong in ("", "rct_", passed, "x" * 500):
        assert http.post("/", data={"code": wrong}).status_code == 404


def test_after_an_erasure_the_page_stays_and_says_that_no_new_proof_is_made(
    site: Site, http, passed
):
    site.carry()
    kept = http.get(site.receipt(passed) + "/file").content
    row = site.run(site.house.store.check(passed))
    assert site.run(erase_person(site.house, row.person, Why.ASKED, "test"))
    page = http.get(site.receipt(passed))
    assert (page.status_code, "以前保存的回执文件仍然有效" in page.text) == (200, True)
    assert http.get(site.receipt(passed) + "/file").status_code == 404
    assert verify_receipt(read_receipt(kept), site.house.record.trust).finished


def test_a_consent_given_and_taken_back_has_a_file_of_its_own(site: Site, http):
    path = choose(http, "face", "/s/yangli-locker-send")
    check = path.removeprefix("/c/")
    consent = http.get(path).headers["location"]
    http.get(consent)
    assert http.post(consent, data={"answer": "yes"}).status_code == 302
    assert http.post(f"{path}/withdraw", data={}).status_code == 302
    site.carry()
    site.clock.move(timedelta(hours=2))
    try:
        page = http.get(site.receipt(check)).text
    finally:
        site.clock.move(timedelta(hours=-2))
    assert "没有它签名的计数，是否拍摄不作断言" in page
    assert site.receipt(check) + "/consent" in page
    data = http.get(site.receipt(check) + "/consent").content
    proven = verify_receipt(read_receipt(data), site.house.record.trust)
    assert proven.part is Part.CONSENT
    assert [notice.family for notice in proven.notices.values()] == ["face"]


def test_an_unknown_code_is_a_calm_page(site: Site, http):
    made_up = ids.of_number(ids.RECEIPT, 12345)
    for path in (f"/r/{made_up}", f"/r/{made_up}/file", f"/r/{made_up}/proof/0", "/r/x/consent"):
        assert http.get(path).status_code == 404


@pytest.mark.browser
def test_a_sender_saves_the_receipt_with_one_tap(site: Site, visitor, clerk):
    visitor.goto("/s/shili-counter")
    tap(visitor, "button[value='document.seen']")
    check = check_of(visitor)
    at_the_counter(clerk, check, card_number())
    visitor.wait_for_url("**/r/rct_*")
    site.carry()
    visitor.reload()
    with visitor.expect_download() as saving:
        visitor.click("text=保存回执文件")
    data = saving.value.path().read_bytes()
    assert verify_receipt(read_receipt(data), site.house.record.trust).check == check
