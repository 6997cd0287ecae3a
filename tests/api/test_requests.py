"""People's requests and devices' commands, over HTTP."""

import msgspec
from tests.api.conftest import Door
from tests.api.shape import problem, usual
from tests.rights.people import Desk
from tests.world import CARD, NAME

from liangming.rights import looks
from liangming.rights.commands import acknowledgement, issue
from liangming.vault import Purpose

MINE = {"document": "resident_card", "number": CARD}


async def passed(door: Door) -> str:
    answer = await door.http.post("/v1/checks:whole", json=door.whole())
    assert answer.status_code == 201
    return str(answer.json()["id"])


async def asks(door: Door, check: str, right: str, **more: object):
    return await door.http.post(f"/v1/checks/{check}/requests", json={"right": right, **more})


async def test_registered_data_go_out_once_and_only_with_the_registered_document(door: Door):
    check = await passed(door)
    problem(await asks(door, check, "see"), 422, "rights.proof-needed")
    wrong = await asks(door, check, "see", **{**MINE, "document": "passport"})
    problem(wrong, 422, "rights.not-the-registered-document")
    answer = await asks(door, check, "see", **MINE)
    usual(answer)
    told = answer.json()
    assert answer.status_code == 201
    assert told["fields"] == {"type": "resident_card", "number": CARD, "name": NAME}
    assert (told["state"], told["result"], told["late"]) == ("answered", "shown", False)
    again = (await door.http.get(f"/v1/requests/{told['id']}")).json()
    assert (again["fields"], again["copy"], again["explanation"]) == (None, None, [])
    assert again["citations"][0]["id"] == "pipl.45"
    copy = (await asks(door, check, "copy", **MINE)).json()["copy"]
    assert copy["registered"]["fields"]["number"] == CARD


async def test_an_erasure_hands_out_its_certificate_again_and_again(door: Door):
    check = await passed(door)
    told = (await asks(door, check, "erase", **MINE)).json()
    assert told["certificate"].startswith("liangming/erasure-certificate/1\n")
    again = (await door.http.get(f"/v1/requests/{told['id']}")).json()
    assert again["certificate"] == told["certificate"]
    assert (await asks(door, check, "see")).json()["result"] == "nothing-held"


async def test_a_complaint_goes_from_in_hand_to_answer_to_one_review(door: Door):
    check = await passed(door)
    told = (await asks(door, check, "complain", words="x")).json()
    assert (told["state"], told["due_article"], told["due"][:10]) == (
        "open",
        "courier.29",
        "2026-12-02",
    )
    path = f"/v1/requests/{told['id']}"
    assert (await door.http.post(f"{path}/answer", json={"result": "not-upheld"})).json()[
        "text"
    ] == {"zh": "经核实，投诉不成立", "en": "Looked into; the complaint was not upheld"}
    problem(await door.http.post(f"{path}/answer", json={"result": "upheld"}), 409, "rights.closed")
    assert (await door.http.post(f"{path}/appeal")).json()["round"] == 2
    refusal = await door.http.post(f"{path}/refusal", json={"reason": "secrecy"})
    assert refusal.json()["reason"] == "secrecy"
    problem(await door.http.post(f"{path}/appeal"), 409, "rights.appealed-before")
    problem(await door.http.post(f"{path}/refusal", json={"reason": "no"}), 422, "api.field-value")


async def test_for_another_person_proof_comes_first_and_a_request_can_be_taken_back(door: Door):
    check = await passed(door)
    told = (await asks(door, check, "see", requester="guardian", **MINE)).json()
    path = f"/v1/requests/{told['id']}"
    assert (told["state"], told["fields"]) == ("unproven", None)
    problem(await door.http.post(f"{path}/fulfilment"), 409, "rights.authority-first")
    assert (await door.http.post(f"{path}/proof")).json()["state"] == "open"
    assert (await door.http.post(f"{path}/fulfilment")).json()["fields"]["name"] == NAME
    other = (await asks(door, check, "copy", requester="heir", **MINE)).json()
    assert (await door.http.delete(f"/v1/requests/{other['id']}")).json()["state"] == "taken-back"
    listed = (await door.http.get(f"/v1/checks/{check}/requests")).json()["requests"]
    assert {one["state"] for one in listed} == {"answered", "taken-back"}
    assert all(one["fields"] is None for one in listed)


async def test_a_decision_is_explained_in_both_languages_with_articles(door: Door):
    check = await passed(door)
    told = (await asks(door, check, "explain")).json()
    first = told["explanation"][0]
    assert set(first) == {"part", "word", "zh", "en", "citations", "standard"}
    assert first["part"] == "asked"
    assert first["citations"]


async def test_another_operator_s_requests_do_not_exist(door: Door):
    check = await passed(door)
    request = (await asks(door, check, "complain", words="x")).json()["id"]
    stranger = await door.another("rights", "devices", operator="others")
    problem(
        await door.http.get(f"/v1/requests/{request}", headers=stranger),
        404,
        "rights.request-unknown",
    )
    problem(
        await door.http.get(f"/v1/checks/{check}/requests", headers=stranger), 404, "check.unknown"
    )
    problem(
        await door.http.get("/v1/devices/dev-1/commands", headers=stranger),
        404,
        "rights.device-unknown",
    )
    usual_key = await door.another()
    problem(
        await door.http.get(f"/v1/requests/{request}", headers=usual_key), 403, "api.scope-missing"
    )


