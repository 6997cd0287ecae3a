"""A receipt over HTTP: what it says at once, the file once the log has the check."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

from tests.api.conftest import Door
from tests.api.shape import problem
from tests.world import CARD, NAME

from liangming.check.integrate import Integrator
from liangming.check.log_key import log_key
from liangming.check.premises import Record
from liangming.check.receipt import read_receipt, verify_receipt
from liangming.ledger import FileTiles, Log, SqliteHeads, Trust

ORIGIN = "log.example/demo"


async def logged(door: Door, folder: Path) -> Trust:
    """Carry everything into a log, and let the door know it."""
    house = door.world.premises
    key = log_key(house.keys.signing, ORIGIN)
    tiles = FileTiles(folder / "log")
    with closing(SqliteHeads(folder / "head.sqlite3")) as heads:
        log = Log(origin=ORIGIN, tiles=tiles, heads=heads, keys=[key])
        carrier = Integrator(house.store, log, house.clock, tiles=tiles)
        while await carrier.round():
            pass
    trust = Trust(ORIGIN, (key.verifying,))
    door.api.lobby.premises = replace(house, record=Record(tiles, trust))
    return trust


async def test_a_receipt_says_what_happened_and_its_file_proves_it(
    door: Door, tmp_path: Path
) -> None:
    check = (await door.http.post("/v1/checks:whole", json=door.whole())).json()["id"]
    told = (await door.http.get(f"/v1/checks/{check}/receipt")).json()
    assert (told["outcome"], told["camera"]["said"], told["in_log"]) == (
        "passed",
        "no-device",
        False,
    )
    assert told["chosen"] == ["document.seen"]
    assert told["offered"][0] == "document.seen"
    assert told["kept"]["fields"][0] == {"field": "document", "days": 365, "article": "pipl.19"}
    assert told["page"] == f"/r/{told['code']}"
    assert check not in told["page"]
    early = await door.http.get(f"/v1/checks/{check}/receipt/file")
    problem(early, 503, "check.receipt-no-log")
    trust = await logged(door, tmp_path)
    assert (await door.http.get(f"/v1/checks/{check}/receipt")).json()["in_log"]
    answer = await door.http.get(f"/v1/checks/{check}/receipt/file")
    assert verify_receipt(read_receipt(answer.content), trust).check == check
    for value in (CARD, NAME):
        assert value not in answer.text
    none = await door.http.get(f"/v1/checks/{check}/receipt/consent")
    problem(none, 404, "check.receipt-no-consent")


async def test_a_check_that_came_after_the_head_waits(door: Door, tmp_path: Path) -> None:
    await logged(door, tmp_path)
    check = (await door.http.post("/v1/checks:whole", json=door.whole())).json()["id"]
    answer = await door.http.get(f"/v1/checks/{check}/receipt/file")
    problem(answer, 503, "check.not-in-the-log-yet")


async def test_another_operator_s_receipt_does_not_exist(door: Door) -> None:
    check = await door.opened()
    header = await door.another(operator="others")
    for path in ("receipt", "receipt/file", "receipt/consent"):
        answer = await door.http.get(f"/v1/checks/{check}/{path}", headers=header)
        problem(answer, 404, "check.unknown")
