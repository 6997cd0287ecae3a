"""Forty days of people, staff and duties: every gate and every clock on its day."""

from __future__ import annotations

from pathlib import Path

from tests.governance.whole_year import WholeYear
from tests.rights.people import Desk
from tests.world import face_scene, scene, world

from liangming.rights import RightsDesk
from liangming.scene.model import Kept
from liangming.storage import open_docket
from liangming.storage.erasure_file import ErasureFile

TERM = 30
SHORT = tuple(Kept(field=name, days=TERM, article="pipl.19") for name in ("document", "name"))
KINDS = {
    "request", "incident", "command", "filing", "party", "report", "notice", "look", "hold",
    "threshold", "register", "periodic",
}  # fmt: skip


async def test_forty_days_of_duties(tmp_path: Path):
    async with world(tmp_path, scene(retention=SHORT), face_scene()) as house:
        desk = RightsDesk(
            premises=house.premises,
            docket=open_docket(house.premises.store),
            erasures=ErasureFile(tmp_path / "erasures.ledger"),
        )
        year = WholeYear(Desk(house, desk), people_a_day=2, days=40, every=5)
        tally = await year.run()
        house.nothing_leaked()
    for seen in (
        "assessments approved",
        "assessments withdrawn",
        "assessments reopened by a change",
        "incidents",
        "drills",
        "faces shut by an incident",
        "told of an incident",
        "filed on the last day",
        "filings cancelled",
        "withdrawn",
        "erased on their day",
        "courses that ended",
        "roles regained",
        "notices approved",
        "notices never approved",
        "consents overtaken by a new purpose",
        "reports reviewed",
        "looks agreed to",
        "contracts' records gone after three years",
        "thresholds answered",
        "self-checks",
        "registers signed",
    ):
        assert tally[seen] > 0, (seen, tally)
    table = {name: (clocks, met, late) for name, clocks, met, late in year.clocks.table()}
    assert table.keys() >= KINDS
    assert sum(late for _, _, late in table.values()) > 5