async def test_a_device_fetches_its_command_and_acknowledges_it_under_its_own_key(door: Door):
    desk = door.api.lobby.desk
    command = await issue(desk, "demo", "dev-1", "cns_x", check="chk_x")
    (waits,) = (await door.http.get("/v1/devices/dev-1/commands")).json()["commands"]
    assert waits["id"] == command
    assert waits["text"].startswith("liangming/device-command/1\n")
    path = f"/v1/commands/{command}/acknowledgement"
    wrong = await door.http.post(path, json={"signature": "00" * 64})
    problem(wrong, 422, "rights.acknowledgement-not-signed")
    said = door.world.device_key.sign(acknowledgement(command, "dev-1")).hex()
    stranger = await door.another("devices", operator="others")
    foreign = await door.http.post(path, json={"signature": said}, headers=stranger)
    problem(foreign, 404, "rights.command-unknown")
    done = await door.http.post(path, json={"signature": said})
    assert done.json()["milliseconds"] == 0
    problem(await door.http.post(path, json={"signature": said}), 404, "rights.command-unknown")
    assert (await door.http.get("/v1/devices/dev-1/commands")).json() == {"commands": []}


async def test_the_board_is_told_as_json_and_as_a_calendar(door: Door):
    check = await passed(door)
    request = (await asks(door, check, "complain", words="x")).json()["id"]
    duties = (await door.http.get("/v1/duties")).json()["duties"]
    mine = next(duty for duty in duties if duty["id"] == request)
    assert (mine["kind"], mine["owner"], mine["late"]) == ("request", "rights-desk", False)
    assert mine["citation"]["id"] == "courier.29"
    feed = await door.http.get("/v1/duties/calendar")
    assert feed.headers["content-type"] == "text/calendar; charset=utf-8"
    assert f"UID:{request}@liangming" in feed.text.replace("\r\n ", "")
    stranger = await door.another("rights", operator="others")
    others = (await door.http.get("/v1/duties", headers=stranger)).json()["duties"]
    assert request not in {duty["id"] for duty in others}


async def test_a_check_without_consent_has_no_record_of_one(door: Door):
    check = await passed(door)
    problem(await door.http.get(f"/v1/checks/{check}/consent-record"), 409, "rights.no-consent")


async def test_a_company_s_own_program_decides_on_a_look_and_never_on_its_own(door: Door):
    check = await passed(door)
    assert (await door.http.get("/v1/looks")).json() == {"looks": []}
    asked = looks.Asked(
        operator="demo", check=check, purpose=Purpose.DISPUTE, case="CASE-7",
        reason="核对投诉", whole=True, actor="officer-one",
    )  # fmt: skip
    look = await looks.request(door.api.lobby.desk, asked)
    own = await looks.request(
        door.api.lobby.desk, msgspec.structs.replace(asked, actor=door.client)
    )
    listed = await door.http.get("/v1/looks")
    usual(listed)
    assert {one["id"]: one["state"] for one in listed.json()["looks"]} == {
        own.id: "asked",
        look.id: "asked",
    }
    path = f"/v1/looks/{look.id}/decision"
    problem(await door.http.post(path, json={"agreed": "yes"}), 422, "api.field-type")
    told = (await door.http.post(path, json={"agreed": True})).json()
    assert (told["state"], told["decided_by"]) == ("approved", door.client)
    problem(await door.http.post(path, json={"agreed": False}), 404, "rights.look-unknown")
    mine = f"/v1/looks/{own.id}/decision"
    problem(await door.http.post(mine, json={"agreed": True}), 403, "rights.look-same-hands")
    other = await door.another("rights", operator="elsewhere")
    problem(
        await door.http.post(mine, json={"agreed": True}, headers=other), 404, "rights.look-unknown"
    )
    assert (await door.http.get("/v1/looks", headers=other)).json() == {"looks": []}


async def test_a_withdrawal_s_answer_names_its_devices_and_hands_out_a_certificate(door: Door):
    check = await Desk(door.world, door.api.lobby.desk).by_face()
    told = (await asks(door, check, "withdraw")).json()
    (device,) = told["devices"]
    assert (device["device"], device["milliseconds"]) == ("dev-1", None)
    assert told["certificate"].startswith("liangming/withdrawal-certificate/1\n")
    said = acknowledgement(device["command"], "dev-1")
    body = {"signature": door.world.device_key.sign(said).hex()}
    done = await door.http.post(f"/v1/commands/{device['command']}/acknowledgement", json=body)
    assert done.status_code == 200
    again = (await door.http.get(f"/v1/requests/{told['id']}")).json()
    assert again["devices"][0]["milliseconds"] is not None
    assert " waiting\n" not in again["certificate"]
