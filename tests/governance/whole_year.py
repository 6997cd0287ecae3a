"""The year of ``duty_year`` with all that an operator must do unasked, and a clock for each of it.

Staff pass courses and let them lapse; notices are drafted, approved, take effect and end consents;
reports come in, are answered and reviewed; hours run where an incident is large; contracts end; sheets
are signed; what comes again is done; what devices store is filed, changed and cancelled; looks are
agreed to or lapse; a scene changes and is assessed anew. Each is done in time or, as the dice say, a day
late on purpose: what the board shows late must be that, from that midnight on, and nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import msgspec
from tests.check.test_face import consented, outcome
from tests.governance.clocks import Clocks
from tests.governance.duty_year import DutyYear
from tests.governance.officers import FIRST, SECOND, went
from tests.governance.staff_year import Staff, later
from tests.governance.test_parties import TERMS
from tests.rights.people import code_of
from tests.rights.year import START, Person

from liangming import ids
from liangming.check import present
from liangming.clock import CHINA
from liangming.docket.calendar import is_working_day
from liangming.docket.clocks import end_of
from liangming.governance import (
    Kind,
    board,
    faces,
    gates,
    notices,
    parties,
    periodic,
    processing,
    reports,
    selfcheck,
    signed,
    thresholds,
)
from liangming.governance.duty import Duty
from liangming.governance.faces import Stage
from liangming.governance.incident import levels
from liangming.governance.incident.reporting import report, summarise
from liangming.governance.incident.states import Incident
from liangming.governance.incident.words import Body
from liangming.governance.periodic import TASKS
from liangming.governance.reports.words import Outcome, Topic
from liangming.governance.selfcheck.items import Answer, items_for
from liangming.law.values import officer_persons
from liangming.notice import FACE, Change, families
from liangming.rights import RightsDesk, looks
from liangming.rights.commands import KIND as COMMAND
from liangming.rights.commands import acknowledge, acknowledgement, waiting
from liangming.rights.commands import read as command_of
from liangming.rights.retain import retain
from liangming.rights.search import Asked, By, search
from liangming.vault import Purpose

Deed = Callable[[date], Awaitable[None]]
ADDED = dict.fromkeys(processing.ADDITIONS, "没有")
DAY = timedelta(days=1)


async def nothing() -> None:
    """Nothing to do at the end of the year."""


def working_days_after(day: date, count: int) -> date:
    """Counted one by one."""
    while count:
        day += DAY
        count -= is_working_day(day)
    return day


@dataclass
class WholeYear(DutyYear):
    """The whole of it.

    Attributes:
        staff: how many people work there.
        diary: what is to be done on which day.
        at_the_end: what is to be done when the year and its rest are over, before years pass.
        changes: of what was filed, by filing and last day.
        approved: versions of the face's notice that two approved.
        version: the face's notice that must be in force.
        purpose_from: the day from which the face's purpose is another one.
    """

    staff: int = 20
    rest: int = 120
    full_at: float = 1 / 4
    diary: dict[date, list[Deed]] = field(default_factory=lambda: defaultdict(list))
    clocks: Clocks = field(default_factory=Clocks)
    version: str = "face@1"
    coming: dict[date, str] = field(default_factory=dict)
    purpose_from: date = date.max
    ended_parties: list[str] = field(default_factory=list)
    approved: list[int] = field(default_factory=list)
    changes: set[tuple[str, date]] = field(default_factory=set)
    at_the_end: Callable[[], Awaitable[None]] = nothing

    @property
    def there(self) -> RightsDesk:
        return self.desk.desk

    @property
    def over(self) -> date:
        """The first day after all."""
        return START + timedelta(days=self.days + self.rest)

    def on(self, day: date, deed: Deed) -> None:
        self.diary[max(day, self.today)].append(deed)

    @property
    def today(self) -> date:
        return self.at.astimezone(CHINA).date()

    def by(self, kind: Kind, name: str, last: date, early: int = 3) -> date:
        """When something is done: in time, or for one in seven a day late, on purpose."""
        if self.dice.random() < 1 / 7 and last + DAY < self.over:
            self.clocks.wanted[kind].add((name, last))
            return last + DAY
        return max(self.today, last - timedelta(days=self.dice.randint(0, early)))

    async def run(self):
        self.people_staff = Staff(self.desk, self.dice)
        self.desk.desk = replace(self.there, approvals=frozenset({"statutory-report:whole"}))
        await self.before_the_year()
        tally = await super().run()
        await self.at_the_end()
        await self.years_after()
        return tally

    # Before the year: what was done in the years before falls due in this one.

    async def before_the_year(self) -> None:
        deeds: list[tuple[date, Deed]] = []
        for n, task in enumerate(TASKS.values()):
            falls = START + timedelta(days=3 + 4 * n)
            deeds.append((later(falls, -task.months), self.done_before(task.id)))
        signed_on = later(START + timedelta(days=9), -processing.MONTHS)
        deeds.append((signed_on, self.sign_register))
        deeds += [(date(2023, 1, 9), self.first_notice(name)) for name in (FACE, "parcel-send")]
        for day, deed in sorted(deeds, key=lambda each: each[0]):
            self.set(day, 9)
            await deed(day)
        await self.people_staff.hired(self.staff, START, self.days + 30, self.set)
        self.set(START, 8)
        self.version = f"face@{self.approved[-1]}"
        for n in range(2, self.days, 5):
            self.on(START + timedelta(days=n), self.somebody_reports)
        for n in range(4, self.days, 9):
            self.on(START + timedelta(days=n), self.somebody_wants_to_look)
        self.on(START + timedelta(days=self.days // 5), self.new_wording)
        self.on(START + timedelta(days=self.days * 2 // 5), self.never_approved)
        self.on(START + timedelta(days=self.days * 3 // 5), self.new_purpose)
        self.on(START + timedelta(days=self.days // 7), self.a_million)
        self.on(START + timedelta(days=1), self.second_contract)
        year = date(START.year, 12, 31)
        if year < self.over:
            self.clocks.wanted[Kind.CALENDAR].add((f"calendar/{year.year + 1}", year))

    def done_before(self, task: str) -> Deed:
        async def deed(day: date) -> None:
            if task == selfcheck.steps.TASK:
                await self.check_oneself(day)
            else:
                await periodic.done(
                    self.there.premises, self.there.docket, task, actor="operations"
                )
                self.again(task, later(day, TASKS[task].months))

        return deed

    def again(self, task: str, last: date) -> None:
        """What comes again, on its day or one day late."""
        if last >= self.over:
            return
        when = self.by(Kind.PERIODIC, f"periodic/{task}", last) if last >= START else last
        self.on(when, self.done_before(task))

    async def sign_register(self, day: date) -> None:
        sheet = await processing.draft(self.there, "demo", ADDED, by=FIRST)
        await signed.sign(self.there, sheet.id, kind=processing.KIND, operator="demo", by=SECOND)
        assert not await processing.moved_on(self.there, sheet)
        last = later(day, processing.MONTHS)
        self.tally["registers signed"] += day >= START
        if last < self.over:
            self.on(self.by(Kind.REGISTER, "register/demo", last), self.sign_register)

    async def check_oneself(self, day: date) -> None:
        """A self-check, answered as the system sees it; what is wrong is checked again on the last day."""
        duties = await board(self.there, operator="demo")
        seen = selfcheck.look(self.there.premises, "demo", duties, self.at)
        answers = {}
        for item in items_for(small=False):
            live = seen[item.id].answer if item.id in seen else None
            answers[item.id] = (live or Answer.COMPLIANT, "")
        sheet = await selfcheck.put_forward(
            self.there, "demo", duties, answers, small=False, by=FIRST
        )
        await selfcheck.sign(self.there, sheet.id, operator="demo", by=SECOND)
        self.tally["self-checks"] += day >= START
        bad = any(answer is Answer.NOT_COMPLIANT for answer, _ in answers.values())
        last = day + timedelta(days=selfcheck.steps.MEND_DAYS)
        if bad:
            self.tally["self-checks with something to mend"] += 1
        if bad and last < self.over:
            self.on(last, self.check_oneself)
        else:
            self.again(selfcheck.steps.TASK, later(day, TASKS[selfcheck.steps.TASK].months))

    # Notices.

    def first_notice(self, family: str) -> Deed:
        async def deed(day: date) -> None:
            state = await notices.draft_release(
                self.there, operator="demo", family=family, change=Change.FIRST, since=day + DAY,
                by=FIRST,
            )  # fmt: skip
            await self.agreed(state.id, family)

        return deed

    async def agreed(self, name: str, family: str = FACE) -> str:
        """The second person agrees; the version it becomes, higher than every one before."""
        state = await notices.approve(self.there, name, by=SECOND)
        version = state.wording.version
        if family == FACE:
            assert version > max(self.approved, default=0)
            self.approved.append(version)
        return f"{family}@{version}"

    async def drafted(self, change: Change, since: date, **changed: str) -> str:
        base = families()[FACE]
        state = await notices.draft(
            self.there, operator="demo", family=FACE, change=change, since=since, by=FIRST,
            zh={**base.zh, **changed}, en=dict(base.en),
        )  # fmt: skip
        same = notices.approve(self.there, state.id, by=FIRST)
        assert await code_of(same) == "governance.notice-same-hands"
        return state.id

    async def new_wording(self, day: date) -> None:
        name = await self.drafted(Change.WORDING, day + 2 * DAY, need="由您自己决定。")
        self.coming[day + 2 * DAY] = await self.agreed(name)
        self.tally["notices approved"] += 1

    async def never_approved(self, day: date) -> None:
        name = await self.drafted(Change.WORDING, day + 3 * DAY, need="是否刷脸由您自己决定。")
        self.clocks.wanted[Kind.NOTICE].add((name, day + 2 * DAY))

        async def too_late(_day: date) -> None:
            late = notices.approve(self.there, name, by=SECOND)
            assert await code_of(late) == "governance.notice-too-soon"
            await notices.decline(self.there, name, by=SECOND)
            self.tally["notices never approved"] += 1

        self.on(day + 3 * DAY, too_late)

    async def new_purpose(self, day: date) -> None:
        if not self.face_open:
            self.on(day + DAY, self.new_purpose)
            return
        name = await self.drafted(
            Change.PURPOSE, day + DAY, why="目的：{purpose}。用于一对一比对。"
        )
        self.coming[day + DAY] = await self.agreed(name)
        self.purpose_from = day + DAY
        self.tally["notices approved"] += 1

    # Reports by anybody, to the review.

    async def somebody_reports(self, day: date) -> None:
        receiving = reports.Receiving(
            id=ids.new("rpt", self.at), operator="demo", outlet="demo-001", scene="demo.counter",
            topic=Topic.FORCED_FACE, words="在柜台说不刷脸就不收",
        )  # fmt: skip
        state = await reports.receive(self.there, receiving)
        name = state.about.id
        answer = day + timedelta(days=7)
        triage = min(working_days_after(day, 2), answer)  # over a long holiday seven days are fewer
        self.tally["reports"] += 1

        async def given(on: date) -> None:
            await reports.triage(
                self.there, name, topic=Topic.UNEQUAL, owner="rights-desk", actor=FIRST
            )
            self.on(max(on, self.by(Kind.REPORT, name, answer)), self.answer_report(name, FIRST))

        self.on(self.by(Kind.REPORT, name, triage, 1), given)

    def answer_report(self, name: str, actor: str) -> Deed:
        async def deed(day: date) -> None:
            upheld = actor == SECOND or self.dice.random() < 0.5
            await reports.answer(
                self.there, name, outcome=Outcome.UPHELD if upheld else Outcome.NOT_UPHELD,
                words="已经查明并改正", actor=actor,
            )  # fmt: skip
            self.tally["reports answered"] += 1
            if not upheld:
                state = await reports.appeal(self.there, name)
                same = reports.answer(
                    self.there, name, outcome=Outcome.UPHELD, words="再答一次", actor=FIRST
                )
                assert await code_of(same) == "governance.report-same-hands"
                last = day + timedelta(days=7)
                assert state.due.day == last
                self.on(self.by(Kind.REPORT, name, last), self.answer_report(name, SECOND))
                self.tally["reports reviewed"] += 1

        return deed

    # Looks.

    async def somebody_wants_to_look(self, _day: date) -> None:
        here = [each for each in self.people if not each.gone and await self.present(each)]
        person: Person = self.dice.choice(here)
        asked = Asked(
            by=By.CHECK, text=person.check, purpose=Purpose.STATUTORY_REPORT, case="GA-2026-1",
            actor="looker", operator="demo", whole=True,
        )  # fmt: skip
        found = await search(self.there, asked)
        assert found is not None
        assert (found.shut, found.fields) == (True, {})
        look = await looks.request(
            self.there,
            looks.Asked(
                operator="demo", check=person.check, purpose=asked.purpose, case=asked.case,
                reason="公安机关来函核实", whole=True, actor="looker",
            ),
        )  # fmt: skip
        agreed = self.dice.random()
        if agreed < 0.3:
            self.tally["looks that nobody decided on"] += 1
            return
        await looks.decide(self.there, look.id, agreed=agreed < 0.8, actor=SECOND, operator="demo")
        found = await search(self.there, asked)
        assert found is not None
        assert found.shut is (agreed >= 0.8)
        again = await search(self.there, asked)
        assert again is not None
        assert again.shut
        self.tally["looks agreed to" if agreed < 0.8 else "looks declined"] += 1

    # Incidents with hours.

    def is_larger(self) -> bool:
        return self.dice.random() < 0.5

    async def serious(self, incident: Incident) -> Incident:
        said = await super().serious(incident)
        if not said.other_trigger:
            return said
        self.tally["incidents with hours"] += 1
        due = levels.report_by(said)
        assert due is not None
        assert due.at - said.found_at == timedelta(hours=4)
        if self.dice.random() < 0.4:
            self.clocks.wanted[Kind.INCIDENT].add((f"{said.id}/provincial", self.today))
            self.open_late = said.id
            return said
        return await report(self.there, said.id, Body.PROVINCIAL, went(self.there, "W-1"), FIRST)

    async def somebody_reads(self, actor: str) -> None:
        self.open_late = ""
        await super().somebody_reads(actor)
        if self.open_late:  # it is still open at midnight
            self.open_incidents[self.open_late] = max(1, self.open_incidents[self.open_late])

    async def handled(self, incident: Incident, day: date) -> None:
        if levels.summary_by(incident) is None:
            return
        last = day + timedelta(days=30)

        async def hand_in(_day: date) -> None:
            await summarise(self.there, incident.id, went(self.there, "S-1"), SECOND)
            self.tally["summaries handed in"] += 1

        self.on(self.by(Kind.INCIDENT, f"{incident.id}/summary", last), hand_in)

    # Contracts, filings, thresholds.

    async def contract(self) -> None:
        await super().contract()
        (party,) = await parties.listed(self.there, "demo")
        self.clocks.wanted[Kind.PARTY].add((party.id, self.contract_until))
        self.on(self.contract_until + DAY, self.end_party(party.id))

    async def second_contract(self, day: date) -> None:
        until = day + timedelta(days=self.days // 3)
        terms = msgspec.structs.replace(TERMS, code="archive-co", since=day, until=until)
        party = await parties.propose(self.there, "demo", terms, FIRST)
        await parties.agree(self.there, party.id, SECOND)
        self.on(until, self.end_party(party.id))

    def end_party(self, name: str) -> Deed:
        async def deed(_day: date) -> None:
            await parties.end(self.there, name, "deleted", FIRST)
            self.ended_parties.append(name)
            self.tally["contracts ended"] += 1

        return deed

    async def a_million(self, day: date) -> None:
        """So many are registered for a moment as this desk counts them."""
        store = self.there.premises.store

        class Many:
            def __getattr__(self, name: str) -> object:
                return getattr(store, name)

            async def counts(self) -> dict[str, int]:
                return {"persons": officer_persons.values[-1].value}

        many = replace(self.there, premises=replace(self.there.premises, store=Many()))
        assert await thresholds.note(many) == ["officer"]
        last = working_days_after(day, 30)

        async def answer(_day: date) -> None:
            await thresholds.answer(self.there, "officer", by=FIRST, sent=went(self.there, "CAC-1"))
            self.tally["thresholds answered"] += 1

        self.on(self.by(Kind.THRESHOLD, "threshold/officer", last), answer)

    async def files(self, day: date) -> None:
        """The first filing, then every change of what was filed: a notice's, or a scene's."""
        before = self.tally["filed on the last day"]
        await super().files(day)
        if self.tally["filed on the last day"] > before:
            self.on(max(day + DAY, START + timedelta(days=self.days)), self.scene_changes)
        found = await faces.of(self.there, "demo")
        assert found is not None
        filing = found[1]
        mark = (filing.id, filing.until.day)
        if filing.stage is not Stage.CHANGE_DUE or mark in self.changes:
            return
        assert mark[1] == working_days_after(day, 30)  # it began today
        self.changes.add(mark)
        self.on(self.by(Kind.FILING, *mark), self.change_filed)

    async def change_filed(self, day: date) -> None:
        reference = f"BA-{len(self.changes) + 1}"
        await faces.file(self.there, "demo", went(self.there, reference), FIRST)
        self.tally["changes filed"] += 1
        if self.tally["assessments reopened by a change"]:
            self.on(day + DAY, self.face_ends)

    async def restarted(self, scenes: dict) -> None:
        """The service starts with other scenes: they are judged, noted and read as at any start."""
        premises = replace(self.there.premises, scenes=scenes)
        self.desk.house.premises = premises
        self.desk.desk = replace(self.there, premises=premises)
        await gates.refresh(self.there)

    async def scene_changes(self, day: date) -> None:
        """What was filed and assessed is no longer what is done: both are due anew."""
        scenes = dict(self.there.premises.scenes)
        face = scenes["demo.face"]
        scenes["demo.face"] = replace(face, purpose=replace(face.purpose, zh="取件时核对本人"))
        await self.restarted(scenes)
        self.face_open, self.assessed = False, ""
        self.tally["assessments reopened by a change"] += 1

        async def assessed(_day: date) -> None:
            await self.assess()

        self.on(day + 2 * DAY, assessed)

    async def face_ends(self, day: date) -> None:
        """No scene offers a face any more."""
        scenes = {k: v for k, v in self.there.premises.scenes.items() if v.face is None}
        await self.restarted(scenes)
        assert await faces.watch(self.there) == ["demo"]
        found = await faces.of(self.there, "demo")
        assert found is not None
        last = working_days_after(day, 30)
        assert (found[1].stage, found[1].until.day) == (Stage.CANCEL_DUE, last)

        async def cancel(_day: date) -> None:
            done = await faces.file(self.there, "demo", went(self.there, "BA-0"), FIRST)
            numbered = [f"BA-{n + 1}" for n in range(len(self.changes) + 1)]
            assert (done.stage, done.references) == (Stage.CANCELLED, (*numbered, "BA-0"))
            assert self.locker is not None
            await self.locker.says(0)
            self.tally["filings cancelled"] += 1

        self.on(last, cancel)

    # The days.

    async def afternoon(self, day: date) -> None:
        await self.written_down(day)
        await super().afternoon(day)

    async def afternoon_of_the_rest(self, day: date) -> None:
        await self.written_down(day)
        await super().afternoon_of_the_rest(day)
        for command in await waiting(self.there, "dev-1"):
            said = acknowledgement(command.id, "dev-1")
            await acknowledge(self.there, command.id, self.desk.house.device_key.sign(said).hex())

    async def written_down(self, day: date) -> None:
        await self.people_staff.afternoon(day)
        while deeds := self.diary.pop(day, []):  # some plan others for the same day
            for deed in deeds:
                await deed(day)
        assert not [each for each in self.diary if each < day]

    async def midnight(self, day: date) -> None:
        eve = None
        if day + DAY == self.purpose_from and self.face_open:
            self.desk.house.clock.set(end_of(day) - timedelta(minutes=2))
            eve = await consented(self.desk.house)
        await super().midnight(day)
        self.version = self.coming.pop(day + DAY, self.version)
        scene = self.there.premises.scenes.get("demo.face")
        if scene is not None:
            assert self.there.premises.notice(scene, FACE).notice.version == self.version
        await self.people_staff.midnight(day)
        if eve is not None:
            self.desk.house.clock.move(timedelta(minutes=2))
            shown = outcome(self.desk.house, eve, "match")
            stale = present(self.there.premises, eve.about.id, shown)
            assert await code_of(stale) == "consent.notice-superseded"
            self.tally["consents overtaken by a new purpose"] += 1

    def look(self, duties: list[Duty]) -> None:
        self.clocks.look(duties, self.at)

    # Afterwards.

    async def aftermath(self, day: date) -> None:
        await super().aftermath(day)
        assert dict(self.diary) == {}
        for name in self.plan:
            if name in self.late_wanted:
                self.clocks.wanted[Kind.REQUEST] |= {
                    mark for mark in self.clocks.late(Kind.REQUEST) if mark[0] == name
                }
        rows = await self.there.docket.about(COMMAND, "dev-1")
        for command in map(command_of, rows):
            due = command.issued_at + timedelta(days=1)
            last = (due - timedelta(microseconds=1)).astimezone(CHINA).date()
            assert command.acknowledged_at is not None
            if command.acknowledged_at > end_of(last):  # it stood there at midnight
                self.clocks.wanted[Kind.COMMAND].add((command.id, last))
        self.clocks.as_planned()
        lapsed = [each for each in await looks.listed(self.there, "demo", 10_000) if each.state == looks.LAPSED]  # fmt: skip
        assert len(lapsed) == self.tally["looks that nobody decided on"]
        self.tally["courses that ended"] = self.people_staff.ended
        self.tally["roles regained"] = self.people_staff.regained

    async def years_after(self) -> None:
        """Records of contracts go after three years, to the day; then all that was closed is gone."""
        for name in self.ended_parties:
            row = await self.there.docket.get(name)
            assert row is not None
            ended = parties.states.read(row).ended_at
            assert ended is not None
            last = later(ended.astimezone(CHINA).date(), 36)
            self.desk.house.clock.set(end_of(last) - timedelta(microseconds=1))
            await retain(self.there)
            assert await self.there.docket.get(name) is not None
            self.desk.house.clock.set(end_of(last))
            await retain(self.there)
            assert await self.there.docket.get(name) is None
            self.tally["contracts' records gone after three years"] += 1
        self.desk.house.clock.set(datetime(START.year + 8, 1, 1, tzinfo=CHINA))
        await retain(self.there)
        for kind in (
            "party",
            "incident",
            "right",
            "report",
            "look",
            "search",
            "training",
            "command",
        ):
            assert await self.there.docket.count(kind) == 0, kind
        assert (await self.there.premises.store.counts())["persons"] == 0
