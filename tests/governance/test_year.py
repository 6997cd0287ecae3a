"""Forty days of people, staff and duties: every gate and every clock on its day."""

from __future__ import annotations

from pathlib import Path

from tests.governance.duty_year import DutyYear
from tests.rights.people import Desk
from tests.world import face_scene, scene, world

from liangming.rights import RightsDesk
from liangming.scene.model import Kept
from liangming.storage import open_docket
from liangming.storage.erasure_file import ErasureFile

TERM = 30
SHORT = tuple(Kept(field=name, days=TERM, article="pipl.19") for name in ("document", "name"))


async def test_forty_days_of_duties(tmp_path: Path):
    async with world(tmp_path, scene(retention=SHORT), face_scene()) as house:
        desk = RightsDesk(
            premises=house.premises,
            docket=open_docket(house.premises.store),
            erasures=ErasureFile(tmp_path / "erasures.ledger"),
        )
        year = DutyYear(Desk(house, desk), people_a_day=2, days=40, every=5)
        tally = await year.run()
        house.nothing_leaked()
    for seen in (
        "assessments approved",
        "assessments withdrawn",
        "incidents",
        "drills",
        "faces shut by an incident",
        "told of an incident",
        "filed on the last day",
        "withdrawn",
        "erased on their day",
    ):
        assert tally[seen] > 0, (seen, tally)
