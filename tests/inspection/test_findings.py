"""Findings and rectification: every step a leaf, in order, with articles and days."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.inspection.conftest import Visit

from liangming.errors import LiangmingError
from liangming.inspection import register, verify_packet
from liangming.inspection.catalogue import VIOLATIONS, by_id
from liangming.inspection.findings import close, findings, overdue, record, rectify
from liangming.inspection.mandate import Mandate
from liangming.law import CORPUS
from liangming.rules.articles import Grade

EVIDENCE = "5" * 64
DUE = date(2026, 12, 31)


def test_the_catalogue_is_whole_and_rests_on_verified_articles() -> None:
    assert [violation.id for violation in VIOLATIONS] == [f"V{n:02}" for n in range(1, 31)]
    for violation in VIOLATIONS:
        assert violation.citations
        assert set(violation.citations) <= CORPUS.articles.keys()
        assert violation.grade(CORPUS) in {Grade.A, Grade.B}
        assert all((violation.zh, violation.en, violation.look_zh, violation.look_en))
    assert [v.id for v in VIOLATIONS if v.standard_only(CORPUS)] == ["V17"]
    assert by_id["V01"].grade(CORPUS) is Grade.B
    assert by_id["V03"].grade(CORPUS) is Grade.A


async def told(visit: Visit, mandate: Mandate) -> list[tuple[str, dict[str, object]]]:
    leaves = await visit.premises.store.leaves(mandate.id)
    return [(leaf.tag, msgspec.json.decode(leaf.facts)) for leaf in leaves[1:]]


async def test_a_finding_is_put_right_and_closed_and_every_step_is_a_leaf(visit: Visit) -> None:
    mandate = visit.mandate()
    await register(visit.house, mandate)
    finding = await record(visit.house, mandate, "V02", due=DUE, place=7)
    await rectify(visit.house, mandate, finding.number, EVIDENCE)
    await close(visit.house, mandate, finding.number, accepted=False, due=date(2027, 1, 15))
    visit.world.clock.move(timedelta(days=60))
    await rectify(visit.house, mandate, finding.number, EVIDENCE)
    await close(visit.house, mandate, finding.number, accepted=True)
    assert await told(visit, mandate) == [
        (
            "inspection:finding:recorded",
            {
                "finding": 1,
                "violation": "V02",
                "citations": ["face.10", "spc.4"],
                "due": "2026-12-31",
                "place": 7,
            },
        ),
        ("inspection:finding:rectified", {"finding": 1, "evidence": EVIDENCE, "late": False}),
        ("inspection:finding:reopened", {"finding": 1, "due": "2027-01-15"}),
        ("inspection:finding:rectified", {"finding": 1, "evidence": EVIDENCE, "late": True}),
        ("inspection:finding:closed", {"finding": 1}),
    ]
    [stored] = await findings(visit.house, mandate)
    assert (stored.state, stored.due) == ("closed", date(2027, 1, 15))


async def test_the_docket_knows_the_next_day_until_nothing_is_open(visit: Visit) -> None:
    mandate = visit.mandate()
    await register(visit.house, mandate)
    await record(visit.house, mandate, "V01", due=DUE)
    await record(visit.house, mandate, "V07", due=date(2026, 12, 1))
    first = await visit.house.records.get(mandate.id)
    assert first is not None
    [due] = await visit.house.records.open("inspection", 10)
    assert due.due_at == first.due_at
    assert not overdue((await findings(visit.house, mandate))[1], date(2026, 12, 1))
    assert overdue((await findings(visit.house, mandate))[1], date(2026, 12, 2))
    await rectify(visit.house, mandate, 2, EVIDENCE)
    later = await visit.house.records.get(mandate.id)
    assert later is not None
    assert later.due_at is not None
    assert later.due_at - (first.due_at or 0) == 30 * 86_400_000_000
    await rectify(visit.house, mandate, 1, EVIDENCE)
    assert await visit.house.records.open("inspection", 10) == []


async def test_what_does_not_fit_is_named_and_leaves_nothing(visit: Visit) -> None:
    mandate = visit.mandate()
    with pytest.raises(LiangmingError) as caught:
        await record(visit.house, mandate, "V01", due=DUE)
    assert caught.value.code.name == "inspection.mandate-unregistered"
    await register(visit.house, mandate)
    house = visit.house
    await record(house, mandate, "V01", due=DUE)
    for deed, code, field in (
        (lambda: record(house, mandate, "V31", due=DUE), "finding-unfit", "violation"),
        (lambda: record(house, mandate, "V01", due=date(2026, 1, 1)), "finding-unfit", "due"),
        (lambda: record(house, mandate, "V01", due=DUE, place=-1), "finding-unfit", "place"),
        (lambda: rectify(house, mandate, 1, "photo.jpg"), "finding-unfit", "evidence"),
        (lambda: rectify(house, mandate, 2, EVIDENCE), "finding-unknown", "finding"),
        (lambda: close(house, mandate, 1, accepted=True), "finding-state", "finding"),
    ):
        with pytest.raises(LiangmingError) as caught:
            await deed()
        assert (caught.value.code.name, caught.value.field) == (f"inspection.{code}", field)
    await rectify(house, mandate, 1, EVIDENCE)
    with pytest.raises(LiangmingError) as caught:
        await close(house, mandate, 1, accepted=False)
    assert caught.value.field == "due"
    assert len(await told(visit, mandate)) == 2


async def test_any_order_of_steps_keeps_the_states_and_the_leaves_in_line(visit: Visit) -> None:
    mandate = visit.mandate()
    await register(visit.house, mandate)
    may = {"open": {"rectify"}, "rectified": {"close", "reopen"}, "closed": set()}

    @settings(
        max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(st.lists(st.sampled_from(["rectify", "close", "reopen"]), max_size=6))
    def steps(wanted: list[str]) -> None:
        plans.append(wanted)

    plans: list[list[str]] = []
    steps()
    for wanted in plans:
        finding = await record(visit.house, mandate, "V05", due=DUE)
        for step in wanted:
            before = len(await told(visit, mandate))
            lawful = step in may[finding.state]
            with nullcontext() if lawful else pytest.raises(LiangmingError, match="finding-state"):
                if step == "rectify":
                    finding = await rectify(visit.house, mandate, finding.number, EVIDENCE)
                else:
                    finding = await close(
                        visit.house, mandate, finding.number, accepted=step == "close", due=DUE
                    )
            assert len(await told(visit, mandate)) == before + lawful


async def test_findings_are_in_the_census_of_the_next_inspection(
    visit: Visit, tmp_path: Path
) -> None:
    first = visit.mandate(case="2026-0001")
    await register(visit.house, first)
    await record(visit.house, first, "V12", due=DUE)
    file = tmp_path / "packet.zip"
    plan = await visit.packet(visit.mandate(), file)
    assert plan.others == {
        "inspection:finding:recorded": 1,
        "inspection:mandate:registered": 2,
    }
    assert plan.erased == 0
    assert verify_packet(file, visit.trust).holds
