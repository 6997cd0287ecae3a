"""Faults in pairs on every write of an inspection: not written and said so; written and not told.

Write ports of a packet: the docket (register, approvals, making, opening, findings) and the file.
Each command is run again after the fault, as people do, and everything is there once.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.inspection.conftest import SECRET, Visit

from liangming.check.ports import STORE_DOWN, LeafRow
from liangming.errors import LiangmingError, Outage
from liangming.inspection import act, make_packet, plan_packet, register, verify_packet
from liangming.inspection.events import OPENED
from liangming.ledger import fsck

HOWS = pytest.mark.parametrize("how", ["not written", "but written"])


class Failing:
    """Stands before the docket and fails on its n-th write."""

    def __init__(self, records: object, turn: int, how: str) -> None:
        self._records, self._turn, self._how = records, turn, how
        self.count = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._records, name)

    async def commit(self, *args: object, **more: object) -> None:
        self.count += 1
        fails = self.count == self._turn
        if fails and self._how == "not written":
            raise Outage(STORE_DOWN)
        await self._records.commit(*args, **more)
        if fails:
            raise Outage(STORE_DOWN)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def until_done(deed: Callable[[], object]) -> object:
    """Run a command again while the world fails, as its user would."""
    for _ in range(3):
        try:
            return await deed()
        except Outage as failure:
            assert failure.code is STORE_DOWN  # noqa: PT017
    raise AssertionError("it never ends")


async def whole_visit(visit: Visit, to: Path) -> list[LeafRow]:
    """Everything that an inspection writes, each step repeated until it is done."""
    mandate = visit.mandate()
    await until_done(lambda: register(visit.house, mandate))
    await visit.carry()
    plan = await plan_packet(visit.house, mandate, SECRET)
    eyes = visit.eyes(mandate, plan)
    await until_done(lambda: make_packet(visit.house, mandate, eyes, to))
    await visit.carry()
    return await visit.premises.store.leaves(mandate.id)


@HOWS
@pytest.mark.parametrize("turn", [1, 2, 3, 4])
async def test_every_write_of_an_inspection_may_fail_and_each_act_is_one_leaf(
    visit: Visit, tmp_path: Path, turn: int, how: str
) -> None:
    failing = Failing(visit.house.records, turn, how)
    object.__setattr__(visit.house, "records", failing)
    leaves = await whole_visit(visit, tmp_path / "packet")
    assert failing.count >= turn
    assert [(leaf.number, leaf.tag) for leaf in leaves] == [
        (0, "inspection:mandate:registered"),
        (1, "inspection:packet:approved"),
        (2, "inspection:packet:approved"),
        (3, "inspection:packet:made"),
    ]
    assert verify_packet(tmp_path / "packet", visit.trust).holds
    assert [name for name in names(tmp_path) if name.startswith(".packet")] == []
    record = visit.premises.record
    assert fsck(record.tiles, visit.trust).head.size == len(
        await visit.premises.store.tail(-1, 10_000)
    )


@HOWS
async def test_a_look_or_a_finding_that_failed_leaves_one_leaf_or_two_and_never_a_gap(
    visit: Visit, tmp_path: Path, how: str
) -> None:
    """A look is recorded each time; done again after a lost answer it stands there twice."""
    mandate = visit.mandate()
    await register(visit.house, mandate)
    failing = Failing(visit.house.records, 1, how)
    object.__setattr__(visit.house, "records", failing)
    facts = {"packet": "0" * 64}
    await until_done(lambda: act(visit.house, mandate, OPENED, facts, repeats=True))
    leaves = await visit.premises.store.leaves(mandate.id)
    twice = how == "but written"
    assert [leaf.number for leaf in leaves] == list(range(3 if twice else 2))
    assert {leaf.tag for leaf in leaves[1:]} == {OPENED.tag}


@pytest.mark.parametrize("when", ["write", "fsync", "rename", "renamed"])
async def test_a_packet_whose_file_fails_is_whole_or_not_there(
    visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """The disk fills, the file cannot be made durable, its name cannot be given, or was given."""
    mandate, to = visit.mandate(), tmp_path / "here" / "packet"
    to.parent.mkdir()
    plan = await visit.planned(mandate)
    eyes = visit.eyes(mandate, plan)
    real = {"replace": Path.replace, "fsync": os.fsync}

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "no space")

    def renamed(self: Path, target: Path) -> Path:
        real["replace"](self, target)
        raise OSError(5, "no answer")

    with monkeypatch.context() as patch:
        if when == "write":
            patch.setattr("liangming.inspection.packet.Writer.add", full)
        elif when == "fsync":
            patch.setattr(os, "fsync", full)
        else:
            patch.setattr(Path, "replace", full if when == "rename" else renamed)
        with pytest.raises(LiangmingError) as caught:
            await make_packet(visit.house, mandate, eyes, to)
        assert caught.value.code.name == "inspection.packet-unwritable"
    assert names(to.parent) == (["packet"] if when == "renamed" else [])
    await make_packet(visit.house, mandate, eyes, to)
    assert verify_packet(to, visit.trust).holds
    tags = [leaf.tag for leaf in await visit.premises.store.leaves(mandate.id)]
    assert tags.count("inspection:packet:made") == 1
