"""A check step by step over HTTP."""

from datetime import datetime

import pytest
from tests.api.conftest import Door
from tests.api.shape import problem, usual
from tests.world import CARD, NAME

from liangming.check.receipt import code_of


async def test_a_parcel_is_sent_with_a_card_in_four_calls(door: Door) -> None:
    opened = await door.http.post("/v1/checks", json={"scene": "demo.counter"})
    usual(opened)
    check = opened.json()["id"]
    assert opened.headers["location"] == f"/v1/checks/{check}"
    assert opened.json()["state"] == "opened"
    assert opened.json()["outcome"] is None
    assert opened.json()["receipt"] is None
    assert [step["operation"] for step in opened.json()["next"]] == ["showNotice", "conclude"]
    assert opened.json()["offers"][0]["method"] == "document.seen"

    noticed = await door.http.post(f"/v1/checks/{check}/notice")
    assert noticed.json()["state"] == "choosing"
    chosen = await door.http.post(f"/v1/checks/{check}/choice", json={"method": "document.seen"})
    assert chosen.json()["chosen"] == "document.seen"
    evidence = door.whole()["evidence"]
    passed = await door.http.post(f"/v1/checks/{check}/evidence", json={"evidence": evidence})

    told = passed.json()
    assert (told["state"], told["outcome"]) == ("passed", "passed")
    assert told["kept"]["register"] == "collected"
    assert [field["field"] for field in told["kept"]["fields"]] == ["document", "name"]
    assert told["receipt"] == f"/r/{code_of(door.world.premises.keys.token, check)}"
    assert told["grounds"] == ["statutory-duty"]
    assert all(c["id"] and c["text"] for c in told["citations"])
    assert datetime.fromisoformat(told["ended_at"]).utcoffset() is not None
    assert CARD not in passed.text
    assert NAME not in passed.text
    await door.world.verify(check)
    assert (await door.http.get(f"/v1/checks/{check}")).json() == told


async def test_an_answer_speaks_the_asked_language(door: Door) -> None:
    check = await door.opened()
    zh = await door.http.get(f"/v1/checks/{check}")
    en = await door.http.get(f"/v1/checks/{check}", headers={"accept-language": "en-GB,zh;q=0.5"})
    assert (zh.headers["content-language"], en.headers["content-language"]) == ("zh", "en")
    assert (zh.json()["text"], en.json()["text"]) == (
        "请先展示告知，再询问。",
        "Show the notice first, then ask.",
    )
    assert zh.json()["citations"] != en.json()["citations"]


async def test_nothing_is_asked_before_the_notice(door: Door) -> None:
    check = await door.opened()
    answer = await door.http.post(f"/v1/checks/{check}/choice", json={"method": "document.seen"})
    told = problem(answer, 409, "check.notice-first")
    assert [citation["id"] for citation in told["citations"]] == ["pipl.17"]


async def test_a_declined_way_is_not_asked_again_and_every_other_stays(door: Door) -> None:
    check = await door.choosing("demo.face")
    answer = await door.http.post(f"/v1/checks/{check}/declines", json={"method": "face"})
    assert answer.json()["declined"] == ["face"]
    assert "face" not in [offer["method"] for offer in answer.json()["offers"]]
    again = await door.http.post(f"/v1/checks/{check}/choice", json={"method": "face"})
    problem(again, 409, "check.declined-before")


async def test_the_face_needs_its_notice_and_consent_and_can_be_withdrawn(door: Door) -> None:
    check = await door.choosing("demo.face")
    base = f"/v1/checks/{check}"
    chosen = await door.http.post(f"{base}/choice", json={"method": "face"})
    assert "showFaceNotice" in [step["operation"] for step in chosen.json()["next"]]
    body = {"device": "dev-1", "age": 30}
    problem(await door.http.post(f"{base}/consent", json=body), 409, "consent.notice-not-shown")
    shown = await door.http.post(f"{base}/face-notice", json={"device": "dev-1"})
    assert "giveConsent" in [step["operation"] for step in shown.json()["next"]]
    given = await door.http.post(f"{base}/consent", json=body)
    assert given.json()["state"] == "consented"
    assert given.json()["face"]["device"] == "dev-1"
    assert len(given.json()["face"]["nonce"]) == 32
    withdrawn = await door.http.delete(f"{base}/consent")
    assert withdrawn.json()["state"] == "choosing"
    assert withdrawn.json()["face"] is None
    await door.world.verify(check)


async def test_a_face_notice_names_an_enrolled_device_only(door: Door) -> None:
    check = await door.choosing("demo.face")
    await door.http.post(f"/v1/checks/{check}/choice", json={"method": "face"})
    answer = await door.http.post(f"/v1/checks/{check}/face-notice", json={"device": "13800138000"})
    problem(answer, 422, "check.capture-barred")


async def test_under_fourteen_without_a_guardian_the_camera_stays_shut(door: Door) -> None:
    check = await door.choosing("demo.face")
    base = f"/v1/checks/{check}"
    await door.http.post(f"{base}/choice", json={"method": "face"})
    await door.http.post(f"{base}/face-notice", json={"device": "dev-1"})
    answer = await door.http.post(f"{base}/consent", json={"device": "dev-1", "age": 13})
    assert problem(answer, 422, "check.capture-barred")["citations"]


