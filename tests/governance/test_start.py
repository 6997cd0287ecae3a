"""What a start makes of assessments, and what a process sees of the steps of another."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.governance.officers import SECOND, approved
from tests.rights.people import Desk
from tests.scene.places import UNLAWFUL

from liangming.assembly import Settings, lawful_scenes, premises
from liangming.check import Opening, open_check
from liangming.check.gates import Gates
from liangming.clock import SetClock
from liangming.errors import Refusal
from liangming.governance import gates
from liangming.governance.assessment import withdraw
from liangming.law.words import Method
from liangming.method import Sources
from liangming.providers import SimulatedEntitlementSource

AFTER = datetime(2026, 10, 20, 4, tzinfo=UTC)
RUN_OUT = UNLAWFUL / "assessment-run-out.toml"


def settings(folder: Path, *scenes: Path) -> Settings:
    return Settings(
        data=folder,
        database=f"sqlite:///{folder / 'start.sqlite3'}",
        keys=folder / "keys.json",
        scenes=scenes,
        production=False,
    )


async def test_a_scene_that_lacks_only_its_assessment_starts_without_the_face(tmp_path: Path):
    place = "shili-garden-east"
    wanted = settings(tmp_path, RUN_OUT)
    sources = Sources(entitlement=SimulatedEntitlementSource())
    async with premises(
        wanted, sources=sources, clock=SetClock(AFTER), allow_test_region=True
    ) as house:
        scene = house.scenes[place]
        assert not house.gates.assessed(scene, AFTER.date())
        state = await open_check(house, Opening(scene=place))
        offered = {offer.method for offer in state.about.offers}
        assert Method.FACE not in offered
        assert offered
        withheld = {each.method: each.why for each in state.about.withheld}
        assert withheld[Method.FACE] in {"offer.assessment-missing", "offer.device-unknown"}


def test_any_other_fault_still_stops_the_start(tmp_path: Path):
    unlawful = [path for path in sorted(UNLAWFUL.glob("face-*.toml")) if path != RUN_OUT]
    assert unlawful
    for path in unlawful[:6]:
        with pytest.raises(Refusal) as caught:
            lawful_scenes(settings(tmp_path, path), SetClock(AFTER))
        assert caught.value.code.name == "assembly.scenes-unlawful"


async def test_another_process_sees_a_step_by_two_numbers(desk: Desk):
    other = replace(desk.desk, premises=replace(desk.house.premises, gates=Gates()))
    scene = desk.house.premises.scenes["demo.face"]
    today = desk.house.clock.now().date()
    before = await gates.stamp(other)
    study = await approved(desk.desk)
    after = await gates.stamp(other)
    assert after != before
    assert await gates.refresh(other)
    assert not await gates.refresh(other)
    assert other.premises.gates.assessed(scene, today)
    desk.house.clock.set(datetime(2026, 11, 24, 5, tzinfo=UTC))
    await withdraw(desk.desk, study.about.id, SECOND)
    assert other.premises.gates.assessed(scene, today)  # not looked yet
    assert await gates.stamp(other) != after
    await gates.refresh(other)
    assert not other.premises.gates.assessed(scene, today)
