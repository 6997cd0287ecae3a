"""Counts the same leaves in steps of sizes, by several threads; prints what the tables then hold.

Run as a program: Django is configured once in a process.
"""

from __future__ import annotations

import json
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from liangming.check import events
from liangming.check.ports import CheckRow, ConsentRow, LeafRow
from liangming.clock import SetClock
from liangming.scene import SceneCatalogue
from liangming.web.staff.migrate import apply, configure

EXAMPLES = Path(__file__).resolve().parents[3] / "examples" / "scenes"
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
CONSENT = '{"consent":"cns_%d","purpose":"face-match","notice":"n","device":"d"}'


def leaves() -> list[LeafRow]:
    """Forty checks that overlap, so that every step ends in the middle of some."""
    made: list[LeafRow] = []
    tracks = [list(track(n)) for n in range(40)]
    for step in range(6):
        made += [rows[step] for rows in tracks if step < len(rows)]
    return [*made, row("chk_3", events.CONSENT_WITHDRAWN.tag, '{"consent":"cns_3"}')]


def track(n: int) -> Any:
    check = f"chk_{n}"
    opened = {"operator": "o", "scene": f"s{n % 3}", "outlet": "t", "kind": "k"}
    yield row(check, events.OPENED.tag, json.dumps(opened))
    way = ("face", "ticket")[n % 2]
    yield row(check, events.CHOSEN.tag, json.dumps({"method": way}))
    if way == "face" or n == 3:
        yield row(check, events.CONSENT_GIVEN.tag, CONSENT % n)
    if n % 10 != 9:  # some never end
        yield row(check, events.PASSED.tag, at=(2 + n) * 1_000_000)
    yield LeafRow(
        check=f"dev_{n % 2}",
        number=n // 2 * 2,
        tag="device:goods:sold",
        at=n,
        facts=b"{}",
        leaf=b"",
    )


def row(check: str, tag: str, facts: str = "{}", at: int = 1_000_000) -> LeafRow:
    return LeafRow(check=check, number=0, tag=tag, at=at, facts=facts.encode(), leaf=b"")


class Shelf:
    """A store of leaves."""

    def __init__(self, rows: list[LeafRow]) -> None:
        self.rows = rows

    async def leaves_after(self, after: int, limit: int) -> list[tuple[int, LeafRow]]:
        begin = after + 1
        return list(enumerate(self.rows[begin : begin + limit], begin))

    async def consent(self, number: str) -> ConsentRow:
        return ConsentRow(
            id=number, check="chk_3", scene="s0", purpose="face-match", notice="n", device="d",
            state="withdrawn", at=0,
        )  # fmt: skip

    async def check(self, number: str) -> CheckRow:
        return CheckRow(
            id=number, operator="o", scene="s0", outlet="t", kind="k", state="passed", version=1,
            person=None, opened_at=0, changed_at=0, expires_at=0, leaf_key=b"", body=b"",
        )  # fmt: skip


def counted(most: int, threads: int) -> dict[str, Any]:
    """What the tables hold after a counting that began with empty ones."""
    from liangming.web.staff.console.counting import carry_on
    from liangming.web.staff.console.models import Choices, Consents, Heard, Position, Unended

    for table in (Choices, Consents, Heard, Position, Unended):
        table.objects.all().delete()
    shelf = Shelf(leaves())
    house: Any = SimpleNamespace(premises=SimpleNamespace(store=shelf))

    def run() -> None:
        while carry_on(house, most) < len(shelf.rows):
            pass

    running = [threading.Thread(target=run) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    carry_on(house, most)  # nothing new: nothing changes
    return {
        "choices": sorted(Choices.objects.values_list("scene", "way", "ended", "passed", "timed")),
        "consents": sorted(Consents.objects.values_list("scene", "given", "withdrawn", "over")),
        "heard": sorted(Heard.objects.values_list("device", "came", "last")),
        "unended": sorted(Unended.objects.values_list("check_id", flat=True)),
        "next": Position.objects.get(pk=0).next,
        "of": len(shelf.rows),
    }


def readied() -> dict[str, Any]:
    """What is made ready of an operator with many scenes, and how often a look makes it again."""
    from liangming.web.staff import accounts
    from liangming.web.staff.console import ahead, standing
    from liangming.web.staff.console.models import Position

    Position.objects.all().delete()
    found = SceneCatalogue.load([EXAMPLES], NOON.date())
    scenes = {name: found[name] for name in found}
    rows = Shelf(leaves())
    clock = SetClock(NOON)
    premises = SimpleNamespace(store=rows, scenes=scenes, clock=clock)
    house: Any = SimpleNamespace(premises=premises, shelf={})
    operator = "yangli-station"
    accounts.invite("-", "an-officer", "甲", "officer", operator=operator, at=NOON)
    told: dict[str, Any] = {"few": []}
    ahead.ready(house)  # a few scenes are made when they are looked at
    told["few"] = sorted(key[0] for key in house.shelf)
    told["counted"] = Position.objects.get(pk=0).next == len(rows.rows)
    ahead.MANY = standing.MANY = 1
    ahead.ready(house)
    told["many"] = sorted(key[0] for key in house.shelf)
    made = standing.standing(house, operator)
    told["looked_up"] = standing.standing(house, operator) is made
    clock.set(NOON + made.fresh * 0.6)
    told["still_shown"] = standing.standing(house, operator) is made
    ahead.ready(house)
    told["made_before_it_is_stale"] = standing.standing(house, operator) is not made
    clock.set(NOON + timedelta(days=1))
    ahead.ready(house)
    told["day"] = house.shelf["judged", operator][0].isoformat()
    return told


if __name__ == "__main__":
    apply(sys.argv[1])
    configure(sys.argv[1])
    runs = [
        readied() if each == "ready" else counted(*map(int, each.split("x")))
        for each in sys.argv[2:]
    ]
    sys.stdout.write(json.dumps(runs))