async def test_leaving_collects_nothing_and_refusing_to_show_is_told_with_its_article(
    door: Door,
) -> None:
    left = await door.http.post(
        f"/v1/checks/{await door.opened()}/conclusion", json={"how": "walked-away"}
    )
    assert (left.json()["outcome"], left.json()["kept"]) == ("abandoned", None)
    refused = await door.http.post(
        f"/v1/checks/{await door.choosing()}/conclusion", json={"how": "refused-to-show"}
    )
    assert (refused.json()["outcome"], refused.json()["reason"]) == ("refused", "no-document")
    assert refused.json()["citations"]


async def test_staff_need_their_own_scope_to_enter_what_was_said(door: Door) -> None:
    check = await door.choosing()
    headers = await door.another("checks:write")
    for path, body in (
        ("choice", {"method": "document.seen", "by": "spoken"}),
        ("declines", {"method": "document.seen", "by": "spoken"}),
        ("conclusion", {"how": "refused-to-show"}),
    ):
        answer = await door.http.post(f"/v1/checks/{check}/{path}", json=body, headers=headers)
        problem(answer, 403, "api.scope-missing")
    spoken = {"method": "document.seen", "by": "spoken"}
    assert (await door.http.post(f"/v1/checks/{check}/choice", json=spoken)).status_code == 200


async def test_a_source_that_is_down_is_undetermined_and_never_a_refusal(door: Door) -> None:
    from tests.world import DOWN

    door.world.source.answer = DOWN
    answer = await door.http.post(
        "/v1/checks:whole",
        json=door.whole(
            method="network-credential",
            evidence={"kind": "network-credential", "presentation": "x"},
        ),
    )
    assert (answer.status_code, answer.json()["outcome"]) == (201, "undetermined")
    assert [offer["method"] for offer in answer.json()["offers"]]


async def test_help_is_recorded_once(door: Door) -> None:
    check = await door.opened()
    for _ in range(2):
        answer = await door.http.post(f"/v1/checks/{check}/help")
        assert answer.status_code == 200
    tags = [leaf.tag for leaf in await door.world.premises.store.leaves(check)]
    assert tags.count("check:staff:helped") == 1


async def test_an_order_verified_online_gets_a_code_and_an_unfinished_one_does_not(
    door: Door,
) -> None:
    check = (await door.http.post("/v1/checks:whole", json=door.whole())).json()["id"]
    code = await door.http.post(f"/v1/checks/{check}/order-code")
    assert code.status_code == 201
    assert code.json()["code"].startswith("lmh1.")
    used = await door.http.post(
        "/v1/checks:whole",
        json=door.whole(
            method="order-code",
            evidence={
                "kind": "order-code",
                "code": code.json()["code"],
                "document_seen": True,
                "agrees": True,
            },
        ),
    )
    assert used.json()["outcome"] == "passed"
    other = await door.opened()
    problem(await door.http.post(f"/v1/checks/{other}/order-code"), 409, "check.not-passed")


async def test_a_pickup_code_opens_its_own_locker_once(door: Door) -> None:
    issued = await door.http.post("/v1/pickup-codes", json={"scene": "demo.locker", "parcel": "P1"})
    assert issued.status_code == 201
    body = door.whole(
        scene="demo.locker",
        notice=door.notices["demo.locker"],
        method="pickup-code",
        evidence={"kind": "pickup-code", "code": issued.json()["code"]},
    )
    first = await door.http.post("/v1/checks:whole", json=body)
    assert first.json()["outcome"] == "passed"
    second = await door.http.post("/v1/checks:whole", json=body)
    assert second.json().get("outcome") != "passed"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/v1/checks/chk_01kb3xq4m2v8t6r0e5w9y7z1ab", "check.unknown"),
        ("/v1/checks/nonsense", "check.unknown"),
        ("/v1/scenes/nowhere", "check.scene-unknown"),
        ("/v1/notices/nowhere", "check.scene-unknown"),
        ("/v1/law/articles/pipl.999", "api.article-unknown"),
        ("/v1/nothing", "api.no-such-address"),
        ("/v1/checks/", "api.no-such-address"),
    ],
)
async def test_what_is_not_there_is_404_in_the_same_shape(door: Door, path: str, code: str) -> None:
    problem(await door.http.get(path), 404, code)


async def test_scenes_ways_notices_articles_and_codes_can_be_read(door: Door) -> None:
    scenes = (await door.http.get("/v1/scenes")).json()["scenes"]
    assert [scene["id"] for scene in scenes] == ["demo.counter", "demo.face", "demo.locker"]
    one = (await door.http.get("/v1/scenes/demo.face")).json()
    assert [way["method"] for way in one["ways"]] == ["document.seen", "registered-sender", "face"]
    notices = (await door.http.get("/v1/notices/demo.face")).json()
    assert notices["notice"]["digest"] == door.notices["demo.face"] == one["notice"]
    assert notices["face"]["version"].startswith("face@")
    assert (await door.http.get("/v1/notices/demo.counter")).json()["face"] is None
    methods = (await door.http.get("/v1/methods")).json()["methods"]
    assert [m["method"] for m in methods][0::12] == ["document.seen", "face"]
    article = (await door.http.get("/v1/law/articles/courier.23")).json()
    assert article["instrument"]["rank"] == "rule" or article["text"]["zh"]
    errors = (await door.http.get("/v1/errors")).json()["errors"]
    assert {"api.internal", "check.notice-first"} <= {entry["code"] for entry in errors}


@pytest.mark.parametrize("parcel", ["13800138000", CARD, "a b", ""])
async def test_a_parcels_reference_cannot_be_somebodys_number(door: Door, parcel: str) -> None:
    body = {"scene": "demo.locker", "parcel": parcel}
    answer = await door.http.post("/v1/pickup-codes", json=body)
    assert problem(answer, 422, "api.field-value")["field"] == "parcel"
