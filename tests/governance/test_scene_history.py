"""The history of a scene: each form once, with a leaf, and what differs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.world import scene, world

from liangming.governance.scene_history import LIVE, changes, forms_of, note_scenes
from liangming.inspection.keys import LeafKeys
from liangming.rights import RightsDesk
from liangming.scene.model import Text
from liangming.storage import open_docket


async def test_a_new_form_is_noted_once_and_what_changed_is_told(tmp_path: Path):
    first = scene()
    async with world(tmp_path, first) as house:
        docket = open_docket(house.premises.store)
        desk = RightsDesk(premises=house.premises, docket=docket)
        assert await note_scenes(desk) == 1
        assert await note_scenes(desk) == 0
        second = replace(first, purpose=Text("另一目的", "Another purpose"))
        moved = replace(house.premises, scenes={second.id: second})
        assert await note_scenes(replace(desk, premises=moved)) == 1
        newest, oldest = await forms_of(desk, first.id)
        names = [change.name for change in changes(oldest, newest)]
        assert names == ["purpose"]
        assert newest.notices != oldest.notices  # a notice tells the purpose
        leaves = [row for _, row in await house.premises.store.leaves_after(-1, 100)]
        assert [row.tag for row in leaves] == [LIVE.tag, LIVE.tag]
        keys = LeafKeys(house.premises, docket)
        assert all([await keys.of(row.check) is not None for row in leaves])


async def test_where_nothing_was_noted_there_is_no_history(tmp_path: Path):
    async with world(tmp_path, scene()) as house:
        desk = RightsDesk(premises=house.premises, docket=open_docket(house.premises.store))
        assert await forms_of(desk, "nowhere") == []
