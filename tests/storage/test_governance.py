"""What the operator must do unasked, once through, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.rights.people import Desk
from tests.world import NOON, scene, world

from liangming import ids
from liangming.clock import china_date
from liangming.governance import Kind, board, notices, processing, reports, signed, training
from liangming.governance.notices.states import begins
from liangming.governance.processing import ADDITIONS
from liangming.governance.reports.desk import answer_of
from liangming.governance.reports.words import Outcome, Topic
from liangming.notice import Change
from liangming.rights import RightsDesk
from liangming.storage import open_docket


async def test_a_notice_a_report_a_course_and_a_sheet_go_their_way(url: str, tmp_path: Path):
    async with world(tmp_path, scene(), url=url) as house:
        desk = RightsDesk(premises=house.premises, docket=open_docket(house.premises.store))
        told = Desk(house, desk)
        state = await notices.draft_release(
            desk, operator="demo", family="parcel-send", change=Change.FIRST,
            since=china_date(NOON) + timedelta(days=1), by="officer-a",
        )  # fmt: skip
        await notices.approve(desk, state.id, by="officer-b")
        house.premises.shelf.put(())
        await notices.shelve(house.premises, desk.docket)
        assert house.premises.shelf.edition("demo", "parcel-send", begins(state.since)) is not None

        report = (
            await reports.receive(
                desk,
                reports.Receiving(
                    id=ids.new("rpt", NOON),
                    operator="demo",
                    topic=Topic.OTHER,
                    words="一件事情的经过",
                ),
            )
        ).about.id
        await reports.triage(
            desk, report, topic=Topic.OTHER, owner="rights-desk", actor="officer-a"
        )
        await reports.answer(
            desk, report, outcome=Outcome.UPHELD, words="已经改正了", actor="officer-a"
        )
        assert await answer_of(desk, report) == "已经改正了"
        await reports.appeal(desk, report)

        who = {"operator": "demo", "username": "li.wei"}
        for course in training.needed("clerk"):
            answers = {n: question.right for n, question in enumerate(course.questions)}
            marked = training.grade(course, answers)
            for _ in range(2):  # a second pass renews the first
                await training.take(
                    house.premises, desk.docket, course=course.id, marked=marked, **who
                )
        assert await training.lacks(house.premises, desk.docket, role="clerk", **who) == []

        sheet = await processing.draft(
            desk, "demo", dict.fromkeys(ADDITIONS, "没有"), by="officer-a"
        )
        await signed.sign(desk, sheet.id, kind=processing.KIND, operator="demo", by="officer-b")

        kinds = {duty.kind for duty in await board(desk, operator="demo")}
        assert {Kind.REPORT, Kind.REGISTER} <= kinds
        assert not {Kind.NOTICE, Kind.TRAINING} & kinds
        for record, count in ((state.id, 2), (report, 4), (sheet.id, 2)):
            assert len(await told.tags(record)) == count
