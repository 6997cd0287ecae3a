"""Looking one person's record up: with purpose and case, a leaf first, masked, and told to the person."""

from __future__ import annotations

import re

import httpx
import pytest

from liangming.web.plays.people import card_number

from .conftest import Figures

WHERE = "/staff/console/search/"


def ask(figures: Figures, http: httpx.Client, **form: str) -> httpx.Response:
    whole = {"purpose": "dispute", "case": "CASE-7", "document": "resident_card", **form}
    return http.post(WHERE, data=whole, headers={"Origin": figures.base})


@pytest.mark.parametrize("by", ["check", "receipt", "document"])
def test_a_record_is_found_masked_and_what_was_typed_is_not_written_again(
    figures: Figures, by: str
):
    typed = {"check": figures.checks[0], "receipt": figures.receipts[0], "document": figures.number}
    with figures.as_("officer") as http:
        answer = ask(figures, http, by=by, text=typed[by])
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert figures.number not in answer.text
    assert "*" * 14 + figures.number[-4:] in answer.text
    assert "演**" in answer.text
    assert "演示丙" not in answer.text
    assert answer.url.query == b""


def test_to_see_it_whole_is_a_look_of_its_own_and_each_is_counted_for_the_person(figures: Figures):
    with figures.as_("officer") as http:
        before = ask(figures, http, by="check", text=figures.checks[1]).text
        [count] = re.findall(r"工作人员一共看过 (\d+) 次", before)
        whole = ask(figures, http, by="check", text=figures.checks[1], whole="yes").text
        assert figures.number in whole
        assert "演示丙" in whole
        assert f"工作人员一共看过 {int(count) + 1} 次" in whole
    with httpx.Client(base_url=figures.base, headers={"Accept-Language": "zh-CN"}) as person:
        for receipt in figures.receipts[:2]:  # looked up by one check, told under each
            mine = person.get(f"/my/{receipt}").text
            assert f"工作人员看过 {int(count) + 1} 次" in mine
            assert "处理投诉和争议" in mine
            assert "officer" not in mine
        assert "没有工作人员查看过" in person.get(f"/my/{figures.receipts[2]}").text


def test_a_search_that_finds_nothing_is_recorded_as_well(figures: Figures):
    with figures.as_("officer") as http:
        answer = ask(figures, http, by="document", text=card_number(), case="FISHING-1")
        assert "没有找到本企业的登记" in answer.text
        latest = http.get(WHERE).text
    rows = re.findall(r"<tr>(.*?)</tr>", latest, re.DOTALL)
    assert ["没有找到" in row for row in rows if "FISHING-1" in row] == [True]


def test_another_operators_record_is_not_found(figures: Figures):
    with figures.as_("officer") as http:
        assert "没有找到" in ask(figures, http, by="check", text=figures.other).text
        assert "没有找到" in ask(figures, http, by="receipt", text=figures.receipts[2]).text
    with figures.as_("officer-elsewhere") as http:
        answer = ask(figures, http, by="document", text=figures.number)
        assert "没有找到" in answer.text
        assert "CASE-7" not in http.get(WHERE).text.replace("CASE-7</td>", "", 1)


@pytest.mark.parametrize(
    ("form", "status", "code"),
    [
        ({"purpose": ""}, 422, "目的"),
        ({"purpose": "drill"}, 422, "目的"),
        ({"case": "张三 13800000000"}, 422, "事由编号"),
        ({"case": "A-13800000000"}, 422, ""),
        ({"text": "  "}, 422, "目的"),
        ({"by": "name"}, 422, "目的"),
    ],
)
def test_without_a_purpose_or_a_case_nothing_is_looked_for(figures: Figures, form, status, code):
    with figures.as_("officer") as http:
        answer = ask(figures, http, **{"by": "document", "text": figures.number, **form})
    assert answer.status_code == status
    assert code in re.findall(r'role="alert">([^<]*)<', answer.text)[0]
    assert figures.number not in answer.text
    assert "13800000000" not in answer.text


def test_guessing_numbers_is_stopped_after_a_few(figures: Figures):
    with figures.as_("officer-elsewhere") as http:
        codes = [
            ask(figures, http, by="document", text=card_number()).status_code for _ in range(7)
        ]
    assert codes[-1] == 429


@pytest.mark.parametrize("role", ["clerk", "manager", "inspector", "administrator"])
def test_nobody_else_searches(figures: Figures, role: str):
    with figures.as_(role) as http:
        assert http.get(WHERE).status_code == 403
        assert ask(figures, http, by="document", text=figures.number).status_code == 403


def test_an_officer_without_training_looks_and_does_nothing(figures: Figures):
    origin = {"Origin": figures.base}
    with figures.as_("officer-new") as http:
        assert http.get("/staff/console/").status_code == 200
        answer = ask(figures, http, by="check", text=figures.checks[0])
        assert (answer.status_code, "培训" in answer.text) == (403, True)
        assert "演" not in answer.text
        form = {"do": "admit", "mandate": figures.mandates[0], "inspector": "inspector"}
        admitted = http.post(
            "/staff/console/visits/", data={**form, "until": "2026-11-24"}, headers=origin
        )
        assert (admitted.status_code, "培训" in admitted.text) == (403, True)
