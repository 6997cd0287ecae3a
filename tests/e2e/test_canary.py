"""Planted people go in through every door; afterwards no byte that was written tells of them.

Searched: what the commands and the server printed (as loudly as logging goes), every answer with
its headers, every file of the data folder (database, write-ahead log, keys), the metrics, and the
files of PostgreSQL. The rooms are asked the real way, so what passes really was registered.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from tests.e2e.canary import CARD, CARDS, NAME, PASSPORT, PHONE, USCC, found, found_in, writings
from tests.e2e.errands import LINES, misplaced, shown
from tests.e2e.server import COUNTER, House, Server, client, ndjson, notice_of

EVERYTHING = (
    *("checks:write", "checks:read", "batch:write", "scenes:read"),
    *("codes:write", "desk", "admin"),
)


@dataclass
class Ear:
    """Hears every answer and keeps what it found."""

    hits: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def hear(self, answer: httpx.Response) -> None:
        answer.read()
        self.statuses[answer.status_code] += 1
        where = f"the answer {answer.status_code} to {answer.request.method}"
        where += f" {answer.request.url.path[:60]}"
        headers = b"\n".join(name + b": " + value for name, value in answer.headers.raw)
        self.hits += found(headers, f"the headers of {where}")
        self.hits += found(answer.content, where)


def test_the_search_finds_what_is_planted_however_it_is_written(tmp_path: Path) -> None:
    for value in (CARD, NAME, PHONE):
        for form in writings(value):
            assert found(b"before " + form + b" after", "here")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file.log").write_bytes(b"x" * 5000 + NAME.encode("utf-16-le"))
    assert found_in(tmp_path)
    assert not found(b"nothing about anybody", "here")


def by_command(house: House, given: Path) -> list[str]:
    """Checks from a file and from a pipe, in both forms; also a scene and a file of no name."""
    lines = [{"method": way, "evidence": evidence} for way, evidence in shown()]
    content = ndjson(lines) + f"{{broken {CARD}\n{NAME}\n".encode()
    given.write_bytes(content)
    hits: list[str] = []
    for words, stdin in (
        (("check", str(given), "--scene", COUNTER, "--json"), b""),
        (("check", "-", "--scene", COUNTER), content),
        (("check", "-", "--scene", COUNTER, "--dry-run"), content),
        (("check", "-", "--scene", CARD), content),
        (("check", f"{NAME}.jsonl", "--scene", COUNTER), b""),
    ):
        done = house.run(*words, stdin=stdin)
        assert done.returncode in {1, 2}, done.stderr.decode()
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        hits += found(done.stdout + done.stderr, f"what {words[0]} {words[2:]} printed")
    return hits


def by_api(server: Server, key: str, ear: Ear) -> Counter[str]:
    """Whole, in a batch, step by step, and everything that is wrong."""
    outcomes: Counter[str] = Counter()
    with client(server, key, event_hooks={"response": [ear.hear]}) as http:
        notice = notice_of(http)
        wholes = [
            {"scene": COUNTER, "notice": notice, "method": way, "evidence": evidence}
            for way, evidence in shown()
        ]
        for whole in wholes:
            answer = http.post("/v1/checks:whole", json=whole)
            assert answer.status_code < 500, answer.text
            outcomes[answer.json().get("outcome") or answer.json()["code"]] += 1
        http.post("/v1/checks:batch", content=ndjson(wholes), headers=LINES)
        for way, evidence in shown():
            check = http.post("/v1/checks", json={"scene": COUNTER}).json()["id"]
            http.post(f"/v1/checks/{check}/notice", json={})
            http.post(f"/v1/checks/{check}/choice", json={"method": way, "by": "person"})
            http.post(f"/v1/checks/{check}/evidence", json={"evidence": evidence})
            http.post(f"/v1/checks/{check}/order-code", json={})
            http.get(f"/v1/checks/{check}")
        for method, path, more in misplaced(wholes[0]):
            try:
                http.request(method, path, **more)
            except httpx.TransportError:  # too long: the door closes while we still write
                ear.cut.append(f"{method} {path}")
        metrics = http.get("/metrics")
        assert metrics.status_code == 200
        assert "liangming" in metrics.text
    return outcomes


def by_page(server: Server, key: str, ear: Ear) -> Counter[str]:
    """The desk, as plain forms: scanned, compared, entered by the wrong field."""
    outcomes: Counter[str] = Counter()
    with client(server, key, event_hooks={"response": [ear.hear]}) as http:
        del http.headers["authorization"]
        signed = http.post("/desk/signin", data={"key": key})
        assert signed.status_code == 302
        for scanned in (CARD, CARDS[3], f"{CARDS[4]} ", PASSPORT, PHONE, NAME, CARDS[5][:-1] + "A"):
            for agrees in ("yes", "no", NAME):
                outcomes[at_the_desk(http, scanned, agrees)] += 1
        for way in ("organisation", "registered-sender", "network-credential", "order-code", NAME):
            said = http.post(f"/desk/at/{COUNTER}/say", data={"way": way})
            if said.status_code != 302:
                continue
            for scanned in (f"{USCC}/{CARD}", CARD, PHONE, NAME):
                entry = {"scan": scanned, "document": CARD, "expires": PHONE}
                shown_now = http.post(f"{said.headers['location']}/show", data=entry)
                compare(http, shown_now, "yes")
        for scanned in (f"https://example.com/{PHONE}", f"lmh1.{CARD}", f"{NAME}/{CARD}"):
            http.post(f"/desk/at/{COUNTER}/scan", data={"scan": scanned, "for": PHONE})
    return outcomes


def at_the_desk(http: httpx.Client, scanned: str, agrees: str) -> str:
    """Scan and compare; the shape of the outcome where there is one, otherwise the status."""
    answer = compare(http, http.post(f"/desk/at/{COUNTER}/scan", data={"scan": scanned}), agrees)
    if answer.status_code != 302:
        return str(answer.status_code)
    where = answer.headers["location"]
    outcome = http.get(where).text
    for receipt in re.findall(r'href="(/r/rct_\w+)"', outcome):
        assert http.get(receipt).status_code == 200
    shape = re.search(r'class="big (\w+)"', outcome)
    return shape[1] if shape else where


def compare(http: httpx.Client, answer: httpx.Response, agrees: str) -> httpx.Response:
    """Press one of the two buttons of the page that compares, if it is that page."""
    held = re.search(r'name="held" value="([^"]+)"', answer.text)
    action = re.search(r'action="(/desk/check/[^"]+/show)"', answer.text)
    if held is None or action is None:
        return answer
    return http.post(action[1], data={"held": held[1], "agrees": agrees})


@pytest.mark.slow
async def test_nothing_about_a_planted_person_is_found_in_any_byte_that_was_written(
    house: House, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    house.folder = tmp_path / "house"
    house.folder.mkdir()
    house.loud = True
    key = house.key(*EVERYTHING)
    hits = by_command(house, tmp_path / "given.jsonl")

    ear = Ear()
    server = house.start()
    try:
        outcomes = by_api(server, key, ear)
        desk = by_page(server, key, ear)
    finally:
        server.kill()  # so that the write-ahead log stays as it is
    hits += found(server.said(), "what the server printed")
    hits += found_in(house.folder)
    with house.start() as again:
        assert again.stop() == 0
    hits += found(again.said(), "what the next server printed") + found_in(house.folder)
    if house.database:
        cluster = request.getfixturevalue("postgres_cluster")
        if cluster.folder is not None:
            hits += found_in(cluster.folder, since=house.folder)

    assert sorted(set(hits + ear.hits)) == []
    # It was not silence that kept the secret: people passed, were refused, and were told of slips.
    assert outcomes["passed"] >= 4, outcomes
    assert outcomes["refused"] >= 2, outcomes
    assert desk["passed"] >= 3, desk
    assert desk["refused"] >= 3, desk
    assert ear.statuses[422] + ear.statuses[400] > 50, ear.statuses
    assert set(ear.cut) <= {"POST /v1/checks:whole", "POST /"}, ear.cut
    assert len(ear.cut) <= 3
    assert ear.statuses[500] == 0, json.dumps(ear.statuses)
    assert b"DEBUG:root:all is said" in server.said()
