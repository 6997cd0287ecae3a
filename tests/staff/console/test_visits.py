"""An inspector's visit: within the mandate and its days, read-only, and every look a leaf."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from liangming.inspection import verify_packet
from liangming.ledger import Trust, read_verifying_key

from .conftest import Figures

INSPECTION = "/staff/inspection/"


def pages(mandate: str) -> dict[str, str]:
    return {
        "mandate": f"{INSPECTION}{mandate}/",
        "sample": f"{INSPECTION}{mandate}/sample",
        "check": f"{INSPECTION}{mandate}/sample/1",
        "packet": f"{INSPECTION}{mandate}/packet",
        "heads": f"{INSPECTION}{mandate}/heads",
    }


def test_the_inspector_sees_scope_counts_sample_evidence_and_heads(figures: Figures):
    open_one = pages(figures.mandates[0])
    with figures.as_("inspector") as http:
        listed = http.get(INSPECTION).text
        assert open_one["mandate"] in listed
        told = http.get(open_one["mandate"]).text
        assert "example-postal A-1" in told
        assert "<b>5</b><span>登记时范围内的查验" in told
        sample = http.get(open_one["sample"]).text
        assert "全部成立" in sample
        assert sample.count("/sample/") == 3
        check = http.get(open_one["check"]).text
        assert "每个事件都已证明" in check
        assert "查验通过" in check
        assert http.get(f"{INSPECTION}{figures.mandates[0]}/sample/4").status_code == 404
        assert "liangming ledger fsck" in http.get(open_one["heads"]).text


def test_before_a_packet_is_made_the_page_says_so_and_opens_nothing(figures: Figures):
    early = pages(figures.mandates[2])
    with figures.as_("inspector") as http:
        told = http.get(early["mandate"]).text
        assert "还没有制作检查包" in told
        assert "登记时范围内的查验" in told
        for page in ("sample", "check", "packet"):
            answer = http.get(early[page])
            assert answer.status_code == 404
            assert "检查包还没有制作" in answer.text
            assert "chk_" not in answer.text


def test_the_packet_that_is_fetched_verifies_offline(figures: Figures, tmp_path: Path):
    with figures.as_("inspector") as http:
        answer = http.get(pages(figures.mandates[0])["packet"])
        sample = http.get(pages(figures.mandates[0])["sample"]).text
    assert answer.status_code == 200
    assert hashlib.sha256(answer.content).hexdigest() in sample
    name = re.findall(r'filename="([\w.]+)"', answer.headers["content-disposition"])[0]
    (tmp_path / name).write_bytes(answer.content)
    [given] = re.findall(r"packet verify \S+ --key '([^']+)'", sample)
    key = read_verifying_key(given)
    verdict = verify_packet(tmp_path / name, Trust(key.name, (key,)))
    assert verdict.holds, [(said.point, said.code) for said in verdict.points]


def test_every_look_is_a_leaf_under_the_mandate_before_the_page_is_shown(figures: Figures):
    where = pages(figures.mandates[0])["mandate"]
    with figures.as_("inspector") as http:
        before, after = (int(re.findall(r"共 (\d+) 项", http.get(where).text)[0]) for _ in range(2))
        assert after == before + 1
        http.get(pages(figures.mandates[0])["heads"])
        http.get(INSPECTION)
        assert int(re.findall(r"共 (\d+) 项", http.get(where).text)[0]) == after + 3


def test_a_mandate_whose_days_are_over_shows_nothing_and_says_so(figures: Figures):
    over = figures.mandates[1]
    with figures.as_("inspector") as http:
        listed = http.get(INSPECTION).text
        assert "已经到期" in listed
        assert "B-2" not in listed
        for path in pages(over).values():
            answer = http.get(path)
            assert answer.status_code == 403
            assert "查看期限已经过了" in answer.text
            assert "B-2" not in answer.text
    with figures.as_("inspector", "en-GB") as http:
        assert "nothing is shown any more" in http.get(pages(over)["sample"]).text


def test_nobody_looks_without_an_admission_of_their_own(figures: Figures):
    for who in ("officer", "administrator", "clerk", "inspector-elsewhere"):
        with figures.as_(who) as http:
            for path in pages(figures.mandates[0]).values():
                assert http.get(path).status_code == 403
    with figures.as_("inspector-elsewhere") as http:
        assert "没有获准的任务" in http.get(INSPECTION).text
    with figures.as_("inspector") as http:
        assert http.get(pages("mdt_" + "0" * 26)["sample"]).status_code == 403


def test_an_officer_admits_whom_the_mandate_names_and_ends_it(figures: Figures):
    where, origin = "/staff/console/visits/", {"Origin": figures.base}
    form = {"do": "admit", "mandate": figures.mandates[1], "inspector": "inspector"}
    with figures.as_("officer") as officer, figures.as_("inspector") as inspector:
        for wrong in (
            {"until": "2026-11-23"},
            {"until": "2027-11-24"},
            {"until": "soon"},
            {"until": "2026-11-24", "inspector": "officer"},
            {"until": "2026-11-24", "mandate": "mdt_other"},
        ):
            answer = officer.post(where, data={**form, **wrong}, headers=origin)
            assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)
        assert inspector.get(pages(figures.mandates[1])["mandate"]).status_code == 403
        done = officer.post(where, data={**form, "until": "2026-11-30"}, headers=origin)
        assert done.status_code == 302
        told = inspector.get(pages(figures.mandates[1])["mandate"]).text
        assert "一位检查人员获准在这些日子里查看" in told
        absent = inspector.get(pages(figures.mandates[1])["sample"]).text
        assert "文件不在企业的检查包目录里" in absent
        assert inspector.get(pages(figures.mandates[1])["packet"]).status_code == 404
        [number] = re.findall(
            r'name="number" value="(\d+)"', officer.get(where).text.split("B-2")[1]
        )[:1]
        officer.post(where, data={"do": "end", "number": number}, headers=origin)
        assert inspector.get(pages(figures.mandates[1])["mandate"]).status_code == 403
        assert "B-2" not in inspector.get(INSPECTION).text
        # A shorter admission after one that was ended before its day counts.
        officer.post(where, data={**form, "until": "2026-11-24"}, headers=origin)
        assert inspector.get(pages(figures.mandates[1])["mandate"]).status_code == 200
        assert "B-2" in inspector.get(INSPECTION).text
        [number] = re.findall(
            r'name="number" value="(\d+)"', officer.get(where).text.split("B-2")[1]
        )[:1]
        officer.post(where, data={"do": "end", "number": number}, headers=origin)
    with figures.as_("officer-elsewhere") as other:
        answer = other.post(where, data={**form, "until": "2026-11-30"}, headers=origin)
        assert answer.status_code == 422


MAY = (
    "staff/login/", "staff/logout/", "staff/lock/", "staff/reauthenticate/", "staff/keys/",
    "staff/sessions/", "staff/password/", "staff/enrol/", "desk/signin", "desk/signout",
)  # fmt: skip


def test_an_inspector_can_send_no_form_but_about_their_own_sign_in(figures: Figures):
    values = {"str:mandate": figures.mandates[0], "int:number": "1"}
    tried = 0
    with figures.as_("inspector") as http:
        for route in figures.addresses:
            if not route.startswith(("staff/", "desk")) or route.startswith(MAY):
                continue
            path = re.sub(r"<([^>]+)>", lambda part: values.get(part[1], "x"), route)
            answer = http.post(f"/{path}", data={"do": "end"}, headers={"Origin": figures.base})
            turned_away = answer.headers.get("location") == "/desk/signin"
            assert turned_away or answer.status_code in {401, 403, 404, 405}, route
            if route.startswith("staff/"):
                assert answer.status_code in {403, 405}, route
            tried += 1
    assert tried > 30
    assert "staff/console/visits/" in figures.addresses
