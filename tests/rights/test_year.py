"""A season at one station, day by day: every clock fires on its day and nothing outlives its own."""

from __future__ import annotations

from pathlib import Path

from tests.rights.people import Desk
from tests.rights.year import Year
from tests.world import face_scene, scene, world

from liangming.rights import RightsDesk
from liangming.scene.model import Kept
from liangming.storage import open_docket
from liangming.storage.erasure_file import ErasureFile

TERM = 30
SHORT = (
    Kept(field="document", days=TERM, article="pipl.19"),
    Kept(field="name", days=TERM, article="pipl.19"),
)


async def test_a_season_of_people_requests_and_midnights(tmp_path: Path):
    face = face_scene()
    async with world(tmp_path, scene(retention=SHORT), face) as house:
        desk = RightsDesk(
            premises=house.premises,
            docket=open_docket(house.premises.store),
            erasures=ErasureFile(tmp_path / "erasures.ledger"),
        )
        year = Year(Desk(house, desk), people_a_day=3, days=36)
        tally = await year.run()
        house.nothing_leaked()
    assert tally["checked"] == 108
    for seen in (
        "came back",
        "erased",
        "erased on their day",
        "held",
        "withdrawn",
        "acknowledged",
        "handled",
        "refused",
        "reviewed",
    ):
        assert tally[seen] > 0, (seen, tally)
    assert year.late_wanted
